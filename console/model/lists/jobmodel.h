// SPDX-License-Identifier: GPL-3.0-only
// JobModel: the jobs of one instance as a table that follows by rows.
#pragma once

#include "common/jobs/job.h"
#include "console/model/lists/rowtable.h"
#include "console/model/lists/throttle.h"

#include <QHash>
#include <functional>

namespace quiesce {

/// In the order in which they were heard of; a view sorts them.
///
/// Thread:  event loop. Owns: its rows.
/// Emits:   rows inserted, removed and changed, never a reset, at most ten times a second.
/// Limits:  kMaxRows jobs; when there are more, kRoom at once make room, those that have ended
///          first, then the oldest. kMaxPending wait to be shown.
class JobModel final : public RowTable<Job>
{
    Q_OBJECT

public:
    enum Column : unsigned char {
        StateColumn,
        KindColumn,
        ProgressColumn,
        AttemptColumn,
        RequeuesColumn,
        AgeColumn,
        OwnerColumn, ///< which instance runs it
        CheckpointColumn,
        ErrorColumn,
        IdColumn,
        Columns
    };
    enum Role : int {
        SortRole = Qt::UserRole,
        StateRole, ///< of the row's JobState, as int
        ProgressRole, ///< 0 to 1; invalid: not known
    };
    static constexpr qsizetype kMaxRows = 10'000;
    static constexpr qsizetype kRoom = 500;
    static constexpr qsizetype kMaxPending = 4'096;

    explicit JobModel(QObject *parent = nullptr);

    /// As an event told it; what is shown follows within a tenth of a second.
    void takeJob(const Job &job);
    /// As a list told it, which may be older than what events have told meanwhile.
    void takePage(const QList<Job> &jobs);
    /// What an instance is called, by its instanceId; empty: nobody knows. It must outlive this.
    void setOwnerNames(std::function<QString(const QString &)> nameOf);
    /// Ages go on to `now`.
    void tick(const QDateTime &now);

    [[nodiscard]] const Job &job(int row) const { return rows()[row]; }
    /// -1: it is not here.
    [[nodiscard]] int rowOf(const QString &id) const { return m_rowOf.value(id, -1); }

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    void flush();
    void merge(const QList<Job> &jobs);
    void makeRoom();
    void findRows();
    [[nodiscard]] QString text(const Job &job, int column) const;
    [[nodiscard]] QString ownerText(const Job &job) const;
    [[nodiscard]] QString tip(const Job &job) const;
    [[nodiscard]] QVariant sortKey(const Job &job, int column) const;

    QHash<QString, int> m_rowOf;
    QList<Job> m_pending;
    QHash<QString, qsizetype> m_pendingAt;
    Throttle m_flushing;
    std::function<QString(const QString &)> m_ownerName;
    QDateTime m_now = QDateTime::currentDateTimeUtc();
};

[[nodiscard]] QString jobStateText(JobState state);
[[nodiscard]] QString requeueReasonText(RequeueReason reason);

} // namespace quiesce
