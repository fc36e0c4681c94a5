// SPDX-License-Identifier: GPL-3.0-only
// ChartHeader: see the header.
#include "console/view/charts/chartheader.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <QStyleOption>
#include <algorithm>

namespace quiesce {

namespace {

constexpr int kLineEms = 3; ///< of a legend's line

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

} // namespace

ChartHeader::ChartHeader(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void ChartHeader::setEntries(const QList<Entry> &entries)
{
    m_entries = entries;
    m_valueWidths.resize(entries.size());
    for (qsizetype i = 0; i < entries.size(); ++i)
        m_valueWidths[i] = std::max(m_valueWidths[i],
                                    QFontMetrics(bold(font())).horizontalAdvance(entries[i].value));
    update();
}

QSize ChartHeader::sizeHint() const
{
    const QFontMetrics metrics(bold(font()));
    return { metrics.horizontalAdvance(m_title), metrics.height() * 3 / 2 };
}

QSize ChartHeader::minimumSizeHint() const
{
    return { 0, sizeHint().height() };
}

int ChartHeader::widthOf(const Entry &entry, int valueWidth) const
{
    const QFontMetrics metrics = fontMetrics();
    const int space = metrics.horizontalAdvance(u' ');
    const int name = entry.name.isEmpty() ? 0 : metrics.horizontalAdvance(entry.name) + 2 * space;
    return kLineEms * metrics.averageCharWidth() + 2 * space + name + valueWidth;
}

int ChartHeader::paintEntry(QPainter &painter, const Entry &entry, int valueWidth, int right) const
{
    const int space = fontMetrics().horizontalAdvance(u' ');
    const int line = kLineEms * fontMetrics().averageCharWidth();
    int x = right - widthOf(entry, valueWidth);
    painter.setPen(entry.pen);
    painter.drawLine(QPointF(x, height() / 2.0), QPointF(x + line, height() / 2.0));
    x += line + 2 * space;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.setFont(font());
    painter.drawText(QRect(x, 0, right - x, height()), Qt::AlignLeft | Qt::AlignVCenter,
                     entry.name);
    painter.setFont(bold(font()));
    painter.drawText(QRect(right - valueWidth, 0, valueWidth, height()),
                     Qt::AlignRight | Qt::AlignVCenter, entry.value);
    return right - widthOf(entry, valueWidth) - 4 * space;
}

void ChartHeader::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int right = width();
    for (qsizetype i = m_entries.size() - 1; i >= 0; --i)
        right = paintEntry(painter, m_entries[i], m_valueWidths[i], right);
    painter.setFont(bold(font()));
    painter.setPen(palette().color(QPalette::WindowText));
    const QString title =
        QFontMetrics(bold(font())).elidedText(m_title, Qt::ElideRight, std::max(right, 0));
    painter.drawText(QRect(0, 0, std::max(right, 0), height()), Qt::AlignLeft | Qt::AlignVCenter,
                     title);
    if (parentWidget() && parentWidget()->hasFocus())
        paintFocus(painter);
}

void ChartHeader::paintFocus(QPainter &painter) const
{
    QStyleOptionFocusRect option;
    option.initFrom(this);
    option.backgroundColor = palette().color(QPalette::Window);
    style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
}

void ChartHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        m_valueWidths.fill(0);
        setEntries(QList<Entry>(m_entries));
        updateGeometry();
    }
}

} // namespace quiesce
