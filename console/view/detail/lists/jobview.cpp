// SPDX-License-Identifier: GPL-3.0-only
// JobView: see the header.
#include "console/view/detail/lists/jobview.h"

#include "console/model/instance/instancemodels.h"
#include "console/model/instance/linktext.h"
#include "console/view/detail/lists/densetable.h"
#include "console/view/detail/lists/enginebar.h"
#include "console/view/detail/lists/jobdetail.h"
#include "console/view/detail/lists/progressdelegate.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace quiesce {

JobView::JobView(QWidget *parent)
    : QWidget(parent)
    , m_engine(new EngineBar(this))
    , m_states(new QComboBox(this))
    , m_count(new QLabel(this))
    , m_refresh(new QPushButton(tr("&Refresh"), this))
    , m_table(new DenseTable(tr("Jobs"), this))
    , m_detail(new JobDetail(this))
{
    m_table->setModel(&m_filter);
    m_table->setSortingEnabled(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEmptyText(tr("There are no such jobs."));
    m_table->setItemDelegateForColumn(JobModel::ProgressColumn, new ProgressDelegate(this));
    fillStates();
    layOut();
    connect(&m_engineShowing, &Throttle::due, this, &JobView::showEngine);
    connect(m_states, &QComboBox::currentIndexChanged, this, &JobView::applyStates);
    connect(m_refresh, &QPushButton::clicked, this, &JobView::refresh);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &JobView::showCurrent);
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, &JobView::showCount);
    connect(&m_filter, &QAbstractItemModel::rowsRemoved, this, &JobView::showCount);
    connect(&m_filter, &QAbstractItemModel::dataChanged, this, &JobView::showCurrent);
    connect(m_detail, &JobDetail::cancelWanted, this, &JobView::cancel);
    connect(m_detail, &JobDetail::outputWanted, this, [this](const QString &jobId) {
        if (m_models)
            m_models->fetchOutput(jobId);
    });
}

void JobView::fillStates()
{
    m_states->setAccessibleName(tr("Which jobs are shown"));
    m_states->addItem(tr("All jobs"));
    for (const JobState state : kJobStates)
        m_states->addItem(jobStateText(state), int(state));
}

void JobView::layOut()
{
    auto *label = new QLabel(tr("S&how:"), this);
    label->setBuddy(m_states);
    auto *head = new QHBoxLayout;
    head->addWidget(label);
    head->addWidget(m_states);
    head->addWidget(m_count, 1);
    head->addWidget(m_refresh);
    auto *split = new QSplitter(Qt::Vertical, this);
    split->addWidget(m_table);
    split->addWidget(m_detail);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setChildrenCollapsible(false);
    auto *rows = new QVBoxLayout(this);
    rows->addWidget(m_engine);
    rows->addLayout(head);
    rows->addWidget(split, 1);
}

void JobView::setInstance(Instance *instance)
{
    if (m_models) {
        m_models->disconnect(this);
        m_models->disconnect(m_detail);
    }
    if (m_instance)
        m_instance->disconnect(&m_engineShowing);
    m_instance = instance;
    m_models = instance ? InstanceModels::of(instance) : nullptr;
    m_filter.setSourceModel(m_models ? m_models->jobs() : nullptr);
    m_detail->clear();
    m_count->clear();
    if (m_models)
        followModels();
    if (m_instance) {
        connect(m_instance, &Instance::statsChanged, &m_engineShowing, &Throttle::request);
        connect(m_instance, &Instance::conditionChanged, &m_engineShowing, &Throttle::request);
    }
    showEngine();
}

void JobView::showEngine()
{
    const bool isKnown = m_instance && m_instance->snapshot();
    m_engine->setEngine(isKnown ? m_instance->snapshot()->stats.engine : std::nullopt,
                        m_instance && isOld(m_instance->link()));
}

void JobView::followModels()
{
    m_table->setWidths({ 14, 16, 18, 10, 13, 14, 18, 26, 26, 36 });
    m_table->sortByColumn(JobModel::AgeColumn, Qt::AscendingOrder);
    connect(m_models, &InstanceModels::jobsRefreshed, this, &JobView::showCount);
    connect(m_models, &InstanceModels::jobsFailed, this, [this](const QString &why) {
        m_count->setText(tr("The list could not be read: %1").arg(why));
    });
    connect(m_models, &InstanceModels::outputFetched, m_detail, &JobDetail::setOutput);
    connect(m_models, &InstanceModels::outputFailed, m_detail, &JobDetail::setOutputError);
    showCount();
}

void JobView::refresh()
{
    Q_EMIT refreshed();
    if (m_models && m_instance->client())
        m_models->refreshJobs();
}

void JobView::applyStates()
{
    const QVariant state = m_states->currentData();
    m_filter.setStates(state.isValid() ? QSet{ static_cast<JobState>(state.toInt()) }
                                       : QSet<JobState>());
    showCount();
}

void JobView::showCount()
{
    const int all = m_filter.sourceModel() ? m_filter.sourceModel()->rowCount() : 0;
    m_count->setText(tr("%1 of %2", "shown of all").arg(m_filter.rowCount()).arg(all));
}

const Job *JobView::current() const
{
    const QModelIndex row = m_filter.mapToSource(m_table->currentIndex());
    return m_models && row.isValid() ? &m_models->jobs()->job(row.row()) : nullptr;
}

void JobView::showCurrent()
{
    const Job *job = current();
    if (!job)
        return m_detail->clear();
    m_detail->setJob(*job);
    m_detail->setCancelEnabled(!hasEnded(job->state) && m_instance->role() != Role::Reader
                               && !m_instance->spec().isReadOnly
                               && m_instance->link().state == LinkState::Live);
}

void JobView::cancel(const QString &jobId)
{
    const Job *job = current();
    if (!job || job->id != jobId)
        return;
    CommandRequest request;
    request.verb = Verb::CancelJob;
    request.target = jobId;
    Q_EMIT cancelWanted(request, tr("%1 job %2", "kind, id").arg(job->kind, job->id));
}

} // namespace quiesce
