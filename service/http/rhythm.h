// SPDX-License-Identifier: GPL-3.0-only
// Rhythm: how a kept-alive connection is used, so that a drain knows when it may be closed.
#pragma once

#include "service/core/clock.h"

namespace quiesce {

/// Learns the usual gap between an answer and the next request of one connection.
///
/// A drain must not close a connection on which the client is about to write: that request would be
/// lost without an answer. So it counts as in use until kGaps of its own usual gaps have passed
/// since its last answer, never less than kLeast and never more than stop.linger.
class Rhythm final
{
public:
    static constexpr int kGaps = 4;
    static constexpr std::chrono::milliseconds kLeast{ 400 };

    explicit Rhythm(SteadyTime acceptedAt)
        : m_lastActive(acceptedAt)
    { }

    void requestBegan(SteadyTime now);
    void answered(SteadyTime now);
    /// Until when the client is likely to send something more.
    [[nodiscard]] SteadyTime inUseUntil(std::chrono::milliseconds linger) const;

private:
    SteadyTime m_lastActive; ///< the end of the last answer, or when it was accepted
    std::chrono::microseconds m_usualGap{ 0 }; ///< moving average; zero until a gap was seen
    bool m_isWaiting = false; ///< an answer is out and the next request has not begun
};

} // namespace quiesce
