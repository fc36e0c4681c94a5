// SPDX-License-Identifier: GPL-3.0-only
// Where the phases of a stop lie in a bar of a given width.
#pragma once

#include <QList>
#include <chrono>

namespace quiesce {

/// A piece of a bar, from its left end; in pixels.
struct Segment
{
    double x = 0;
    double width = 0;

    [[nodiscard]] double end() const { return x + width; }
    friend bool operator==(const Segment &, const Segment &) = default;
};

/// One segment a duration, end to end, in proportion; together sum / span of `width`. Each is at
/// least `least` wide, also one of 0 ms, at the cost of the widest; only where not even that fits,
/// or all are of 0 ms, are all equal. A `span` shorter than the sum is taken as the sum.
[[nodiscard]] QList<Segment> phaseSegments(const QList<std::chrono::milliseconds> &durations,
                                           std::chrono::milliseconds span, double width,
                                           double least);

/// A good step for an axis of `span` on which `count` labels have room: 1, 2, 5, 10, 20, 50 … ms,
/// then 1, 2, 5, 10, 15, 30 s, min.
[[nodiscard]] std::chrono::milliseconds axisStep(std::chrono::milliseconds span, int count);

} // namespace quiesce
