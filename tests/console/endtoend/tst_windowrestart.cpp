// SPDX-License-Identifier: GPL-3.0-only
// What the window shows of a service that dies, and of the one that takes its place.
#include "console/model/fleet/fleetmodel.h"
#include "console/view/detail/overviewheader.h"
#include "console/view/detail/stop/lifecyclestepper.h"
#include "console/view/detail/stop/stopbanner.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"

#include <QElapsedTimer>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

enum class Known : unsigned char { ByItself, AsConnection };

class Stage final
{
public:
    [[nodiscard]] bool open(Known known)
    {
        if (!startAs(service, u"api"_s))
            return false;
        if (known == Known::ByItself)
            console.letFind(service);
        else
            console.keep(service, { .name = u"api"_s });
        return console.open() && console.showsAs(u"api"_s, u"Serving"_s);
    }
    /// The process that is shown is the one that runs now, and nothing of an old one is left.
    [[nodiscard]] bool showsTheNewOne()
    {
        return console.showsAs(u"api"_s, u"Serving"_s)
            && isSoonIn(console.part<OverviewHeader>(), QString::number(service.pid()))
            && isSoonIn(console.part<LifecycleStepper>(), u"Serving: under way"_s)
            && isSoonIn(console.part<LifecycleStepper>(), u"Stopped: ahead"_s)
            && isSoonIn(&console.window(), u"1 service: 1 serving"_s)
            && console.isRefused(u"Extend"_s, u"No stop is under way."_s)
            && isSoon([this] { return console.button(u"Drain and stop"_s)->isEnabled(); });
    }
    void kill()
    {
        service.signal(SIGKILL);
        QCOMPARE(service.waitForExit(), -1);
    }
    [[nodiscard]] QList<float> trend()
    {
        return console.rowOf(u"api"_s)
            .siblingAtColumn(int(FleetColumn::Trend))
            .data(FleetModel::TrendRole)
            .value<QList<float>>();
    }

    ServiceProcess service;
    ConsoleStage console;
};

bool isKnown(float value)
{
    return !std::isnan(value);
}

/// Something, then nothing, then something.
bool hasGap(const QList<float> &trend)
{
    const auto known = std::find_if(trend.begin(), trend.end(), isKnown);
    const auto gap = std::find_if_not(known, trend.end(), isKnown);
    return std::find_if(gap, trend.end(), isKnown) != trend.end();
}

void addBothWays()
{
    QTest::addColumn<Known>("known");
    QTest::newRow("found by itself") << Known::ByItself;
    QTest::newRow("a connection") << Known::AsConnection;
}

} // namespace

class WindowRestartTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCrashIsNoStop_data() { addBothWays(); }
    void aCrashIsNoStop();
    void comesBackAfterACrash_data() { addBothWays(); }
    void comesBackAfterACrash();
    void comesBackAfterAStop_data() { addBothWays(); }
    void comesBackAfterAStop();
    void theTimeBetweenIsAGap();
    void reconnectsWhenToldTo();
};

void WindowRestartTest::aCrashIsNoStop()
{
    QFETCH(Known, known);
    Stage stage;
    QVERIFY(stage.open(known));
    stage.kill();
    QVERIFY(stage.console.showsAs(u"api"_s, u"Crashed"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"It has gone without a report"_s));
    QVERIFY(isSoonIn(stage.console.part<LifecycleStepper>(), u"Serving: Crashed"_s));
    QVERIFY(isSoonIn(&stage.console.window(), u"1 service: 1 in trouble"_s));
    QVERIFY(isSoonIn(&stage.console.window(), u"Trouble 1"_s));
    QVERIFY(!textIn(stage.console.part<StopBanner>()).contains("How the stop went"_L1));
    for (const QString &action : { u"Quiesce"_s, u"Drain and stop"_s, u"Force"_s })
        QVERIFY(stage.console.isRefused(action, u"It runs no more: Crashed."_s));
    QCOMPARE(stage.console.cell(u"api"_s, FleetColumn::Ready), QString());
}

void WindowRestartTest::comesBackAfterACrash()
{
    QFETCH(Known, known);
    Stage stage;
    QVERIFY(stage.open(known));
    stage.kill();
    QVERIFY(stage.console.showsAs(u"api"_s, u"Crashed"_s));
    QVERIFY(startAs(stage.service, u"api"_s));
    QVERIFY(stage.showsTheNewOne());
    QVERIFY(stage.console.isUndisturbed());
}

void WindowRestartTest::comesBackAfterAStop()
{
    QFETCH(Known, known);
    Stage stage;
    QVERIFY(stage.open(known));
    stage.service.signal(SIGTERM);
    QVERIFY(stage.console.showsAs(u"api"_s, u"Stopped cleanly"_s));
    QCOMPARE(stage.service.waitForExit(), 0);
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(),
                     u"SIGTERM from tst_windowresta"_s)); // what the kernel keeps
    QVERIFY(startAs(stage.service, u"api"_s));
    QVERIFY(stage.showsTheNewOne());
    QVERIFY(isSoonGoneFrom(stage.console.part<StopBanner>(), u"SIGTERM"_s));
}

void WindowRestartTest::theTimeBetweenIsAGap()
{
    Stage stage;
    QVERIFY(stage.open(Known::AsConnection));
    QVERIFY(isSoon([&] { return !stage.trend().isEmpty() && isKnown(stage.trend().constLast()); }));
    stage.kill();
    QVERIFY(stage.console.showsAs(u"api"_s, u"Crashed"_s));
    QVERIFY(!hasGap(stage.trend()));
    QVERIFY(startAs(stage.service, u"api"_s));
    QVERIFY(isSoon([&] { return hasGap(stage.trend()); }));
}

void WindowRestartTest::reconnectsWhenToldTo()
{
    static const QRegularExpression wait(uR"(Next attempt in (\d+) s)"_s);
    Stage stage;
    QVERIFY(stage.open(Known::AsConnection));
    stage.kill();
    auto *header = stage.console.part<OverviewHeader>();
    qint64 seconds = 0;
    QVERIFY(isSoon([&] { // the time between attempts grows
        seconds = wait.match(textIn(header)).captured(1).toLongLong();
        return seconds >= 8; // enough for a loaded machine to be quicker
    }));
    QElapsedTimer elapsed;
    elapsed.start();
    QVERIFY(startAs(stage.service, u"api"_s));
    QPushButton *reconnect = nullptr;
    for (QPushButton *button : header->findChildren<QPushButton *>()) {
        if (withoutMark(button->text()) == "Reconnect now"_L1)
            reconnect = button;
    }
    QVERIFY(click(reconnect));
    QVERIFY(stage.showsTheNewOne());
    QVERIFY2(elapsed.elapsed() < (seconds - 1) * 1'000, "it waited for its next attempt");
}

QTEST_MAIN(WindowRestartTest)
#include "tst_windowrestart.moc"
