// SPDX-License-Identifier: GPL-3.0-only
// JobLedger: the half of a store that does the calls, one after the other, where jobs are kept.
#pragma once

#include "service/jobs/jobstore.h"

#include <memory>
#include <optional>
#include <vector>

namespace quiesce {

/// What a store tells without being asked, as of a commit.
struct StoreFacts
{
    JobCounts counts;
    std::optional<QDateTime> nextDueAt;
    QString fault;
    bool isToBeProbed = false; ///< the fault may be over some time, as probe() will tell
    bool hasNewWork = false; ///< since the facts before
    /// In how long a lease of another may have run out; none: it has none.
    std::optional<std::chrono::milliseconds> leaseRunsOutIn;
};

/// Does the calls of JobStore, whose meaning it takes over, synchronously and in batches of which
/// all is kept or nothing.
///
/// Thread:  one at a time.
/// Order:   open(); then begin(), calls, and commit() or rollback(), again and again; close().
/// Errors:  what a call answers is its own and changes nothing. When the storage fails, hasFailed()
///          holds from then on, whatever calls answer means nothing, and all there is left to do
///          is rollback().
/// Blocks:  for the disk.
class JobLedger
{
public:
    template <typename T>
    using Answer = Result<T, StoreError>;

    JobLedger() = default;
    virtual ~JobLedger() = default;
    JobLedger(const JobLedger &) = delete;
    JobLedger &operator=(const JobLedger &) = delete;

    virtual Answer<int> open(const QString &owner) = 0;
    /// As JobStore::openBeside() and share(): for storage that two processes can have.
    virtual Answer<int> openBeside(const QString &owner, const QString &predecessor);
    virtual Answer<int> share(JobStore::Sharing how);
    virtual Answer<Done> close() = 0;
    [[nodiscard]] virtual bool isOpen() const = 0;

    virtual void begin() = 0;
    virtual void commit() = 0;
    /// Makes as if the batch had not begun, and says what the storage had. From then on there is a
    /// fault until probe() finds none.
    virtual StoreError rollback() = 0;
    [[nodiscard]] virtual bool hasFailed() const = 0;
    /// After a failure: undoes the batch and mends what made it fail. True: it may be done again,
    /// for the `repeats`-th time. False: nothing was done, and rollback() is to come.
    [[nodiscard]] virtual bool tryRepair(int repeats);
    /// Looks whether the storage takes changes again; outside a batch.
    virtual void probe() = 0;
    /// As of the last commit. Clears hasNewWork.
    virtual StoreFacts takeFacts() = 0;
    [[nodiscard]] virtual QString fault() const = 0;

    virtual Answer<Submitted> submit(const NewJob &job) = 0;
    virtual Answer<Job> get(const QString &id) = 0;
    virtual Answer<JobPage> list(const JobQuery &query) = 0;
    virtual Answer<QList<Job>> claim(const ClaimRequest &request) = 0;
    virtual Answer<Renewal> renew(const QList<Lease> &leases, std::chrono::milliseconds lease) = 0;
    virtual Answer<Done> checkpoint(const Lease &lease, const Checkpoint &checkpoint) = 0;
    virtual Answer<Job> endAttempt(const Lease &lease, const AttemptEnd &end) = 0;
    virtual Answer<CancelResult> cancel(const QString &id) = 0;
    virtual Answer<Done> setOutput(const Lease &lease, const JobOutput &output) = 0;
    virtual Answer<JobOutput> output(const QString &id) = 0;
    virtual Answer<PruneResult> prune(const PruneRequest &request) = 0;
};

/// A call of JobStore on its way: done where the ledger is, answered where the store lives.
class StoreCall
{
public:
    enum class Access : unsigned char {
        Read,
        Change,
        NewJob, ///< a change that is refused while there is a fault
        Control, ///< opens, closes: not in a batch
        Own, ///< the store's own, as its probes: as a control, and not among the calls that wait
    };

    StoreCall(Access access, qsizetype bytes)
        : m_access(access)
        , m_bytes(bytes)
    { }
    virtual ~StoreCall() = default;
    StoreCall(const StoreCall &) = delete;
    StoreCall &operator=(const StoreCall &) = delete;

    [[nodiscard]] Access access() const { return m_access; }
    [[nodiscard]] bool isInBatch() const
    {
        return m_access != Access::Control && m_access != Access::Own;
    }
    [[nodiscard]] qsizetype bytes() const { return m_bytes; }

    virtual void run(JobLedger &ledger) = 0;
    virtual void fail(const StoreError &error) = 0;
    /// After run() or fail(), once.
    virtual void answer() = 0;

private:
    const Access m_access;
    const qsizetype m_bytes;
};
using StoreBatch = std::vector<std::unique_ptr<StoreCall>>;

/// Does them in order, those between two controls as one batch of the ledger. When that fails and
/// the ledger mends it, each is done again by itself; when it cannot be kept, its changes are
/// answered with the reason, and its reads are done again without them.
void execute(JobLedger &ledger, const StoreBatch &batch);

} // namespace quiesce
