// SPDX-License-Identifier: GPL-3.0-only
// MemoryLedger: jobs in this process's memory, gone with it.
#pragma once

#include "service/jobs/jobledger.h"
#include "service/jobs/storedjob.h"

#include <map>

namespace quiesce {

class Clock;

/// Limits: claims walk the waiting jobs from the oldest, so they take longer when very many wait of
///         kinds without a free place; pages walk the jobs of other states and kinds too.
class MemoryLedger final : public JobLedger
{
public:
    explicit MemoryLedger(const Clock &clock);

    /// A storage that fails in that way; empty: that works.
    void setFault(const QString &reason) { m_fault = reason; }

    Answer<int> open(const QString &owner) override;
    Answer<Done> close() override;
    [[nodiscard]] bool isOpen() const override { return m_isOpen; }

    void begin() override;
    void commit() override { }
    StoreError rollback() override;
    [[nodiscard]] bool hasFailed() const override { return m_hasFailed; }
    void probe() override { }
    StoreFacts takeFacts() override;
    [[nodiscard]] QString fault() const override;

    Answer<Submitted> submit(const NewJob &job) override;
    Answer<Job> get(const QString &id) override;
    Answer<JobPage> list(const JobQuery &query) override;
    Answer<QList<Job>> claim(const ClaimRequest &request) override;
    Answer<Renewal> renew(const QList<Lease> &leases, std::chrono::milliseconds lease) override;
    Answer<Done> checkpoint(const Lease &lease, const Checkpoint &checkpoint) override;
    Answer<Job> endAttempt(const Lease &lease, const AttemptEnd &end) override;
    Answer<CancelResult> cancel(const QString &id) override;
    Answer<Done> setOutput(const Lease &lease, const JobOutput &output) override;
    Answer<JobOutput> output(const QString &id) override;
    Answer<PruneResult> prune(const PruneRequest &request) override;

private:
    struct Entry
    {
        StoredJob stored;
        JobOutput output;
    };
    using Turn = std::pair<QDateTime, QString>; ///< by when, then by id
    using Turns = std::map<Turn, Entry *>;

    /// Whether changes fail, which then is remembered.
    [[nodiscard]] bool fails();
    [[nodiscard]] Entry *find(const QString &id);
    [[nodiscard]] Entry *findHeld(const Lease &lease);
    [[nodiscard]] Entry *findByKey(const QByteArray &key);
    /// Lets work change the entry, and keeps the counts and turns right.
    template <typename Work>
    void change(Entry &entry, Work work);
    void enter(Entry &entry);
    void leave(Entry &entry);
    void bringRetriesForward();
    [[nodiscard]] std::vector<Entry *> takeTurns(const ClaimRequest &request);
    void remove(Entry &entry);

    const Clock &m_clock;
    QDateTime m_now; ///< of the batch
    QDateTime m_lastClaim; ///< of whatever was due: what is due later counts as next
    QString m_fault;
    bool m_isOpen = false;
    bool m_hasFailed = false; ///< before anything of the batch was changed
    bool m_hasNewWork = false;
    std::map<QString, Entry> m_jobs; ///< by id
    std::map<QByteArray, Entry *> m_keys;
    Turns m_waiting; ///< queued and scheduled ones, by runAt
    Turns m_ended; ///< by finishedAt
    JobCounts m_counts;
};

} // namespace quiesce
