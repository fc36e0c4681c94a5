// SPDX-License-Identifier: GPL-3.0-only
// What the store does beside calls: it listens, watches leases, and loses patience.
#include "service/jobs/postgresql/postgresjobstore.h"

#include "service/jobs/postgresql/postgresledger.h"
#include "service/jobs/postgresql/postgresnotices.h"

#include <QPointer>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

PostgresJobStore::PostgresJobStore(const std::shared_ptr<const PostgresOptions> &options,
                                   Clock &clock, QObject *parent)
    : PostgresJobStore(options, std::make_shared<PostgresLine>(), clock, parent)
{ }

PostgresJobStore::PostgresJobStore(const std::shared_ptr<const PostgresOptions> &options,
                                   const std::shared_ptr<PostgresLine> &line, Clock &clock,
                                   QObject *parent)
    : ThreadedJobStore(
        clock,
        [options, line, &clock] { return std::make_unique<PostgresLedger>(options, line, clock); },
        kLongestProbe, parent)
    , m_clock(clock)
    , m_options(options)
    , m_line(line)
    , m_patience(clock.makeAlarm([this] {
        m_line->cut();
        m_patience->setAt(m_clock.now() + m_options->patience);
    }))
    , m_watch(clock.makeAlarm([this] { watch(); }))
{ }

PostgresJobStore::~PostgresJobStore()
{
    m_notices.reset();
    endWorker(kLongestEnd, [this] { m_line->giveUp(); });
}

void PostgresJobStore::open(const QString &owner, Reply<int> reply)
{
    listen(owner);
    ThreadedJobStore::open(owner, std::move(reply));
}

void PostgresJobStore::openBeside(const QString &owner, const QString &predecessor,
                                  Reply<int> reply)
{
    listen(owner);
    ThreadedJobStore::openBeside(owner, predecessor, std::move(reply));
}

QLatin1StringView PostgresJobStore::engine() const
{
    return "postgresql"_L1;
}

void PostgresJobStore::listen(const QString &owner)
{
    m_owner = owner;
    if (m_notices)
        return;
    m_notices = std::make_unique<PostgresNotices>(m_options);
    connect(m_notices.get(), &PostgresNotices::heard, this, &PostgresJobStore::takeNotice);
    connect(m_notices.get(), &PostgresNotices::listening, this, [this] {
        watch();
        Q_EMIT workAdded();
        noteChange({});
    });
    m_notices->start();
}

void PostgresJobStore::takeNotice(const QByteArray &bytes)
{
    const auto notice = PostgresNotice::fromBytes(bytes);
    if (!notice || notice->from == m_owner)
        return;
    watchSoon(kCountsWait);
    if (notice->hasWork)
        Q_EMIT workAdded();
    if (!notice->changed.isEmpty())
        noteChange(notice->changed);
}

/// A claim may be committed and its reply be on its way, while another instance already asks for
/// that job to be cancelled: heard before the reply, it would be of a job that nobody here knows.
void PostgresJobStore::noteChange(const QStringList &ids)
{
    const bool isTooMany = m_untold.size() == kMaxUntold;
    if (isTooMany)
        m_untold.clear();
    m_untold.push_back({ isTooMany ? QStringList() : ids, accepted() });
    tellOfChanges();
}

void PostgresJobStore::tellOfChanges()
{
    const QPointer<PostgresJobStore> self(this);
    while (self && !m_untold.empty() && m_untold.front().after <= answered()) {
        const QStringList ids = std::move(m_untold.front().ids);
        m_untold.pop_front();
        Q_EMIT changedElsewhere(ids);
    }
}

void PostgresJobStore::watchSoon(std::chrono::milliseconds in)
{
    const SteadyTime at = m_clock.now() + in;
    if (!m_watch->isSet() || m_watchAt > at) {
        m_watchAt = at;
        m_watch->setAt(at);
    }
}

void PostgresJobStore::watch()
{
    m_watch->clear();
    order([](JobLedger &ledger) { static_cast<PostgresLedger &>(ledger).watch(); });
}

void PostgresJobStore::enqueue(std::unique_ptr<StoreCall> call)
{
    if (!m_patience->isSet())
        m_patience->setAt(m_clock.now() + m_options->patience);
    ThreadedJobStore::enqueue(std::move(call));
}

void PostgresJobStore::delivered(const StoreFacts &facts)
{
    m_patience->clear();
    if (waiting() > 0)
        m_patience->setAt(m_clock.now() + m_options->patience);
    if (facts.leaseRunsOutIn)
        watchSoon(*facts.leaseRunsOutIn);
    else
        m_watch->clear();
    tellOfChanges();
}

} // namespace quiesce
