// SPDX-License-Identifier: GPL-3.0-only
// The event stream over real connections: many subscribers, ones that stop reading, ones that
// leave, and the end. Time is moved by hand.
#include "common/eventstream/eventparser.h"
#include "service/http/events/eventhub.h"
#include "tests/http/httpstage.h"
#include "tests/support/chunked.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

struct HubStage
{
    HubStage() { http.server.stream("/events", hub.route()); }
    ~HubStage() { http.server.closeNow(); }

    [[nodiscard]] bool hasSubscribers(int count) const
    {
        return eventually([this, count] { return hub.counters().subscribers == count; });
    }
    void publishLarge(qsizetype bytes)
    {
        hub.publish("log", { { u"filler"_s, QString(bytes, u'x') } });
    }

    HttpStage http{ {}, ConnectionHost::Role::Operator };
    EventHub hub{ http.clock,
                  { .snapshot =
                        [] {
                            return QJsonObject{ { u"state"_s, u"serving"_s } };
                        },
                    .stats =
                        [] {
                            return QJsonObject{ { u"n"_s, 1 } };
                        } } };
};

/// A client that has sent its request, and the events it has got.
class Listener final
{
public:
    explicit Listener(quint16 port, const QByteArray &fields = {}, int receiveBuffer = 0)
        : client(port, receiveBuffer)
    {
        if (!client.send(get("/events", fields)))
            qWarning("not sent");
    }

    [[nodiscard]] QStringList types()
    {
        client.pull();
        const QByteArray all = client.pending();
        const qsizetype headEnd = all.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return {};
        Chunked chunked;
        EventParser parser;
        QStringList types;
        for (const ServerEvent &event : parser.feed(chunked.feed(all.sliced(headEnd + 4))))
            types << QString::fromUtf8(event.type);
        hasLastChunk = chunked.hasEnded();
        lastEventId = parser.lastEventId();
        return types;
    }
    [[nodiscard]] bool gets(const QStringList &wanted)
    {
        return eventually([&] { return types() == wanted; });
    }

    RawClient client;
    QByteArray lastEventId;
    bool hasLastChunk = false;
};

} // namespace

class EventStreamTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithASnapshotAndGoesOn();
    void resumesOnANewConnection();
    void servesTwoHundred();
    void oneThatStopsReadingLosesStatsAndIsCut();
    void oneThatStopsReadingHoldsNobodyUp();
    void whoeverLeavesIsForgotten();
    void endsWithTheFinalEventAndTheLastChunk();
    void endsWithoutTheOneThatDoesNotRead();
};

void EventStreamTest::beginsWithASnapshotAndGoesOn()
{
    HubStage stage;
    Listener listener(stage.http.port());
    QVERIFY(stage.hasSubscribers(1));
    stage.http.clock.advance(500ms);
    stage.hub.publish("state", {});
    QVERIFY(listener.gets({ u"snapshot"_s, u"stats"_s, u"stats"_s, u"state"_s }));
    QVERIFY(listener.client.pending().contains("\r\nContent-Type: text/event-stream\r\n"));
}

void EventStreamTest::resumesOnANewConnection()
{
    HubStage stage;
    Listener first(stage.http.port());
    QVERIFY(first.gets({ u"snapshot"_s }));
    first.client.close();
    QVERIFY(stage.hasSubscribers(0));
    stage.hub.publish("state", {});
    Listener second(stage.http.port(), "Last-Event-ID: " + first.lastEventId + "\r\n");
    QVERIFY(second.gets({ u"state"_s, u"snapshot"_s }));
    Listener third(stage.http.port(), "Last-Event-ID: nonsense\r\n");
    QVERIFY(third.gets({ u"snapshot"_s }));
}

void EventStreamTest::servesTwoHundred()
{
    HubStage stage;
    std::deque<Listener> listeners;
    for (int i = 0; i < 200; ++i)
        listeners.emplace_back(stage.http.port());
    QVERIFY(stage.hasSubscribers(200));
    stage.http.clock.advance(250ms);
    stage.hub.publish("state", {});
    for (Listener &listener : listeners)
        QVERIFY(listener.gets({ u"snapshot"_s, u"stats"_s, u"state"_s }));
    stage.hub.finish("report", {});
    for (Listener &listener : listeners) {
        QCOMPARE(listener.client.ending(), "end");
        QCOMPARE(listener.types().last(), u"report"_s);
        QVERIFY(listener.hasLastChunk);
    }
    QCOMPARE(stage.hub.counters().subscribers, 0);
}

void EventStreamTest::oneThatStopsReadingLosesStatsAndIsCut()
{
    HubStage stage;
    Listener slow(stage.http.port(), {}, 4'096);
    QVERIFY(slow.gets({ u"snapshot"_s }));
    slow.client.stopReading();
    int published = 0;
    while (stage.hub.counters().dropped.value("stats") < 10 && ++published < 1'000) {
        stage.publishLarge(100'000);
        stage.http.clock.advance(250ms);
        if (stage.hub.counters().subscribers == 0)
            break;
    }
    // Two kernel buffers lie between the hub and what it sees of the client; ours is bounded.
    QVERIFY2(published < 25, qPrintable(QString::number(published)));
    QVERIFY(stage.hub.counters().dropped.value("stats") > 0);
    while (stage.hub.counters().subscribers > 0 && ++published < 1'000)
        stage.publishLarge(100'000);
    QVERIFY2(published < 40, qPrintable(QString::number(published)));
    QCOMPARE(stage.hub.counters().cut, 1U);
    QCOMPARE(slow.client.ending(), "reset");
    QVERIFY(stage.http.hasConnections(0));
}

void EventStreamTest::oneThatStopsReadingHoldsNobodyUp()
{
    HubStage stage;
    Listener slow(stage.http.port(), {}, 4'096);
    Listener quick(stage.http.port());
    QVERIFY(stage.hasSubscribers(2));
    slow.client.stopReading();
    for (int i = 1; i <= 40; ++i) {
        stage.publishLarge(50'000);
        QVERIFY(eventually([&] { return quick.types().count(u"log"_s) == i; }));
    }
    QCOMPARE(stage.hub.counters().cut, 1U);
    RawClient other(stage.http.port());
    QCOMPARE(other.exchange(get("/hello")).value_or(RawAnswer{}).body, "Hello");
}

void EventStreamTest::whoeverLeavesIsForgotten()
{
    HubStage stage;
    std::deque<Listener> listeners;
    for (int i = 0; i < 50; ++i)
        listeners.emplace_back(stage.http.port());
    QVERIFY(stage.hasSubscribers(50));
    for (size_t i = 0; i < listeners.size(); ++i)
        i % 2 ? listeners[i].client.close() : listeners[i].client.reset();
    stage.hub.publish("state", {}); // some are written to before their end has been seen
    QVERIFY(stage.hasSubscribers(0));
    QVERIFY(stage.http.hasConnections(0));
    QCOMPARE(stage.hub.counters().cut, 0U);
}

void EventStreamTest::endsWithTheFinalEventAndTheLastChunk()
{
    HubStage stage;
    QSignalSpy finished(&stage.hub, &EventHub::finished);
    connect(&stage.hub, &EventHub::finished, this, [&] { stage.http.server.closeNow(); });
    Listener listener(stage.http.port());
    Listener old(stage.http.port());
    QVERIFY(stage.hasSubscribers(2));
    stage.hub.finish("report", {});
    QVERIFY(finished.wait());
    QCOMPARE(listener.client.ending(), "end");
    QCOMPARE(listener.types(), QStringList({ u"snapshot"_s, u"report"_s }));
    QVERIFY(listener.hasLastChunk);
    QCOMPARE(old.client.ending(), "end");
    QCOMPARE(finished.size(), 1);
}

void EventStreamTest::endsWithoutTheOneThatDoesNotRead()
{
    HubStage stage;
    QSignalSpy finished(&stage.hub, &EventHub::finished);
    connect(&stage.hub, &EventHub::finished, this, [&] { stage.http.server.closeNow(); });
    Listener slow(stage.http.port(), {}, 4'096);
    Listener quick(stage.http.port());
    QVERIFY(stage.hasSubscribers(2));
    slow.client.stopReading();
    while (stage.hub.counters().dropped.isEmpty()) {
        stage.publishLarge(100'000);
        stage.http.clock.advance(250ms);
    }
    QCOMPARE(stage.hub.counters().subscribers, 2);
    stage.hub.finish("report", {});
    QCOMPARE(quick.client.ending(), "end");
    QCOMPARE(quick.types().last(), u"report"_s);
    QCOMPARE(finished.size(), 0);
    stage.http.clock.advance(EventHub::kFinishTimeout);
    QCoreApplication::processEvents();
    QCOMPARE(finished.size(), 1);
    QCOMPARE(slow.client.ending(), "reset");
}

QTEST_GUILESS_MAIN(EventStreamTest)
#include "tst_eventstream.moc"
