// SPDX-License-Identifier: GPL-3.0-only
// JobWaiters: see the header.
#include "service/jobs/jobwaiters.h"

#include <utility>
#include <vector>

namespace quiesce {

JobWaiters::JobWaiters(Clock &clock, Give give)
    : m_clock(clock)
    , m_give(std::move(give))
    , m_alarm(clock.makeAlarm([this] { ring(); }))
{ }

JobWaiters::Id JobWaiters::add(const QString &jobId, std::chrono::milliseconds timeout,
                               JobReply<Job> reply)
{
    const Id id = ++m_lastId;
    const SteadyTime due = m_clock.now() + timeout;
    m_waiters.emplace(id, Waiter{ jobId, std::move(reply), due });
    m_byJob.emplace(jobId, id);
    m_due.emplace(due, id);
    setAlarm();
    return id;
}

void JobWaiters::remove(Id waiter)
{
    const auto found = m_waiters.find(waiter);
    if (found == m_waiters.end())
        return;
    static_cast<void>(take(found));
    setAlarm();
}

JobWaiters::Waiter JobWaiters::take(Waiters::iterator waiter)
{
    m_byJob.erase({ waiter->second.jobId, waiter->first });
    m_due.erase({ waiter->second.due, waiter->first });
    Waiter taken = std::move(waiter->second);
    m_waiters.erase(waiter);
    return taken;
}

void JobWaiters::answer(const QString &jobId, const Result<Job, JobError> &result)
{
    std::vector<JobReply<Job>> replies; // a reply may add or answer others
    for (auto next = m_byJob.lower_bound({ jobId, 0 });
         next != m_byJob.end() && next->first == jobId; next = m_byJob.lower_bound({ jobId, 0 }))
        replies.push_back(take(m_waiters.find(next->second)).reply);
    setAlarm();
    for (const JobReply<Job> &reply : replies)
        reply(result);
}

QStringList JobWaiters::jobIds() const
{
    QStringList ids;
    for (const auto &[jobId, waiter] : m_byJob) {
        if (ids.isEmpty() || ids.constLast() != jobId)
            ids.append(jobId);
    }
    return ids;
}

void JobWaiters::giveAll()
{
    m_byJob.clear();
    m_due.clear();
    m_alarm->clear();
    for (auto &[id, waiter] : std::exchange(m_waiters, {}))
        m_give(waiter.jobId, std::move(waiter.reply));
}

void JobWaiters::ring()
{
    while (!m_due.empty() && m_due.begin()->first <= m_clock.now()) {
        Waiter waiter = take(m_waiters.find(m_due.begin()->second));
        m_give(waiter.jobId, std::move(waiter.reply));
    }
    setAlarm();
}

void JobWaiters::setAlarm()
{
    if (m_due.empty())
        m_alarm->clear();
    else
        m_alarm->setAt(m_due.begin()->first);
}

} // namespace quiesce
