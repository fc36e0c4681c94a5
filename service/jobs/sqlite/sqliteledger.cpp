// SPDX-License-Identifier: GPL-3.0-only
// Calls as transitions of rows.
#include "service/jobs/sqlite/sqliteledger.h"

#include "service/core/clock.h"

#include <QHash>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// As much as a small batch writes, so that a fault is not over when only a few bytes fit.
constexpr int kProbeBytes = 256 * 1'024;

const QString &notOpen()
{
    static const QString text = u"the job store is not open"_s;
    return text;
}

} // namespace

SqliteLedger::SqliteLedger(const QString &path, const Clock &clock)
    : m_clock(clock)
    , m_file(path)
    , m_table(m_connection)
    , m_fault(notOpen())
{ }

JobLedger::Answer<int> SqliteLedger::open(const QString &)
{
    if (m_isOpen)
        return Failure{ unavailable(u"the job store is open already"_s) };
    m_connection.clearFailure();
    m_now = m_clock.utcNow();
    if (auto opened = m_file.open(m_connection, m_now); !opened) {
        m_fault = opened.error().reason;
        return Failure{ opened.error() };
    }
    Statement(m_connection, Sql::Begin).run();
    m_table.load();
    keepJobIdsAbove(idOf(m_table.lastKey()));
    const int rescued = rescueAll();
    bringRetriesForward();
    m_hasNewWork = true;
    m_isDamaged = false;
    m_fault.clear();
    commit();
    if (hasFailed())
        return failToOpen();
    m_isOpen = true;
    return rescued;
}

JobLedger::Answer<int> SqliteLedger::failToOpen()
{
    const SqlFailure failure = *m_connection.failure();
    m_connection.close();
    m_connection.clearFailure();
    StoreError error =
        failure.isDamage() ? m_file.setAside(failure.text, m_now) : m_file.errorOf(failure);
    m_fault = error.reason;
    return Failure{ std::move(error) };
}

JobLedger::Answer<Done> SqliteLedger::close()
{
    // What is committed is safe in the log as well; moving it makes the next start quicker.
    if (m_isOpen)
        m_connection.run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    m_connection.close();
    m_connection.clearFailure();
    m_isOpen = false;
    m_fault = notOpen();
    m_facts.nextDueAt.reset();
    return Done{};
}

int SqliteLedger::rescueAll()
{
    int rescued = 0;
    for (const QByteArray &key : m_table.running()) {
        const std::optional<JobRow> row = m_table.find(key);
        if (!row)
            break;
        StoredJob stored = row->stored;
        rescue(stored, m_now);
        m_table.update(*row, stored);
        ++rescued;
    }
    return rescued;
}

void SqliteLedger::bringRetriesForward()
{
    for (const QByteArray &key : m_table.retriesBeyond(m_now.toMSecsSinceEpoch())) {
        const std::optional<JobRow> row = m_table.find(key);
        if (!row)
            break;
        StoredJob stored = row->stored;
        if (!bringForward(stored, m_now))
            continue;
        m_table.update(*row, stored);
        m_hasNewWork = true;
    }
}

void SqliteLedger::begin()
{
    const QDateTime now = m_clock.utcNow();
    const bool hasSteppedBack = now < m_now;
    m_now = now;
    m_hasNewWork = false;
    m_countsBefore = m_table.counts();
    Statement(m_connection, Sql::Begin).run();
    if (hasSteppedBack)
        bringRetriesForward();
}

void SqliteLedger::commit()
{
    const std::optional<qint64> nextDueMs = m_table.nextDueMs(m_now.toMSecsSinceEpoch());
    Statement(m_connection, Sql::Commit).run();
    if (hasFailed())
        return;
    m_facts.counts = m_table.totals();
    m_facts.nextDueAt = nextDueMs ? std::optional(fromMs(*nextDueMs)) : std::nullopt;
    m_facts.hasNewWork = m_facts.hasNewWork || m_hasNewWork;
}

StoreError SqliteLedger::rollback()
{
    const SqlFailure failure = m_connection.failure().value_or(SqlFailure{});
    undo();
    const StoreError error = m_file.errorOf(failure);
    m_fault = error.reason;
    if (failure.isDamage()) {
        m_isDamaged = true;
        m_file.noteDamage();
    }
    return error;
}

void SqliteLedger::undo()
{
    m_connection.clearFailure();
    Statement(m_connection, Sql::Rollback).run();
    m_connection.clearFailure(); // SQLite may have rolled back by itself
    m_table.setCounts(m_countsBefore);
}

void SqliteLedger::probe()
{
    if (!m_isOpen || m_isDamaged)
        return;
    m_countsBefore = m_table.counts();
    m_connection.run(u"BEGIN IMMEDIATE"_s);
    m_connection.run(
        u"INSERT OR REPLACE INTO parts (id, part, bytes) VALUES (x'00', 0, zeroblob(%1))"_s.arg(
            kProbeBytes));
    m_connection.run(u"COMMIT"_s);
    m_connection.run(u"DELETE FROM parts WHERE id = x'00'"_s);
    if (hasFailed())
        rollback();
    else
        m_fault.clear();
}

StoreFacts SqliteLedger::takeFacts()
{
    StoreFacts facts = m_facts;
    facts.fault = m_fault;
    facts.isToBeProbed = m_isOpen && !m_isDamaged && !m_fault.isEmpty();
    m_facts.hasNewWork = false;
    return facts;
}

void SqliteLedger::noteWork(JobState state)
{
    if (state == JobState::Queued || state == JobState::Scheduled)
        m_hasNewWork = true;
}

std::optional<JobRow> SqliteLedger::find(const QString &id)
{
    return m_table.find(toKey(id));
}

JobLedger::Answer<Submitted> SqliteLedger::submit(const NewJob &job)
{
    if (const auto known = m_table.findByIdempotencyKey(job.idempotencyKey)) {
        if (known->stored.fingerprint != job.fingerprint)
            return Failure{ keyReused(known->stored.job) };
        return Submitted{ known->stored.job, false };
    }
    const StoredJob stored = accepted(job, m_now);
    if (!m_table.insert(stored))
        return Failure{ idTaken(job.id) };
    noteWork(stored.job.state);
    return Submitted{ stored.job, true };
}

JobLedger::Answer<Job> SqliteLedger::get(const QString &id)
{
    const auto row = find(id);
    if (!row)
        return Failure{ notFound(id) };
    return row->stored.job;
}

JobLedger::Answer<JobPage> SqliteLedger::list(const JobQuery &query)
{
    JobPage page;
    const int limit = std::clamp(query.limit, 1, JobStore::kMaxPage);
    const QByteArray below = query.after.isEmpty() ? QByteArray() : toKey(query.after);
    if (below.isNull() && !query.after.isEmpty())
        return page;
    for (const QByteArray &key : m_table.page(query, below, limit + 1)) {
        if (page.jobs.size() == limit) {
            page.next = page.jobs.last().id;
            break;
        }
        if (const auto row = m_table.find(key))
            page.jobs.append(row->stored.job);
    }
    return page;
}

std::vector<QByteArray> SqliteLedger::chooseTurns(const ClaimRequest &request)
{
    QHash<QString, int> free;
    for (const ClaimRequest::Places &places : request.places)
        free[places.kind] += places.free;
    const int limit = std::clamp(request.limit, 0, JobStore::kMaxPage);
    std::vector<JobTable::Turn> all;
    for (auto places = free.cbegin(); places != free.cend(); ++places) {
        const auto turns = m_table.turns(places.key(), m_now.toMSecsSinceEpoch(),
                                         std::clamp(places.value(), 0, limit));
        all.insert(all.end(), turns.begin(), turns.end());
    }
    std::sort(all.begin(), all.end());
    all.resize(std::min(all.size(), static_cast<size_t>(limit)));
    std::vector<QByteArray> keys;
    for (const auto &[runAtMs, key] : all)
        keys.push_back(key);
    return keys;
}

JobLedger::Answer<QList<Job>> SqliteLedger::claim(const ClaimRequest &request)
{
    QList<Job> jobs;
    for (const QByteArray &key : chooseTurns(request)) {
        const auto row = m_table.find(key);
        if (!row)
            break;
        StoredJob stored = row->stored;
        beginAttempt(stored, request, m_now);
        m_table.update(*row, stored);
        jobs.append(stored.job);
    }
    return jobs;
}

JobLedger::Answer<QStringList> SqliteLedger::renew(const QList<Lease> &leases,
                                                   std::chrono::milliseconds lease)
{
    const QDateTime until = m_now.addMSecs(lease.count());
    QStringList lost;
    for (const Lease &held : leases) {
        if (!m_table.renew(held, until))
            lost.append(held.jobId);
    }
    return lost;
}

JobLedger::Answer<Done> SqliteLedger::checkpoint(const Lease &lease, const Checkpoint &checkpoint)
{
    if (!m_table.keepCheckpoint(lease, checkpoint))
        return Failure{ leaseLost(lease) };
    return Done{};
}

JobLedger::Answer<Job> SqliteLedger::endAttempt(const Lease &lease, const AttemptEnd &end)
{
    const auto row = find(lease.jobId);
    if (!row || !isHeldBy(row->stored, lease))
        return Failure{ leaseLost(lease) };
    StoredJob stored = row->stored;
    quiesce::endAttempt(stored, end, m_now);
    m_table.update(*row, stored);
    noteWork(stored.job.state);
    return stored.job;
}

JobLedger::Answer<CancelResult> SqliteLedger::cancel(const QString &id)
{
    const auto row = find(id);
    if (!row)
        return Failure{ notFound(id) };
    if (hasEnded(row->stored.job.state))
        return Failure{ alreadyEnded(row->stored.job) };
    StoredJob stored = row->stored;
    quiesce::cancel(stored, m_now);
    m_table.update(*row, stored);
    return CancelResult{ stored.job };
}

JobLedger::Answer<Done> SqliteLedger::setOutput(const Lease &lease, const JobOutput &output)
{
    const auto row = find(lease.jobId);
    if (!row || !isHeldBy(row->stored, lease))
        return Failure{ leaseLost(lease) };
    m_table.setOutput(toKey(lease.jobId), output);
    return Done{};
}

JobLedger::Answer<JobOutput> SqliteLedger::output(const QString &id)
{
    if (!find(id))
        return Failure{ notFound(id) };
    return m_table.output(toKey(id));
}

qint64 SqliteLedger::endedCount() const
{
    const JobCounts totals = m_table.totals();
    qint64 ended = 0;
    for (const JobState state : kJobStates)
        ended += hasEnded(state) ? totals.of(state) : 0;
    return ended;
}

JobLedger::Answer<PruneResult> SqliteLedger::prune(const PruneRequest &request)
{
    PruneResult result;
    const int limit = std::clamp(request.limit, 0, JobStore::kMaxPage);
    const qint64 beyond = request.keepEnded < 0 ? 0 : endedCount() - request.keepEnded;
    for (const JobTable::Ended &ended : m_table.oldestEnded(limit + 1)) {
        const bool isOld = request.endedBefore.isValid()
            && ended.finishedAtMs < request.endedBefore.toMSecsSinceEpoch();
        if (!isOld && result.removed >= beyond)
            break;
        if (result.removed == limit) {
            result.hasMore = true;
            break;
        }
        m_table.remove(ended);
        ++result.removed;
    }
    result.hasMore = freeSomePages() || result.hasMore;
    return result;
}

bool SqliteLedger::freeSomePages()
{
    const int surplus = m_table.freePages() - kKeptFreePages;
    for (int freed = 0; freed < std::min(surplus, kFreedPages); ++freed)
        m_table.freeOnePage();
    return surplus > kFreedPages;
}

} // namespace quiesce
