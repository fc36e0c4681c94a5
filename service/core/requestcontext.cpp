// SPDX-License-Identifier: GPL-3.0-only
// RequestContext: see the header.
#include "service/core/requestcontext.h"

#include "service/core/stopnotice.h"

namespace quiesce {

RequestContext::RequestContext(Facts facts, std::shared_ptr<const StopNotice> notice)
    : m_state(std::make_shared<State>(State{ std::move(facts), std::move(notice), {} }))
{ }

QDeadlineTimer RequestContext::deadline() const
{
    std::optional<SteadyTime> when = m_state->facts.deadline;
    if (const std::optional<SteadyTime> stop = m_state->notice->deadline())
        when = when ? std::min(*when, *stop) : *stop;
    if (!when)
        return QDeadlineTimer(QDeadlineTimer::Forever);
    return { *when, Qt::PreciseTimer };
}

std::stop_token RequestContext::stopNotice() const
{
    return m_state->notice->token();
}

bool RequestContext::isStopping() const
{
    return m_state->notice->hasBegun();
}

} // namespace quiesce
