// SPDX-License-Identifier: GPL-3.0-only
// The loop itself: wait, hand out the batch, fire what is due.
#include "tests/rehearse/eventloop.h"

#include <QString>
#include <array>
#include <cerrno>
#include <sys/epoll.h>

namespace quiesce::rehearse {

namespace {

constexpr int kBatch = 128;

timespec toTimespec(Clock::duration duration)
{
    using namespace std::chrono;
    const auto whole = floor<seconds>(duration);
    return { .tv_sec = whole.count(), .tv_nsec = nanoseconds(duration - whole).count() };
}

} // namespace

EventLoop::EventLoop()
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC))
{
    if (!m_epoll.isOpen())
        qFatal("no epoll: %s", qPrintable(qt_error_string(errno)));
}

bool EventLoop::runUntil(const std::function<bool()> &isDone, TimePoint deadline)
{
    m_wokenAt = Clock::now();
    while (!isDone()) {
        if (m_wokenAt >= deadline)
            return false;
        waitForBatch(deadline);
        fireDueTimers();
    }
    return true;
}

/// epoll_pwait2 because a think time of 2 ms wants a finer timeout than whole milliseconds.
void EventLoop::waitForBatch(TimePoint deadline)
{
    const TimePoint next =
        m_timers.empty() ? deadline : std::min(deadline, m_timers.begin()->first);
    const timespec timeout = toTimespec(std::max(next - Clock::now(), Clock::duration::zero()));
    std::array<epoll_event, kBatch> events; // NOLINT(*-member-init): the kernel fills it
    const int count = ::epoll_pwait2(m_epoll.number(), events.data(), kBatch,
                                     next == TimePoint::max() ? nullptr : &timeout, nullptr);
    if (count < 0 && errno != EINTR)
        qFatal("epoll_pwait2: %s", qPrintable(qt_error_string(errno)));
    m_wokenAt = Clock::now();
    for (int i = 0; i < count; ++i)
        dispatch(events[i].data.u64, events[i].events);
}

void EventLoop::dispatch(std::uint64_t tag, std::uint32_t events)
{
    const Slot &slot = m_slots[tag & 0xffff'ffff];
    if (slot.watch && slot.generation == tag >> 32) {
        const auto onEvents = slot.watch->m_onEvents; // a copy: the watch may go away in it
        onEvents(events);
    }
}

void EventLoop::fireDueTimers()
{
    while (!m_timers.empty() && m_timers.begin()->first <= m_wokenAt) {
        Timer *timer = m_timers.begin()->second;
        timer->cancel();
        const auto onTime = timer->m_onTime; // a copy: the timer may go away in it
        onTime();
    }
}

Timer::Timer(EventLoop &loop, std::function<void()> onTime)
    : m_loop(loop)
    , m_onTime(std::move(onTime))
{ }

Timer::~Timer()
{
    cancel();
}

void Timer::startAt(TimePoint instant)
{
    cancel();
    m_position = m_loop.m_timers.emplace(instant, this);
    m_isRunning = true;
}

void Timer::cancel()
{
    if (std::exchange(m_isRunning, false))
        m_loop.m_timers.erase(m_position);
}

Watch::Watch(EventLoop &loop, int descriptor, std::uint32_t events,
             std::function<void(std::uint32_t)> onEvents)
    : m_loop(loop)
    , m_descriptor(descriptor)
    , m_onEvents(std::move(onEvents))
{
    if (m_loop.m_freeSlots.empty()) {
        m_loop.m_freeSlots.push_back(static_cast<std::uint32_t>(m_loop.m_slots.size()));
        m_loop.m_slots.emplace_back();
    }
    m_slot = m_loop.m_freeSlots.back();
    m_loop.m_freeSlots.pop_back();
    EventLoop::Slot &slot = m_loop.m_slots[m_slot];
    slot.watch = this;
    const std::uint64_t tag = (std::uint64_t{ slot.generation } << 32) | m_slot;
    epoll_event event{ .events = events | EPOLLET, .data = { .u64 = tag } };
    if (::epoll_ctl(m_loop.m_epoll.number(), EPOLL_CTL_ADD, m_descriptor, &event) != 0)
        qFatal("epoll_ctl: %s", qPrintable(qt_error_string(errno)));
}

Watch::~Watch()
{
    ::epoll_ctl(m_loop.m_epoll.number(), EPOLL_CTL_DEL, m_descriptor, nullptr);
    EventLoop::Slot &slot = m_loop.m_slots[m_slot];
    slot.watch = nullptr;
    ++slot.generation;
    m_loop.m_freeSlots.push_back(m_slot);
}

} // namespace quiesce::rehearse
