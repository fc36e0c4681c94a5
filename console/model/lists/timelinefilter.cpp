// SPDX-License-Identifier: GPL-3.0-only
// TimelineFilter: see the header.
#include "console/model/lists/timelinefilter.h"

#include <QElapsedTimer>
#include <algorithm>

namespace quiesce {

bool TimelineCriteria::accepts(const TimelineEntry &entry) const
{
    if (!kinds[static_cast<size_t>(entry.kind)] || entry.severity < least)
        return false;
    return words.isEmpty() || textOf(entry).contains(words, Qt::CaseInsensitive)
        || entry.actor.contains(words, Qt::CaseInsensitive);
}

TimelineFilter::TimelineFilter(QObject *parent)
    : QAbstractProxyModel(parent)
{
    m_scanning.setInterval(0);
    connect(&m_scanning, &QTimer::timeout, this, &TimelineFilter::scan);
}

void TimelineFilter::setTimeline(const Timeline *timeline)
{
    if (m_timeline)
        m_timeline->disconnect(this);
    beginResetModel();
    m_numbers.clear();
    m_timeline = timeline;
    setSourceModel(const_cast<Timeline *>(timeline)); // NOLINT: only read through it
    endResetModel();
    wire();
    startAgain();
}

void TimelineFilter::wire()
{
    if (!m_timeline)
        return;
    connect(m_timeline, &Timeline::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { takeInserted(first, last); });
    connect(m_timeline, &Timeline::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int first, int last) { forgetFirst(last - first + 1); });
}

void TimelineFilter::setCriteria(const TimelineCriteria &criteria)
{
    m_criteria = criteria;
    startAgain();
}

void TimelineFilter::startAgain()
{
    beginResetModel();
    m_numbers.clear();
    m_scanEnd = m_timeline ? m_timeline->firstNumber() + m_timeline->rowCount() : 0;
    endResetModel();
    if (m_timeline)
        m_scanning.start();
    else
        m_scanning.stop();
}

/// From where it was left towards the oldest.
void TimelineFilter::scan()
{
    QElapsedTimer slice;
    slice.start();
    std::vector<qint64> found;
    while (m_scanEnd > m_timeline->firstNumber() && !slice.hasExpired(kSlice.count())) {
        if (acceptsNumber(--m_scanEnd))
            found.push_back(m_scanEnd);
    }
    if (!found.empty()) {
        beginInsertRows({}, 0, int(found.size()) - 1);
        m_numbers.insert(m_numbers.begin(), found.rbegin(), found.rend());
        endInsertRows();
    }
    if (m_scanEnd > m_timeline->firstNumber())
        return;
    m_scanning.stop();
    Q_EMIT scanned();
}

void TimelineFilter::takeInserted(int first, int last)
{
    std::vector<qint64> found;
    for (qint64 number = m_timeline->firstNumber() + first;
         number <= m_timeline->firstNumber() + last; ++number) {
        if (acceptsNumber(number))
            found.push_back(number);
    }
    if (found.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + int(found.size()) - 1);
    m_numbers.insert(m_numbers.end(), found.begin(), found.end());
    endInsertRows();
}

/// While they are still there: who asks in between still finds every row.
void TimelineFilter::forgetFirst(int count)
{
    const qint64 end = m_timeline->firstNumber() + count;
    const auto kept = std::lower_bound(m_numbers.begin(), m_numbers.end(), end);
    const int going = int(kept - m_numbers.begin());
    m_scanEnd = std::max(m_scanEnd, end);
    if (going == 0)
        return;
    beginRemoveRows({}, 0, going - 1);
    m_numbers.erase(m_numbers.begin(), kept);
    endRemoveRows();
}

bool TimelineFilter::acceptsNumber(qint64 number) const
{
    return m_criteria.accepts(m_timeline->entry(int(number - m_timeline->firstNumber())));
}

QList<TimelineEntry> TimelineFilter::entries() const
{
    QList<TimelineEntry> entries;
    entries.reserve(qsizetype(m_numbers.size()));
    for (const qint64 number : m_numbers)
        entries.append(m_timeline->entry(int(number - m_timeline->firstNumber())));
    return entries;
}

QModelIndex TimelineFilter::mapToSource(const QModelIndex &index) const
{
    if (!index.isValid() || !m_timeline)
        return {};
    return m_timeline->index(int(m_numbers[index.row()] - m_timeline->firstNumber()),
                             index.column());
}

QModelIndex TimelineFilter::mapFromSource(const QModelIndex &index) const
{
    if (!index.isValid() || !m_timeline)
        return {};
    const qint64 number = m_timeline->firstNumber() + index.row();
    const auto at = std::lower_bound(m_numbers.begin(), m_numbers.end(), number);
    if (at == m_numbers.end() || *at != number)
        return {};
    return this->index(int(at - m_numbers.begin()), index.column());
}

QModelIndex TimelineFilter::index(int row, int column, const QModelIndex &parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex TimelineFilter::parent(const QModelIndex & /*index*/) const
{
    return {};
}

int TimelineFilter::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_numbers.size());
}

int TimelineFilter::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Timeline::Columns;
}

QVariant TimelineFilter::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_timeline ? m_timeline->headerData(section, orientation, role) : QVariant();
}

} // namespace quiesce
