// SPDX-License-Identifier: GPL-3.0-only
// LatencyHistogram: how long something took lately, as a distribution that forgets.
#pragma once

#include "service/core/clock.h"

#include <array>
#include <chrono>
#include <optional>

namespace quiesce {

/// Counts durations in buckets that grow with them, four to each power of two, and answers for the
/// last window to twice that: two windows, of which the older is dropped when the newer has its
/// full age.
///
/// Thread:  event loop. add() is O(1) and allocates nothing.
/// Units:   from 1 µs to some 70 minutes; what lies outside counts as the nearest.
/// Limits:  a quantile is never below the exact one and at most 25 % above it.
class LatencyHistogram final
{
public:
    using Duration = std::chrono::microseconds;
    static constexpr std::chrono::minutes kWindow{ 5 };

    LatencyHistogram() = default;
    explicit LatencyHistogram(std::chrono::milliseconds window)
        : m_window(window)
    { }

    void add(Duration duration, SteadyTime now);

    [[nodiscard]] quint64 count(SteadyTime now) const;
    /// The duration that a share `p` (0–1) does not exceed; none when nothing was counted lately.
    [[nodiscard]] std::optional<Duration> quantile(double p, SteadyTime now) const;
    /// How much longer than `age` the share `p` of those takes that took at least `age`; none when
    /// none did, zero at least.
    [[nodiscard]] std::optional<Duration> left(Duration age, double p, SteadyTime now) const;

private:
    static constexpr int kPerOctave = 4;
    static constexpr int kBuckets = 32 * kPerOctave;
    using Window = std::array<quint32, kBuckets>;

    [[nodiscard]] static int bucketOf(Duration duration);
    [[nodiscard]] static Duration upperBound(int bucket);
    [[nodiscard]] quint64 at(int bucket, SteadyTime now) const;
    /// The bucket in which the share `p` of all from `first` on ends; none when they are empty.
    [[nodiscard]] std::optional<int> find(int first, double p, SteadyTime now) const;
    void rotate(SteadyTime now);

    SteadyTime::duration m_window = kWindow;
    Window m_newer{};
    Window m_older{};
    SteadyTime m_begin{}; ///< of the newer window
};

} // namespace quiesce
