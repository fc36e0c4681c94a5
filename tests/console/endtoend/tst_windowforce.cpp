// SPDX-License-Identifier: GPL-3.0-only
// A stop that does not end is forced from the window: what is lost is said before, and told after.
#include "console/view/actions/operationbar.h"
#include "console/view/detail/stop/lifecyclestepper.h"
#include "console/view/reports/reportspage.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"

#include <QPushButton>
#include <QTabWidget>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// A service with a request and a job that take ten minutes, in a stop that waits for them.
class Stage final
{
public:
    [[nodiscard]] bool open()
    {
        if (!startAs(service, u"api"_s, { u"--grace"_s, u"1h"_s }))
            return false;
        busy.emplace(service.trafficPort());
        jobId = JobsClient(service).submit("sleep", R"({"ms":600000})").id();
        console.keep(service, { .name = u"billing"_s, .environment = Environment::Staging });
        return busy->send(get("/work?ms=600000")) && service.hasCaughtUp() && console.open()
            && console.showsAs(u"billing"_s, u"Serving"_s);
    }
    [[nodiscard]] bool stop()
    {
        return console.clickButton(u"Drain and stop"_s) && console.confirm(u"update"_s)
            && console.showsAs(u"billing"_s, u"Draining"_s);
    }

    ServiceProcess service;
    std::optional<LoopbackClient> busy;
    QByteArray jobId;
    ConsoleStage console;
};

} // namespace

class WindowForceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysBeforehandWhatIsLost();
    void endsTheStopAtOnce();
    void isReportedWithWhatWasCut();
};

void WindowForceTest::saysBeforehandWhatIsLost()
{
    Stage stage;
    QVERIFY(stage.open());
    QVERIFY(stage.stop());
    QVERIFY(stage.console.clickButton(u"Force"_s));
    QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Force billing to stop now?"_s));
    QVERIFY(isSoonIn(dialog, u"billing | Staging | Draining"_s));
    QVERIFY(isSoonIn(dialog, u"Cuts 1 request now (the oldest "_s));
    QVERIFY(isSoonIn(dialog, u", GET /work)."_s));
    QVERIFY(isSoonIn(dialog, u"1 job goes back to the queue"_s));
    QVERIFY(isSoonIn(dialog, u"This cannot be undone."_s));
    QVERIFY(buttonOf(dialog, u"cancel"_s)->isDefault());
    QVERIFY(click(buttonOf(dialog, u"cancel"_s)));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.service.isRunning());
    QVERIFY(stage.busy->isSilent());
}

void WindowForceTest::endsTheStopAtOnce()
{
    Stage stage;
    QVERIFY(stage.open());
    QVERIFY(stage.stop());
    QVERIFY(stage.console.clickButton(u"Force"_s));
    QVERIFY(stage.console.confirm(u"it hangs"_s));
    QVERIFY(stage.console.showsAs(u"billing"_s, u"Forced to stop"_s));
    QCOMPARE(stage.service.waitForExit(), 75);
    QVERIFY(stage.busy->waitForEnd() != LoopbackClient::End::Open);
    QVERIFY(isSoonIn(stage.console.part<LifecycleStepper>(), u"Stopped: Forced"_s));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(), u"Forced to stop in "_s));
    QVERIFY(isSoonIn(&stage.console.window(), u"1 service: 1 stopped, 1 in trouble"_s));
    for (const QString &action : { u"Drain and stop"_s, u"Extend"_s, u"Resume"_s, u"Force"_s })
        QVERIFY(stage.console.isRefused(action, u"It runs no more: Forced to stop."_s));
}

void WindowForceTest::isReportedWithWhatWasCut()
{
    Stage stage;
    QVERIFY(stage.open());
    QVERIFY(stage.stop());
    QVERIFY(stage.console.clickButton(u"Force"_s));
    QVERIFY(stage.console.confirm(u"it hangs"_s));
    QVERIFY(stage.console.showsAs(u"billing"_s, u"Forced to stop"_s));
    QCOMPARE(stage.service.waitForExit(), 75);
    QCOMPARE(stage.service.tally(), u"1+0 = 0+0+1"_s);
    QVERIFY(openTab(stage.console.part<QTabWidget>(), u"Reports"_s));
    const auto *reports = stage.console.part<ReportsPage>();
    QVERIFY(isSoonIn(reports, u"Forced to stop in "_s));
    QVERIFY(isSoonIn(reports, u"update"_s)); // the stop's; the force has ended it
    QVERIFY(isSoonIn(reports, u"exit code 75"_s));
    QVERIFY(isSoonIn(reports, u"GET /work"_s));
    QVERIFY(isSoonIn(reports, u"Requests broken off | 1"_s));
}

QTEST_MAIN(WindowForceTest)
#include "tst_windowforce.moc"
