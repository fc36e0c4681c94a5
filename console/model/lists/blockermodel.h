// SPDX-License-Identifier: GPL-3.0-only
// BlockerModel: what a stop waits for, as a table that follows by rows.
#pragma once

#include "console/client/snapshot.h"
#include "console/model/lists/rowtable.h"
#include "console/model/lists/throttle.h"

#include <QSet>

namespace quiesce {

/// One row of BlockerModel.
struct BlockerRow
{
    Blocker blocker;
    qint64 since = 0; ///< ms on the clock of setBlockers() and tick()
};

/// The oldest first, as the service lists them. A row stays the same row for as long as its kind
/// and id are named.
///
/// Thread:  event loop. Owns: its rows.
/// Emits:   rows inserted, removed and changed, never a reset; removals by remove() gathered to ten
///          a second, the first at once.
/// Limits:  kMaxRows rows; more() tells how many there are beyond those.
class BlockerModel final : public RowTable<BlockerRow>
{
    Q_OBJECT

public:
    enum Column : unsigned char {
        AgeColumn,
        KindColumn,
        WhatColumn,
        PeerColumn,
        IdColumn,
        Columns
    };
    static constexpr qsizetype kMaxRows = 10'000;

    explicit BlockerModel(QObject *parent = nullptr);

    /// `now`: ms of a monotonic clock; an age counts from the first time that a row was named.
    void setBlockers(const QList<Blocker> &oldestFirst, qint64 total, qint64 now);
    /// It has ended: its row goes, or one less is beyond the rows.
    void remove(const QString &kind, const QString &id);
    /// Ages go on to `now`.
    void tick(qint64 now);

    [[nodiscard]] const Blocker &blocker(int row) const { return rows()[row].blocker; }
    [[nodiscard]] qint64 total() const { return m_total; }
    [[nodiscard]] qint64 more() const { return m_total - rows().size(); }

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

Q_SIGNALS:
    void totalChanged(); ///< or only what is more()

private:
    using Key = std::pair<QString, QString>; ///< kind, id
    struct Wanted;

    [[nodiscard]] static Wanted wantedOf(const QList<Blocker> &given);
    void removeEnded();
    void keepOnly(const Wanted &wanted);
    void insertNew(const QList<Blocker> &wanted, qint64 now);
    void appendInOrder(const QList<Blocker> &wanted, qint64 now);
    void updateKept(const QList<Blocker> &wanted);
    void setTotal(qint64 total);
    [[nodiscard]] QString text(const BlockerRow &row, int column) const;

    QSet<Key> m_ended;
    Throttle m_removing;
    qint64 m_total = 0;
    qint64 m_now = 0;
};

/// "Request", "Job" …; a kind that is unknown is given back as it is, made printable.
[[nodiscard]] QString blockerKindText(const QString &kind);
/// "GET /work", a job's or a hook's label.
[[nodiscard]] QString blockerWhatText(const Blocker &blocker);

} // namespace quiesce

Q_DECLARE_TYPEINFO(quiesce::BlockerRow, Q_RELOCATABLE_TYPE);
