// SPDX-License-Identifier: GPL-3.0-only
// A whole stop from the window: asked, confirmed, watched, extended, and read about afterwards.
#include "console/view/actions/operationbar.h"
#include "console/view/detail/stop/blockerview.h"
#include "console/view/detail/stop/lifecyclestepper.h"
#include "console/view/detail/stop/stopbanner.h"
#include "console/view/reports/reportspage.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

const QString kStop = u"Drain and stop"_s;
/// In flight for as long as the test likes: until its other half is sent.
const QByteArray kHalfBody = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf";
const QByteArray kOtherHalf = "half";

/// A service that is found by itself, with a request in flight that the test ends.
class Stage final
{
public:
    [[nodiscard]] bool open(const QStringList &flags)
    {
        if (!startAs(service, u"api"_s, flags))
            return false;
        busy.emplace(service.trafficPort());
        console.letFind(service);
        return busy->send(kHalfBody) && service.hasCaughtUp() && console.open();
    }
    /// Until it is confirmed.
    [[nodiscard]] bool askToStop()
    {
        if (!console.clickButton(kStop))
            return false;
        QDialog *dialog = console.dialog();
        return type(fieldOf(dialog, u"Reason:"_s), u"kernel update"_s)
            && type(fieldOf(dialog, u"Asked by:"_s), u"ann"_s)
            && click(buttonOf(dialog, u"confirm"_s));
    }
    [[nodiscard]] QJsonObject stop() const
    {
        return AdminClient(service).get("/state").body["stop"_L1].toObject();
    }

    ServiceProcess service;
    std::optional<LoopbackClient> busy;
    ConsoleStage console;
};

} // namespace

class WindowStopTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheServiceAndAsksForNoToken();
    void asksForNoTokenWhereOneIsFound();
    void saysBeforehandWhatAStopDoes();
    void showsTheStopUnderWay();
    void movesTheDeadline();
    void showsAndReportsACleanEnd();
};

void WindowStopTest::findsTheServiceAndAsksForNoToken()
{
    Stage stage;
    QVERIFY(stage.open({}));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QCOMPARE(stage.console.cell(u"api"_s, FleetColumn::Ready), u"Yes"_s);
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.isRefused(u"Extend"_s, u"No stop is under way."_s));
}

/// Told of it on the command line, where no token may be, before it has been found.
void WindowStopTest::asksForNoTokenWhereOneIsFound()
{
    Stage stage;
    QVERIFY(startAs(stage.service, u"api"_s));
    stage.console.connectTo(stage.service);
    stage.console.letFind(stage.service);
    QVERIFY(stage.console.open());
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(isSoonIn(&stage.console.window(), u"1 service: 1 serving"_s));
}

void WindowStopTest::saysBeforehandWhatAStopDoes()
{
    Stage stage;
    QVERIFY(stage.open({}));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QVERIFY(stage.console.clickButton(kStop));
    QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Drain and stop api?"_s));
    QVERIFY(isSoonIn(dialog, u"api | Not set | Serving"_s));
    QVERIFY(isSoonIn(dialog, u"1 request in flight and 0 jobs running."_s));
    QVERIFY(isSoonIn(dialog, u"Lame duck and grace are the service's own"_s));
    QVERIFY(type(fieldOf(dialog, u"Grace:"_s), u"90s"_s));
    QVERIFY(isSoonIn(dialog, u"then up to 1 min 30 s to finish"_s));
    QVERIFY(buttonOf(dialog, u"cancel"_s)->isDefault());
    QVERIFY(buttonOf(dialog, u"confirm"_s)->text().contains("Drain and stop"_L1));
    QVERIFY(!buttonOf(dialog, u"confirm"_s)->isEnabled()); // without a reason
    QVERIFY(isSoonIn(dialog, u"Give a reason."_s));
    QVERIFY(click(buttonOf(dialog, u"cancel"_s)));
    QVERIFY(stage.console.isUndisturbed());
}

void WindowStopTest::showsTheStopUnderWay()
{
    Stage stage;
    QVERIFY(stage.open({ u"--lame-duck"_s, u"3s"_s, u"--grace"_s, u"10m"_s }));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QVERIFY(stage.askToStop());
    QVERIFY(stage.console.showsAs(u"api"_s, u"Lame duck"_s));
    QCOMPARE(stage.console.cell(u"api"_s, FleetColumn::Ready), u"No"_s);
    QVERIFY(isSoonIn(stage.console.part<LifecycleStepper>(), u"Lame duck: under way"_s));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Draining"_s));
    QVERIFY(isSoonIn(stage.console.part<LifecycleStepper>(), u"Draining: under way"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"Draining: waiting for 1 request"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u" left"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"kernel update"_s));
    QVERIFY(isSoonIn(stage.console.part<BlockerView>(), u"POST /echo"_s));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(), u"1 request in flight"_s));
    QVERIFY(stage.console.isRefused(kStop, u"A stop is under way already."_s));
    QVERIFY(stage.console.isRefused(u"Resume"_s, u"Past the point of no return"_s));
    const QJsonObject cause = stage.stop()["cause"_L1].toObject();
    QCOMPARE(cause["actor"_L1].toString(), u"ann"_s);
    QCOMPARE(cause["reason"_L1].toString(), u"kernel update"_s);
    QCOMPARE(cause["kind"_L1].toString(), u"api"_s);
}

void WindowStopTest::movesTheDeadline()
{
    Stage stage;
    QVERIFY(stage.open({ u"--grace"_s, u"10m"_s }));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QVERIFY(stage.askToStop());
    QVERIFY(stage.console.showsAs(u"api"_s, u"Draining"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"of 10 min gone"_s));
    const QString deadline = stage.stop()["deadlineAt"_L1].toString();
    QVERIFY(stage.console.clickButton(u"Extend"_s));
    QDialog *dialog = stage.console.dialog();
    QVERIFY(type(fieldOf(dialog, u"Extend by:"_s), u"20m"_s));
    QVERIFY(isSoonIn(dialog, u"The deadline moves from "_s));
    QVERIFY(click(buttonOf(dialog, u"confirm"_s)));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"extended by 20 min"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"of 30 min gone"_s));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(), u"The deadline is now "_s));
    const QJsonObject stop = stage.stop();
    QCOMPARE(stop["extendedMs"_L1].toInteger(), 20 * 60 * 1'000);
    const auto at = [](const QString &text) { return QDateTime::fromString(text, Qt::ISODate); };
    const qint64 moved = at(deadline).msecsTo(at(stop["deadlineAt"_L1].toString()));
    QVERIFY2(qAbs(moved - 20 * 60 * 1'000) < 1'000, qPrintable(QString::number(moved)));
}

void WindowStopTest::showsAndReportsACleanEnd()
{
    Stage stage;
    QVERIFY(stage.open({ u"--grace"_s, u"10m"_s }));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QVERIFY(stage.askToStop());
    QVERIFY(stage.console.showsAs(u"api"_s, u"Draining"_s));
    QVERIFY(stage.service.isRunning());
    QCOMPARE(ask(*stage.busy, kOtherHalf).body, QByteArray("halfhalf"));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Stopped cleanly"_s));
    QCOMPARE(stage.service.waitForExit(), 0);
    QCOMPARE(stage.service.tally(), u"1+0 = 1+0+0"_s);
    QVERIFY(isSoonIn(stage.console.part<LifecycleStepper>(), u"Stopped: Cleanly"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"How the stop went"_s));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(), u"drained: 1, cancelled: 0, cut: 0"_s));
    QVERIFY(!stage.console.part<BlockerView>()->isVisible());
    QVERIFY(stage.console.isRefused(kStop, u"It runs no more: Stopped cleanly."_s));
    QVERIFY(openTab(stage.console.part<QTabWidget>(), u"Reports"_s));
    const auto *reports = stage.console.part<ReportsPage>();
    QVERIFY(isSoonIn(reports, u"Stopped cleanly in "_s));
    QVERIFY(isSoonIn(reports, u"kernel update"_s));
    QVERIFY(isSoonIn(reports, u"ann"_s));
    QVERIFY(isSoonIn(reports, u"exit code 0"_s));
}

QTEST_MAIN(WindowStopTest)
#include "tst_windowstop.moc"
