// SPDX-License-Identifier: GPL-3.0-only
// Jobs in a map by id, with the orders of those that wait and of those that ended beside it.
#include "service/jobs/memoryledger.h"

#include "service/core/clock.h"

#include <QHash>
#include <QUuid>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

bool fits(const Job &job, const JobQuery &query)
{
    return (!query.state || job.state == *query.state)
        && (query.kind.isEmpty() || job.kind == query.kind);
}

bool isWaiting(JobState state)
{
    return state == JobState::Queued || state == JobState::Scheduled;
}

} // namespace

MemoryLedger::MemoryLedger(const Clock &clock)
    : m_clock(clock)
{ }

JobLedger::Answer<int> MemoryLedger::open(const QString &)
{
    m_now = m_clock.utcNow();
    m_isOpen = true;
    int rescued = 0;
    for (auto &[id, entry] : m_jobs) {
        if (entry.stored.job.state != JobState::Running)
            continue;
        change(entry, [&](StoredJob &stored) { rescue(stored, RequeueReason::Crash, m_now); });
        ++rescued;
    }
    bringRetriesForward();
    return rescued;
}

JobLedger::Answer<Done> MemoryLedger::close()
{
    m_isOpen = false;
    return Done{};
}

void MemoryLedger::begin()
{
    const QDateTime now = m_clock.utcNow();
    const bool hasSteppedBack = m_now.isValid() && now < m_now;
    m_now = now;
    if (m_lastClaim.isValid())
        m_lastClaim = std::min(m_lastClaim, now);
    if (hasSteppedBack)
        bringRetriesForward();
}

void MemoryLedger::bringRetriesForward()
{
    for (auto &[id, entry] : m_jobs) {
        if (entry.stored.backOff)
            change(entry, [&](StoredJob &stored) { bringForward(stored, m_now); });
    }
}

StoreError MemoryLedger::rollback()
{
    m_hasFailed = false; // and there is nothing to undo
    return unavailable(m_fault);
}

bool MemoryLedger::fails()
{
    m_hasFailed = !m_fault.isEmpty();
    return m_hasFailed;
}

QString MemoryLedger::fault() const
{
    return m_isOpen ? m_fault : u"the job store is not open"_s;
}

StoreFacts MemoryLedger::takeFacts()
{
    StoreFacts facts;
    facts.counts = m_counts;
    facts.fault = fault();
    facts.hasNewWork = std::exchange(m_hasNewWork, false);
    for (const auto &[turn, entry] : m_waiting) {
        const bool isNext = entry->stored.job.state == JobState::Scheduled
            && (!m_lastClaim.isValid() || turn.first > m_lastClaim);
        if (isNext) {
            facts.nextDueAt = turn.first;
            break;
        }
    }
    return facts;
}

MemoryLedger::Entry *MemoryLedger::find(const QString &id)
{
    const auto found = m_jobs.find(id);
    return found == m_jobs.end() ? nullptr : &found->second;
}

MemoryLedger::Entry *MemoryLedger::findHeld(const Lease &lease)
{
    Entry *entry = find(lease.jobId);
    return entry && isHeldBy(entry->stored, lease) ? entry : nullptr;
}

MemoryLedger::Entry *MemoryLedger::findByKey(const QByteArray &key)
{
    const auto found = key.isEmpty() ? m_keys.end() : m_keys.find(key);
    return found == m_keys.end() ? nullptr : found->second;
}

void MemoryLedger::enter(Entry &entry)
{
    const Job &job = entry.stored.job;
    ++m_counts.of(job.state);
    if (isWaiting(job.state)) {
        m_waiting.emplace(Turn{ job.runAt, job.id }, &entry);
        m_hasNewWork = true;
    } else if (hasEnded(job.state)) {
        m_ended.emplace(Turn{ job.finishedAt, job.id }, &entry);
    }
}

void MemoryLedger::leave(Entry &entry)
{
    const Job &job = entry.stored.job;
    --m_counts.of(job.state);
    m_waiting.erase(Turn{ job.runAt, job.id });
    m_ended.erase(Turn{ job.finishedAt, job.id });
}

template <typename Work>
void MemoryLedger::change(Entry &entry, Work work)
{
    leave(entry);
    work(entry.stored);
    enter(entry);
}

JobLedger::Answer<Submitted> MemoryLedger::submit(const NewJob &job)
{
    if (const Entry *known = findByKey(job.idempotencyKey)) {
        if (known->stored.fingerprint != job.fingerprint)
            return Failure{ keyReused(known->stored.job) };
        return Submitted{ known->stored.job, false };
    }
    const auto [place, isNew] = m_jobs.try_emplace(job.id);
    if (!isNew)
        return Failure{ idTaken(job.id) };
    Entry &entry = place->second;
    entry.stored = accepted(job, m_now);
    enter(entry);
    if (!job.idempotencyKey.isEmpty())
        m_keys.emplace(job.idempotencyKey, &entry);
    return Submitted{ entry.stored.job, true };
}

JobLedger::Answer<Job> MemoryLedger::get(const QString &id)
{
    if (const Entry *entry = find(id))
        return entry->stored.job;
    return Failure{ notFound(id) };
}

JobLedger::Answer<JobPage> MemoryLedger::list(const JobQuery &query)
{
    JobPage page;
    if (!query.after.isEmpty() && QUuid::fromString(query.after).isNull())
        return page;
    const qsizetype limit = std::clamp(query.limit, 1, JobStore::kMaxPage);
    auto next = query.after.isEmpty() ? m_jobs.end() : m_jobs.lower_bound(query.after);
    while (next != m_jobs.begin()) {
        const Job &job = (--next)->second.stored.job;
        if (!fits(job, query))
            continue;
        if (page.jobs.size() == limit) {
            page.next = page.jobs.last().id;
            break;
        }
        page.jobs.append(job);
    }
    return page;
}

std::vector<MemoryLedger::Entry *> MemoryLedger::takeTurns(const ClaimRequest &request)
{
    QHash<QString, int> free;
    for (const ClaimRequest::Places &places : request.places)
        free[places.kind] += places.free;
    const auto limit = static_cast<size_t>(std::clamp(request.limit, 0, JobStore::kMaxPage));
    std::vector<Entry *> taken;
    for (const auto &[turn, entry] : m_waiting) {
        if (taken.size() == limit)
            break;
        if ((!request.ids.isEmpty() && !request.ids.contains(turn.second))
            || (request.queuedBefore.isValid() && turn.first > request.queuedBefore
                && entry->stored.job.state == JobState::Queued))
            continue;
        int &places = free[entry->stored.job.kind];
        if (places <= 0 || !isDue(entry->stored, m_now))
            continue;
        --places;
        taken.push_back(entry);
    }
    return taken;
}

JobLedger::Answer<QList<Job>> MemoryLedger::claim(const ClaimRequest &request)
{
    if (fails())
        return Failure{ unavailable(m_fault) };
    if (request.ids.isEmpty())
        m_lastClaim = m_now;
    QList<Job> jobs;
    for (Entry *entry : takeTurns(request)) {
        change(*entry, [&](StoredJob &stored) { beginAttempt(stored, request, m_now); });
        jobs.append(entry->stored.job);
    }
    return jobs;
}

JobLedger::Answer<Renewal> MemoryLedger::renew(const QList<Lease> &leases,
                                               std::chrono::milliseconds lease)
{
    if (fails())
        return Failure{ unavailable(m_fault) };
    Renewal renewal;
    for (const Lease &held : leases) {
        Entry *entry = findHeld(held);
        if (!entry) {
            renewal.lost.append(held.jobId);
            continue;
        }
        entry->stored.leasedUntil = m_now.addMSecs(lease.count());
        if (entry->stored.job.isCancelRequested)
            renewal.toCancel.append(held.jobId);
    }
    return renewal;
}

JobLedger::Answer<Done> MemoryLedger::checkpoint(const Lease &lease, const Checkpoint &checkpoint)
{
    if (fails())
        return Failure{ unavailable(m_fault) };
    Entry *entry = findHeld(lease);
    if (!entry)
        return Failure{ leaseLost(lease) };
    keepCheckpoint(entry->stored, checkpoint);
    return Done{};
}

JobLedger::Answer<Job> MemoryLedger::endAttempt(const Lease &lease, const AttemptEnd &end)
{
    if (fails())
        return Failure{ unavailable(m_fault) };
    Entry *entry = findHeld(lease);
    if (!entry)
        return Failure{ leaseLost(lease) };
    change(*entry, [&](StoredJob &stored) { quiesce::endAttempt(stored, end, m_now); });
    return entry->stored.job;
}

JobLedger::Answer<CancelResult> MemoryLedger::cancel(const QString &id)
{
    if (fails())
        return Failure{ unavailable(m_fault) };
    Entry *entry = find(id);
    if (!entry)
        return Failure{ notFound(id) };
    if (hasEnded(entry->stored.job.state))
        return Failure{ alreadyEnded(entry->stored.job) };
    change(*entry, [&](StoredJob &stored) { quiesce::cancel(stored, m_now); });
    return CancelResult{ entry->stored.job };
}

JobLedger::Answer<Done> MemoryLedger::setOutput(const Lease &lease, const JobOutput &output)
{
    if (fails())
        return Failure{ unavailable(m_fault) };
    Entry *entry = findHeld(lease);
    if (!entry)
        return Failure{ leaseLost(lease) };
    entry->output = output;
    return Done{};
}

JobLedger::Answer<JobOutput> MemoryLedger::output(const QString &id)
{
    if (const Entry *entry = find(id))
        return entry->output;
    return Failure{ notFound(id) };
}

void MemoryLedger::remove(Entry &entry)
{
    leave(entry);
    m_keys.erase(entry.stored.idempotencyKey);
    m_jobs.erase(QString(entry.stored.job.id)); // a copy: the entry goes
}

JobLedger::Answer<PruneResult> MemoryLedger::prune(const PruneRequest &request)
{
    if (fails())
        return Failure{ unavailable(m_fault) };
    PruneResult result;
    const auto goes = [&] {
        if (m_ended.empty())
            return false;
        const bool isOld =
            request.endedBefore.isValid() && m_ended.begin()->first.first < request.endedBefore;
        const bool isBeyond = request.keepEnded >= 0 && std::ssize(m_ended) > request.keepEnded;
        return isOld || isBeyond;
    };
    for (; result.removed < request.limit && goes(); ++result.removed)
        remove(*m_ended.begin()->second);
    result.hasMore = goes();
    return result;
}

} // namespace quiesce
