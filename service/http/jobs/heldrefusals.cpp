// SPDX-License-Identifier: GPL-3.0-only
// HeldRefusals: see the header.
#include "service/http/jobs/heldrefusals.h"

namespace quiesce {

HeldRefusals::HeldRefusals(Clock &clock)
    : m_clock(clock)
    , m_alarm(clock.makeAlarm([this] { answerUntil(m_clock.now()); }))
{ }

void HeldRefusals::hold(const std::shared_ptr<PendingAnswer> &answer, const Refusal &refusal,
                        std::chrono::milliseconds delay)
{
    if (delay.count() == 0 || m_isStopping || m_held.size() >= kMost)
        return answer->answer(refusal);
    const auto held = m_held.emplace(m_clock.now() + delay, Held{ answer, refusal });
    if (held == m_held.begin())
        m_alarm->setAt(held->first);
}

void HeldRefusals::beginStop()
{
    m_isStopping = true;
    answerUntil(SteadyTime::max());
}

void HeldRefusals::answerUntil(SteadyTime until)
{
    while (!m_held.empty() && m_held.begin()->first <= until) {
        const Held held = m_held.extract(m_held.begin()).mapped();
        held.answer->answer(held.refusal);
    }
    if (m_held.empty())
        m_alarm->clear();
    else
        m_alarm->setAt(m_held.begin()->first);
}

} // namespace quiesce
