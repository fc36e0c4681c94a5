// SPDX-License-Identifier: GPL-3.0-only
// The worker's loop: see the header.
#include "service/jobs/sqlite/storeworker.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

StoreWorker::StoreWorker(const QString &path, const Clock &clock, Done done)
    : m_path(path)
    , m_clock(clock)
    , m_done(std::move(done))
{
    setObjectName(u"job store"_s);
    start();
}

StoreWorker::~StoreWorker()
{
    m_queue.stop();
    wait();
}

void StoreWorker::run()
{
    SqliteLedger ledger(m_path, m_clock);
    std::chrono::microseconds patience{ 0 };
    for (;;) {
        StoreBatch batch = m_queue.take(patience);
        if (batch.empty())
            return;
        const auto began = std::chrono::steady_clock::now();
        execute(ledger, batch);
        const auto took = std::chrono::steady_clock::now() - began;
        patience =
            std::min(std::chrono::duration_cast<std::chrono::microseconds>(took) / kPatienceShare,
                     kLongestPatience);
        m_done(std::move(batch), ledger.takeFacts());
    }
}

} // namespace quiesce
