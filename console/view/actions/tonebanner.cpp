// SPDX-License-Identifier: GPL-3.0-only
// ToneBanner: see the header.
#include "console/view/actions/tonebanner.h"

#include "console/view/actions/verblook.h"
#include "console/view/look/look.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <utility>

namespace quiesce {

ToneBanner::ToneBanner(Lines lines, QWidget *parent)
    : QFrame(parent)
    , m_lines(lines)
    , m_layout(new QHBoxLayout(this))
    , m_mark(new QLabel(this))
    , m_label(new QLabel(this))
{
    const int margin = fontMetrics().height() / 3;
    m_layout->setContentsMargins(2 * margin, margin, 2 * margin, margin);
    m_layout->addWidget(m_mark, 0, lines == Lines::Wrapped ? Qt::AlignTop : Qt::AlignVCenter);
    m_layout->addWidget(m_label, 1);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(lines == Lines::Wrapped);
    if (lines == Lines::Elided) {
        m_label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        m_label->setMinimumWidth(fontMetrics().averageCharWidth() * 12);
    }
}

void ToneBanner::setMessage(Tone tone, const QString &text)
{
    if (tone == m_tone && text == m_text)
        return;
    const bool isOther = std::exchange(m_tone, tone) != tone || m_text.isEmpty();
    m_text = text;
    setAccessibleName(text);
    if (isOther)
        showMark();
    showText();
    update();
}

void ToneBanner::setMark(const QString &iconName)
{
    m_iconName = iconName;
    showMark();
}

void ToneBanner::addWidget(QWidget *widget)
{
    m_layout->addWidget(widget);
}

void ToneBanner::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(rect(), toneBackground(m_tone, palette()));
}

void ToneBanner::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        showMark();
        showText();
    }
}

void ToneBanner::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    showText();
}

void ToneBanner::showMark()
{
    const QIcon mark = m_iconName.isEmpty() ? toneIcon(m_tone, palette())
                                            : tintedIcon(m_iconName, toneColor(m_tone, palette()));
    m_mark->setPixmap(mark.pixmap(QSize(1, 1) * fontMetrics().height(), devicePixelRatio()));
}

void ToneBanner::showText()
{
    if (m_lines == Lines::Wrapped) {
        m_label->setText(m_text);
        return;
    }
    const QString elided =
        m_label->fontMetrics().elidedText(m_text, Qt::ElideRight, m_label->width());
    m_label->setText(elided);
    m_label->setToolTip(elided == m_text ? QString() : plainToolTip(m_text));
}

} // namespace quiesce
