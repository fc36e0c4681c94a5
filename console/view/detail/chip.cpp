// SPDX-License-Identifier: GPL-3.0-only
// Chip: see the header.
#include "console/view/detail/chip.h"

#include "console/view/look/look.h"

#include <QPainter>

namespace quiesce {

Chip::Chip(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Chip::setContent(const QString &text, Tone tone, const QIcon &icon)
{
    m_icon = icon;
    m_tone = tone;
    if (m_text != text) {
        m_text = text;
        setAccessibleName(text);
        updateGeometry();
    }
    update();
}

int Chip::iconSize() const
{
    return m_icon.isNull() ? 0 : fontMetrics().height();
}

QSize Chip::sizeHint() const
{
    const int em = fontMetrics().height();
    const int gap = m_icon.isNull() ? 0 : em / 4;
    return { fontMetrics().horizontalAdvance(m_text) + iconSize() + gap + em, em + em / 3 };
}

void Chip::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF field = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(toneColor(m_tone, palette()));
    painter.setBrush(toneBackground(m_tone, palette()));
    painter.drawRoundedRect(field, field.height() / 2, field.height() / 2);

    const int em = fontMetrics().height();
    QRect inner = rect().adjusted(em / 2, 0, -em / 2, 0);
    if (!m_icon.isNull()) {
        const QRect square(inner.left(), (height() - em) / 2, em, em);
        m_icon.paint(&painter, square);
        inner.setLeft(square.right() + 1 + em / 4);
    }
    painter.setPen(toneTextColor(m_tone, palette()));
    painter.drawText(inner, int(Qt::AlignVCenter | Qt::AlignLeft), m_text);
}

} // namespace quiesce
