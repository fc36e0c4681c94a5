// SPDX-License-Identifier: GPL-3.0-only
// FleetFilter: see the header.
#include "console/model/fleet/fleetfilter.h"

#include "console/model/fleet/fleetmodel.h"

#include <algorithm>

namespace quiesce {

namespace {

constexpr std::array kSearched{ FleetColumn::Name, FleetColumn::Environment, FleetColumn::Address,
                                FleetColumn::Version, FleetColumn::State };

/// The locale C orders by code points only, without numbers.
QLocale collatingLocale()
{
    const QLocale locale;
    return locale.language() == QLocale::C ? QLocale(QLocale::English) : locale;
}

} // namespace

FleetFilter::FleetFilter(FleetModel *fleet, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_fleet(fleet)
    , m_byName(collatingLocale())
{
    m_byName.setNumericMode(true); // api-2 before api-10
    m_byName.setCaseSensitivity(Qt::CaseInsensitive);
    setSortRole(FleetModel::SortRole);
    setSourceModel(fleet);
}

Instance *FleetFilter::instanceAt(const QModelIndex &index) const
{
    return m_fleet->instanceAt(mapToSource(index).row());
}

QModelIndex FleetFilter::indexOf(const Instance *instance) const
{
    const int row = m_fleet->rowOf(instance);
    return row < 0 ? QModelIndex() : mapFromSource(m_fleet->index(row, 0));
}

void FleetFilter::setSearch(const QString &text)
{
    const QStringList words = text.simplified().split(u' ', Qt::SkipEmptyParts).mid(0, kMaxWords);
    if (words == m_words)
        return;
    m_words = words;
    setFilterFixedString({}); // looks at each row again; invalidateFilter() is retired in Qt 6.13
}

void FleetFilter::setGroups(FleetGroups groups)
{
    if (groups == m_groups)
        return;
    m_groups = groups;
    setFilterFixedString({}); // looks at each row again; invalidateFilter() is retired in Qt 6.13
}

bool FleetFilter::filterAcceptsRow(int row, const QModelIndex & /*parent*/) const
{
    const Instance *instance = m_fleet->instanceAt(row);
    if (!instance)
        return false;
    if (m_groups && !(m_groups & groupsOf(instance->condition())))
        return false;
    return m_words.isEmpty() || hasAllWords(row);
}

bool FleetFilter::hasAllWords(int row) const
{
    QStringList texts;
    for (const FleetColumn column : kSearched)
        texts.append(m_fleet->index(row, int(column)).data().toString());
    const QString text = texts.join(u'\n');
    return std::all_of(m_words.begin(), m_words.end(), [&text](const QString &word) {
        return text.contains(word, Qt::CaseInsensitive);
    });
}

bool FleetFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const auto nameOf = [this](const QModelIndex &index) {
        return m_fleet->instanceAt(index.row())->displayName();
    };
    if (left.column() == int(FleetColumn::Name))
        return m_byName.compare(nameOf(left), nameOf(right)) < 0;
    if (QSortFilterProxyModel::lessThan(left, right))
        return true;
    if (QSortFilterProxyModel::lessThan(right, left))
        return false;
    const int byName = m_byName.compare(nameOf(left), nameOf(right));
    // Names go up also where the rest goes down.
    return sortOrder() == Qt::AscendingOrder ? byName < 0 : byName > 0;
}

} // namespace quiesce
