// SPDX-License-Identifier: GPL-3.0-only
// Who gets which message when: places, what waits, and what is lost with its partition.
#include "service/jobs/broker/kafka/deliverydesk.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

DeliveryDesk::Item item(quint64 term, qint64 offset, const QString &kind = u"a"_s)
{
    return { .spot = { .term = term, .offset = offset },
             .message = { .jobId = QString::number(offset), .kind = kind } };
}

/// The jobs that are delivered now.
QStringList serve(DeliveryDesk &desk, QList<quint64> *tags = nullptr)
{
    QStringList jobs;
    while (const auto delivery = desk.next()) {
        jobs << delivery->message.jobId;
        if (tags)
            tags->append(delivery->tag);
    }
    return jobs;
}

} // namespace

class DeliveryDeskTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversUpToThePlaces();
    void aKindWithoutPlacesHidesNoOther();
    void givesNothingBackForFewerPlaces();
    void countsHeldUntilTheyAreAnswered();
    void wantsNoMoreWhenEnoughWait();
    void forgetsAPartitionButNotItsPlaces();
    void keepsOnlyThose();
};

void DeliveryDeskTest::deliversUpToThePlaces()
{
    DeliveryDesk desk;
    for (qint64 i = 0; i < 3; ++i)
        desk.take(item(1, i));
    QCOMPARE(serve(desk), QStringList());
    desk.setPlaces({ { u"a"_s, 2 } });
    QCOMPARE(serve(desk), QStringList({ u"0"_s, u"1"_s }));
    QCOMPARE(desk.held(), 2);
}

void DeliveryDeskTest::aKindWithoutPlacesHidesNoOther()
{
    DeliveryDesk desk;
    desk.take(item(1, 0, u"a"_s));
    desk.take(item(2, 1, u"b"_s));
    desk.setPlaces({ { u"b"_s, 1 } });
    QCOMPARE(serve(desk), QStringList({ u"1"_s }));
    QVERIFY(!desk.isWelcome(u"a"_s));
    QVERIFY(desk.isWelcome(u"b"_s)); // it is held ahead
}

void DeliveryDeskTest::givesNothingBackForFewerPlaces()
{
    DeliveryDesk desk;
    for (qint64 i = 0; i < 4; ++i)
        desk.take(item(1, i));
    desk.setPlaces({ { u"a"_s, 3 } });
    QList<quint64> tags;
    serve(desk, &tags);
    desk.setPlaces({ { u"a"_s, 1 } });
    QVERIFY(desk.answer(tags[0]));
    QVERIFY(desk.answer(tags[1]));
    QCOMPARE(serve(desk), QStringList());
    QVERIFY(desk.answer(tags[2]));
    QCOMPARE(serve(desk), QStringList({ u"3"_s }));
}

void DeliveryDeskTest::countsHeldUntilTheyAreAnswered()
{
    DeliveryDesk desk;
    desk.setPlaces({ { u"a"_s, 1 } });
    desk.take(item(1, 7));
    QList<quint64> tags;
    serve(desk, &tags);
    const auto answered = desk.answer(tags[0]);
    QVERIFY(answered);
    QCOMPARE(answered->spot.offset, 7);
    QCOMPARE(desk.held(), 0);
    QVERIFY(!desk.answer(tags[0]));
    QVERIFY(!desk.answer(0));
}

void DeliveryDeskTest::wantsNoMoreWhenEnoughWait()
{
    DeliveryDesk desk;
    desk.setPlaces({ { u"a"_s, 1 } });
    for (qint64 i = 0; i < DeliveryDesk::kMaxWaiting; ++i) {
        QVERIFY(desk.isWelcome(u"a"_s));
        desk.take(item(1, i));
    }
    QVERIFY(!desk.isWelcome(u"a"_s));
    desk.setPlaces({ { u"a"_s, DeliveryDesk::kMaxWaiting / 2 - 1 } });
    serve(desk);
    QVERIFY(!desk.isWelcome(u"a"_s)); // not with the first that goes
    desk.setPlaces({ { u"a"_s, DeliveryDesk::kMaxWaiting / 2 } });
    serve(desk);
    QVERIFY(desk.isWelcome(u"a"_s));
}

void DeliveryDeskTest::forgetsAPartitionButNotItsPlaces()
{
    DeliveryDesk desk;
    desk.setPlaces({ { u"a"_s, 1 } });
    desk.take(item(1, 0));
    desk.take(item(1, 1));
    desk.take(item(2, 2));
    QList<quint64> tags;
    serve(desk, &tags);
    desk.forget(1);
    QCOMPARE(desk.held(), 1);
    QCOMPARE(serve(desk), QStringList());
    QCOMPARE(desk.answer(tags[0])->spot.term, 0);
    QCOMPARE(serve(desk), QStringList({ u"2"_s }));
}

void DeliveryDeskTest::keepsOnlyThose()
{
    DeliveryDesk desk;
    desk.setPlaces({ { u"a"_s, 2 } });
    for (qint64 i = 0; i < 3; ++i)
        desk.take(item(1, i));
    QList<quint64> tags;
    serve(desk, &tags);
    desk.keepOnly({ tags[1] });
    QCOMPARE(desk.held(), 1);
    QVERIFY(!desk.answer(tags[0]));
    QCOMPARE(serve(desk), QStringList());
    QCOMPARE(desk.answer(tags[1])->spot.term, 0);
}

QTEST_GUILESS_MAIN(DeliveryDeskTest)
#include "tst_deliverydesk.moc"
