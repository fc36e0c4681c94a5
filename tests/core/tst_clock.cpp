// SPDX-License-Identifier: GPL-3.0-only
// The contract of clocks and alarms, on the machine's clock and on the one moved by hand.
#include "service/core/clock.h"
#include "tests/support/manualclock.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::Alarm;
using quiesce::Clock;
using quiesce::SteadyTime;
using quiesce::SystemClock;
using quiesce::test::ManualClock;

class ClockTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ringsOnceAndNeverEarly_data() { clocks(); }
    void ringsOnceAndNeverEarly();
    void ringsInOrderOfTime_data() { clocks(); }
    void ringsInOrderOfTime();
    void aPointInThePastRingsAtTheNextTurnAndNotInsideTheCall_data() { clocks(); }
    void aPointInThePastRingsAtTheNextTurnAndNotInsideTheCall();
    void aNewPointReplacesTheEarlier_data() { clocks(); }
    void aNewPointReplacesTheEarlier();
    void aClearedAlarmKeepsSilent_data() { clocks(); }
    void aClearedAlarmKeepsSilent();
    void aDestroyedAlarmKeepsSilent_data() { clocks(); }
    void aDestroyedAlarmKeepsSilent();
    void workMaySetItsAlarmAgain_data() { clocks(); }
    void workMaySetItsAlarmAgain();
    void workMayDestroyItsAlarm_data() { clocks(); }
    void workMayDestroyItsAlarm();
    void aPointBeyondATimersReachDoesNotRingNow_data() { clocks(); }
    void aPointBeyondATimersReachDoesNotRingNow();
    void systemClockIsNeverEarlyBelowAMillisecond();
    void systemClockTellsMonotonicAndUtcTime();
    void manualClockStandsStillAndMovesBothTimes();
    void manualClockRingsEachAlarmAtItsOwnTime();
    void manualClockDeliversQueuedCallsBetweenAlarms();

private:
    static void clocks();
    void init(const QString &name);
    /// Lets time pass until the alarm of this number has rung.
    bool waitForRing(int number);
    std::function<void()> ring(int number);

    std::unique_ptr<Clock> m_clock;
    ManualClock *m_manual = nullptr;
    QList<int> m_rung;
};

void ClockTest::clocks()
{
    QTest::addColumn<QString>("clock");
    QTest::newRow("system") << u"system"_s;
    QTest::newRow("manual") << u"manual"_s;
}

void ClockTest::init(const QString &name)
{
    m_rung.clear();
    m_manual = nullptr;
    if (name == u"system"_s) {
        m_clock = std::make_unique<SystemClock>();
    } else {
        auto manual = std::make_unique<ManualClock>();
        m_manual = manual.get();
        m_clock = std::move(manual);
    }
}

bool ClockTest::waitForRing(int number)
{
    if (m_manual)
        m_manual->advance(1s);
    return QTest::qWaitFor([&] { return m_rung.contains(number); });
}

std::function<void()> ClockTest::ring(int number)
{
    return [this, number] { m_rung << number; };
}

void ClockTest::ringsOnceAndNeverEarly()
{
    QFETCH(QString, clock);
    init(clock);
    SteadyTime rungAt;
    const auto alarm = m_clock->makeAlarm([&] {
        rungAt = m_clock->now();
        m_rung << 1;
    });
    const auto later = m_clock->makeAlarm(ring(2));
    QVERIFY(!alarm->isSet());
    const SteadyTime when = m_clock->now() + 20ms;
    alarm->setAt(when);
    later->setAt(when + 60ms);
    QVERIFY(alarm->isSet());
    QVERIFY(waitForRing(2));
    QCOMPARE(m_rung, (QList<int>{ 1, 2 }));
    QVERIFY(rungAt >= when);
    QVERIFY(!alarm->isSet());
}

void ClockTest::ringsInOrderOfTime()
{
    QFETCH(QString, clock);
    init(clock);
    const SteadyTime now = m_clock->now();
    const auto last = m_clock->makeAlarm(ring(3));
    const auto first = m_clock->makeAlarm(ring(1));
    const auto second = m_clock->makeAlarm(ring(2));
    last->setAt(now + 90ms);
    first->setAt(now + 10ms);
    second->setAt(now + 50ms);
    QVERIFY(waitForRing(3));
    QCOMPARE(m_rung, (QList<int>{ 1, 2, 3 }));
}

void ClockTest::aPointInThePastRingsAtTheNextTurnAndNotInsideTheCall()
{
    QFETCH(QString, clock);
    init(clock);
    const auto alarm = m_clock->makeAlarm(ring(1));
    alarm->setAt(m_clock->now() - 1h);
    QCOMPARE(m_rung.size(), 0);
    QVERIFY(alarm->isSet());
    QVERIFY(QTest::qWaitFor([&] { return !m_rung.isEmpty(); })); // without moving any time
    QCOMPARE(m_rung, QList<int>{ 1 });
}

void ClockTest::aNewPointReplacesTheEarlier()
{
    QFETCH(QString, clock);
    init(clock);
    const SteadyTime now = m_clock->now();
    const auto moved = m_clock->makeAlarm(ring(1));
    const auto witness = m_clock->makeAlarm(ring(2));
    moved->setAt(now + 1ms);
    moved->setAt(now + 80ms);
    witness->setAt(now + 40ms);
    QVERIFY(waitForRing(1));
    QCOMPARE(m_rung, (QList<int>{ 2, 1 }));
}

void ClockTest::aClearedAlarmKeepsSilent()
{
    QFETCH(QString, clock);
    init(clock);
    const SteadyTime now = m_clock->now();
    const auto cleared = m_clock->makeAlarm(ring(1));
    const auto clearedInThePast = m_clock->makeAlarm(ring(2));
    const auto witness = m_clock->makeAlarm(ring(3));
    cleared->setAt(now + 1ms);
    clearedInThePast->setAt(now - 1ms);
    witness->setAt(now + 20ms);
    cleared->clear();
    clearedInThePast->clear();
    QVERIFY(!cleared->isSet());
    QVERIFY(waitForRing(3));
    QCOMPARE(m_rung, QList<int>{ 3 });
}

void ClockTest::aDestroyedAlarmKeepsSilent()
{
    QFETCH(QString, clock);
    init(clock);
    const auto witness = m_clock->makeAlarm(ring(3));
    m_clock->makeAlarm(ring(1))->setAt(m_clock->now() + 1ms);
    m_clock->makeAlarm(ring(2))->setAt(m_clock->now());
    witness->setAt(m_clock->now() + 20ms);
    QVERIFY(waitForRing(3));
    QCOMPARE(m_rung, QList<int>{ 3 });
}

void ClockTest::workMaySetItsAlarmAgain()
{
    QFETCH(QString, clock);
    init(clock);
    std::unique_ptr<Alarm> alarm;
    alarm = m_clock->makeAlarm([&] {
        m_rung << static_cast<int>(m_rung.size());
        if (m_rung.size() < 3)
            alarm->setAt(m_clock->now() + 1ms);
    });
    alarm->setAt(m_clock->now());
    QVERIFY(waitForRing(2));
    QCOMPARE(m_rung, (QList<int>{ 0, 1, 2 }));
    QVERIFY(!alarm->isSet());
}

void ClockTest::workMayDestroyItsAlarm()
{
    QFETCH(QString, clock);
    init(clock);
    std::unique_ptr<Alarm> alarm;
    const QString kept = u"still here afterwards"_s;
    alarm = m_clock->makeAlarm([this, &alarm, kept] {
        alarm.reset();
        m_rung << static_cast<int>(kept.size());
    });
    alarm->setAt(m_clock->now());
    QVERIFY(waitForRing(static_cast<int>(kept.size())));
    QCOMPARE(m_rung.size(), 1);
    QVERIFY(!alarm);
}

void ClockTest::aPointBeyondATimersReachDoesNotRingNow()
{
    QFETCH(QString, clock);
    init(clock);
    const auto farAway = m_clock->makeAlarm(ring(1));
    const auto witness = m_clock->makeAlarm(ring(2));
    farAway->setAt(m_clock->now() + 24h * 365 * 10);
    witness->setAt(m_clock->now() + 20ms);
    QVERIFY(waitForRing(2));
    QCOMPARE(m_rung, QList<int>{ 2 });
    QVERIFY(farAway->isSet());
}

void ClockTest::systemClockIsNeverEarlyBelowAMillisecond()
{
    init(u"system"_s);
    int early = 0;
    int rung = 0;
    SteadyTime when;
    const auto alarm = m_clock->makeAlarm([&] {
        ++rung;
        early += m_clock->now() < when ? 1 : 0;
    });
    for (int i = 1; i <= 50; ++i) {
        when = m_clock->now() + 37us * i;
        alarm->setAt(when);
        QVERIFY(QTest::qWaitFor([&] { return rung == i; }));
    }
    QCOMPARE(early, 0);
}

void ClockTest::systemClockTellsMonotonicAndUtcTime()
{
    const SystemClock clock;
    const auto before = std::chrono::steady_clock::now();
    QVERIFY(clock.now() >= before);
    QCOMPARE(clock.utcNow().timeSpec(), Qt::UTC);
    QVERIFY(qAbs(clock.utcNow().msecsTo(QDateTime::currentDateTimeUtc())) < 60'000);
}

void ClockTest::manualClockStandsStillAndMovesBothTimes()
{
    ManualClock clock;
    const SteadyTime start = clock.now();
    QCOMPARE(clock.utcNow().toString(Qt::ISODateWithMs), u"2026-01-02T03:04:05.000Z"_s);
    QVERIFY(clock.now() == start);
    clock.advance(1'500ms);
    QVERIFY(clock.now() == start + 1'500ms);
    QCOMPARE(clock.utcNow().toString(Qt::ISODateWithMs), u"2026-01-02T03:04:06.500Z"_s);
}

void ClockTest::manualClockRingsEachAlarmAtItsOwnTime()
{
    ManualClock clock;
    const SteadyTime start = clock.now();
    QList<qint64> times;
    std::unique_ptr<Alarm> alarm;
    alarm = clock.makeAlarm([&] {
        times << (clock.now() - start) / 1ms;
        alarm->setAt(clock.now() + 10ms);
    });
    alarm->setAt(start + 10ms);
    clock.advance(35ms);
    QCOMPARE(times, (QList<qint64>{ 10, 20, 30 }));
    QCOMPARE(clock.alarmsSet(), 1);
    QVERIFY(clock.now() == start + 35ms);
}

void ClockTest::manualClockDeliversQueuedCallsBetweenAlarms()
{
    ManualClock clock;
    QStringList log;
    const auto first = clock.makeAlarm([&] {
        log << u"first"_s;
        QMetaObject::invokeMethod(
            this, [&] { log << u"queued"_s; }, Qt::QueuedConnection);
    });
    const auto second = clock.makeAlarm([&] { log << u"second"_s; });
    first->setAt(clock.now() + 1ms);
    second->setAt(clock.now() + 2ms);
    clock.advance(2ms);
    QCOMPARE(log, (QStringList{ u"first"_s, u"queued"_s, u"second"_s }));
}

QTEST_GUILESS_MAIN(ClockTest)
#include "tst_clock.moc"
