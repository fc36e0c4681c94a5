// SPDX-License-Identifier: GPL-3.0-only
// MemoryJobStore: a store without a disk, for tests and for programs whose jobs may die with them.
#pragma once

#include "service/jobs/batchedjobstore.h"
#include "service/jobs/memoryledger.h"

namespace quiesce {

/// Keeps the contract of JobStore as far as this process lives: "on stable storage" means here, and
/// jobs survive close() and open() of the same object.
///
/// Thread:  its own for everything; all calls of a turn of the event loop are one batch.
/// Limits:  memory grows with the jobs kept; prune() gives it back.
class MemoryJobStore final : public BatchedJobStore
{
    Q_OBJECT

public:
    explicit MemoryJobStore(const Clock &clock, QObject *parent = nullptr);

    /// From now on it behaves as on a disk that cannot be written, for that reason; empty: it can.
    void setFault(const QString &reason);
    [[nodiscard]] QLatin1StringView engine() const override;

protected:
    void enqueue(std::unique_ptr<StoreCall> call) override;

private:
    void runBatch();

    MemoryLedger m_ledger;
    StoreBatch m_batch; ///< what waits for the next turn
};

} // namespace quiesce
