// SPDX-License-Identifier: GPL-3.0-only
// ChartMarkers: see the header.
#include "console/view/charts/chartmarkers.h"

#include "console/view/look/look.h"

#include <algorithm>
#include <array>

namespace quiesce {

ChartMarkers::ChartMarkers(QCPAxisRect *rect, const QString &layer)
    : QCPLayerable(rect->parentPlot(), layer)
    , m_rect(rect)
{ }

void ChartMarkers::setMarkers(const QList<ChartMarker> &markers)
{
    m_markers = markers;
}

QRect ChartMarkers::clipRect() const
{
    return m_rect->rect();
}

void ChartMarkers::applyDefaultAntialiasingHint(QCPPainter *painter) const
{
    painter->setAntialiasing(false); // upright lines are sharp without
}

double ChartMarkers::xOf(const ChartMarker &marker) const
{
    return m_rect->axis(QCPAxis::atBottom)->coordToPixel(static_cast<double>(marker.at) / 1'000);
}

QColor ChartMarkers::colorOf(ChartMarker::Kind kind) const
{
    const QPalette palette = parentPlot()->palette();
    return toneTextColor(kind == ChartMarker::Kind::Deadline ? Tone::Bad : Tone::Neutral, palette);
}

void ChartMarkers::draw(QCPPainter *painter)
{
    for (const ChartMarker &marker : m_markers)
        drawLine(painter, marker);
    drawLabels(painter);
}

bool ChartMarkers::isInSight(double x) const
{
    const QRectF area = m_rect->rect();
    return x >= area.left() && x <= area.right();
}

void ChartMarkers::drawLine(QCPPainter *painter, const ChartMarker &marker) const
{
    const QRectF area = m_rect->rect();
    const double x = xOf(marker);
    if (!isInSight(x))
        return;
    const bool isDeadline = marker.kind == ChartMarker::Kind::Deadline;
    const double width = std::max(1.0, QFontMetricsF(parentPlot()->font()).height() / 16);
    painter->setPen(QPen(colorOf(marker.kind), isDeadline ? 2 * width : width,
                         isDeadline ? Qt::SolidLine : Qt::DashLine));
    painter->drawLine(QLineF(x, area.top(), x, area.bottom()));
}

void ChartMarkers::drawLabels(QCPPainter *painter) const
{
    painter->setFont(parentPlot()->font());
    const double space = QFontMetricsF(parentPlot()->font()).horizontalAdvance(u' ');
    QColor ground = parentPlot()->palette().color(QPalette::Base);
    ground.setAlphaF(0.8F);
    std::array<double, kLabelRows> taken; // up to where each row of labels is full
    taken.fill(m_rect->left());
    for (const ChartMarker &marker : m_markers) {
        if (!isInSight(xOf(marker)))
            continue;
        QRectF box = labelBox(marker);
        const auto *row = std::find_if(taken.begin(), taken.end(),
                                       [&box](double right) { return box.left() >= right; });
        if (row == taken.end())
            continue;
        const auto index = static_cast<size_t>(row - taken.begin());
        box.translate(0, static_cast<double>(index) * box.height());
        taken[index] = box.right() + space;
        painter->fillRect(box.adjusted(-space / 2, 0, space / 2, 0), ground);
        painter->setPen(colorOf(marker.kind));
        painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter, marker.label);
    }
}

/// In the first row, right of its line; left of it where that has no room.
QRectF ChartMarkers::labelBox(const ChartMarker &marker) const
{
    const QFontMetricsF metrics(parentPlot()->font());
    const double space = metrics.horizontalAdvance(u' ');
    const double x = xOf(marker);
    QRectF box(x + space, m_rect->top() + space / 2, metrics.horizontalAdvance(marker.label),
               metrics.height());
    if (box.right() > m_rect->right())
        box.moveRight(x - space);
    return box;
}

} // namespace quiesce
