// SPDX-License-Identifier: GPL-3.0-only
// SeriesGraph: see the header.
#include "console/view/charts/seriesgraph.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quiesce {

namespace {

constexpr double kSecond = 1;

bool isUnknown(const QCPGraphData &point)
{
    return std::isnan(point.value);
}

/// The pieces of a line through points that a pen of that dash pattern draws, in pixels: lengths of
/// on and off in turn; none: all of it. Points that are no numbers break the line.
QVector<QLineF> strokesOf(const QVector<QPointF> &points, const QList<double> &pattern)
{
    QVector<QLineF> strokes;
    qsizetype part = 0;
    double left = pattern.value(0, std::numeric_limits<double>::infinity());
    for (qsizetype i = 1; i < points.size(); ++i) {
        const QLineF whole(points[i - 1], points[i]);
        const double length = whole.length();
        if (!(length > 0)) // also of NaN
            continue;
        double at = 0;
        while (length - at > left) {
            if (part % 2 == 0)
                strokes << QLineF(whole.pointAt(at / length), whole.pointAt((at + left) / length));
            at += left;
            part = (part + 1) % pattern.size();
            left = pattern[part];
        }
        if (part % 2 == 0)
            strokes << QLineF(whole.pointAt(at / length), whole.p2());
        left -= length - at;
    }
    return strokes;
}

} // namespace

void SeriesGraph::drawLinePlot(QCPPainter *painter, const QVector<QPointF> &lines) const
{
    const QPen pen = painter->pen();
    QList<double> pattern;
    if (pen.style() != Qt::SolidLine) {
        for (const qreal part : pen.dashPattern())
            pattern << part * std::max(pen.widthF(), 1.0);
    }
    applyDefaultAntialiasingHint(painter);
    painter->setPen(QPen(pen.brush(), pen.widthF(), Qt::SolidLine,
                         pattern.isEmpty() ? Qt::SquareCap : Qt::FlatCap));
    painter->drawLines(strokesOf(lines, pattern));
    painter->setPen(pen);
}

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
