// SPDX-License-Identifier: GPL-3.0-only
// FleetTable: see the header.
#include "console/view/fleet/fleettable.h"

#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/sparkdelegate.h"
#include "console/view/fleet/statedelegate.h"

#include <QDataStream>
#include <QHeaderView>
#include <QIODevice>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>

namespace quiesce {

namespace {

/// Changes when columns do: an older header does not fit then.
constexpr quint32 kHeaderVersion = 0x51430002;
constexpr qsizetype kMaxHeaderBytes = 16 * 1'024;

/// How wide a column is at first, in average characters.
int charactersOf(FleetColumn column)
{
    switch (column) {
    case FleetColumn::State:
        return 30;
    case FleetColumn::Name:
        return 20;
    case FleetColumn::LastEvent:
        return 46;
    case FleetColumn::Address:
        return 24;
    case FleetColumn::Environment:
    case FleetColumn::Trend:
    case FleetColumn::Engine:
        return 16;
    case FleetColumn::Connections:
    case FleetColumn::Remaining:
    case FleetColumn::Uptime:
        return 14;
    case FleetColumn::Ready:
    case FleetColumn::Rate:
    case FleetColumn::Jobs:
        return 9;
    case FleetColumn::InFlight:
    case FleetColumn::Version:
        return 11;
    }
    return 10;
}

/// It is the same for most, and one that fails shows among the jobs.
bool isHiddenAtFirst(FleetColumn column)
{
    return column == FleetColumn::Engine;
}

} // namespace

FleetTable::FleetTable(FleetFilter *filter, QWidget *parent)
    : QTreeView(parent)
    , m_filter(filter)
{
    setStyle(&m_style);
    header()->setStyle(&m_style);
    setAccessibleName(tr("Services"));
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setAlternatingRowColors(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setFrameShape(QFrame::NoFrame);
    followRows(); // before the model is set: these are to hear of rows before the selection does
    setModel(filter);
    setUpColumns();
    resetHeader();
}

void FleetTable::setUpColumns()
{
    setItemDelegate(new CellDelegate(this));
    setItemDelegateForColumn(int(FleetColumn::State), new StateDelegate(this));
    setItemDelegateForColumn(int(FleetColumn::Trend), new SparkDelegate(this));
    setSortingEnabled(true);
    header()->setSectionsMovable(true);
    header()->setFirstSectionMovable(true);
    header()->setStretchLastSection(true);
    header()->setHighlightSections(false);
    header()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header(), &QWidget::customContextMenuRequested, this, &FleetTable::showHeaderMenu);
}

void FleetTable::followRows()
{
    const auto begin = [this] { m_isFollowing = true; };
    const auto end = [this] {
        m_isFollowing = false;
        showChosen();
    };
    connect(m_filter, &QAbstractItemModel::rowsAboutToBeRemoved, this, begin);
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this, end, Qt::QueuedConnection);
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, end, Qt::QueuedConnection);
    connect(m_filter->fleet(), &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int first, int last) {
                const int chosen = m_filter->fleet()->rowOf(m_chosen);
                if (chosen >= first && chosen <= last)
                    setChosen(nullptr);
            });
}

void FleetTable::choose(Instance *instance)
{
    setChosen(instance);
    showChosen();
}

void FleetTable::setChosen(Instance *instance)
{
    if (instance == m_chosen)
        return;
    m_chosen = instance;
    Q_EMIT chosenChanged(instance);
}

void FleetTable::showChosen()
{
    const QModelIndex shown = m_chosen ? m_filter->indexOf(m_chosen) : QModelIndex();
    if (currentIndex().siblingAtColumn(0) == shown)
        return;
    const QScopedValueRollback following(m_isFollowing, true);
    if (shown.isValid())
        setCurrentIndex(shown);
    else
        selectionModel()->clear();
}

QList<Instance *> FleetTable::selectedInstances() const
{
    QList<Instance *> instances;
    for (const QModelIndex &index : selectionModel()->selectedRows()) {
        if (Instance *instance = m_filter->instanceAt(index))
            instances.append(instance);
    }
    return instances;
}

QString FleetTable::selectedText() const
{
    QStringList rows;
    for (const QModelIndex &index : selectionModel()->selectedRows()) {
        QStringList cells;
        for (int place = 0; place < header()->count(); ++place) {
            const int column = header()->logicalIndex(place);
            if (!header()->isSectionHidden(column) && column != int(FleetColumn::Trend))
                cells.append(index.siblingAtColumn(column).data().toString().simplified());
        }
        rows.append(cells.join(u'\t'));
    }
    return rows.join(u'\n');
}

int FleetTable::heightFor(int rows) const
{
    // As a CellDelegate has it, where a filter leaves none.
    const int row = std::max(sizeHintForRow(0), fontMetrics().height() * 7 / 4);
    const bool isWide = header()->length() > width();
    return header()->sizeHint().height() + rows * row + 2 * frameWidth()
        + (isWide ? horizontalScrollBar()->sizeHint().height() : 0);
}

QSize FleetTable::minimumSizeHint() const
{
    return { QTreeView::minimumSizeHint().width(), heightFor(1) };
}

QByteArray FleetTable::saveHeader() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << kHeaderVersion << header()->saveState();
    return state;
}

bool FleetTable::restoreHeader(const QByteArray &state)
{
    quint32 version = 0;
    QByteArray sections;
    QDataStream stream(state);
    if (state.size() > kMaxHeaderBytes)
        return false;
    stream >> version;
    if (stream.status() != QDataStream::Ok || version != kHeaderVersion)
        return false;
    stream >> sections;
    return stream.status() == QDataStream::Ok && header()->restoreState(sections);
}

void FleetTable::resetHeader()
{
    const int character = fontMetrics().averageCharWidth();
    for (int column = 0; column < kFleetColumns; ++column) {
        header()->moveSection(header()->visualIndex(column), column);
        header()->setSectionHidden(column, isHiddenAtFirst(FleetColumn(column)));
        header()->resizeSection(column,
                                std::max(header()->sectionSizeHint(column),
                                         character * charactersOf(FleetColumn(column))));
    }
    sortByColumn(int(FleetColumn::State), Qt::AscendingOrder);
}

void FleetTable::showHeaderMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 0; column < kFleetColumns; ++column) {
        QAction *action = menu->addAction(fleetHeader(FleetColumn(column)));
        action->setCheckable(true);
        action->setChecked(!header()->isSectionHidden(column));
        action->setEnabled(FleetColumn(column) != FleetColumn::Name); // something must tell them
        connect(action, &QAction::toggled, this,
                [this, column](bool isShown) { header()->setSectionHidden(column, !isShown); });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("&Reset columns")), &QAction::triggered, this,
            &FleetTable::resetHeader);
    menu->popup(header()->mapToGlobal(at));
}

void FleetTable::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    Q_EMIT selectionChangedTo(selectedInstances());
}

void FleetTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    if (!m_isFollowing && current.isValid())
        setChosen(m_filter->instanceAt(current));
}

void FleetTable::showEvent(QShowEvent *event)
{
    QTreeView::showEvent(event);
    m_filter->fleet()->setTicking(true);
}

void FleetTable::hideEvent(QHideEvent *event)
{
    QTreeView::hideEvent(event);
    m_filter->fleet()->setTicking(false);
}

} // namespace quiesce
