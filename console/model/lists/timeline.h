// SPDX-License-Identifier: GPL-3.0-only
// Timeline: what happened to one instance, in the order in which the console heard of it.
#pragma once

#include "console/model/lists/throttle.h"
#include "console/model/lists/timelineentry.h"

#include <QAbstractTableModel>
#include <deque>
#include <vector>

namespace quiesce {

/// A ring of entries: new ones come at the end, old ones go from the front a block at a time.
///
/// Thread:  event loop. Owns: its entries.
/// Emits:   rows inserted at the end and removed from the front, nothing else, in batches of which
///          there are at most ten a second.
/// Limits:  capacity() rows, of which a kBlockShare-th goes at once; kMaxPending wait to be shown.
class Timeline final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column : unsigned char {
        AtColumn,
        SeverityColumn,
        KindColumn,
        TextColumn,
        ActorColumn,
        Columns
    };
    enum Role : int {
        SeverityRole = Qt::UserRole, ///< an EventSeverity, as int
        KindRole, ///< an EventKind, as int
    };
    static constexpr qsizetype kMaxRows = 100'000;
    static constexpr qsizetype kBlockShare = 20;
    static constexpr size_t kMaxPending = 4'096;

    explicit Timeline(qsizetype capacity = kMaxRows, QObject *parent = nullptr);

    void append(TimelineEntry entry);
    [[nodiscard]] qsizetype capacity() const { return m_capacity; }
    /// What is more goes at once, oldest first.
    void setCapacity(qsizetype rows);

    [[nodiscard]] const TimelineEntry &entry(int row) const { return m_entries[row]; }
    /// Of row 0: how many have gone before it. A row's number, this and its row, never changes.
    [[nodiscard]] qint64 firstNumber() const { return m_gone; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    void flush();
    void dropOldest(qsizetype count);
    void makeRoomFor(qsizetype count);

    qsizetype m_capacity;
    std::deque<TimelineEntry> m_entries;
    std::vector<TimelineEntry> m_pending;
    qint64 m_gone = 0;
    Throttle m_flushing;
};

} // namespace quiesce
