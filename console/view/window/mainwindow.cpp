// SPDX-License-Identifier: GPL-3.0-only
// MainWindow: see the header; its layout is in mainwindowlayout.cpp.
#include "console/view/window/mainwindow.h"

#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/emptystate.h"
#include "console/view/fleet/fleetpage.h"
#include "console/view/look/iconname.h"
#include "console/view/look/look.h"
#include "console/view/window/mainmenu.h"
#include "console/view/window/productionbanner.h"
#include "console/view/window/statusline.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QMenuBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolBar>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

MainWindow::MainWindow(FleetModel *fleet, QWidget *parent)
    : QMainWindow(parent)
    , m_fleet(fleet)
    , m_fleetPage(new FleetPage(fleet, this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_detail(new QWidget(this))
    , m_banner(new ProductionBanner(m_detail))
    , m_pages(new QStackedLayout)
    , m_toolBar(addToolBar(tr("Actions")))
    , m_menu(new MainMenu(this))
    , m_status(new StatusLine(this))
{
    setWindowIcon(applicationIcon());
    setStatusBar(m_status);
    setUpDetail();
    setUpToolBar();
    connectFleet();
    connectMenu();
    resetLayout();
    drawIcons();
    showTitle();
    showSummary();
}

void MainWindow::setUpDetail()
{
    auto *column = new QVBoxLayout(m_detail);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addLayout(m_pages);
    auto *nothing = new EmptyState(u"fleet"_s, m_detail);
    nothing->setTitle(tr("No service chosen"));
    nothing->setWords(tr("Choose one in the list to see what it does and what it waits for."));
    m_pages->addWidget(nothing);
    m_splitter->addWidget(m_fleetPage);
    m_splitter->addWidget(m_detail);
    m_splitter->setChildrenCollapsible(false);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_isShareChosen = true; });
    setCentralWidget(m_splitter);
}

void MainWindow::setUpToolBar()
{
    m_toolBar->setObjectName(u"actions"_s);
    m_toolBar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toolBar->setMovable(false);
    m_toolBar->setContextMenuPolicy(Qt::PreventContextMenu); // nobody hides it by mistake
    m_toolBar->addAction(m_menu->addConnection);
    m_toolBar->addSeparator();
}

void MainWindow::connectFleet()
{
    connect(m_fleetPage, &FleetPage::instanceActivated, this, &MainWindow::showInstance);
    connect(m_fleetPage, &FleetPage::selectionChanged, this, &MainWindow::selectionChanged);
    connect(m_fleetPage, &FleetPage::demoWanted, this, &MainWindow::demoWanted);
    connect(m_fleetPage, &FleetPage::addWanted, this, &MainWindow::addWanted);
    connect(m_fleet, &FleetModel::summaryChanged, this, &MainWindow::showSummary);
    // A name or an environment that is changed, or learnt with the first snapshot.
    connect(m_fleet, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &first) {
        if (first.column() == int(FleetColumn::State))
            showTitle();
    });
    connect(qApp, &QGuiApplication::commitDataRequest, this, [this] { m_isClosing = true; });
}

void MainWindow::connectMenu()
{
    const auto tell = [this](QAction *action, void (MainWindow::*wanted)()) {
        connect(action, &QAction::triggered, this, wanted);
    };
    tell(m_menu->addConnection, &MainWindow::addWanted);
    tell(m_menu->importConnections, &MainWindow::importWanted);
    tell(m_menu->exportConnections, &MainWindow::exportWanted);
    tell(m_menu->startDemo, &MainWindow::demoWanted);
    tell(m_menu->preferences, &MainWindow::preferencesWanted);
    tell(m_menu->quit, &MainWindow::quitWanted);
    tell(m_menu->shortcuts, &MainWindow::shortcutsWanted);
    tell(m_menu->diagnostics, &MainWindow::diagnosticsWanted);
    tell(m_menu->about, &MainWindow::aboutWanted);
    connect(m_menu, &MainMenu::themeChosen, this, &MainWindow::themeChosen);
    connect(m_menu->search, &QAction::triggered, m_fleetPage, &FleetPage::focusSearch);
    connect(m_menu->resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    connect(m_menu->wallboard, &QAction::toggled, this, &MainWindow::setWallboard);
    connect(m_menu->detailBeside, &QAction::toggled, this, &MainWindow::setBeside);
    addActions(m_menu->actions());
}

void MainWindow::setInstancePage(QWidget *page)
{
    m_pages->addWidget(page);
    showInstance(m_shown);
}

void MainWindow::addInstanceActions(const QList<QAction *> &actions)
{
    m_menu->instance->addActions(actions);
    m_fleetPage->addRowActions(actions);
    for (QAction *action : actions) {
        if (action->isSeparator() || !action->icon().isNull())
            m_toolBar->addAction(action);
    }
}

void MainWindow::setTheme(Theme theme)
{
    m_menu->setTheme(theme);
}

void MainWindow::showInstance(Instance *instance)
{
    m_shown = instance;
    m_pages->setCurrentIndex(instance ? m_pages->count() - 1 : 0);
    showTitle();
    Q_EMIT chosenChanged(instance);
}

void MainWindow::showTitle()
{
    const QString name = m_shown ? m_shown->displayName() : QString();
    const bool isProduction = m_shown && m_shown->spec().environment == Environment::Production;
    m_banner->setName(isProduction ? name : QString());
    setWindowTitle(name.isEmpty() ? tr("Quiesce") : tr("%1 — Quiesce").arg(name));
}

void MainWindow::showSummary()
{
    m_status->setSummary(summaryText(m_fleet->summary()));
    showDetail();
}

void MainWindow::closeForGood()
{
    m_isClosing = true;
    close();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_isClosing)
        Q_EMIT closeWanted();
    event->setAccepted(m_isClosing); // whoever heard it may have said so
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    shareHeight();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        drawIcons();
    if (event->type() == QEvent::FontChange)
        shareHeight();
}

void MainWindow::drawIcons()
{
    drawActionIcons(m_menu->actions(), palette());
    const int size = fontMetrics().height() * 5 / 4;
    m_toolBar->setIconSize({ size, size });
}

} // namespace quiesce
