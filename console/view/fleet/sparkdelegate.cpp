// SPDX-License-Identifier: GPL-3.0-only
// SparkDelegate: see the header.
#include "console/view/fleet/sparkdelegate.h"

#include "console/model/fleet/fleetmodel.h"
#include "console/view/look/look.h"

#include <QPainter>
#include <cmath>

namespace quiesce {

namespace {

QColor lineColor(const QStyleOptionViewItem &option, bool isLive)
{
    if (option.state.testFlag(QStyle::State_Selected))
        return option.palette.color(QPalette::HighlightedText);
    return isLive ? toneColor(Tone::Busy, option.palette)
                  : option.palette.color(QPalette::PlaceholderText);
}

/// From each stretch of the line down to the zero line.
QPainterPath areaUnder(const QPainterPath &line, double bottom)
{
    QPainterPath area;
    for (const QPolygonF &stretch : line.toSubpathPolygons()) {
        if (stretch.size() < 2)
            continue;
        area.moveTo(stretch.first().x(), bottom);
        for (const QPointF &point : stretch)
            area.lineTo(point);
        area.lineTo(stretch.last().x(), bottom);
        area.closeSubpath();
    }
    return area;
}

} // namespace

QPainterPath SparkDelegate::lineOf(const QList<float> &trend, const QRectF &area)
{
    float most = 1;
    for (const float value : trend)
        most = std::isnan(value) ? most : std::max(most, value);
    const double step = area.width() / double(FleetModel::kTrendSamples - 1);
    QPainterPath line;
    bool isOpen = false;
    for (qsizetype i = 0; i < trend.size(); ++i) {
        if (std::isnan(trend[i])) {
            isOpen = false;
            continue;
        }
        const QPointF point(area.right() - step * double(trend.size() - 1 - i),
                            area.bottom() - area.height() * double(trend[i] / most));
        if (std::exchange(isOpen, true))
            line.lineTo(point);
        else
            line.moveTo(point);
    }
    return line;
}

void SparkDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    paintGround(painter, option, index);
    const auto trend = index.data(FleetModel::TrendRole).value<QList<float>>();
    const double unit = option.fontMetrics.height() / 4.0;
    const QRectF area = QRectF(option.rect).adjusted(unit, 1.5 * unit, -unit, -1.5 * unit);
    if (trend.isEmpty() || area.isEmpty())
        return;
    const QColor color = lineColor(option, index.data(FleetModel::IsLiveRole).toBool());
    const QPainterPath line = lineOf(trend, area);
    QColor under = color;
    under.setAlphaF(0.15F);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillPath(areaUnder(line, area.bottom()), under);
    painter->setPen(QPen(color, unit / 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(line);
    painter->restore();
}

} // namespace quiesce
