// SPDX-License-Identifier: GPL-3.0-only
// SqliteJobStore: the embedded default: jobs in one SQLite file, no set-up.
#pragma once

#include "service/jobs/batchedjobstore.h"

#include <mutex>
#include <vector>

namespace quiesce {

class Alarm;
class Clock;
class StoreWorker;

/// Keeps jobs in a file, in write-ahead mode with `synchronous = FULL`: what was answered survives
/// the process and the power. One process at a time has the file; open() by another is answered
/// Unavailable.
///
/// Thread:  its own for calls and replies; the file is used on a worker's alone. Calls that come
///          while a commit is under way share the next one.
/// Blocks:  its destructor, until what was asked is on disk; nothing else.
/// Limits:  those of JobStore; memory also for SQLite's cache (64 MiB at most). The file shrinks in
///          small steps by prune(); the log beside it is moved into the file at 16 MiB.
/// Faults:  while there is one, writing is tried again after kFirstProbe, then after twice as long
///          each time, at most kLongestProbe; a damaged file is not tried again.
class SqliteJobStore final : public BatchedJobStore
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kFirstProbe{ 500 };
    static constexpr std::chrono::milliseconds kLongestProbe{ 30'000 };

    /// The file's folder must be there. The clock must outlive the store.
    SqliteJobStore(const QString &path, Clock &clock, QObject *parent = nullptr);
    ~SqliteJobStore() override;

protected:
    void enqueue(std::unique_ptr<StoreCall> call) override;

Q_SIGNALS:
    /// Its own, to cross threads: a queued signal hands over nothing but itself, what was done is
    /// behind the mutex.
    void batchDone(QPrivateSignal);

private:
    struct DoneBatch
    {
        StoreBatch batch;
        StoreFacts facts;
    };

    void takeDone();
    void take(const StoreBatch &batch, const StoreFacts &facts);
    void planProbe(const StoreFacts &facts);
    void probe();

    Clock &m_clock;
    std::unique_ptr<Alarm> m_probeAlarm;
    std::chrono::milliseconds m_nextProbe = kFirstProbe;
    std::mutex m_mutex; ///< for what follows
    std::vector<DoneBatch> m_done; ///< by the worker, and not delivered yet; JobStore bounds it
    std::unique_ptr<StoreWorker> m_worker; ///< last: it ends before what it uses
};

} // namespace quiesce
