// SPDX-License-Identifier: GPL-3.0-only
// The door to jobs: what it takes in, what it refuses, how it answers, and what it forgets.
#include "service/jobs/jobkinds.h"
#include "service/jobs/jobretention.h"
#include "tests/jobs/fakebrokerlink.h"
#include "tests/jobs/jobstage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// Notes "b: succeeded" or the code of the error.
JobReply<Job> noting(JobStage &stage, const QString &who)
{
    return [&stage, who](const Result<Job, JobError> &reply) {
        stage.note(who + u": "_s
                   + (reply ? QString(toWire(reply.value().state)) : toWire(reply.error().kind)));
    };
}

JobRequest refused(const QString &what)
{
    JobRequest request;
    request.kind = u"slow"_s;
    if (what == u"unknown-kind"_s)
        request.kind = u"nobody"_s;
    else if (what == u"bad-payload"_s)
        request.kind = u"picky"_s;
    else if (what == u"payload-too-large"_s)
        request.payload.insert(u"fat"_s, QString(1'000, u'x'));
    return request;
}

} // namespace

class JobQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsGoodKinds_data();
    void knowsGoodKinds();
    void refusesASecondKindOfAName();
    void refusesWithCodes_data();
    void refusesWithCodes();
    void refusesWhatIsOutOfRange_data();
    void refusesWhatIsOutOfRange();
    void everythingIsUnavailableBeforeOpen();
    void fillsInTheDefaultsOfItsKind();
    void passesOnWhatTheStoreRefuses();

    void getAndListShowTheProgressOfThisMoment();
    void outputIsLiveWhileItRuns();
    void waitsUntilItEnds();
    void waitsUntilTheTimeIsUp();
    void doesNotAnswerAWaitThatWasEnded();
    void waitsUntilAStopBegins();
    void doesNotWaitForWhatHasEnded();
    void doesNotWaitForWhatIsNotThere();
    void boundsThoseWhoWait();
    void tellsAWaiterOfACancel();

    void tellsHowItsEnginesAre();
    void logsWhatABrokerPutAside();
    void forgetsOldJobsInSmallSteps();
    void closesOnceForAllWhoAsk();
};

void JobQueueTest::knowsGoodKinds_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("a word") << u"resize"_s << true;
    QTest::newRow("all that may be") << u"a0-_.z"_s << true;
    QTest::newRow("as long as may be") << QString(64, u'a') << true;
    QTest::newRow("longer") << QString(65, u'a') << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("a digit first") << u"0a"_s << false;
    QTest::newRow("upper case") << u"Resize"_s << false;
    QTest::newRow("a slash") << u"a/b"_s << false;
    QTest::newRow("not ASCII") << u"größe"_s << false;
}

void JobQueueTest::knowsGoodKinds()
{
    QFETCH(const QString, name);
    JobKinds kinds({});
    const auto handler = [](const JobContext &) { return QFuture<JobOutcome>(); };
    QTEST(kinds.tryAdd({ .name = name, .handler = handler }).isOk(), "isGood");
    JobKind idle;
    idle.name = u"idle"_s;
    QVERIFY(!kinds.tryAdd(idle)); // nobody would do it
}

void JobQueueTest::refusesASecondKindOfAName()
{
    JobStage stage;
    QCOMPARE(stage.queue.kinds(), (QStringList{ u"quick"_s, u"single"_s, u"slow"_s }));
    const auto second = stage.queue.tryAddKind(
        { .name = u"slow"_s, .handler = [](const JobContext &) { return QFuture<JobOutcome>(); } });
    QVERIFY(!second);
    QCOMPARE(second.error(), u"there is a kind \"slow\" already"_s);
}

void JobQueueTest::refusesWithCodes_data()
{
    QTest::addColumn<QString>("code");
    QTest::newRow("a kind nobody knows") << u"unknown-kind"_s;
    QTest::newRow("a payload its kind does not take") << u"bad-payload"_s;
    QTest::newRow("a payload above the bound") << u"payload-too-large"_s;
}

void JobQueueTest::refusesWithCodes()
{
    QFETCH(const QString, code);
    JobSettings settings;
    settings.maxPayloadBytes = 1'000;
    JobStage stage(settings);
    JobKind picky;
    picky.name = u"picky"_s;
    picky.handler = [](const JobContext &) { return QFuture<JobOutcome>(); };
    picky.check = [](const QJsonObject &) { return u"I want ms"_s; };
    QVERIFY(stage.queue.tryAddKind(picky));
    stage.serve();
    stage.submit(refused(code).kind, u"a"_s, refused(code));
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 a refused: "_s + code });
    QCOMPARE(stage.store->takeCalls().filter(u"submit"_s), QStringList());
}

void JobQueueTest::refusesWhatIsOutOfRange_data()
{
    QTest::addColumn<std::chrono::milliseconds>("timeout");
    QTest::addColumn<int>("attempts");
    QTest::addColumn<int>("keyBytes");
    QTest::newRow("no time") << 0ms << 1 << 0;
    QTest::newRow("too much time") << std::chrono::milliseconds(30 * 24h + 1ms) << 1 << 0;
    QTest::newRow("no attempt") << 1ms << 0 << 0;
    QTest::newRow("too many attempts") << 1ms << 101 << 0;
    QTest::newRow("too long a key") << 1ms << 1 << 256;
}

void JobQueueTest::refusesWhatIsOutOfRange()
{
    QFETCH(const std::chrono::milliseconds, timeout);
    QFETCH(const int, attempts);
    QFETCH(const int, keyBytes);
    JobStage stage;
    stage.serve();
    JobRequest request;
    request.timeout = timeout;
    request.maxAttempts = attempts;
    request.idempotencyKey = QByteArray(keyBytes, 'k');
    stage.submit(u"quick"_s, u"a"_s, request);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 a refused: bad-request"_s });
}

void JobQueueTest::everythingIsUnavailableBeforeOpen()
{
    JobStage stage;
    stage.submit(u"quick"_s, u"a"_s);
    stage.queue.get(u"1"_s, noting(stage, u"get"_s));
    stage.queue.waitFor(u"1"_s, 1s, noting(stage, u"wait"_s));
    stage.queue.cancel(u"1"_s, noting(stage, u"cancel"_s));
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 a refused: store-unavailable"_s });
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 get: store-unavailable"_s, u"+0 wait: store-unavailable"_s,
                           u"+0 cancel: store-unavailable"_s }));
    QCOMPARE(stage.queue.counts(), JobCounts());
    QVERIFY(stage.queue.isClosed());
}

void JobQueueTest::fillsInTheDefaultsOfItsKind()
{
    JobStage stage;
    JobKind once;
    once.name = u"once"_s;
    once.handler = [](const JobContext &) { return QFuture<JobOutcome>(); };
    once.maxAttempts = 1;
    QVERIFY(stage.queue.tryAddKind(once));
    stage.serve();
    stage.submit(u"once"_s, u"a"_s);
    JobRequest request;
    request.maxAttempts = 5;
    stage.submit(u"once"_s, u"b"_s, request);
    QCOMPARE(stage.job(u"a"_s).maxAttempts, 1);
    QCOMPARE(stage.job(u"b"_s).maxAttempts, 5);
}

void JobQueueTest::passesOnWhatTheStoreRefuses()
{
    JobStage stage;
    stage.serve();
    stage.store->setFault(u"disk full"_s);
    stage.submit(u"quick"_s, u"a"_s);
    stage.queue.get(u"1"_s, noting(stage, u"get"_s));
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 a refused: store-unavailable"_s, u"+0 get: no-such-job"_s }));
    QCOMPARE(stage.queue.fault(), u"disk full"_s);
}

void JobQueueTest::getAndListShowTheProgressOfThisMoment()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    stage.context(u"a"_s).setProgress(0.25);
    std::optional<double> progress;
    stage.queue.get(id,
                    [&](const Result<Job, JobError> &reply) { progress = reply.value().progress; });
    QVERIFY(!progress); // never inside the call
    stage.settle();
    QCOMPARE(progress, 0.25);
    progress.reset();
    stage.queue.list({}, [&](const Result<JobPage, JobError> &reply) {
        progress = reply.value().jobs.value(0).progress;
    });
    stage.settle();
    QCOMPARE(progress, 0.25);
}

void JobQueueTest::outputIsLiveWhileItRuns()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    QByteArray bytes;
    const auto read = [&] {
        stage.queue.output(
            id, [&](const Result<JobOutput, JobError> &reply) { bytes = reply.value().bytes; });
        stage.settle();
        return bytes;
    };
    QCOMPARE(read(), QByteArray());
    stage.context(u"a"_s).appendOutput("frame 1\n");
    QCOMPARE(read(), "frame 1\n");
    stage.context(u"a"_s).appendOutput("frame 2\n");
    QCOMPARE(read(), "frame 1\nframe 2\n");
    stage.finish(u"a"_s);
    QCOMPARE(read(), "frame 1\nframe 2\n");
}

void JobQueueTest::waitsUntilItEnds()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.queue.waitFor(id, 30s, noting(stage, u"one"_s));
    stage.queue.waitFor(id, 20s, noting(stage, u"two"_s));
    stage.advance(5s);
    QCOMPARE(stage.takeEvents(), QStringList());
    stage.finish(u"a"_s);
    QStringList events = stage.takeEvents();
    events.sort(); // who waited is told in no order
    QCOMPARE(events,
             (QStringList{ u"+5000 a succeeded 1/3"_s, u"+5000 one: succeeded"_s,
                           u"+5000 two: succeeded"_s }));
    stage.advance(1min);
    QCOMPARE(stage.takeEvents(), QStringList());
}

void JobQueueTest::waitsUntilTheTimeIsUp()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.queue.waitFor(id, 2s, noting(stage, u"two"_s));
    stage.queue.waitFor(id, 1s, noting(stage, u"one"_s));
    stage.queue.waitFor(id, 0s, noting(stage, u"zero"_s));
    stage.advance(3s);
    QCOMPARE(
        stage.takeEvents(),
        (QStringList{ u"+0 zero: running"_s, u"+1000 one: running"_s, u"+2000 two: running"_s }));
}

void JobQueueTest::doesNotAnswerAWaitThatWasEnded()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    const JobQueue::WaitId one = stage.queue.waitFor(id, 1s, noting(stage, u"one"_s));
    stage.queue.waitFor(id, 2s, noting(stage, u"two"_s));
    QCOMPARE(stage.queue.waits(), 2);
    stage.queue.endWait(one);
    stage.queue.endWait(one); // nothing any more
    QCOMPARE(stage.queue.waits(), 1);
    stage.advance(3s);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+2000 two: running"_s });
    QCOMPARE(stage.queue.waits(), 0);
}

void JobQueueTest::waitsUntilAStopBegins()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    stage.queue.waitFor(id, 30s, noting(stage, u"one"_s));
    stage.settle();
    QVERIFY(stage.lifecycle.tryQuiesce({}));
    stage.settle();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 = lame-duck"_s });
    stage.stop(10s);
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 one: running"_s });
    stage.queue.waitFor(id, 30s, noting(stage, u"two"_s));
    stage.settle();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 two: running"_s });
}

void JobQueueTest::doesNotWaitForWhatHasEnded()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"quick"_s, u"a"_s);
    stage.takeEvents();
    stage.queue.waitFor(id, 30s, noting(stage, u"one"_s));
    stage.settle();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 one: succeeded"_s });
}

void JobQueueTest::doesNotWaitForWhatIsNotThere()
{
    JobStage stage;
    stage.serve();
    stage.queue.waitFor(u"nobody"_s, 30s, noting(stage, u"one"_s));
    stage.settle();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 one: no-such-job"_s });
}

void JobQueueTest::boundsThoseWhoWait()
{
    JobStage stage;
    stage.serve();
    const QString id = stage.submit(u"slow"_s, u"a"_s);
    stage.takeEvents();
    int answered = 0;
    for (int i = 0; i < JobQueue::kMaxWaiters; ++i)
        stage.queue.waitFor(id, 30s, [&](const Result<Job, JobError> &) { ++answered; });
    stage.queue.waitFor(id, 30s, noting(stage, u"late"_s));
    stage.settle();
    QCOMPARE(stage.takeEvents(), QStringList{ u"+0 late: too-many-waiting"_s });
    stage.finish(u"a"_s);
    QCOMPARE(answered, JobQueue::kMaxWaiters);
}

void JobQueueTest::tellsAWaiterOfACancel()
{
    JobStage stage;
    stage.serve();
    JobRequest later;
    later.runAt = stage.clock.utcNow().addSecs(60);
    const QString id = stage.submit(u"quick"_s, u"a"_s, later);
    stage.takeEvents();
    stage.queue.waitFor(id, 30s, noting(stage, u"one"_s));
    stage.queue.cancel(id, noting(stage, u"cancel"_s));
    stage.settle();
    QCOMPARE(stage.takeEvents(),
             (QStringList{ u"+0 one: cancelled"_s, u"+0 a cancelled 0/3"_s,
                           u"+0 cancel: cancelled"_s }));
}

void JobQueueTest::tellsHowItsEnginesAre()
{
    JobStage stage;
    QCOMPARE(stage.queue.engine(), JobEngine());
    auto owned = std::make_unique<FakeBrokerLink>();
    FakeBrokerLink *link = owned.get();
    stage.queue.setBroker(std::move(owned));
    stage.serve();
    QCOMPARE(stage.queue.engine().store, u"fake"_s);
    QCOMPARE(stage.queue.engine().broker->name, u"fake"_s);
    QVERIFY(!stage.queue.engine().hasFault());
    link->setFault(u"refused"_s);
    QCOMPARE(stage.queue.engine().broker->fault, u"refused"_s);
    QVERIFY(stage.queue.engine().hasFault());
    link->setFault({});
    stage.store->setFault(u"disk full"_s);
    QCOMPARE(stage.queue.engine().storeFault, u"disk full"_s);
    QVERIFY(stage.queue.engine().hasFault());
}

void JobQueueTest::logsWhatABrokerPutAside()
{
    JobStage stage;
    auto owned = std::make_unique<FakeBrokerLink>();
    FakeBrokerLink *link = owned.get();
    stage.queue.setBroker(std::move(owned));
    Q_EMIT link->garbled(u"it is no JSON object"_s);
    const QStringList warnings = stage.jobLog.lines("warning"_L1);
    QCOMPARE(warnings.size(), 1);
    QVERIFY2(warnings.first().contains(u"it is no JSON object"_s), qPrintable(warnings.first()));
}

void JobQueueTest::forgetsOldJobsInSmallSteps()
{
    JobSettings settings;
    settings.keepFor = 1h;
    JobStage stage(settings);
    stage.serve();
    for (int i = 0; i < JobRetention::kStep + 1; ++i)
        stage.submit(u"quick"_s, QString::number(i));
    QCOMPARE(stage.queue.counts().of(JobState::Succeeded), JobRetention::kStep + 1);
    stage.advance(1h);
    stage.store->takeCalls();
    stage.advance(JobRetention::kRound);
    QCOMPARE(stage.queue.counts().of(JobState::Succeeded), 1);
    stage.advance(JobRetention::kPause);
    QCOMPARE(stage.queue.counts(), JobCounts());
    stage.store->takeCalls();
    stage.advance(1h);
    QCOMPARE(stage.store->takeCalls(), QStringList()); // nothing left that could be forgotten
}

void JobQueueTest::closesOnceForAllWhoAsk()
{
    JobStage stage;
    stage.serve();
    for (const QString &who : { u"one"_s, u"two"_s })
        stage.queue.close([&stage, who] { stage.note(who); });
    QCOMPARE(stage.takeEvents(), QStringList());
    stage.settle();
    stage.queue.close([&stage] { stage.note(u"three"_s); });
    stage.settle();
    QCOMPARE(stage.takeEvents(), (QStringList{ u"+0 one"_s, u"+0 two"_s, u"+0 three"_s }));
    QCOMPARE(stage.store->takeCalls().filter(u"close"_s).size(), 1);
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

QTEST_GUILESS_MAIN(JobQueueTest)
#include "tst_jobqueue.moc"
