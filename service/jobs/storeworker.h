// SPDX-License-Identifier: GPL-3.0-only
// StoreWorker: the thread on which a store's calls are done.
#pragma once

#include "service/jobs/callqueue.h"

#include <QThread>
#include <functional>

namespace quiesce {

/// Takes what waits, does it as one batch, and passes it on, done, together with the facts.
///
/// Thread:  owned by that of the store; the ledger lives on the worker's own. Destroying it does
///          what still waits first.
/// Blocks:  the destructor, until that is on disk.
class StoreWorker final : public QThread
{
    Q_OBJECT

public:
    using MakeLedger = std::function<std::unique_ptr<JobLedger>()>;
    using Done = std::function<void(StoreBatch batch, const StoreFacts &facts)>;

    /// Both are called on the worker's thread.
    StoreWorker(MakeLedger make, Done done);
    ~StoreWorker() override;

    /// Does what still waits, and no more. False: it is not done after that time.
    [[nodiscard]] bool end(std::chrono::milliseconds patience);
    void put(std::unique_ptr<StoreCall> call) { m_queue.put(std::move(call)); }

protected:
    void run() override;

private:
    /// Of how long the last batch took, so much is waited for the next to grow.
    static constexpr int kPatienceShare = 4;
    static constexpr std::chrono::microseconds kLongestPatience{ 2'000 };

    const MakeLedger m_make;
    const Done m_done;
    CallQueue m_queue;
};

} // namespace quiesce
