// SPDX-License-Identifier: GPL-3.0-only
// SeriesGraph: a QCPGraph that keeps every gap, and is quick with wide and dashed lines.
#pragma once

#include "console/view/charts/plot.h"

namespace quiesce {

/// QCPGraph's adaptive sampling (2.1) takes the least and the most of the points of one pixel and
/// passes over a NaN among them, which bridges a short gap in a long window. Here each run without
/// NaN is sampled by itself. A run of one point is drawn as the second that it stands for.
///
/// Qt strokes a wide or dashed polyline of an hour as one path, which takes 40 ms; dash by dash, as
/// here, it takes a few.
class SeriesGraph final : public QCPGraph
{
public:
    using QCPGraph::QCPGraph;

protected:
    void drawLinePlot(QCPPainter *painter, const QVector<QPointF> &lines) const override;
    void getOptimizedLineData(QVector<QCPGraphData> *lineData,
                              const QCPGraphDataContainer::const_iterator &begin,
                              const QCPGraphDataContainer::const_iterator &end) const override;
};

} // namespace quiesce
