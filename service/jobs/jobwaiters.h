// SPDX-License-Identifier: GPL-3.0-only
// JobWaiters: those who wait for a job to end.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/joberror.h"

#include <functional>
#include <map>
#include <unordered_map>

namespace quiesce {

/// Keeps who waits for which job, and until when. Whoever's time is up is answered by `give`, which
/// looks the job up.
///
/// Thread:  event loop. Owns: the replies and one alarm for all of them.
/// Limits:  how many wait is the caller's to bound, by count().
class JobWaiters final
{
public:
    using Give = std::function<void(const QString &jobId, JobReply<Job> reply)>;

    JobWaiters(Clock &clock, Give give);

    void add(const QString &jobId, std::chrono::milliseconds timeout, JobReply<Job> reply);
    [[nodiscard]] int count() const { return static_cast<int>(m_byId.size()); }
    [[nodiscard]] bool isEmpty() const { return m_byId.empty(); }
    /// That job has ended, or cannot be waited for: whoever waits for it is answered at once.
    void answer(const QString &jobId, const Result<Job, JobError> &result);
    /// Nobody waits any longer: each is given its job as it is.
    void giveAll();

private:
    struct Waiter
    {
        JobReply<Job> reply;
        std::multimap<SteadyTime, QString>::iterator due;
    };
    using ById = std::unordered_multimap<QString, Waiter>;

    void ring();
    void setAlarm();

    Clock &m_clock;
    Give m_give;
    ById m_byId;
    std::multimap<SteadyTime, QString> m_due; ///< ids of jobs, by when a waiter's time is up
    std::unique_ptr<Alarm> m_alarm;
};

} // namespace quiesce
