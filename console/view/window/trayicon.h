// SPDX-License-Identifier: GPL-3.0-only
// TrayIcon: the worst of the fleet in the desktop's tray, and notifications from there.
#pragma once

#include "console/model/instance/condition.h"

#include <QMenu>
#include <QSystemTrayIcon>

namespace quiesce {

/// Does nothing where the desktop has no tray.
///
/// Thread:  event loop. Owns: its menu.
/// Emits:   showWanted() on a click, or on a notification's; quitWanted().
class TrayIcon final : public QObject
{
    Q_OBJECT

public:
    explicit TrayIcon(QObject *parent = nullptr);

    [[nodiscard]] bool isThere() const { return m_icon.isVisible(); }
    void setTone(Tone tone);
    /// The fleet in a line, for the tool tip.
    void setSummary(const QString &text);
    void notify(const QString &title, const QString &text, Tone tone);

    /// The program's icon, with a mark that says how urgent it is: none, or one of another shape
    /// for each tone, on white so that it is seen on any panel.
    [[nodiscard]] static QIcon iconFor(Tone tone);

Q_SIGNALS:
    void showWanted();
    void quitWanted();

private:
    QMenu m_menu;
    QSystemTrayIcon m_icon;
};

} // namespace quiesce
