// SPDX-License-Identifier: GPL-3.0-only
// ProductionBanner: see the header.
#include "console/view/window/productionbanner.h"

#include "console/view/look/look.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace quiesce {

using namespace Qt::StringLiterals;

ProductionBanner::ProductionBanner(QWidget *parent)
    : QWidget(parent)
    , m_mark(new QLabel(this))
    , m_text(new QLabel(this))
{
    auto *row = new QHBoxLayout(this);
    const int unit = fontMetrics().height() / 3;
    row->setContentsMargins(2 * unit, unit, 2 * unit, unit);
    row->addWidget(m_mark);
    row->addWidget(m_text, 1);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    hide();
    draw();
}

void ProductionBanner::setName(const QString &name)
{
    m_text->setText(tr("Production: %1").arg(name));
    setAccessibleName(m_text->text());
    setVisible(!name.isEmpty());
}

void ProductionBanner::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        draw();
}

void ProductionBanner::paintEvent(QPaintEvent * /*event*/)
{
    // Deep on dark ground too: what is bright there would be all that one sees.
    constexpr int kDeeper = 170; // per cent
    const QColor red = toneColor(Tone::Bad, palette());
    QPainter(this).fillRect(rect(), isDark(palette()) ? red.darker(kDeeper) : red);
}

void ProductionBanner::draw()
{
    const QColor ink = palette().color(isDark(palette()) ? QPalette::WindowText : QPalette::Base);
    const int size = fontMetrics().height();
    m_mark->setPixmap(
        tintedIcon(u"production"_s, ink).pixmap(QSize(size, size), devicePixelRatio()));
    QPalette text = m_text->palette();
    if (text.color(QPalette::WindowText) != ink) {
        text.setColor(QPalette::WindowText, ink);
        m_text->setPalette(text);
    }
    QFont bold = font();
    bold.setBold(true);
    m_text->setFont(bold);
}

} // namespace quiesce
