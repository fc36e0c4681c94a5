// SPDX-License-Identifier: GPL-3.0-only
// Calls as transitions of rows.
#include "service/jobs/sql/sqlledger.h"

#include <QHash>
#include <algorithm>

namespace quiesce {

SqlLedger::SqlLedger(const SqlDialect &dialect, JobTable::Writers writers)
    : m_connection(dialect)
    , m_table(m_connection, writers)
{ }

void SqlLedger::bringRetriesForward()
{
    for (const QByteArray &key : m_table.retriesBeyond(m_now.toMSecsSinceEpoch())) {
        const std::optional<JobRow> row = m_table.findToChange(key);
        if (!row)
            break;
        StoredJob stored = row->stored;
        if (!bringForward(stored, m_now))
            continue;
        update(*row, stored);
    }
}

bool SqlLedger::setNow(const QDateTime &now)
{
    const bool hasSteppedBack = now < m_now;
    m_now = now;
    m_lastClaimMs = std::min(m_lastClaimMs, now.toMSecsSinceEpoch());
    return hasSteppedBack;
}

int SqlLedger::rescue(const std::vector<QByteArray> &keys, const ReasonToRescue &reasonFor)
{
    int rescued = 0;
    for (const QByteArray &key : keys) {
        const std::optional<JobRow> row = m_table.findToChange(key);
        if (!row)
            break;
        const std::optional<RequeueReason> reason = reasonFor(row->stored);
        if (!reason)
            continue;
        StoredJob stored = row->stored;
        quiesce::rescue(stored, *reason, m_now);
        update(*row, stored);
        ++rescued;
    }
    return rescued;
}

void SqlLedger::update(const JobRow &before, const StoredJob &after)
{
    m_table.update(before, after);
    noteChange(after);
}

void SqlLedger::noteChange(const StoredJob &after)
{
    if (after.job.state == JobState::Queued || after.job.state == JobState::Scheduled)
        m_hasNewWork = true;
}

JobLedger::Answer<Submitted> SqlLedger::submit(const NewJob &job)
{
    const auto known = [&](const JobRow &row) -> Answer<Submitted> {
        if (row.stored.fingerprint != job.fingerprint)
            return Failure{ keyReused(row.stored.job) };
        return Submitted{ row.stored.job, false };
    };
    if (const auto row = m_table.findByIdempotencyKey(job.idempotencyKey))
        return known(*row);
    const StoredJob stored = accepted(job, m_now);
    if (!m_table.insert(stored)) {
        // Another process may have been quicker with the same key.
        if (const auto row = m_table.findByIdempotencyKey(job.idempotencyKey))
            return known(*row);
        return Failure{ idTaken(job.id) };
    }
    noteChange(stored);
    return Submitted{ stored.job, true };
}

JobLedger::Answer<Job> SqlLedger::get(const QString &id)
{
    const auto row = m_table.find(toKey(id));
    if (!row)
        return Failure{ notFound(id) };
    return row->stored.job;
}

JobLedger::Answer<JobPage> SqlLedger::list(const JobQuery &query)
{
    JobPage page;
    const int limit = std::clamp(query.limit, 1, JobStore::kMaxPage);
    const QByteArray below = query.after.isEmpty() ? QByteArray() : toKey(query.after);
    if (below.isNull() && !query.after.isEmpty())
        return page;
    refreshCounts();
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

std::vector<JobTable::Turn> SqlLedger::turnsOf(const ClaimRequest &request, const QString &kind,
                                               int limit)
{
    const qint64 queuedBefore = request.queuedBefore.isValid()
        ? request.queuedBefore.toMSecsSinceEpoch()
        : std::numeric_limits<qint64>::max();
    return m_table.turns(kind, m_now.toMSecsSinceEpoch(), queuedBefore, limit);
}

std::vector<QByteArray> SqlLedger::chooseTurns(const ClaimRequest &request)
{
    std::vector<QByteArray> keys;
    if (!request.ids.isEmpty()) {
        for (const QString &id : request.ids.mid(0, JobStore::kMaxPage))
            keys.push_back(toKey(id));
        return keys;
    }
    QHash<QString, int> free;
    for (const ClaimRequest::Places &places : request.places)
        free[places.kind] += places.free;
    const int limit = std::clamp(request.limit, 0, JobStore::kMaxPage);
    std::vector<JobTable::Turn> all;
    for (auto places = free.cbegin(); places != free.cend(); ++places) {
        const auto turns = turnsOf(request, places.key(), std::clamp(places.value(), 0, limit));
        all.insert(all.end(), turns.begin(), turns.end());
    }
    std::sort(all.begin(), all.end());
    all.resize(std::min(all.size(), static_cast<size_t>(limit)));
    for (const auto &[runAtMs, key] : all)
        keys.push_back(key);
    return keys;
}

JobLedger::Answer<QList<Job>> SqlLedger::claim(const ClaimRequest &request)
{
    if (request.ids.isEmpty())
        m_lastClaimMs = m_now.toMSecsSinceEpoch();
    QList<Job> jobs;
    QHash<QString, int> free;
    for (const ClaimRequest::Places &places : request.places)
        free[places.kind] += places.free;
    for (const QByteArray &key : chooseTurns(request)) {
        const auto row = m_table.findToChange(key);
        if (hasFailed() || jobs.size() >= request.limit)
            break;
        if (!row || !isDue(row->stored, m_now) || free[row->stored.job.kind] <= 0)
            continue;
        --free[row->stored.job.kind];
        StoredJob stored = row->stored;
        beginAttempt(stored, request, m_now);
        stored.leasedUntil = leaseNow().addMSecs(request.lease.count());
        update(*row, stored);
        jobs.append(stored.job);
    }
    return jobs;
}

JobLedger::Answer<Renewal> SqlLedger::renew(const QList<Lease> &leases,
                                            std::chrono::milliseconds lease)
{
    const QDateTime until = leaseNow().addMSecs(lease.count());
    Renewal renewal;
    for (const Lease &held : leases) {
        const std::optional<bool> isToCancel = m_table.renew(held, until);
        if (!isToCancel)
            renewal.lost.append(held.jobId);
        else if (*isToCancel)
            renewal.toCancel.append(held.jobId);
    }
    return renewal;
}

JobLedger::Answer<Done> SqlLedger::checkpoint(const Lease &lease, const Checkpoint &checkpoint)
{
    if (!m_table.keepCheckpoint(lease, checkpoint))
        return Failure{ leaseLost(lease) };
    return Done{};
}

JobLedger::Answer<Job> SqlLedger::endAttempt(const Lease &lease, const AttemptEnd &end)
{
    const auto row = m_table.findToChange(toKey(lease.jobId));
    if (row && wasEndedUntold(lease))
        return row->stored.job;
    if (!row || !isHeldBy(row->stored, lease))
        return Failure{ leaseLost(lease) };
    StoredJob stored = row->stored;
    quiesce::endAttempt(stored, end, m_now);
    update(*row, stored);
    noteEnd(lease);
    return stored.job;
}

JobLedger::Answer<CancelResult> SqlLedger::cancel(const QString &id)
{
    const auto row = m_table.findToChange(toKey(id));
    if (!row)
        return Failure{ notFound(id) };
    if (hasEnded(row->stored.job.state))
        return Failure{ alreadyEnded(row->stored.job) };
    StoredJob stored = row->stored;
    quiesce::cancel(stored, m_now);
    update(*row, stored);
    return CancelResult{ stored.job };
}

JobLedger::Answer<Done> SqlLedger::setOutput(const Lease &lease, const JobOutput &output)
{
    const auto row = m_table.findToChange(toKey(lease.jobId));
    if (!row || !isHeldBy(row->stored, lease))
        return Failure{ leaseLost(lease) };
    m_table.setOutput(toKey(lease.jobId), output);
    return Done{};
}

JobLedger::Answer<JobOutput> SqlLedger::output(const QString &id)
{
    if (!m_table.find(toKey(id)))
        return Failure{ notFound(id) };
    return m_table.output(toKey(id));
}

qint64 SqlLedger::endedCount() const
{
    const JobCounts totals = m_table.totals();
    qint64 ended = 0;
    for (const JobState state : kJobStates)
        ended += hasEnded(state) ? totals.of(state) : 0;
    return ended;
}

JobLedger::Answer<PruneResult> SqlLedger::prune(const PruneRequest &request)
{
    refreshCounts();
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
    result.hasMore = freeRoom() || result.hasMore;
    return result;
}

} // namespace quiesce
