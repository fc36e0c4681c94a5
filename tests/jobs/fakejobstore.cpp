// SPDX-License-Identifier: GPL-3.0-only
// FakeJobStore: see the header.
#include "tests/jobs/fakejobstore.h"

#include <algorithm>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

bool isWaiting(const Job &job)
{
    return job.state == JobState::Queued || job.state == JobState::Scheduled;
}

StoreError because(StoreError::Kind kind, const QString &reason)
{
    return { kind, reason };
}

} // namespace

void FakeJobStore::setFault(const QString &reason)
{
    m_fault = reason;
    Q_EMIT faultChanged();
}

void FakeJobStore::release()
{
    m_isHeld = false;
    deliver();
}

void FakeJobStore::takeAway(const QString &id)
{
    Job &job = m_jobs.at(id);
    job.state = JobState::Queued;
    job.requeues.append({ m_clock.utcNow(), RequeueReason::LeaseLost });
}

void FakeJobStore::askToCancel(const QString &id)
{
    m_jobs.at(id).isCancelRequested = true;
}

template <typename T>
void FakeJobStore::answer(const Reply<T> &reply, const Result<T, StoreError> &result)
{
    m_answers.emplace_back([reply, result] { reply(result); });
    QMetaObject::invokeMethod(this, &FakeJobStore::deliver, Qt::QueuedConnection);
}

template <typename T>
bool FakeJobStore::refuses(const QString &call, const Reply<T> &reply)
{
    m_calls << call;
    const bool isRefused = m_isClosed || !m_fault.isEmpty() || m_refuse-- > 0;
    m_refuse = std::max(m_refuse, 0);
    if (isRefused)
        answer<T>(reply, Failure{ because(StoreError::Kind::Unavailable, m_fault) });
    return isRefused;
}

void FakeJobStore::deliver()
{
    while (!m_isHeld && !m_answers.empty()) {
        const std::function<void()> next = std::move(m_answers.front());
        m_answers.pop_front();
        next();
    }
}

bool FakeJobStore::holds(const Lease &lease) const
{
    const auto job = m_jobs.find(lease.jobId);
    return job != m_jobs.end() && job->second.state == JobState::Running
        && job->second.attempt == lease.attempt && job->second.owner == lease.owner;
}

void FakeJobStore::lookAhead()
{
    m_nextDueAt.reset();
    for (const auto &[id, job] : m_jobs) {
        if (isWaiting(job) && job.runAt > m_clock.utcNow()
            && (!m_nextDueAt || job.runAt < *m_nextDueAt))
            m_nextDueAt = job.runAt;
    }
}

void FakeJobStore::open(const QString & /*owner*/, Reply<int> reply)
{
    m_calls << u"open"_s;
    m_isClosed = false;
    int rescued = 0;
    for (auto &[id, job] : m_jobs) {
        if (job.state != JobState::Running)
            continue;
        ++rescued;
        job.requeues.append({ m_clock.utcNow(), RequeueReason::Crash });
        job.state = job.attempt < job.maxAttempts ? JobState::Queued : JobState::Failed;
    }
    answer<int>(reply, rescued);
}

void FakeJobStore::submit(NewJob job, Reply<Submitted> reply)
{
    if (refuses(u"submit"_s, reply))
        return;
    Job kept;
    kept.id = job.id;
    kept.kind = job.kind;
    kept.payload = job.payload;
    kept.maxAttempts = job.maxAttempts;
    kept.timeout = job.timeout;
    kept.createdAt = m_clock.utcNow();
    kept.runAt = job.runAt.isValid() ? job.runAt : kept.createdAt;
    kept.state = kept.runAt > kept.createdAt ? JobState::Scheduled : JobState::Queued;
    m_jobs.emplace(kept.id, kept);
    lookAhead();
    answer<Submitted>(reply, Submitted{ kept, true });
    QMetaObject::invokeMethod(this, &JobStore::workAdded, Qt::QueuedConnection);
}

void FakeJobStore::get(const QString &id, Reply<Job> reply)
{
    if (const auto job = m_jobs.find(id); job != m_jobs.end())
        answer<Job>(reply, job->second);
    else
        answer<Job>(reply, Failure{ because(StoreError::Kind::NotFound, u"no job "_s + id) });
}

void FakeJobStore::list(JobQuery query, Reply<JobPage> reply)
{
    JobPage page;
    for (auto job = m_jobs.rbegin(); job != m_jobs.rend() && page.jobs.size() < query.limit; ++job)
        page.jobs.append(job->second);
    answer<JobPage>(reply, page);
}

void FakeJobStore::claim(ClaimRequest request, Reply<QList<Job>> reply)
{
    const QString which = request.ids.isEmpty() ? QString() : u" of "_s + request.ids.join(u',');
    if (refuses(u"claim %1"_s.arg(request.limit) + which, reply))
        return;
    std::vector<Job *> due;
    for (auto &[id, job] : m_jobs) {
        const bool isAsked = (request.ids.isEmpty() || request.ids.contains(id))
            && (!request.queuedBefore.isValid() || job.state == JobState::Scheduled
                || job.runAt <= request.queuedBefore);
        if (isAsked && isWaiting(job) && job.runAt <= m_clock.utcNow())
            due.push_back(&job);
    }
    std::stable_sort(due.begin(), due.end(),
                     [](const Job *a, const Job *b) { return a->runAt < b->runAt; });
    QList<Job> claimed;
    for (Job *job : due) {
        const auto places =
            std::find_if(request.places.begin(), request.places.end(),
                         [&](const auto &row) { return row.kind == job->kind && row.free > 0; });
        if (claimed.size() == request.limit || places == request.places.end())
            continue;
        --places->free;
        job->state = JobState::Running;
        ++job->attempt;
        job->startedAt = m_clock.utcNow();
        job->owner = request.owner;
        claimed.append(*job);
    }
    lookAhead();
    answer<QList<Job>>(reply, claimed);
}

void FakeJobStore::renew(QList<Lease> leases, std::chrono::milliseconds /*lease*/,
                         Reply<Renewal> reply)
{
    if (refuses(u"renew %1"_s.arg(leases.size()), reply))
        return;
    Renewal renewal;
    for (const Lease &lease : leases) {
        if (!holds(lease))
            renewal.lost << lease.jobId;
        else if (m_jobs.at(lease.jobId).isCancelRequested)
            renewal.toCancel << lease.jobId;
    }
    answer<Renewal>(reply, renewal);
}

void FakeJobStore::checkpoint(Lease lease, Checkpoint checkpoint, Reply<Done> reply)
{
    if (refuses(u"checkpoint"_s, reply))
        return;
    if (!holds(lease)) {
        answer<Done>(reply, Failure{ because(StoreError::Kind::LeaseLost, u"lost"_s) });
        return;
    }
    m_jobs.at(lease.jobId).checkpoint = checkpoint.state;
    answer<Done>(reply, Done{});
}

void FakeJobStore::end(Job &job, const AttemptEnd &end) const
{
    job.finishedAt = m_clock.utcNow();
    job.state = JobState::Cancelled;
    if (const auto *success = std::get_if<AttemptEnd::Succeeded>(&end.how)) {
        job.state = JobState::Succeeded;
        job.result = success->result;
    } else if (const auto *failed = std::get_if<AttemptEnd::Failed>(&end.how)) {
        job.error = failed->error;
        const bool goesOn = failed->retryAt && job.attempt < job.maxAttempts;
        job.state = goesOn ? JobState::Scheduled : JobState::Failed;
        if (goesOn)
            job.runAt = *failed->retryAt;
    } else if (const auto *back = std::get_if<AttemptEnd::Requeued>(&end.how)) {
        if (job.isCancelRequested)
            return;
        job.state = JobState::Queued;
        job.requeues.append({ m_clock.utcNow(), back->reason });
        --job.attempt;
        if (back->checkpoint)
            job.checkpoint = back->checkpoint;
    }
}

void FakeJobStore::endAttempt(Lease lease, AttemptEnd how, Reply<Job> reply)
{
    if (refuses(u"end"_s, reply))
        return;
    if (!holds(lease)) {
        answer<Job>(reply, Failure{ because(StoreError::Kind::LeaseLost, u"lost"_s) });
        return;
    }
    if (m_refusesResults && std::holds_alternative<AttemptEnd::Succeeded>(how.how)) {
        answer<Job>(reply, Failure{ because(StoreError::Kind::TooLarge, u"too large"_s) });
        return;
    }
    Job &job = m_jobs.at(lease.jobId);
    end(job, how);
    lookAhead();
    answer<Job>(reply, job);
    if (isWaiting(job))
        QMetaObject::invokeMethod(this, &JobStore::workAdded, Qt::QueuedConnection);
}

void FakeJobStore::cancel(const QString &id, Reply<CancelResult> reply)
{
    if (refuses(u"cancel"_s, reply))
        return;
    Job &job = m_jobs.at(id);
    if (hasEnded(job.state)) {
        answer<CancelResult>(reply, Failure{ because(StoreError::Kind::Ended, u"ended"_s) });
        return;
    }
    if (job.state == JobState::Running)
        job.isCancelRequested = true;
    else
        job.state = JobState::Cancelled;
    answer<CancelResult>(reply, CancelResult{ job });
}

void FakeJobStore::setOutput(Lease lease, JobOutput output, Reply<Done> reply)
{
    if (refuses(u"output %1"_s.arg(output.bytes.size()), reply))
        return;
    m_outputs[lease.jobId] = output;
    answer<Done>(reply, Done{});
}

void FakeJobStore::output(const QString &id, Reply<JobOutput> reply)
{
    answer<JobOutput>(reply, m_outputs[id]);
}

void FakeJobStore::prune(PruneRequest request, Reply<PruneResult> reply)
{
    if (refuses(u"prune"_s, reply))
        return;
    PruneResult result;
    for (auto job = m_jobs.begin(); job != m_jobs.end();) {
        const bool isOld = hasEnded(job->second.state) && request.endedBefore.isValid()
            && job->second.finishedAt < request.endedBefore;
        const bool goes = isOld && result.removed < request.limit;
        result.hasMore = result.hasMore || (isOld && !goes);
        result.removed += goes ? 1 : 0;
        job = goes ? m_jobs.erase(job) : std::next(job);
    }
    answer<PruneResult>(reply, result);
}

void FakeJobStore::close(Reply<Done> reply)
{
    m_calls << u"close"_s;
    m_isClosed = true;
    answer<Done>(reply, Done{});
}

JobCounts FakeJobStore::counts() const
{
    JobCounts counts;
    for (const auto &[id, job] : m_jobs)
        ++counts.of(job.state);
    return counts;
}

} // namespace quiesce::test
