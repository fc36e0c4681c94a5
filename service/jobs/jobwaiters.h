// SPDX-License-Identifier: GPL-3.0-only
// JobWaiters: those who wait for a job to end.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/joberror.h"

#include <QStringList>
#include <functional>
#include <set>
#include <unordered_map>
#include <utility>

namespace quiesce {

/// Keeps who waits for which job, and until when. Whoever's time is up is answered by `give`, which
/// looks the job up.
///
/// Thread:  event loop. Owns: the replies and one alarm for all of them.
/// Limits:  how many wait is the caller's to bound, by count().
class JobWaiters final
{
public:
    using Id = quint64;
    using Give = std::function<void(const QString &jobId, JobReply<Job> reply)>;

    JobWaiters(Clock &clock, Give give);

    Id add(const QString &jobId, std::chrono::milliseconds timeout, JobReply<Job> reply);
    /// It does not wait any longer, and is not answered; nothing when it does not wait.
    void remove(Id waiter);
    [[nodiscard]] int count() const { return static_cast<int>(m_waiters.size()); }
    [[nodiscard]] QStringList jobIds() const; ///< that are waited for, each once
    [[nodiscard]] bool isEmpty() const { return m_waiters.empty(); }
    /// That job has ended, or cannot be waited for: whoever waits for it is answered at once.
    void answer(const QString &jobId, const Result<Job, JobError> &result);
    /// Nobody waits any longer: each is given its job as it is.
    void giveAll();

private:
    using Due = std::pair<SteadyTime, Id>;
    struct Waiter
    {
        QString jobId;
        JobReply<Job> reply;
        SteadyTime due;
    };
    using Waiters = std::unordered_map<Id, Waiter>;

    /// Takes it out of everything.
    [[nodiscard]] Waiter take(Waiters::iterator waiter);
    void ring();
    void setAlarm();

    Clock &m_clock;
    Give m_give;
    Id m_lastId = 0;
    Waiters m_waiters;
    std::set<std::pair<QString, Id>> m_byJob;
    std::set<Due> m_due;
    std::unique_ptr<Alarm> m_alarm;
};

} // namespace quiesce
