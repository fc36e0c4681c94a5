// SPDX-License-Identifier: GPL-3.0-only
// MainMenu: the actions of the main window and the menus they are in.
#pragma once

#include "console/model/settings/choices.h"

#include <QHash>
#include <QKeySequence>
#include <QObject>

class QAction;
class QActionGroup;
class QMainWindow;
class QMenu;

namespace quiesce {

/// Owns: its actions; the menus are the window's. What they do is for others to connect.
class MainMenu final : public QObject
{
    Q_OBJECT

public:
    explicit MainMenu(QMainWindow *window);

    QAction *addConnection = nullptr;
    QAction *importConnections = nullptr;
    QAction *exportConnections = nullptr;
    QAction *startDemo = nullptr;
    QAction *preferences = nullptr;
    QAction *quit = nullptr;
    QAction *search = nullptr;
    QAction *detailBeside = nullptr; ///< checkable
    QAction *wallboard = nullptr; ///< checkable
    QAction *resetLayout = nullptr;
    QAction *shortcuts = nullptr;
    QAction *diagnostics = nullptr;
    QAction *about = nullptr;
    QMenu *instance = nullptr;

    void setTheme(Theme theme);
    /// All of the above, to be found by their shortcuts where the menu bar is hidden.
    [[nodiscard]] QList<QAction *> actions() const;

Q_SIGNALS:
    void themeChosen(quiesce::Theme theme);

private:
    void fillFile(QMenu *menu);
    void fillView(QMenu *menu);
    void fillHelp(QMenu *menu);
    void addTheme(QMenu *menu, Theme theme, const QString &text);
    QAction *add(QMenu *menu, const QString &text, const QString &iconName,
                 const QKeySequence &shortcut = {});

    QActionGroup *m_themes;
    QHash<Theme, QAction *> m_themeActions;
    QList<QAction *> m_actions;
};

} // namespace quiesce
