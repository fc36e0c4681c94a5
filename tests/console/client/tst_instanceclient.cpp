// SPDX-License-Identifier: GPL-3.0-only
// InstanceClient and its link: every state, how it is entered and left, against a fake service.
#include "tests/console/support/fakeservice.h"
#include "tests/console/support/linkwatcher.h"

#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray kEvents = QByteArrayLiteral("/admin/v1/events");

/// A watcher that is live.
std::unique_ptr<LinkWatcher> liveAt(const FakeService &service,
                                    const LinkTiming &timing = shortTiming())
{
    auto watcher = std::make_unique<LinkWatcher>(service.spec(), timing);
    watcher->start(FakeService::token());
    if (!watcher->reaches(LinkState::Live) || !watcher->hears(u"role operator"_s))
        qFatal("not live");
    return watcher;
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write");
}

} // namespace

class InstanceClientTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesLiveWithTheFirstSnapshot();
    void passesEveryEventOnInOrder();
    void sendsTheTokenAndNothingElseOfIt();
    void asksForATokenWhenThereIsNone();
    void doesNotPutATokenOfManyLinesInAHeader();
    void readsTheTokenFileAtEachConnect();
    void namesATokenFileItCannotRead();
    void isNotAuthorisedWithoutTheRightToken();
    void becomesStaleInSilenceAndLiveByAByte();
    void cutsASilenceThatIsTooLong();
    void resumesWhereItWasCut();
    void tellsOfAGapWhenNothingIsReplayed();
    void tellsOfNoGapWhenOnlyStatsWereMissed();
    void isStoppedAfterAReportUntilItIsBack();
    void isCrashedWhenItGoesWithoutAReport();
    void isNotCrashedWhileItsProcessRuns();
    void isUnreachableWhenItNeverWasThere();
    void keepsItsStateWhileItTriesAgain();
    void triesAgainAtOnceWhenTold();
    void restsWhenStoppedAndBeginsAnew();
    void looksAtWhatAStopWaitsFor();
    void looksNoMoreThanOnceWhenNobodyElseDoes();
    void losesNoStateToALateAnswer();
    void doesNotKnowItsRoleWhereTheServiceDoesNotSay();
    void saysNothingAfterItsEnd();
};

void InstanceClientTest::goesLiveWithTheFirstSnapshot()
{
    FakeService service;
    LinkWatcher watcher(service.spec());
    QVERIFY(watcher.client.link().state == LinkState::Idle);
    watcher.start(FakeService::token());
    QVERIFY(watcher.hears(u"role operator"_s));
    QCOMPARE(watcher.log(),
             QStringList({ u"link Connecting"_s, u"snapshot serving"_s, u"link Live"_s,
                           u"role operator"_s }));
    QVERIFY(watcher.client.role() == Role::Operator);
    const LinkStatus &link = watcher.client.link();
    QVERIFY(link.reason.isEmpty() && link.since.isValid() && link.lastSeenAt.isValid());
    QVERIFY(!link.retryAt.isValid());
    QCOMPARE(link.attempt, 0);
    watcher.client.start(); // twice is once
    QCOMPARE(service.countRequests(kEvents), 1);
}

void InstanceClientTest::passesEveryEventOnInOrder()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->forget();
    service.push("stats", fakeStats(u"serving"_s, 3));
    service.push("request", { { u"id"_s, u"r1"_s }, { u"outcome"_s, u"drained"_s } });
    service.push("job", { { u"id"_s, u"j1"_s }, { u"state"_s, u"running"_s } });
    service.push("log", { { u"message"_s, u"hot"_s } });
    service.push("audit", { { u"action"_s, u"stop"_s } });
    service.push("weather", { { u"sun"_s, true } }); // of a newer service
    service.push("stats", { { u"nonsense"_s, 1 } });
    service.push("stats", fakeStats(u"serving"_s, 4));
    QVERIFY(watcher->hears(u"stats 4"_s));
    QCOMPARE(watcher->log(),
             QStringList({ u"stats 3"_s, u"request r1"_s, u"job j1"_s, u"log hot"_s,
                           u"audit stop"_s, u"stats 4"_s }));
}

void InstanceClientTest::sendsTheTokenAndNothingElseOfIt()
{
    FakeService service;
    const auto watcher = liveAt(service);
    const FakeRequest request = service.lastRequest(kEvents);
    QCOMPARE(request.fields.value("authorization"), "Bearer " + FakeService::token());
    QCOMPARE(request.fields.value("accept"), "text/event-stream");
    QCOMPARE(request.fields.value("accept-encoding"), "identity");
    QVERIFY(!request.fields.contains("cookie"));
    QVERIFY(!request.fields.contains("origin"));
    QVERIFY(!request.fields.contains("last-event-id"));
    QVERIFY(!request.target.contains(FakeService::token()));
}

void InstanceClientTest::asksForATokenWhenThereIsNone()
{
    FakeService service;
    LinkWatcher watcher(service.spec());
    watcher.client.start();
    QVERIFY(watcher.client.link().state == LinkState::NeedsToken);
    QVERIFY(!watcher.client.link().retryAt.isValid());
    watcher.client.reconnectNow();
    QVERIFY(watcher.client.link().state == LinkState::NeedsToken);
    QCOMPARE(service.connectionCount(), 0);
    watcher.client.setToken(Secret(FakeService::token()));
    QVERIFY(watcher.reaches(LinkState::Live));
    QCOMPARE(watcher.states(), u"NeedsToken Connecting Live"_s);
}

void InstanceClientTest::doesNotPutATokenOfManyLinesInAHeader()
{
    FakeService service;
    LinkWatcher watcher(service.spec());
    watcher.start("a\r\nX-Injected: b");
    QVERIFY(watcher.client.link().state == LinkState::NeedsToken);
    QVERIFY(!watcher.client.link().reason.contains(u"Injected"_s));
    QCOMPARE(service.connectionCount(), 0);
}

void InstanceClientTest::readsTheTokenFileAtEachConnect()
{
    const QTemporaryDir folder;
    FakeService service;
    service.demandToken("right");
    InstanceSpec spec = service.spec();
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = folder.filePath(u"token"_s);
    write(spec.tokenFile, "wrong\n");
    LinkTiming timing = shortTiming();
    timing.longestRetry = 1h; // so that only the file's change can do it
    LinkWatcher watcher(spec, timing);
    watcher.client.start();
    QVERIFY(watcher.reaches(LinkState::NotAuthorised));
    write(spec.tokenFile, "right\n\n");
    QVERIFY(watcher.reaches(LinkState::Live));
    QCOMPARE(watcher.states(), u"Connecting NotAuthorised Live"_s);
}

void InstanceClientTest::namesATokenFileItCannotRead()
{
    const QTemporaryDir folder;
    FakeService service;
    InstanceSpec spec = service.spec();
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = folder.filePath(u"token"_s);
    LinkWatcher watcher(spec);
    watcher.client.start();
    QVERIFY(watcher.client.link().state == LinkState::NotAuthorised);
    QVERIFY(watcher.client.link().reason.contains(spec.tokenFile));
    for (const QByteArray &content :
         { QByteArray(" \n"), QByteArray("two words"), QByteArray(5'000, 'x') }) {
        write(spec.tokenFile, content);
        watcher.client.reconnectNow();
        QVERIFY(watcher.client.link().state == LinkState::NotAuthorised);
        QVERIFY(!watcher.client.link().reason.contains(u"words"_s));
    }
    QCOMPARE(service.connectionCount(), 0);
    write(spec.tokenFile, FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
}

void InstanceClientTest::isNotAuthorisedWithoutTheRightToken()
{
    FakeService service;
    service.demandToken("right");
    LinkTiming timing = shortTiming();
    timing.longestRetry = 1h;
    LinkWatcher watcher(service.spec(), timing);
    watcher.start("wrong");
    QVERIFY(watcher.reaches(LinkState::NotAuthorised));
    const LinkStatus link = watcher.client.link();
    QCOMPARE(link.reason, u"The bearer token is not the right one."_s);
    QVERIFY(link.retryAt > QDateTime::currentDateTimeUtc().addSecs(3'000)); // slowly
    QCOMPARE(service.countRequests(kEvents), 1);
    watcher.client.setToken(Secret(QByteArrayView("right")));
    QVERIFY(watcher.reaches(LinkState::Live));
}

void InstanceClientTest::becomesStaleInSilenceAndLiveByAByte()
{
    FakeService service;
    LinkTiming timing = shortTiming();
    timing.staleAfter = 100ms;
    const auto watcher = liveAt(service, timing);
    QVERIFY(watcher->reaches(LinkState::Stale));
    QVERIFY(!watcher->client.link().reason.isEmpty());
    QCOMPARE(service.streamCount(), 1); // not disconnected
    service.sendRaw(":\n");
    QVERIFY(watcher->hears(u"link Live"_s, 2));
    QCOMPARE(service.countRequests(kEvents), 1);
}

void InstanceClientTest::cutsASilenceThatIsTooLong()
{
    FakeService service;
    LinkTiming timing = shortTiming();
    timing.staleAfter = 50ms;
    timing.cutAfter = 150ms;
    const auto watcher = liveAt(service, timing);
    QVERIFY(watcher->hears(u"link Live"_s, 2));
    QVERIFY(watcher->states().startsWith(u"Connecting Live Stale Connecting Live"_s));
}

void InstanceClientTest::resumesWhereItWasCut()
{
    FakeService service;
    const auto watcher = liveAt(service);
    service.push("log", { { u"message"_s, u"one"_s } });
    QVERIFY(watcher->hears(u"log one"_s));
    watcher->forget();
    service.cutStreams();
    service.push("log", { { u"message"_s, u"two"_s } });
    service.push("log", { { u"message"_s, u"three"_s } });
    QVERIFY(watcher->hears(u"link Live"_s));
    QCOMPARE(service.lastRequest(kEvents).fields.value("last-event-id"),
             QByteArray::number(service.lastId() - 2));
    QCOMPARE(watcher->log().mid(0, 5),
             QStringList({ u"link Connecting"_s, u"log two"_s, u"log three"_s,
                           u"snapshot serving"_s, u"link Live"_s }));
}

void InstanceClientTest::tellsOfAGapWhenNothingIsReplayed()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->forget();
    service.cutStreams();
    service.push("log", { { u"message"_s, u"lost"_s } });
    service.forgetRing();
    QVERIFY(watcher->hears(u"link Live"_s));
    QCOMPARE(watcher->log(),
             QStringList({ u"link Connecting"_s, u"snapshot serving gap"_s, u"link Live"_s }));
}

void InstanceClientTest::tellsOfNoGapWhenOnlyStatsWereMissed()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->forget();
    service.cutStreams();
    service.push("stats", fakeStats());
    service.pushSnapshot();
    QVERIFY(watcher->hears(u"link Live"_s));
    QCOMPARE(watcher->log(),
             QStringList({ u"link Connecting"_s, u"snapshot serving"_s, u"link Live"_s }));
}

void InstanceClientTest::isStoppedAfterAReportUntilItIsBack()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->forget();
    service.finish(fakeReport(u"incomplete"_s));
    QVERIFY(watcher->hears(u"report incomplete"_s));
    service.goAway(); // kept-alive connections, too, which would answer once more
    QVERIFY(watcher->reaches(LinkState::Stopped));
    QVERIFY(watcher->client.link().outcome == StopOutcome::Incomplete);
    QTRY_VERIFY_WITH_TIMEOUT(watcher->client.link().attempt >= 3, 60'000);
    QVERIFY(watcher->client.link().outcome == StopOutcome::Incomplete);
    QVERIFY(service.comeBack());
    QVERIFY(watcher->reaches(LinkState::Live));
    QVERIFY(!watcher->client.link().outcome);
    QCOMPARE(watcher->log().mid(0, 4),
             QStringList({ u"report incomplete"_s, u"link Stopped"_s, u"snapshot serving gap"_s,
                           u"link Live"_s }));
}

void InstanceClientTest::isCrashedWhenItGoesWithoutAReport()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->forget();
    service.goAway();
    QVERIFY(watcher->reaches(LinkState::Crashed));
    QTRY_VERIFY_WITH_TIMEOUT(watcher->client.link().attempt >= 3, 60'000);
    QVERIFY(service.comeBack());
    QVERIFY(watcher->reaches(LinkState::Live));
    QCOMPARE(watcher->states(), u"Connecting Crashed Live"_s);
}

void InstanceClientTest::isNotCrashedWhileItsProcessRuns()
{
    FakeService service;
    QProcess other;
    other.start(u"sleep"_s, { u"600"_s });
    QVERIFY(other.waitForStarted());
    InstanceSpec spec = service.spec();
    spec.isLocal = true;
    spec.pid = other.processId();
    LinkWatcher watcher(spec);
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
    service.goAway();
    QVERIFY(watcher.reaches(LinkState::Unreachable));
    other.kill();
    QVERIFY(other.waitForFinished());
    QVERIFY(watcher.reaches(LinkState::Crashed));
    QCOMPARE(watcher.states(), u"Connecting Live Connecting Unreachable Crashed"_s);
}

void InstanceClientTest::isUnreachableWhenItNeverWasThere()
{
    FakeService service;
    service.goAway();
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Unreachable));
    QVERIFY(!watcher.client.link().reason.isEmpty());
    QVERIFY(!watcher.client.link().lastSeenAt.isValid());
    QVERIFY(watcher.client.link().attempt >= 1);
}

void InstanceClientTest::keepsItsStateWhileItTriesAgain()
{
    FakeService service;
    service.goAway();
    LinkWatcher watcher(service.spec());
    QSignalSpy changes(&watcher.client, &InstanceClient::linkChanged);
    watcher.start(FakeService::token());
    QTRY_VERIFY_WITH_TIMEOUT(watcher.client.link().attempt >= 4, 60'000);
    QCOMPARE(watcher.states(), u"Connecting Unreachable"_s);
    QVERIFY(changes.size() >= 8); // each attempt and each failure are told
    QVERIFY(service.comeBack());
    QVERIFY(watcher.reaches(LinkState::Live));
    QCOMPARE(watcher.states(), u"Connecting Unreachable Live"_s);
    QCOMPARE(watcher.client.link().attempt, 0);
}

void InstanceClientTest::triesAgainAtOnceWhenTold()
{
    FakeService service;
    service.goAway();
    LinkTiming timing = shortTiming();
    timing.firstRetry = 24h;
    timing.longestRetry = 24h;
    LinkWatcher watcher(service.spec(), timing);
    watcher.client.reconnectNow(); // not started: nothing
    QVERIFY(watcher.client.link().state == LinkState::Idle);
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Unreachable));
    QVERIFY(watcher.client.link().retryAt.isValid());
    QVERIFY(service.comeBack());
    watcher.client.reconnectNow();
    QVERIFY(!watcher.client.link().retryAt.isValid());
    QVERIFY(watcher.reaches(LinkState::Live));
    watcher.client.reconnectNow(); // also of one that only seems to be live
    watcher.client.reconnectNow(); // while it tries: nothing
    QVERIFY(watcher.hears(u"link Live"_s, 2));
    QCOMPARE(service.countRequests(kEvents), 2);
}

void InstanceClientTest::restsWhenStoppedAndBeginsAnew()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->forget();
    watcher->client.stop();
    watcher->client.stop();
    QVERIFY(watcher->client.link().state == LinkState::Idle);
    QTRY_COMPARE(service.streamCount(), 0);
    service.push("log", { { u"message"_s, u"missed"_s } });
    watcher->client.start();
    QVERIFY(watcher->hears(u"link Live"_s));
    QCOMPARE(watcher->log(),
             QStringList({ u"link Idle"_s, u"link Connecting"_s, u"snapshot serving gap"_s,
                           u"link Live"_s }));
}

void InstanceClientTest::looksAtWhatAStopWaitsFor()
{
    FakeService service;
    const auto watcher = liveAt(service);
    QCOMPARE(service.countRequests("/admin/v1/state"), 0);
    watcher->forget();
    service.setSnapshot(fakeStopSnapshot(2));
    service.push("state", fakeState(u"serving"_s, u"draining"_s));
    QVERIFY(watcher->hears(u"snapshot draining"_s, 3)); // again and again
    QCOMPARE(watcher->log().first(), u"state serving>draining"_s);
    service.setSnapshot(fakeSnapshot());
    service.push("state", fakeState(u"lame-duck"_s, u"serving"_s));
    QVERIFY(watcher->hears(u"snapshot serving"_s));
    QSignalSpy snapshots(&watcher->client, &InstanceClient::snapshotReceived);
    QVERIFY(!snapshots.wait(300)); // no more of it
}

void InstanceClientTest::looksNoMoreThanOnceWhenNobodyElseDoes()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->client.setLooksClosely(false);
    watcher->forget();
    service.setSnapshot(fakeStopSnapshot(2));
    service.push("state", fakeState(u"serving"_s, u"draining"_s));
    QVERIFY(watcher->hears(u"snapshot draining"_s)); // where it has got to
    QSignalSpy snapshots(&watcher->client, &InstanceClient::snapshotReceived);
    QVERIFY(!snapshots.wait(300));
    watcher->client.setLooksClosely(true);
    QVERIFY(watcher->hears(u"snapshot draining"_s, 3));
}

void InstanceClientTest::losesNoStateToALateAnswer()
{
    FakeService service;
    const auto watcher = liveAt(service);
    watcher->forget();
    service.playDead(); // the look at the state hangs
    service.push("state", fakeState(u"serving"_s, u"lame-duck"_s));
    QTRY_COMPARE(service.countRequests("/admin/v1/state"), 1);
    service.push("state", fakeState(u"lame-duck"_s, u"stopped"_s));
    QVERIFY(watcher->hears(u"state lame-duck>stopped"_s));
    service.wakeUp();
    service.answerHeld(); // from before
    service.push("log", { { u"message"_s, u"end"_s } });
    QVERIFY(watcher->hears(u"log end"_s));
    QSignalSpy snapshots(&watcher->client, &InstanceClient::snapshotReceived);
    QVERIFY(!snapshots.wait(200));
    QVERIFY(!watcher->log().contains(u"snapshot serving"_s));
}

void InstanceClientTest::doesNotKnowItsRoleWhereTheServiceDoesNotSay()
{
    FakeService service;
    service.refuse("GET", "/admin/v1/session", 404, u"not-found"_s, u"No."_s);
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Live));
    QTRY_COMPARE(service.countRequests("/admin/v1/session"), 1);
    QVERIFY(watcher.client.role() == Role::Unknown);
    service.answer("GET", "/admin/v1/session", 200, { { u"role"_s, u"read"_s } });
    watcher.client.setToken(Secret(QByteArrayView("another")));
    QVERIFY(watcher.hears(u"role reader"_s));
    QCOMPARE(service.countRequests(kEvents), 1);
}

void InstanceClientTest::saysNothingAfterItsEnd()
{
    FakeService service;
    for (const bool isLive : { true, false }) {
        auto client = std::make_unique<InstanceClient>(service.spec(), shortTiming());
        QSignalSpy changes(client.get(), &InstanceClient::linkChanged);
        QSignalSpy snapshots(client.get(), &InstanceClient::snapshotReceived);
        client->setToken(Secret(FakeService::token()));
        client->start();
        if (isLive)
            QTRY_VERIFY(client->link().state == LinkState::Live);
        changes.clear();
        snapshots.clear();
        client.reset();
        QTRY_COMPARE(service.streamCount(), 0);
        QCOMPARE(changes.size(), 0);
        QCOMPARE(snapshots.size(), 0);
    }
}

QTEST_GUILESS_MAIN(InstanceClientTest)
#include "tst_instanceclient.moc"
