// SPDX-License-Identifier: GPL-3.0-only
// Leaving the console, in each way there is: the services run on, and a later console finds them.
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"

#include <QApplication>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

enum class Way : unsigned char { Keys, Window };

constexpr int kNeverEnded = 1;

/// Ends the program in this way, which runs from here on; its exit code.
int leave(Way way, ConsoleStage &console)
{
    QTimer::singleShot(0, &console.window(), [way, &console] {
        if (way == Way::Keys)
            QVERIFY(press(QKeySequence(u"Ctrl+Q"_s)));
        else
            console.window().close(); // as a window manager asks
    });
    QTimer late;
    QObject::connect(&late, &QTimer::timeout, [] { QCoreApplication::exit(kNeverEnded); });
    late.start(kLongestWait);
    return QApplication::exec();
}

QJsonObject stateOf(const ServiceProcess &service)
{
    return AdminClient(service).get("/state").body;
}

/// What a console has found by itself; it serves.
std::unique_ptr<ConsoleStage> openBeside(const ServiceProcess &service)
{
    auto console = std::make_unique<ConsoleStage>();
    console->letFind(service);
    if (!console->open() || !console->showsAs(u"api"_s, u"Serving"_s))
        console.reset();
    return console;
}

} // namespace

class WindowQuitTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesTheServiceServing_data();
    void leavesTheServiceServing();
    void leavesAStopUnderWayToGoOn();
    void leavesWhatWasQuiesced();
};

void WindowQuitTest::leavesTheServiceServing_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("Ctrl+Q") << Way::Keys;
    QTest::newRow("the window closed") << Way::Window;
}

void WindowQuitTest::leavesTheServiceServing()
{
    QFETCH(Way, way);
    ServiceProcess service;
    QVERIFY(startAs(service, u"api"_s));
    auto console = openBeside(service);
    QVERIFY(console);
    QCOMPARE(leave(way, *console), 0);
    QVERIFY(!console->window().isVisible());
    console.reset();
    QVERIFY(service.isRunning());
    QCOMPARE(askAfresh(service.trafficPort(), get("/readyz")).status, 200);
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
    QCOMPARE(AdminClient(service).get("/audit").body["items"_L1].toArray().size(), 0);

    QVERIFY(openBeside(service));
}

void WindowQuitTest::leavesAStopUnderWayToGoOn()
{
    ServiceProcess service;
    QVERIFY(startAs(service, u"api"_s, { u"--grace"_s, u"1h"_s }));
    LoopbackClient busy(service.trafficPort());
    QVERIFY(busy.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf"));
    QVERIFY(service.hasCaughtUp());
    auto console = openBeside(service);
    QVERIFY(console);
    QVERIFY(console->clickButton(u"Drain and stop"_s));
    QVERIFY(console->confirm(u"update"_s));
    QVERIFY(console->showsAs(u"api"_s, u"Draining"_s));
    QCOMPARE(leave(Way::Keys, *console), 0);
    console.reset();
    QCOMPARE(stateOf(service)["state"_L1].toString(), u"draining"_s);
    QCOMPARE(ask(busy, "half").body, QByteArray("halfhalf"));
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void WindowQuitTest::leavesWhatWasQuiesced()
{
    ServiceProcess service;
    QVERIFY(startAs(service, u"api"_s));
    auto console = openBeside(service);
    QVERIFY(console);
    QVERIFY(console->clickButton(u"Quiesce"_s));
    QVERIFY(console->confirm(u"a look at the disk"_s));
    QVERIFY(console->showsAs(u"api"_s, u"Quiesced"_s));
    QCOMPARE(leave(Way::Keys, *console), 0);
    console.reset();
    QCOMPARE(stateOf(service)["state"_L1].toString(), u"lame-duck"_s);
    QVERIFY(stateOf(service)["stop"_L1].isNull());
}

QTEST_MAIN(WindowQuitTest)
#include "tst_windowquit.moc"
