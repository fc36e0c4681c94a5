// SPDX-License-Identifier: GPL-3.0-only
// StoreWorker: the thread on which the SQLite store's calls are done.
#pragma once

#include "service/jobs/sqlite/callqueue.h"
#include "service/jobs/sqlite/sqliteledger.h"

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
    using Done = std::function<void(StoreBatch batch, const StoreFacts &facts)>;

    /// `done` is called on the worker's thread.
    StoreWorker(const QString &path, const Clock &clock, Done done);
    ~StoreWorker() override;

    void put(std::unique_ptr<StoreCall> call) { m_queue.put(std::move(call)); }

protected:
    void run() override;

private:
    /// Of how long the last batch took, so much is waited for the next to grow.
    static constexpr int kPatienceShare = 4;
    static constexpr std::chrono::microseconds kLongestPatience{ 2'000 };

    const QString m_path;
    const Clock &m_clock;
    const Done m_done;
    CallQueue m_queue;
};

} // namespace quiesce
