// SPDX-License-Identifier: GPL-3.0-only
// ThreadedJobStore: a store whose ledger works on a thread of its own.
#pragma once

#include "service/jobs/batchedjobstore.h"

#include <mutex>
#include <vector>

namespace quiesce {

class Alarm;
class Clock;
class StoreWorker;

/// Thread:  its own for calls and replies; the ledger is made and used on a worker's alone. Calls
///          that come while a commit is under way share the next one.
/// Blocks:  its destructor, until what was asked is on stable storage, or the ledger has been
///          interrupted; nothing else.
/// Limits:  those of JobStore.
/// Faults:  while there is one, the ledger probes after kFirstProbe, then after twice as long each
///          time, at most `longestProbe`.
class ThreadedJobStore : public BatchedJobStore
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kFirstProbe{ 500 };

    ~ThreadedJobStore() override;

protected:
    using MakeLedger = std::function<std::unique_ptr<JobLedger>()>;

    /// `make` is called on the worker's thread, once. The clock must outlive the store.
    ThreadedJobStore(Clock &clock, MakeLedger make, std::chrono::milliseconds longestProbe,
                     QObject *parent);

    void enqueue(std::unique_ptr<StoreCall> call) override;
    /// For the destructor of a class whose ledger may hang: what was asked is done and the worker
    /// ends; when that takes longer than `patience`, `giveUp` is called, once, and must make what
    /// is left fail. After it nothing may be asked.
    void endWorker(std::chrono::milliseconds patience, const std::function<void()> &giveUp);
    /// Has the ledger do something of its own, in turn, outside a batch.
    void order(std::function<void(JobLedger &)> work);
    /// After a batch was delivered, its facts included. It may be destroyed by then.
    virtual void delivered(const StoreFacts &) { }

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
    void planProbe(const StoreFacts &facts);

    Clock &m_clock;
    const std::chrono::milliseconds m_longestProbe;
    std::unique_ptr<Alarm> m_probeAlarm;
    std::chrono::milliseconds m_nextProbe = kFirstProbe;
    std::mutex m_mutex; ///< for what follows
    std::vector<DoneBatch> m_done; ///< by the worker, and not delivered yet; JobStore bounds it
    std::unique_ptr<StoreWorker> m_worker; ///< last: it ends before what it uses
};

} // namespace quiesce
