// SPDX-License-Identifier: GPL-3.0-only
// DeadlineBar: see the header.
#include "console/view/detail/stop/deadlinebar.h"

#include "console/view/look/look.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace quiesce {

using std::chrono::milliseconds;

DeadlineBar::DeadlineBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Time until the deadline"));
    setToolTip(tr("Full: gone. Hatched: still needed, as far as can be told. Line: the deadline."));
}

void DeadlineBar::setTimes(const Times &times)
{
    if (m_times == times)
        return;
    m_times = times;
    update();
}

QSize DeadlineBar::sizeHint() const
{
    const int em = fontMetrics().height();
    return { em * 20, em * 3 / 4 };
}

QSize DeadlineBar::minimumSizeHint() const
{
    const int em = fontMetrics().height();
    return { em * 6, em * 3 / 4 };
}

/// What is needed beyond the deadline still fits, up to as much again.
double DeadlineBar::shareOf(milliseconds time) const
{
    const milliseconds needed = m_times.elapsed + m_times.needed;
    const milliseconds whole =
        std::max(m_times.total, std::min(needed, m_times.total * 2)) + milliseconds(1);
    return std::clamp(double(time.count()) / double(whole.count()), 0.0, 1.0);
}

void DeadlineBar::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath outline;
    outline.addRoundedRect(track, track.height() / 3, track.height() / 3);
    painter.setClipPath(outline);
    painter.fillRect(track, palette().color(QPalette::Base));

    const QColor color = toneColor(m_times.tone, palette());
    const double gone = track.width() * shareOf(m_times.elapsed);
    const double end = track.width() * shareOf(m_times.elapsed + m_times.needed);
    painter.fillRect(QRectF(track.left() + gone, track.top(), end - gone, track.height()),
                     toneBackground(m_times.tone, palette()));
    painter.fillRect(QRectF(track.left() + gone, track.top(), end - gone, track.height()),
                     QBrush(color, Qt::BDiagPattern));
    painter.fillRect(QRectF(track.left(), track.top(), gone, track.height()), color);

    const double deadline = track.left() + track.width() * shareOf(m_times.total);
    const int line = std::max(fontMetrics().height() / 8, 1);
    painter.fillRect(QRectF(deadline - line, track.top(), line, track.height()),
                     palette().color(QPalette::WindowText));
    painter.setClipping(false);
    painter.setPen(palette().color(QPalette::Mid));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(outline);
}

} // namespace quiesce
