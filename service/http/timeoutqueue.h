// SPDX-License-Identifier: GPL-3.0-only
// TimeoutQueue: one time-out for thousands of connections at O(1) each, with a single alarm.
#pragma once

#include "service/core/clock.h"

#include <functional>

namespace quiesce {

class TimeoutQueue;

/// One place in one queue at a time; leaves it when destroyed.
class TimeoutLink final
{
public:
    explicit TimeoutLink(void *owner)
        : m_owner(owner)
    { }
    ~TimeoutLink() { disarm(); }
    TimeoutLink(const TimeoutLink &) = delete;
    TimeoutLink &operator=(const TimeoutLink &) = delete;

    void disarm();
    [[nodiscard]] bool isArmed() const { return m_queue != nullptr; }
    [[nodiscard]] bool isIn(const TimeoutQueue &queue) const { return m_queue == &queue; }
    [[nodiscard]] void *owner() const { return m_owner; }

private:
    friend class TimeoutQueue;
    void *m_owner;
    TimeoutQueue *m_queue = nullptr;
    TimeoutLink *m_previous = nullptr;
    TimeoutLink *m_next = nullptr;
    SteadyTime m_since;
};

/// A queue in which every member has the same time-out, so that the order of arming is the order
/// of expiry: no heap, no timer a connection.
///
/// Thread:  event loop only. Owns: its alarm; members are their owners'.
/// Limits:  an expiry may come late by one turn of the event loop, never early. setDuration() holds
///          for those armed already, too.
class TimeoutQueue final
{
public:
    /// `expired` gets the link's owner, disarmed, and may destroy it. A zero duration never
    /// expires.
    TimeoutQueue(Clock &clock, std::chrono::milliseconds duration,
                 std::function<void(void *owner)> expired);
    ~TimeoutQueue();
    TimeoutQueue(const TimeoutQueue &) = delete;
    TimeoutQueue &operator=(const TimeoutQueue &) = delete;

    /// Begins the time-out anew, leaving whatever queue the link was in.
    void arm(TimeoutLink &link, SteadyTime now);
    void setDuration(std::chrono::milliseconds duration);
    /// The one armed longest ago; null when there is none.
    [[nodiscard]] TimeoutLink *first() const { return m_first; }

private:
    friend class TimeoutLink;
    void unlink(TimeoutLink &link);
    void expireDue();
    void setAlarm();

    Clock &m_clock;
    std::chrono::milliseconds m_duration;
    std::function<void(void *owner)> m_expired;
    std::unique_ptr<Alarm> m_alarm;
    TimeoutLink *m_first = nullptr;
    TimeoutLink *m_last = nullptr;
};

} // namespace quiesce
