// SPDX-License-Identifier: GPL-3.0-only
// The hub of the event stream: ids, replay, periods, slow subscribers and the end, with time moved
// by hand and clients that read when they are told to.
#include "service/http/events/eventhub.h"
#include "service/http/requestparser.h"
#include "tests/http/fakestream.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QSignalSpy>
#include <QTest>
#include <deque>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;
using Kind = Coalescing::Kind;

namespace {

QJsonObject filler(qsizetype bytes)
{
    return { { u"filler"_s, QString(bytes, u'x') } };
}

} // namespace

class EventHubTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void beginsWithRetryAndTheSnapshot();
    void countsIdsUpFromTheStart();
    void givesEachEventToEverySubscriber();
    void tellsStatsAndSnapshotsPeriodically();
    void hasAnAlarmOnlyWhileSomebodySubscribes();
    void replaysWhatWasMissed();
    void resumesFromEveryIdGivenOut();
    void startsAfreshFromOtherIds_data();
    void startsAfreshFromOtherIds();
    void tellsOneThatMissedNothingByItsOwnId();
    void forgetsTheOldestOf1024();
    void keepsFewerWhenTheyAreLarge();
    void aReplayIsNoReasonToBeCut();
    void aSlowOneGetsTheNewestStatsOnly();
    void aSlowOneGetsTheNewestSnapshotOnly();
    void aSlowOneGetsTheLastProgressOfEachJob();
    void aSlowOneIsStillToldThatWeLive();
    void aSlowOneLosesWhatIsReplaceableBeforeItIsCut();
    void cutsWhoeverIsTooFarBehind();
    void refusesOneSubscriberTooMany();
    void survivesAClientThatLeavesWithinAWrite();
    void cutsItsStreamsWhenItGoesFirst();
    void dropsAnEventThatIsTooLarge();
    void finishesAtOnceWithoutSubscribers();
    void finishesWhenAllHaveTheFinalEvent();
    void waitsForASlowOneOnlySoLong();
    void takesNothingMoreAfterTheFinalEvent();
    void takesWhatIsPublishedInTheLastMoment();

private:
    FakeStream &subscribe(const QByteArray &lastEventId = {})
    {
        FakeStream &stream = m_streams.emplace_back();
        m_refusal = trySubscribe(stream, lastEventId);
        return stream;
    }
    std::optional<Refusal> trySubscribe(FakeStream &stream, const QByteArray &lastEventId = {})
    {
        ParsedRequest request;
        request.lastEventId = lastEventId;
        return m_hub->route().open(request, stream);
    }
    void publish(const QByteArray &type, int times = 1)
    {
        for (int i = 0; i < times; ++i)
            m_hub->publish(type, {});
    }
    void publishProgress(const QByteArray &key, int n)
    {
        m_hub->publish("job", { { u"n"_s, n } }, { .key = key, .kind = Kind::Progress });
    }
    [[nodiscard]] quint64 dropped(const QByteArray &type) const
    {
        return m_hub->counters().dropped.value(type);
    }

    std::unique_ptr<ManualClock> m_clock;
    std::deque<FakeStream> m_streams;
    std::unique_ptr<EventHub> m_hub;
    std::optional<Refusal> m_refusal;
    QJsonObject m_snapshot;
    int m_statsMade = 0;
};

void EventHubTest::init()
{
    m_clock = std::make_unique<ManualClock>();
    m_snapshot = {};
    m_statsMade = 0;
    m_hub = std::make_unique<EventHub>(
        *m_clock,
        EventHub::Sources{ .snapshot = [this] { return m_snapshot; },
                           .stats =
                               [this] {
                                   return QJsonObject{ { u"n"_s, ++m_statsMade } };
                               } });
}

void EventHubTest::cleanup()
{
    m_hub.reset();
    m_streams.clear();
}

void EventHubTest::beginsWithRetryAndTheSnapshot()
{
    m_snapshot = { { u"state"_s, u"serving"_s } };
    FakeStream &stream = subscribe();
    QVERIFY(!m_refusal);
    QCOMPARE(stream.received,
             "retry: 1000\n\nid: 1767323045000000\nevent: snapshot\n"
             "data: {\"state\":\"serving\"}\n\n");
    QCOMPARE(stream.writes, 1);
}

void EventHubTest::countsIdsUpFromTheStart()
{
    const quint64 start = quint64(m_clock->utcNow().toMSecsSinceEpoch()) * 1'000;
    publish("state");
    FakeStream &stream = subscribe();
    publish("state", 2);
    m_clock->advance(250ms);
    publish("state");
    QList<quint64> ids;
    for (const ServerEvent &event : stream.takeEvents())
        ids << event.id.toULongLong() - start;
    QCOMPARE(ids, QList<quint64>({ 1, 2, 3, 4, 5 })); // the snapshot has that of the event before
    QCOMPARE(m_hub->counters().published, 5U);
}

void EventHubTest::givesEachEventToEverySubscriber()
{
    for (int i = 0; i < 3; ++i)
        subscribe();
    QCOMPARE(m_hub->counters().subscribers, 3);
    m_hub->publish("state", { { u"to"_s, u"draining"_s } });
    for (FakeStream &stream : m_streams) {
        const QList<ServerEvent> events = stream.takeEvents();
        QCOMPARE(events.size(), 2);
        QCOMPARE(events.at(1).type, "state");
        QCOMPARE(events.at(1).data, R"({"to":"draining"})");
    }
}

void EventHubTest::tellsStatsAndSnapshotsPeriodically()
{
    FakeStream &stream = subscribe();
    m_clock->advance(60s);
    QCOMPARE(stream.received.count(":\n\n"), 6);
    const QStringList types = stream.takeTypes();
    QCOMPARE(types.count(u"stats"_s), 240);
    QCOMPARE(types.count(u"snapshot"_s), 1 + 12);
    QCOMPARE(types.size(), 240 + 13);
    QCOMPARE(m_statsMade, 240);
}

void EventHubTest::hasAnAlarmOnlyWhileSomebodySubscribes()
{
    publish("state");
    m_clock->advance(10s);
    QCOMPARE(m_clock->alarmsSet(), 0);
    QCOMPARE(m_statsMade, 0);
    FakeStream &one = subscribe();
    FakeStream &other = subscribe();
    QCOMPARE(m_clock->alarmsSet(), 1);
    one.end();
    m_clock->advance(1s);
    QCOMPARE(m_clock->alarmsSet(), 1);
    other.end();
    QCOMPARE(m_clock->alarmsSet(), 0);
    QCOMPARE(m_hub->counters().subscribers, 0);
    m_clock->advance(10s);
    QCOMPARE(m_statsMade, 4);
    FakeStream &again = subscribe();
    m_clock->advance(250ms);
    QCOMPARE(again.takeTypes(), QStringList({ u"snapshot"_s, u"stats"_s }));
}

void EventHubTest::replaysWhatWasMissed()
{
    FakeStream &first = subscribe();
    publish("one");
    const QByteArray last = first.takeEvents().last().id;
    first.end();
    publish("two");
    publish("three");
    FakeStream &second = subscribe(last);
    publish("four");
    const QList<ServerEvent> events = second.takeEvents();
    QByteArrayList types;
    for (const ServerEvent &event : events)
        types << event.type;
    QCOMPARE(types, QByteArrayList({ "two", "three", "snapshot", "four" }));
    QCOMPARE(events.at(2).id, events.at(1).id); // a resume from the snapshot misses nothing
    QCOMPARE(events.at(3).id.toULongLong(), events.at(2).id.toULongLong() + 1);
}

void EventHubTest::resumesFromEveryIdGivenOut()
{
    FakeStream &first = subscribe();
    m_clock->advance(5s); // stats and a snapshot: with ids, and not in the ring
    publish("state");
    m_clock->advance(1s);
    const QList<ServerEvent> events = first.takeEvents();
    QCOMPARE(events.size(), 1 + 20 + 1 + 1 + 4);
    for (qsizetype i = 0; i < events.size(); ++i) {
        QStringList wanted{ u"snapshot"_s };
        if (i < 22)
            wanted.prepend(u"state"_s);
        QCOMPARE(subscribe(events.at(i).id).takeTypes(), wanted);
    }
}

void EventHubTest::startsAfreshFromOtherIds_data()
{
    QTest::addColumn<QByteArray>("id");
    for (const char *id : { "0", "1", "-1", "x", " ", "1767323045000001x", "1767323044999999",
                            "1767323045000003", "99999999999999999999", "18446744073709551616" })
        QTest::newRow(id) << QByteArray(id);
    QTest::newRow("long") << QByteArray(10'000, '1');
    QTest::newRow("none") << QByteArray();
}

void EventHubTest::startsAfreshFromOtherIds()
{
    QFETCH(QByteArray, id);
    publish("state", 2);
    QCOMPARE(subscribe(id).takeTypes(), QStringList({ u"snapshot"_s }));
    QCOMPARE(subscribe("1767323045000000").takeTypes().size(), 3); // while this one resumes
}

void EventHubTest::tellsOneThatMissedNothingByItsOwnId()
{
    (void)subscribe();
    publish("state");
    const QByteArray id = QByteArray::number(m_hub->lastId());
    m_clock->advance(6s); // stats and a snapshot, which nobody misses
    QCOMPARE(subscribe(id).takeEvents().value(0).id, id);
    publish("state", EventHub::kMaxRingEvents + 1);
    QCOMPARE(subscribe(id).takeEvents().value(0).id, QByteArray::number(m_hub->lastId()));
}

void EventHubTest::forgetsTheOldestOf1024()
{
    const quint64 start = m_hub->lastId();
    publish("state", 1'024);
    QCOMPARE(subscribe(QByteArray::number(start)).takeTypes().size(), 1'025);
    publish("state");
    QCOMPARE(subscribe(QByteArray::number(start)).takeTypes(), QStringList({ u"snapshot"_s }));
    QCOMPARE(subscribe(QByteArray::number(start + 1)).takeTypes().size(), 1'025);
}

void EventHubTest::keepsFewerWhenTheyAreLarge()
{
    const quint64 start = m_hub->lastId();
    constexpr qsizetype kBytes = 100'000;
    for (int i = 0; i < 50; ++i)
        m_hub->publish("state", filler(kBytes));
    constexpr int kKept = EventHub::kMaxRingBytes / kBytes; // 41, and a little over each
    QCOMPARE(subscribe(QByteArray::number(start + 50 - kKept)).takeTypes().size(), kKept + 1);
    QCOMPARE(subscribe(QByteArray::number(start + 49 - kKept)).takeTypes().size(), 1);
}

void EventHubTest::aReplayIsNoReasonToBeCut()
{
    const quint64 start = m_hub->lastId();
    for (int i = 0; i < 40; ++i)
        m_hub->publish("state", filler(100'000));
    FakeStream &stream = m_streams.emplace_back();
    stream.block();
    QVERIFY(!trySubscribe(stream, QByteArray::number(start)));
    m_clock->advance(1s);
    for (int i = 0; i < 9; ++i)
        m_hub->publish("state", filler(100'000));
    QVERIFY(!stream.isCut);
    stream.unblock();
    QCOMPARE(stream.takeTypes().count(u"state"_s), 49);
    stream.block();
    for (int i = 0; i < 12; ++i)
        m_hub->publish("state", filler(100'000));
    QVERIFY(stream.isCut); // the allowance was for the replay alone
}

void EventHubTest::aSlowOneGetsTheNewestStatsOnly()
{
    FakeStream &slow = subscribe();
    FakeStream &quick = subscribe();
    slow.block();
    publish("state"); // takes the place of what is in the kernel
    m_clock->advance(1s);
    publish("state");
    QCOMPARE(dropped("stats"), 3U);
    slow.unblock();
    const QList<ServerEvent> events = slow.takeEvents();
    QCOMPARE(events.size(), 4);
    QCOMPARE(events.at(2).type, "stats");
    QCOMPARE(events.at(2).data, R"({"n":4})");
    QCOMPARE(events.at(3).type, "state");
    QCOMPARE(quick.takeTypes().count(u"stats"_s), 4);
}

void EventHubTest::aSlowOneGetsTheNewestSnapshotOnly()
{
    FakeStream &slow = m_streams.emplace_back();
    slow.block();
    QVERIFY(!trySubscribe(slow));
    m_clock->advance(15s);
    slow.unblock();
    QCOMPARE(slow.takeTypes(), QStringList({ u"snapshot"_s, u"snapshot"_s, u"stats"_s }));
    QCOMPARE(dropped("snapshot"), 2U);
}

void EventHubTest::aSlowOneGetsTheLastProgressOfEachJob()
{
    FakeStream &slow = subscribe();
    QCOMPARE(slow.takeTypes().size(), 1);
    slow.block();
    publish("state");
    publishProgress("a", 1);
    publishProgress("b", 2);
    publishProgress("a", 3);
    publishProgress("b", 4);
    m_hub->publish("job", { { u"n"_s, 5 } }, { .key = "b", .kind = Kind::Change });
    QCOMPARE(dropped("job"), 3U);
    slow.unblock();
    QByteArrayList data;
    for (const ServerEvent &event : slow.takeEvents())
        data << event.data;
    QCOMPARE(data, QByteArrayList({ "{}", R"({"n":3})", R"({"n":5})" }));
}

void EventHubTest::aSlowOneIsStillToldThatWeLive()
{
    FakeStream &slow = subscribe();
    slow.block();
    publish("state");
    m_clock->advance(35s);
    slow.received.clear();
    slow.unblock();
    QCOMPARE(slow.received.count(":\n\n"), 1);
}

void EventHubTest::aSlowOneLosesWhatIsReplaceableBeforeItIsCut()
{
    FakeStream &slow = subscribe();
    slow.block();
    publish("state");
    for (int i = 0; i < 8; ++i)
        m_hub->publish("job", filler(100'000),
                       { .key = QByteArray::number(i), .kind = Kind::Progress });
    for (int i = 0; i < 5; ++i)
        m_hub->publish("log", filler(100'000));
    QVERIFY(!slow.isCut);
    QCOMPARE(dropped("job"), 8U);
    QCOMPARE(m_hub->counters().cut, 0U);
    slow.unblock();
    QCOMPARE(slow.takeTypes().count(u"log"_s), 5);
}

void EventHubTest::cutsWhoeverIsTooFarBehind()
{
    FakeStream &slow = subscribe();
    FakeStream &quick = subscribe();
    slow.block();
    int published = 0;
    while (!slow.isCut && published < 1'000) {
        m_hub->publish("log", filler(10'000));
        ++published;
    }
    constexpr int kFit = Subscriber::kMaxBehindBytes / 10'000; // 104, each with what surrounds it
    QVERIFY2(published > kFit - 5 && published < kFit + 5, qPrintable(QString::number(published)));
    QCOMPARE(m_hub->counters().cut, 1U);
    QCOMPARE(m_hub->counters().subscribers, 1);
    publish("state");
    QCOMPARE(quick.takeTypes().size(), 1 + published + 1);
    QCOMPARE(m_hub->counters().dropped.size(), 0);
}

void EventHubTest::refusesOneSubscriberTooMany()
{
    for (int i = 0; i < EventHub::kMaxSubscribers; ++i)
        subscribe();
    QVERIFY(!m_refusal);
    FakeStream &late = subscribe();
    QVERIFY(m_refusal);
    QCOMPARE(m_refusal->status, 503);
    QCOMPARE(m_refusal->code, "too-many-subscribers");
    QCOMPARE(late.writes, 0);
    QCOMPARE(m_hub->counters().refused, 1U);
    m_streams.front().end();
    QVERIFY(!trySubscribe(late));
}

void EventHubTest::survivesAClientThatLeavesWithinAWrite()
{
    FakeStream &stays = subscribe();
    FakeStream &leaves = subscribe();
    leaves.endsInWrite = true;
    publish("state", 2);
    QCOMPARE(m_hub->counters().subscribers, 1);
    QCOMPARE(stays.takeTypes().size(), 3);
    FakeStream &atOnce = m_streams.emplace_back();
    atOnce.endsInWrite = true;
    QVERIFY(!trySubscribe(atOnce));
    QCOMPARE(m_hub->counters().subscribers, 1);
    m_clock->advance(1s);
    QCOMPARE(atOnce.writes, 1);
}

void EventHubTest::cutsItsStreamsWhenItGoesFirst()
{
    FakeStream &stream = subscribe();
    m_hub.reset();
    QVERIFY(stream.isCut);
    QCOMPARE(m_clock->alarmsSet(), 0);
}

void EventHubTest::dropsAnEventThatIsTooLarge()
{
    LogRecorder log("quiesce.events");
    FakeStream &stream = subscribe();
    for (int i = 0; i < 3; ++i)
        m_hub->publish("job", filler(EventHub::kMaxEventBytes));
    publish("state");
    QCOMPARE(stream.takeTypes(), QStringList({ u"snapshot"_s, u"state"_s }));
    QCOMPARE(dropped("job"), 3U);
    QCOMPARE(log.lines("warning"_L1).size(), 1);
}

void EventHubTest::finishesAtOnceWithoutSubscribers()
{
    QSignalSpy finished(m_hub.get(), &EventHub::finished);
    m_hub->finish("report", {});
    QCOMPARE(finished.size(), 0); // never inside the call
    QCoreApplication::processEvents();
    QCOMPARE(finished.size(), 1);
    m_hub->finish("report", {});
    m_clock->advance(10s);
    QCOMPARE(finished.size(), 1);
    QCOMPARE(m_clock->alarmsSet(), 0);
}

void EventHubTest::finishesWhenAllHaveTheFinalEvent()
{
    QSignalSpy finished(m_hub.get(), &EventHub::finished);
    FakeStream &quick = subscribe();
    FakeStream &slow = subscribe();
    slow.block();
    publish("state");
    m_hub->finish("report", {});
    QVERIFY(quick.isFinished && quick.hasEnded());
    QVERIFY(!slow.isFinished);
    m_clock->advance(249ms);
    QCOMPARE(finished.size(), 0);
    slow.unblock();
    QCoreApplication::processEvents();
    QCOMPARE(finished.size(), 1);
    QVERIFY(slow.isFinished && slow.hasEnded());
    for (FakeStream *stream : { &quick, &slow })
        QCOMPARE(stream->takeTypes(), QStringList({ u"snapshot"_s, u"state"_s, u"report"_s }));
    m_clock->advance(10s);
    QCOMPARE(finished.size(), 1);
}

void EventHubTest::waitsForASlowOneOnlySoLong()
{
    QSignalSpy finished(m_hub.get(), &EventHub::finished);
    FakeStream &slow = subscribe();
    slow.block();
    publish("state");
    m_hub->finish("report", {});
    m_clock->advance(249ms);
    QCOMPARE(finished.size(), 0);
    m_clock->advance(1ms);
    QCoreApplication::processEvents();
    QCOMPARE(finished.size(), 1);
    slow.end(); // now the listener closes
    QCoreApplication::processEvents();
    QCOMPARE(finished.size(), 1);
}

void EventHubTest::takesNothingMoreAfterTheFinalEvent()
{
    FakeStream &stream = subscribe();
    m_hub->finish("report", {});
    publish("log");
    QCOMPARE(stream.takeTypes(), QStringList({ u"snapshot"_s, u"report"_s }));
    FakeStream &late = subscribe();
    QCOMPARE(m_refusal.value_or(Refusal{}).code, "stopping");
    QCOMPARE(late.writes, 0);
}

void EventHubTest::takesWhatIsPublishedInTheLastMoment()
{
    FakeStream &stream = subscribe();
    connect(m_hub.get(), &EventHub::aboutToFinish, this, [this] { publish("log"); });
    m_hub->finish("report", {});
    QCOMPARE(stream.takeTypes(), QStringList({ u"snapshot"_s, u"log"_s, u"report"_s }));
}

QTEST_GUILESS_MAIN(EventHubTest)
#include "tst_eventhub.moc"
