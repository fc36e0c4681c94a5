// SPDX-License-Identifier: GPL-3.0-only
// Calls gathered for a turn of the event loop, then done on a MemoryLedger.
#include "service/jobs/memoryjobstore.h"

namespace quiesce {

using namespace Qt::StringLiterals;

MemoryJobStore::MemoryJobStore(const Clock &clock, QObject *parent)
    : BatchedJobStore(parent)
    , m_ledger(clock)
{ }

void MemoryJobStore::setFault(const QString &reason)
{
    m_ledger.setFault(reason);
    QMetaObject::invokeMethod(this, &MemoryJobStore::runBatch, Qt::QueuedConnection);
}

void MemoryJobStore::enqueue(std::unique_ptr<StoreCall> call)
{
    m_batch.push_back(std::move(call));
    if (m_batch.size() == 1)
        QMetaObject::invokeMethod(this, &MemoryJobStore::runBatch, Qt::QueuedConnection);
}

void MemoryJobStore::runBatch()
{
    const StoreBatch batch = std::exchange(m_batch, {});
    execute(m_ledger, batch);
    deliver(batch, m_ledger.takeFacts());
}

QLatin1StringView MemoryJobStore::engine() const
{
    return "memory"_L1;
}

} // namespace quiesce
