// SPDX-License-Identifier: GPL-3.0-only
// Rhythm: see the header.
#include "service/http/rhythm.h"

#include <algorithm>

namespace quiesce {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

void Rhythm::requestBegan(SteadyTime now)
{
    if (!m_isWaiting)
        return;
    m_isWaiting = false;
    const auto gap = duration_cast<microseconds>(now - m_lastActive);
    // A longer gap counts at once, shorter ones bring it down slowly: too long a memory costs a
    // drain some milliseconds, too short a one costs a client its request.
    m_usualGap = std::max(gap, (m_usualGap * 3 + gap) / 4);
    m_lastActive = now;
}

void Rhythm::answered(SteadyTime now)
{
    m_lastActive = now;
    m_isWaiting = true;
}

SteadyTime Rhythm::inUseUntil(milliseconds linger) const
{
    const microseconds wanted = std::max<microseconds>(m_usualGap * kGaps, kLeast);
    return m_lastActive + std::min<microseconds>(wanted, linger);
}

} // namespace quiesce
