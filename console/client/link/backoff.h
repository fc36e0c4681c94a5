// SPDX-License-Identifier: GPL-3.0-only
// Backoff: how long to wait before the next attempt, longer each time and never in step with
// others.
#pragma once

#include <chrono>
#include <functional>

namespace quiesce {

/// Exponential with full jitter: the n-th delay is anything from zero to `first` doubled n times,
/// at most `longest`, so that a hundred consoles do not come back to a restarted service at once.
///
/// Thread:  any one.
/// Source:  AWS Architecture Blog, "Exponential Backoff And Jitter" (2015), "full jitter".
class Backoff final
{
public:
    /// From 0 to below 1.
    using Random = std::function<double()>;

    /// `first` must be above zero and at most `longest`.
    Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest);
    Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest, Random random);

    [[nodiscard]] std::chrono::milliseconds next();
    void reset() { m_ceiling = m_first; }

private:
    std::chrono::milliseconds m_first;
    std::chrono::milliseconds m_longest;
    std::chrono::milliseconds m_ceiling; ///< of the next delay
    Random m_random;
};

} // namespace quiesce
