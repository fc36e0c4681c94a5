// SPDX-License-Identifier: GPL-3.0-only
// What a stop does with jobs: told softly, told hard, cut, queued again, counted, kept.
#include "common/readyfuture.h"
#include "tests/jobs/jobstage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// "queued 0/3 stop stop": state, attempts, why it was queued again.
QString textOf(const JobStage &stage, const QString &name)
{
    const Job job = stage.job(name);
    QStringList parts{ QString(toWire(job.state)),
                       u"%1/%2"_s.arg(job.attempt).arg(job.maxAttempts) };
    for (const Job::Requeue &requeue : job.requeues)
        parts << QString(toWire(requeue.reason));
    return parts.join(u' ');
}

} // namespace

class JobStopTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsForARunningJob();
    void beginsNoneFromLameDuckOn();
    void queuesAgainWhatWasPutDown();
    void queuesAgainWhatGaveUpAtTheDeadline();
    void queuesAgainWhatWasCut();
    void countsFinishedRequeuedAndAbandoned();
    void namesTheJobsItWaitsFor();
    void putsBackWhatAClaimBringsTooLate();

    void waitsForTheStoreBeforeItLeaves();
    void whatCannotBeQueuedAgainIsAbandoned();
    void aClaimThatCannotBePutBackIsAbandoned();
    void aCheckpointUnderWayIsKept();
    void aTimeOutDuringTheStopSpendsNothing();
    void aTimeOutBeforeTheDeadlineStaysOne();
    void aCancelDuringTheStopIsACancel();

    void aForcedStopQueuesAgainToo();
    void aForcedStopDoesNotWaitForEver();
    void aHandlerMayForceTheStop();

    void quiesceLetsRunningJobsFinish();
    void resumeStartsAgain();
    void resumeTakesAStopBack();
    void aStopWhileStartingClosesTheStore();
    void destroyingItLetsGoOfEverything();
};

void JobStopTest::waitsForARunningJob()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.stop();
    QVERIFY(stage.context(u"a"_s).isStopping());
    stage.advance(3s);
    stage.finish(u"a"_s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 = lame-duck"_s, u"+0 = draining"_s, u"+3000 a succeeded 1/3"_s,
                           u"+3000 = stopping"_s, u"+3000 = stopped"_s, u"+3000 exit 0"_s }));
    QCOMPARE(stage.reported(), u"1 1 0 0"_s);
    QCOMPARE(stage.store->takeCalls().last(), u"close"_s);
    QVERIFY(stage.queue.isClosed());
}

void JobStopTest::beginsNoneFromLameDuckOn()
{
    JobStage stage;
    stage.serve();
    stage.stop(10s);
    stage.submit(u"slow"_s, u"a"_s);
    QCOMPARE(stage.takeEvents(), (QStringList{ u"+0 = lame-duck"_s, u"+0 a queued 0/3"_s }));
    stage.advance(10s);
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3"_s);
    QCOMPARE(stage.reported(), u"0 0 0 0"_s);
}

void JobStopTest::queuesAgainWhatWasPutDown()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.finish(u"a"_s, JobOutcome::interrupted());
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
    QCOMPARE(stage.takeEvents().last(), u"+0 exit 0"_s);
    QCOMPARE(stage.reported(), u"1 0 1 0"_s);
    QCOMPARE(stage.report->slowest.value(0).outcome, u"drained"_s);
}

void JobStopTest::queuesAgainWhatGaveUpAtTheDeadline()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.takeEvents();
    stage.advance(26s);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+25000 a told"_s });
    stage.finish(u"a"_s, JobOutcome::failure(u"gave up"_s));
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
    QCOMPARE(stage.job(u"a"_s).error, QString());
    QCOMPARE(stage.takeEvents().last(), u"+26000 exit 0"_s);
    QCOMPARE(stage.reported(), u"1 0 1 0"_s);
}

void JobStopTest::queuesAgainWhatWasCut()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    const QFuture<bool> kept = stage.context(u"a"_s).beginCheckpoint({ { u"n"_s, 7 } });
    stage.stop();
    stage.takeEvents();
    stage.advance(27s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+25000 a told"_s, u"+27000 = stopping"_s, u"+27000 a queued 0/3"_s,
                           u"+27000 = stopped"_s, u"+27000 exit 0"_s }));
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
    QCOMPARE(stage.job(u"a"_s).checkpoint, (QJsonObject{ { u"n"_s, 7 } }));
    QCOMPARE(stage.reported(), u"1 0 1 0"_s);
    stage.finish(u"a"_s); // late: dropped
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
}

void JobStopTest::countsFinishedRequeuedAndAbandoned()
{
    JobStage stage;
    stage.serve();
    for (const QString &name : { u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s })
        stage.submit(u"slow"_s, name);
    stage.stop();
    stage.finish(u"a"_s);
    stage.finish(u"b"_s, JobOutcome::failure(u"broken"_s));
    stage.finish(u"c"_s, JobOutcome::interrupted());
    stage.store->setFault(u"disk full"_s);
    stage.advance(30s); // d and e are cut, and cannot be kept
    QCOMPARE(stage.takeEvents().last(), u"+29000 exit 75"_s);
    QCOMPARE(stage.reported(), u"5 2 1 2"_s);
}

void JobStopTest::namesTheJobsItWaitsFor()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.advance(3s);
    const QList<WaitingOn> rows = stage.inFlight.waitingOn(10);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.first().kind, WorkKind::Job);
    QCOMPARE(rows.first().what.id, id);
    QCOMPARE(rows.first().what.label, u"slow"_s);
    QCOMPARE(rows.first().age, 3s);
}

void JobStopTest::putsBackWhatAClaimBringsTooLate()
{
    JobStage stage;
    stage.serve();
    stage.store->hold();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop(10s);
    stage.store->release();
    stage.settle();
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
    stage.advance(10s);
    QCOMPARE(stage.reported(), u"0 0 0 0"_s);
    QCOMPARE(stage.report->exitCode, 0);
}

void JobStopTest::waitsForTheStoreBeforeItLeaves()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.store->hold();
    stage.takeEvents();
    stage.advance(28s); // cut at 27 s, but nobody knows yet whether it is queued
    QCOMPARE(stage.takeEvents(), (QStringList{ u"+25000 a told"_s, u"+27000 = stopping"_s }));
    stage.store->release();
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+28000 a queued 0/3"_s, u"+28000 = stopped"_s, u"+28000 exit 0"_s }));
}

void JobStopTest::whatCannotBeQueuedAgainIsAbandoned()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.store->setFault(u"disk full"_s);
    stage.finish(u"a"_s, JobOutcome::interrupted());
    QCOMPARE(stage.inFlight.count(WorkKind::Job), 1); // until its end is kept
    stage.takeEvents();
    stage.advance(1min);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+27000 = stopping"_s, u"+29000 = stopped"_s, u"+29000 exit 75"_s }));
    QCOMPARE(stage.reported(), u"1 0 0 1"_s);
    QCOMPARE(stage.report->hooks.value(0).result, u"timed-out"_s);
}

void JobStopTest::aClaimThatCannotBePutBackIsAbandoned()
{
    JobStage stage;
    stage.serve();
    stage.store->hold();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.store->setFault(u"disk full"_s);
    stage.store->release();
    stage.advance(10s);
    QCOMPARE(stage.reported(), u"1 0 0 1"_s);
    QCOMPARE(stage.report->exitCode, 75);
}

void JobStopTest::aCheckpointUnderWayIsKept()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.advance(26s);
    const QFuture<bool> kept = stage.context(u"a"_s).beginCheckpoint({ { u"n"_s, 9 } });
    stage.lifecycle.force({}); // before the event loop has heard of it
    stage.settle();
    QVERIFY(kept.isFinished() && kept.result());
    QCOMPARE(stage.job(u"a"_s).checkpoint, (QJsonObject{ { u"n"_s, 9 } }));
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
}

void JobStopTest::aTimeOutDuringTheStopSpendsNothing()
{
    JobStage stage;
    stage.serve();
    JobRequest request;
    request.timeout = 26s; // in the middle of the cancel grace
    stage.submit(u"slow"_s, u"a"_s, request);
    stage.stop();
    stage.advance(27s);
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
}

void JobStopTest::aTimeOutBeforeTheDeadlineStaysOne()
{
    JobStage stage;
    stage.serve();
    JobRequest request;
    request.timeout = 24s;
    stage.submit(u"slow"_s, u"a"_s, request);
    stage.stop();
    stage.advance(26s);
    QCOMPARE(textOf(stage, u"a"_s), u"scheduled 1/3"_s);
    QCOMPARE(stage.reported(), u"1 1 0 0"_s);
}

void JobStopTest::aCancelDuringTheStopIsACancel()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop();
    stage.advance(26s);
    stage.queue.cancel(stage.id(u"a"_s), [](const Result<Job, JobError> &) {});
    stage.settle();
    stage.advance(1s);
    QCOMPARE(textOf(stage, u"a"_s), u"cancelled 1/3"_s);
    QCOMPARE(stage.reported(), u"1 1 0 0"_s);
}

void JobStopTest::aForcedStopQueuesAgainToo()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.force();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a told"_s, u"+0 = stopping"_s, u"+0 a queued 0/3"_s,
                           u"+0 = stopped"_s, u"+0 exit 75"_s }));
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
    QCOMPARE(stage.reported(), u"1 0 1 0"_s);
    QVERIFY(stage.queue.isClosed());
}

void JobStopTest::aForcedStopDoesNotWaitForEver()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.store->hold();
    stage.force();
    stage.takeEvents();
    stage.advance(1s);
    QCOMPARE(stage.takeEvents(), (QStringList{ u"+250 = stopped"_s, u"+250 exit 75"_s }));
    QCOMPARE(stage.reported(), u"1 0 0 1"_s);
    stage.store->release();
    stage.settle();
}

void JobStopTest::aHandlerMayForceTheStop()
{
    JobStage stage;
    stage.addKind(u"rude"_s, [&stage](const JobContext &) {
        stage.lifecycle.force({});
        return quiesce::readyFuture(JobOutcome::success());
    });
    stage.serve();
    stage.submit(u"rude"_s, u"a"_s);
    QCOMPARE(textOf(stage, u"a"_s), u"queued 0/3 stop"_s);
    QCOMPARE(stage.reported(), u"1 0 1 0"_s);
}

void JobStopTest::quiesceLetsRunningJobsFinish()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    QVERIFY(stage.lifecycle.tryQuiesce({}));
    stage.submit(u"slow"_s, u"b"_s);
    QVERIFY(!stage.context(u"a"_s).isStopping());
    stage.finish(u"a"_s);
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a queued 0/3"_s, u"+0 a running 1/3"_s, u"+0 a begins"_s,
                           u"+0 = lame-duck"_s, u"+0 b queued 0/3"_s, u"+0 a succeeded 1/3"_s }));
}

void JobStopTest::resumeStartsAgain()
{
    JobStage stage;
    stage.serve();
    QVERIFY(stage.lifecycle.tryQuiesce({}));
    stage.submit(u"slow"_s, u"a"_s);
    QVERIFY(stage.lifecycle.tryResume({}));
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 = lame-duck"_s, u"+0 a queued 0/3"_s, u"+0 = serving"_s,
                           u"+0 a running 1/3"_s, u"+0 a begins"_s }));
}

void JobStopTest::resumeTakesAStopBack()
{
    JobStage stage;
    stage.serve();
    stage.submit(u"slow"_s, u"a"_s);
    stage.stop(10s);
    QVERIFY(stage.lifecycle.tryResume({}));
    stage.finish(u"a"_s, JobOutcome::interrupted()); // as it was told, and it stays told
    QCOMPARE(textOf(stage, u"a"_s), u"running 1/3 stop"_s);
    stage.stop();
    stage.finish(u"a"_s);
    QCOMPARE(stage.reported(), u"1 1 0 0"_s);
}

void JobStopTest::aStopWhileStartingClosesTheStore()
{
    JobStage stage;
    auto made = std::make_unique<FakeJobStore>(stage.clock);
    FakeJobStore *store = made.get();
    stage.queue.open(std::move(made), u"i-1"_s, [](const Result<int, StoreError> &) {});
    stage.stop();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 = stopping"_s, u"+0 = stopped"_s, u"+0 exit 0"_s }));
    QCOMPARE(store->takeCalls(), (QStringList{ u"open"_s, u"close"_s }));
}

void JobStopTest::destroyingItLetsGoOfEverything()
{
    auto stage = std::make_unique<JobStage>();
    stage->serve();
    stage->submit(u"slow"_s, u"a"_s);
    const JobContext context = stage->context(u"a"_s);
    const QFuture<bool> waiting = context.beginCheckpoint({});
    stage.reset();
    QVERIFY(context.stopToken().stop_requested());
    QVERIFY(waiting.isFinished());
    QVERIFY(!context.beginCheckpoint({}).result());
}

QTEST_GUILESS_MAIN(JobStopTest)
#include "tst_jobstop.moc"
