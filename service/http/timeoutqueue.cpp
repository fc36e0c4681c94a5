// SPDX-License-Identifier: GPL-3.0-only
// TimeoutQueue: see the header.
#include "service/http/timeoutqueue.h"

namespace quiesce {

void TimeoutLink::disarm()
{
    if (m_queue)
        m_queue->unlink(*this);
}

TimeoutQueue::TimeoutQueue(Clock &clock, std::chrono::milliseconds duration,
                           std::function<void(void *owner)> expired)
    : m_clock(clock)
    , m_duration(duration)
    , m_expired(std::move(expired))
    , m_alarm(clock.makeAlarm([this] { expireDue(); }))
{ }

TimeoutQueue::~TimeoutQueue()
{
    while (m_first)
        unlink(*m_first);
}

void TimeoutQueue::arm(TimeoutLink &link, SteadyTime now)
{
    link.disarm();
    link.m_queue = this;
    link.m_since = now;
    link.m_previous = m_last;
    (m_last ? m_last->m_next : m_first) = &link;
    m_last = &link;
    if (!m_alarm->isSet())
        setAlarm();
}

void TimeoutQueue::setDuration(std::chrono::milliseconds duration)
{
    m_duration = duration;
    setAlarm();
}

void TimeoutQueue::unlink(TimeoutLink &link)
{
    (link.m_previous ? link.m_previous->m_next : m_first) = link.m_next;
    (link.m_next ? link.m_next->m_previous : m_last) = link.m_previous;
    link.m_previous = link.m_next = nullptr;
    link.m_queue = nullptr;
    // The alarm stays as it is: at worst it rings once for nobody.
}

void TimeoutQueue::expireDue()
{
    const SteadyTime now = m_clock.now();
    while (m_first && m_duration.count() > 0 && m_first->m_since + m_duration <= now) {
        TimeoutLink &link = *m_first;
        unlink(link);
        m_expired(link.m_owner);
    }
    setAlarm();
}

void TimeoutQueue::setAlarm()
{
    if (m_first && m_duration.count() > 0)
        m_alarm->setAt(m_first->m_since + m_duration);
    else
        m_alarm->clear();
}

} // namespace quiesce
