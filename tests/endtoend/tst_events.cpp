// SPDX-License-Identifier: GPL-3.0-only
// The event stream of a real process, as curl -N shows it: a stop from its request to its report.
#include "tests/endtoend/eventlistener.h"
#include "tests/endtoend/serviceprocess.h"
#include "tests/endtoend/vitals.h"
#include "tests/kit/adminclient.h"
#include "tests/support/chunked.h"

#include <QElapsedTimer>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

const QStringList kPatient{ u"--grace"_s, u"10m"_s };
/// In flight for as long as the test likes: until its other half is sent.
const QByteArray kHalfBody = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf";

/// The ring, two queues, and what the allocator keeps; a sanitizer keeps what was freed.
constexpr qint64 kMayGrowKb = (kIsSanitized ? 4'096 : 24) * 1'024;

/// "from to" of each state event.
QStringList transitionsOf(const EventListener &listener)
{
    QStringList transitions;
    for (const QJsonObject &change : listener.payloads("state"))
        transitions << change["from"_L1].toString() + u' ' + change["to"_L1].toString();
    return transitions;
}

QDateTime instantOf(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

} // namespace

class EventsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithTheSnapshotAndGoesOnWithStats();
    void tellsAStopFromItsRequestToItsReport();
    void tellsAQuiesceFromAStop();
    void tellsAForcedStop();
    void givesTheReportToTwoHundred();
    void ofHttp10EndsWithTheReport();
    void resumesWhereItLeftOff();
    void startsAfreshAfterARestart();
    void tellsWarnings();
    void aSubscriberThatStopsReadingCostsLittleAndHoldsNothing();
};

void EventsTest::beginsWithTheSnapshotAndGoesOnWithStats()
{
    ServiceProcess service;
    QVERIFY(service.start());
    EventListener listener(service);
    QVERIFY(listener.waitFor("stats"));
    QVERIFY(listener.waitFor("stats"));
    QCOMPARE(listener.events().first().type, "snapshot");
    const QJsonObject snapshot = listener.payloads("snapshot").first();
    QCOMPARE(snapshot["name"_L1].toString(), u"quiesced"_s);
    QCOMPARE(snapshot["state"_L1].toString(), u"serving"_s);
    QCOMPARE(snapshot["pid"_L1].toInteger(), service.pid());
}

void EventsTest::tellsAStopFromItsRequestToItsReport()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    EventListener one(service);
    EventListener other(service);
    QVERIFY(one.waitFor("snapshot") && other.waitFor("snapshot"));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(kHalfBody));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(one.waitFor("state"));
    QVERIFY(one.waitFor("state")); // draining
    QCOMPARE(ask(client, "half").body, QByteArray("halfhalf"));
    QCOMPARE(service.waitForExit(), 0);
    for (EventListener *listener : { &one, &other }) {
        QCOMPARE(listener->waitForEnd(), 0);
        QCOMPARE(listener->types(),
                 QStringList({ u"snapshot"_s, u"state"_s, u"state"_s, u"audit"_s, u"request"_s,
                               u"state"_s, u"state"_s, u"report"_s }));
        QCOMPARE(transitionsOf(*listener), service.transitions().mid(1));
        const QJsonObject request = listener->payloads("request").first();
        QCOMPARE(request["method"_L1].toString(), u"POST"_s);
        QCOMPARE(request["route"_L1].toString(), u"/echo"_s);
        QCOMPARE(request["outcome"_L1].toString(), u"drained"_s);
        QVERIFY(request["ageMs"_L1].toInteger(-1) >= 0);
        QVERIFY(!request["id"_L1].toString().isEmpty());
        const QJsonObject change = listener->payloads("state").first();
        QCOMPARE(change["cause"_L1]["signal"_L1].toString(), u"SIGTERM"_s);
        QVERIFY(instantOf(change["deadlineAt"_L1]) > instantOf(change["at"_L1]));
        QCOMPARE(listener->events().last().type, "report");
        QCOMPARE(listener->payloads("report"), QList<QJsonObject>{ service.report() });
    }
}

void EventsTest::tellsAQuiesceFromAStop()
{
    ServiceProcess service;
    QVERIFY(service.start());
    EventListener listener(service);
    QVERIFY(listener.waitFor("snapshot"));
    QCOMPARE(AdminClient(service).post("/quiesce").status, 202);
    QVERIFY(listener.waitFor("state"));
    const QJsonObject change = listener.payloads("state").first();
    QCOMPARE(change["to"_L1].toString(), u"lame-duck"_s);
    QVERIFY(change.contains("deadlineAt"_L1));
    QVERIFY(change["deadlineAt"_L1].isNull());
}

void EventsTest::tellsAForcedStop()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    EventListener listener(service);
    QVERIFY(listener.waitFor("snapshot"));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(kHalfBody));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(listener.waitFor("state"));
    QVERIFY(listener.waitFor("stats"));
    QVERIFY(listener.waitFor("stats")); // 250 ms after the one before: a second signal counts now
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 128 + SIGTERM);
    QCOMPARE(listener.waitForEnd(), 0);
    QCOMPARE(listener.payloads("request").value(0)["outcome"_L1].toString(), u"aborted"_s);
    QCOMPARE(listener.types().last(), u"report"_s);
    QCOMPARE(listener.payloads("report").value(0)["outcome"_L1].toString(), u"forced"_s);
}

void EventsTest::givesTheReportToTwoHundred()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    std::vector<LoopbackClient> subscribers;
    for (int i = 0; i < 200; ++i) {
        subscribers.emplace_back(service.adminPort());
        QVERIFY(subscribers.back().send(subscription(service)));
        QVERIFY(subscribers.back().waitForBytes(400)); // the snapshot too, at least in part
    }
    QElapsedTimer elapsed;
    elapsed.start();
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY2(elapsed.elapsed() < 5'000, qPrintable(QString::number(elapsed.elapsed())));
    for (LoopbackClient &subscriber : subscribers) {
        const QByteArray all = subscriber.readToEnd();
        Chunked chunked;
        EventParser parser;
        const QByteArray body = chunked.feed(all.sliced(all.indexOf("\r\n\r\n") + 4));
        const QList<ServerEvent> events = parser.feed(body);
        QVERIFY(chunked.hasEnded() && !chunked.isFaulty());
        QCOMPARE(events.first().type, "snapshot");
        QCOMPARE(events.last().type, "report");
    }
}

void EventsTest::ofHttp10EndsWithTheReport()
{
    ServiceProcess service;
    QVERIFY(service.start());
    LoopbackClient subscriber(service.adminPort());
    QVERIFY(subscriber.send(subscription(service).replace("HTTP/1.1", "HTTP/1.0")));
    QVERIFY(subscriber.waitForBytes(400));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    const QByteArray all = subscriber.readToEnd();
    EventParser parser;
    const QList<ServerEvent> events = parser.feed(all.sliced(all.indexOf("\r\n\r\n") + 4));
    QCOMPARE(events.first().type, "snapshot");
    QCOMPARE(events.last().type, "report");
    QVERIFY(all.endsWith("\n\n"));
}

void EventsTest::resumesWhereItLeftOff()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--lame-duck"_s, u"10m"_s }));
    QByteArray last;
    {
        EventListener first(service);
        QVERIFY(first.waitFor("stats"));
        last = first.events().last().id;
    }
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"lame-duck"_s));
    EventListener second(service, last);
    QVERIFY(second.waitFor("snapshot"));
    QCOMPARE(second.events().first().type, "state");
    QCOMPARE(second.payloads("state").first()["to"_L1].toString(), u"lame-duck"_s);
    QCOMPARE(second.payloads("snapshot").first()["state"_L1].toString(), u"lame-duck"_s);
    EventListener third(service);
    QVERIFY(third.waitFor("snapshot"));
    QCOMPARE(third.events().first().type, "snapshot");
}

void EventsTest::startsAfreshAfterARestart()
{
    ServiceProcess service;
    QVERIFY(service.start());
    QByteArray last;
    {
        EventListener before(service);
        QVERIFY(before.waitFor("stats"));
        last = before.events().last().id;
        service.signal(SIGTERM);
        QCOMPARE(service.waitForExit(), 0);
    }
    QVERIFY(service.start());
    EventListener after(service, last);
    QVERIFY(after.waitFor("stats"));
    QCOMPARE(after.events().first().type, "snapshot");
    QVERIFY(after.events().first().id.toULongLong() > last.toULongLong());
}

void EventsTest::tellsWarnings()
{
    ServiceProcess service;
    service.writeFile(u"quiesced.toml"_s, "[log]\nlevel = \"info\"\n");
    QVERIFY(service.start({ u"--config"_s, service.path(u"quiesced.toml"_s) }));
    EventListener listener(service);
    QVERIFY(listener.waitFor("snapshot"));
    service.writeFile(u"quiesced.toml"_s, "[log]\nlevel = \"loud\"\n");
    service.signal(SIGHUP);
    QVERIFY(listener.waitFor("log"));
    const QJsonObject log = listener.payloads("log").first();
    QCOMPARE(log.keys(),
             QStringList({ u"at"_s, u"category"_s, u"fields"_s, u"level"_s, u"message"_s }));
    QCOMPARE(log["level"_L1].toString(), u"warning"_s);
    QCOMPARE(log["category"_L1].toString(), u"quiesce.program"_s);
    QCOMPARE(log["message"_L1].toString(), u"configuration not reloaded"_s);
    QVERIFY(log["fields"_L1]["error"_L1].toString().contains(u"quiesced.toml:2"_s));
}

void EventsTest::aSubscriberThatStopsReadingCostsLittleAndHoldsNothing()
{
    // Each answer of /throws leaves an error in the log, and so an event of some 300 bytes.
    constexpr int kRounds = 200;
    constexpr int kPipelined = 100;
    ServiceProcess service(QStringLiteral(SUBJECT_PROGRAM));
    QVERIFY(service.start());
    LoopbackClient deaf(service.adminPort(), { .receiveBuffer = 4'096 });
    QVERIFY(deaf.send(subscription(service)));
    QVERIFY(deaf.waitForBytes(400));
    EventListener listener(service);
    QVERIFY(listener.waitFor("snapshot"));
    LoopbackClient client(service.trafficPort());
    const qint64 before = vitalsOf(service.pid()).residentKiB;
    for (int round = 0; round < kRounds; ++round) {
        QVERIFY(client.send(get("/throws").repeated(kPipelined)));
        for (int i = 0; i < kPipelined; ++i)
            QCOMPARE(client.readAnswer().status, 500);
        listener.takeWhatIsThere();
    }
    const qint64 grown = vitalsOf(service.pid()).residentKiB - before;
    QVERIFY2(grown < kMayGrowKb, qPrintable(QString::number(grown)));
    QVERIFY(deaf.readToEnd().size() < 16 * 1024 * 1024);
    QCOMPARE(deaf.waitForEnd(), LoopbackClient::End::Reset); // not as the others at the end
    QElapsedTimer elapsed;
    elapsed.start();
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(elapsed.elapsed() < 10'000);
    QCOMPARE(listener.waitForEnd(), 0);
    QCOMPARE(listener.types().last(), u"report"_s);
}

QTEST_GUILESS_MAIN(EventsTest)
#include "tst_events.moc"
