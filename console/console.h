// SPDX-License-Identifier: GPL-3.0-only
// Console: everything of the desktop program, and who hears whom.
#pragma once

#include "console/client/discovery/bookmarks.h"
#include "console/client/discovery/runtimefolder.h"
#include "console/client/tokens/tokenkeeper.h"
#include "console/connectiondesk.h"
#include "console/model/acting/operations.h"
#include "console/model/fleet/attention.h"
#include "console/model/fleet/demoservice.h"
#include "console/model/fleet/fleet.h"
#include "console/model/fleet/fleetmodel.h"
#include "console/model/settings/consolesettings.h"
#include "console/options.h"
#include "console/view/actions/instanceactions.h"
#include "console/view/window/mainwindow.h"
#include "console/view/window/trayicon.h"

#include <QObject>

namespace quiesce {

class ChartsPanel;
class InstancePage;

/// The composition root: makes the parts and connects them, and does nothing else.
///
/// Thread: event loop. Owns: all parts, of which each outlives those below it.
/// Order:  installTranslation() before it, start() after it.
class Console final : public QObject
{
    Q_OBJECT

public:
    /// `folder`: of connections and choices; see configFolder().
    Console(const ConsoleOptions &options, const QString &folder, QObject *parent = nullptr);
    ~Console() override;

    /// Shows the window and begins to look for instances.
    void start();

    [[nodiscard]] MainWindow &window() { return m_window; }
    [[nodiscard]] Fleet &fleet() { return m_fleet; }
    [[nodiscard]] ConsoleSettings &settings() { return m_settings; }

public Q_SLOTS:
    /// Keeps layout and choices, and ends the program. No service notices. Asks first when a
    /// rolling stop is under way.
    void quit();
    void showWindow();
    /// In this run only; a fault is told.
    void connectTo(const QUrl &url);

private:
    static constexpr int kToldSeconds = 10; ///< a word in the status line

    void wireFleet();
    void wireWindow();
    void wirePage();
    void wireActions();
    void wireTray();
    void wireDemo();
    void showPreferences();
    void applyChoices();
    void chooseRemembered(Instance *instance);
    void saveLayout();
    void askToQuit();
    void end();
    void close();
    void copyDiagnostics();
    void tellFault(const QString &text);

    QString m_folder;
    ConsoleOptions m_options;
    ConsoleSettings m_settings;
    Bookmarks m_bookmarks;
    TokenKeeper m_tokens;
    Fleet m_fleet;
    DemoService m_demo;
    RuntimeFolder m_local;
    Operations m_operations;
    Attention m_attention;
    FleetModel m_model;
    MainWindow m_window;
    InstanceActions m_actions;
    ConnectionDesk m_desk;
    TrayIcon m_tray;
    InstancePage *m_page = nullptr; ///< the window's
    ChartsPanel *m_charts = nullptr; ///< likewise
    QString m_rememberedId; ///< to be chosen once it appears
    bool m_hasToldOfTray = false;
};

} // namespace quiesce
