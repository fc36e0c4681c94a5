// SPDX-License-Identifier: GPL-3.0-only
// RowTable: a table model over a list of rows that many may leave at once.
#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace quiesce {

/// The rows and the ways to change them. Each costs O(rows), however many go or come: those that
/// lie scattered are first moved together by a change of layout, which keeps selections right.
///
/// Limits: kMaxRuns signals for one change of scattered rows; the bound on rows is the heir's.
template <typename Row>
class RowTable : public QAbstractTableModel
{
public:
    static constexpr int kMaxRuns = 8;

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_rows.size());
    }

protected:
    using Marks = std::vector<bool>; ///< one for each row

    [[nodiscard]] const QList<Row> &rows() const { return m_rows; }
    [[nodiscard]] Row &row(qsizetype at) { return m_rows[at]; }

    void insertAt(qsizetype at, QList<Row> rows)
    {
        if (rows.isEmpty())
            return;
        beginInsertRows({}, int(at), int(at + rows.size() - 1));
        m_rows.insert(at, rows.size(), Row());
        std::move(rows.begin(), rows.end(), m_rows.begin() + at);
        endInsertRows();
    }

    void removeMarked(const Marks &marks)
    {
        const std::vector<Run> runs = runsOf(marks);
        if (runs.size() <= kMaxRuns) {
            for (auto run = runs.rbegin(); run != runs.rend(); ++run)
                removeRun(*run);
            return;
        }
        std::vector<int> order(marks.size());
        std::iota(order.begin(), order.end(), 0);
        const auto firstGoing = std::stable_partition(order.begin(), order.end(),
                                                      [&marks](int at) { return !marks[at]; });
        const int kept = int(firstGoing - order.begin());
        reorder(order);
        removeRun({ kept, int(order.size()) - 1 });
    }

    /// `order[i]`: which row becomes the row i. A permutation of all.
    void reorder(const std::vector<int> &order)
    {
        Q_EMIT layoutAboutToBeChanged();
        QList<Row> moved;
        moved.reserve(m_rows.size());
        std::vector<int> becomes(order.size());
        for (size_t to = 0; to < order.size(); ++to) {
            becomes[order[to]] = int(to);
            moved.append(std::move(m_rows[order[to]]));
        }
        m_rows = std::move(moved);
        for (const QModelIndex &from : persistentIndexList())
            changePersistentIndex(from, index(becomes[from.row()], from.column()));
        Q_EMIT layoutChanged();
    }

    /// Tells of each run of rows by itself, or of all that lies between when there are too many.
    void tellChanged(const Marks &marks, int lastColumn)
    {
        std::vector<Run> runs = runsOf(marks);
        if (runs.size() > kMaxRuns)
            runs = { { runs.front().first, runs.back().last } };
        for (const Run &run : runs)
            Q_EMIT dataChanged(index(run.first, 0), index(run.last, lastColumn));
    }

private:
    struct Run
    {
        int first = 0;
        int last = 0;
    };

    static std::vector<Run> runsOf(const Marks &marks)
    {
        std::vector<Run> runs;
        for (int at = 0; at < int(marks.size()); ++at) {
            if (!marks[at])
                continue;
            if (!runs.empty() && runs.back().last == at - 1)
                runs.back().last = at;
            else
                runs.push_back({ at, at });
        }
        return runs;
    }

    void removeRun(const Run &run)
    {
        beginRemoveRows({}, run.first, run.last);
        m_rows.remove(run.first, run.last - run.first + 1);
        endRemoveRows();
    }

    QList<Row> m_rows;
};

} // namespace quiesce
