// SPDX-License-Identifier: GPL-3.0-only
// StopForecast: whether a stop will be done before its deadline, and in words.
#pragma once

#include "console/model/instance/condition.h"
#include "console/model/instance/stopclock.h"

namespace quiesce {

struct StopForecast
{
    enum class Verdict : unsigned char {
        MakesIt,
        FallsShort, ///< some of what is in flight would be cancelled
        Overdue, ///< the deadline has passed, and something is still in flight
        OnlyHooks, ///< nothing is in flight any more
    };
    Verdict verdict = Verdict::MakesIt;
    std::chrono::milliseconds takes{ 0 }; ///< from now until nothing is in flight
    std::chrono::milliseconds total{ 0 }; ///< what it was granted in all
    qint64 inFlight = 0;

    [[nodiscard]] Tone tone() const;
};

/// Of a stop under way.
[[nodiscard]] StopForecast stopForecast(const StopClock &clock, const Stats &stats, qint64 now);
/// "Will make it: about 3 s left of 25 s", "Will not make it: up to 12 requests would be
/// cancelled".
[[nodiscard]] QString forecastText(const StopForecast &forecast);
/// "A stop now would take about 3 s"; of one that is serving.
[[nodiscard]] QString stopNowText(const Stats &stats);
/// "Stopped, incomplete, after 27 s: 12 answered, 3 cancelled, 0 cut off".
[[nodiscard]] QString outcomeText(const StopReport &report);

} // namespace quiesce
