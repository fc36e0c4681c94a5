// SPDX-License-Identifier: GPL-3.0-only
// StopClock and StopForecast: what remains never grows by itself, and whether a stop makes it.
#include "console/model/instance/stopclock.h"
#include "console/model/instance/stopforecast.h"
#include "tests/console/fedinstance.h"

#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class StopClockTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsDownBetweenTwoWords();
    void neverJumpsBackForAWordThatWasLate();
    void takesTheEarlierWord();
    void goesBackWhenTheDeadlineMoves();
    void standsAtZeroPastTheDeadline();
    void doesNotMindWallClocks();
    void keepsATotalWhoseDeadlineTrembles();
    void stopsWhenTheStopIsUndone();
    void measuresTheSkewOfClocks();
    void saysWhetherItMakesIt_data();
    void saysWhetherItMakesIt();
};

void StopClockTest::countsDownBetweenTwoWords()
{
    StopClock clock;
    QVERIFY(!clock.isRunning());
    const StopView stop = stopView(5s, 25s, {});
    clock.observe(&stop, 1'000);
    QVERIFY(clock.isRunning());
    QCOMPARE(clock.remaining(1'000), 20s);
    QCOMPARE(clock.remaining(4'000), 17s);
    QCOMPARE(clock.elapsed(4'000), 8s);
    QCOMPARE(clock.total(), 25s);
}

void StopClockTest::neverJumpsBackForAWordThatWasLate()
{
    StopClock clock;
    StopView stop = stopView(5s, 25s, {});
    clock.observe(&stop, 0);
    stop.remaining = 19s; // after one second, but two seconds under way
    clock.observe(&stop, 3'000);
    QCOMPARE(clock.remaining(3'000), 17s);
}

void StopClockTest::takesTheEarlierWord()
{
    StopClock clock;
    StopView stop = stopView(5s, 25s, {});
    clock.observe(&stop, 0);
    stop.remaining = 18s;
    clock.observe(&stop, 1'000);
    QCOMPARE(clock.remaining(1'000), 18s);
}

void StopClockTest::goesBackWhenTheDeadlineMoves()
{
    StopClock clock;
    StopView stop = stopView(5s, 25s, {});
    clock.observe(&stop, 0);
    stop.deadlineAt = stop.deadlineAt.addSecs(10);
    stop.remaining = 29s;
    clock.observe(&stop, 1'000);
    QCOMPARE(clock.remaining(1'000), 29s);
    QCOMPARE(clock.elapsed(1'000), 6s);
    QCOMPARE(clock.total(), 35s);
}

void StopClockTest::standsAtZeroPastTheDeadline()
{
    StopClock clock;
    const StopView stop = stopView(24s, 25s, {});
    clock.observe(&stop, 0);
    QCOMPARE(clock.remaining(5'000), 0s);
    QCOMPARE(clock.elapsed(5'000), 29s);
}

void StopClockTest::doesNotMindWallClocks()
{
    StopClock clock;
    StopView stop = stopView(5s, 25s, {});
    stop.requestedAt = stop.requestedAt.addDays(-400);
    stop.deadlineAt = stop.deadlineAt.addDays(-400);
    clock.observe(&stop, 0);
    QCOMPARE(clock.remaining(1'000), 19s);
    QCOMPARE(clock.elapsed(1'000), 6s);
}

/// As a service tells it that reads two clocks, one after the other.
void StopClockTest::keepsATotalWhoseDeadlineTrembles()
{
    StopClock clock;
    StopView stop = stopView(5s, 25s, {});
    const QDateTime deadline = stop.deadlineAt;
    for (const int off : { -1, 0, 1, 20, -2 }) {
        stop.deadlineAt = deadline.addMSecs(off);
        stop.remaining += 1s; // a word that was late
        clock.observe(&stop, 1'000);
        QCOMPARE(clock.total(), 25s);
        QCOMPARE(clock.remaining(1'000), 21s);
    }
}

void StopClockTest::stopsWhenTheStopIsUndone()
{
    StopClock clock;
    const StopView stop = stopView(5s, 25s, {});
    clock.observe(&stop, 0);
    clock.observe(nullptr, 1'000);
    QVERIFY(!clock.isRunning());
}

void StopClockTest::measuresTheSkewOfClocks()
{
    const QDateTime now = utcNow();
    Snapshot ahead = snapshot(LifecycleState::Serving);
    ahead.startedAt = now.addMSecs(-ahead.stats.uptime.count() + 5'000);
    QCOMPARE(clockSkew(ahead, now), 5s);
    Snapshot stopping = snapshot(LifecycleState::Draining);
    stopping.stop = stopView(5s, 25s, {});
    stopping.stop->deadlineAt = now.addSecs(20 - 3);
    stopping.stop->remaining = 20s;
    QCOMPARE(clockSkew(stopping, now), -3s);
    QCOMPARE(clockSkew(Snapshot(), now), 0s);
}

void StopClockTest::saysWhetherItMakesIt_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("inFlight");
    QTest::addColumn<int>("takesMs");
    QTest::addColumn<QString>("text");
    const int draining = int(LifecycleState::Draining);
    QTest::newRow("makes it") << draining << 3 << 3'000
                              << u"Will make it: about 3 s left of 25 s"_s;
    QTest::newRow("falls short") << draining << 12 << 30'000
                                 << u"Will not make it: up to 12 request(s) would be cancelled"_s;
    QTest::newRow("nothing left") << draining << 0 << 0
                                  << u"Nothing is in flight any more: finishing"_s;
    QTest::newRow("hooks") << int(LifecycleState::Stopping) << 0 << 9'000
                           << u"Nothing is in flight any more: finishing"_s;
}

void StopClockTest::saysWhetherItMakesIt()
{
    QFETCH(int, state);
    QFETCH(int, inFlight);
    QFETCH(int, takesMs);
    QFETCH(QString, text);
    StopClock clock;
    const StopView stop = stopView(5s, 25s, {});
    clock.observe(&stop, 0);
    Stats now = stats(static_cast<LifecycleState>(state), inFlight);
    now.predictedDrain = milliseconds(takesMs);
    QCOMPARE(forecastText(stopForecast(clock, now, 0)), text);
}

QTEST_GUILESS_MAIN(StopClockTest)
#include "tst_stopclock.moc"
