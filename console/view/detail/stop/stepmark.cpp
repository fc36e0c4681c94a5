// SPDX-License-Identifier: GPL-3.0-only
// Step marks: see the header.
#include "console/view/detail/stop/stepmark.h"

#include "console/view/look/look.h"

#include <QPainter>

namespace quiesce {

using Mark = LifecycleStep::Mark;

namespace {

QPen strokeOf(const QColor &color, qreal width)
{
    return { color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin };
}

/// Points in a square from 0 to 1.
QPolygonF placed(const QRectF &square, const QList<QPointF> &points)
{
    QPolygonF polygon;
    for (const QPointF &point : points)
        polygon << QPointF(square.left() + point.x() * square.width(),
                           square.top() + point.y() * square.height());
    return polygon;
}

void paintRing(QPainter &painter, const QRectF &square, const QPen &pen)
{
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    const qreal in = pen.widthF() / 2;
    painter.drawEllipse(square.adjusted(in, in, -in, -in));
}

void paintDisc(QPainter &painter, const QRectF &square, const QColor &color)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(square);
}

void paintLines(QPainter &painter, const QRectF &square, const QPen &pen,
                const QList<QList<QPointF>> &lines)
{
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    for (const QList<QPointF> &line : lines)
        painter.drawPolyline(placed(square, line));
}

void paintTriangle(QPainter &painter, const QRectF &square, const QColor &color)
{
    painter.setPen(strokeOf(color, square.width() / 10));
    painter.setBrush(color);
    painter.drawPolygon(placed(square, { { 0.5, 0.08 }, { 0.95, 0.9 }, { 0.05, 0.9 } }));
}

/// What is cut into a disc or a triangle.
QList<QList<QPointF>> signOf(Mark mark)
{
    switch (mark) {
    case Mark::Done:
        return { { { 0.28, 0.53 }, { 0.44, 0.69 }, { 0.73, 0.34 } } };
    case Mark::Paused:
        return { { { 0.39, 0.32 }, { 0.39, 0.68 } }, { { 0.61, 0.32 }, { 0.61, 0.68 } } };
    case Mark::Failed:
        return { { { 0.33, 0.33 }, { 0.67, 0.67 } }, { { 0.67, 0.33 }, { 0.33, 0.67 } } };
    case Mark::Warned:
        return { { { 0.5, 0.38 }, { 0.5, 0.6 } }, { { 0.5, 0.77 }, { 0.5, 0.775 } } };
    case Mark::Skipped:
        return { { { 0.32, 0.5 }, { 0.68, 0.5 } } };
    case Mark::Ahead:
    case Mark::Active:
        break;
    }
    return {};
}

} // namespace

Tone toneOf(Mark mark)
{
    switch (mark) {
    case Mark::Done:
        return Tone::Good;
    case Mark::Active:
        return Tone::Busy;
    case Mark::Paused:
    case Mark::Warned:
        return Tone::Warning;
    case Mark::Failed:
        return Tone::Bad;
    case Mark::Ahead:
    case Mark::Skipped:
        break;
    }
    return Tone::Neutral;
}

void paintStepMark(QPainter &painter, const QRectF &square, Mark mark, const QPalette &palette)
{
    const QColor color = toneColor(toneOf(mark), palette);
    const qreal stroke = square.width() / 10;
    switch (mark) {
    case Mark::Ahead:
        return paintRing(painter, square, strokeOf(color, stroke));
    case Mark::Active: {
        paintRing(painter, square, strokeOf(color, stroke * 1.4));
        const qreal in = square.width() * 0.3;
        return paintDisc(painter, square.adjusted(in, in, -in, -in), color);
    }
    case Mark::Skipped:
        paintRing(painter, square, { color, stroke, Qt::DotLine });
        return paintLines(painter, square, strokeOf(color, stroke), signOf(mark));
    case Mark::Warned:
        paintTriangle(painter, square, color);
        break;
    case Mark::Done:
    case Mark::Paused:
    case Mark::Failed:
        paintDisc(painter, square, color);
        break;
    }
    paintLines(painter, square, strokeOf(palette.color(QPalette::Base), stroke * 1.2),
               signOf(mark));
}

} // namespace quiesce
