// SPDX-License-Identifier: GPL-3.0-only
// PostgresLedger: the calls of a store, done in a PostgreSQL database that other instances share.
#pragma once

#include "service/jobs/postgresql/postgresline.h"
#include "service/jobs/postgresql/postgresoptions.h"
#include "service/jobs/sql/sqlledger.h"

#include <set>

namespace quiesce {

class Clock;

/// One transaction a batch, at READ COMMITTED with row locks; `synchronous_commit` is on. What
/// others are to hear is notified with the commit.
///
/// Thread:  one.
/// Blocks:  for the server, statements for at most kStatementTimeout by its own clock; what hangs
///          longer is cut by the PostgresLine.
/// Faults:  a batch that lost the connection, a deadlock or a serialisation is done again after
///          connecting anew, at most kMaxRepeats times. When the connection was lost in the commit
///          itself, the server is asked whether that transaction was committed; what cannot be
///          asked yet is asked at the next connection, and an attempt that proves to have been
///          ended then is answered so when it is ended again.
/// Source:  PostgreSQL 15, "Transaction ID and Snapshot Information Functions" (pg_xact_status).
class PostgresLedger final : public SqlLedger
{
public:
    static constexpr std::chrono::milliseconds kStatementTimeout{ 8'000 };
    static constexpr std::chrono::milliseconds kLockTimeout{ 5'000 };
    /// A transaction of ours that stands still, because we are cut off, holds rows: the server ends
    /// it after the lease, but no sooner and no later than this.
    static constexpr std::chrono::milliseconds kShortestIdle{ 2'000 };
    static constexpr std::chrono::milliseconds kLongestIdle{ 20'000 };
    /// Work that has been due for so long may have been overlooked: claims pass over rows that
    /// another holds, and nobody tells when it has let go of them without a change.
    static constexpr std::chrono::milliseconds kOverlookedAfter{ 1'000 };
    static constexpr int kMaxRepeats = 3;
    /// The longest that a lease which has run out may go unnoticed, or the lease if that is
    /// shorter.
    static constexpr std::chrono::milliseconds kLongestWatch{ 5'000 };
    static constexpr std::chrono::milliseconds kShortestWatch{ 50 };

    PostgresLedger(std::shared_ptr<const PostgresOptions> options,
                   std::shared_ptr<PostgresLine> line, const Clock &clock);
    ~PostgresLedger() override;

    Answer<int> open(const QString &owner) override;
    Answer<int> openBeside(const QString &owner, const QString &predecessor) override;
    Answer<int> share(JobStore::Sharing how) override;
    Answer<Done> close() override;
    [[nodiscard]] bool isOpen() const override { return m_isOpen; }

    void begin() override;
    void commit() override;
    StoreError rollback() override;
    [[nodiscard]] bool tryRepair(int repeats) override;
    void probe() override;
    StoreFacts takeFacts() override;
    [[nodiscard]] QString fault() const override { return m_fault; }

    /// Queues again what ran under leases that have run out, counts anew, and tells of work that
    /// is still there; outside a batch.
    void watch();

protected:
    [[nodiscard]] QDateTime leaseNow() const override { return m_serverNow; }
    void noteChange(const StoredJob &after) override;
    void refreshCounts() override { table().load(); }
    [[nodiscard]] bool wasEndedUntold(const Lease &lease) const override;
    void noteEnd(const Lease &lease) override;

private:
    using Attempt = std::pair<QString, int>; ///< of which job, and which one
    enum class Migrate : unsigned char { Yes, No };
    struct Overlooked
    {
        bool isQueued = false;
        std::optional<QDateTime> dueAt{}; ///< of the first that is scheduled
    };

    /// Also ends the session before it, which may hold rows, and asks what is in doubt.
    bool connectAnew();
    void disconnect();
    [[nodiscard]] bool isLost() const;
    Answer<int> enter(const QString &owner, const QString &predecessor, Migrate migrate);
    Answer<int> failToOpen(const StoreError &error);
    [[nodiscard]] StoreError errorOf(const SqlFailure &failure) const;
    int rescueOrphans(const QString &gone);
    [[nodiscard]] Overlooked findOverlooked();
    void notifyOthers();
    void learn();
    [[nodiscard]] bool isCommittedAfterAll();
    void endFormerSession();
    void resolveDoubt();
    void undo();

    const std::shared_ptr<const PostgresOptions> m_options;
    const std::shared_ptr<PostgresLine> m_line;
    const Clock &m_clock;
    QString m_owner;
    QString m_predecessor;
    bool m_isOpen = false;
    QString m_fault;
    QDateTime m_serverNow; ///< of the batch, by the server's clock
    StoreFacts m_facts; ///< as of the last commit
    JobTable::KindCounts m_countsBefore; ///< the batch
    bool m_isChanged = false; ///< a job, in this batch
    qint64 m_learnedOfClaimMs = 0; ///< lastClaimMs() at the last learn()
    QStringList m_ended; ///< in this batch
    QStringList m_toCancel; ///< in this batch, and run by another
    QList<Attempt> m_endedAttempts; ///< in this batch
    QString m_session; ///< the server's process of this connection, as a condition on it
    QString m_transaction; ///< id of one that is being committed, or that is in doubt
    QList<Attempt> m_inDoubt; ///< attempts whose end is: those of one batch
    bool m_wasCommitted = false; ///< what was in doubt at the last connection
    std::set<Attempt> m_untold; ///< ended, as was found out later; those of one batch
};

} // namespace quiesce
