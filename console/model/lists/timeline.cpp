// SPDX-License-Identifier: GPL-3.0-only
// Timeline: see the header.
#include "console/model/lists/timeline.h"

#include "console/model/words/wording.h"

#include <algorithm>

namespace quiesce {

Timeline::Timeline(qsizetype capacity, QObject *parent)
    : QAbstractTableModel(parent)
    , m_capacity(capacity)
{
    connect(&m_flushing, &Throttle::due, this, &Timeline::flush);
}

void Timeline::append(TimelineEntry entry)
{
    m_pending.push_back(std::move(entry));
    if (m_pending.size() >= kMaxPending)
        flush();
    else
        m_flushing.request();
}

void Timeline::setCapacity(qsizetype rows)
{
    m_capacity = rows;
    flush();
    dropOldest(qsizetype(m_entries.size()) - rows);
}

void Timeline::flush()
{
    m_flushing.forget();
    if (m_pending.empty())
        return;
    std::vector<TimelineEntry> added = std::exchange(m_pending, {});
    const qsizetype tooMany = qsizetype(added.size()) - m_capacity;
    if (tooMany > 0) { // those have numbers too, though they were never rows
        dropOldest(qsizetype(m_entries.size()));
        added.erase(added.begin(), added.begin() + tooMany);
        m_gone += tooMany;
    }
    makeRoomFor(qsizetype(added.size()));
    const int first = rowCount();
    beginInsertRows({}, first, first + int(added.size()) - 1);
    std::move(added.begin(), added.end(), std::back_inserter(m_entries));
    endInsertRows();
}

void Timeline::makeRoomFor(qsizetype count)
{
    const qsizetype over = qsizetype(m_entries.size()) + count - m_capacity;
    if (over > 0)
        dropOldest(std::max(over, m_capacity / kBlockShare));
}

void Timeline::dropOldest(qsizetype count)
{
    count = std::min(count, qsizetype(m_entries.size()));
    if (count <= 0)
        return;
    beginRemoveRows({}, 0, int(count) - 1);
    m_entries.erase(m_entries.begin(), m_entries.begin() + count);
    m_gone += count;
    endRemoveRows();
}

int Timeline::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int Timeline::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant Timeline::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TimelineEntry &entry = m_entries[index.row()];
    const auto at = [&entry] { return QDateTime::fromMSecsSinceEpoch(entry.at); };
    if (role == SeverityRole)
        return int(entry.severity);
    if (role == KindRole)
        return int(entry.kind);
    if (role == Qt::ToolTipRole)
        return index.column() == AtColumn ? momentTip(at()) : textOf(entry);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case AtColumn:
        return timeOfDayText(at(), QDate::currentDate());
    case SeverityColumn:
        return eventSeverityText(entry.severity);
    case KindColumn:
        return eventKindText(entry.kind);
    case TextColumn:
        return textOf(entry);
    default:
        return entry.actor;
    }
}

QVariant Timeline::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case AtColumn:
        return tr("Time");
    case SeverityColumn:
        return tr("Severity");
    case KindColumn:
        return tr("Kind");
    case TextColumn:
        return tr("What happened");
    case ActorColumn:
        return tr("By");
    default:
        return {};
    }
}

} // namespace quiesce
