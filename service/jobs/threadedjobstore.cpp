// SPDX-License-Identifier: GPL-3.0-only
// The store's side of its worker: replies come as events, faults are probed by an alarm.
#include "service/jobs/threadedjobstore.h"

#include "service/core/clock.h"
#include "service/jobs/storeworker.h"

#include <QPointer>
#include <utility>

namespace quiesce {

namespace {

/// What the ledger is to do by itself.
class Order final : public StoreCall
{
public:
    explicit Order(std::function<void(JobLedger &)> work)
        : StoreCall(Access::Own, 0)
        , m_work(std::move(work))
    { }
    void run(JobLedger &ledger) override { m_work(ledger); }
    void fail(const StoreError &) override { }
    void answer() override { }

private:
    const std::function<void(JobLedger &)> m_work;
};

} // namespace

ThreadedJobStore::ThreadedJobStore(Clock &clock, MakeLedger make,
                                   std::chrono::milliseconds longestProbe, QObject *parent)
    : BatchedJobStore(parent)
    , m_clock(clock)
    , m_longestProbe(longestProbe)
    , m_probeAlarm(clock.makeAlarm([this] { order([](JobLedger &ledger) { ledger.probe(); }); }))
{
    connect(this, &ThreadedJobStore::batchDone, this, &ThreadedJobStore::takeDone,
            Qt::QueuedConnection);
    m_worker = std::make_unique<StoreWorker>(std::move(make),
                                             [this](StoreBatch batch, const StoreFacts &facts) {
                                                 const std::scoped_lock lock(m_mutex);
                                                 m_done.push_back({ std::move(batch), facts });
                                                 if (m_done.size() == 1)
                                                     Q_EMIT batchDone(QPrivateSignal());
                                             });
}

ThreadedJobStore::~ThreadedJobStore() = default;

void ThreadedJobStore::endWorker(std::chrono::milliseconds patience,
                                 const std::function<void()> &giveUp)
{
    if (!m_worker->end(patience))
        giveUp();
    m_worker.reset();
}

void ThreadedJobStore::enqueue(std::unique_ptr<StoreCall> call)
{
    m_worker->put(std::move(call));
}

void ThreadedJobStore::order(std::function<void(JobLedger &)> work)
{
    enqueue(std::make_unique<Order>(std::move(work)));
}

void ThreadedJobStore::takeDone()
{
    std::vector<DoneBatch> done;
    {
        const std::scoped_lock lock(m_mutex);
        done = std::exchange(m_done, {});
    }
    const QPointer<ThreadedJobStore> self(this);
    for (const DoneBatch &each : done) {
        planProbe(each.facts);
        deliver(each.batch, each.facts);
        if (!self)
            return;
        delivered(each.facts);
        if (!self)
            return;
    }
}

void ThreadedJobStore::planProbe(const StoreFacts &facts)
{
    if (!facts.isToBeProbed) {
        m_probeAlarm->clear();
        m_nextProbe = kFirstProbe;
    } else if (!m_probeAlarm->isSet()) {
        m_probeAlarm->setAt(m_clock.now() + m_nextProbe);
        m_nextProbe = std::min(m_nextProbe * 2, m_longestProbe);
    }
}

} // namespace quiesce
