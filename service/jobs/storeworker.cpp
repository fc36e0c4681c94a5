// SPDX-License-Identifier: GPL-3.0-only
// The worker's loop: see the header.
#include "service/jobs/storeworker.h"

#include <QDeadlineTimer>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

StoreWorker::StoreWorker(MakeLedger make, Done done)
    : m_make(std::move(make))
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

bool StoreWorker::end(std::chrono::milliseconds patience)
{
    m_queue.stop();
    return wait(QDeadlineTimer(patience));
}

void StoreWorker::run()
{
    const std::unique_ptr<JobLedger> ledger = m_make();
    std::chrono::microseconds patience{ 0 };
    for (;;) {
        StoreBatch batch = m_queue.take(patience);
        if (batch.empty())
            return;
        const auto began = std::chrono::steady_clock::now();
        execute(*ledger, batch);
        const auto took = std::chrono::steady_clock::now() - began;
        patience =
            std::min(std::chrono::duration_cast<std::chrono::microseconds>(took) / kPatienceShare,
                     kLongestPatience);
        m_done(std::move(batch), ledger->takeFacts());
    }
}

} // namespace quiesce
