// SPDX-License-Identifier: GPL-3.0-only
// One piece of work is cancelled from the window: a request that holds a stop, and a job.
#include "console/view/actions/operationbar.h"
#include "console/view/detail/lists/jobdetail.h"
#include "console/view/detail/lists/jobview.h"
#include "console/view/detail/stop/blockerview.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"

#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

class Stage final
{
public:
    [[nodiscard]] bool open()
    {
        console.letFind(service);
        return startAs(service, u"api"_s, { u"--grace"_s, u"1h"_s }) && console.open()
            && console.showsAs(u"api"_s, u"Serving"_s);
    }
    [[nodiscard]] bool stop()
    {
        return console.clickButton(u"Drain and stop"_s) && console.confirm(u"update"_s)
            && console.showsAs(u"api"_s, u"Draining"_s);
    }

    ServiceProcess service;
    ConsoleStage console;
};

QTableView *tableOf(const QWidget *view)
{
    return view->findChild<QTableView *>();
}

/// The row that shows this; none.
QModelIndex rowWith(const QTableView *table, const QString &text)
{
    const QStringList rows = rowsIn(table).split(u'\n');
    for (qsizetype row = 0; row < rows.size(); ++row) {
        if (rows[row].contains(text))
            return table->model()->index(int(row), 0);
    }
    return {};
}

QPushButton *cancelButtonOf(const JobDetail *detail)
{
    for (QPushButton *button : detail->findChildren<QPushButton *>()) {
        if (withoutMark(button->text()) == u"Cancel this job…")
            return button;
    }
    return nullptr;
}

} // namespace

class WindowCancelTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cancelsTheRequestThatAStopWaitsFor();
    void cancelsNoOtherRequest();
    void cancelsAJob();
};

void WindowCancelTest::cancelsTheRequestThatAStopWaitsFor()
{
    Stage stage;
    QVERIFY(stage.open());
    LoopbackClient busy(stage.service.trafficPort());
    QVERIFY(busy.send(get("/work?ms=600000")));
    QVERIFY(stage.service.hasCaughtUp());
    QVERIFY(stage.stop());
    QTableView *table = tableOf(stage.console.part<BlockerView>());
    QVERIFY(isSoonIn(table, u"GET /work"_s));
    QVERIFY(clickCell(table, rowWith(table, u"GET /work"_s), {}, Qt::RightButton));
    QVERIFY(chooseFromMenu(u"Cancel this request…"_s));
    const QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Cancel a request of api?"_s));
    QVERIFY(isSoonIn(dialog, u"The request GET /work ("_s));
    QVERIFY(isSoonIn(dialog, u"is told to give up; its client gets an error."_s));
    QVERIFY(busy.isSilent());
    QVERIFY(stage.console.confirm(u"nobody waits for it"_s));
    QVERIFY(isSoon([&] { return !busy.isSilent(); }));
    const Answer answer = busy.readAnswer();
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.code(), QByteArray("cancelled"));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(),
                     u"Accepted: the request is told to give up."_s));
    QVERIFY(isSoon([&] { return !stage.service.isRunning(); })); // there was nothing else
    QCOMPARE(stage.service.tally(), u"1+0 = 0+1+0"_s);
}

void WindowCancelTest::cancelsNoOtherRequest()
{
    Stage stage;
    QVERIFY(stage.open());
    LoopbackClient busy(stage.service.trafficPort());
    LoopbackClient hanging(stage.service.trafficPort());
    QVERIFY(busy.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf"));
    QVERIFY(hanging.send(get("/work?ms=600000")));
    QVERIFY(stage.service.hasCaughtUp());
    QVERIFY(stage.stop());
    QTableView *table = tableOf(stage.console.part<BlockerView>());
    QVERIFY(isSoonIn(stage.console.part<BlockerView>(), u"Waiting for 2"_s));
    QVERIFY(isSoon([&] { return rowWith(table, u"GET /work"_s).isValid(); }));
    QVERIFY(clickCell(table, rowWith(table, u"GET /work"_s), {}, Qt::RightButton));
    QVERIFY(chooseFromMenu(u"Cancel this request…"_s));
    QVERIFY(stage.console.confirm(u"it hangs"_s));
    QVERIFY(isSoon([&] { return !hanging.isSilent(); }));
    QCOMPARE(hanging.readAnswer().status, 503);
    QVERIFY(isSoonIn(stage.console.part<BlockerView>(), u"Waiting for 1"_s));
    QVERIFY(isSoonGoneFrom(table, u"GET /work"_s));
    QVERIFY(isSoonIn(table, u"POST /echo"_s));
    QCOMPARE(stage.console.cell(u"api"_s, FleetColumn::State), u"Draining"_s);
    QCOMPARE(ask(busy, "half").body, QByteArray("halfhalf"));
    QVERIFY(isSoon([&] { return !stage.service.isRunning(); }));
    QCOMPARE(stage.service.tally(), u"2+0 = 1+1+0"_s);
}

void WindowCancelTest::cancelsAJob()
{
    Stage stage;
    QVERIFY(stage.open());
    const JobsClient jobs(stage.service);
    const QByteArray wanted = jobs.submit("sleep", R"({"ms":600000})").id();
    const QByteArray other = jobs.submit("sleep", R"({"ms":600000})").id();
    QVERIFY(openTab(stage.console.part<QTabWidget>(), u"Jobs"_s));
    QTableView *table = tableOf(stage.console.part<JobView>());
    const QString id = QString::fromLatin1(wanted);
    QVERIFY(isSoonIn(table, id));
    QVERIFY(isSoon([&] { return jobs.get(wanted).state() == "running"_L1; }));
    const auto *detail = stage.console.part<JobDetail>();
    QVERIFY(!click(cancelButtonOf(detail))); // none is chosen
    QVERIFY(clickCell(table, rowWith(table, id)));
    QVERIFY(isSoonIn(detail, u"sleep: Running"_s));
    QVERIFY(click(cancelButtonOf(detail)));
    const QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Cancel a job of api?"_s));
    QVERIFY(isSoonIn(dialog, u"The job ends as cancelled and is not queued again."_s));
    QVERIFY(stage.console.confirm(u"the wrong one"_s));
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(), u"Accepted: the job is told to end."_s));
    QVERIFY(isSoonIn(detail, u"sleep: Cancelled"_s));
    QVERIFY(!cancelButtonOf(detail)->isEnabled());
    QCOMPARE(jobs.await(wanted).state(), u"cancelled"_s);
    QCOMPARE(jobs.get(other).state(), u"running"_s);
}

QTEST_MAIN(WindowCancelTest)
#include "tst_windowcancel.moc"
