// SPDX-License-Identifier: GPL-3.0-only
// The store's side of its worker: replies come as events, faults are probed by an alarm.
#include "service/jobs/sqlite/sqlitejobstore.h"

#include "service/core/clock.h"
#include "service/jobs/sqlite/storeworker.h"

#include <QPointer>
#include <utility>

namespace quiesce {

namespace {

/// Has the worker look whether the file can be written again.
class Probe final : public StoreCall
{
public:
    Probe()
        : StoreCall(Access::Control, 0)
    { }
    void run(JobLedger &ledger) override { ledger.probe(); }
    void fail(const StoreError &) override { }
    void answer() override { }
};

} // namespace

SqliteJobStore::SqliteJobStore(const QString &path, Clock &clock, QObject *parent)
    : BatchedJobStore(parent)
    , m_clock(clock)
    , m_probeAlarm(clock.makeAlarm([this] { probe(); }))
{
    connect(this, &SqliteJobStore::batchDone, this, &SqliteJobStore::takeDone,
            Qt::QueuedConnection);
    m_worker = std::make_unique<StoreWorker>(path, clock,
                                             [this](StoreBatch batch, const StoreFacts &facts) {
                                                 const std::scoped_lock lock(m_mutex);
                                                 m_done.push_back({ std::move(batch), facts });
                                                 if (m_done.size() == 1)
                                                     Q_EMIT batchDone(QPrivateSignal());
                                             });
}

SqliteJobStore::~SqliteJobStore() = default;

void SqliteJobStore::enqueue(std::unique_ptr<StoreCall> call)
{
    m_worker->put(std::move(call));
}

void SqliteJobStore::takeDone()
{
    std::vector<DoneBatch> done;
    {
        const std::scoped_lock lock(m_mutex);
        done = std::exchange(m_done, {});
    }
    const QPointer<SqliteJobStore> self(this);
    for (const DoneBatch &each : done) {
        take(each.batch, each.facts);
        if (!self)
            return;
    }
}

void SqliteJobStore::take(const StoreBatch &batch, const StoreFacts &facts)
{
    planProbe(facts);
    deliver(batch, facts); // may destroy this
}

void SqliteJobStore::planProbe(const StoreFacts &facts)
{
    if (!facts.isToBeProbed) {
        m_probeAlarm->clear();
        m_nextProbe = kFirstProbe;
    } else if (!m_probeAlarm->isSet()) {
        m_probeAlarm->setAt(m_clock.now() + m_nextProbe);
        m_nextProbe = std::min(m_nextProbe * 2, kLongestProbe);
    }
}

void SqliteJobStore::probe()
{
    accept(std::make_unique<Probe>());
}

} // namespace quiesce
