// SPDX-License-Identifier: GPL-3.0-only
// FleetFilter: which instances of the fleet are shown, by words and by group, and in which order.
#pragma once

#include "console/model/fleet/fleetgroup.h"
#include "console/model/instance/instance.h"

#include <QCollator>
#include <QSortFilterProxyModel>
#include <QStringList>

namespace quiesce {

class FleetModel;

/// Every word must be found, in whatever case, in the name, environment, address, version or state.
/// Of the groups any is enough; none chosen shows all. Rows that sort alike are in order of name.
///
/// Thread:  event loop. Owns: nothing; the fleet outlives it.
/// Limits:  the first kMaxWords words count.
class FleetFilter final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxWords = 16;

    explicit FleetFilter(FleetModel *fleet, QObject *parent = nullptr);

    [[nodiscard]] FleetModel *fleet() const { return m_fleet; }
    /// None: no such row.
    [[nodiscard]] Instance *instanceAt(const QModelIndex &index) const;
    /// Of the first column; invalid: not shown.
    [[nodiscard]] QModelIndex indexOf(const Instance *instance) const;

    void setSearch(const QString &text);
    void setGroups(FleetGroups groups);
    [[nodiscard]] FleetGroups groups() const { return m_groups; }
    [[nodiscard]] bool isFiltering() const { return !m_words.isEmpty() || m_groups; }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    [[nodiscard]] bool hasAllWords(int row) const;

    FleetModel *m_fleet;
    QStringList m_words;
    FleetGroups m_groups;
    QCollator m_byName;
};

} // namespace quiesce
