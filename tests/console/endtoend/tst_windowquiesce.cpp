// SPDX-License-Identifier: GPL-3.0-only
// Out of rotation and back from the window: by a quiesce, and out of the lame duck of a stop.
#include "console/view/actions/operationbar.h"
#include "console/view/detail/stop/lifecyclestepper.h"
#include "console/view/detail/stop/stopbanner.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"

#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

class Stage final
{
public:
    [[nodiscard]] bool open(const QStringList &flags = {})
    {
        console.letFind(service);
        return startAs(service, u"api"_s, flags) && console.open()
            && console.showsAs(u"api"_s, u"Serving"_s);
    }
    [[nodiscard]] int readiness() const
    {
        return askAfresh(service.trafficPort(), get("/readyz")).status;
    }
    [[nodiscard]] QJsonObject state() const { return AdminClient(service).get("/state").body; }

    ServiceProcess service;
    ConsoleStage console;
};

} // namespace

class WindowQuiesceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesOutOfRotation();
    void bringsBackIntoRotation();
    void takesAStopBackInItsLameDuck();
};

void WindowQuiesceTest::takesOutOfRotation()
{
    Stage stage;
    QVERIFY(stage.open());
    QVERIFY(stage.console.isRefused(u"Resume"_s, u"It is serving already."_s));
    QVERIFY(stage.console.clickButton(u"Quiesce"_s));
    const QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Quiesce api?"_s));
    QVERIFY(isSoonIn(dialog, u"Out of rotation until resumed; nothing is stopped"_s));
    QVERIFY(stage.console.confirm(u"a look at the disk"_s));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Quiesced"_s));
    QCOMPARE(stage.console.cell(u"api"_s, FleetColumn::Ready), u"No"_s);
    QVERIFY(isSoonIn(stage.console.part<LifecycleStepper>(), u"Lame duck: Quiesced"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"Out of rotation, nothing is stopped."_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"a look at the disk"_s));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(), u"Quiesced: out of rotation."_s));
    QVERIFY(stage.console.isRefused(u"Quiesce"_s, u"It is quiesced already."_s));
    QCOMPARE(stage.readiness(), 503);
    QVERIFY(stage.state()["stop"_L1].isNull());
    QCOMPARE(stage.state()["state"_L1].toString(), u"lame-duck"_s);
    QCOMPARE(askAfresh(stage.service.trafficPort(), get("/hello")).status, 200);
}

void WindowQuiesceTest::bringsBackIntoRotation()
{
    Stage stage;
    QVERIFY(stage.open());
    QVERIFY(stage.console.clickButton(u"Quiesce"_s));
    QVERIFY(stage.console.confirm(u"a look at the disk"_s));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Quiesced"_s));
    QVERIFY(stage.console.clickButton(u"Resume"_s));
    QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Resume api?"_s));
    QVERIFY(isSoonIn(dialog, u"Ready again: back in rotation"_s));
    QVERIFY(click(buttonOf(dialog, u"confirm"_s))); // a reason is not asked for
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(), u"Serving: in rotation."_s));
    QVERIFY(isSoonIn(stage.console.part<LifecycleStepper>(), u"Serving: under way"_s));
    QCOMPARE(stage.console.cell(u"api"_s, FleetColumn::Ready), u"Yes"_s);
    QCOMPARE(stage.readiness(), 200);
    QCOMPARE(
        stage.service.transitions(),
        (QStringList{ u"starting serving"_s, u"serving lame-duck"_s, u"lame-duck serving"_s }));
}

void WindowQuiesceTest::takesAStopBackInItsLameDuck()
{
    Stage stage;
    QVERIFY(stage.open({ u"--lame-duck"_s, u"1h"_s }));
    QVERIFY(stage.console.clickButton(u"Drain and stop"_s));
    QVERIFY(stage.console.confirm(u"too early"_s));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Lame duck"_s));
    QVERIFY(stage.console.isRefused(u"Quiesce"_s, u"A stop is under way already."_s));
    QVERIFY(stage.console.clickButton(u"Resume"_s));
    QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"The stop under way is taken back."_s));
    QVERIFY(click(buttonOf(dialog, u"confirm"_s)));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.showsAs(u"api"_s, u"Serving"_s));
    QVERIFY(isSoonGoneFrom(stage.console.part<StopBanner>(), u"too early"_s));
    QVERIFY(stage.console.isRefused(u"Extend"_s, u"No stop is under way."_s));
    QVERIFY(stage.state()["stop"_L1].isNull());
    QCOMPARE(stage.readiness(), 200);
    QVERIFY(stage.service.isRunning());
    QCOMPARE(stage.service.reportFiles(), QStringList());
}

QTEST_MAIN(WindowQuiesceTest)
#include "tst_windowquiesce.moc"
