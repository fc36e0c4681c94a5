// SPDX-License-Identifier: GPL-3.0-only
// TrayIcon: see the header.
#include "console/view/window/trayicon.h"

#include "console/view/look/look.h"
#include "console/view/look/theme.h"

#include <QPainter>

namespace quiesce {

namespace {

/// Whose shape stands for the tone; none where nobody needs to look.
std::optional<Condition> markOf(Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
    case Tone::Good:
        return std::nullopt;
    case Tone::Busy:
        return Condition::Draining;
    case Tone::Warning:
        return Condition::Incompatible;
    case Tone::Bad:
        return Condition::Crashed;
    }
    return std::nullopt;
}

QPixmap drawn(Tone tone, int size)
{
    QPixmap pixmap = applicationIcon().pixmap(QSize(size, size), 1.0);
    const std::optional<Condition> condition = markOf(tone);
    if (!condition)
        return pixmap;
    const QPalette ground = lightPalette();
    const int side = size * 5 / 8;
    const QRect mark(size - side, size - side, side, side);
    const int edge = std::max(size / 16, 1);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground.base());
    painter.drawEllipse(mark);
    conditionIcon(*condition, ground).paint(&painter, mark.adjusted(edge, edge, -edge, -edge));
    return pixmap;
}

QSystemTrayIcon::MessageIcon messageIconOf(Tone tone)
{
    switch (tone) {
    case Tone::Bad:
        return QSystemTrayIcon::Critical;
    case Tone::Warning:
        return QSystemTrayIcon::Warning;
    default:
        return QSystemTrayIcon::Information;
    }
}

} // namespace

TrayIcon::TrayIcon(QObject *parent)
    : QObject(parent)
{
    connect(m_menu.addAction(tr("&Show the console")), &QAction::triggered, this,
            &TrayIcon::showWanted);
    connect(m_menu.addAction(tr("&Quit (services run on)")), &QAction::triggered, this,
            &TrayIcon::quitWanted);
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &TrayIcon::showWanted);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    Q_EMIT showWanted();
            });
    m_icon.setContextMenu(&m_menu);
    setTone(Tone::Neutral);
    m_icon.setVisible(QSystemTrayIcon::isSystemTrayAvailable());
}

void TrayIcon::setTone(Tone tone)
{
    m_icon.setIcon(iconFor(tone));
}

void TrayIcon::setSummary(const QString &text)
{
    m_icon.setToolTip(text);
}

void TrayIcon::notify(const QString &title, const QString &text, Tone tone)
{
    if (isThere() && QSystemTrayIcon::supportsMessages())
        m_icon.showMessage(title, text, messageIconOf(tone));
}

QIcon TrayIcon::iconFor(Tone tone)
{
    QIcon icon;
    for (const int size : { 16, 22, 24, 32, 48, 64 })
        icon.addPixmap(drawn(tone, size));
    return icon;
}

} // namespace quiesce
