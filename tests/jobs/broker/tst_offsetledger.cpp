// SPDX-License-Identifier: GPL-3.0-only
// How far a partition may be committed, whatever the order of the answers.
#include "service/jobs/broker/kafka/offsetledger.h"

#include <QTest>

using namespace quiesce;

class OffsetLedgerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsAnswersInOrder();
    void waitsForTheFirstOne();
    void takesGapsBetweenOffsets();
    void passesOverWhatItHasHandedOut();
    void passesOverWhatItNeverHandedOut();
    void isFullAtItsLimit();
};

void OffsetLedgerTest::followsAnswersInOrder()
{
    OffsetLedger ledger;
    for (qint64 offset = 7; offset < 10; ++offset)
        QVERIFY(ledger.handOut(offset));
    QCOMPARE(ledger.settle(7), std::optional<qint64>(8));
    QCOMPARE(ledger.settle(8), std::optional<qint64>(9));
    QCOMPARE(ledger.settle(9), std::optional<qint64>(10));
    QCOMPARE(ledger.open(), 0);
}

void OffsetLedgerTest::waitsForTheFirstOne()
{
    OffsetLedger ledger;
    for (qint64 offset = 0; offset < 4; ++offset)
        QVERIFY(ledger.handOut(offset));
    QCOMPARE(ledger.settle(2), std::optional<qint64>());
    QCOMPARE(ledger.settle(1), std::optional<qint64>());
    QCOMPARE(ledger.open(), 4);
    QCOMPARE(ledger.settle(0), std::optional<qint64>(3));
    QCOMPARE(ledger.open(), 1);
}

void OffsetLedgerTest::takesGapsBetweenOffsets()
{
    OffsetLedger ledger;
    QVERIFY(ledger.handOut(3));
    QVERIFY(ledger.handOut(9));
    QCOMPARE(ledger.settle(9), std::optional<qint64>());
    QCOMPARE(ledger.settle(3), std::optional<qint64>(10));
}

void OffsetLedgerTest::passesOverWhatItHasHandedOut()
{
    OffsetLedger ledger;
    QVERIFY(ledger.handOut(5));
    QVERIFY(!ledger.handOut(5));
    QVERIFY(!ledger.handOut(4));
    QCOMPARE(ledger.settle(5), std::optional<qint64>(6));
    QVERIFY(!ledger.handOut(5));
    QCOMPARE(ledger.open(), 0);
}

void OffsetLedgerTest::passesOverWhatItNeverHandedOut()
{
    OffsetLedger ledger;
    QCOMPARE(ledger.settle(0), std::optional<qint64>());
    QVERIFY(ledger.handOut(1));
    QCOMPARE(ledger.settle(2), std::optional<qint64>());
    QCOMPARE(ledger.settle(1), std::optional<qint64>(2));
    QCOMPARE(ledger.settle(1), std::optional<qint64>());
}

void OffsetLedgerTest::isFullAtItsLimit()
{
    OffsetLedger ledger;
    for (qint64 offset = 0; offset < OffsetLedger::kMaxOpen; ++offset) {
        QVERIFY(!ledger.isFull());
        QVERIFY(ledger.handOut(offset));
    }
    for (qint64 offset = 1; offset < OffsetLedger::kMaxOpen; ++offset)
        QCOMPARE(ledger.settle(offset), std::optional<qint64>());
    QVERIFY(ledger.isFull()); // the first one holds them all
    QVERIFY(ledger.handOut(OffsetLedger::kMaxOpen)); // it was on its way
    QCOMPARE(ledger.settle(0), std::optional<qint64>(OffsetLedger::kMaxOpen));
    QVERIFY(!ledger.isFull());
}

QTEST_GUILESS_MAIN(OffsetLedgerTest)
#include "tst_offsetledger.moc"
