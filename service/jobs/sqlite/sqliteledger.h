// SPDX-License-Identifier: GPL-3.0-only
// SqliteLedger: the calls of a store, done on an SQLite file.
#pragma once

#include "service/jobs/jobledger.h"
#include "service/jobs/sqlite/jobtable.h"
#include "service/jobs/sqlite/storefile.h"

namespace quiesce {

class Clock;

/// One transaction a batch; a commit returns when it is on stable storage.
///
/// Thread:  one, from open() to close().
/// Limits:  what those of JobTable, StoreFile and JobStore come to.
class SqliteLedger final : public JobLedger
{
public:
    /// The file keeps up to so many free pages for what comes; prune() gives the rest back, at most
    /// so many pages in one step.
    static constexpr int kKeptFreePages = 1'024;
    static constexpr int kFreedPages = 256;

    SqliteLedger(const QString &path, const Clock &clock);

    Answer<int> open(const QString &owner) override;
    Answer<Done> close() override;
    [[nodiscard]] bool isOpen() const override { return m_isOpen; }

    void begin() override;
    void commit() override;
    StoreError rollback() override;
    [[nodiscard]] bool hasFailed() const override { return m_connection.failure().has_value(); }
    void probe() override;
    StoreFacts takeFacts() override;
    [[nodiscard]] QString fault() const override { return m_fault; }

    Answer<Submitted> submit(const NewJob &job) override;
    Answer<Job> get(const QString &id) override;
    Answer<JobPage> list(const JobQuery &query) override;
    Answer<QList<Job>> claim(const ClaimRequest &request) override;
    Answer<QStringList> renew(const QList<Lease> &leases, std::chrono::milliseconds lease) override;
    Answer<Done> checkpoint(const Lease &lease, const Checkpoint &checkpoint) override;
    Answer<Job> endAttempt(const Lease &lease, const AttemptEnd &end) override;
    Answer<CancelResult> cancel(const QString &id) override;
    Answer<Done> setOutput(const Lease &lease, const JobOutput &output) override;
    Answer<JobOutput> output(const QString &id) override;
    Answer<PruneResult> prune(const PruneRequest &request) override;

private:
    [[nodiscard]] std::optional<JobRow> find(const QString &id);
    [[nodiscard]] std::vector<QByteArray> chooseTurns(const ClaimRequest &request);
    int rescueAll();
    void bringRetriesForward();
    [[nodiscard]] qint64 endedCount() const;
    [[nodiscard]] bool freeSomePages();
    Answer<int> failToOpen();
    void noteWork(JobState state);
    void undo();

    const Clock &m_clock;
    StoreFile m_file;
    Connection m_connection;
    JobTable m_table;
    bool m_isOpen = false;
    bool m_isDamaged = false; ///< seen since open(): a fault that no probe ends
    QString m_fault;
    QDateTime m_now; ///< of the batch
    bool m_hasNewWork = false; ///< in this batch
    JobTable::KindCounts m_countsBefore; ///< the batch
    StoreFacts m_facts; ///< as of the last commit
};

} // namespace quiesce
