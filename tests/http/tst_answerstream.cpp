// SPDX-License-Identifier: GPL-3.0-only
// An answer as a stream: its framing, its limits, and all the ways in which it ends.
#include "tests/http/httpstage.h"
#include "tests/support/chunked.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// A GET of an operator's.
QByteArray askFor(const QByteArray &path, const QByteArray &fields = {})
{
    return get(path, bearer() + fields);
}

const QByteArray kAsk = askFor("/stream");

/// A server with one stream, which is written to by hand.
class StreamStage final : private AnswerStreamObserver
{
public:
    explicit StreamStage(const LimitSettings &limits = {})
        : http(limits, ConnectionHost::Role::Operator)
    {
        http.server.stream("/stream",
                           { .contentType = "text/plain",
                             .open = [this](const ParsedRequest &request, AnswerStream &toOpen) {
                                 return open(request, toOpen);
                             } });
    }
    ~StreamStage() { http.server.closeNow(); }

    [[nodiscard]] bool hasOpened() const
    {
        return eventually([this] { return stream != nullptr; });
    }
    [[nodiscard]] bool hasEnded() const
    {
        return eventually([this] { return ended > 0; });
    }

    AnswerStream *stream = nullptr;
    QByteArray lastEventId;
    std::optional<Refusal> refusal;
    int opened = 0;
    int flushed = 0;
    int ended = 0;
    std::function<void()> onEnd;
    HttpStage http; // last, so that its connections find the rest

private:
    std::optional<Refusal> open(const ParsedRequest &request, AnswerStream &toOpen)
    {
        ++opened;
        lastEventId = request.lastEventId;
        if (refusal)
            return refusal;
        stream = &toOpen;
        stream->begin(*this);
        return {};
    }
    void streamFlushed() override { ++flushed; }
    void streamEnded() override
    {
        ++ended;
        stream = nullptr;
        if (onEnd)
            onEnd();
    }
};

} // namespace

class AnswerStreamTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesInChunks();
    void endsWithTheLastChunk();
    void ofHttp10EndsWithTheClose();
    void answersHeadWithTheHeadAlone();
    void knowsNoOtherMethod();
    void takesNoOtherPath();
    void mayBeRefused();
    void passesTheLastEventIdOn();
    void isNeverInFlight();
    void noTimeoutEndsItButTheClientsOwnStandstill();
    void tellsWhenItIsFlushed();
    void aStandstillIsNotProlongedByMoreToSend();
    void endsWhenTheClientLeaves_data();
    void endsWhenTheClientLeaves();
    void ignoresALittleInput();
    void closesOnMuchInput();
    void canBeCut();
    void isCutWhenTheServerLeaves();
    void finishesBehindWhatWaits();
    void itsEndMayCloseTheListener();
    void goesWithItsServer();
};

void AnswerStreamTest::comesInChunks()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    const std::optional<RawAnswer> answer = client.exchange(kAsk);
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->field("Content-Type"), "text/plain");
    QCOMPARE(answer->field("Transfer-Encoding"), "chunked");
    QCOMPARE(answer->field("Connection"), "close");
    QCOMPARE(answer->field("Cache-Control"), "no-store");
    QCOMPARE(answer->field("Content-Length"), "");
    QVERIFY(stage.stream);
    stage.stream->write("Hello");
    stage.stream->write({});
    stage.stream->write(QByteArray(26, 'x'));
    QCOMPARE(stage.stream->bytesToWrite(), 0);
    const QByteArray wanted = "5\r\nHello\r\n1a\r\n" + QByteArray(26, 'x') + "\r\n";
    QVERIFY(eventually([&] {
        client.pull();
        return client.pending().size() >= wanted.size();
    }));
    QCOMPARE(client.pending(), wanted);
    QCOMPARE(stage.ended, 0);
}

void AnswerStreamTest::endsWithTheLastChunk()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    stage.stream->write("Hello");
    stage.stream->finish();
    QCOMPARE(stage.ended, 1);
    QCOMPARE(client.ending(), "end");
    QCOMPARE(client.pending(), "5\r\nHello\r\n0\r\n\r\n");
    client.close();
    QVERIFY(stage.http.hasConnections(0));
    QCOMPARE(stage.ended, 1);
}

void AnswerStreamTest::ofHttp10EndsWithTheClose()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.send("GET /stream HTTP/1.0\r\nHost: t\r\n" + bearer()
                        + "Connection: keep-alive\r\n\r\n"));
    QVERIFY(stage.hasOpened());
    stage.stream->write("Hello");
    stage.stream->finish();
    QCOMPARE(client.ending(), "end");
    const QByteArray received = client.pending();
    QVERIFY(received.startsWith("HTTP/1.1 200 OK\r\n"));
    QVERIFY(!received.contains("Transfer-Encoding"));
    QVERIFY(received.contains("\r\nConnection: close\r\n"));
    QVERIFY(received.endsWith("\r\n\r\nHello"));
}

void AnswerStreamTest::answersHeadWithTheHeadAlone()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    const std::optional<RawAnswer> head =
        client.exchange("HEAD /stream HTTP/1.1\r\nHost: t\r\n" + bearer() + "\r\n");
    QVERIFY(head);
    QCOMPARE(head->status, 200);
    QCOMPARE(head->field("Content-Type"), "text/plain");
    QCOMPARE(stage.opened, 0);
    QCOMPARE(client.exchange(askFor("/hello")).value_or(RawAnswer{}).body, "Hello");
    QVERIFY(client.exchange(kAsk)); // behind other requests on the same connection
    QCOMPARE(stage.opened, 1);
}

void AnswerStreamTest::knowsNoOtherMethod()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    const std::optional<RawAnswer> answer = client.exchange(post("/stream", "x"));
    QVERIFY(answer);
    QCOMPARE(answer->status, 405);
    QCOMPARE(answer->field("Allow"), "GET, HEAD");
    QCOMPARE(stage.opened, 0);
}

void AnswerStreamTest::takesNoOtherPath()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    for (const char *path : { "/stream/", "/strea", "/streams", "//stream", "/%73tream" })
        QCOMPARE(client.exchange(askFor(path)).value_or(RawAnswer{}).status, 404);
    QCOMPARE(client.exchange(askFor("/stream?a=b")).value_or(RawAnswer{}).status, 200);
}

void AnswerStreamTest::mayBeRefused()
{
    StreamStage stage;
    stage.refusal = Refusal{ .status = 503, .code = "full", .detail = {} };
    RawClient client(stage.http.port());
    const std::optional<RawAnswer> answer = client.exchange(kAsk);
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QCOMPARE(answer->code(), "full");
    QCOMPARE(answer->field("Retry-After"), "1");
    QCOMPARE(answer->field("Transfer-Encoding"), "");
    QCOMPARE(client.exchange(askFor("/hello")).value_or(RawAnswer{}).body, "Hello");
    QCOMPARE(stage.ended, 0);
}

void AnswerStreamTest::passesTheLastEventIdOn()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(askFor("/stream", "last-event-id: 4711 \r\n")));
    QCOMPARE(stage.lastEventId, "4711");
}

void AnswerStreamTest::isNeverInFlight()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    QVERIFY(stage.http.inFlight.isEmpty());
    stage.http.beginStop();
    QVERIFY(stage.http.inFlight.isEmpty());
    stage.stream->write("Hello");
    QVERIFY(eventually([&] {
        client.pull();
        return client.pending().contains("Hello");
    }));
}

void AnswerStreamTest::noTimeoutEndsItButTheClientsOwnStandstill()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    stage.http.clock.advance(24h);
    QCOMPARE(stage.ended, 0);
    client.stopReading();
    while (stage.stream->bytesToWrite() == 0)
        stage.stream->write(QByteArray(1024 * 1024, 'x'));
    stage.http.clock.advance(LimitSettings{}.writeTimeout - 1ms);
    QCOMPARE(stage.ended, 0);
    stage.http.clock.advance(1ms);
    QCOMPARE(stage.ended, 1);
    QCOMPARE(client.ending(), "reset");
}

void AnswerStreamTest::tellsWhenItIsFlushed()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    stage.stream->write("Hello");
    QCOMPARE(stage.flushed, 0); // it was at once
    client.stopReading();
    while (stage.stream->bytesToWrite() == 0)
        stage.stream->write(QByteArray(1024 * 1024, 'x'));
    client.startReading();
    QVERIFY(eventually([&] {
        client.pull();
        return stage.flushed > 0;
    }));
    QCOMPARE(stage.flushed, 1);
    QCOMPARE(stage.stream->bytesToWrite(), 0);
    stage.http.clock.advance(24h); // the standstill is over
    QCOMPARE(stage.ended, 0);
}

void AnswerStreamTest::aStandstillIsNotProlongedByMoreToSend()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    client.stopReading();
    while (stage.stream->bytesToWrite() == 0)
        stage.stream->write(QByteArray(1024 * 1024, 'x'));
    for (int second = 0; second < 29; ++second) {
        stage.http.clock.advance(1s);
        QVERIFY(stage.stream);
        stage.stream->write("more");
    }
    stage.http.clock.advance(1s);
    QCOMPARE(stage.ended, 1);
}

void AnswerStreamTest::endsWhenTheClientLeaves_data()
{
    QTest::addColumn<QByteArray>("how");
    for (const char *how : { "close", "half close", "reset" })
        QTest::newRow(how) << QByteArray(how);
}

void AnswerStreamTest::endsWhenTheClientLeaves()
{
    QFETCH(QByteArray, how);
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    if (how == "close")
        client.close();
    else if (how == "reset")
        client.reset();
    else
        client.halfClose();
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.http.hasConnections(0));
    QCOMPARE(stage.ended, 1);
    QCOMPARE(stage.http.exchangeSockets(), 0);
}

void AnswerStreamTest::ignoresALittleInput()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.send(kAsk + askFor("/hello")));
    QVERIFY(stage.hasOpened());
    QVERIFY(client.send(QByteArray(8'000, 'x')));
    RawClient other(stage.http.port());
    QVERIFY(other.exchange(askFor("/hello"))); // by then it has been read
    stage.stream->write("still here");
    stage.stream->finish();
    QCOMPARE(client.ending(), "end");
    QVERIFY(client.pending().endsWith("a\r\nstill here\r\n0\r\n\r\n"));
}

void AnswerStreamTest::closesOnMuchInput()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    QVERIFY(client.send(QByteArray(AnswerStream::kMaxStreamInput + 1, 'x')));
    QVERIFY(stage.hasEnded());
    QCOMPARE(client.ending(), "reset");
    RawClient atOnce(stage.http.port());
    QVERIFY(atOnce.send(kAsk + QByteArray(AnswerStream::kMaxStreamInput + 1, 'x')));
    QVERIFY(eventually([&] { return stage.ended == 2; }));
}

void AnswerStreamTest::canBeCut()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    stage.stream->cut();
    QCOMPARE(stage.ended, 1);
    QCOMPARE(client.ending(), "reset");
}

void AnswerStreamTest::isCutWhenTheServerLeaves()
{
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    stage.http.server.closeNow();
    QCOMPARE(stage.ended, 1);
    QCOMPARE(client.ending(), "reset");
}

void AnswerStreamTest::finishesBehindWhatWaits()
{
    constexpr qsizetype kLarge = 32 * 1024 * 1024;
    StreamStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    stage.stream->write(QByteArray(kLarge, 'x'));
    QVERIFY(stage.stream->bytesToWrite() > 0);
    stage.stream->finish();
    QCOMPARE(stage.ended, 0);
    QCOMPARE(client.ending(), "end");
    QCOMPARE(stage.ended, 1);
    Chunked chunked;
    QCOMPARE(chunked.feed(client.pending()).size(), kLarge);
    QVERIFY(chunked.hasEnded() && !chunked.isFaulty());
}

void AnswerStreamTest::itsEndMayCloseTheListener()
{
    StreamStage stage;
    stage.onEnd = [&] { stage.http.server.closeNow(); };
    RawClient client(stage.http.port());
    QVERIFY(client.exchange(kAsk));
    stage.stream->write("last");
    stage.stream->finish();
    QCOMPARE(client.ending(), "end");
    QVERIFY(client.pending().endsWith("0\r\n\r\n"));
    QVERIFY(stage.http.hasConnections(0));
    QCOMPARE(stage.ended, 1);
}

void AnswerStreamTest::goesWithItsServer()
{
    int ended = 0;
    {
        StreamStage stage;
        stage.onEnd = [&] { ++ended; };
        RawClient client(stage.http.port());
        QVERIFY(client.exchange(kAsk));
    }
    QCOMPARE(ended, 1);
}

QTEST_GUILESS_MAIN(AnswerStreamTest)
#include "tst_answerstream.moc"
