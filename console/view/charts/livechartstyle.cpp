// SPDX-License-Identifier: GPL-3.0-only
// LiveChart: its colours, fonts and measures, from the palette and the font of the moment.
#include "console/view/charts/livechart.h"
#include "console/view/look/look.h"

#include <QEvent>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMinLines = 7; ///< of text, that a plot needs
constexpr float kFillAlpha = 0.10F;

QColor faded(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

} // namespace

void LiveChart::restyle()
{
    const QFontMetrics metrics(font());
    const QPalette &colors = palette();
    m_plot->setFont(font());
    m_plot->setBackground(colors.brush(QPalette::Base));
    m_plot->setMinimumHeight(kMinLines * metrics.lineSpacing());
    for (qsizetype i = 0; i < m_graphs.size(); ++i) {
        QPen pen(seriesColor(static_cast<int>(i), colors), std::max(1.0, metrics.height() / 11.0));
        if (i > 0)
            pen.setDashPattern({ 4, 2 });
        pen.setCapStyle(Qt::FlatCap);
        pen.setJoinStyle(Qt::BevelJoin);
        m_graphs[i]->setPen(pen);
        m_graphs[i]->setBrush(m_graphs.size() == 1 ? QBrush(faded(pen.color(), kFillAlpha))
                                                   : QBrush(Qt::NoBrush));
    }
    m_empty->setFont(font());
    m_empty->setColor(colors.color(QPalette::PlaceholderText));
    restyleAxis(*m_plot->xAxis);
    restyleAxis(*m_plot->yAxis);
    m_plot->yAxis->setSubTickLength(0);
    // The same for every chart: the widest value label, so that time axes stand below each other.
    const int left = metrics.horizontalAdvance(u"0000 ms"_s);
    m_plot->axisRect()->setAutoMargins(QCP::msNone);
    m_plot->axisRect()->setMargins({ left + metrics.averageCharWidth(), metrics.height() * 3 / 4,
                                     metrics.horizontalAdvance(u"00:00:00"_s) / 2,
                                     metrics.height() * 3 / 2 });
}

void LiveChart::restyleAxis(QCPAxis &axis)
{
    const QFontMetrics metrics(font());
    const QPalette &colors = palette();
    const QColor line = faded(colors.color(QPalette::Text), 0.45F);
    const double width = std::max(1.0, metrics.height() / 16.0);
    axis.setBasePen(QPen(line, width));
    axis.setTickPen(QPen(line, width));
    axis.setTickLength(0, axis.orientation() == Qt::Horizontal ? metrics.height() / 4 : 0);
    axis.setTickLabelFont(font());
    axis.setTickLabelColor(colors.color(QPalette::Text));
    axis.setTickLabelPadding(metrics.averageCharWidth() / 2);
    axis.grid()->setPen(QPen(faded(colors.color(QPalette::Text), 0.12F), width));
    axis.grid()->setZeroLinePen(Qt::NoPen);
    axis.grid()->setSubGridVisible(false);
}

void LiveChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    const QEvent::Type type = event->type();
    if (type != QEvent::PaletteChange && type != QEvent::FontChange && type != QEvent::StyleChange)
        return;
    restyle();
    redraw();
}

} // namespace quiesce
