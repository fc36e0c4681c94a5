// SPDX-License-Identifier: GPL-3.0-only
// The overview in the whole window, on the screens that people have: what must be seen at a glance.
#include "console/model/fleet/fleetmodel.h"
#include "console/view/charts/chartspanel.h"
#include "console/view/detail/instancepage.h"
#include "console/view/detail/lists/densetable.h"
#include "console/view/detail/stop/blockerview.h"
#include "console/view/detail/stop/lifecyclestepper.h"
#include "console/view/detail/stop/stopbanner.h"
#include "console/view/window/mainwindow.h"
#include "tests/console/fedinstance.h"
#include "tests/console/view/detail/fitting.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace std::chrono_literals;

namespace {

/// Whether no part of it is outside what it is in.
bool isWhollySeen(const QWidget *widget)
{
    bool isSeen = widget->isVisible();
    for (const QWidget *around = widget->parentWidget(); around; around = around->parentWidget())
        isSeen = isSeen
            && around->rect().contains(QRect(widget->mapTo(around, QPoint()), widget->size()));
    return isSeen;
}

} // namespace

class OverviewRoomTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aStopShowsWhatItWaitsFor_data();
    void aStopShowsWhatItWaitsFor();
    void servingShowsAllCharts_data();
    void servingShowsAllCharts();

    void fitsAScreenAtTwiceTheFont();

private:
    void show(const QSize &size);
    void drain(int blockerCount);
    [[nodiscard]] int blockersSeen() const;

    std::unique_ptr<Instance> m_instance;
    std::unique_ptr<FleetModel> m_fleet;
    std::unique_ptr<MainWindow> m_window;
    InstancePage *m_page = nullptr;
    ChartsPanel *m_charts = nullptr;
};

void OverviewRoomTest::init()
{
    m_window.reset();
    m_fleet.reset();
    m_instance = std::make_unique<Instance>(spec());
    m_instance->takeLink(link(LinkState::Live));
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving, 12), false);
    m_fleet = std::make_unique<FleetModel>();
    m_window = std::make_unique<MainWindow>(m_fleet.get());
    m_page = new InstancePage;
    m_charts = new ChartsPanel;
    m_page->addChartsWidget(m_charts);
    m_window->setInstancePage(m_page);
    connect(m_window.get(), &MainWindow::chosenChanged, m_page, &InstancePage::setInstance);
}

void OverviewRoomTest::show(const QSize &size)
{
    m_window->resize(size);
    m_window->show();
    m_fleet->add(m_instance.get()); // the only one is chosen by itself
}

void OverviewRoomTest::drain(int blockerCount)
{
    Snapshot stopping = snapshot(LifecycleState::Draining, blockerCount);
    stopping.stop = stopView(5s, 5min, blockers(blockerCount));
    m_instance->takeState(entered(LifecycleState::Serving, LifecycleState::LameDuck));
    m_instance->takeState(entered(LifecycleState::LameDuck, LifecycleState::Draining));
    m_instance->takeSnapshot(stopping, false);
}

int OverviewRoomTest::blockersSeen() const
{
    const auto *table = m_page->findChild<BlockerView *>()->findChild<DenseTable *>();
    return table->viewport()->visibleRegion().boundingRect().height()
        / table->verticalHeader()->defaultSectionSize();
}

void OverviewRoomTest::aStopShowsWhatItWaitsFor_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("a small screen") << QSize(1'280, 800);
    QTest::newRow("a usual one") << QSize(1'400, 900);
}

void OverviewRoomTest::aStopShowsWhatItWaitsFor()
{
    QFETCH(const QSize, size);
    show(size);
    drain(12);
    QTRY_VERIFY2(blockersSeen() >= 8, qPrintable(QString::number(blockersSeen())));
    QTRY_VERIFY(isWhollySeen(m_page->findChild<StopBanner *>()));
    QTRY_VERIFY(isWhollySeen(m_page->findChild<LifecycleStepper *>()));
    QTRY_VERIFY(isWhollySeen(m_charts->findChildren<LiveChart *>().first()));
}

void OverviewRoomTest::servingShowsAllCharts_data()
{
    aStopShowsWhatItWaitsFor_data();
}

void OverviewRoomTest::servingShowsAllCharts()
{
    QFETCH(const QSize, size);
    show(size);
    const QList<LiveChart *> charts = m_charts->findChildren<LiveChart *>();
    QCOMPARE(charts.size(), 4);
    for (const LiveChart *chart : charts)
        QTRY_VERIFY2(isWhollySeen(chart), qPrintable(chart->accessibleName()));
}

/// It scrolls then, but no window is larger than the screen.
void OverviewRoomTest::fitsAScreenAtTwiceTheFont()
{
    m_window->setFont(scaledFont(2));
    show({ 1'280, 800 });
    drain(12);
    QCoreApplication::processEvents();
    QCOMPARE(m_window->size(), QSize(1'280, 800));
    const QScrollArea *scroll = nullptr;
    for (const QWidget *around = m_page->findChild<StopBanner *>(); around && !scroll;
         around = around->parentWidget())
        scroll = qobject_cast<const QScrollArea *>(around);
    QVERIFY(scroll && scroll->widget()->isAncestorOf(m_charts));
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
    QVERIFY(!scroll->horizontalScrollBar()->isVisible());
    QTRY_VERIFY(isWhollySeen(m_page->findChild<LifecycleStepper *>()));
    const auto *table = m_page->findChild<BlockerView *>()->findChild<DenseTable *>();
    QVERIFY(table->viewport()->height() >= 4 * table->verticalHeader()->defaultSectionSize());
}

QTEST_MAIN(OverviewRoomTest)
#include "tst_overviewroom.moc"
