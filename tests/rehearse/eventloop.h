// SPDX-License-Identifier: GPL-3.0-only
// The tool's event loop: epoll for descriptors, its timeout for timers. Nothing else wakes it.
#pragma once

#include "tests/rehearse/filedescriptor.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace quiesce::rehearse {

using Clock = std::chrono::steady_clock; // CLOCK_MONOTONIC
using TimePoint = Clock::time_point;

class Timer;
class Watch;

/// Waits for descriptors and instants and calls whoever asked for them.
///
/// Thread:  one; nothing here is safe to call from another.
/// Order:   outlives every Timer and Watch made on it.
/// Limits:  a Watch or Timer may go away inside any callback; events it still had are dropped.
class EventLoop final
{
public:
    EventLoop();
    EventLoop(const EventLoop &) = delete;
    EventLoop &operator=(const EventLoop &) = delete;

    /// Handles events until isDone() says so (asked before the first and after each batch) or the
    /// deadline has come. Returns whether isDone() did.
    bool runUntil(const std::function<bool()> &isDone, TimePoint deadline = TimePoint::max());

    /// When the batch being handled began: the time stamp of everything in it.
    [[nodiscard]] TimePoint wokenAt() const { return m_wokenAt; }

private:
    friend class Timer;
    friend class Watch;

    struct Slot
    {
        Watch *watch = nullptr;
        std::uint32_t generation = 0;
    };
    using Timers = std::multimap<TimePoint, Timer *>;

    void waitForBatch(TimePoint deadline);
    void dispatch(std::uint64_t tag, std::uint32_t events);
    void fireDueTimers();

    FileDescriptor m_epoll;
    std::vector<Slot> m_slots;
    std::vector<std::uint32_t> m_freeSlots;
    Timers m_timers;
    TimePoint m_wokenAt = Clock::now();
};

/// Calls once at an instant; may be started again, also by its own callback.
class Timer final
{
public:
    Timer(EventLoop &loop, std::function<void()> onTime);
    Timer(const Timer &) = delete;
    Timer &operator=(const Timer &) = delete;
    ~Timer();

    void startAt(TimePoint instant);
    void startIn(Clock::duration delay) { startAt(Clock::now() + delay); }
    void cancel();

private:
    friend class EventLoop;

    EventLoop &m_loop;
    std::function<void()> m_onTime;
    EventLoop::Timers::iterator m_position;
    bool m_isRunning = false;
};

/// Tells of each change of a descriptor, edge-triggered: its owner must read and write until
/// EAGAIN.
class Watch final
{
public:
    Watch(EventLoop &loop, int descriptor, std::uint32_t events,
          std::function<void(std::uint32_t)> onEvents);
    Watch(const Watch &) = delete;
    Watch &operator=(const Watch &) = delete;
    ~Watch();

private:
    friend class EventLoop;

    EventLoop &m_loop;
    int m_descriptor;
    std::uint32_t m_slot;
    std::function<void(std::uint32_t)> m_onEvents;
};

} // namespace quiesce::rehearse
