// SPDX-License-Identifier: GPL-3.0-only
// SweepPlan: when to look in the store for jobs that are due and that no message told of.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/jobstore.h"

namespace quiesce {

/// Follows what the store says of itself: that jobs are queued, and when the next one comes due.
///
/// Thread:  event loop. Owns: nothing; the clock and the store must outlive it.
/// Order:   look() whenever the store may have changed and around each claim: a claim makes
///          JobStore::nextDueAt() pass over what came due by then.
/// Limits:  a sweep when something comes due, which no message told of; else at most each kEvery,
///          and none while nothing is queued or waits for a place.
class SweepPlan final
{
public:
    static constexpr std::chrono::seconds kEvery{ 2 };
    /// From when jobs are queued: one rescued from a dead instance has been due for long, and is
    /// not to wait once more.
    static constexpr std::chrono::milliseconds kFirstLook{ 500 };
    /// A step of the wall clock is noticed within it.
    static constexpr std::chrono::minutes kLongestSleep{ 1 };

    SweepPlan(Clock &clock, JobStore &store);

    void look();
    /// A sweep has been asked.
    void begin();
    /// It has brought all that there was, of every kind.
    void complete();
    /// When the next one is to be, of what has been queued for `age`; none: when the store has
    /// changed.
    [[nodiscard]] std::optional<SteadyTime> next(std::chrono::milliseconds age) const;

private:
    [[nodiscard]] SteadyTime steady(const QDateTime &when) const;

    Clock &m_clock;
    JobStore &m_store;
    std::optional<SteadyTime> m_queuedSince; ///< some job or other has been
    std::optional<QDateTime> m_nextDue; ///< the earliest that the store spoke of, in the future
    std::optional<QDateTime> m_cameDueFrom; ///< and was not swept since
    QDateTime m_cameDueUntil; ///< the latest of them, or later
    QDateTime m_sweptUntil; ///< by the last sweep
    bool m_isNew = false; ///< something has come due since the last sweep was asked
    std::optional<SteadyTime> m_beganAt; ///< the last sweep
};

} // namespace quiesce
