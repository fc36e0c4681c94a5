// SPDX-License-Identifier: GPL-3.0-only
// The queue of events: in order, and without what later ones make superfluous.
#include "service/http/events/eventqueue.h"

#include <QTest>

using namespace quiesce;
using Kind = Coalescing::Kind;

namespace {

StreamEventPtr made(quint64 id, const QByteArray &type)
{
    return makeStreamEvent(id, type, {});
}

StreamEventPtr job(quint64 id, const QByteArray &key, Kind kind)
{
    return makeStreamEvent(id, "job", {}, { .key = key, .kind = kind });
}

QList<quint64> idsOf(const QList<StreamEventPtr> &events)
{
    QList<quint64> ids;
    for (const StreamEventPtr &one : events)
        ids << one->id;
    return ids;
}

QList<quint64> idsOf(const EventQueue &queue)
{
    return idsOf(queue.after(0));
}

} // namespace

class EventQueueTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isFirstInFirstOut();
    void encodesOneLineOfJson();
    void progressGoesWhenMoreOfItComes();
    void progressGoesWhenItsChangeComes();
    void changesStay();
    void keysAndTypesAreKeptApart();
    void progressTakenOutIsForgotten();
    void takesReplaceableOnesOnly();
    void tellsWhatComesAfterAnId();
    void countsItsBytes();
};

void EventQueueTest::isFirstInFirstOut()
{
    EventQueue queue;
    for (const quint64 id : { 1, 2, 2, 5 })
        QVERIFY(!queue.push(made(id, QByteArray::number(queue.count()))));
    for (int i = 0; i < 4; ++i)
        QCOMPARE(queue.takeFirst()->type, QByteArray::number(i));
    QVERIFY(queue.isEmpty());
}

void EventQueueTest::encodesOneLineOfJson()
{
    const QJsonObject payload{ { QStringLiteral("text"), QStringLiteral("a\nb\r\u2028c") } };
    QCOMPARE(makeStreamEvent(7, "log", payload)->bytes,
             "id: 7\nevent: log\ndata: {\"text\":\"a\\nb\\r\u2028c\"}\n\n");
}

void EventQueueTest::progressGoesWhenMoreOfItComes()
{
    EventQueue queue;
    QVERIFY(!queue.push(job(1, "a", Kind::Progress)));
    QVERIFY(!queue.push(made(2, "state")));
    const StreamEventPtr replaced = queue.push(job(3, "a", Kind::Progress));
    QVERIFY(replaced);
    QCOMPARE(replaced->id, 1U);
    QCOMPARE(idsOf(queue), QList<quint64>({ 2, 3 })); // never out of the order of ids
}

void EventQueueTest::progressGoesWhenItsChangeComes()
{
    EventQueue queue;
    queue.push(job(1, "a", Kind::Progress));
    QVERIFY(queue.push(job(2, "a", Kind::Change)));
    QVERIFY(!queue.push(job(3, "a", Kind::Progress))); // what it replaces is gone
    QCOMPARE(idsOf(queue), QList<quint64>({ 2, 3 }));
}

void EventQueueTest::changesStay()
{
    EventQueue queue;
    for (const quint64 id : { 1, 2, 3 })
        QVERIFY(!queue.push(job(id, "a", Kind::Change)));
    QCOMPARE(queue.count(), 3);
}

void EventQueueTest::keysAndTypesAreKeptApart()
{
    EventQueue queue;
    QVERIFY(!queue.push(job(1, "a", Kind::Progress)));
    QVERIFY(!queue.push(job(2, "b", Kind::Progress)));
    QVERIFY(!queue.push(job(3, {}, Kind::Progress)));
    QVERIFY(!queue.push(makeStreamEvent(4, "stats", {}, { .key = {}, .kind = Kind::Progress })));
    QVERIFY(!queue.push(makeStreamEvent(5, "other", {}, { .key = "a", .kind = Kind::Change })));
    QCOMPARE(queue.count(), 5);
}

void EventQueueTest::progressTakenOutIsForgotten()
{
    EventQueue queue;
    queue.push(job(1, "a", Kind::Progress));
    QCOMPARE(queue.takeFirst()->id, 1U);
    QVERIFY(!queue.push(job(2, "a", Kind::Progress)));
    queue.clear();
    QVERIFY(!queue.push(job(3, "a", Kind::Progress)));
    QCOMPARE(idsOf(queue), QList<quint64>({ 3 }));
}

void EventQueueTest::takesReplaceableOnesOnly()
{
    EventQueue queue;
    queue.push(job(1, "a", Kind::Progress));
    queue.push(job(2, "b", Kind::Change));
    queue.push(job(3, "c", Kind::Progress));
    QList<quint64> taken = idsOf(queue.takeReplaceable());
    std::sort(taken.begin(), taken.end());
    QCOMPARE(taken, QList<quint64>({ 1, 3 }));
    QCOMPARE(idsOf(queue), QList<quint64>({ 2 }));
}

void EventQueueTest::tellsWhatComesAfterAnId()
{
    EventQueue queue;
    for (const quint64 id : { 3, 5, 9 })
        queue.push(made(id, "state"));
    QCOMPARE(idsOf(queue.after(2)), QList<quint64>({ 3, 5, 9 }));
    QCOMPARE(idsOf(queue.after(4)), QList<quint64>({ 5, 9 }));
    QCOMPARE(idsOf(queue.after(5)), QList<quint64>({ 9 }));
    QCOMPARE(idsOf(queue.after(9)), QList<quint64>());
}

void EventQueueTest::countsItsBytes()
{
    EventQueue queue;
    const StreamEventPtr one = made(1, "state");
    const qsizetype size = one->bytes.size() + EventQueue::kEntryBytes;
    queue.push(one);
    QCOMPARE(queue.bytes(), size);
    queue.push(job(2, "a", Kind::Progress));
    queue.takeReplaceable();
    QCOMPARE(queue.bytes(), size);
    queue.takeFirst();
    QCOMPARE(queue.bytes(), 0);
    queue.push(one);
    queue.clear();
    QCOMPARE(queue.bytes(), 0);
}

QTEST_GUILESS_MAIN(EventQueueTest)
#include "tst_eventqueue.moc"
