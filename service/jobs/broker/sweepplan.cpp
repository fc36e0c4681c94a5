// SPDX-License-Identifier: GPL-3.0-only
// SweepPlan: see the header.
#include "service/jobs/broker/sweepplan.h"

#include <algorithm>

namespace quiesce {

using std::chrono::milliseconds;

SweepPlan::SweepPlan(Clock &clock, JobStore &store)
    : m_clock(clock)
    , m_store(store)
{ }

void SweepPlan::look()
{
    const JobCounts counts = m_store.counts();
    if (counts.of(JobState::Queued) == 0)
        m_queuedSince.reset();
    else if (!m_queuedSince)
        m_queuedSince = m_clock.now();

    const QDateTime now = m_clock.utcNow();
    const std::optional<QDateTime> due = m_store.nextDueAt();
    if (due && (!m_nextDue || *due < *m_nextDue))
        m_nextDue = due;
    if (m_nextDue && *m_nextDue <= now) { // and others may have come due with it
        m_cameDueFrom = m_cameDueFrom ? std::min(*m_cameDueFrom, *m_nextDue) : *m_nextDue;
        m_cameDueUntil = now;
        m_isNew = true;
        m_nextDue = due && *due > now ? due : std::nullopt;
    }
    if (counts.of(JobState::Queued) + counts.of(JobState::Scheduled) == 0) {
        m_cameDueFrom.reset();
        m_nextDue.reset();
    }
}

void SweepPlan::begin()
{
    m_beganAt = m_clock.now();
    m_sweptUntil = m_clock.utcNow();
    m_isNew = false;
}

void SweepPlan::complete()
{
    if (!m_cameDueFrom)
        return;
    if (m_sweptUntil >= m_cameDueUntil)
        m_cameDueFrom.reset();
    else
        m_cameDueFrom = std::max(*m_cameDueFrom, m_sweptUntil);
}

SteadyTime SweepPlan::steady(const QDateTime &when) const
{
    const milliseconds wait(m_clock.utcNow().msecsTo(when));
    return m_clock.now() + std::clamp<milliseconds>(wait, milliseconds(0), kLongestSleep);
}

std::optional<SteadyTime> SweepPlan::next(milliseconds age) const
{
    std::optional<SteadyTime> next;
    const auto consider = [&next](SteadyTime when) { next = next ? std::min(*next, when) : when; };
    const auto considerDue = [&](const QDateTime &due, bool isNew) {
        const SteadyTime when = steady(due);
        consider(m_beganAt && !isNew ? std::max(when, *m_beganAt + kEvery) : when);
    };
    if (m_queuedSince)
        consider(std::max(*m_queuedSince + std::min<milliseconds>(age, kFirstLook),
                          m_beganAt ? *m_beganAt + kEvery : SteadyTime()));
    if (m_cameDueFrom)
        considerDue(*m_cameDueFrom, m_isNew);
    if (m_nextDue)
        considerDue(*m_nextDue, true);
    return next;
}

} // namespace quiesce
