// SPDX-License-Identifier: GPL-3.0-only
// The clock and its alarms as a seam, so that a test moves time instead of waiting for it.
#pragma once

#include <QDateTime>
#include <chrono>
#include <functional>
#include <memory>

namespace quiesce {

using SteadyTime = std::chrono::steady_clock::time_point;

/// A single-shot alarm at a point on the monotonic clock. Made by a Clock; belongs to its maker.
///
/// Thread: the one that made it. Destroying or clearing it means that its work does not run any
///         more; the work itself may set, clear or destroy its alarm.
class Alarm
{
public:
    virtual ~Alarm() = default;
    /// Replaces an earlier point; one in the past rings at the next turn of the event loop, never
    /// inside this call.
    virtual void setAt(SteadyTime when) = 0;
    virtual void clear() = 0;
    /// Whether it will still ring; false from when its work begins.
    [[nodiscard]] virtual bool isSet() const = 0;
};

/// Tells the time and rings alarms.
///
/// Thread: now() and utcNow() from any thread; makeAlarm() from a thread with an event loop.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual SteadyTime now() const = 0;
    [[nodiscard]] virtual QDateTime utcNow() const = 0;
    [[nodiscard]] virtual std::unique_ptr<Alarm> makeAlarm(std::function<void()> work) = 0;
};

/// The machine's clocks; alarms are precise QTimers (Qt::PreciseTimer), never early, at any
/// distance.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime now() const override;
    [[nodiscard]] QDateTime utcNow() const override;
    [[nodiscard]] std::unique_ptr<Alarm> makeAlarm(std::function<void()> work) override;
};

} // namespace quiesce
