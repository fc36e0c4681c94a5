// SPDX-License-Identifier: GPL-3.0-only
// What is counted where, and what makes a rehearsal fail.
#include "tests/rehearse/report.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace quiesce::rehearse;

namespace {

Loss lossOf(Loss::Kind kind)
{
    return { .kind = kind, .reason = Loss::Reason::Reset, .at = TimePoint(5ms) };
}

StopResult cleanStop()
{
    StopResult stop;
    stop.signalledAt = TimePoint(3ms);
    stop.signalToExit = 4ms;
    return stop;
}

} // namespace

class TallyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesNearestRankPercentiles();
    void countsARefusalAsFailureOnlyBeforeTheStop();
    void countsEachLossInItsPlace();
    void beginsNoMoreRequestsThanTheBudget();
    void sumsStops();
    void placesLossesInTime();
    void boundsTheLossesItKeeps();
    void passesOnlyWhatIsClean_data();
    void passesOnlyWhatIsClean();
};

void TallyTest::givesNearestRankPercentiles()
{
    Distribution times;
    QVERIFY(times.isEmpty());
    for (const int value : { 30, 10, 40, 20 })
        times.add(std::chrono::milliseconds(value));
    QCOMPARE(times.percentile(0), Clock::duration(10ms));
    QCOMPARE(times.percentile(50), Clock::duration(20ms));
    QCOMPARE(times.percentile(51), Clock::duration(30ms));
    QCOMPARE(times.percentile(99), Clock::duration(40ms));
    QCOMPARE(times.percentile(100), Clock::duration(40ms));
    QCOMPARE(times.count(), std::size_t(4));
}

void TallyTest::countsARefusalAsFailureOnlyBeforeTheStop()
{
    Ledger ledger;
    ledger.refused();
    QCOMPARE(ledger.counts().failures(), 1);
    ledger.stopAsked();
    ledger.refused();
    ledger.unanswered();
    QCOMPARE(ledger.counts().refusedEarly, 1);
    QCOMPARE(ledger.counts().refused, 2);
    QCOMPARE(ledger.counts().unanswered, 1);
    QCOMPARE(ledger.counts().failures(), 1);
}

void TallyTest::countsEachLossInItsPlace()
{
    Ledger ledger;
    ledger.lost(lossOf(Loss::Kind::Reused));
    ledger.lost(lossOf(Loss::Kind::Fresh));
    ledger.lost(lossOf(Loss::Kind::Truncated));
    ledger.lost(lossOf(Loss::Kind::Malformed));
    ledger.answered(404, TimePoint(1ms));
    ledger.answered(503, TimePoint(2ms));
    ledger.answered(201, TimePoint(3ms));
    const Counts expected{ .answered = 3,
                           .created = 1,
                           .clientErrors = 1,
                           .serverErrors = 1,
                           .lostReused = 1,
                           .lostFresh = 1,
                           .truncated = 1,
                           .malformed = 1 };
    QVERIFY(ledger.counts() == expected);
    QCOMPARE(ledger.counts().failures(), 4);
    QVERIFY(ledger.lastAnswerAt() == TimePoint(3ms));
}

void TallyTest::beginsNoMoreRequestsThanTheBudget()
{
    Ledger ledger;
    ledger.setBudget(2);
    QVERIFY(ledger.tryBeginRequest());
    QVERIFY(ledger.tryBeginRequest());
    QVERIFY(!ledger.tryBeginRequest());
    QCOMPARE(ledger.counts().sent, 2);
}

void TallyTest::sumsStops()
{
    Tally tally;
    StopResult stop = cleanStop();
    stop.counts = { .sent = 7, .answered = 5, .lostFresh = 2, .closedIdle = 1 };
    tally.add(stop);
    stop.exit = { .signal = SIGKILL };
    stop.ending = StopResult::Ending::Killed;
    stop.signalToExit.reset();
    tally.add(stop);
    const Counts expected{ .sent = 14, .answered = 10, .lostFresh = 4, .closedIdle = 2 };
    QVERIFY(tally.counts == expected);
    QCOMPARE(tally.stops, 2);
    QCOMPARE(tally.killed, 1);
    QCOMPARE(tally.endedEarly, 0);
    QCOMPARE(tally.signalToExit.count(), std::size_t(1));
    QCOMPARE(tally.exits.size(), std::size_t(2));
}

void TallyTest::placesLossesInTime()
{
    Tally tally;
    StopResult stop = cleanStop();
    tally.add(stop);
    stop.losses = { lossOf(Loss::Kind::Reused) };
    tally.add(stop);
    QCOMPARE(tally.losses.size(), std::size_t(1));
    QCOMPARE(tally.losses.front().stop, 2);
    QVERIFY(tally.losses.front().afterSignal == Clock::duration(2ms));
}

void TallyTest::boundsTheLossesItKeeps()
{
    Ledger ledger;
    for (int i = 0; i < 1'000; ++i)
        ledger.lost(lossOf(Loss::Kind::Reused));
    QCOMPARE(ledger.counts().lostReused, 1'000);
    QCOMPARE(ledger.losses().size(), std::size_t(64));
    Tally tally;
    StopResult stop = cleanStop();
    stop.losses = ledger.losses();
    for (int i = 0; i < 10; ++i)
        tally.add(stop);
    QCOMPARE(tally.losses.size(), std::size_t(256));
}

void TallyTest::passesOnlyWhatIsClean_data()
{
    QTest::addColumn<qint64>("lost");
    QTest::addColumn<int>("maxLost");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<int>("ending");
    QTest::addColumn<bool>("isPassed");
    const int exited = int(StopResult::Ending::Exited);
    QTest::newRow("clean") << qint64(0) << 0 << 0 << exited << true;
    QTest::newRow("one lost") << qint64(1) << 0 << 0 << exited << false;
    QTest::newRow("as many lost as allowed") << qint64(2) << 2 << 0 << exited << true;
    QTest::newRow("one more than allowed") << qint64(3) << 2 << 0 << exited << false;
    QTest::newRow("another exit code") << qint64(0) << 0 << 75 << exited << false;
    QTest::newRow("killed") << qint64(0) << 0 << 0 << int(StopResult::Ending::Killed) << false;
    QTest::newRow("ended early") << qint64(0) << 0 << 0 << int(StopResult::Ending::EndedEarly)
                                 << false;
}

void TallyTest::passesOnlyWhatIsClean()
{
    QFETCH(const qint64, lost);
    QFETCH(const int, maxLost);
    QFETCH(const int, exitCode);
    QFETCH(const int, ending);
    StopResult stop = cleanStop();
    stop.counts.lostReused = lost;
    stop.exit.code = exitCode;
    stop.ending = StopResult::Ending(ending);
    Tally tally;
    tally.add(stop);
    Options options;
    options.maxLost = maxLost;
    options.expectedExit = 0;
    QTEST(isPassed(tally, options), "isPassed");
}

QTEST_GUILESS_MAIN(TallyTest)
#include "tst_tally.moc"
