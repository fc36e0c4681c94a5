// SPDX-License-Identifier: GPL-3.0-only
// What a server answers: routes, handlers of every kind, limits, time-outs.
#include "tests/http/httpstage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using quiesce::test::bearer;
using quiesce::test::eventually;
using quiesce::test::get;
using quiesce::test::HttpStage;
using quiesce::test::LogRecorder;
using quiesce::test::post;
using quiesce::test::RawAnswer;
using quiesce::test::RawClient;

class HttpServerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void answersHeadLikeGetWithoutBody();
    void refusesAndCloses_data();
    void refusesAndCloses();
    void unknownPathsAndMethodsAreProblems();
    void aHandlerThatThrowsAnswers500_data();
    void aHandlerThatThrowsAnswers500();
    void aHandlerMayAnswerLater();
    void aCancelledFutureAnswers503();
    void anInterimAnswerIsNotAnAnswer();
    void tellsTheHandlerWhoAsks();
    void aLateHandlerIs504AndIsToldToStop();
    void aLateAnswerIsDropped();
    void withoutARequestTimeoutAHandlerMayTakeItsTime();
    void overloadIs503AndHealthRoutesStillAnswer();
    void aProbeWaitsForABatchAndNotForARound();
    void anUploadIntoOverloadIsRefusedUnread();
    void operatorConnectionsAreNeverInFlight();
    void fullItAcceptsOnlyWhenAConnectionEnds();
    void limitsMayChangeAtRunTime();
    void answersDateOncePerSecond();
    void twoServersLiveSideBySide();
    void goesAwayWithHandlersStillRunning();
    void nothingIsLeftBehind();
};

void HttpServerTest::answers_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("connection");
    const auto row = [](const char *name, const QByteArray &request, int status,
                        const QByteArray &body, const QByteArray &connection = {}) {
        QTest::newRow(name) << request << status << body << connection;
    };
    row("GET", get("/hello"), 200, "Hello");
    row("GET with a query", get("/hello?a=b"), 200, "Hello");
    row("absolute-form", "GET http://t/hello HTTP/1.1\r\nHost: t\r\n\r\n", 200, "Hello");
    row("close", get("/hello", "Connection: close\r\n"), 200, "Hello", "close");
    row("HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n", 200, "Hello", "close");
    row("HTTP/1.0 kept alive", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200,
        "Hello", "keep-alive");
    row("POST", post("/echo", "abc"), 200, "abc");
    row("POST without a body", post("/echo", {}), 200, {});
    row("chunks",
        "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
        "chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: u\r\n\r\n",
        200, "abc");
    row("204", get("/empty"), 204, {});
    row("304", get("/unchanged"), 304, {});
    row("on the pool", get("/pool"), 200, "pool");
    row("a captured argument", get("/big/5"), 200, "xxxxx");
}

void HttpServerTest::answers()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, connection);
    HttpStage stage;
    RawClient client(stage.port());
    const std::optional<RawAnswer> answer = client.exchange(request);
    QVERIFY(answer);
    QCOMPARE(answer->status, status);
    QCOMPARE(answer->body, body);
    QCOMPARE(answer->field("Connection"), connection);
    QVERIFY(answer->field("Date").endsWith(" GMT"));
    QCOMPARE(answer->field("Content-Length").isEmpty(), status != 200);
    if (connection == "close") {
        QCOMPARE(client.ending(), "end");
    } else {
        QCOMPARE(client.exchange(get("/hello"))->body, "Hello");
        QVERIFY(!client.hasEnded());
    }
    QVERIFY(stage.becomesIdle());
}

void HttpServerTest::answersHeadLikeGetWithoutBody()
{
    HttpStage stage;
    RawClient client(stage.port());
    const std::optional<RawAnswer> answer =
        client.exchange("HEAD /hello HTTP/1.1\r\nHost: t\r\n\r\n");
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->field("Content-Length"), "5");
    const std::optional<RawAnswer> missing =
        client.exchange("HEAD /none HTTP/1.1\r\nHost: t\r\n\r\n");
    QCOMPARE(missing.value_or(RawAnswer{}).status, 404);
    QCOMPARE(client.exchange(get("/hello"))->body, "Hello"); // not a byte of a body came between
    QCOMPARE(client.pending(), "");
}

void HttpServerTest::refusesAndCloses_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *name, const QByteArray &request, int status, const char *code) {
        QTest::newRow(name) << request << status << QByteArray(code);
    };
    row("garbage", "\x16\x03\x01", 400, "bad-byte");
    row("no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad-host");
    row("both lengths",
        "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        400, "bad-length");
    row("a bad chunk", "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nx", 400,
        "bad-chunk");
    row("a body too large", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999\r\n\r\n", 413,
        "body-too-large");
    row("a body too large that waits",
        "POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n",
        413, "body-too-large");
    row("a target too long", "GET /" + QByteArray(9'000, 'a'), 414, "uri-too-long");
    row("another expectation", "GET / HTTP/1.1\r\nHost: t\r\nExpect: wonders\r\n\r\n", 417,
        "expectation-unknown");
    row("a head too long", get("/", "X: " + QByteArray(17'000, 'a') + "\r\n"), 431,
        "header-too-large");
    row("an unknown method", "BREW / HTTP/1.1\r\nHost: t\r\n\r\n", 501, "method-unknown");
    row("another version", "GET / HTTP/3.0\r\n", 505, "version-not-supported");
}

void HttpServerTest::refusesAndCloses()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    HttpStage stage;
    RawClient client(stage.port());
    const std::optional<RawAnswer> answer = client.exchange(request);
    QVERIFY(answer);
    QCOMPARE(answer->status, status);
    QCOMPARE(answer->code(), code);
    QCOMPARE(answer->field("Content-Type"), "application/problem+json");
    QCOMPARE(answer->field("Connection"), "close");
    QCOMPARE(client.ending(), "end");
    QCOMPARE(client.pending(), ""); // no interim answer, nothing else
    QVERIFY(stage.becomesIdle());
    client.close();
    QVERIFY(stage.hasConnections(0));
}

void HttpServerTest::unknownPathsAndMethodsAreProblems()
{
    HttpStage stage;
    RawClient client(stage.port());
    const std::optional<RawAnswer> missing = client.exchange(get("/none"));
    QVERIFY(missing);
    QCOMPARE(missing->status, 404);
    QCOMPARE(missing->code(), "not-found");
    QCOMPARE(missing->field("Content-Type"), "application/problem+json");
    QCOMPARE(missing->field("Allow"), "");
    const std::optional<RawAnswer> wrong = client.exchange(post("/put", "x"));
    QVERIFY(wrong);
    QCOMPARE(wrong->status, 405);
    QCOMPARE(wrong->code(), "method-not-allowed");
    QCOMPARE(wrong->field("Allow"), "PUT");
    const std::optional<RawAnswer> deleted =
        client.exchange("DELETE /hello HTTP/1.1\r\nHost: t\r\n\r\n");
    QCOMPARE(deleted.value_or(RawAnswer{}).field("Allow"), "GET, HEAD, POST");
    QCOMPARE(client.exchange(get("/none"))->status, 404); // a method missed once is forgotten
}

void HttpServerTest::aHandlerThatThrowsAnswers500_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("what");
    QTest::newRow("at once") << QByteArray("/throw") << u"what=\"on purpose\""_s;
    QTest::newRow("no exception of the library")
        << QByteArray("/throw-odd") << u"what=\"not a std::exception\""_s;
    QTest::newRow("instead of a future") << QByteArray("/throw-future") << u"what=\"on purpose\""_s;
    QTest::newRow("on the pool") << QByteArray("/throw-pool") << u"what="_s;
}

void HttpServerTest::aHandlerThatThrowsAnswers500()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, what);
    HttpStage stage;
    const LogRecorder log("quiesce.http");
    RawClient client(stage.port());
    const std::optional<RawAnswer> answer = client.exchange(get(path));
    QVERIFY(answer);
    QCOMPARE(answer->status, 500);
    QCOMPARE(answer->code(), "handler-threw");
    QVERIFY(!answer->body.contains("on purpose")); // not for clients
    QCOMPARE(log.lines().size(), 1);
    QVERIFY2(log.lines().first().contains(what), qPrintable(log.lines().first()));
    QCOMPARE(client.exchange(get("/hello"))->body, "Hello");
}

void HttpServerTest::aHandlerMayAnswerLater()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    QCOMPARE(stage.requestsInFlight(), 1);
    QCOMPARE(stage.inFlight.waitingOn(9).first().what.label, u"GET /later"_s);
    stage.later[0].answer("at last");
    QCOMPARE(client.answer()->body, "at last");
    QCOMPARE(stage.requestsInFlight(), 0);
    QVERIFY(!stage.later[0].isToldToStop());
}

void HttpServerTest::aCancelledFutureAnswers503()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.later[0].promise->future().cancel();
    stage.later[0].promise->finish();
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QCOMPARE(answer->code(), "cancelled");
    QCOMPARE(answer->field("Retry-After"), "1");
}

void HttpServerTest::anInterimAnswerIsNotAnAnswer()
{
    HttpStage stage;
    RawClient client(stage.port());
    const std::optional<RawAnswer> answer = client.exchange(get("/continue"));
    QVERIFY(answer);
    QCOMPARE(answer->status, 500);
    QCOMPARE(answer->code(), "handler-fault");
}

void HttpServerTest::tellsTheHandlerWhoAsks()
{
    HttpStage stage;
    RawClient client(stage.port());
    const QByteArray id = "0af7651916cd43dd8448eb211c80319c";
    const std::optional<RawAnswer> traced =
        client.exchange(post("/who", "x", "Traceparent: 00-" + id + "-b7ad6b7169203331-01\r\n"));
    QVERIFY(traced);
    QVERIFY2(traced->body.startsWith("POST /who " + id + " 127.0.0.1:"), traced->body.constData());
    const std::optional<RawAnswer> untraced =
        client.exchange("HEAD /who?a HTTP/1.1\r\nHost: t\r\n\r\n");
    QCOMPARE(untraced.value_or(RawAnswer{}).status, 200);
    const QByteArrayList words = client.exchange(get("/who?a"))->body.split(' ');
    QCOMPARE(words.value(1), "/who?a");
    QCOMPARE(words.value(2).size(), 32); // made here
}

void HttpServerTest::aLateHandlerIs504AndIsToldToStop()
{
    HttpStage stage({ .requestTimeout = 5s });
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.clock.advance(4'999ms);
    QVERIFY(!stage.later[0].isToldToStop());
    stage.clock.advance(1ms);
    QVERIFY(stage.later[0].isToldToStop());
    QVERIFY(stage.later[0].promise->isCanceled());
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 504);
    QCOMPARE(answer->code(), "handler-timeout");
    QVERIFY(stage.becomesIdle());
    QCOMPARE(client.exchange(get("/hello"))->body, "Hello"); // the connection lives on
}

void HttpServerTest::aLateAnswerIsDropped()
{
    HttpStage stage({ .requestTimeout = 5s });
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.clock.advance(5s);
    QCOMPARE(client.answer()->status, 504);
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(2));
    stage.later[0].answer("of the first");
    stage.later[1].answer("of the second");
    QCOMPARE(client.answer()->body, "of the second");
    QCOMPARE(client.pending(), "");
}

void HttpServerTest::withoutARequestTimeoutAHandlerMayTakeItsTime()
{
    HttpStage stage({ .requestTimeout = 0s });
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.clock.advance(24h);
    QVERIFY(!stage.later[0].isToldToStop());
    stage.later[0].answer("a day later");
    QCOMPARE(client.answer()->body, "a day later");
}

void HttpServerTest::overloadIs503AndHealthRoutesStillAnswer()
{
    HttpStage stage({ .maxInFlight = 1 });
    RawClient first(stage.port());
    QVERIFY(first.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    RawClient second(stage.port());
    const std::optional<RawAnswer> refused = second.exchange(get("/hello"));
    QVERIFY(refused);
    QCOMPARE(refused->status, 503);
    QCOMPARE(refused->code(), "overloaded");
    QCOMPARE(refused->field("Retry-After"), "1");
    QCOMPARE(second.exchange(get("/livez"))->status, 200);
    stage.later[0].answer("done");
    QCOMPARE(first.answer()->body, "done");
    QCOMPARE(second.exchange(get("/hello"))->status, 200);
    QVERIFY(stage.becomesIdle());
}

void HttpServerTest::aProbeWaitsForABatchAndNotForARound()
{
    constexpr int kRound = 8 * Poller::kBatch;
    HttpStage stage;
    RawClient prober(stage.port());
    QCOMPARE(prober.exchange(get("/livez"))->status, 200);
    std::deque<RawClient> crowd;
    for (int i = 0; i < kRound; ++i) {
        QCOMPARE(crowd.emplace_back(stage.port()).exchange(get("/hello"))->status, 200);
        crowd.back().stopReading();
    }
    const quint64 before = stage.server.meter().counts.requests;
    for (RawClient &client : crowd)
        QVERIFY(client.send(get("/hello")));
    QVERIFY(prober.send(get("/livez"))); // the last of all
    QCOMPARE(prober.answer()->status, 200);
    QVERIFY(stage.server.meter().counts.requests - before <= 2U * Poller::kBatch);
    QCOMPARE(prober.exchange(get("/hello"))->body, "Hello"); // it may ask for anything, and
    QCOMPARE(prober.exchange(get("/livez"))->status, 200); // is a probe again when it does
}

void HttpServerTest::anUploadIntoOverloadIsRefusedUnread()
{
    HttpStage stage({ .maxInFlight = 1 });
    RawClient first(stage.port());
    QVERIFY(first.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    RawClient second(stage.port());
    stage.inFlight.beginTally();
    const std::optional<RawAnswer> refused =
        second.exchange(post("/echo", "12345", "Expect: 100-continue\r\n").chopped(5));
    QVERIFY(refused);
    QCOMPARE(refused->status, 503);
    QCOMPARE(refused->field("Connection"), "close");
    QCOMPARE(second.ending(), "end");
    QCOMPARE(stage.inFlight.slowest().size(), 1);
    QCOMPARE(stage.inFlight.slowest().first().label, u"POST /echo"_s);
    stage.later[0].answer("done");
    QVERIFY(stage.becomesIdle());
}

void HttpServerTest::operatorConnectionsAreNeverInFlight()
{
    HttpStage stage({ .maxInFlight = 1 }, ConnectionHost::Role::Operator);
    RawClient first(stage.port());
    RawClient second(stage.port());
    QVERIFY(first.send(get("/later", bearer())));
    QVERIFY(second.send(get("/later", bearer())));
    QVERIFY(stage.hasLaterCalls(2));
    QCOMPARE(stage.requestsInFlight(), 0);
    stage.beginStop();
    QVERIFY(stage.inFlight.isEmpty());
    stage.later[1].answer("2");
    stage.later[0].answer("1");
    QCOMPARE(first.answer()->body, "1");
    QCOMPARE(second.answer()->body, "2");
}

void HttpServerTest::fullItAcceptsOnlyWhenAConnectionEnds()
{
    HttpStage stage({ .maxConnections = 2 });
    RawClient first(stage.port());
    RawClient second(stage.port());
    RawClient third(stage.port()); // the kernel's queue has it
    QCOMPARE(first.exchange(get("/hello"))->status, 200);
    QCOMPARE(second.exchange(get("/hello"))->status, 200);
    QVERIFY(third.send(get("/hello")));
    QCOMPARE(first.exchange(get("/hello"))->status, 200);
    QCOMPARE(stage.server.connectionCount(), 2);
    third.pull();
    QCOMPARE(third.pending(), "");
    first.close();
    QCOMPARE(third.answer()->status, 200);
    QCOMPARE(stage.server.connectionCount(), 2);
}

void HttpServerTest::limitsMayChangeAtRunTime()
{
    HttpStage stage({ .maxConnections = 1, .requestTimeout = 50s });
    RawClient first(stage.port());
    QVERIFY(first.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.server.setLimits({ .maxConnections = 2, .requestTimeout = 3s });
    stage.clock.advance(3s);
    QCOMPARE(first.answer()->status, 504);
    RawClient second(stage.port());
    QCOMPARE(second.exchange(get("/hello")).value_or(RawAnswer{}).status, 200);
}

void HttpServerTest::answersDateOncePerSecond()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->field("Date"), "Fri, 02 Jan 2026 03:04:05 GMT");
    stage.clock.advance(999ms);
    QCOMPARE(client.exchange(get("/hello"))->field("Date"), "Fri, 02 Jan 2026 03:04:05 GMT");
    stage.clock.advance(1ms);
    QCOMPARE(client.exchange(get("/hello"))->field("Date"), "Fri, 02 Jan 2026 03:04:06 GMT");
}

void HttpServerTest::twoServersLiveSideBySide()
{
    HttpStage one;
    HttpStage two;
    QVERIFY(one.port() != two.port());
    RawClient ofOne(one.port());
    RawClient ofTwo(two.port());
    QVERIFY(ofOne.send(get("/later")));
    QVERIFY(one.hasLaterCalls(1));
    QCOMPARE(ofTwo.exchange(get("/hello"))->body, "Hello");
    QCOMPARE(two.requestsInFlight(), 0);
    one.later[0].answer("x");
    QCOMPARE(ofOne.answer()->body, "x");
}

void HttpServerTest::goesAwayWithHandlersStillRunning()
{
    std::deque<test::LaterCall> calls;
    std::optional<RawClient> client;
    {
        HttpStage stage;
        client.emplace(stage.port());
        QVERIFY(client->send(get("/later")));
        QVERIFY(stage.hasLaterCalls(1));
        calls = stage.later;
    }
    QVERIFY(calls[0].isToldToStop());
    QVERIFY(calls[0].promise->isCanceled());
    calls[0].answer("nobody hears it");
    QCOMPARE(client->ending(), "reset");
}

void HttpServerTest::nothingIsLeftBehind()
{
    HttpStage stage;
    for (int i = 0; i < 5; ++i) {
        RawClient client(stage.port());
        QCOMPARE(client.exchange(get("/hello"))->status, 200);
        QVERIFY(client.send(get("/later")));
        QVERIFY(stage.hasLaterCalls(i + 1));
    }
    QVERIFY(stage.hasConnections(0));
    for (test::LaterCall &call : stage.later)
        QVERIFY(call.isToldToStop());
    QVERIFY(eventually([&] { return stage.exchangeSockets() == 0; }));
    QVERIFY(stage.inFlight.isEmpty());
}

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_httpserver.moc"
