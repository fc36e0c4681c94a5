// SPDX-License-Identifier: GPL-3.0-only
// ManualClock: a clock that stands still until a test moves it.
#pragma once

#include "service/core/clock.h"

#include <QList>
#include <QObject>
#include <atomic>

namespace quiesce::test {

/// Tells the time it was moved to. utcNow() starts at 2026-01-02T03:04:05.000Z and moves along.
///
/// Thread: now() and utcNow() from any thread; advance() and the alarms on one. It must outlive
///         its alarms.
class ManualClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime now() const override { return SteadyTime(m_sinceEpoch.load()); }
    [[nodiscard]] QDateTime utcNow() const override;
    [[nodiscard]] std::unique_ptr<Alarm> makeAlarm(std::function<void()> work) override;

    /// Moves the time and rings what is due on the way, in order of time (of setting, for the same
    /// time), alarms set meanwhile included; each rings at its own time. Before the first and
    /// after each, queued calls are delivered (and those they queue, twenty deep), as an event loop
    /// that keeps up would.
    void advance(std::chrono::milliseconds by);
    /// How many alarms are set: zero when nothing waits for time any more.
    [[nodiscard]] int alarmsSet() const { return static_cast<int>(m_set.size()); }

private:
    class ManualAlarm;
    [[nodiscard]] ManualAlarm *nextDue(SteadyTime until) const;

    std::atomic<SteadyTime::duration> m_sinceEpoch{ std::chrono::hours(1'000) };
    QList<ManualAlarm *> m_set; ///< in order of setting
    QObject m_eventLoop; ///< for alarms set in the past, which ring without advance()
};

} // namespace quiesce::test
