// SPDX-License-Identifier: GPL-3.0-only
// Services that misbehave: cuts, stalls, halves, garbage, floods; and what they do to others.
#include "common/eventstream/eventparser.h"
#include "tests/console/support/fakeservice.h"
#include "tests/console/support/linkwatcher.h"
#include "tests/endtoend/vitals.h"

#include <QSignalSpy>
#include <QTest>
#include <QTestEventLoop>
#include <QTimer>
#include <memory>
#include <vector>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray kEvents = QByteArrayLiteral("/admin/v1/events");
const QByteArray kStreamHead =
    QByteArrayLiteral("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");

LinkTiming slowRetries()
{
    LinkTiming timing = shortTiming();
    timing.longestRetry = 1h;
    return timing;
}

} // namespace

class MisbehaviourTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isIncompatibleWhenItIsSomethingElse_data();
    void isIncompatibleWhenItIsSomethingElse();
    void isUnreachableWhenItFails_data();
    void isUnreachableWhenItFails();
    void givesUpOneThatNeverAnswers();
    void givesUpAStreamThatNeverBegins();
    void makesNothingOfHalfAnEvent();
    void readsAStreamThatDrips();
    void cutsAnEventThatIsTooLong();
    void staysResponsiveInAFlood();
    void keepsTheOthersLive();
    void doesNotHoldWhatItCannotRead();
};

void MisbehaviourTest::isIncompatibleWhenItIsSomethingElse_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("404") << QByteArray("HTTP/1.1 404 Not Found\r\n\r\n");
    QTest::newRow("a redirect") << QByteArray(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
    QTest::newRow("a page") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Welcome</h1>");
    QTest::newRow("stats first") << kStreamHead + "event: stats\ndata: {}\n\n";
    QTest::newRow("a snapshot that is none") << kStreamHead + "event: snapshot\ndata: {}\n\n";
    QTest::newRow("no JSON") << kStreamHead + "event: snapshot\ndata: <xml/>\n\n";
    QTest::newRow("a line without end")
        << kStreamHead + QByteArray(EventParser::kMaxLineBytes + 1, 'x');
}

void MisbehaviourTest::isIncompatibleWhenItIsSomethingElse()
{
    QFETCH(const QByteArray, answer);
    FakeService service;
    service.answerRaw("GET", kEvents, answer);
    LinkWatcher watcher(service.spec(), slowRetries());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Incompatible));
    QCOMPARE(watcher.states(), u"Connecting Incompatible"_s);
    QVERIFY(!watcher.client.link().reason.isEmpty());
    QVERIFY(watcher.client.link().retryAt > QDateTime::currentDateTimeUtc().addSecs(3'000));
    QCOMPARE(service.countRequests(kEvents), 1);
}

void MisbehaviourTest::isUnreachableWhenItFails_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("reason");
    QTest::newRow("closed at once") << QByteArray() << QString();
    QTest::newRow("closed in its head") << QByteArray("HTTP/1.1 200 OK\r\nCont") << QString();
    QTest::newRow("closed behind it") << kStreamHead << QString();
    QTest::newRow("half a snapshot") << kStreamHead + "event: snapshot\ndata: {\"ins" << QString();
    QTest::newRow("a gateway") << QByteArray("HTTP/1.1 502 Bad Gateway\r\n\r\noops")
                               << u"It answered HTTP 502 Bad Gateway"_s;
    QTest::newRow("stopping") << httpAnswer(
        503, { { u"code"_s, u"stopping"_s }, { u"detail"_s, u"The last\x1b event"_s } },
        "application/problem+json")
                              << u"The last\\u001b event"_s;
}

void MisbehaviourTest::isUnreachableWhenItFails()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QString, reason);
    FakeService service;
    service.answerRaw("GET", kEvents, answer);
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Unreachable));
    QVERIFY(!watcher.client.link().reason.isEmpty());
    if (!reason.isEmpty())
        QCOMPARE(watcher.client.link().reason, reason);
    service.forgetAnswers();
    QVERIFY(watcher.reaches(LinkState::Live));
    QCOMPARE(watcher.states(), u"Connecting Unreachable Live"_s);
}

void MisbehaviourTest::givesUpOneThatNeverAnswers()
{
    FakeService service;
    service.playDead();
    LinkTiming timing = shortTiming();
    timing.connectTimeout = 100ms;
    LinkWatcher watcher(service.spec(), timing);
    watcher.start(FakeService::token());
    QTRY_VERIFY_WITH_TIMEOUT(watcher.client.link().attempt >= 2, 60'000);
    QCOMPARE(watcher.states(), u"Connecting Unreachable"_s);
}

void MisbehaviourTest::givesUpAStreamThatNeverBegins()
{
    FakeService service;
    service.holdSnapshots();
    LinkTiming timing = shortTiming();
    timing.cutAfter = 200ms;
    LinkWatcher watcher(service.spec(), timing);
    watcher.start(FakeService::token());
    QTimer drip; // comments alone do not keep it
    connect(&drip, &QTimer::timeout, &service, [&service] { service.sendRaw(":\n"); });
    drip.start(10ms);
    QVERIFY(watcher.reaches(LinkState::Unreachable));
}

void MisbehaviourTest::makesNothingOfHalfAnEvent()
{
    FakeService service;
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
    service.sendRaw("id: 999999\nevent: log\ndata: {\"message\":\"half\"}\n");
    service.sendRaw(":\n");
    service.push("log", { { u"message"_s, u"whole"_s } }); // what was begun ends with it
    service.sendRaw("event: log\ndata: {\"message\":\"cut\"}\n");
    const qint64 lastId = service.lastId();
    QTRY_VERIFY(watcher.log().contains(u"role operator"_s));
    service.endStreams();
    QVERIFY(watcher.hears(u"link Live"_s, 2));
    QVERIFY(!watcher.log().contains(u"log cut"_s));
    QCOMPARE(service.lastRequest(kEvents).fields.value("last-event-id"),
             QByteArray::number(lastId));
}

void MisbehaviourTest::readsAStreamThatDrips()
{
    FakeService service;
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
    QByteArray bytes("event: log\r\ndata: {\"message\":\"\xc3\xa4rger\"}\r\n\r\n");
    QTimer drip;
    connect(&drip, &QTimer::timeout, &service, [&] {
        service.sendRaw(bytes.left(1));
        bytes.remove(0, 1);
    });
    drip.start(1ms);
    QVERIFY(watcher.hears(u"log ärger"_s));
}

void MisbehaviourTest::cutsAnEventThatIsTooLong()
{
    FakeService service;
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
    const QByteArray line = "data: " + QByteArray(900 * 1024, 'x') + '\n';
    service.flood(line, EventParser::kMaxEventBytes + line.size());
    QVERIFY(watcher.hears(u"link Connecting"_s, 2));
    QVERIFY(!watcher.client.link().reason.isEmpty());
    QVERIFY(watcher.hears(u"link Live"_s, 2));
}

void MisbehaviourTest::staysResponsiveInAFlood()
{
    constexpr qint64 kFlood = 100 * 1024 * 1024;
    FakeService service;
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
    const QByteArray event =
        "event: log\ndata: {\"message\":\"" + QByteArray(4'000, 'y') + "\"}\n\n";
    disconnect(&watcher.client, &InstanceClient::logged, &watcher, nullptr);
    QTestEventLoop loop; // unlike QTest's waits it does not sleep
    qint64 heard = 0;
    connect(&watcher.client, &InstanceClient::logged, this, [&] {
        if (++heard == kFlood / event.size())
            loop.exitLoop();
    });
    int ticks = 0;
    QTimer tick;
    connect(&tick, &QTimer::timeout, this, [&ticks] { ++ticks; });
    tick.start(10ms);
    service.flood(event, kFlood);
    loop.enterLoop(120);
    QVERIFY(!loop.timeout());
    QVERIFY2(ticks > 10, qPrintable(QString::number(ticks)));
    QVERIFY(watcher.client.link().state == LinkState::Live);
    QCOMPARE(service.countRequests(kEvents), 1);
}

void MisbehaviourTest::keepsTheOthersLive()
{
    FakeService dead;
    FakeService stalled;
    FakeService flooding;
    FakeService good;
    dead.goAway();
    stalled.playDead();
    LinkTiming timing = shortTiming();
    timing.staleAfter = 10s;
    std::vector<std::unique_ptr<LinkWatcher>> watchers;
    for (const FakeService *service : { &dead, &stalled, &flooding, &good }) {
        watchers.push_back(std::make_unique<LinkWatcher>(service->spec(), timing));
        watchers.back()->start(FakeService::token());
    }
    QVERIFY(watchers[2]->reaches(LinkState::Live));
    QVERIFY(watchers[3]->reaches(LinkState::Live));
    flooding.flood("event: x\ndata: {}\n\n", qint64{ 1'000 } * 1024 * 1024);
    for (int i = 1; i <= 20; ++i) {
        good.push("stats", fakeStats(u"serving"_s, i));
        QVERIFY(watchers[3]->hears(u"stats %1"_s.arg(i)));
    }
    QCOMPARE(watchers[3]->states(), u"Connecting Live"_s);
    QVERIFY(watchers[0]->client.link().state == LinkState::Unreachable);
    QVERIFY(watchers[1]->client.link().state == LinkState::Connecting);
}

/// TCP's buffers hold what is not read, and the sender waits.
void MisbehaviourTest::doesNotHoldWhatItCannotRead()
{
    const auto residentKiB = [] {
        return vitalsOf(QCoreApplication::applicationPid()).residentKiB;
    };
    FakeService service;
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
    const qint64 before = residentKiB();
    qint64 most = 0;
    int heard = 0;
    connect(&watcher.client, &InstanceClient::statsReceived, this, [&] {
        most = std::max(most, residentKiB());
        ++heard;
    });
    const QByteArray filler = ": " + QByteArray(100'000, 'c') + '\n';
    service.flood(filler, qint64{ 64 } * 1024 * 1024);
    QTimer pusher;
    connect(&pusher, &QTimer::timeout, &service,
            [&service] { service.push("stats", fakeStats()); });
    pusher.start(20ms);
    QTRY_VERIFY_WITH_TIMEOUT(heard >= 10, 60'000);
    QVERIFY2(most - before < boundKiB(32 * 1024), qPrintable(QString::number(most - before)));
}

QTEST_GUILESS_MAIN(MisbehaviourTest)
#include "tst_misbehaviour.moc"
