// SPDX-License-Identifier: GPL-3.0-only
// MainMenu: see the header.
#include "console/view/window/mainmenu.h"

#include "console/view/look/iconname.h"

#include <QActionGroup>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace quiesce {

using namespace Qt::StringLiterals;

MainMenu::MainMenu(QMainWindow *window)
    : QObject(window)
    , m_themes(new QActionGroup(this))
{
    QMenuBar *bar = window->menuBar();
    fillFile(bar->addMenu(tr("&File")));
    fillView(bar->addMenu(tr("&View")));
    instance = bar->addMenu(tr("&Instance"));
    instance->setToolTipsVisible(true); // why an action is not to be had
    fillHelp(bar->addMenu(tr("&Help")));
}

void MainMenu::setTheme(Theme theme)
{
    m_themeActions.value(theme)->setChecked(true);
}

QList<QAction *> MainMenu::actions() const
{
    return m_actions;
}

void MainMenu::fillFile(QMenu *menu)
{
    addConnection = add(menu, tr("&Add connection…"), u"add"_s, QKeySequence::New);
    importConnections = add(menu, tr("&Import connections…"), u"import"_s);
    exportConnections = add(menu, tr("&Export connections…"), u"export"_s);
    exportConnections->setStatusTip(tr("Writes the connections to a file, without any secret"));
    menu->addSeparator();
    startDemo = add(menu, tr("Start a &demo service"), u"demo"_s);
    startDemo->setStatusTip(tr("Starts a service on this machine to try things on"));
    menu->addSeparator();
    preferences = add(menu, tr("&Preferences…"), u"settings"_s, QKeySequence(u"Ctrl+,"_s));
    menu->addSeparator();
    quit = add(menu, tr("&Quit"), {}, QKeySequence(u"Ctrl+Q"_s));
    quit->setStatusTip(tr("Ends the console; the services run on, whatever they are doing"));
    quit->setToolTip(quit->statusTip());
}

void MainMenu::fillView(QMenu *menu)
{
    search = add(menu, tr("&Search services"), u"search"_s, QKeySequence::Find);
    menu->addSeparator();
    QMenu *themes = menu->addMenu(tr("&Theme"));
    addTheme(themes, Theme::System, tr("As the &desktop"));
    addTheme(themes, Theme::Light, tr("&Light"));
    addTheme(themes, Theme::Dark, tr("D&ark"));
    setTheme(Theme::System);
    detailBeside = add(menu, tr("Details &beside the list"), {});
    detailBeside->setCheckable(true);
    wallboard = add(menu, tr("&Wallboard"), {}, QKeySequence(Qt::Key_F11));
    wallboard->setCheckable(true);
    wallboard->setStatusTip(tr("Only the list, over the whole screen"));
    menu->addSeparator();
    resetLayout = add(menu, tr("&Reset layout"), {});
}

void MainMenu::addTheme(QMenu *menu, Theme theme, const QString &text)
{
    QAction *action = m_themes->addAction(text);
    action->setCheckable(true);
    menu->addAction(action);
    m_themeActions.insert(theme, action);
    connect(action, &QAction::triggered, this, [this, theme] { Q_EMIT themeChosen(theme); });
}

void MainMenu::fillHelp(QMenu *menu)
{
    shortcuts = add(menu, tr("&Keyboard shortcuts"), u"help"_s, QKeySequence::HelpContents);
    diagnostics = add(menu, tr("&Copy diagnostics"), u"copy"_s);
    diagnostics->setStatusTip(
        tr("What to put into a report of a fault: versions, settings and connections, no secret"));
    about = add(menu, tr("&About Quiesce"), {});
}

QAction *MainMenu::add(QMenu *menu, const QString &text, const QString &iconName,
                       const QKeySequence &shortcut)
{
    QAction *action = menu->addAction(text);
    action->setShortcut(shortcut);
    setIconName(action, iconName);
    m_actions.append(action);
    return action;
}

} // namespace quiesce
