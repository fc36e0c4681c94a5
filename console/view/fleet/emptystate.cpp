// SPDX-License-Identifier: GPL-3.0-only
// EmptyState: see the header.
#include "console/view/fleet/emptystate.h"

#include "console/view/look/look.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace quiesce {

namespace {

constexpr int kLinesForMark = 13; ///< that all of it takes
constexpr int kLinesForWords = 8; ///< that all but the icon takes

} // namespace

EmptyState::EmptyState(const QString &iconName, QWidget *parent)
    : QWidget(parent)
    , m_iconName(iconName)
    , m_mark(new QLabel(this))
    , m_title(new QLabel(this))
    , m_words(new QLabel(this))
    , m_buttons(new QHBoxLayout)
{
    auto *column = new QVBoxLayout(this);
    column->addStretch(2);
    for (QLabel *label : { m_mark, m_title, m_words }) {
        label->setAlignment(Qt::AlignCenter);
        label->setTextFormat(Qt::PlainText);
        column->addWidget(label);
    }
    m_words->setWordWrap(true);
    m_buttons->addStretch();
    m_buttons->addStretch();
    column->addSpacing(fontMetrics().height() / 2);
    column->addLayout(m_buttons);
    column->addStretch(3);
    draw();
}

void EmptyState::setTitle(const QString &title)
{
    m_title->setText(title);
    m_title->setAccessibleName(title);
}

void EmptyState::setWords(const QString &words)
{
    m_words->setText(words);
    fit();
}

QPushButton *EmptyState::addButton(const QString &text, const QString &iconName)
{
    auto *button = new QPushButton(text, this);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    m_buttonIcons.append({ button, iconName });
    draw();
    return button;
}

void EmptyState::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        draw();
}

void EmptyState::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

/// What says least goes first.
void EmptyState::fit()
{
    const int lines = height() / std::max(fontMetrics().height(), 1);
    m_mark->setVisible(lines >= kLinesForMark);
    m_words->setVisible(lines >= kLinesForWords && !m_words->text().isEmpty());
}

void EmptyState::draw()
{
    const int size = fontMetrics().height() * 3;
    const QColor faint = palette().color(QPalette::Disabled, QPalette::WindowText);
    m_mark->setPixmap(tintedIcon(m_iconName, faint).pixmap(QSize(size, size), devicePixelRatio()));
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    m_title->setFont(large);
    for (const auto &[button, name] : std::as_const(m_buttonIcons))
        button->setIcon(icon(name, palette()));
}

} // namespace quiesce
