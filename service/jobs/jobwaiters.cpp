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

void JobWaiters::add(const QString &jobId, std::chrono::milliseconds timeout, JobReply<Job> reply)
{
    const auto due = m_due.emplace(m_clock.now() + timeout, jobId);
    m_byId.emplace(jobId, Waiter{ std::move(reply), due });
    setAlarm();
}

void JobWaiters::answer(const QString &jobId, const Result<Job, JobError> &result)
{
    const auto [first, last] = m_byId.equal_range(jobId);
    std::vector<JobReply<Job>> replies; // a reply may add or answer others
    for (auto waiter = first; waiter != last; ++waiter) {
        m_due.erase(waiter->second.due);
        replies.push_back(std::move(waiter->second.reply));
    }
    m_byId.erase(first, last);
    setAlarm();
    for (const JobReply<Job> &reply : replies)
        reply(result);
}

void JobWaiters::giveAll()
{
    m_due.clear();
    m_alarm->clear();
    for (auto &[jobId, waiter] : std::exchange(m_byId, {}))
        m_give(jobId, std::move(waiter.reply));
}

void JobWaiters::ring()
{
    while (!m_due.empty() && m_due.begin()->first <= m_clock.now()) {
        const auto due = m_due.begin();
        auto waiter = m_byId.find(due->second);
        while (waiter->second.due != due)
            ++waiter; // equal ones lie side by side
        const QString jobId = waiter->first;
        JobReply<Job> reply = std::move(waiter->second.reply);
        m_byId.erase(waiter);
        m_due.erase(due);
        m_give(jobId, std::move(reply));
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
