// SPDX-License-Identifier: GPL-3.0-only
// TimelineView: see the header.
#include "console/view/detail/lists/timelineview.h"

#include "console/model/instance/instancemodels.h"
#include "console/view/detail/lists/densetable.h"
#include "console/view/detail/lists/timelinebar.h"
#include "console/view/detail/lists/timelinedelegate.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollBar>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

TimelineView::TimelineView(QWidget *parent)
    : QWidget(parent)
    , m_bar(new TimelineBar(this))
    , m_count(new QLabel(this))
    , m_more(new QPushButton(this))
    , m_pause(new QPushButton(tr("&Pause"), this))
    , m_exportButton(new QToolButton(this))
    , m_rowMenu(new QMenu(this))
    , m_table(new DenseTable(tr("Timeline"), this))
{
    m_table->setModel(&m_filter);
    m_table->setItemDelegate(new TimelineDelegate(this));
    m_table->setEmptyText(tr("Nothing that is shown has happened yet."));
    layOut();
    makeMenus();
    wireTable();
    connect(m_bar, &TimelineBar::criteriaChanged, this,
            [this] { m_filter.setCriteria(m_bar->criteria()); });
    connect(m_more, &QPushButton::clicked, this, &TimelineView::goOn);
    connect(m_pause, &QPushButton::toggled, this,
            [this](bool isPaused) { isPaused ? pause() : goOn(); });
    auto *find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, m_bar, &TimelineBar::focusSearch);
}

void TimelineView::layOut()
{
    m_pause->setCheckable(true);
    m_pause->setToolTip(tr("Stay where you are while new events come"));
    m_more->hide();
    m_exportButton->setText(tr("&Export"));
    m_exportButton->setPopupMode(QToolButton::InstantPopup);
    m_exportButton->setToolTip(tr("Write what is shown to a file"));
    auto *head = new QHBoxLayout;
    head->addWidget(m_count, 1);
    head->addWidget(m_more);
    head->addWidget(m_pause);
    head->addWidget(m_exportButton);
    auto *rows = new QVBoxLayout(this);
    rows->addWidget(m_bar);
    rows->addLayout(head);
    rows->addWidget(m_table, 1);
}

void TimelineView::makeMenus()
{
    auto *formats = new QMenu(m_exportButton);
    formats->addAction(tr("&CSV…"), this, [this] { chooseFile(TimelineExport::Format::Csv); });
    formats->addAction(tr("&JSON…"), this, [this] { chooseFile(TimelineExport::Format::Json); });
    m_exportButton->setMenu(formats);
    m_rowMenu->addAction(tr("&Copy rows"), m_table, &DenseTable::copySelected);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, m_rowMenu, [this](const QPoint &at) {
        if (m_table->currentRow() >= 0)
            m_rowMenu->popup(m_table->viewport()->mapToGlobal(at));
    });
}

void TimelineView::wireTable()
{
    const QScrollBar *bar = m_table->verticalScrollBar();
    connect(bar, &QScrollBar::actionTriggered, this, [this, bar] {
        if (bar->sliderPosition() < bar->maximum())
            m_pause->setChecked(true);
    });
    connect(m_table, &QAbstractItemView::pressed, this, [this] { m_pause->setChecked(true); });
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first) { takeRows(first); });
    connect(&m_filter, &QAbstractItemModel::rowsRemoved, this, &TimelineView::showCounts);
    connect(&m_filter, &QAbstractItemModel::modelReset, this, &TimelineView::showCounts);
    connect(&m_filter, &TimelineFilter::scanned, this, &TimelineView::showCounts);
}

void TimelineView::setInstance(Instance *instance)
{
    m_timeline = instance ? InstanceModels::of(instance)->timeline() : nullptr;
    m_filter.setTimeline(m_timeline);
    m_table->setWidths({ 22, 12, 12, 90, 30 });
    m_pause->setChecked(false);
    goOn();
}

/// Rows that a search brings back come before the others and are not new.
void TimelineView::takeRows(int first)
{
    if (m_pause->isChecked())
        m_new += first == 0 ? 0 : m_filter.rowCount() - first;
    else
        m_table->scrollToBottom();
    showCounts();
}

void TimelineView::pause()
{
    m_new = 0;
    showCounts();
}

void TimelineView::goOn()
{
    m_new = 0;
    m_pause->setChecked(false);
    m_table->clearSelection();
    m_table->scrollToBottom();
    showCounts();
}

void TimelineView::showCounts()
{
    const int all = m_timeline ? m_timeline->rowCount() : 0;
    m_count->setText(m_filter.isScanning()
                         ? tr("Searching: %1 of %2 so far").arg(m_filter.rowCount()).arg(all)
                         : tr("%1 of %2", "shown of all").arg(m_filter.rowCount()).arg(all));
    m_more->setVisible(m_new > 0);
    m_more->setText(tr("%n new", nullptr, m_new));
}

void TimelineView::chooseFile(TimelineExport::Format format)
{
    const bool isCsv = format == TimelineExport::Format::Csv;
    auto *dialog = new QFileDialog(this, tr("Export the timeline"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(isCsv ? tr("CSV files (*.csv)") : tr("JSON files (*.json)"));
    dialog->setDefaultSuffix(isCsv ? u"csv"_s : u"json"_s);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format](const QString &file) { exportTo(file, format); });
    dialog->open();
}

void TimelineView::exportTo(const QString &file, TimelineExport::Format format)
{
    auto device = std::make_unique<QSaveFile>(file);
    if (!device->open(QIODevice::WriteOnly)) {
        m_count->setText(tr("Cannot be written: %1").arg(device->errorString()));
        return;
    }
    m_exportButton->setEnabled(false);
    m_export = new TimelineExport(format, m_filter.entries(), std::move(device), this);
    connect(m_export, &TimelineExport::finished, this, &TimelineView::endExport);
    m_export->start();
}

void TimelineView::endExport(const QString &error)
{
    auto *file = qobject_cast<QSaveFile *>(m_export->device());
    const QString why = error.isEmpty() && !file->commit() ? file->errorString() : error;
    m_count->setText(why.isEmpty() ? tr("Written to %1").arg(file->fileName())
                                   : tr("Cannot be written: %1").arg(why));
    m_exportButton->setEnabled(true);
    m_export->deleteLater();
}

} // namespace quiesce
