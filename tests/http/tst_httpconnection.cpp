// SPDX-License-Identifier: GPL-3.0-only
// A connection's bytes: pipelining, interim answers, large bodies, time-outs, and clients that
// leave at every moment.
#include "tests/http/httpstage.h"

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

class HttpConnectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersPipelinedRequestsInOrder();
    void answersPipelinedRequestsOneByteAtATime();
    void answersManyPipelinedRequestsInTurns();
    void readsAheadOnlySoFar();
    void answersNothingBehindAClose();
    void asksForTheBodyOnlyWhenItIsAwaited_data();
    void asksForTheBodyOnlyWhenItIsAwaited();
    void carriesLargeBodiesBothWays();
    void aSlowReaderGetsAllOfALargeAnswer();
    void aHalfClosedClientStillGetsItsAnswer();
    void aHalfClosedClientOfHttp10GetsNoInterimAnswer();
    void aHalfClosedClientGetsAllPipelinedAnswers();
    void aClientMayLeaveAtAnyMoment_data();
    void aClientMayLeaveAtAnyMoment();
    void aClientThatLeavesWithAFinStopsItsHandler();
    void aClientMayLeaveAnAnswerHalfRead();
    void timesOut_data();
    void timesOut();
    void aBodyMayComeSlowlyAsLongAsItComes();
    void aHandlerKeepsItsTimeAcrossAnInterimAnswer();
    void aReaderThatStandsStillIsCut();
    void aClientThatDoesNotEndItsSideIsClosedAnyway();
    void whatComesBehindARefusalIsReadSoThatTheAnswerArrives();
    void givesBackWhatOnlyABusyConnectionNeeds();
};

namespace {

constexpr int kLarge = 64 * 1024 * 1024;
constexpr int kSmallBuffer = 256 * 1024; ///< small beside kLarge, and not slow to read through

LimitSettings limits()
{
    LimitSettings settings;
    settings.maxBodyBytes = kLarge;
    return settings;
}

} // namespace

void HttpConnectionTest::answersPipelinedRequestsInOrder()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later") + get("/hello") + post("/echo", "three") + get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    QCOMPARE(stage.requestsInFlight(), 1);
    client.pull();
    QCOMPARE(client.pending(), "");
    stage.later[0].answer("one");
    QCOMPARE(client.answer()->body, "one");
    QCOMPARE(client.answer()->body, "Hello");
    QCOMPARE(client.answer()->body, "three");
    QVERIFY(stage.hasLaterCalls(2));
    stage.later[1].answer("four");
    QCOMPARE(client.answer()->body, "four");
    QVERIFY(stage.becomesIdle());
}

void HttpConnectionTest::answersPipelinedRequestsOneByteAtATime()
{
    HttpStage stage;
    RawClient client(stage.port());
    const QByteArray requests = get("/hello") + post("/echo", "two") + "\r\n" + get("/empty");
    for (const char byte : requests) {
        QVERIFY(client.send(QByteArray(1, byte)));
        QCoreApplication::processEvents();
    }
    QCOMPARE(client.answer()->body, "Hello");
    QCOMPARE(client.answer()->body, "two");
    QCOMPARE(client.answer()->status, 204);
}

void HttpConnectionTest::answersManyPipelinedRequestsInTurns()
{
    constexpr int kMany = 10 * HttpConnection::kRequestsPerTurn + 1;
    HttpStage stage;
    RawClient client(stage.port());
    QByteArray requests;
    for (int i = 0; i < kMany; ++i)
        requests += post("/echo", QByteArray::number(i));
    QVERIFY(client.send(requests));
    for (int i = 0; i < kMany; ++i)
        QCOMPARE(client.answer().value_or(RawAnswer{}).body, QByteArray::number(i));
    QVERIFY(stage.becomesIdle());
}

void HttpConnectionTest::readsAheadOnlySoFar()
{
    HttpStage stage(limits());
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    const QByteArray body(8 * 1024 * 1024, 'b');
    qsizetype sent = 0; // until the kernel's buffers are full, since the server stops reading
    const QByteArray upload = post("/echo", body);
    QVERIFY(!client.sendSome(upload, &sent) && sent < upload.size());
    stage.later[0].answer("first");
    QCOMPARE(client.answer()->body, "first");
    QVERIFY(client.send(upload.sliced(sent)));
    QCOMPARE(client.answer()->body, body);
}

void HttpConnectionTest::answersNothingBehindAClose()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/hello", "Connection: close\r\n") + get("/later")));
    QCOMPARE(client.answer()->field("Connection"), "close");
    QCOMPARE(client.ending(), "end");
    QCOMPARE(client.pending(), "");
    QCOMPARE(stage.later.size(), 0U);
}

void HttpConnectionTest::asksForTheBodyOnlyWhenItIsAwaited_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<bool>("isBodyThere");
    QTest::addColumn<int>("interims");
    QTest::newRow("the client waits") << QByteArray("Expect: 100-continue\r\n") << false << 1;
    QTest::newRow("the body is there") << QByteArray("Expect: 100-continue\r\n") << true << 0;
    QTest::newRow("the client does not ask") << QByteArray() << false << 0;
}

void HttpConnectionTest::asksForTheBodyOnlyWhenItIsAwaited()
{
    QFETCH(QByteArray, fields);
    QFETCH(bool, isBodyThere);
    QFETCH(int, interims);
    HttpStage stage;
    RawClient client(stage.port());
    const QByteArray request = post("/echo", "12345", fields);
    QVERIFY(client.send(isBodyThere ? request : request.chopped(5)));
    for (int i = 0; i < interims; ++i)
        QCOMPARE(client.answer().value_or(RawAnswer{}).head, "HTTP/1.1 100 Continue");
    if (!isBodyThere) {
        QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
        client.pull();
        QCOMPARE(client.pending(), "");
        QVERIFY(client.send("12345"));
    }
    QCOMPARE(client.answer()->body, "12345");
    QCOMPARE(client.pending(), "");
}

void HttpConnectionTest::carriesLargeBodiesBothWays()
{
    HttpStage stage(limits());
    RawClient client(stage.port());
    QByteArray body(8 * 1024 * 1024, 0);
    for (qsizetype i = 0; i < body.size(); ++i)
        body[i] = static_cast<char>(i * 31 + i / 977);
    QVERIFY(client.exchange(post("/echo", body))->body == body);
    const QByteArray chunk = QByteArray::number(body.size(), 16) + "\r\n" + body + "\r\n0\r\n\r\n";
    QVERIFY(client
                .exchange("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                          + chunk)
                ->body
            == body);
    QVERIFY(stage.becomesIdle());
}

void HttpConnectionTest::aSlowReaderGetsAllOfALargeAnswer()
{
    HttpStage stage(limits());
    RawClient client(stage.port(), kSmallBuffer);
    client.stopReading();
    QVERIFY(client.send(get("/big/" + QByteArray::number(kLarge))));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
    RawClient other(stage.port());
    QCOMPARE(other.exchange(get("/hello"))->body, "Hello"); // nobody else waits for it
    QCOMPARE(stage.requestsInFlight(), 1);
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->body.size(), kLarge);
    QVERIFY(stage.becomesIdle());
}

void HttpConnectionTest::aHalfClosedClientStillGetsItsAnswer()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    client.halfClose();
    QVERIFY(stage.hasLaterCalls(1));
    QCOMPARE(client.answer()->status, 100); // whether it is still there
    stage.later[0].answer("still here");
    QCOMPARE(client.answer()->body, "still here");
    QCOMPARE(client.ending(), "end");
    QVERIFY(stage.hasConnections(0));
}

void HttpConnectionTest::aHalfClosedClientOfHttp10GetsNoInterimAnswer()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send("GET /later HTTP/1.0\r\n\r\n"));
    client.halfClose();
    QVERIFY(stage.hasLaterCalls(1));
    stage.later[0].answer("still here");
    QCOMPARE(client.answer()->body, "still here");
    QCOMPARE(client.ending(), "end");
}

void HttpConnectionTest::aHalfClosedClientGetsAllPipelinedAnswers()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later", "") + get("/hello") + post("/echo", "3") + "GET /half"));
    QVERIFY(stage.hasLaterCalls(1));
    client.halfClose();
    QCOMPARE(client.answer()->status, 100);
    stage.later[0].answer("1");
    QCOMPARE(client.answer()->body, "1");
    QCOMPARE(client.answer()->body, "Hello");
    QCOMPARE(client.answer()->body, "3");
    QCOMPARE(client.ending(), "end");
    QVERIFY(stage.hasConnections(0));
    QVERIFY(stage.inFlight.isEmpty());
}

void HttpConnectionTest::aClientMayLeaveAtAnyMoment_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<int>("calls");
    QTest::addColumn<bool>("isReset");
    const auto row = [](const char *name, const QByteArray &sent, int calls) {
        QTest::addRow("%s, FIN", name) << sent << calls << false;
        QTest::addRow("%s, RST", name) << sent << calls << true;
    };
    row("before a byte", {}, 0);
    row("half a request line", "GET /la", 0);
    row("half a head", get("/later").chopped(3), 0);
    row("half a body", post("/later", "12345").chopped(2), 0);
    row("half a chunk",
        "POST /later HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12", 0);
    row("waiting to be asked for the body",
        post("/later", "1", "Expect: 100-continue\r\n").chopped(1), 0);
    row("the handler running", get("/later"), 1);
    row("requests waiting behind it", get("/later") + get("/later") + get("/hel"), 1);
    row("the answer unread", get("/big/100000") + get("/later"), 1);
    row("after a refusal", "GET / HTTP/9.9\r\n\r\n", 0);
    row("after a close", get("/hello", "Connection: close\r\n"), 0);
}

void HttpConnectionTest::aClientMayLeaveAtAnyMoment()
{
    QFETCH(QByteArray, sent);
    QFETCH(int, calls);
    QFETCH(bool, isReset);
    HttpStage stage;
    for (int i = 1; i <= 8; ++i) {
        RawClient client(stage.port());
        QVERIFY(client.send(sent));
        QVERIFY(stage.hasLaterCalls(i * calls));
        isReset ? client.reset() : client.close();
    }
    QVERIFY(stage.hasConnections(0));
    QVERIFY(stage.inFlight.isEmpty());
    for (test::LaterCall &call : stage.later) {
        QVERIFY(call.isToldToStop());
        call.answer("too late");
    }
    RawClient next(stage.port());
    QCOMPARE(next.exchange(get("/hello"))->body, "Hello");
    QVERIFY(eventually([&] { return stage.exchangeSockets() == 1; }));
    QCOMPARE(stage.server.dispatchedCount(), 0);
}

void HttpConnectionTest::aClientThatLeavesWithAFinStopsItsHandler()
{
    HttpStage stage;
    stage.inFlight.beginTally();
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    client.close();
    QVERIFY(eventually([&] { return stage.later[0].isToldToStop(); }));
    QVERIFY(stage.later[0].promise->isCanceled());
    QCOMPARE(stage.requestsInFlight(), 0);
    QCOMPARE(stage.inFlight.requestTally().aborted, 1);
    QVERIFY(!stage.inFlight.hasLostWork());
}

void HttpConnectionTest::aClientMayLeaveAnAnswerHalfRead()
{
    HttpStage stage(limits());
    for (const bool isReset : { false, true }) {
        RawClient client(stage.port(), 4 * 1024);
        client.stopReading();
        QVERIFY(client.send(get("/big/" + QByteArray::number(kLarge)) + get("/hello")));
        QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
        isReset ? client.reset() : client.close();
        QVERIFY(stage.hasConnections(0));
        QVERIFY(stage.inFlight.isEmpty());
    }
}

void HttpConnectionTest::timesOut_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<int>("afterMs");
    QTest::addColumn<QByteArray>("code"); // of a 408; empty: closed without a word
    QTest::newRow("a silent connection") << QByteArray() << 60'000 << QByteArray();
    QTest::newRow("empty lines only") << QByteArray("\r\n\r\n\r") << 60'000 << QByteArray();
    QTest::newRow("a head") << QByteArray("GET / HT") << 10'000 << QByteArray("head-timeout");
    QTest::newRow("a body") << post("/echo", "123").chopped(1) << 30'000
                            << QByteArray("body-timeout");
    QTest::newRow("a chunk") << QByteArray(
        "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                             << 30'000 << QByteArray("body-timeout");
}

void HttpConnectionTest::timesOut()
{
    QFETCH(QByteArray, sent);
    QFETCH(int, afterMs);
    QFETCH(QByteArray, code);
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(stage.hasConnections(1));
    QVERIFY(client.send(sent));
    // An answer on another connection shows that the bytes sent before it have been read.
    RawClient other(stage.port());
    QCOMPARE(other.exchange(get("/hello"))->status, 200);
    stage.clock.advance(std::chrono::milliseconds(afterMs - 1));
    client.pull();
    QVERIFY(!client.hasEnded());
    QCOMPARE(client.pending(), "");
    stage.clock.advance(1ms);
    if (!code.isEmpty()) {
        const std::optional<RawAnswer> answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->status, 408);
        QCOMPARE(answer->code(), code);
        QCOMPARE(answer->field("Connection"), "close");
    }
    QCOMPARE(client.ending(), "end");
    QVERIFY(stage.inFlight.isEmpty());
}

void HttpConnectionTest::aBodyMayComeSlowlyAsLongAsItComes()
{
    HttpStage stage;
    RawClient client(stage.port());
    const QByteArray request = post("/echo", "12345");
    QVERIFY(client.send(request.chopped(5)));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
    for (const char byte : { '1', '2', '3', '4' }) {
        stage.clock.advance(29s);
        QVERIFY(client.send(QByteArray(1, byte)));
        RawClient other(stage.port());
        QCOMPARE(other.exchange(get("/hello"))->status, 200);
    }
    QVERIFY(client.send("5"));
    QCOMPARE(client.answer()->body, "12345");
}

void HttpConnectionTest::aHandlerKeepsItsTimeAcrossAnInterimAnswer()
{
    HttpStage stage({ .requestTimeout = 50s });
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    client.halfClose();
    QCOMPARE(client.answer()->status, 100);
    stage.clock.advance(49'999ms);
    QVERIFY(!stage.later[0].isToldToStop());
    stage.clock.advance(1ms);
    QCOMPARE(client.answer()->status, 504);
}

void HttpConnectionTest::aReaderThatStandsStillIsCut()
{
    HttpStage stage(limits());
    RawClient client(stage.port(), 4 * 1024);
    client.stopReading();
    QVERIFY(client.send(get("/big/" + QByteArray::number(kLarge))));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
    stage.clock.advance(29'999ms);
    QCOMPARE(stage.requestsInFlight(), 1);
    stage.clock.advance(1ms);
    QVERIFY(stage.hasConnections(0));
    QVERIFY(stage.inFlight.isEmpty());
    QCOMPARE(client.ending(), "reset");
}

void HttpConnectionTest::aClientThatDoesNotEndItsSideIsClosedAnyway()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello", "Connection: close\r\n"))->status, 200);
    QCOMPARE(client.ending(), "end");
    QCOMPARE(stage.server.connectionCount(), 1);
    stage.clock.advance(1s);
    QCOMPARE(stage.server.connectionCount(), 0);
}

void HttpConnectionTest::whatComesBehindARefusalIsReadSoThatTheAnswerArrives()
{
    HttpStage stage({ .maxBodyBytes = 1'000 });
    RawClient client(stage.port());
    const std::optional<RawAnswer> answer =
        client.exchange(post("/echo", QByteArray(500'000, 'x')));
    QVERIFY(answer);
    QCOMPARE(answer->status, 413);
    QCOMPARE(client.ending(), "end");
    QVERIFY(stage.inFlight.isEmpty());
}

void HttpConnectionTest::givesBackWhatOnlyABusyConnectionNeeds()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    QCOMPARE(stage.exchangeSockets(), 1);
    stage.clock.advance(1s);
    QVERIFY(eventually([&] { return stage.exchangeSockets() == 0; }));
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    QCOMPARE(stage.exchangeSockets(), 1);
}

QTEST_GUILESS_MAIN(HttpConnectionTest)
#include "tst_httpconnection.moc"
