// SPDX-License-Identifier: GPL-3.0-only
// History: what the stats of one instance were over the last hour, one sample a second.
#pragma once

#include "console/client/snapshot.h"

#include <cmath>
#include <deque>
#include <limits>
#include <optional>

namespace quiesce {

/// One second. What is not known is NaN, and drawn as nothing.
struct Sample
{
    static constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

    qint64 at = 0; ///< ms since the epoch, UTC: the end of the second
    float inFlight = kUnknown; ///< the most in that second
    float requestRate = kUnknown; ///< a second
    float latencyP50 = kUnknown; ///< ms
    float latencyP99 = kUnknown; ///< ms
    float jobsRunning = kUnknown;
    float jobsWaiting = kUnknown; ///< queued and scheduled
    float connections = kUnknown;

    [[nodiscard]] bool isGap() const { return std::isnan(inFlight); }
};

/// Thread:  event loop. Owns: its samples.
/// Limits:  kKept samples, the oldest go; a gap is one sample of NaN, however long it was.
class History final
{
public:
    static constexpr qint64 kIntervalMs = 1'000;
    static constexpr size_t kKept = 3'600;

    /// `at`: when these came, ms since the epoch. True when a sample was added.
    bool add(const Stats &stats, qint64 at);
    /// Nothing is known from here on until the next add().
    void addGap(qint64 at);

    [[nodiscard]] const std::deque<Sample> &samples() const { return m_samples; }
    /// How many were ever added, gaps too: tells who follows what is new.
    [[nodiscard]] quint64 added() const { return m_added; }
    /// The newest; none when there is none, or it is a gap.
    [[nodiscard]] std::optional<Sample> latest() const;

private:
    struct Counted
    {
        qint64 at = 0;
        qint64 requests = 0;
    };

    void push(const Sample &sample);

    std::deque<Sample> m_samples;
    std::optional<Counted> m_begin; ///< of the second under way
    qint64 m_mostInFlight = 0;
    quint64 m_added = 0;
};

} // namespace quiesce
