// SPDX-License-Identifier: GPL-3.0-only
// LatencyHistogram: see the header.
#include "service/core/latencyhistogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace quiesce {

void LatencyHistogram::add(Duration duration, SteadyTime now)
{
    rotate(now);
    ++m_newer[static_cast<size_t>(bucketOf(duration))];
}

quint64 LatencyHistogram::count(SteadyTime now) const
{
    quint64 sum = 0;
    for (int bucket = 0; bucket < kBuckets; ++bucket)
        sum += at(bucket, now);
    return sum;
}

std::optional<LatencyHistogram::Duration> LatencyHistogram::quantile(double p, SteadyTime now) const
{
    const std::optional<int> bucket = find(0, p, now);
    return bucket ? std::optional(upperBound(*bucket)) : std::nullopt;
}

std::optional<LatencyHistogram::Duration> LatencyHistogram::left(Duration age, double p,
                                                                 SteadyTime now) const
{
    const std::optional<int> bucket = find(bucketOf(age), p, now);
    return bucket ? std::optional(std::max(upperBound(*bucket) - age, Duration(0))) : std::nullopt;
}

int LatencyHistogram::bucketOf(Duration duration)
{
    constexpr std::int64_t kMost = (std::int64_t{ 1 } << 32) - 1;
    const auto us =
        static_cast<std::uint64_t>(std::clamp<std::int64_t>(duration.count(), 1, kMost));
    const int octave = static_cast<int>(std::bit_width(us)) - 1;
    const std::uint64_t within = octave >= 2 ? us >> (octave - 2) : us << (2 - octave);
    return octave * kPerOctave + static_cast<int>(within & 3);
}

LatencyHistogram::Duration LatencyHistogram::upperBound(int bucket)
{
    const int octave = bucket / kPerOctave;
    const std::int64_t quarters = 5 + bucket % kPerOctave; // of a power of two
    return Duration(((quarters << octave) + 3) / 4);
}

quint64 LatencyHistogram::at(int bucket, SteadyTime now) const
{
    const auto index = static_cast<size_t>(bucket);
    if (now >= m_begin + 2 * m_window)
        return 0;
    return m_newer[index] + (now < m_begin + m_window ? m_older[index] : 0U);
}

std::optional<int> LatencyHistogram::find(int first, double p, SteadyTime now) const
{
    quint64 all = 0;
    for (int bucket = first; bucket < kBuckets; ++bucket)
        all += at(bucket, now);
    if (all == 0)
        return std::nullopt;
    const auto wanted =
        std::max<quint64>(1, static_cast<quint64>(std::ceil(p * static_cast<double>(all) - 1e-9)));
    quint64 seen = 0;
    int bucket = first;
    while ((seen += at(bucket, now)) < wanted)
        ++bucket;
    return bucket;
}

void LatencyHistogram::rotate(SteadyTime now)
{
    if (now < m_begin + m_window)
        return;
    const bool isNext = now < m_begin + 2 * m_window;
    m_older = isNext ? m_newer : Window{};
    m_newer = {};
    m_begin = isNext ? m_begin + m_window : now;
}

} // namespace quiesce
