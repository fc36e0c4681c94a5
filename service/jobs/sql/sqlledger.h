// SPDX-License-Identifier: GPL-3.0-only
// SqlLedger: what all stores in an SQL database share: each call, done on rows.
#pragma once

#include "service/jobs/jobledger.h"
#include "service/jobs/sql/jobtable.h"

#include <functional>
#include <limits>

namespace quiesce {

/// The calls within a batch. Opening, transactions and faults are the engine's.
///
/// Thread:  one, from open() to close().
/// Limits:  what those of JobTable and JobStore come to.
class SqlLedger : public JobLedger
{
public:
    [[nodiscard]] bool hasFailed() const final { return m_connection.failure().has_value(); }

    Answer<Submitted> submit(const NewJob &job) final;
    Answer<Job> get(const QString &id) final;
    Answer<JobPage> list(const JobQuery &query) final;
    Answer<QList<Job>> claim(const ClaimRequest &request) final;
    Answer<Renewal> renew(const QList<Lease> &leases, std::chrono::milliseconds lease) final;
    Answer<Done> checkpoint(const Lease &lease, const Checkpoint &checkpoint) final;
    Answer<Job> endAttempt(const Lease &lease, const AttemptEnd &end) final;
    Answer<CancelResult> cancel(const QString &id) final;
    Answer<Done> setOutput(const Lease &lease, const JobOutput &output) final;
    Answer<JobOutput> output(const QString &id) final;
    Answer<PruneResult> prune(const PruneRequest &request) final;

protected:
    SqlLedger(const SqlDialect &dialect, JobTable::Writers writers);

    /// The clock by which leases run out: one that all who share the database agree about.
    [[nodiscard]] virtual QDateTime leaseNow() const { return m_now; }
    /// A call has made this of a job.
    virtual void noteChange(const StoredJob &after);
    /// Before a call that wants the counts of this moment.
    virtual void refreshCounts() { }
    /// After jobs were removed: gives some of the room back. Whether there is more of it.
    [[nodiscard]] virtual bool freeRoom() { return false; }
    /// The call that ends that attempt has changed its row.
    virtual void noteEnd(const Lease &) { }
    /// The store has ended that attempt before, and whoever asks was not told.
    [[nodiscard]] virtual bool wasEndedUntold(const Lease &) const { return false; }

    [[nodiscard]] Connection &connection() { return m_connection; }
    [[nodiscard]] const Connection &connection() const { return m_connection; }
    [[nodiscard]] JobTable &table() { return m_table; }
    /// Writes what a transition has made of a row, and notes it.
    void update(const JobRow &before, const StoredJob &after);
    void bringRetriesForward();
    /// Those of `keys` are rescued for which there is a reason; how many.
    using ReasonToRescue = std::function<std::optional<RequeueReason>(const StoredJob &)>;
    int rescue(const std::vector<QByteArray> &keys, const ReasonToRescue &reasonFor);

    /// The batch is done as of this moment. Whether the clock has stepped back since the one
    /// before.
    bool setNow(const QDateTime &now);
    /// Of the last claim of whatever was due: what is due later counts as next.
    [[nodiscard]] qint64 lastClaimMs() const { return m_lastClaimMs; }

    QDateTime m_now; ///< of the batch
    bool m_hasNewWork = false; ///< in this batch

private:
    [[nodiscard]] std::vector<JobTable::Turn> turnsOf(const ClaimRequest &request,
                                                      const QString &kind, int limit);
    [[nodiscard]] std::vector<QByteArray> chooseTurns(const ClaimRequest &request);
    [[nodiscard]] qint64 endedCount() const;

    Connection m_connection;
    JobTable m_table;
    qint64 m_lastClaimMs = std::numeric_limits<qint64>::min();
};

} // namespace quiesce
