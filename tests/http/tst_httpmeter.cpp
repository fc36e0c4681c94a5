// SPDX-License-Identifier: GPL-3.0-only
// What connections count: each way a request can end moves its own counters, and no others.
#include "tests/http/httpstage.h"

#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace std::chrono_literals;

class HttpMeterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAnsweredRequest();
    void aRequestUnderWayIsActive();
    void aHealthProbeIsNoRequest();
    void aClientThatLeaves();
    void aRequestToldToGiveUp();
    void aRequestPastItsTimeout();
    void aRequestTooMany();
    void aRefusedHead();
    void answersThatCloseBecauseOfALameDuck();
    void connectionsThatADrainWaitsFor();
    void recentLatenciesAreOfAllRoutes();
    void pathsMakeNoSeries();
    void durationsFallIntoTheirBuckets();
};

namespace {

const DurationCounts &durationsOf(const HttpStage &stage, const QString &pattern, int statusClass)
{
    static const DurationCounts kNone;
    for (const RouteStats &route : stage.server.meter().routes()) {
        if (route.pattern == pattern)
            return route.byClass[static_cast<size_t>(statusClass - 1)];
    }
    return kNone;
}

} // namespace

void HttpMeterTest::anAnsweredRequest()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    const HttpMeter::Counts &counts = stage.server.meter().counts;
    QCOMPARE(counts.requests, 1U);
    QCOMPARE(counts.accepted, 1U);
    QCOMPARE(counts.active, 0);
    QCOMPARE(counts.rejected + counts.cancelled + counts.aborted + counts.timedOut, 0U);
    QCOMPARE(counts.bytesReceived, static_cast<quint64>(get("/hello").size()));
    QVERIFY(counts.bytesSent > 5);
    QCOMPARE(durationsOf(stage, QStringLiteral("/hello"), 2).count, 1U);
}

void HttpMeterTest::aRequestUnderWayIsActive()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    QCOMPARE(stage.server.meter().counts.active, 1);
    stage.clock.advance(300ms);
    stage.later[0].answer("x");
    QCOMPARE(client.answer()->status, 200);
    QCOMPARE(stage.server.meter().counts.active, 0);
    const DurationCounts &durations = durationsOf(stage, QStringLiteral("/later"), 2);
    QCOMPARE(durations.count, 1U);
    QCOMPARE(durations.sum, 0.3);
}

void HttpMeterTest::aHealthProbeIsNoRequest()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/livez"))->status, 200);
    QCOMPARE(stage.server.meter().counts.requests, 0U);
    QCOMPARE(stage.server.meter().counts.active, 0);
    QCOMPARE(stage.server.meter().recentLatencies().count(stage.clock.now()), 0U);
}

void HttpMeterTest::aClientThatLeaves()
{
    HttpStage stage;
    {
        RawClient client(stage.port());
        QVERIFY(client.send(get("/later")));
        QVERIFY(stage.hasLaterCalls(1));
        client.reset();
    }
    QVERIFY(stage.becomesIdle());
    QCOMPARE(stage.server.meter().counts.aborted, 1U);
    QCOMPARE(stage.server.meter().counts.active, 0);
    QCOMPARE(durationsOf(stage, QStringLiteral("/later"), 2).count, 0U);
}

void HttpMeterTest::aRequestToldToGiveUp()
{
    HttpStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhalf"));
    QVERIFY(eventually([&] { return stage.requestsInFlight() == 1; }));
    stage.inFlight.cancelAll();
    QCOMPARE(client.answer()->status, 503);
    QCOMPARE(stage.server.meter().counts.cancelled, 1U);
    QCOMPARE(stage.server.meter().counts.aborted, 0U);
    QCOMPARE(durationsOf(stage, QStringLiteral("(unmatched)"), 5).count, 1U);
}

void HttpMeterTest::aRequestPastItsTimeout()
{
    LimitSettings limits;
    limits.requestTimeout = 5s;
    HttpStage stage(limits);
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.clock.advance(5s);
    QCOMPARE(client.answer()->status, 504);
    QCOMPARE(stage.server.meter().counts.timedOut, 1U);
    QCOMPARE(durationsOf(stage, QStringLiteral("/later"), 5).count, 1U);
}

void HttpMeterTest::aRequestTooMany()
{
    LimitSettings limits;
    limits.maxInFlight = 1;
    HttpStage stage(limits);
    RawClient first(stage.port());
    QVERIFY(first.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    RawClient second(stage.port());
    QCOMPARE(second.exchange(get("/hello"))->status, 503);
    QCOMPARE(stage.server.meter().counts.rejected, 1U);
    QCOMPARE(stage.server.meter().counts.requests, 2U);
    QCOMPARE(stage.server.meter().counts.active, 1);
}

void HttpMeterTest::aRefusedHead()
{
    HttpStage stage;
    RawClient client(stage.port());
    QCOMPARE(client.exchange("GET / HTTP/1.1\r\n\r\n")->status, 400);
    const auto &refusals = stage.server.meter().refusals();
    QCOMPARE(refusals.size(), 1U);
    QCOMPARE(refusals.begin()->second, 1U);
    QCOMPARE(stage.server.meter().counts.requests, 0U);
}

void HttpMeterTest::answersThatCloseBecauseOfALameDuck()
{
    HttpStage stage;
    RawClient polite(stage.port());
    RawClient leaving(stage.port());
    QCOMPARE(polite.exchange(get("/hello"))->status, 200);
    stage.server.beginLameDuck(1s);
    QCOMPARE(polite.exchange(get("/hello"))->field("Connection"), "close");
    QCOMPARE(leaving.exchange(get("/hello", "Connection: close\r\n"))->status, 200);
    QCOMPARE(stage.server.meter().counts.toldToClose, 1U); // the other wanted to close anyway
}

void HttpMeterTest::connectionsThatADrainWaitsFor()
{
    HttpStage stage;
    RawClient used(stage.port());
    RawClient idle(stage.port());
    QCOMPARE(used.exchange(get("/hello"))->status, 200);
    QCOMPARE(idle.exchange(get("/hello"))->status, 200);
    stage.beginStop();
    QCOMPARE(stage.server.meter().counts.lingered, 2U);
    QCOMPARE(used.exchange(get("/hello"))->field("Connection"), "close");
    QCOMPARE(stage.server.meter().counts.lingeredAnswered, 1U);
}

void HttpMeterTest::recentLatenciesAreOfAllRoutes()
{
    HttpStage stage;
    const LatencyHistogram &recent = stage.server.meter().recentLatencies();
    RawClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.hasLaterCalls(1));
    stage.clock.advance(300ms);
    stage.later[0].answer("x");
    QCOMPARE(client.answer()->status, 200);
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    QCOMPARE(client.exchange(get("/nothing"))->status, 404);
    QCOMPARE(recent.count(stage.clock.now()), 3U);
    QVERIFY(recent.quantile(0.5, stage.clock.now()) < 1ms);
    QVERIFY(recent.quantile(1, stage.clock.now()) >= 300ms);
    stage.clock.advance(2 * HttpMeter::kRecent);
    QCOMPARE(recent.count(stage.clock.now()), 0U);
}

void HttpMeterTest::pathsMakeNoSeries()
{
    HttpStage stage;
    RawClient client(stage.port());
    const size_t before = stage.server.meter().routes().size();
    for (int i = 0; i < 1'000; ++i)
        QCOMPARE(client.exchange(get("/no/" + QByteArray::number(i)))->status, 404);
    QCOMPARE(stage.server.meter().routes().size(), before);
    QCOMPARE(durationsOf(stage, QStringLiteral("(unmatched)"), 4).count, 1'000U);
    HttpMeter meter;
    for (int i = 0; i < 1'000; ++i)
        meter.countRefusal(QByteArray::number(i));
    QCOMPARE(meter.refusals().size(), HttpMeter::kMaxRefusalCodes);
}

void HttpMeterTest::durationsFallIntoTheirBuckets()
{
    DurationCounts durations;
    durations.add(0.005); // bounds are inclusive, as Prometheus' `le` is
    durations.add(0.0051);
    durations.add(1'000);
    QCOMPARE(durations.buckets[0], 1U);
    QCOMPARE(durations.buckets[1], 1U);
    QCOMPARE(durations.buckets.back(), 1U);
    QCOMPARE(durations.count, 3U);
}

QTEST_GUILESS_MAIN(HttpMeterTest)
#include "tst_httpmeter.moc"
