// SPDX-License-Identifier: GPL-3.0-only
// PhaseChart: how it is painted.
#include "console/model/reports/reporttext.h"
#include "console/view/look/look.h"
#include "console/view/reports/phasechart.h"

#include <QLocale>
#include <QPainter>
#include <algorithm>

namespace quiesce {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Kind = PhaseRow::Kind;
using Mark = PhaseRow::Mark;

namespace {

QColor faded(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

Qt::BrushStyle patternOf(Mark mark)
{
    switch (mark) {
    case Mark::Cut:
        return Qt::BDiagPattern;
    case Mark::Broken:
        return Qt::DiagCrossPattern;
    case Mark::Plain:
    case Mark::Undone:
        break;
    }
    return Qt::NoBrush;
}

/// A bar with a point at its left end: it began before what is shown.
QPolygonF pointed(const QRectF &bar)
{
    const double point = std::min(bar.height() / 2, bar.width());
    return QPolygonF({ { bar.left(), bar.center().y() },
                       { bar.left() + point, bar.top() },
                       bar.topRight(),
                       bar.bottomRight(),
                       { bar.left() + point, bar.bottom() } });
}

} // namespace

QColor PhaseChart::colorOf(const PhaseRow &row) const
{
    switch (row.mark) {
    case Mark::Cut:
        return toneColor(Tone::Warning, palette());
    case Mark::Broken:
        return toneColor(Tone::Bad, palette());
    case Mark::Undone:
        return toneColor(Tone::Neutral, palette());
    case Mark::Plain:
        break;
    }
    const QString &phase = m_rows[row.phase].label; // the phases come first
    if (phase == phaseName(LifecycleState::Draining))
        return seriesColor(0, palette());
    if (phase == phaseName(LifecycleState::Stopping))
        return seriesColor(1, palette());
    return toneColor(Tone::Neutral, palette());
}

void PhaseChart::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    const QList<Segment> phases = segments();
    if (phases.isEmpty()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("The report names no phases"));
        return;
    }
    paintAxis(painter, phases);
    for (qsizetype i = 0; i < m_rows.size(); ++i)
        paintRow(painter, i, phases);
}

void PhaseChart::paintAxis(QPainter &painter, const QList<Segment> &phases) const
{
    const QRect plot = plotRect();
    const int label = fontMetrics().horizontalAdvance(spanText(m_span)) * 2;
    const milliseconds step = axisStep(m_span, std::max(plot.width() / std::max(label, 1), 1));
    const QColor text = palette().color(QPalette::WindowText);
    const double width = std::max(1.0, fontMetrics().height() / 16.0);
    double free = 0; // where a label may begin: widened phases push ticks together
    for (milliseconds at{ 0 }; at <= m_span; at += step) {
        const double x = xOf(at, phases);
        painter.setPen(QPen(faded(text, 0.12F), width));
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()));
        const QString words = at == 0ms ? QLocale().toString(0) : spanText(at);
        const double advance = QFontMetricsF(font()).horizontalAdvance(words);
        if (x - advance / 2 < free)
            continue;
        free = x + advance;
        painter.setPen(text);
        painter.drawText(QRectF(x - advance, plot.bottom(), 2 * advance, height() - plot.bottom()),
                         Qt::AlignHCenter | Qt::AlignVCenter, words);
    }
    painter.setPen(QPen(faded(text, 0.45F), width));
    painter.drawLine(QLineF(plot.left(), plot.bottom(), plot.left() + plot.width(), plot.bottom()));
}

void PhaseChart::paintRow(QPainter &painter, qsizetype index, const QList<Segment> &phases) const
{
    const PhaseRow &row = m_rows[index];
    QFont words = font();
    words.setBold(row.kind == Kind::Heading || row.kind == Kind::Phase);
    painter.setFont(words);
    painter.setPen(palette().color(QPalette::WindowText));
    const int space = fontMetrics().averageCharWidth();
    const int room = row.kind == Kind::Heading ? width() : labelWidth(); // nothing is beside it
    const QRect place(0, rowRect(index).top(), room - space, rowHeight());
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(words).elidedText(row.label, Qt::ElideMiddle, place.width()));
    painter.setFont(font());
    if (row.kind == Kind::Heading)
        return;
    const int end = width() - noteWidth() + space;
    painter.drawText(QRect(end, place.top(), width() - end, rowHeight()),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(row.note, Qt::ElideRight, width() - end));
    if (row.isPlaced)
        paintBar(painter, row, barOf(index, phases));
}

void PhaseChart::paintBar(QPainter &painter, const PhaseRow &row, const QRectF &bar) const
{
    const QColor color = colorOf(row);
    const double width = std::max(1.0, fontMetrics().height() / 16.0);
    const bool isOpen = row.begin < 0ms;
    const QRectF inner = bar.adjusted(width / 2, width / 2, -width / 2, -width / 2);
    const QPolygonF shape = isOpen ? pointed(inner) : QPolygonF(inner);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, width, row.mark == Mark::Undone ? Qt::DashLine : Qt::SolidLine));
    painter.setBrush(row.mark == Mark::Plain ? QBrush(color) : QBrush(faded(color, 0.15F)));
    painter.drawPolygon(shape);
    if (const Qt::BrushStyle pattern = patternOf(row.mark); pattern != Qt::NoBrush) {
        painter.setBrush(QBrush(color, pattern));
        painter.drawPolygon(shape);
    }
    painter.restore();
}

} // namespace quiesce
