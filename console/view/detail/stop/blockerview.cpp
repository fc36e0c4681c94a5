// SPDX-License-Identifier: GPL-3.0-only
// BlockerView: see the header.
#include "console/view/detail/stop/blockerview.h"

#include "console/model/instance/instancemodels.h"
#include "console/view/detail/lists/densetable.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLeastRows = 5; ///< the oldest are what an operator looks for

} // namespace

BlockerView::BlockerView(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_more(new QLabel(this))
    , m_table(new DenseTable(tr("What the stop waits for"), this))
    , m_cancel(nullptr)
    , m_menu(new QMenu(this))
{
    m_table->setLeastRows(kLeastRows);
    m_table->setEmptyText(tr("Nothing: all that was in flight has been answered."));
    m_title->setTextFormat(Qt::PlainText);
    layOut();
    makeActions();
}

void BlockerView::layOut()
{
    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_more);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins({});
    rows->addLayout(head);
    rows->addWidget(m_table, 1);
    m_title->setBuddy(m_table);
}

void BlockerView::makeActions()
{
    m_cancel = m_menu->addAction(tr("&Cancel this request…"), this, &BlockerView::cancelCurrent);
    m_menu->addSeparator();
    m_menu->addAction(tr("Copy &ID"), this, &BlockerView::copyId);
    m_menu->addAction(tr("Copy &row"), m_table, &DenseTable::copySelected);
    m_menu->setToolTipsVisible(true);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &BlockerView::showMenu);
}

void BlockerView::setInstance(Instance *instance)
{
    if (m_model)
        m_model->disconnect(this);
    m_instance = instance;
    m_model = instance ? InstanceModels::of(instance)->blockers() : nullptr;
    m_table->setModel(m_model);
    if (m_model) {
        connect(m_model, &BlockerModel::totalChanged, this, &BlockerView::showCounts);
        m_table->setWidths({ 12, 10, 30, 22, 12 });
    }
    showCounts();
}

void BlockerView::showCounts()
{
    const qint64 total = m_model ? m_model->total() : 0;
    const qint64 more = m_model ? m_model->more() : 0;
    m_title->setText(total == 0 ? tr("&Waiting for nothing") : tr("&Waiting for %1").arg(total));
    m_more->setVisible(more > 0);
    m_more->setText(tr("and %1 more, younger than these").arg(more));
}

std::optional<Blocker> BlockerView::current() const
{
    const int row = m_table->currentRow();
    return m_model && row >= 0 ? std::optional(m_model->blocker(row)) : std::nullopt;
}

bool BlockerView::canCancel(const Blocker &blocker) const
{
    return (blocker.kind == "request"_L1 || blocker.kind == "job"_L1) && m_instance
        && m_instance->link().state == LinkState::Live && m_instance->role() != Role::Reader
        && !m_instance->spec().isReadOnly;
}

void BlockerView::showMenu(const QPoint &at)
{
    const std::optional<Blocker> blocker = current();
    if (!blocker)
        return;
    m_cancel->setText(blocker->kind == "job"_L1 ? tr("&Cancel this job…")
                                                : tr("&Cancel this request…"));
    m_cancel->setEnabled(canCancel(*blocker));
    m_cancel->setToolTip(m_cancel->isEnabled()
                             ? QString()
                             : tr("Only requests and jobs can be cancelled, of an instance that is "
                                  "connected, with a token that may change it."));
    m_menu->popup(m_table->viewport()->mapToGlobal(at));
}

void BlockerView::cancelCurrent()
{
    const std::optional<Blocker> blocker = current();
    if (!blocker || !canCancel(*blocker))
        return;
    CommandRequest request;
    request.verb = blocker->kind == "job"_L1 ? Verb::CancelJob : Verb::CancelRequest;
    request.target = blocker->id;
    Q_EMIT cancelWanted(
        request,
        tr("%1 %2", "kind, what").arg(blockerKindText(blocker->kind), blockerWhatText(*blocker)));
}

void BlockerView::copyId()
{
    if (const std::optional<Blocker> blocker = current())
        QGuiApplication::clipboard()->setText(blocker->id);
}

} // namespace quiesce
