// SPDX-License-Identifier: GPL-3.0-only
// The course of a stop, scenario by scenario, as whole event logs; every transition, every refusal.
#include "common/readyfuture.h"
#include "tests/core/lifecyclestage.h"

#include <QTest>
#include <stop_token>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

const QString kByTerm = u" by SIGTERM from an unknown sender"_s;

StopSettings settingsOf(std::chrono::milliseconds lameDuck, std::chrono::milliseconds grace)
{
    StopSettings settings;
    settings.lameDuck = lameDuck;
    settings.grace = grace;
    return settings;
}

QList<qint64> counts(const StopReport::Requests &requests)
{
    return { requests.inFlightAtStop, requests.acceptedDuringStop, requests.drained,
             requests.cancelled, requests.aborted };
}

} // namespace

class LifecycleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsNotReadyAndServesOnce();
    void stopsAtOnceWhenNothingIsInFlight();
    void waitsOutLameDuckThenDrains();
    void drainsUntilTheLastIsDone();
    void acceptedDuringTheStopIsAnsweredToo();
    void aStopMayBringItsOwnDurations();
    void whatBeginsInDrainBeganHoldsTheDrain();

    void cancelsAtTheDeadlineAndThatIsIncomplete();
    void anAnswerAfterTheDeadlineStillCounts();
    void cutsAfterTheCancelGrace();
    void goesOnWithoutWhatWouldNotLetGo();
    void aClientThatLeavesIsNoLoss();
    void cuttingAnIdleConnectionIsNoLoss();
    void aGraceOfZeroCancelsAtOnce();
    void aGraceOfZeroWithNothingInFlightIsClean();

    void extendingDuringLameDuckMovesTheDeadline();
    void extendingDuringTheDrainMovesTheDeadline();
    void extensionFitsTheBudgetOrIsRefused_data();
    void extensionFitsTheBudgetOrIsRefused();
    void extensionIsOfASensibleLength_data();
    void extensionIsOfASensibleLength();
    void aStopsOwnDurationsMustFit_data();
    void aStopsOwnDurationsMustFit();
    void settingsThatDoNotFitTheBudgetStillStop();

    void quiesceAndResume();
    void resumeTakesAStopBack();
    void aStopAfterAResumeBeginsAnew();
    void quiescedTimeCountsAsLameDuck_data();
    void quiescedTimeCountsAsLameDuck();

    void lameDuckBeginsAtTheRequestHoweverLongTellingTakes();
    void aStopWhileStartingGoesStraightToStopping();
    void aStopWhileStartingGivesTasksTheirGrace();
    void aStopWhileStartingCancelsAndCutsLateTasks();

    void forcesFromEverySituation_data();
    void forcesFromEverySituation();
    void forcingTwiceIsHarmless();
    void theExitCodeOfAForceIsItsSignals_data();
    void theExitCodeOfAForceIsItsSignals();
    void aForceTellsWhatItCut();
    void aForceSkipsTheHooksLeft();

    void hooksDecideTheOutcomeToo_data();
    void hooksDecideTheOutcomeToo();
    void whatAHookLeavesInFlightIsCut();

    void refusesWhatComesAtTheWrongTime_data();
    void refusesWhatComesAtTheWrongTime();
    void refusalsChangeNothing_data();
    void refusalsChangeNothing();

    void slotsMayForce_data();
    void slotsMayForce();
    void aSlotMayResumeAtOnce();
    void aNoticeCallbackMayForce();

    void tellsReadinessAndCloseByState_data();
    void tellsReadinessAndCloseByState();
    void tellsTheProgressOfAStop();
    void theNoticeFollowsTheStop();
    void theReportTellsEverything();
    void logsEachStateChangeOnce();
    void logsWhatWouldNotLetGo();
};

void LifecycleTest::startsNotReadyAndServesOnce()
{
    LifecycleStage stage;
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Starting);
    QCOMPARE(stage.lifecycle.stateSince(), stage.clock.utcNow());
    QVERIFY(!stage.lifecycle.stop());
    stage.clock.advance(5ms);
    stage.lifecycle.serve();
    stage.lifecycle.serve();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+5 starting > serving"_s });
    QCOMPARE(stage.lifecycle.stateSince(), stage.clock.utcNow());
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::stopsAtOnceWhenNothingIsInFlight()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    QCOMPARE(told(stage.lifecycle.tryStop({ .cause = bySignal(), .lameDuck = {}, .grace = {} })),
             u"ok"_s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 starting > serving"_s, u"+0 serving > lame-duck"_s + kByTerm,
                           u"+0 lame duck began"_s, u"+0 lame-duck > draining"_s,
                           u"+0 drain began"_s }));
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 draining > stopping"_s, u"+0 stopping > stopped"_s,
                           u"+0 stopped clean 0"_s }));
    QCOMPARE(stage.clock.alarmsSet(), 0);
    stage.clock.advance(1h);
    QCOMPARE(stage.takeEvents(), QStringList());
}

void LifecycleTest::waitsOutLameDuckThenDrains()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    stage.clock.advance(100ms);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(999ms);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 starting > serving"_s, u"+100 serving > lame-duck"_s + kByTerm,
                           u"+100 lame duck began"_s }));
    stage.clock.advance(1ms);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+1100 lame-duck > draining"_s, u"+1100 drain began"_s,
                           u"+1100 draining > stopping"_s, u"+1100 stopping > stopped"_s,
                           u"+1100 stopped clean 0"_s }));
}

void LifecycleTest::drainsUntilTheLastIsDone()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    FakeWork &request = stage.begin();
    FakeWork &connection = stage.begin(WorkKind::Connection);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(3s);
    request.end();
    stage.clock.advance(2s);
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Draining);
    stage.takeEvents();
    connection.end();
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+5000 draining > stopping"_s, u"+5000 stopping > stopped"_s,
                           u"+5000 stopped clean 0"_s }));
    QCOMPARE(request.cancels + request.cuts + connection.cancels + connection.cuts, 0);
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 1, 0, 1, 0, 0 }));
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::acceptedDuringTheStopIsAnsweredToo()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    FakeWork &before = stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.begin().end(); // while still in lame duck
    stage.clock.advance(1s);
    FakeWork &during = stage.begin(); // once more on a connection kept alive
    before.end();
    stage.settle();
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Draining);
    during.end();
    stage.settle();
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 1, 2, 3, 0, 0 }));
    QCOMPARE(stage.report->exitCode, 0);
}

void LifecycleTest::aStopMayBringItsOwnDurations()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ byActor(u"alice"_s), 300ms, 700ms }));
    stage.clock.advance(10s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 starting > serving"_s,
                           u"+0 serving > lame-duck by alice through the admin API"_s,
                           u"+0 lame duck began"_s, u"+300 lame-duck > draining"_s,
                           u"+300 drain began"_s, u"+1000 deadline reached"_s, u"+3000 cut began"_s,
                           u"+3000 draining > stopping"_s, u"+3000 stopping > stopped"_s,
                           u"+3000 stopped incomplete 75"_s }));
}

void LifecycleTest::whatBeginsInDrainBeganHoldsTheDrain()
{
    LifecycleStage stage;
    FakeWork sweep(stage.inFlight, WorkKind::Listener);
    connect(&stage.lifecycle, &Lifecycle::drainBegan, this, [&] { sweep.begin(); });
    stage.lifecycle.serve();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(2ms);
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Draining);
    sweep.end();
    stage.settle();
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Stopped);
    QCOMPARE(stage.report->exitCode, 0);
}

void LifecycleTest::cancelsAtTheDeadlineAndThatIsIncomplete()
{
    LifecycleStage stage(settingsOf(0s, 25s));
    stage.lifecycle.serve();
    FakeWork &late = stage.begin();
    late.onCancel = [&] { late.end(WorkOutcome::Cancelled); };
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.takeEvents();
    stage.clock.advance(24'999ms);
    QCOMPARE(late.cancels, 0);
    stage.clock.advance(1ms);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+25000 deadline reached"_s, u"+25000 draining > stopping"_s,
                           u"+25000 stopping > stopped"_s, u"+25000 stopped incomplete 75"_s }));
    QCOMPARE(late.cancels, 1);
    QCOMPARE(late.cuts, 0);
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 1, 0, 0, 1, 0 }));
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::anAnswerAfterTheDeadlineStillCounts()
{
    LifecycleStage stage(settingsOf(0s, 25s));
    stage.lifecycle.serve();
    FakeWork &late = stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.takeEvents();
    stage.clock.advance(26s);
    late.end(WorkOutcome::Drained);
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+25000 deadline reached"_s, u"+26000 draining > stopping"_s,
                           u"+26000 stopping > stopped"_s, u"+26000 stopped clean 0"_s }));
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 1, 0, 1, 0, 0 }));
}

void LifecycleTest::cutsAfterTheCancelGrace()
{
    LifecycleStage stage(settingsOf(0s, 25s));
    stage.lifecycle.serve();
    FakeWork &stubborn = stage.begin();
    FakeWork &obedient = stage.begin();
    obedient.onCancel = [&] { obedient.end(WorkOutcome::Cancelled); };
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.takeEvents();
    stage.clock.advance(26'999ms);
    QCOMPARE(stubborn.cuts, 0);
    stage.clock.advance(1ms);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+25000 deadline reached"_s, u"+27000 cut began"_s,
                           u"+27000 draining > stopping"_s, u"+27000 stopping > stopped"_s,
                           u"+27000 stopped incomplete 75"_s }));
    QCOMPARE(stubborn.cancels, 1);
    QCOMPARE(stubborn.cuts, 1);
    QCOMPARE(obedient.cuts, 0);
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 2, 0, 0, 1, 1 }));
}

void LifecycleTest::goesOnWithoutWhatWouldNotLetGo()
{
    LifecycleStage stage(settingsOf(0s, 25s));
    stage.lifecycle.serve();
    FakeWork &stuck = stage.begin(WorkKind::Connection);
    stuck.onCut = [] {};
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.takeEvents();
    stage.clock.advance(1min);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+25000 deadline reached"_s, u"+27000 cut began"_s,
                           u"+27000 draining > stopping"_s, u"+27000 stopping > stopped"_s,
                           u"+27000 stopped incomplete 75"_s }));
    QCOMPARE(stage.log.lines("warning"_L1).filter(u"would not let go"_s).size(), 1);
}

void LifecycleTest::aClientThatLeavesIsNoLoss()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    FakeWork &request = stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    request.end(WorkOutcome::ClientLeft);
    stage.settle();
    QCOMPARE(stage.report->exitCode, 0);
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 1, 0, 0, 0, 1 }));
}

void LifecycleTest::cuttingAnIdleConnectionIsNoLoss()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    stage.begin(WorkKind::Connection);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(1min);
    QCOMPARE(stage.report->outcome, StopOutcome::Clean);
    QCOMPARE(stage.report->exitCode, 0);
}

void LifecycleTest::aGraceOfZeroCancelsAtOnce()
{
    LifecycleStage stage(settingsOf(0s, 0s));
    stage.lifecycle.serve();
    FakeWork &request = stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QCOMPARE(request.cancels, 0);
    stage.takeEvents();
    stage.settle();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 deadline reached"_s });
    QCOMPARE(request.cancels, 1);
}

void LifecycleTest::aGraceOfZeroWithNothingInFlightIsClean()
{
    LifecycleStage stage(settingsOf(0s, 0s));
    stage.lifecycle.serve();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.takeEvents();
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 draining > stopping"_s, u"+0 stopping > stopped"_s,
                           u"+0 stopped clean 0"_s }));
}

void LifecycleTest::extendingDuringLameDuckMovesTheDeadline()
{
    LifecycleStage stage(settingsOf(1s, 10s));
    stage.lifecycle.serve();
    stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.takeEvents();
    stage.clock.advance(500ms);
    QVERIFY(stage.lifecycle.tryExtend(5s, byActor(u"alice"_s)));
    stage.clock.advance(15'500ms);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+500 extended by 5000 by alice through the admin API"_s,
                           u"+1000 lame-duck > draining"_s, u"+1000 drain began"_s,
                           u"+16000 deadline reached"_s }));
}

void LifecycleTest::extendingDuringTheDrainMovesTheDeadline()
{
    LifecycleStage stage(settingsOf(0s, 10s));
    stage.lifecycle.serve();
    stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.takeEvents();
    stage.clock.advance(9s);
    QVERIFY(stage.lifecycle.tryExtend(5s, byActor(u"alice"_s)));
    QVERIFY(stage.lifecycle.tryExtend(1s, byActor(u"bob"_s)));
    QCOMPARE(stage.lifecycle.stop()->extended, 6s);
    QCOMPARE(stage.lifecycle.stop()->remaining, 7s);
    stage.clock.advance(7s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+9000 extended by 5000 by alice through the admin API"_s,
                           u"+9000 extended by 1000 by bob through the admin API"_s,
                           u"+16000 deadline reached"_s }));
}

void LifecycleTest::extensionFitsTheBudgetOrIsRefused_data()
{
    // lame duck 1 s, grace 10 s, cancel grace 2 s, one hook of 2 s: 15 s without extension.
    QTest::addColumn<int>("budgetMs");
    QTest::addColumn<int>("firstMs");
    QTest::addColumn<int>("secondMs");
    QTest::addColumn<QString>("expected");
    QTest::newRow("no budget") << 0 << 3'600'000 << 3'600'000 << u"ok"_s;
    QTest::newRow("exactly") << 18'000 << 1'000 << 2'000 << u"ok"_s;
    QTest::newRow("a millisecond too much") << 18'000 << 1'000 << 2'001 << u"past-budget"_s;
    QTest::newRow("a small one after a refusal") << 16'000 << 5'000 << 1'000 << u"ok"_s;
    QTest::newRow("nothing left") << 15'000 << 1 << 1 << u"past-budget"_s;
}

void LifecycleTest::extensionFitsTheBudgetOrIsRefused()
{
    QFETCH(int, budgetMs);
    QFETCH(int, firstMs);
    QFETCH(int, secondMs);
    QFETCH(QString, expected);
    StopSettings settings = settingsOf(1s, 10s);
    settings.budget = std::chrono::milliseconds(budgetMs);
    LifecycleStage stage(settings);
    stage.addHangingHook(u"flush"_s);
    stage.lifecycle.serve();
    stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    (void)stage.lifecycle.tryExtend(std::chrono::milliseconds(firstMs), bySignal());
    stage.clock.advance(2s);
    const std::optional<StopProgress> progress = stage.lifecycle.stop();
    if (budgetMs == 0) {
        QVERIFY(!progress->latestDeadlineAt);
    } else {
        const qint64 mostMs = progress->deadlineAt.msecsTo(*progress->latestDeadlineAt);
        QCOMPARE(secondMs <= mostMs, expected == "ok"_L1); // it says what would be refused
    }
    const LifecycleResult second =
        stage.lifecycle.tryExtend(std::chrono::milliseconds(secondMs), bySignal());
    QCOMPARE(told(second), expected);
}

void LifecycleTest::extensionIsOfASensibleLength_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("expected");
    QTest::newRow("negative") << qint64(-1) << u"bad-duration"_s;
    QTest::newRow("zero") << qint64(0) << u"bad-duration"_s;
    QTest::newRow("the shortest") << qint64(1) << u"ok"_s;
    QTest::newRow("the longest") << qint64(24 * 3'600'000) << u"ok"_s;
    QTest::newRow("longer") << qint64(24 * 3'600'000 + 1) << u"bad-duration"_s;
    QTest::newRow("absurd") << std::numeric_limits<qint64>::max() << u"bad-duration"_s;
}

void LifecycleTest::extensionIsOfASensibleLength()
{
    QFETCH(qint64, ms);
    QFETCH(QString, expected);
    LifecycleStage stage;
    stage.reach(u"draining"_s);
    QCOMPARE(told(stage.lifecycle.tryExtend(std::chrono::milliseconds(ms), bySignal())), expected);
    const qint64 remaining = 25'000 + (expected == u"ok"_s ? ms : 0);
    QCOMPARE(stage.lifecycle.stop()->remaining.count(), remaining);
}

void LifecycleTest::aStopsOwnDurationsMustFit_data()
{
    // budget 15 s, cancel grace 2 s, no hooks: 13 s for lame duck and grace
    QTest::addColumn<qint64>("lameDuckMs");
    QTest::addColumn<qint64>("graceMs");
    QTest::addColumn<QString>("expected");
    QTest::newRow("fit exactly") << qint64(3'000) << qint64(10'000) << u"ok"_s;
    QTest::newRow("a millisecond too much") << qint64(3'000) << qint64(10'001) << u"past-budget"_s;
    QTest::newRow("nothing at all") << qint64(0) << qint64(0) << u"ok"_s;
    QTest::newRow("negative lame duck") << qint64(-1) << qint64(1) << u"bad-duration"_s;
    QTest::newRow("negative grace") << qint64(1) << qint64(-1) << u"bad-duration"_s;
    QTest::newRow("absurd") << std::numeric_limits<qint64>::max() << qint64(1) << u"bad-duration"_s;
}

void LifecycleTest::aStopsOwnDurationsMustFit()
{
    QFETCH(qint64, lameDuckMs);
    QFETCH(qint64, graceMs);
    QFETCH(QString, expected);
    StopSettings settings;
    settings.budget = 15s;
    LifecycleStage stage(settings);
    stage.lifecycle.serve();
    const StopRequest request{ bySignal(), std::chrono::milliseconds(lameDuckMs),
                               std::chrono::milliseconds(graceMs) };
    QCOMPARE(told(stage.lifecycle.tryStop(request)), expected);
    QCOMPARE(stage.lifecycle.stop().has_value(), expected == u"ok"_s);
}

void LifecycleTest::settingsThatDoNotFitTheBudgetStillStop()
{
    StopSettings settings = settingsOf(48h, 25s); // start-up refuses this; a signal must not
    settings.budget = 1s;
    LifecycleStage stage(settings);
    stage.lifecycle.serve();
    QCOMPARE(told(stage.lifecycle.tryStop({ bySignal(), {}, {} })), u"ok"_s);
}

void LifecycleTest::quiesceAndResume()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    FakeWork &request = stage.begin();
    QVERIFY(stage.lifecycle.tryQuiesce(byActor(u"alice"_s)));
    QVERIFY(stage.lifecycle.tryQuiesce(byActor(u"bob"_s)));
    QVERIFY(!stage.lifecycle.stop());
    QVERIFY(!stage.notice.hasBegun());
    stage.clock.advance(24h); // no deadline
    QVERIFY(stage.lifecycle.tryResume(byActor(u"carol"_s)));
    QVERIFY(stage.lifecycle.tryResume(byActor(u"dave"_s)));
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 starting > serving"_s,
                           u"+0 serving > lame-duck by alice through the admin API"_s,
                           u"+0 lame duck began"_s,
                           u"+86400000 lame-duck > serving by carol through the admin API"_s,
                           u"+86400000 resumed"_s }));
    QCOMPARE(request.cancels, 0);
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::resumeTakesAStopBack()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(999ms);
    QVERIFY(stage.lifecycle.tryResume(byActor(u"alice"_s)));
    stage.clock.advance(1h);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 starting > serving"_s, u"+0 serving > lame-duck"_s + kByTerm,
                           u"+0 lame duck began"_s,
                           u"+999 lame-duck > serving by alice through the admin API"_s,
                           u"+999 resumed"_s }));
    QVERIFY(!stage.lifecycle.stop());
    QVERIFY(!stage.notice.hasBegun());
    QCOMPARE(counts(stage.inFlight.requestTally()), (QList<qint64>{ 0, 0, 0, 0, 0 }));
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::aStopAfterAResumeBeginsAnew()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QVERIFY(stage.lifecycle.tryExtend(10s, bySignal()));
    stage.begin().end(WorkOutcome::Aborted);
    QVERIFY(stage.lifecycle.tryResume(bySignal()));
    stage.clock.advance(10s);
    stage.takeEvents();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(2), {}, {} }));
    QCOMPARE(stage.lifecycle.stop()->remaining, 26s);
    QCOMPARE(stage.lifecycle.stop()->extended, 0ms);
    stage.clock.advance(1s);
    QCOMPARE(stage.report->outcome, StopOutcome::Clean);
    QCOMPARE(stage.report->cause, bySignal(2));
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 0, 0, 0, 0, 0 }));
    QCOMPARE(stage.report->phases.size(), 3);
}

void LifecycleTest::quiescedTimeCountsAsLameDuck_data()
{
    QTest::addColumn<int>("quiescedMs");
    QTest::addColumn<int>("lameDuckLeftMs");
    QTest::newRow("not at all") << 0 << 1'000;
    QTest::newRow("in part") << 400 << 600;
    QTest::newRow("wholly") << 1'000 << 0;
    QTest::newRow("long since") << 3'600'000 << 0;
}

void LifecycleTest::quiescedTimeCountsAsLameDuck()
{
    QFETCH(int, quiescedMs);
    QFETCH(int, lameDuckLeftMs);
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    QVERIFY(stage.lifecycle.tryQuiesce(byActor(u"alice"_s)));
    stage.clock.advance(std::chrono::milliseconds(quiescedMs));
    stage.takeEvents();
    FakeWork &request = stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QCOMPARE(stage.lifecycle.stop()->remaining.count(), lameDuckLeftMs + 25'000);
    stage.clock.advance(std::chrono::milliseconds(lameDuckLeftMs));
    request.end();
    stage.settle();
    const int at = quiescedMs + lameDuckLeftMs;
    const QStringList events{ u"lame-duck > draining"_s, u"drain began"_s, u"draining > stopping"_s,
                              u"stopping > stopped"_s, u"stopped clean 0"_s };
    QStringList expected;
    for (const QString &event : events)
        expected << u"+%1 "_s.arg(at) + event;
    QCOMPARE(stage.takeEvents(), expected);
    QCOMPARE(stage.report->phases.at(0).name, u"lame-duck"_s);
    QCOMPARE(stage.report->phases.at(0).duration.count(), lameDuckLeftMs);
    QCOMPARE(stage.report->phases.at(0).startedAt, stage.report->requestedAt);
}

void LifecycleTest::lameDuckBeginsAtTheRequestHoweverLongTellingTakes()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    stage.lifecycle.serve();
    const std::stop_callback slow(stage.notice.token(), [&stage] { stage.clock.advance(40ms); });
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(960ms);
    QCOMPARE(stage.report->phases.at(0).name, u"lame-duck"_s);
    QCOMPARE(stage.report->phases.at(0).startedAt, stage.report->requestedAt);
    QCOMPARE(stage.report->phases.at(0).duration, 1s);
}

void LifecycleTest::aStopWhileStartingGoesStraightToStopping()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.lifecycle.serve(); // the listener came up all the same
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 starting > stopping"_s + kByTerm, u"+0 stopping > stopped"_s,
                           u"+0 stopped clean 0"_s }));
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::aStopWhileStartingGivesTasksTheirGrace()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    FakeWork &task = stage.begin(WorkKind::Task);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QCOMPARE(stage.lifecycle.stop()->remaining, 25s);
    stage.clock.advance(24s);
    stage.lifecycle.serve();
    QCOMPARE(stage.takeEvents(), QStringList());
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Starting);
    task.end();
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+24000 starting > stopping"_s + kByTerm,
                           u"+24000 stopping > stopped"_s, u"+24000 stopped clean 0"_s }));
    QCOMPARE(task.cancels, 0);
    QCOMPARE(stage.report->phases.at(0).name, u"starting"_s);
    QCOMPARE(stage.report->phases.at(0).duration, 24s);
}

void LifecycleTest::aStopWhileStartingCancelsAndCutsLateTasks()
{
    LifecycleStage stage;
    FakeWork &task = stage.begin(WorkKind::Task);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(1min);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+25000 deadline reached"_s, u"+27000 cut began"_s,
                           u"+27000 starting > stopping"_s + kByTerm,
                           u"+27000 stopping > stopped"_s, u"+27000 stopped incomplete 75"_s }));
    QCOMPARE(task.cancels, 1);
    QCOMPARE(task.cuts, 1);
}

void LifecycleTest::forcesFromEverySituation_data()
{
    QTest::addColumn<QString>("situation");
    QTest::addColumn<QStringList>("expected");
    const QString byInt = u" by SIGINT from an unknown sender"_s;
    const QStringList end{ u"stopping > stopped"_s, u"stopped forced 130"_s };
    const QString cut = u"cut began"_s;
    QTest::newRow("starting") << u"starting"_s
                              << (QStringList{ cut, u"starting > stopping"_s + byInt } + end);
    QTest::newRow("told while starting")
        << u"told while starting"_s << (QStringList{ cut, u"starting > stopping"_s + byInt } + end);
    QTest::newRow("serving") << u"serving"_s
                             << (QStringList{ cut, u"serving > stopping"_s + byInt } + end);
    QTest::newRow("quiesced") << u"quiesced"_s
                              << (QStringList{ cut, u"lame-duck > stopping"_s + byInt } + end);
    QTest::newRow("lame duck") << u"lame duck"_s
                               << (QStringList{ cut, u"lame-duck > stopping"_s + byInt } + end);
    QTest::newRow("draining") << u"draining"_s
                              << (QStringList{ cut, u"draining > stopping"_s + byInt } + end);
    QTest::newRow("cancelling") << u"cancelling"_s
                                << (QStringList{ cut, u"draining > stopping"_s + byInt } + end);
    QTest::newRow("stopping") << u"stopping"_s << (QStringList{ cut } + end);
    QTest::newRow("stopped") << u"stopped"_s << QStringList();
}

void LifecycleTest::forcesFromEverySituation()
{
    QFETCH(QString, situation);
    QFETCH(QStringList, expected);
    LifecycleStage stage;
    stage.reach(situation);
    const bool isOver = situation == u"stopped"_s;
    FakeWork &request = stage.begin();
    stage.takeEvents();
    stage.lifecycle.force(bySignal(2));
    QCOMPARE(request.cuts, isOver ? 0 : 1);
    QVERIFY(isOver || stage.lifecycle.state() == LifecycleState::Stopping); // not stopped inside it
    stage.settle();
    QStringList events;
    for (const QString &event : stage.takeEvents())
        events << event.section(u' ', 1);
    QCOMPARE(events, expected);
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Stopped);
    QCOMPARE(stage.clock.alarmsSet(), 0);
    QCOMPARE(stage.report->outcome, isOver ? StopOutcome::Clean : StopOutcome::Forced);
    const QList<qint64> requests = counts(stage.report->requests);
    QCOMPARE(requests[0] + requests[1], requests[2] + requests[3] + requests[4]);
}

void LifecycleTest::forcingTwiceIsHarmless()
{
    LifecycleStage stage;
    stage.reach(u"draining"_s);
    stage.takeEvents();
    stage.lifecycle.force(bySignal(2));
    stage.lifecycle.force(bySignal(15));
    stage.settle();
    stage.lifecycle.force(bySignal(15));
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 cut began"_s,
                           u"+0 draining > stopping by SIGINT from an unknown sender"_s,
                           u"+0 stopping > stopped"_s, u"+0 stopped forced 130"_s }));
}

void LifecycleTest::theExitCodeOfAForceIsItsSignals_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("SIGTERM") << 15 << 143;
    QTest::newRow("SIGINT") << 2 << 130;
    QTest::newRow("the admin API") << 0 << 75;
}

void LifecycleTest::theExitCodeOfAForceIsItsSignals()
{
    QFETCH(int, signal);
    QFETCH(int, exitCode);
    LifecycleStage stage;
    stage.reach(u"draining"_s);
    stage.lifecycle.force(signal > 0 ? bySignal(signal) : byActor(u"alice"_s));
    stage.settle();
    QCOMPARE(stage.report->exitCode, exitCode);
    QCOMPARE(stage.report->cause, bySignal()); // who asked for the stop, not who lost patience
}

void LifecycleTest::aForceTellsWhatItCut()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    FakeWork &request = stage.begin();
    FakeWork &job = stage.begin(WorkKind::Job);
    stage.lifecycle.force(byActor(u"alice"_s));
    stage.settle();
    QCOMPARE(request.cuts, 1);
    QCOMPARE(job.cuts, 1);
    QCOMPARE(request.cancels, 0);
    QVERIFY(stage.notice.hasBegun());
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 1, 0, 0, 0, 1 }));
    QCOMPARE(stage.report->cause, byActor(u"alice"_s));
    QCOMPARE(stage.report->slowest.size(), 2);
    QCOMPARE(stage.report->phases.size(), 1);
    QCOMPARE(stage.report->phases.at(0).name, u"stopping"_s);
}

void LifecycleTest::aForceSkipsTheHooksLeft()
{
    LifecycleStage stage;
    stage.addHangingHook(u"never begun"_s);
    stage.reach(u"stopping"_s);
    stage.clock.advance(100ms);
    stage.lifecycle.force(bySignal());
    stage.settle();
    QCOMPARE(stage.report->hooks.size(), 2);
    QCOMPARE(stage.report->hooks.at(0).name, u"hanging"_s);
    QCOMPARE(stage.report->hooks.at(0).result, u"skipped"_s);
    QCOMPARE(stage.report->hooks.at(0).duration, 100ms);
    QCOMPARE(stage.report->hooks.at(1).name, u"never begun"_s);
    QCOMPARE(stage.report->hooks.at(1).result, u"skipped"_s);
}

void LifecycleTest::hooksDecideTheOutcomeToo_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<QString>("result");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("in time") << u"in time"_s << u"ok"_s << 0;
    QTest::newRow("late") << u"late"_s << u"timed-out"_s << 75;
    QTest::newRow("failing") << u"failing"_s << u"failed"_s << 75;
}

void LifecycleTest::hooksDecideTheOutcomeToo()
{
    QFETCH(QString, ending);
    QFETCH(QString, result);
    QFETCH(int, exitCode);
    const LogRecorder log("quiesce.hooks");
    LifecycleStage stage;
    QPromise<void> &hook = stage.addHangingHook(u"flush"_s);
    stage.lifecycle.serve();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(1s);
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Stopping);
    if (ending == u"late"_s)
        stage.clock.advance(1s);
    if (ending == u"failing"_s)
        hook.setException(std::make_exception_ptr(std::runtime_error("no")));
    hook.finish();
    stage.settle();
    QCOMPARE(stage.report->hooks.value(0).result, result);
    QCOMPARE(stage.report->exitCode, exitCode);
    QCOMPARE(stage.report->outcome, exitCode == 0 ? StopOutcome::Clean : StopOutcome::Incomplete);
    QCOMPARE(log.lines().size(), exitCode == 0 ? 0 : 1);
}

void LifecycleTest::whatAHookLeavesInFlightIsCut()
{
    LifecycleStage stage;
    stage.hooks.addAsync(u"careless"_s, [&] {
        stage.begin();
        return quiesce::readyFuture();
    });
    stage.lifecycle.serve();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.settle();
    QVERIFY(stage.inFlight.isEmpty());
    QCOMPARE(counts(stage.report->requests), (QList<qint64>{ 0, 1, 0, 0, 1 }));
    QCOMPARE(stage.report->exitCode, 75);
}

void LifecycleTest::refusesWhatComesAtTheWrongTime_data()
{
    QTest::addColumn<QString>("situation");
    QTest::addColumn<QString>("quiesce");
    QTest::addColumn<QString>("resume");
    QTest::addColumn<QString>("stop");
    QTest::addColumn<QString>("extend");
    const QString ok = u"ok"_s;
    const QString already = u"already-stopping"_s;
    const QString none = u"not-stopping"_s;
    const QString past = u"past-no-return"_s;
    const QString early = u"not-serving"_s;
    const auto row = [](const char *situation) -> QTestData & {
        return QTest::newRow(situation) << QString::fromLatin1(situation);
    };
    row("starting") << early << early << ok << none;
    row("told while starting") << already << past << already << ok;
    row("serving") << ok << ok << ok << none;
    row("quiesced") << ok << ok << ok << none;
    row("lame duck") << already << ok << already << ok;
    row("draining") << already << past << already << ok;
    row("cancelling") << already << past << already << past;
    row("stopping") << already << past << already << past;
    row("stopped") << already << past << already << past;
}

void LifecycleTest::refusesWhatComesAtTheWrongTime()
{
    QFETCH(QString, situation);
    const auto inSituation = [&](auto operation) {
        LifecycleStage stage;
        stage.reach(situation);
        return told(operation(stage.lifecycle));
    };
    const StopCause cause = byActor(u"alice"_s);
    QTEST(inSituation([&](Lifecycle &l) { return l.tryQuiesce(cause); }), "quiesce");
    QTEST(inSituation([&](Lifecycle &l) { return l.tryResume(cause); }), "resume");
    QTEST(inSituation([&](Lifecycle &l) { return l.tryStop({ cause, {}, {} }); }), "stop");
    QTEST(inSituation([&](Lifecycle &l) { return l.tryExtend(1s, cause); }), "extend");
}

void LifecycleTest::refusalsChangeNothing_data()
{
    refusesWhatComesAtTheWrongTime_data();
}

void LifecycleTest::refusalsChangeNothing()
{
    QFETCH(QString, situation);
    LifecycleStage stage;
    stage.reach(situation);
    stage.takeEvents();
    const LifecycleState state = stage.lifecycle.state();
    const std::optional<SteadyTime> deadline = stage.notice.deadline();
    const StopCause cause = byActor(u"alice"_s);
    const auto tryIfRefused = [&](const char *column, auto operation) {
        const QString expected =
            *static_cast<const QString *>(QTest::qData(column, qMetaTypeId<QString>()));
        if (expected != u"ok"_s)
            QCOMPARE(told(operation()), expected);
    };
    tryIfRefused("quiesce", [&] { return stage.lifecycle.tryQuiesce(cause); });
    tryIfRefused("resume", [&] { return stage.lifecycle.tryResume(cause); });
    tryIfRefused("stop", [&] { return stage.lifecycle.tryStop({ cause, {}, {} }); });
    tryIfRefused("extend", [&] { return stage.lifecycle.tryExtend(1s, cause); });
    QCOMPARE(stage.takeEvents(), QStringList());
    QCOMPARE(stage.lifecycle.state(), state);
    QVERIFY(stage.notice.deadline() == deadline);
}

void LifecycleTest::slotsMayForce_data()
{
    QTest::addColumn<int>("at"); // the how-manieth event it is forced from
    QTest::newRow("serving > lame-duck") << 1;
    QTest::newRow("lame duck began") << 2;
    QTest::newRow("lame-duck > draining") << 3;
    QTest::newRow("drain began") << 4;
    QTest::newRow("deadline reached") << 5;
    QTest::newRow("cut began") << 6;
    QTest::newRow("draining > stopping") << 7;
    QTest::newRow("stopping > stopped") << 8;
}

void LifecycleTest::slotsMayForce()
{
    QFETCH(int, at);
    LifecycleStage stage(settingsOf(1s, 1s));
    int events = 0;
    int stops = 0;
    const auto count = [&] {
        if (++events == at)
            stage.lifecycle.force(byActor(u"alice"_s));
    };
    stage.lifecycle.serve();
    connect(&stage.lifecycle, &Lifecycle::stateChanged, this, count);
    connect(&stage.lifecycle, &Lifecycle::lameDuckBegan, this, count);
    connect(&stage.lifecycle, &Lifecycle::drainBegan, this, count);
    connect(&stage.lifecycle, &Lifecycle::deadlineReached, this, count);
    connect(&stage.lifecycle, &Lifecycle::cutBegan, this, count);
    connect(&stage.lifecycle, &Lifecycle::stopped, this, [&] { ++stops; });
    stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(1min);
    QCOMPARE(stops, 1);
    QCOMPARE(stage.takeEvents().filter(u"cut began"_s).size(), 1);
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Stopped);
    const bool isTooLate = at == 8;
    QCOMPARE(stage.report->outcome, isTooLate ? StopOutcome::Incomplete : StopOutcome::Forced);
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::aSlotMayResumeAtOnce()
{
    LifecycleStage stage;
    connect(&stage.lifecycle, &Lifecycle::lameDuckBegan, this,
            [&] { QVERIFY(stage.lifecycle.tryResume(byActor(u"alice"_s))); });
    stage.lifecycle.serve();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(1min);
    QCOMPARE(stage.lifecycle.state(), LifecycleState::Serving);
    QVERIFY(!stage.lifecycle.stop());
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void LifecycleTest::aNoticeCallbackMayForce()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    stage.takeEvents();
    const std::stop_callback callback(stage.notice.token(),
                                      [&] { stage.lifecycle.force(byActor(u"alice"_s)); });
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.settle();
    QCOMPARE(
        stage.takeEvents(),
        (QStringList{ u"+0 cut began"_s, u"+0 serving > stopping by alice through the admin API"_s,
                      u"+0 stopping > stopped"_s, u"+0 stopped forced 75"_s }));
}

void LifecycleTest::tellsReadinessAndCloseByState_data()
{
    QTest::addColumn<bool>("isReady");
    QTest::addColumn<bool>("wantsClose");
    QTest::newRow("starting") << false << false;
    QTest::newRow("told while starting") << false << false;
    QTest::newRow("serving") << true << false;
    QTest::newRow("quiesced") << false << true;
    QTest::newRow("lame duck") << false << true;
    QTest::newRow("draining") << false << true;
    QTest::newRow("stopping") << false << true;
    QTest::newRow("stopped") << false << true;
}

void LifecycleTest::tellsReadinessAndCloseByState()
{
    LifecycleStage stage;
    stage.reach(QString::fromLatin1(QTest::currentDataTag()));
    QTEST(stage.lifecycle.isReady(), "isReady");
    QTEST(stage.lifecycle.wantsClose(), "wantsClose");
}

void LifecycleTest::tellsTheProgressOfAStop()
{
    LifecycleStage stage(settingsOf(1s, 10s));
    stage.lifecycle.serve();
    stage.begin();
    const QDateTime requestedAt = stage.clock.utcNow();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(4s);
    const std::optional<StopProgress> progress = stage.lifecycle.stop();
    QVERIFY(progress);
    QCOMPARE(progress->cause, bySignal());
    QCOMPARE(progress->requestedAt, requestedAt);
    QVERIFY(progress->deadline == stage.clock.now() + 7s);
    QCOMPARE(progress->deadlineAt, requestedAt.addSecs(11));
    QCOMPARE(progress->remaining, 7s);
    QCOMPARE(progress->extended, 0ms);
    stage.clock.advance(8s);
    QCOMPARE(stage.lifecycle.stop()->remaining, 0ms);
    QCOMPARE(stage.lifecycle.stop()->deadlineAt, requestedAt.addSecs(11));
}

void LifecycleTest::theNoticeFollowsTheStop()
{
    LifecycleStage stage(settingsOf(1s, 10s));
    stage.lifecycle.serve();
    const std::stop_token token = stage.notice.token();
    const SteadyTime start = stage.clock.now();
    QVERIFY(!token.stop_requested());
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QVERIFY(token.stop_requested());
    QVERIFY(stage.notice.deadline() == start + 11s);
    QVERIFY(stage.lifecycle.tryExtend(2s, bySignal()));
    QVERIFY(stage.notice.deadline() == start + 13s);
    QVERIFY(stage.lifecycle.tryResume(bySignal()));
    QVERIFY(!stage.notice.deadline());
    QVERIFY(!stage.notice.token().stop_requested());
}

void LifecycleTest::theReportTellsEverything()
{
    LifecycleStage stage(settingsOf(1s, 25s));
    QPromise<void> &hook = stage.addHangingHook(u"flush"_s);
    stage.lifecycle.serve();
    FakeWork &request = stage.begin();
    const QDateTime start = stage.clock.utcNow();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(3s);
    request.end();
    stage.clock.advance(20ms);
    hook.finish();
    stage.settle();
    const StopReport &report = *stage.report;
    QCOMPARE(report.name, u"quiesced"_s);
    QCOMPARE(report.instanceId, u"i-1"_s);
    QCOMPARE(report.version, u"0.1.0"_s);
    QCOMPARE(report.cause, bySignal());
    QCOMPARE(report.requestedAt, start);
    QCOMPARE(report.stoppedAt, start.addMSecs(3'020));
    QStringList phases;
    for (const StopReport::Phase &phase : report.phases) {
        phases << u"%1 +%2 %3"_s.arg(phase.name)
                      .arg(start.msecsTo(phase.startedAt))
                      .arg(phase.duration.count());
    }
    QCOMPARE(
        phases,
        (QStringList{ u"lame-duck +0 1000"_s, u"draining +1000 2000"_s, u"stopping +3000 20"_s }));
    QCOMPARE(report.hooks.size(), 1);
    QCOMPARE(report.hooks.at(0).duration, 20ms);
    QCOMPARE(report.slowest.size(), 1);
    QCOMPARE(report.slowest.at(0).age, 3s);
    QCOMPARE(report.slowest.at(0).endedAt, start.addMSecs(3'000));
    QCOMPARE(report.slowest.at(0).outcome, u"drained"_s);
}

void LifecycleTest::logsEachStateChangeOnce()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    stage.begin().end();
    FakeWork &request = stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QVERIFY(stage.lifecycle.tryExtend(5s, byActor(u"alice"_s)));
    request.end();
    stage.settle();
    const QString cause = u" cause=\"SIGTERM from an unknown sender\""_s;
    QCOMPARE(
        stage.log.lines(),
        (QStringList{
            u"info: state changed from=starting to=serving"_s,
            u"info: stop requested"_s + cause + u" lameDuck=0s grace=25s atMost=27s requests=1"_s,
            u"info: state changed from=serving to=lame-duck"_s + cause,
            u"info: state changed from=lame-duck to=draining"_s,
            u"info: deadline extended by=5s extended=5s atMost=32s "
            "cause=\"alice through the admin API\""_s,
            u"info: state changed from=draining to=stopping"_s,
            u"info: state changed from=stopping to=stopped outcome=clean exitCode=0"_s }));
}

void LifecycleTest::logsWhatWouldNotLetGo()
{
    LifecycleStage stage;
    stage.lifecycle.serve();
    FakeWork &stuck = stage.begin(WorkKind::Request, u"GET /a"_s);
    stuck.onCut = [] {};
    stage.begin(WorkKind::Job, u"digest"_s);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    stage.clock.advance(1min);
    QCOMPARE(stage.log.lines("warning"_L1),
             (QStringList{ u"warning: deadline reached requests=1 jobs=1 tasks=0"_s,
                           u"warning: would not let go kind=request id=\"id of GET /a\" "
                           "label=\"GET /a\" age=27s"_s }));
}

QTEST_GUILESS_MAIN(LifecycleTest)
#include "tst_lifecycle.moc"
