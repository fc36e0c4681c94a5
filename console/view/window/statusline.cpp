// SPDX-License-Identifier: GPL-3.0-only
// StatusLine: see the header.
#include "console/view/window/statusline.h"

#include "console/model/words/wording.h"

#include <QDateTime>
#include <QLabel>
#include <QLocale>

namespace quiesce {

StatusLine::StatusLine(QWidget *parent)
    : QStatusBar(parent)
    , m_summary(new QLabel(this))
    , m_time(new QLabel(this))
{
    m_summary->setTextFormat(Qt::PlainText);
    addWidget(m_summary, 1);
    addPermanentWidget(m_time);
    m_clock.setInterval(kTick);
    connect(&m_clock, &QTimer::timeout, this, &StatusLine::showTime);
    showTime();
}

void StatusLine::setSummary(const QString &text)
{
    m_summary->setText(text);
}

void StatusLine::showTime()
{
    const QDateTime now = QDateTime::currentDateTime();
    m_time->setText(QLocale().toString(now.time(), QLocale::ShortFormat));
    m_time->setToolTip(momentText(now));
}

void StatusLine::showEvent(QShowEvent *event)
{
    QStatusBar::showEvent(event);
    showTime();
    m_clock.start();
}

void StatusLine::hideEvent(QHideEvent *event)
{
    QStatusBar::hideEvent(event);
    m_clock.stop();
}

} // namespace quiesce
