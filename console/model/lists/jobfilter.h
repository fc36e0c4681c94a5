// SPDX-License-Identifier: GPL-3.0-only
// JobFilter: which jobs are shown, by their state, and in which order.
#pragma once

#include "common/jobs/job.h"

#include <QSet>
#include <QSortFilterProxyModel>

namespace quiesce {

/// Over a JobModel. An empty set of states shows all.
class JobFilter final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit JobFilter(QObject *parent = nullptr);

    void setStates(const QSet<JobState> &states);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QSet<JobState> m_states;
};

} // namespace quiesce
