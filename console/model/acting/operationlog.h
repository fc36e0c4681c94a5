// SPDX-License-Identifier: GPL-3.0-only
// OperationLog: the last changes asked for from this console, newest first.
#pragma once

#include "console/model/acting/operation.h"

#include <QAbstractTableModel>
#include <deque>

namespace quiesce {

/// Thread:  event loop. Owns: its operations.
/// Limits:  kKept, the oldest go, also when they are not finished.
class OperationLog final : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr qsizetype kKept = 200;

    enum Column {
        Time,
        Target,
        Action,
        Actor,
        Outcome,
        ColumnCount,
    };

    using QAbstractTableModel::QAbstractTableModel;

    void add(const Operation &operation);
    /// Calls `change` with it; the row is said to have changed when that returns true.
    template <typename Change>
    bool update(qint64 id, const Change &change);
    /// Null: gone, or never there.
    [[nodiscard]] const Operation *find(qint64 id) const;
    [[nodiscard]] const Operation &at(int row) const { return m_operations[size_t(row)]; }
    [[nodiscard]] int unfinished() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] int rowOf(qint64 id) const; ///< -1: none
    [[nodiscard]] static QString text(const Operation &operation, int column);

    std::deque<Operation> m_operations;
};

template <typename Change>
bool OperationLog::update(qint64 id, const Change &change)
{
    const int row = rowOf(id);
    if (row < 0 || !change(m_operations[size_t(row)]))
        return false;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    return true;
}

} // namespace quiesce
