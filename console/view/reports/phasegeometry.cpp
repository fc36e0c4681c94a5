// SPDX-License-Identifier: GPL-3.0-only
// Sharing a width among durations.
#include "console/view/reports/phasegeometry.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace quiesce {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// Widths below `least` are raised to it; what that takes is taken from those that have more, in
/// proportion to what they have above it.
void raise(QList<double> &widths, double least)
{
    double missing = 0;
    double spare = 0;
    for (const double width : std::as_const(widths)) {
        missing += std::max(least - width, 0.0);
        spare += std::max(width - least, 0.0);
    }
    for (double &width : widths)
        width = width <= least ? least : width - (width - least) * missing / spare;
}

QList<Segment> endToEnd(const QList<double> &widths)
{
    QList<Segment> segments;
    double x = 0;
    for (const double width : widths) {
        segments.append({ .x = x, .width = width });
        x += width;
    }
    return segments;
}

} // namespace

QList<Segment> phaseSegments(const QList<milliseconds> &durations, milliseconds span, double width,
                             double least)
{
    const auto count = static_cast<double>(durations.size());
    const milliseconds sum = std::accumulate(durations.begin(), durations.end(), 0ms);
    if (durations.isEmpty() || width <= 0)
        return {};
    const auto whole = static_cast<double>(std::max(sum, span).count());
    // As long as none has a length there is no scale: they share what all would need at least.
    const double share = sum == 0ms ? (span > 0ms ? std::min(count * least, width) : width)
                                    : width * static_cast<double>(sum.count()) / whole;
    const double room = std::clamp(share, std::min(count * least, width), width);
    if (sum == 0ms || count * least >= room)
        return endToEnd(QList<double>(durations.size(), room / count));
    QList<double> widths;
    for (const milliseconds duration : durations)
        widths << room * static_cast<double>(duration.count()) / static_cast<double>(sum.count());
    raise(widths, least);
    return endToEnd(widths);
}

milliseconds axisStep(milliseconds span, int count)
{
    static constexpr std::array<milliseconds, 24> kSteps{
        1ms, 2ms, 5ms, 10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s, 2s, 5s,
        10s, 15s, 30s, 1min, 2min, 5min, 10min, 15min, 30min, 1h, 2h, 6h,
    };
    const milliseconds rough = span / std::max(count, 1);
    const auto *step = std::lower_bound(kSteps.begin(), kSteps.end(), rough);
    if (step != kSteps.end())
        return *step;
    const milliseconds last = kSteps.back();
    return last * (rough / last + 1);
}

} // namespace quiesce
