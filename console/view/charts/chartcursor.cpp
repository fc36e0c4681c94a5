// SPDX-License-Identifier: GPL-3.0-only
// ChartCursor: see the header.
#include "console/view/charts/chartcursor.h"

#include <algorithm>

namespace quiesce {

ChartCursor::ChartCursor(QCPAxisRect *rect, const QString &layer)
    : QCPLayerable(rect->parentPlot(), layer)
    , m_rect(rect)
{ }

void ChartCursor::setReading(const std::optional<Reading> &reading)
{
    if (m_reading == reading)
        return;
    m_reading = reading;
    layer()->replot();
}

QRect ChartCursor::clipRect() const
{
    return m_rect->rect();
}

void ChartCursor::applyDefaultAntialiasingHint(QCPPainter *painter) const
{
    painter->setAntialiasing(false);
}

void ChartCursor::draw(QCPPainter *painter)
{
    if (!m_reading)
        return;
    const QRect area = m_rect->rect();
    const double x = m_rect->axis(QCPAxis::atBottom)->coordToPixel(m_reading->key);
    if (x < area.left() || x > area.right())
        return;
    const double width = std::max(1.0, QFontMetricsF(parentPlot()->font()).height() / 16);
    painter->setPen(QPen(parentPlot()->palette().color(QPalette::Text), width));
    painter->drawLine(QLineF(x, area.top(), x, area.bottom()));
    drawLabel(painter, x);
}

QRectF ChartCursor::labelBox(const QFontMetricsF &metrics, double x) const
{
    const double space = metrics.horizontalAdvance(u' ');
    double width = metrics.horizontalAdvance(m_reading->time);
    for (const QString &value : m_reading->values)
        width = std::max(width, metrics.horizontalAdvance(value));
    const double lines = 1 + static_cast<double>(m_reading->values.size());
    QRectF box(x + 2 * space, 0, width + 4 * space, lines * metrics.lineSpacing() + 2 * space);
    const QRectF area = m_rect->rect();
    if (box.right() > area.right())
        box.moveRight(x - 2 * space);
    box.moveTop(std::max(area.top(), area.center().y() - box.height() / 2));
    return box;
}

void ChartCursor::drawLabel(QCPPainter *painter, double x) const
{
    const QFont font = parentPlot()->font();
    const QFontMetricsF metrics(font);
    const double space = metrics.horizontalAdvance(u' ');
    const QRectF box = labelBox(metrics, x);
    const QPalette palette = parentPlot()->palette();
    painter->setFont(font);
    painter->setPen(palette.color(QPalette::ToolTipText));
    painter->setBrush(palette.color(QPalette::ToolTipBase));
    painter->drawRect(box);
    QRectF line = box.adjusted(2 * space, space, -2 * space, 0);
    line.setHeight(metrics.lineSpacing());
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_reading->time);
    for (const QString &value : m_reading->values) {
        line.translate(0, metrics.lineSpacing());
        painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, value);
    }
}

} // namespace quiesce
