// SPDX-License-Identifier: GPL-3.0-only
// Throttle: see the header.
#include "service/jobs/throttle.h"

#include <utility>

namespace quiesce {

Throttle::Throttle(Clock &clock, std::chrono::milliseconds period, First first,
                   std::function<void()> work)
    : m_clock(clock)
    , m_period(period)
    , m_work(std::move(work))
    , m_next(first == First::AtOnce ? SteadyTime() : clock.now() + period)
{ }

void Throttle::poke()
{
    if (m_clock.now() >= m_next) {
        run();
        return;
    }
    if (!m_alarm)
        m_alarm = m_clock.makeAlarm([this] { run(); });
    if (!m_alarm->isSet())
        m_alarm->setAt(m_next);
}

void Throttle::clear()
{
    m_alarm.reset();
}

void Throttle::run()
{
    if (m_alarm)
        m_alarm->clear();
    m_next = m_clock.now() + m_period;
    m_work();
}

} // namespace quiesce
