// SPDX-License-Identifier: GPL-3.0-only
// The loop itself: wait, hand out the batch, fire what is due.
#include "tests/rehearse/eventloop.h"

#include <QString>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/timerfd.h>

namespace quiesce::rehearse {

namespace {

constexpr std::uint64_t kTimerTag = ~std::uint64_t{ 0 };
constexpr int kBatch = 128;

timespec toTimespec(Clock::duration sinceBoot)
{
    using namespace std::chrono;
    const auto whole = floor<seconds>(sinceBoot);
    return { .tv_sec = whole.count(), .tv_nsec = nanoseconds(sinceBoot - whole).count() };
}

void addToEpoll(int epoll, int descriptor, std::uint32_t events, std::uint64_t tag)
{
    epoll_event event{ .events = events, .data = { .u64 = tag } };
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        qFatal("epoll_ctl: %s", qPrintable(qt_error_string(errno)));
}

} // namespace

EventLoop::EventLoop()
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
{
    if (!m_epoll.isOpen() || !m_timer.isOpen())
        qFatal("no epoll or timerfd: %s", qPrintable(qt_error_string(errno)));
    // Edge-triggered, so that the expiry count need never be read; each arming is a new edge.
    addToEpoll(m_epoll.number(), m_timer.number(), EPOLLIN | EPOLLET, kTimerTag);
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

void EventLoop::waitForBatch(TimePoint deadline)
{
    armFor(m_timers.empty() ? deadline : std::min(deadline, m_timers.begin()->first));
    std::array<epoll_event, kBatch> events;
    const int count = ::epoll_wait(m_epoll.number(), events.data(), kBatch, -1);
    m_wokenAt = Clock::now();
    for (int i = 0; i < count; ++i)
        dispatch(events[i].data.u64, events[i].events);
}

void EventLoop::dispatch(std::uint64_t tag, std::uint32_t events)
{
    if (tag == kTimerTag) {
        m_armedFor = TimePoint::max();
        return;
    }
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

void EventLoop::armFor(TimePoint instant)
{
    if (instant == m_armedFor)
        return;
    m_armedFor = instant;
    itimerspec spec{};
    if (instant != TimePoint::max())
        spec.it_value = toTimespec(instant.time_since_epoch());
    ::timerfd_settime(m_timer.number(), TFD_TIMER_ABSTIME, &spec, nullptr);
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
    addToEpoll(m_loop.m_epoll.number(), m_descriptor, events | EPOLLET, tag);
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
