// SPDX-License-Identifier: GPL-3.0-only
// SeriesGraph: see the header.
#include "console/view/charts/seriesgraph.h"

#include <algorithm>
#include <cmath>

namespace quiesce {

namespace {

constexpr double kSecond = 1;

bool isUnknown(const QCPGraphData &point)
{
    return std::isnan(point.value);
}

} // namespace

void SeriesGraph::getOptimizedLineData(QVector<QCPGraphData> *lineData,
                                       const QCPGraphDataContainer::const_iterator &begin,
                                       const QCPGraphDataContainer::const_iterator &end) const
{
    auto from = std::find_if_not(begin, end, isUnknown);
    while (from != end) {
        const auto to = std::find_if(from, end, isUnknown);
        if (to - from == 1)
            *lineData << QCPGraphData(from->key - kSecond, from->value) << *from;
        else
            QCPGraph::getOptimizedLineData(lineData, from, to);
        if (to == end)
            return;
        *lineData << *to;
        from = std::find_if_not(to, end, isUnknown);
    }
}

} // namespace quiesce
