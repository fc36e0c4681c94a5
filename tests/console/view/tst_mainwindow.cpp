// SPDX-License-Identifier: GPL-3.0-only
// Tests of MainWindow: list and detail, its menus, its layout over runs, and how it closes.
#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/fleetpage.h"
#include "console/view/window/mainwindow.h"
#include "console/view/window/productionbanner.h"
#include "tests/console/fleetstage.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>
#include <QSplitter>
#include <QStatusBar>
#include <QTest>
#include <QToolBar>

using namespace quiesce;
using namespace quiesce::fleetstage;
using namespace Qt::StringLiterals;

namespace {

/// Within the screen that there is off screen, 800 by 800: a larger window is not restored as it
/// was.
constexpr QSize kOnScreen(780, 760);

QAction *actionOf(const MainWindow &window, const QString &text)
{
    const QList<QAction *> actions = window.actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&text](const QAction *action) {
        return QString(action->text()).remove(u'&') == text;
    });
    return found == actions.end() ? nullptr : *found;
}

} // namespace

class MainWindowTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsThePageOfTheChosenInstance();
    void warnsOfProductionInWords();
    void tellsHowTheFleetIsInTheStatusBar();
    void tellsWhatAMenuAsksFor_data();
    void tellsWhatAMenuAsksFor();
    void putsActionsWhereTheyAreLookedFor();
    void saysThatQuittingTouchesNoService();
    void asksBeforeItCloses();
    void remembersItsLayout();
    void givesTheListWhatItsRowsNeed();
    void leavesTheListWhereTheOperatorPutIt();
    void refusesAForeignLayout();
    void showsOnlyTheListAsAWallboard();
};

void MainWindowTest::showsThePageOfTheChosenInstance()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    auto *page = new QWidget;
    window.setInstancePage(page);
    window.show();
    QVERIFY(!page->isVisible());
    QCOMPARE(window.windowTitle(), u"Quiesce"_s);
    QSignalSpy chosen(&window, &MainWindow::chosenChanged);
    auto instance = std::make_unique<Instance>(spec(u"orders"_s));
    fleet.add(instance.get()); // the only one is chosen by itself
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][0].value<Instance *>(), instance.get());
    QVERIFY(page->isVisible());
    QCOMPARE(window.windowTitle(), u"orders — Quiesce"_s);
    instance.reset();
    QCOMPARE(chosen.count(), 2);
    QVERIFY(!page->isVisible());
    QCOMPARE(window.windowTitle(), u"Quiesce"_s);
}

void MainWindowTest::warnsOfProductionInWords()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    window.show();
    const auto *banner = window.findChild<ProductionBanner *>();
    Instance harmless(spec(u"a"_s, Environment::Staging));
    Instance production(spec(u"b"_s, Environment::Production));
    fleet.add(&harmless);
    fleet.add(&production);
    QVERIFY(!banner->isVisible());
    window.fleetPage()->choose(&production);
    QVERIFY(banner->isVisible());
    QCOMPARE(banner->accessibleName(), u"Production: b"_s);
    window.fleetPage()->choose(&harmless);
    QVERIFY(!banner->isVisible());
    harmless.setSpec(spec(u"a"_s, Environment::Production));
    QTRY_VERIFY(banner->isVisible());
}

void MainWindowTest::tellsHowTheFleetIsInTheStatusBar()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    Instance instance(spec(u"a"_s));
    goLive(instance);
    fleet.add(&instance);
    const auto *summary = window.statusBar()->findChild<QLabel *>();
    QCOMPARE(summary->text(), u"1 service: 1 serving"_s);
    setLink(instance, LinkState::Crashed);
    QTRY_COMPARE(summary->text(), u"1 service: 1 in trouble"_s);
}

void MainWindowTest::tellsWhatAMenuAsksFor_data()
{
    using Signal = void (MainWindow::*)();
    QTest::addColumn<QString>("entry");
    QTest::addColumn<Signal>("wanted");
    QTest::newRow("add") << u"Add connection…"_s << &MainWindow::addWanted;
    QTest::newRow("import") << u"Import connections…"_s << &MainWindow::importWanted;
    QTest::newRow("export") << u"Export connections…"_s << &MainWindow::exportWanted;
    QTest::newRow("demo") << u"Start a demo service"_s << &MainWindow::demoWanted;
    QTest::newRow("preferences") << u"Preferences…"_s << &MainWindow::preferencesWanted;
    QTest::newRow("shortcuts") << u"Keyboard shortcuts"_s << &MainWindow::shortcutsWanted;
    QTest::newRow("about") << u"About Quiesce"_s << &MainWindow::aboutWanted;
    QTest::newRow("quit") << u"Quit"_s << &MainWindow::quitWanted;
}

void MainWindowTest::tellsWhatAMenuAsksFor()
{
    using Signal = void (MainWindow::*)();
    QFETCH(const QString, entry);
    QFETCH(const Signal, wanted);
    FleetModel fleet;
    MainWindow window(&fleet);
    QSignalSpy spy(&window, wanted);
    QVERIFY(actionOf(window, entry));
    actionOf(window, entry)->trigger();
    QCOMPARE(spy.count(), 1);
}

void MainWindowTest::putsActionsWhereTheyAreLookedFor()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    QAction withIcon(window.windowIcon(), u"Stop"_s);
    QAction withoutIcon(u"Copy as curl"_s);
    window.addInstanceActions({ &withIcon, &withoutIcon });
    const auto *toolBar = window.findChild<QToolBar *>();
    QVERIFY(toolBar->actions().contains(&withIcon));
    QVERIFY(!toolBar->actions().contains(&withoutIcon));
    int menus = 0;
    for (const QMenu *menu : window.findChildren<QMenu *>())
        menus += menu->actions().contains(&withoutIcon) ? 1 : 0;
    QCOMPARE_GE(menus, 1);
}

void MainWindowTest::saysThatQuittingTouchesNoService()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    QVERIFY(actionOf(window, u"Quit"_s)->statusTip().contains(u"the services run on"_s));
}

void MainWindowTest::asksBeforeItCloses()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    window.show();
    QSignalSpy wanted(&window, &MainWindow::closeWanted);
    QVERIFY(!window.close());
    QVERIFY(window.isVisible());
    QCOMPARE(wanted.count(), 1);
    window.closeForGood();
    QVERIFY(!window.isVisible());
    QCOMPARE(wanted.count(), 1);
}

void MainWindowTest::remembersItsLayout()
{
    FleetModel fleet;
    Instance instance(spec(u"a"_s));
    fleet.add(&instance);
    MainWindow first(&fleet);
    first.show();
    first.resize(kOnScreen);
    actionOf(first, u"Details beside the list"_s)->setChecked(true);
    first.findChild<QSplitter *>()->setSizes({ 300, 460 });
    MainWindow second(&fleet);
    QVERIFY(second.restoreLayout(first.saveLayout()));
    second.show();
    QCOMPARE(second.size(), first.size());
    QCOMPARE(second.findChild<QSplitter *>()->orientation(), Qt::Horizontal);
    QTRY_COMPARE(second.findChild<QSplitter *>()->sizes(), first.findChild<QSplitter *>()->sizes());
    second.resetLayout();
    QCOMPARE(second.findChild<QSplitter *>()->orientation(), Qt::Vertical);
}

void MainWindowTest::givesTheListWhatItsRowsNeed()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    window.resize(1'280, 800);
    window.show();
    std::vector<std::unique_ptr<Instance>> instances;
    const auto listHeight = [&window, &fleet, &instances] {
        instances.push_back(std::make_unique<Instance>(spec(QString::number(instances.size()))));
        fleet.add(instances.back().get());
        QCoreApplication::processEvents();
        return window.fleetPage()->height();
    };
    const int one = listHeight();
    QVERIFY2(one < 200, qPrintable(QString::number(one)));
    const int two = listHeight();
    QVERIFY(two > one);
    const int row = two - one;
    QCOMPARE(listHeight(), two + row);
    for (int more = 0; more < 40; ++more)
        listHeight();
    QVERIFY(window.fleetPage()->height() < 800 * 2 / 5);
    QVERIFY(window.fleetPage()->height() > 800 / 4);
}

void MainWindowTest::leavesTheListWhereTheOperatorPutIt()
{
    FleetModel fleet;
    Instance instance(spec(u"a"_s));
    fleet.add(&instance);
    MainWindow window(&fleet);
    window.resize(kOnScreen);
    window.show();
    auto *splitter = window.findChild<QSplitter *>();
    const int before = window.fleetPage()->height();
    QWidget *handle = splitter->handle(1);
    const QPoint middle = handle->rect().center();
    QTest::mousePress(handle, Qt::LeftButton, {}, middle);
    QTest::mouseMove(handle, middle + QPoint(0, 150));
    QTest::mouseRelease(handle, Qt::LeftButton, {}, middle + QPoint(0, 150));
    QCOMPARE(window.fleetPage()->height(), before + 150);
    Instance other(spec(u"b"_s));
    fleet.add(&other);
    QCoreApplication::processEvents();
    QCOMPARE(window.fleetPage()->height(), before + 150);
    MainWindow next(&fleet);
    QVERIFY(next.restoreLayout(window.saveLayout()));
    next.show();
    QTRY_COMPARE(next.fleetPage()->height(), before + 150);
    next.resetLayout();
    QTRY_VERIFY(next.fleetPage()->height() < before + 150);
}

void MainWindowTest::refusesAForeignLayout()
{
    FleetModel fleet;
    MainWindow window(&fleet);
    const QByteArray layout = window.saveLayout();
    QVERIFY(!window.restoreLayout({}));
    QVERIFY(!window.restoreLayout("garbage"));
    QVERIFY(!window.restoreLayout(layout.first(layout.size() / 2)));
    QVERIFY(!window.restoreLayout(QByteArray(10'000'000, 'x')));
    QVERIFY(window.restoreLayout(layout));
}

void MainWindowTest::showsOnlyTheListAsAWallboard()
{
    FleetModel fleet;
    Instance instance(spec(u"a"_s));
    fleet.add(&instance);
    MainWindow window(&fleet);
    auto *page = new QWidget;
    window.setInstancePage(page);
    window.show();
    QAction *wallboard = actionOf(window, u"Wallboard"_s);
    QCOMPARE(wallboard->shortcut(), QKeySequence(Qt::Key_F11));
    wallboard->trigger();
    QVERIFY(window.isFullScreen());
    QVERIFY(!window.menuBar()->isVisible());
    QVERIFY(!page->isVisible());
    QVERIFY(window.fleetPage()->isVisible());
    wallboard->trigger();
    QVERIFY(!window.isFullScreen());
    QVERIFY(window.menuBar()->isVisible());
}

QTEST_MAIN(MainWindowTest)
#include "tst_mainwindow.moc"
