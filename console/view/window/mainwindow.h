// SPDX-License-Identifier: GPL-3.0-only
// MainWindow: the fleet, the page of the instance that is chosen, and the menus around them.
#pragma once

#include "console/model/instance/instance.h"
#include "console/model/settings/choices.h"

#include <QMainWindow>
#include <QPointer>

class QLabel;
class QSplitter;
class QStackedLayout;
class QToolBar;

namespace quiesce {

class FleetModel;
class FleetPage;
class MainMenu;
class ProductionBanner;
class StatusLine;

/// Thread:  event loop. Owns: its pages. The fleet outlives it.
/// Emits:   chosenChanged() with the instance to show, null for none; else what a click asks for,
///          which is others' to do. closeWanted() instead of closing, until closeForGood().
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(FleetModel *fleet, QWidget *parent = nullptr);

    [[nodiscard]] FleetPage *fleetPage() const { return m_fleetPage; }
    /// What shows the chosen instance; takes it over. It is shown whenever one is chosen.
    void setInstancePage(QWidget *page);
    /// Into the Instance menu, the tool bar and the menu of rows; they stay another's. In the tool
    /// bar only those with an icon.
    void addInstanceActions(const QList<QAction *> &actions);
    /// What is ticked in the menu.
    void setTheme(Theme theme);

    /// Geometry, tool bar, splitter and columns. An empty or unknown one changes nothing.
    [[nodiscard]] QByteArray saveLayout() const;
    bool restoreLayout(const QByteArray &layout);

    /// No more questions: the next close is one. Also when the session ends.
    void closeForGood();

public Q_SLOTS:
    void resetLayout();
    void setWallboard(bool isWallboard);

Q_SIGNALS:
    void chosenChanged(quiesce::Instance *instance);
    void selectionChanged(const QList<quiesce::Instance *> &instances);
    void addWanted();
    void importWanted();
    void exportWanted();
    void demoWanted();
    void preferencesWanted();
    void shortcutsWanted();
    void diagnosticsWanted();
    void aboutWanted();
    void themeChosen(quiesce::Theme theme);
    void quitWanted();
    void closeWanted();
    void layoutReset(); ///< for what is on its pages

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void setUpDetail();
    void setUpToolBar();
    void connectFleet();
    void connectMenu();
    void showInstance(Instance *instance);
    void showTitle();
    void showSummary();
    void showDetail();
    void setBeside(bool isBeside);
    void shareHeight();
    void drawIcons();

    FleetModel *m_fleet;
    FleetPage *m_fleetPage;
    QSplitter *m_splitter;
    QWidget *m_detail;
    ProductionBanner *m_banner;
    QStackedLayout *m_pages;
    QToolBar *m_toolBar;
    MainMenu *m_menu;
    StatusLine *m_status;
    QPointer<Instance> m_shown;
    bool m_isShareChosen = false; ///< the splitter was moved: it stays where it is
    bool m_isClosing = false;
};

} // namespace quiesce
