// SPDX-License-Identifier: GPL-3.0-only
// One time-out for many, with one alarm.
#include "service/http/timeoutqueue.h"
#include "tests/support/manualclock.h"

#include <QTest>

using namespace std::chrono_literals;
using quiesce::TimeoutLink;
using quiesce::TimeoutQueue;
using quiesce::test::ManualClock;

class TimeoutQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_expired.clear(); }
    void expiresInTheOrderOfArming();
    void armingAnewBeginsAnew();
    void disarmingAndDestroyingLeave();
    void zeroNeverExpires();
    void aChangedDurationHoldsForThoseArmed();
    void aLinkIsInOneQueueAtATime();
    void anExpiredOneMayArmAndDestroyOthers();
    void theQueueMayGoFirst();

private:
    struct Owner
    {
        explicit Owner(const QByteArray &ownName)
            : name(ownName)
        { }
        QByteArray name;
        TimeoutLink link{ this };
    };
    void note(void *owner) { m_expired << static_cast<Owner *>(owner)->name; }

    QByteArrayList m_expired;
};

void TimeoutQueueTest::expiresInTheOrderOfArming()
{
    ManualClock clock;
    TimeoutQueue queue(clock, 10ms, [this](void *owner) { note(owner); });
    Owner a("a");
    Owner b("b");
    Owner c("c");
    queue.arm(a.link, clock.now());
    clock.advance(4ms);
    queue.arm(b.link, clock.now());
    queue.arm(c.link, clock.now());
    QCOMPARE(clock.alarmsSet(), 1);
    clock.advance(5ms);
    QCOMPARE(m_expired, QByteArrayList());
    clock.advance(1ms);
    QCOMPARE(m_expired, QByteArrayList({ "a" }));
    QVERIFY(!a.link.isArmed() && b.link.isArmed());
    clock.advance(4ms);
    QCOMPARE(m_expired, QByteArrayList({ "a", "b", "c" }));
    QCOMPARE(clock.alarmsSet(), 0);
}

void TimeoutQueueTest::armingAnewBeginsAnew()
{
    ManualClock clock;
    TimeoutQueue queue(clock, 10ms, [this](void *owner) { note(owner); });
    Owner a("a");
    Owner b("b");
    queue.arm(a.link, clock.now());
    queue.arm(b.link, clock.now());
    clock.advance(9ms);
    queue.arm(a.link, clock.now());
    clock.advance(9ms);
    QCOMPARE(m_expired, QByteArrayList({ "b" }));
    clock.advance(1ms);
    QCOMPARE(m_expired, QByteArrayList({ "b", "a" }));
}

void TimeoutQueueTest::disarmingAndDestroyingLeave()
{
    ManualClock clock;
    TimeoutQueue queue(clock, 10ms, [this](void *owner) { note(owner); });
    Owner a("a");
    auto b = std::make_unique<Owner>("b");
    Owner c("c");
    for (Owner *owner : { &a, b.get(), &c })
        queue.arm(owner->link, clock.now());
    b.reset();
    a.link.disarm();
    a.link.disarm();
    clock.advance(1s);
    QCOMPARE(m_expired, QByteArrayList({ "c" }));
}

void TimeoutQueueTest::zeroNeverExpires()
{
    ManualClock clock;
    TimeoutQueue queue(clock, 0ms, [this](void *owner) { note(owner); });
    Owner a("a");
    queue.arm(a.link, clock.now());
    QCOMPARE(clock.alarmsSet(), 0);
    clock.advance(1h);
    QCOMPARE(m_expired, QByteArrayList());
    QVERIFY(a.link.isArmed());
}

void TimeoutQueueTest::aChangedDurationHoldsForThoseArmed()
{
    ManualClock clock;
    TimeoutQueue queue(clock, 10s, [this](void *owner) { note(owner); });
    Owner a("a");
    queue.arm(a.link, clock.now());
    clock.advance(2s);
    queue.setDuration(5s);
    clock.advance(2'999ms);
    QCOMPARE(m_expired, QByteArrayList());
    queue.setDuration(0s);
    clock.advance(1h);
    QCOMPARE(m_expired, QByteArrayList());
    queue.setDuration(1s);
    clock.advance(0s);
    QCOMPARE(m_expired, QByteArrayList({ "a" }));
}

void TimeoutQueueTest::aLinkIsInOneQueueAtATime()
{
    ManualClock clock;
    TimeoutQueue soon(clock, 1ms, [this](void *owner) { note(owner); });
    TimeoutQueue late(clock, 10ms, [this](void *owner) { note(owner); });
    Owner a("a");
    soon.arm(a.link, clock.now());
    late.arm(a.link, clock.now());
    clock.advance(9ms);
    QCOMPARE(m_expired, QByteArrayList());
    clock.advance(1ms);
    QCOMPARE(m_expired, QByteArrayList({ "a" }));
}

void TimeoutQueueTest::anExpiredOneMayArmAndDestroyOthers()
{
    ManualClock clock;
    auto b = std::make_unique<Owner>("b");
    Owner a("a");
    Owner c("c");
    TimeoutQueue *self = nullptr;
    TimeoutQueue queue(clock, 10ms, [&](void *owner) {
        note(owner);
        b.reset();
        if (m_expired.size() == 1)
            self->arm(a.link, clock.now());
    });
    self = &queue;
    queue.arm(a.link, clock.now());
    queue.arm(b->link, clock.now());
    queue.arm(c.link, clock.now());
    clock.advance(10ms);
    QCOMPARE(m_expired, QByteArrayList({ "a", "c" }));
    clock.advance(10ms);
    QCOMPARE(m_expired, QByteArrayList({ "a", "c", "a" }));
}

void TimeoutQueueTest::theQueueMayGoFirst()
{
    ManualClock clock;
    Owner a("a");
    {
        TimeoutQueue queue(clock, 10ms, [this](void *owner) { note(owner); });
        queue.arm(a.link, clock.now());
    }
    QVERIFY(!a.link.isArmed());
    clock.advance(1s);
    QCOMPARE(m_expired, QByteArrayList());
}

QTEST_GUILESS_MAIN(TimeoutQueueTest)
#include "tst_timeoutqueue.moc"
