// SPDX-License-Identifier: GPL-3.0-only
// TurnQueue: who waits is called in order, a bounded while at a time, and may leave at any time.
#include "service/http/tls/turnqueue.h"

#include <QCoreApplication>
#include <QTest>
#include <deque>
#include <functional>
#include <memory>

using quiesce::TurnQueue;
using quiesce::TurnTaker;

namespace {

class Taker final : public TurnTaker
{
public:
    explicit Taker(std::function<void()> work)
        : m_work(std::move(work))
    { }
    void takeTurn() override { m_work(); }
    using TurnTaker::leaveQueue;

private:
    std::function<void()> m_work;
};

void oneTurn()
{
    QCoreApplication::sendPostedEvents();
}

/// Uses CPU beyond a turn's share.
void workTooLong()
{
    const auto end = std::chrono::steady_clock::now() + TurnQueue::kPerTurn;
    while (std::chrono::steady_clock::now() < end) { }
}

} // namespace

class TurnQueueTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsInOrderAndNeverAtOnce();
    void callsWhoWaitsTwiceOnlyOnce();
    void givesOneThatComesAgainItsNextTurnLater();
    void leavesTheRestForLaterWhenTheTimeIsUp();
    void forgetsWhoHasLeftOrGone();
    void movesFromOneQueueToAnother();
};

void TurnQueueTest::callsInOrderAndNeverAtOnce()
{
    QList<int> calls;
    TurnQueue queue;
    Taker one([&] { calls.append(1); });
    Taker two([&] { calls.append(2); });
    queue.add(two);
    queue.add(one);
    QCOMPARE(calls, QList<int>());
    QCOMPARE(queue.size(), 2);
    oneTurn();
    QCOMPARE(calls, (QList<int>{ 2, 1 }));
    QCOMPARE(queue.size(), 0);
}

void TurnQueueTest::callsWhoWaitsTwiceOnlyOnce()
{
    int calls = 0;
    TurnQueue queue;
    Taker taker([&] { ++calls; });
    queue.add(taker);
    queue.add(taker);
    oneTurn();
    oneTurn();
    QCOMPARE(calls, 1);
}

void TurnQueueTest::givesOneThatComesAgainItsNextTurnLater()
{
    int calls = 0;
    TurnQueue queue;
    Taker taker([&] {
        ++calls;
        queue.add(taker);
    });
    queue.add(taker);
    oneTurn();
    QCOMPARE(calls, 1);
    oneTurn();
    QCOMPARE(calls, 2);
}

void TurnQueueTest::leavesTheRestForLaterWhenTheTimeIsUp()
{
    int calls = 0;
    TurnQueue queue;
    std::deque<Taker> takers;
    for (int i = 0; i < 3; ++i) {
        takers.emplace_back([&] {
            ++calls;
            workTooLong();
        });
        queue.add(takers.back());
    }
    for (int turn = 1; turn <= 3; ++turn) {
        oneTurn();
        QCOMPARE(calls, turn);
    }
}

void TurnQueueTest::forgetsWhoHasLeftOrGone()
{
    int calls = 0;
    TurnQueue queue;
    auto gone = std::make_unique<Taker>([&] { ++calls; });
    Taker left([&] { ++calls; });
    Taker first([&] {
        gone.reset();
        left.leaveQueue();
    });
    for (Taker *taker : { &first, gone.get(), &left })
        queue.add(*taker);
    oneTurn();
    QCOMPARE(calls, 0);
    QCOMPARE(queue.size(), 0);
}

void TurnQueueTest::movesFromOneQueueToAnother()
{
    int calls = 0;
    TurnQueue one;
    TurnQueue two;
    Taker taker([&] { ++calls; });
    one.add(taker);
    two.add(taker);
    QCOMPARE(one.size(), 0);
    oneTurn();
    QCOMPARE(calls, 1);
}

QTEST_GUILESS_MAIN(TurnQueueTest)
#include "tst_turnqueue.moc"
