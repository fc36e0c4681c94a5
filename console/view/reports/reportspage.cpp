// SPDX-License-Identifier: GPL-3.0-only
// ReportsPage: see the header.
#include "console/view/reports/reportspage.h"

#include "common/printable.h"
#include "console/model/reports/reporttext.h"
#include "console/view/reports/outcomedelegate.h"
#include "console/view/reports/reportview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace quiesce {

namespace {

constexpr int kReportShare = 3; ///< what a report is wider than the list

QString errorText(const FetchError &error)
{
    if (!error.detail.isEmpty())
        return printable(error.detail);
    if (!error.code.isEmpty())
        return printable(error.code);
    return error.status > 0 ? ReportsPage::tr("HTTP status %1").arg(error.status)
                            : ReportsPage::tr("no answer");
}

} // namespace

ReportsPage::ReportsPage(QWidget *parent, ReportSource::Fetch fetch)
    : QWidget(parent)
    , m_source(std::move(fetch))
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0); // many rows at once are shown once
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeBar());
    makeTable();
    makeShown();
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_table);
    splitter->addWidget(m_stack);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({ width(), kReportShare * width() });
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, kReportShare);
    layout->addWidget(splitter, 1);
    wire();
    showSelection();
}

QWidget *ReportsPage::makeBar()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    m_refresh = new QPushButton(tr("&Refresh"), bar);
    m_refresh->setToolTip(tr("Asks the service for its reports again"));
    m_compare = new QPushButton(tr("Com&pare with previous"), bar);
    m_compare->setToolTip(tr("Shows the selected report beside the one before it; any two can be "
                             "selected with Ctrl"));
    m_note = new QLabel(bar);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    layout->addWidget(m_refresh);
    layout->addWidget(m_compare);
    layout->addWidget(m_note, 1);
    return bar;
}

void ReportsPage::makeTable()
{
    m_table = new QTableView(this);
    m_table->setAccessibleName(tr("Reports of past stops"));
    m_table->setModel(&m_source.list());
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setItemDelegateForColumn(ReportList::Outcome, new OutcomeDelegate(m_table));
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void ReportsPage::makeShown()
{
    m_stack = new QStackedWidget(this);
    m_placeholder = new QLabel(m_stack);
    m_placeholder->setTextFormat(Qt::PlainText);
    m_placeholder->setAlignment(Qt::AlignCenter);
    m_placeholder->setWordWrap(true);
    m_shown = new QSplitter(Qt::Horizontal, m_stack);
    m_shown->setChildrenCollapsible(false);
    addView();
    addView();
    m_stack->addWidget(m_placeholder);
    m_stack->addWidget(m_shown);
}

void ReportsPage::addView()
{
    auto *area = new QScrollArea(m_shown);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::StrongFocus); // to scroll by keys
    auto *view = new ReportView;
    area->setWidget(view);
    m_shown->addWidget(area);
    m_areas << area;
    m_views << view;
}

void ReportsPage::wire()
{
    connect(&m_soon, &QTimer::timeout, this, &ReportsPage::showSelection);
    connect(m_refresh, &QPushButton::clicked, &m_source, &ReportSource::refresh);
    connect(m_compare, &QPushButton::clicked, this, &ReportsPage::compareWithPrevious);
    connect(&m_source, &ReportSource::stateChanged, this, &ReportsPage::showSoon);
    const ReportList &list = m_source.list();
    connect(&list, &ReportList::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { followNewest(first, last); });
    connect(&list, &ReportList::rowsRemoved, this, &ReportsPage::showSoon);
    connect(&list, &ReportList::modelReset, this, &ReportsPage::showSoon);
    connect(&list, &ReportList::dataChanged, this, &ReportsPage::showSoon);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ReportsPage::showSoon);
}

void ReportsPage::setInstance(Instance *instance)
{
    m_source.setInstance(instance);
    showSoon();
}

/// Shows what came newest, unless somebody looks at another.
void ReportsPage::followNewest(int first, int last)
{
    const QList<int> rows = selectedRows();
    const bool isAtNewest = rows.isEmpty() || rows == QList<int>{ last + 1 };
    if (first == 0 && isAtNewest)
        m_table->selectRow(0);
    showSoon();
}

QList<int> ReportsPage::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList indexes = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : indexes)
        rows << index.row();
    std::sort(rows.begin(), rows.end());
    return rows;
}

void ReportsPage::compareWithPrevious()
{
    const QList<int> rows = selectedRows();
    const QModelIndex previous =
        rows.size() == 1 ? m_source.list().index(rows.first() + 1, 0) : QModelIndex();
    if (previous.isValid())
        m_table->selectionModel()->select(previous,
                                          QItemSelectionModel::Select | QItemSelectionModel::Rows);
}

void ReportsPage::showSelection()
{
    const QList<int> rows = selectedRows();
    const bool isAsking = m_source.state() == ReportSource::State::Loading;
    m_refresh->setEnabled(m_source.instance() && !isAsking);
    m_compare->setEnabled(rows.size() == 1 && rows.first() + 1 < m_source.list().rowCount());
    m_note->setText(noteText());
    const bool isShown = rows.size() == 1 || rows.size() == 2;
    m_placeholder->setText(placeholderText(rows.size()));
    m_stack->setCurrentWidget(isShown ? static_cast<QWidget *>(m_shown) : m_placeholder);
    if (isShown)
        showReports(rows);
}

void ReportsPage::showReports(const QList<int> &rows)
{
    const QList<StopReport> &reports = m_source.list().reports();
    const StopReport &earlier = reports[rows.last()];
    const StopReport &later = reports[rows.first()];
    const bool isTwo = rows.size() == 2;
    const bool wasOne = m_areas[1]->isHidden();
    m_areas[1]->setVisible(isTwo);
    for (QScrollArea *area : std::as_const(m_areas)) // two are of one width, and so of one scale
        area->setVerticalScrollBarPolicy(isTwo ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAsNeeded);
    if (isTwo && wasOne)
        m_shown->setSizes({ m_shown->width(), m_shown->width() }); // halves
    const auto span = std::max(durationOf(earlier), durationOf(later));
    m_views[0]->setSpan(span);
    m_views[0]->setReport(earlier);
    if (!isTwo)
        return;
    m_views[1]->setSpan(span);
    m_views[1]->setCompared(earlier);
    m_views[1]->setReport(later);
}

QString ReportsPage::noteText() const
{
    if (m_source.list().rowCount() == 0) // the placeholder says it
        return {};
    switch (m_source.state()) {
    case ReportSource::State::Loading:
        return tr("Asking for reports…");
    case ReportSource::State::Failed:
        return tr("Not up to date: %1").arg(errorText(m_source.error()));
    case ReportSource::State::Idle:
    case ReportSource::State::Loaded:
        break;
    }
    return tr("%n report(s)", nullptr, m_source.list().rowCount());
}

QString ReportsPage::placeholderText(qsizetype selected) const
{
    if (!m_source.instance())
        return tr("No instance is selected");
    if (m_source.list().rowCount() > 0)
        return selected == 0 ? tr("Select a report, or two to compare them")
                             : tr("Select no more than two reports to compare them");
    switch (m_source.state()) {
    case ReportSource::State::Loading:
        return tr("Asking for reports…");
    case ReportSource::State::Failed:
        return tr("The reports could not be fetched: %1").arg(errorText(m_source.error()));
    case ReportSource::State::Idle:
    case ReportSource::State::Loaded:
        break;
    }
    return tr(
        "No stop has been reported yet. A report is shown here when the service has stopped.");
}

} // namespace quiesce
