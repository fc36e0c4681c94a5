// SPDX-License-Identifier: GPL-3.0-only
// A server that stops: who gets one more answer, who is closed, who is cut, and who holds the
// drain.
#include "tests/http/httpstage.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using quiesce::test::eventually;
using quiesce::test::get;
using quiesce::test::HttpStage;
using quiesce::test::post;
using quiesce::test::RawAnswer;
using quiesce::test::RawClient;

class HttpDrainTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lameDuckAnswersWithCloseAndResumeUndoesIt();
    void aDrainOfNothingEndsWhenTheListenerIsClosed();
    void aLongSilentConnectionIsClosedAtOnce();
    void aBusyConnectionIsAnsweredOnceMore();
    void aConnectionNeverUsedIsClosedWhenItsTimeIsOver();
    void withoutLingerIdleConnectionsAreClosedAtOnce();
    void aRequestInFlightIsAnsweredWithClose();
    void whatWaitsInTheAcceptQueueIsServed();
    void halfAHeadMayBeCompletedWithinLinger();
    void aHeadThatDoesNotComeIs408();
    void halfABodyHoldsTheDrain();
    void aRequestBehindAKeptAliveAnswerIsNotLost();
    void atTheDeadlineHandlersAreToldAndAnswer503();
    void atTheDeadlineAHalfSentBodyIs503();
    void whatIsCutIsReset();
    void aHandlerMayBeginTheDrain();
    void aHandlerMayCutItsOwnConnection();
    void tellsWhoIsWaitedFor();
};

void HttpDrainTest::lameDuckAnswersWithCloseAndResumeUndoesIt()
{
    HttpStage stage;
    RawClient kept(stage.port());
    RawClient asked(stage.port());
    QCOMPARE(kept.exchange(get("/hello"))->field("Connection"), "");
    stage.server.beginLameDuck(1s);
    QCOMPARE(asked.exchange(get("/hello"))->field("Connection"), "close");
    QCOMPARE(asked.ending(), "end");
    stage.server.endLameDuck();
    QCOMPARE(kept.exchange(get("/hello"))->field("Connection"), "");
}

void HttpDrainTest::aDrainOfNothingEndsWhenTheListenerIsClosed()
{
    HttpStage stage;
    QSignalSpy drained(&stage.inFlight, &InFlight::drained);
    stage.server.beginLameDuck(1s);
    stage.server.beginDrain();
    QCOMPARE(stage.inFlight.count(WorkKind::Listener), 1);
    stage.inFlight.beginDrain();
    stage.clock.advance(ListeningSocket::kSettle - 1ms);
    QCOMPARE(drained.size(), 0);
    stage.clock.advance(1ms);
    QCOMPARE(drained.size(), 1);
    QVERIFY(!RawClient(stage.port()).isConnected());
}

void HttpDrainTest::aLongSilentConnectionIsClosedAtOnce()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    stage.clock.advance(10s);
    stage.beginStop();
    QCOMPARE(client.ending(), "end");
    QVERIFY(stage.inFlight.isEmpty());
}

void HttpDrainTest::aBusyConnectionIsAnsweredOnceMore()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    stage.clock.advance(10ms);
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    stage.beginStop();
    QCOMPARE(stage.inFlight.count(WorkKind::Connection), 1);
    stage.clock.advance(300ms);
    QCOMPARE(stage.inFlight.count(WorkKind::Connection), 1);
    const std::optional<RawAnswer> last = client.exchange(get("/hello"));
    QVERIFY(last);
    QCOMPARE(last->field("Connection"), "close");
    QCOMPARE(client.ending(), "end");
    QVERIFY(stage.inFlight.isEmpty());
}

void HttpDrainTest::aConnectionNeverUsedIsClosedWhenItsTimeIsOver()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(stage.hasConnections(1));
    stage.beginStop();
    stage.clock.advance(397ms); // the settling of the listener is part of the 400 ms
    QVERIFY(!stage.inFlight.isEmpty());
    stage.clock.advance(1ms);
    QVERIFY(stage.inFlight.isEmpty());
    QCOMPARE(client.ending(), "end");
}

void HttpDrainTest::withoutLingerIdleConnectionsAreClosedAtOnce()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    stage.beginStop(0ms);
    QVERIFY(stage.inFlight.isEmpty());
    QCOMPARE(client.ending(), "end");
}

void HttpDrainTest::aRequestInFlightIsAnsweredWithClose()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.beginStop();
    stage.clock.advance(10s);
    QCOMPARE(stage.requestsInFlight(), 1);
    stage.later[0].answer("done");
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->body, "done");
    QCOMPARE(answer->field("Connection"), "close");
    QVERIFY(stage.inFlight.isEmpty());
}

void HttpDrainTest::whatWaitsInTheAcceptQueueIsServed()
{
    HttpStage stage;
    std::deque<RawClient> waiting;
    for (int i = 0; i < 100; ++i) {
        waiting.emplace_back(stage.port()); // not accepted: the event loop has not turned
        QVERIFY(waiting.back().isConnected());
    }
    stage.beginStop();
    QVERIFY(!stage.server.listeningSocket().isListening());
    for (RawClient &client : waiting)
        QCOMPARE(client.exchange(get("/hello")).value_or(RawAnswer{}).status, 200);
    QVERIFY(stage.becomesIdle());
}

void HttpDrainTest::halfAHeadMayBeCompletedWithinLinger()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send("GET /hel"));
    RawClient other(stage.port());
    QCOMPARE(other.exchange(get("/hello", "Connection: close\r\n"))->status, 200);
    stage.beginStop();
    stage.clock.advance(900ms);
    QVERIFY(!stage.inFlight.isEmpty());
    QCOMPARE(client.exchange("lo HTTP/1.1\r\nHost: t\r\n\r\n")->body, "Hello");
    QVERIFY(stage.becomesIdle());
}

void HttpDrainTest::aHeadThatDoesNotComeIs408()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send("GET /hel"));
    RawClient other(stage.port());
    QCOMPARE(other.exchange(get("/hello", "Connection: close\r\n"))->status, 200);
    stage.beginStop();
    stage.clock.advance(1s);
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 408);
    QVERIFY(stage.becomesIdle());
}

void HttpDrainTest::halfABodyHoldsTheDrain()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(post("/echo", "12345").chopped(2)));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
    stage.beginStop();
    stage.clock.advance(10s);
    QCOMPARE(stage.requestsInFlight(), 1);
    QCOMPARE(client.exchange("45")->body, "12345");
    QVERIFY(stage.inFlight.isEmpty());
}

void HttpDrainTest::aRequestBehindAKeptAliveAnswerIsNotLost()
{
    constexpr int kLarge = 32 * 1024 * 1024;
    HttpStage stage;
    QSignalSpy drained(&stage.inFlight, &InFlight::drained);
    RawClient client(stage.port(), 256 * 1024);
    client.stopReading();
    QVERIFY(client.send(get("/big/" + QByteArray::number(kLarge))));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
    QVERIFY(client.send(get("/later")));
    stage.beginStop(); // the answer's head, already made, keeps the connection
    stage.inFlight.beginDrain();
    QCOMPARE(client.answer().value_or(RawAnswer{}).field("Connection"), "");
    QVERIFY(stage.hasLaterCalls(1));
    QCOMPARE(drained.size(), 0);
    stage.later[0].answer("not lost");
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->body, "not lost");
    QCOMPARE(answer->field("Connection"), "close");
    QVERIFY(eventually([&] { return drained.size() == 1; }));
}

void HttpDrainTest::atTheDeadlineHandlersAreToldAndAnswer503()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.inFlight.beginTally();
    stage.beginStop();
    stage.inFlight.cancelAll();
    QVERIFY(stage.later[0].isToldToStop());
    QVERIFY(!stage.later[0].promise->isCanceled()); // it has a context, and answers for itself
    stage.later[0].promise->finish();
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QCOMPARE(answer->code(), "cancelled");
    QCOMPARE(answer->field("Connection"), "close");
    QCOMPARE(stage.inFlight.requestTally().cancelled, 1);
}

void HttpDrainTest::atTheDeadlineAHalfSentBodyIs503()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(post("/echo", "12345").chopped(2)));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
    stage.inFlight.beginTally();
    stage.beginStop();
    stage.inFlight.cancelAll();
    QCOMPARE(client.answer().value_or(RawAnswer{}).code(), "cancelled");
    QCOMPARE(stage.inFlight.requestTally().cancelled, 1);
    QCOMPARE(stage.inFlight.slowest().value(0).label, u"POST /echo"_s);
}

void HttpDrainTest::whatIsCutIsReset()
{
    HttpStage stage;
    RawClient running(stage.port());
    QVERIFY(running.send(get("/later") + get("/hello")));
    QVERIFY(stage.hasLaterCalls(1));
    RawClient uploading(stage.port());
    QVERIFY(uploading.send(post("/echo", "12345").chopped(2)));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 2; }));
    stage.inFlight.beginTally();
    stage.beginStop();
    stage.inFlight.cutAll();
    QVERIFY(stage.inFlight.isEmpty());
    QVERIFY(stage.later[0].isToldToStop());
    QCOMPARE(stage.inFlight.requestTally().aborted, 2);
    QCOMPARE(running.ending(), "reset");
    QCOMPARE(uploading.ending(), "reset");
    stage.later[0].answer("nobody hears it");
    QVERIFY(eventually([&] { return stage.exchangeSockets() == 0; }));
}

void HttpDrainTest::aHandlerMayBeginTheDrain()
{
    HttpStage stage;
    QPromise<QByteArray> promise;
    promise.start();
    QVERIFY(stage.server.route(u"/stop"_s, QHttpServerRequest::Method::Get, [&] {
        stage.server.beginLameDuck(1s);
        stage.server.beginDrain();
        stage.inFlight.beginDrain();
        return promise.future();
    }));
    QSignalSpy drained(&stage.inFlight, &InFlight::drained);
    RawClient asking(stage.port());
    RawClient silent(stage.port());
    QVERIFY(stage.hasConnections(2));
    stage.clock.advance(30s); // so long that the drain would close it, but for what it sends now
    QVERIFY(asking.send(get("/stop")));
    QVERIFY(silent.send(get("/hello")));
    QCOMPARE(silent.answer().value_or(RawAnswer{}).body, "Hello");
    QCOMPARE(drained.size(), 0);
    promise.addResult("stopping");
    promise.finish();
    const std::optional<RawAnswer> answer = asking.answer();
    QVERIFY(answer);
    QCOMPARE(answer->body, "stopping");
    QCOMPARE(answer->field("Connection"), "close");
    stage.clock.advance(ListeningSocket::kSettle);
    QVERIFY(eventually([&] { return drained.size() == 1; }));
}

void HttpDrainTest::aHandlerMayCutItsOwnConnection()
{
    HttpStage stage;
    QPromise<QByteArray> promise;
    promise.start();
    QVERIFY(stage.server.route(u"/cut"_s, QHttpServerRequest::Method::Get, [&] {
        stage.server.closeNow();
        return promise.future();
    }));
    RawClient client(stage.port());
    RawClient other(stage.port());
    QVERIFY(stage.hasConnections(2));
    QVERIFY(client.send(get("/cut") + get("/cut")));
    QCOMPARE(client.ending(), "reset");
    QCOMPARE(other.ending(), "end"); // idle: nothing is cut
    QVERIFY(promise.isCanceled());
    promise.finish();
    QVERIFY(stage.becomesIdle());
    HttpStage again;
    QVERIFY(again.server.route(u"/cut"_s, QHttpServerRequest::Method::Get, [&] {
        again.server.closeNow();
        return "nobody hears it";
    }));
    RawClient third(again.port());
    QVERIFY(third.send(get("/cut") + get("/hello")));
    QCOMPARE(third.ending(), "reset");
    QVERIFY(again.becomesIdle());
    QVERIFY(eventually([&] { return stage.exchangeSockets() + again.exchangeSockets() == 0; }));
}

void HttpDrainTest::tellsWhoIsWaitedFor()
{
    HttpStage stage;
    RawClient running(stage.port());
    QVERIFY(running.send(get("/later?secret=1")));
    QVERIFY(stage.hasLaterCalls(1));
    RawClient idle(stage.port());
    QCOMPARE(idle.exchange(get("/hello"))->status, 200);
    stage.server.beginLameDuck(1s);
    stage.server.beginDrain();
    QStringList labels;
    for (const WaitingOn &row : stage.inFlight.waitingOn(9))
        labels << row.what.label.section(QLatin1Char('/'), 0, 1).section(u" of http:"_s, 0, 0);
    QCOMPARE(labels,
             QStringList(
                 { u"GET /later"_s, u"accept queue"_s, u"kept-alive connection still in use"_s }));
    stage.later[0].answer("x");
    QCOMPARE(running.answer()->body, "x");
}

QTEST_GUILESS_MAIN(HttpDrainTest)
#include "tst_httpdrain.moc"
