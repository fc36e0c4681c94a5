// SPDX-License-Identifier: GPL-3.0-only
// JobFilter: see the header.
#include "console/model/lists/jobfilter.h"

#include "console/model/lists/jobmodel.h"

namespace quiesce {

JobFilter::JobFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(JobModel::SortRole);
    setFilterRole(JobModel::StateRole);
}

void JobFilter::setStates(const QSet<JobState> &states)
{
    m_states = states;
    setFilterFixedString({}); // looks at each row again; invalidateFilter() is retired in Qt 6.13
}

bool JobFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    return m_states.isEmpty()
        || m_states.contains(static_cast<JobState>(index.data(JobModel::StateRole).toInt()));
}

} // namespace quiesce
