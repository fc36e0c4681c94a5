// SPDX-License-Identifier: GPL-3.0-only
// What runs: places, ends, retries, time-outs, cancels, leases, progress, output, and their races.
#include "common/readyfuture.h"
#include "service/jobs/jobrunner.h"
#include "tests/jobs/jobstage.h"

#include <QTest>
#include <stdexcept>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

QString textOf(const JobStage &stage, const QString &name)
{
    const Job job = stage.job(name);
    return u"%1 %2/%3 %4"_s.arg(QString(toWire(job.state)))
        .arg(job.attempt)
        .arg(job.maxAttempts)
        .arg(job.error)
        .trimmed();
}

JobRequest withTimeout(std::chrono::milliseconds timeout)
{
    JobRequest request;
    request.timeout = timeout;
    return request;
}

void cancel(JobStage &stage, const QString &name)
{
    stage.queue.cancel(stage.id(name), [&stage, name](const Result<Job, JobError> &reply) {
        stage.note(name
                   + (reply ? u" cancel: "_s + toWire(reply.value().state)
                            : u" cancel refused: "_s + toWire(reply.error().kind)));
    });
    stage.settle();
}

} // namespace

class JobRunnerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsAJobToSuccess();
    void runsAsManyAsThereArePlaces();
    void runsOneOfAKindThatWantsSo();
    void runsAThousandThroughEightPlacesInOrder();
    void twoQueuesDoNotMeet();

    void triesAgainAfterItsBackOff();
    void failsWhenNoAttemptIsLeft();
    void aFinalFailureEndsAtOnce();
    void aThrowingHandlerFailsItsAttempt();
    void aPoisonJobEndsAsFailed();

    void timesOutAndIsTriedAgain();
    void letsGoOfAHandlerThatIgnoresItsTimeOut();
    void aSuccessAfterItsTimeOutCounts();
    void aTimeOutOfItsKindOrNone();
    void handlersLeftBehindTakePlacesWhenTheyAreMany();

    void cancelsARunningJob();
    void cancelsAQueuedJob();
    void aHandlerThatIgnoresACancelIsLetGo();
    void cancellingWhatIsEndingChangesNothing();
    void cancellingAfterATimeOutIsACancel();
    void cancellingWhatHasEndedIsRefused();

    void renewsAllLeasesWithOneCall();
    void aLostLeaseDropsTheJob();
    void aRenewalTellsOfACancellation();
    void aCheckpointTellsOfALostLease();
    void aResultWaitsForTheStore();
    void aResultWaitsForTheStoreWithoutAFault();
    void aResultTooLargeFails();

    void keepsCheckpointsAndBeginsThere();
    void aCheckpointRightBeforeTheEndIsKept();
    void tellsProgressTenTimesASecond();
    void writesOutputNowAndThenAndAtTheEnd();
    void saysHowLongAJobWillTakeYet();
};

void JobRunnerTest::runsAJobToSuccess()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    QCOMPARE(stage.inFlight.count(WorkKind::Job), 1);
    stage.advance(5s);
    stage.finish(u"a"_s, JobOutcome::success(42));
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a queued 0/3"_s, u"+0 a running 1/3"_s, u"+0 a begins"_s,
                           u"+5000 a succeeded 1/3"_s }));
    QCOMPARE(stage.job(u"a"_s).result, QJsonValue(42));
    QCOMPARE(stage.inFlight.count(), 0);
    QCOMPARE(stage.store->takeCalls(), (QStringList{ u"submit"_s, u"claim 8"_s, u"end"_s }));
}

void JobRunnerTest::runsAsManyAsThereArePlaces()
{
    JobSettings settings;
    settings.maxRunning = 2;
    JobStage stage(settings);
    stage.serve();
    for (const QString &name : { u"a"_s, u"b"_s, u"c"_s })
        stage.submit(u"slow"_s, name);
    QCOMPARE(stage.inFlight.count(WorkKind::Job), 2);
    stage.takeEvents();
    stage.finish(u"b"_s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 b succeeded 1/3"_s, u"+0 c running 1/3"_s, u"+0 c begins"_s }));
}

void JobRunnerTest::runsOneOfAKindThatWantsSo()
{
    JobStage stage;
    stage.serve();
    for (const QString &name : { u"a"_s, u"b"_s })
        stage.submit(u"single"_s, name);
    stage.submit(u"slow"_s, u"c"_s);
    QCOMPARE(textOf(stage, u"b"_s), u"queued 0/3"_s);
    QCOMPARE(textOf(stage, u"c"_s), u"running 1/3"_s);
    stage.takeEvents();
    stage.finish(u"a"_s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a succeeded 1/3"_s, u"+0 b running 1/3"_s, u"+0 b begins"_s }));
}

void JobRunnerTest::runsAThousandThroughEightPlacesInOrder()
{
    JobStage stage;
    QStringList ran;
    int most = 0;
    stage.addKind(u"count"_s, [&](const JobContext &context) {
        ran << nameOf(context.payload());
        most = std::max(most, stage.inFlight.count(WorkKind::Job));
        return quiesce::readyFuture(JobOutcome::success());
    });
    stage.serve();
    QStringList names;
    for (int i = 0; i < 1'000; ++i) {
        names << QString::number(i);
        const JobRequest request{ .kind = u"count"_s, .payload = { { u"name"_s, names.last() } } };
        stage.queue.submit(request, [](const Result<Submitted, JobError> &) {});
    }
    for (int i = 0; i < 1'000 && stage.queue.counts().of(JobState::Succeeded) < 1'000; ++i)
        stage.settle();
    QCOMPARE(ran, names);
    QVERIFY2(most <= 16, qPrintable(QString::number(most))); // eight run, eight are being kept
    QCOMPARE(stage.inFlight.count(), 0);
}

void JobRunnerTest::twoQueuesDoNotMeet()
{
    JobStage one;
    JobStage two;
    one.serve();
    two.serve();
    one.submit(u"slow"_s, u"a"_s);
    two.submit(u"slow"_s, u"b"_s);
    one.finish(u"a"_s);
    QCOMPARE(one.takeEvents().last(), u"+0 a succeeded 1/3"_s);
    QCOMPARE(two.takeEvents().last(), u"+0 b begins"_s);
    QCOMPARE(two.inFlight.count(), 1);
}

void JobRunnerTest::triesAgainAfterItsBackOff()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.finish(u"a"_s, JobOutcome::failure(u"broken"_s));
    QCOMPARE(textOf(stage, u"a"_s), u"scheduled 1/3 broken"_s);
    stage.takeEvents();
    stage.advance(499ms);
    QCOMPARE(stage.takeEvents(), QStringList());
    stage.advance(1ms);
    QCOMPARE(stage.takeEvents(), (QStringList{ u"+500 a running 2/3"_s, u"+500 a begins"_s }));
}

void JobRunnerTest::failsWhenNoAttemptIsLeft()
{
    JobStage stage;
    stage.serve();
    JobRequest twice;
    twice.maxAttempts = 2;
    stage.submit(u"slow"_s, u"a"_s, twice);
    stage.finish(u"a"_s, JobOutcome::failure(u"broken"_s));
    stage.advance(500ms);
    stage.finish(u"a"_s, JobOutcome::failure(u"broken again"_s));
    QCOMPARE(textOf(stage, u"a"_s), u"failed 2/2 broken again"_s);
    QCOMPARE(stage.takeEvents().last(), u"+500 a failed 2/2"_s);
}

void JobRunnerTest::aFinalFailureEndsAtOnce()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.finish(u"a"_s, JobOutcome::finalFailure(u"no such file"_s));
    QCOMPARE(textOf(stage, u"a"_s), u"failed 1/3 no such file"_s);
}

void JobRunnerTest::aThrowingHandlerFailsItsAttempt()
{
    JobStage stage;
    stage.addKind(u"throws"_s, [](const JobContext &) -> QFuture<JobOutcome> {
        throw std::runtime_error("no disk");
    });
    stage.serve();
    stage.submit(u"throws"_s, u"a"_s);
    QCOMPARE(textOf(stage, u"a"_s), u"scheduled 1/3 no disk"_s);
    QCOMPARE(stage.inFlight.count(), 0);
}

void JobRunnerTest::aPoisonJobEndsAsFailed()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    int rescued = 0;
    for (int crash = 0; crash < 3; ++crash) { // each time the process dies of it
        stage.store->open(u"i-1"_s,
                          [&](const Result<int, StoreError> &reply) { rescued += reply.value(); });
        Q_EMIT stage.store->workAdded();
        stage.advance(10s); // the heartbeat says that the lease is gone
        stage.settle();
    }
    QCOMPARE(rescued, 3);
    QCOMPARE(textOf(stage, u"a"_s), u"failed 3/3"_s);
    QCOMPARE(stage.inFlight.count(), 0);
}

void JobRunnerTest::timesOutAndIsTriedAgain()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s, withTimeout(3s));
    stage.advance(3s);
    QCOMPARE(stage.takeEvents().last(), u"+3000 a told"_s);
    stage.finish(u"a"_s, JobOutcome::interrupted());
    QCOMPARE(textOf(stage, u"a"_s), u"scheduled 1/3 timed out after 3000 ms"_s);
}

void JobRunnerTest::letsGoOfAHandlerThatIgnoresItsTimeOut()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s, withTimeout(3s));
    stage.takeEvents();
    stage.advance(5s);
    QCOMPARE(stage.takeEvents(), (QStringList{ u"+3000 a told"_s, u"+5000 a scheduled 1/3"_s }));
    QCOMPARE(textOf(stage, u"a"_s), u"scheduled 1/3 timed out after 3000 ms"_s);
    QVERIFY(stage.context(u"a"_s).stopToken().stop_requested());
    stage.finish(u"a"_s); // late: dropped
    QCOMPARE(textOf(stage, u"a"_s), u"scheduled 1/3 timed out after 3000 ms"_s);
    QCOMPARE(stage.jobLog.lines("warning"_L1).size(), 1);
}

void JobRunnerTest::aSuccessAfterItsTimeOutCounts()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s, withTimeout(3s));
    stage.advance(4s);
    stage.finish(u"a"_s);
    QCOMPARE(textOf(stage, u"a"_s), u"succeeded 1/3"_s);
}

void JobRunnerTest::aTimeOutOfItsKindOrNone()
{
    JobSettings settings;
    settings.timeout = 10s;
    JobStage stage(settings);
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    QVERIFY(!stage.context(u"a"_s).deadline().isForever());
    stage.advance(10s);
    QCOMPARE(stage.takeEvents().last(), u"+10000 a told"_s);

    settings.timeout = 0s;
    JobStage patient(settings);
    patient.serve();
    patient.submit(u"slow"_s, u"b"_s);
    QVERIFY(patient.context(u"b"_s).deadline().isForever());
    patient.advance(24h);
    QCOMPARE(patient.takeEvents().last(), u"+0 b begins"_s);
}

void JobRunnerTest::handlersLeftBehindTakePlacesWhenTheyAreMany()
{
    JobSettings settings;
    settings.maxRunning = 1;
    settings.maxAttempts = 1;
    JobStage stage(settings);
    stage.serve();
    for (const QString &name : { u"a"_s, u"b"_s, u"c"_s })
        stage.submit(u"slow"_s, name, withTimeout(1s));
    stage.advance(6s); // a, then b is left behind: one may be, two hold the only place
    QCOMPARE(textOf(stage, u"b"_s), u"failed 1/1 timed out after 1000 ms"_s);
    QCOMPARE(textOf(stage, u"c"_s), u"queued 0/1"_s);
    stage.finish(u"a"_s);
    QCOMPARE(textOf(stage, u"c"_s), u"running 1/1"_s);
}

void JobRunnerTest::cancelsARunningJob()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    cancel(stage, u"a"_s);
    stage.finish(u"a"_s, JobOutcome::failure(u"gave up"_s));
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a told"_s, u"+0 a cancel: running"_s, u"+0 a cancelled 1/3"_s }));
    QCOMPARE(stage.clock.alarmsSet(), 2); // retention's, and the heartbeat's last
}

void JobRunnerTest::cancelsAQueuedJob()
{
    JobStage stage;
    stage.serve();
    JobRequest later;
    later.runAt = stage.clock.utcNow().addSecs(60);
    stage.submit(u"quick"_s, u"a"_s, later);
    cancel(stage, u"a"_s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a scheduled 0/3"_s, u"+0 a cancelled 0/3"_s,
                           u"+0 a cancel: cancelled"_s }));
}

void JobRunnerTest::aHandlerThatIgnoresACancelIsLetGo()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    cancel(stage, u"a"_s);
    stage.takeEvents();
    stage.advance(2s);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+2000 a cancelled 1/3"_s });
    QCOMPARE(stage.inFlight.count(), 0);
}

void JobRunnerTest::cancellingWhatIsEndingChangesNothing()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.store->hold();
    stage.finish(u"a"_s); // the store has it, and has not answered
    cancel(stage, u"a"_s);
    stage.store->release();
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a succeeded 1/3"_s, u"+0 a cancel refused: job-ended"_s }));
}

void JobRunnerTest::cancellingAfterATimeOutIsACancel()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s, withTimeout(3s));
    stage.advance(4s);
    cancel(stage, u"a"_s);
    stage.takeEvents();
    stage.advance(1s); // the grace that began with the time-out is not begun anew
    QCOMPARE(stage.takeEvents(), QStringList{ u"+5000 a cancelled 1/3"_s });
}

void JobRunnerTest::cancellingWhatHasEndedIsRefused()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"quick"_s, u"a"_s);
    cancel(stage, u"a"_s);
    QCOMPARE(stage.takeEvents().last(), u"+0 a cancel refused: job-ended"_s);
}

void JobRunnerTest::renewsAllLeasesWithOneCall()
{
    JobStage stage;
    stage.serve();
    for (const QString &name : { u"a"_s, u"b"_s, u"c"_s })
        stage.submit(u"slow"_s, name);
    stage.store->takeCalls();
    stage.advance(25s);
    QCOMPARE(stage.store->takeCalls(), (QStringList{ u"renew 3"_s, u"renew 3"_s }));
    for (const QString &name : { u"a"_s, u"b"_s, u"c"_s })
        stage.finish(name);
    stage.store->takeCalls();
    stage.advance(40s);
    QCOMPARE(stage.store->takeCalls().filter(u"renew"_s), QStringList());
    QCOMPARE(stage.clock.alarmsSet(), 1); // retention's
}

void JobRunnerTest::aLostLeaseDropsTheJob()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.store->takeAway(stage.id(u"a"_s));
    stage.advance(10s);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+10000 a told"_s });
    QCOMPARE(stage.inFlight.count(), 0);
    stage.finish(u"a"_s);
    QCOMPARE(textOf(stage, u"a"_s), u"queued 1/3"_s);
    QCOMPARE(stage.jobLog.lines("warning"_L1).size(), 1);
}

/// Whatever became of the notice of it.
void JobRunnerTest::aRenewalTellsOfACancellation()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.submit(u"slow"_s, u"b"_s);
    stage.takeEvents();
    stage.store->askToCancel(stage.id(u"a"_s));
    stage.advance(9s);
    QCOMPARE(stage.takeEvents(), QStringList());
    stage.advance(1s);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+10000 a told"_s });
    stage.finish(u"a"_s, JobOutcome::interrupted());
    QCOMPARE(textOf(stage, u"a"_s), u"cancelled 1/3"_s);
    QCOMPARE(textOf(stage, u"b"_s), u"running 1/3"_s);
}

void JobRunnerTest::aCheckpointTellsOfALostLease()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.store->takeAway(stage.id(u"a"_s));
    const QFuture<bool> kept = stage.context(u"a"_s).beginCheckpoint({ { u"n"_s, 1 } });
    stage.settle();
    QVERIFY(kept.isFinished() && !kept.result());
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 a told"_s });
}

void JobRunnerTest::aResultWaitsForTheStore()
{
    JobSettings settings;
    settings.maxRunning = 1;
    JobStage stage(settings);
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.submit(u"slow"_s, u"b"_s);
    stage.store->setFault(u"disk full"_s);
    stage.finish(u"a"_s, JobOutcome::success(42));
    stage.takeEvents();
    stage.advance(1h);
    QCOMPARE(stage.takeEvents(), QStringList()); // its place is taken: b does not begin
    stage.store->setFault({});
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+3600000 a succeeded 1/3"_s, u"+3600000 b running 1/3"_s,
                           u"+3600000 b begins"_s }));
    QCOMPARE(stage.job(u"a"_s).result, QJsonValue(42));
}

void JobRunnerTest::aResultWaitsForTheStoreWithoutAFault()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.store->refuseNext(1);
    stage.finish(u"a"_s);
    QCOMPARE(stage.takeEvents(), QStringList());
    stage.advance(10s); // the heartbeat finds that the store can be written
    QCOMPARE(stage.takeEvents(), QStringList{ u"+10000 a succeeded 1/3"_s });
}

void JobRunnerTest::aResultTooLargeFails()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.store->refuseResults();
    stage.finish(u"a"_s, JobOutcome::success(42));
    QCOMPARE(textOf(stage, u"a"_s), u"failed 1/3 its result is larger than the store keeps"_s);
}

void JobRunnerTest::keepsCheckpointsAndBeginsThere()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    const QFuture<bool> kept = stage.context(u"a"_s).beginCheckpoint({ { u"n"_s, 7 } });
    QVERIFY(!kept.isFinished());
    stage.settle();
    QVERIFY(kept.isFinished() && kept.result());
    stage.finish(u"a"_s, JobOutcome::failure(u"broken"_s));
    stage.advance(500ms);
    QCOMPARE(stage.takeEvents().last(), u"+500 a begins {\"n\":7}"_s);
}

void JobRunnerTest::aCheckpointRightBeforeTheEndIsKept()
{
    JobStage stage;
    QFuture<bool> kept;
    stage.addKind(u"hasty"_s, [&](const JobContext &context) {
        kept = context.beginCheckpoint({ { u"n"_s, 7 } });
        context.appendOutput("hello");
        context.setProgress(0.5);
        return quiesce::readyFuture(JobOutcome::failure(u"broken"_s));
    });
    stage.serve();
    stage.store->takeCalls();
    stage.submit(u"hasty"_s, u"a"_s);
    QCOMPARE(stage.store->takeCalls().mid(2),
             (QStringList{ u"checkpoint"_s, u"output 5"_s, u"end"_s, u"claim 8"_s }));
    QVERIFY(kept.result());
    QCOMPARE(stage.job(u"a"_s).checkpoint, (QJsonObject{ { u"n"_s, 7 } }));
}

void JobRunnerTest::tellsProgressTenTimesASecond()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    for (int i = 1; i <= 25; ++i) {
        stage.context(u"a"_s).setProgress(i / 100.0);
        stage.advance(10ms);
    }
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a at 0.01"_s, u"+100 a at 0.1"_s, u"+200 a at 0.2"_s }));
    stage.advance(1s);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+300 a at 0.25"_s });
    stage.context(u"a"_s).setProgress(7);
    stage.settle();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+1250 a at 1"_s });
}

void JobRunnerTest::writesOutputNowAndThenAndAtTheEnd()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.store->takeCalls();
    for (int i = 0; i < 70; ++i) {
        stage.context(u"a"_s).appendOutput("x");
        stage.advance(100ms);
    }
    QCOMPARE(stage.store->takeCalls(), QStringList{ u"output 50"_s });
    stage.finish(u"a"_s);
    QCOMPARE(stage.store->takeCalls().filter(u"output"_s), QStringList{ u"output 70"_s });
}

void JobRunnerTest::saysHowLongAJobWillTakeYet()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    QCOMPARE(stage.inFlight.longestLeft(1h), 1h); // nobody knows
    stage.advance(8s);
    stage.finish(u"a"_s);
    stage.submit(u"slow"_s, u"b"_s);
    const auto left = stage.inFlight.longestLeft(1h);
    QVERIFY2(left >= 8s && left <= 10s, qPrintable(QString::number(left.count())));
    const QFuture<bool> kept = stage.context(u"b"_s).beginCheckpoint({});
    stage.settle();
    QVERIFY(kept.result());
    QCOMPARE(stage.inFlight.longestLeft(1h), 0h);
}

QTEST_GUILESS_MAIN(JobRunnerTest)
#include "tst_jobrunner.moc"
