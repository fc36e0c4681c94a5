// SPDX-License-Identifier: GPL-3.0-only
// One attempt at a time, looked at when its pause is over.
#include "tests/rehearse/readiness.h"

#include <algorithm>

namespace quiesce::rehearse {

namespace {

constexpr Clock::duration kLongestPause = std::chrono::milliseconds(50);

} // namespace

Readiness::Readiness(EventLoop &loop, ClientPlan plan, std::mt19937_64 &random)
    : m_loop(loop)
    , m_plan(std::move(plan))
    , m_random(random)
    , m_timer(loop, [this] { check(); })
{
    check();
}

void Readiness::check()
{
    if (m_attempt && m_attempt->client.hasHadAnAnswer()) {
        m_hasAnswered = true;
        m_isReady = m_attempt->ledger.counts().serverErrors == 0;
        if (m_isReady)
            return;
        m_attempt.reset();
    }
    if (!m_attempt || m_attempt->client.hasEnded()) {
        m_attempt.emplace(m_loop, m_plan, m_random);
        m_attempt->client.beginIn(Clock::duration::zero());
    }
    m_timer.startIn(m_pause);
    m_pause = std::min(m_pause * 2, kLongestPause);
}

} // namespace quiesce::rehearse
