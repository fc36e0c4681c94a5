// SPDX-License-Identifier: GPL-3.0-only
// The course of a stop, as clients, probes and operators see it from outside.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/stopchecks.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;
using namespace std::chrono_literals;
using End = LoopbackClient::End;

namespace {

constexpr qint64 kWithoutWaiting = 30'000; ///< ms; far below the waits that must not be used up
const QStringList kPatient{ u"--grace"_s, u"10m"_s, u"--linger"_s, u"10m"_s };
/// In flight for as long as the test likes: until its other half is sent.
const QByteArray kHalfBody = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf";
const QByteArray kOtherHalf = "half";

QDateTime instantOf(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

QJsonObject runtimeInfo(const ServiceProcess &service)
{
    QFile file(service.runtimeFile());
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}

QStringList namesOf(const QJsonArray &rows)
{
    QStringList names;
    for (const QJsonValue row : rows)
        names.append(row["name"_L1].toString());
    return names;
}

qint64 durationOf(const QJsonObject &report, const QString &phase)
{
    for (const QJsonValue row : report["phases"_L1].toArray()) {
        if (row["name"_L1] == phase)
            return row["durationMs"_L1].toInteger(-1);
    }
    return -1;
}

} // namespace

class StopTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesThroughEachStateOnce();
    void isOutOfRotationAtOnceAndServesOnInLameDuck();
    void staysInLameDuckForAsLongAsItWasSet();
    void takesNoConnectionsWhileDrainingButOnTheAdminListener();
    void answersAKeptAliveConnectionInUseOnceMore();
    void holdsAConnectionThatWasJustUsedForAMoment();
    void waitsNoLongerThanLingerForIdleConnections();
    void leavesSoonAfterTheLastAnswer();
    void isNotHeldByWhoeverOnlyWatches();
    void writesACompleteReport();
    void namesTheTwentyThatWereLastToFinish();
    void writesOneReportAStop();
    void saysAtTheNextStartThatAStopWasCutOff();
};

void StopTest::goesThroughEachStateOnce()
{
    ServiceProcess service;
    QVERIFY(service.start());
    StopTrial trial(service);
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(service.transitions(),
             (QStringList{ u"starting serving"_s, u"serving lame-duck"_s, u"lame-duck draining"_s,
                           u"draining stopping"_s, u"stopping stopped"_s }));
    QCOMPARE(service.countLog(
                 u"state changed"_s,
                 { { u"to"_s, u"stopped"_s }, { u"outcome"_s, u"clean"_s }, { u"exitCode"_s, 0 } }),
             1);
}

void StopTest::isOutOfRotationAtOnceAndServesOnInLameDuck()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--lame-duck"_s, u"10m"_s }));
    LoopbackClient kept(service.trafficPort());
    QVERIFY(!ask(kept, get("/hello")).saysClose());
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"lame-duck"_s));
    for (const quint16 port : { service.trafficPort(), service.adminPort() }) {
        const Answer ready = askAfresh(port, get("/readyz"));
        QCOMPARE(ready.status, 503);
        QCOMPARE(ready.body, QByteArray("lame-duck\n"));
        QCOMPARE(askAfresh(port, get("/livez")).status, 200);
        QCOMPARE(askAfresh(port, get("/startupz")).status, 200);
    }
    const Answer fresh = askAfresh(service.trafficPort(), get("/hello"));
    QCOMPARE(fresh.status, 200);
    QVERIFY(fresh.saysClose());
    const Answer last = ask(kept, get("/hello"));
    QCOMPARE(last.status, 200);
    QVERIFY(last.saysClose());
    QCOMPARE(kept.waitForEnd(), End::Closed);
    QVERIFY(service.isRunning());
    QCOMPARE(service.countLog(u"state changed"_s, { { u"to"_s, u"draining"_s } }), 0);
}

void StopTest::staysInLameDuckForAsLongAsItWasSet()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--lame-duck"_s, u"700ms"_s }));
    StopTrial trial(service);
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QVERIFY(trial.finish().took >= 700ms);
    QVERIFY(durationOf(service.report(), u"lame-duck"_s) >= 700);
}

void StopTest::takesNoConnectionsWhileDrainingButOnTheAdminListener()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(kHalfBody));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"draining"_s));
    QTRY_VERIFY_WITH_TIMEOUT(isRefused(service.trafficPort()), int(kLongestWait.count()));
    QCOMPARE(askAfresh(service.adminPort(), get("/livez")).status, 200);
    QCOMPARE(askAfresh(service.adminPort(), get("/startupz")).status, 200);
    const Answer ready = askAfresh(service.adminPort(), get("/readyz"));
    QCOMPARE(ready.status, 503);
    QCOMPARE(ready.body, QByteArray("draining\n"));
    QCOMPARE(ask(client, kOtherHalf).body, QByteArray("halfhalf"));
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(isRefused(service.adminPort()));
}

void StopTest::answersAKeptAliveConnectionInUseOnceMore()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient client(service.trafficPort());
    QCOMPARE(ask(client, get("/hello")).status, 200);
    // Its rhythm is a pause of two seconds: so it counts as in use for eight.
    QVERIFY(askAfresh(service.trafficPort(), get("/work?ms=2000")).isComplete);
    QCOMPARE(ask(client, get("/hello")).status, 200);
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"draining"_s));
    QTRY_VERIFY_WITH_TIMEOUT(isRefused(service.trafficPort()), int(kLongestWait.count()));
    const Answer once = ask(client, get("/hello"));
    QCOMPARE(once.status, 200);
    QVERIFY(once.saysClose());
    QCOMPARE(client.waitForEnd(), End::Closed);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.tally(), u"0+1 = 1+0+0"_s);
}

void StopTest::holdsAConnectionThatWasJustUsedForAMoment()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient client(service.trafficPort());
    QElapsedTimer elapsed;
    elapsed.start();
    QCOMPARE(ask(client, get("/hello")).status, 200);
    service.signal(SIGTERM);
    QCOMPARE(client.waitForEnd(), End::Closed);
    QVERIFY(elapsed.elapsed() >= 400);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(elapsed.elapsed() < kWithoutWaiting); // its own rhythm, not linger
}

void StopTest::waitsNoLongerThanLingerForIdleConnections()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--grace"_s, u"10m"_s, u"--linger"_s, u"1s"_s }));
    std::vector<LoopbackClient> clients;
    for (int i = 0; i < 20; ++i) {
        clients.emplace_back(service.trafficPort());
        QCOMPARE(ask(clients.back(), get("/hello")).status, 200);
    }
    // A rhythm of two seconds would hold each for eight.
    QVERIFY(askAfresh(service.trafficPort(), get("/work?ms=2000")).isComplete);
    for (LoopbackClient &client : clients)
        QCOMPARE(ask(client, get("/hello")).status, 200);
    service.signal(SIGTERM);
    for (LoopbackClient &client : clients)
        QCOMPARE(client.waitForEnd(), End::Closed);
    QCOMPARE(service.waitForExit(), 0);
    const qint64 draining = durationOf(service.report(), u"draining"_s);
    QVERIFY2(draining < 5'000, qPrintable(QString::number(draining)));
    QCOMPARE(service.tally(), u"0+0 = 0+0+0"_s);
}

void StopTest::leavesSoonAfterTheLastAnswer()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    std::vector<LoopbackClient> clients;
    for (int i = 0; i < 8; ++i) {
        clients.emplace_back(service.trafficPort());
        QVERIFY(clients.back().send(kHalfBody));
    }
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"draining"_s));
    for (LoopbackClient &client : clients) {
        QVERIFY(service.isRunning());
        QCOMPARE(ask(client, kOtherHalf).body, QByteArray("halfhalf"));
    }
    QElapsedTimer elapsed; // the clients have not closed: nor are they waited for
    elapsed.start();
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY2(elapsed.elapsed() < 5'000, qPrintable(QString::number(elapsed.elapsed())));
    QCOMPARE(service.tally(), u"8+0 = 8+0+0"_s);
}

void StopTest::isNotHeldByWhoeverOnlyWatches()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient prober(service.adminPort());
    LoopbackClient halfProber(service.adminPort());
    QCOMPARE(ask(prober, get("/readyz")).status, 200);
    QVERIFY(halfProber.send("GET /readyz HTTP/1.1\r\nHo"));
    QCOMPARE(askAfresh(service.adminPort(), get("/livez")).status, 200);
    StopTrial trial(service);
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QVERIFY(prober.waitForEnd() != End::Open);
    QCOMPARE(service.tally(), u"0+0 = 0+0+0"_s);
}

void StopTest::writesACompleteReport()
{
    ServiceProcess service;
    const QDateTime before = QDateTime::currentDateTimeUtc();
    QVERIFY(service.start(kPatient + QStringList{ u"--lame-duck"_s, u"50ms"_s }));
    const QString instanceId = runtimeInfo(service)["instanceId"_L1].toString();
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(kHalfBody));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"draining"_s));
    QVERIFY(ask(client, kOtherHalf).isComplete);
    QCOMPARE(service.waitForExit(), 0);

    const QJsonObject report = service.report();
    QCOMPARE(
        report.keys(),
        (QStringList{ u"cause"_s, u"exitCode"_s, u"hooks"_s, u"instanceId"_s, u"jobs"_s, u"name"_s,
                      u"outcome"_s, u"phases"_s, u"reportVersion"_s, u"requestedAt"_s,
                      u"requests"_s, u"slowest"_s, u"stoppedAt"_s, u"version"_s }));
    QCOMPARE(report["name"_L1].toString(), u"quiesced"_s);
    QVERIFY(!instanceId.isEmpty());
    QCOMPARE(report["instanceId"_L1].toString(), instanceId);
    QVERIFY(!report["version"_L1].toString().isEmpty());
    QCOMPARE(report["outcome"_L1].toString(), u"clean"_s);
    QCOMPARE(report["exitCode"_L1].toInteger(-1), 0);
    QCOMPARE(namesOf(report["phases"_L1].toArray()),
             (QStringList{ u"lame-duck"_s, u"draining"_s, u"stopping"_s }));
    const QDateTime requested = instantOf(report["requestedAt"_L1]);
    const QDateTime stopped = instantOf(report["stoppedAt"_L1]);
    QVERIFY(before <= requested && requested <= stopped);
    QVERIFY(stopped <= QDateTime::currentDateTimeUtc());
    for (const QJsonValue phase : report["phases"_L1].toArray()) {
        QVERIFY(requested <= instantOf(phase["startedAt"_L1]));
        QVERIFY(phase["durationMs"_L1].toInteger(-1) >= 0);
    }
    QCOMPARE(namesOf(report["hooks"_L1].toArray()), QStringList{ u"jobs"_s }); // their store
    QCOMPARE(report["jobs"_L1].toObject().size(), 4);
    const QJsonObject slowest = report["slowest"_L1].toArray().first().toObject();
    QCOMPARE(slowest["label"_L1].toString(), u"POST /echo"_s);
    QCOMPARE(slowest["outcome"_L1].toString(), u"drained"_s);
    const QDateTime ended = instantOf(slowest["endedAt"_L1]);
    QVERIFY(requested <= ended && ended <= stopped);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void StopTest::namesTheTwentyThatWereLastToFinish()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::HalfBody, post("/echo", "halfhalf"), Fate::Answered, 25));
    QVERIFY(trial.put(Moment::HeadSent, post("/echo?last", "last")));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(service.report()["slowest"_L1].toArray().size(), 20);
    QCOMPARE(service.tally(), u"26+0 = 26+0+0"_s);
}

void StopTest::writesOneReportAStop()
{
    ServiceProcess service;
    for (int stops = 1; stops <= 3; ++stops) {
        QVERIFY(service.start());
        service.signal(SIGTERM);
        QCOMPARE(service.waitForExit(), 0);
        QCOMPARE(service.reportFiles().size(), stops); // and nothing half written beside them
        for (const QString &file : service.reportFiles())
            QVERIFY2(file.endsWith(".json"_L1), qPrintable(file));
    }
}

/// As by whoever grants 10 s to a stop that may take longer.
void StopTest::saysAtTheNextStartThatAStopWasCutOff()
{
    const QString message = u"a stop was cut off before its report"_s;
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(kHalfBody));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(service.waitForLog(u"stop requested"_s, { { u"atMost"_s, u"604s"_s } }));
    QVERIFY(service.waitForState(u"draining"_s));
    QCOMPARE(askAfresh(service.adminPort(), get("/livez")).status, 200); // one turn further
    service.signal(SIGKILL);
    QCOMPARE(service.waitForExit(), -1);
    QVERIFY(service.start());
    QVERIFY(service.waitForLog(message,
                               { { u"atMost"_s, u"604s"_s },
                                 { u"state"_s, u"draining"_s },
                                 { u"requests"_s, 1 },
                                 { u"jobs"_s, 0 } }));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(service.start()); // and not once more, nor of a stop that had its time
    QCOMPARE(service.countLog(message), 0);
    QCOMPARE(QDir(service.dataDir()).entryList({ u"stopping-*"_s }), QStringList());
}

QTEST_GUILESS_MAIN(StopTest)
#include "tst_stop.moc"
