// SPDX-License-Identifier: GPL-3.0-only
// The soft notice: a stop source and a deadline behind one mutex.
#include "service/core/stopnotice.h"

#include <utility>

namespace quiesce {

std::stop_token StopNotice::token() const
{
    const std::lock_guard lock(m_mutex);
    return m_source.get_token();
}

bool StopNotice::hasBegun() const
{
    return deadline().has_value();
}

std::optional<SteadyTime> StopNotice::deadline() const
{
    const std::lock_guard lock(m_mutex);
    return m_deadline;
}

void StopNotice::begin(SteadyTime deadline)
{
    std::stop_source source{ std::nostopstate };
    {
        const std::lock_guard lock(m_mutex);
        m_deadline = deadline;
        source = m_source;
    }
    source.request_stop(); // outside the lock: a callback may ask for the deadline
}

void StopNotice::moveDeadline(SteadyTime deadline)
{
    const std::lock_guard lock(m_mutex);
    if (m_deadline)
        m_deadline = deadline;
}

void StopNotice::undo()
{
    const std::lock_guard lock(m_mutex);
    m_deadline.reset();
    if (m_source.stop_requested())
        m_source = std::stop_source();
}

} // namespace quiesce
