// SPDX-License-Identifier: GPL-3.0-only
// The contract of JobStore, claim by claim.
#include "tests/jobs/jobstorecontract.h"

#include "common/utc.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <algorithm>

namespace quiesce::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = StoreError::Kind;

namespace {

/// Of a reply that must be an error.
template <typename T>
Kind errorOf(const Answer<T> &answer)
{
    return answer ? Kind(255) : answer.error().kind;
}

QJsonObject documentOf(qsizetype bytes)
{
    // {"a":"…"} is eight bytes without its text.
    return { { u"a"_s, QString(bytes - 8, u'x') } };
}

void insertEnds()
{
    QTest::addColumn<AttemptEnd>("end");
    QTest::addColumn<JobState>("state");
}

} // namespace

void JobStoreContract::init()
{
    m_clock = std::make_unique<SteppedClock>();
    m_store = makeStore(*m_clock);
    m_driver = std::make_unique<StoreDriver>(*m_store, *m_clock);
    const auto opened = driver().open();
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().reason));
    QCOMPARE(opened.value(), 0);
}

void JobStoreContract::cleanup()
{
    m_driver.reset();
    m_store.reset();
    m_clock.reset();
}

QString JobStoreContract::runOne(const AttemptEnd &end)
{
    const QList<Job> jobs = driver().claim();
    if (jobs.isEmpty() || !driver().end(StoreDriver::leaseOf(jobs.first()), end))
        return {};
    return jobs.first().id;
}

QStringList JobStoreContract::idsOf(const QList<Job> &jobs) const
{
    QStringList ids;
    for (const Job &job : jobs)
        ids.append(job.id);
    return ids;
}

JobCounts JobStoreContract::countByList()
{
    JobCounts counts;
    for (const JobState state : kJobStates) {
        JobQuery query;
        query.state = state;
        query.limit = JobStore::kMaxPage;
        counts.of(state) = driver().list(query).value().jobs.size();
    }
    return counts;
}

void JobStoreContract::refusesEverythingBeforeItIsOpenAndAfterItIsClosed()
{
    QCOMPARE(store().fault(), QString());
    QVERIFY(driver().close());
    QVERIFY(!store().fault().isEmpty());
    QCOMPARE(errorOf(driver().submit(driver().newJob())), Kind::Unavailable);
    QCOMPARE(errorOf(driver().get(newJobId(clock().utcNow()))), Kind::Unavailable);
    QCOMPARE(errorOf(driver().list()), Kind::Unavailable);
    QVERIFY(driver().claim().isEmpty());
    QVERIFY(driver().open());
    QCOMPARE(store().fault(), QString());
    QVERIFY(!driver().add().isEmpty());
}

void JobStoreContract::repliesComeInOrderAndNeverInsideTheCall()
{
    QStringList log;
    const NewJob job = driver().newJob();
    store().submit(job, [&](auto) { log << u"submit"_s; });
    store().get(job.id,
                [&](const Result<Job, StoreError> &got) { log << (got ? u"got"_s : u"missed"_s); });
    store().get(u"nothing"_s, [&](auto) { log << u"nothing"_s; });
    store().cancel(job.id, [&](auto) { log << u"cancel"_s; });
    store().get(job.id, [&](const Result<Job, StoreError> &got) {
        log << QString(toWire(got.value().state));
    });
    QVERIFY(log.isEmpty());
    QTRY_COMPARE(log,
                 (QStringList{ u"submit"_s, u"got"_s, u"nothing"_s, u"cancel"_s, u"cancelled"_s }));
}

void JobStoreContract::aReplyMayDestroyTheStore()
{
    int replies = 0;
    m_store->submit(driver().newJob(), [&](auto) {
        ++replies;
        m_driver.reset();
        m_store.reset();
    });
    m_store->submit(driver().newJob(), [&](auto) { ++replies; });
    QTRY_VERIFY(!m_store);
    QCoreApplication::processEvents();
    QCOMPARE(replies, 1);
}

void JobStoreContract::keepsAllOfANewJob()
{
    NewJob job = driver().newJob(u"digest"_s);
    job.payload = { { u"path"_s, u"/ä"_s }, { u"n"_s, 1.5 }, { u"deep"_s, QJsonArray{ 1, 2 } } };
    job.maxAttempts = 7;
    job.timeout = 90s;
    const auto submitted = driver().submit(job);
    QVERIFY(submitted);
    QVERIFY(submitted.value().isNew);
    const Job kept = driver().get(job.id).value();
    QCOMPARE(toJson(kept), toJson(submitted.value().job));
    QCOMPARE(kept.id, job.id);
    QCOMPARE(kept.kind, job.kind);
    QCOMPARE(kept.payload, job.payload);
    QCOMPARE(kept.state, JobState::Queued);
    QCOMPARE(kept.attempt, 0);
    QCOMPARE(kept.maxAttempts, 7);
    QVERIFY(kept.timeout == 90s);
    QCOMPARE(kept.createdAt, clock().utcNow());
    QCOMPARE(kept.runAt, clock().utcNow());
    QVERIFY(!kept.startedAt.isValid() && !kept.finishedAt.isValid());
    QVERIFY(!kept.progress && !kept.checkpoint && !kept.isCancelRequested);
    QVERIFY(kept.result.isNull() && kept.error.isEmpty() && kept.requeues.isEmpty());
}

void JobStoreContract::aJobForLaterIsScheduled()
{
    NewJob job = driver().newJob();
    job.runAt = clock().utcNow().addSecs(60);
    QCOMPARE(driver().submit(job).value().job.state, JobState::Scheduled);
    QCOMPARE(driver().get(job.id).value().runAt, job.runAt);
    NewJob overdue = driver().newJob();
    overdue.runAt = clock().utcNow().addSecs(-60);
    QCOMPARE(driver().submit(overdue).value().job.state, JobState::Queued);
    QCOMPARE(store().counts().of(JobState::Scheduled), 1);
}

void JobStoreContract::refusesAnIdTwiceAndOneThatIsNone()
{
    NewJob job = driver().newJob();
    QVERIFY(driver().submit(job));
    QCOMPARE(errorOf(driver().submit(job)), Kind::Unavailable);
    job.id = u"seven"_s;
    QCOMPARE(errorOf(driver().submit(job)), Kind::Unavailable);
    QCOMPARE(store().counts().of(JobState::Queued), 1);
    QCOMPARE(store().fault(), QString());
    QCOMPARE(errorOf(driver().get(u"seven"_s)), Kind::NotFound);
}

void JobStoreContract::aKnownKeyGivesItsJob_data()
{
    QTest::addColumn<bool>("hasEnded");
    QTest::newRow("while it waits") << false;
    QTest::newRow("after it ended") << true;
}

void JobStoreContract::aKnownKeyGivesItsJob()
{
    QFETCH(bool, hasEnded);
    NewJob first = driver().newJob();
    first.idempotencyKey = "key";
    first.fingerprint = "body";
    QVERIFY(driver().submit(first).value().isNew);
    if (hasEnded)
        QCOMPARE(runOne(succeeded(7)), first.id);
    NewJob again = driver().newJob();
    again.idempotencyKey = "key";
    again.fingerprint = "body";
    const Submitted known = driver().submit(again).value();
    QVERIFY(!known.isNew);
    QCOMPARE(toJson(known.job), toJson(driver().get(first.id).value()));
    again.fingerprint = "other body";
    QCOMPARE(errorOf(driver().submit(again)), Kind::KeyReused);
    again.idempotencyKey = "other key";
    QVERIFY(driver().submit(again).value().isNew);
    QCOMPARE(driver().list().value().jobs.size(), 2);
}

void JobStoreContract::aKeyIsKnownWithinOneBatch()
{
    QStringList log;
    QStringList ids;
    for (const char *body : { "body", "body", "other", "body" }) {
        NewJob job = driver().newJob();
        job.idempotencyKey = "key";
        job.fingerprint = body;
        store().submit(job, [&](const Result<Submitted, StoreError> &answer) {
            log << (!answer ? u"refused"_s : answer.value().isNew ? u"new"_s : u"known"_s);
            if (answer)
                ids << answer.value().job.id;
        });
    }
    QTRY_COMPARE(log, (QStringList{ u"new"_s, u"known"_s, u"refused"_s, u"known"_s }));
    QVERIFY(ids[0] == ids[1] && ids[1] == ids[2]);
    QCOMPARE(store().counts().of(JobState::Queued), 1);
}

void JobStoreContract::aKeyIsForgottenWithItsJob()
{
    NewJob job = driver().newJob();
    job.idempotencyKey = "key";
    job.fingerprint = "body";
    QVERIFY(driver().submit(job));
    QVERIFY(driver().cancel(job.id));
    QCOMPARE(driver().prune({ {}, 0, 10 }).value().removed, 1);
    NewJob other = driver().newJob();
    other.idempotencyKey = "key";
    other.fingerprint = "other body";
    QVERIFY(driver().submit(other).value().isNew);
}

void JobStoreContract::documentsAreBounded_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : { "payload", "checkpoint", "last checkpoint", "result", "key" })
        QTest::newRow(what) << QString::fromLatin1(what);
}

void JobStoreContract::documentsAreBounded()
{
    QFETCH(QString, what);
    const QJsonObject atLimit = documentOf(JobStore::kMaxDocumentBytes);
    const QJsonObject beyond = documentOf(JobStore::kMaxDocumentBytes + 1);
    const QString id = driver().add();
    const Lease lease = StoreDriver::leaseOf(driver().claim().value(0));
    const auto tryIt = [&](const QJsonObject &document, bool isBeyond) {
        NewJob job = driver().newJob();
        if (what == u"checkpoint"_s) {
            const auto kept = driver().checkpoint(lease, { document, {} });
            return kept ? Kind(255) : kept.error().kind;
        }
        if (what == u"last checkpoint"_s)
            return errorOf(driver().end(lease, requeued(RequeueReason::Stop, document)));
        if (what == u"result"_s)
            return errorOf(driver().end(lease, succeeded(document)));
        if (what == u"key"_s)
            job.idempotencyKey = QByteArray(JobStore::kMaxKeyBytes + (isBeyond ? 1 : 0), 'k');
        else
            job.payload = document;
        return errorOf(driver().submit(job));
    };
    QCOMPARE(tryIt(beyond, true), Kind::TooLarge);
    QCOMPARE(driver().stateOf(id), JobState::Running); // nothing was changed
    QCOMPARE(tryIt(atLimit, false), Kind(255));
    QCOMPARE(store().fault(), QString());
}

void JobStoreContract::documentsOfEverySizeComeBack_data()
{
    QTest::addColumn<qsizetype>("first");
    QTest::addColumn<qsizetype>("second");
    QTest::newRow("small") << qsizetype(20) << qsizetype(30);
    QTest::newRow("large") << qsizetype(5'000) << qsizetype(90'000);
    QTest::newRow("small, then large") << qsizetype(20) << qsizetype(5'000);
    QTest::newRow("large, then small") << qsizetype(5'000) << qsizetype(20);
    QTest::newRow("at a limit") << JobStore::kMaxDocumentBytes << JobStore::kMaxDocumentBytes;
}

void JobStoreContract::documentsOfEverySizeComeBack()
{
    QFETCH(qsizetype, first);
    QFETCH(qsizetype, second);
    NewJob job = driver().newJob();
    job.payload = documentOf(first);
    QVERIFY(driver().submit(job));
    const Lease lease = StoreDriver::leaseOf(driver().claim().value(0));
    QVERIFY(driver().checkpoint(lease, { documentOf(first), 0.25 }));
    QVERIFY(driver().get(job.id).value().checkpoint == documentOf(first));
    QVERIFY(driver().checkpoint(lease, { documentOf(second), {} }));
    QVERIFY(driver().end(lease, succeeded(documentOf(second))));
    const Job kept = driver().get(job.id).value();
    QVERIFY(kept.payload == documentOf(first));
    QVERIFY(kept.checkpoint == documentOf(second));
    QVERIFY(kept.result == QJsonValue(documentOf(second)));
    QCOMPARE(kept.progress.value_or(0), 0.25);
}

void JobStoreContract::waitingCallsAreBounded()
{
    int refused = 0;
    int answered = 0;
    const QString id = newJobId(clock().utcNow());
    for (int i = 0; i < JobStore::kMaxPending + 10; ++i) {
        store().get(id, [&](const Result<Job, StoreError> &answer) {
            ++answered;
            refused += answer.error().kind == Kind::Unavailable ? 1 : 0;
        });
    }
    QTRY_COMPARE_WITH_TIMEOUT(answered, JobStore::kMaxPending + 10, 30'000);
    QCOMPARE(refused, 10);
    QCOMPARE(errorOf(driver().get(id)), Kind::NotFound);
}

void JobStoreContract::claimsTheOldestFirst()
{
    const QString first = driver().add();
    const QString second = driver().add();
    clock().advance(10ms);
    const QString third = driver().add();
    NewJob overdue = driver().newJob();
    overdue.runAt = clock().utcNow().addSecs(-60);
    QVERIFY(driver().submit(overdue));
    QCOMPARE(idsOf(driver().claim(2)), (QStringList{ overdue.id, first }));
    QCOMPARE(idsOf(driver().claim(10)), (QStringList{ second, third }));
    QCOMPARE(driver().claim(10).size(), 0);
}

void JobStoreContract::claimsWithinPlacesAndLimit()
{
    const QString full = driver().add(u"full"_s);
    QStringList a;
    QStringList b;
    for (int i = 0; i < 3; ++i) {
        a << driver().add(u"a"_s);
        b << driver().add(u"b"_s);
    }
    ClaimRequest request;
    request.owner = u"us"_s;
    request.places = { { u"a"_s, 2 }, { u"b"_s, 9 }, { u"full"_s, 0 }, { u"none"_s, 5 } };
    request.limit = 3;
    QCOMPARE(idsOf(driver().claim(request).value()), (QStringList{ a[0], b[0], a[1] }));
    request.places[0].free = 0;
    QCOMPARE(idsOf(driver().claim(request).value()), (QStringList{ b[1], b[2] }));
    request.limit = 0;
    request.places = { { u"full"_s, 1 } };
    QCOMPARE(driver().claim(request).value().size(), 0);
    request.limit = 1;
    const Job job = driver().claim(request).value().value(0);
    QCOMPARE(job.id, full);
    QCOMPARE(job.state, JobState::Running);
    QCOMPARE(job.attempt, 1);
    QCOMPARE(job.startedAt, clock().utcNow());
    QCOMPARE(store().counts().of(JobState::Running), 6);
    QCOMPARE(store().counts().of(JobState::Queued), 1);
}

void JobStoreContract::claimsThoseItIsAskedFor()
{
    const QString other = driver().add();
    const QString first = driver().add();
    const QString full = driver().add(u"full"_s);
    const QString second = driver().add();
    NewJob later = driver().newJob();
    later.runAt = clock().utcNow().addSecs(60);
    QVERIFY(driver().submit(later));
    ClaimRequest request;
    request.owner = u"us"_s;
    request.places = { { u"sleep"_s, 9 } };
    request.limit = 9;
    request.ids = { first, second, full, later.id, newJobId(clock().utcNow()), u"no id"_s };
    QCOMPARE(idsOf(driver().claim(request).value()), (QStringList{ first, second }));
    QCOMPARE(driver().claim(request).value().size(), 0); // they run already
    QCOMPARE(driver().stateOf(other), JobState::Queued);
    request.ids = { other, full };
    request.places = { { u"sleep"_s, 9 }, { u"full"_s, 9 } };
    request.limit = 1;
    QCOMPARE(idsOf(driver().claim(request).value()), QStringList{ other });
    QCOMPARE(driver().stateOf(full), JobState::Queued);
}

void JobStoreContract::claimsOfTheQueuedWhatWasDueByThen()
{
    const QString first = driver().add();
    clock().advance(2s);
    const QString second = driver().add();
    NewJob later = driver().newJob();
    later.runAt = clock().utcNow().addMSecs(1);
    QVERIFY(driver().submit(later));
    clock().advance(1ms);
    ClaimRequest request;
    request.owner = u"us"_s;
    request.places = { { u"sleep"_s, 9 } };
    request.limit = 9;
    request.queuedBefore = clock().utcNow().addSecs(-1);
    QCOMPARE(idsOf(driver().claim(request).value()), (QStringList{ first, later.id }));
    QCOMPARE(driver().claim(request).value().size(), 0);
    request.queuedBefore = clock().utcNow();
    QCOMPARE(idsOf(driver().claim(request).value()), QStringList{ second });
}

void JobStoreContract::aScheduledJobIsClaimedWhenItsTimeHasCome()
{
    NewJob later = driver().newJob();
    later.runAt = clock().utcNow().addMSecs(500);
    QVERIFY(driver().submit(later));
    clock().advance(499ms);
    QCOMPARE(driver().claim(5).size(), 0);
    const QString now = driver().add();
    clock().advance(1ms);
    QCOMPARE(idsOf(driver().claim(5)), (QStringList{ now, later.id }));
}

void JobStoreContract::tellsWhenTheNextIsDue()
{
    QVERIFY(!store().nextDueAt());
    NewJob later = driver().newJob(u"other"_s);
    later.runAt = clock().utcNow().addSecs(60);
    QVERIFY(driver().submit(later));
    QVERIFY(store().nextDueAt() == later.runAt);
    driver().add(); // due already: it is work, and no time
    QVERIFY(store().nextDueAt() == later.runAt);
    QCOMPARE(driver().claim(5).size(), 1);
    QVERIFY(store().nextDueAt() == later.runAt);
    QVERIFY(driver().cancel(later.id));
    QVERIFY(!store().nextDueAt());
}

void JobStoreContract::whatIsDueHidesNothing()
{
    driver().add(u"other"_s); // of kinds that nobody here claims
    NewJob due = driver().newJob(u"other"_s);
    due.runAt = clock().utcNow().addSecs(1);
    QVERIFY(driver().submit(due));
    NewJob later = driver().newJob();
    later.runAt = clock().utcNow().addSecs(60);
    QVERIFY(driver().submit(later));
    QVERIFY(store().nextDueAt() == due.runAt);
    clock().advance(2s);
    driver().add();
    QVERIFY(store().nextDueAt() == due.runAt); // nobody has asked for it since it was due
    QCOMPARE(driver().claim(5).size(), 1);
    QVERIFY(store().nextDueAt() == later.runAt);
}

void JobStoreContract::saysWhenWorkWasAdded()
{
    QSignalSpy added(&store(), &JobStore::workAdded);
    driver().add();
    QTRY_COMPARE(added.count(), 1);
    Job job = driver().claim().value(0);
    QVERIFY(driver().checkpoint(StoreDriver::leaseOf(job), { {}, {} }));
    QCOMPARE(added.count(), 1);
    QVERIFY(driver().end(StoreDriver::leaseOf(job), requeued(RequeueReason::Stop)));
    QTRY_COMPARE(added.count(), 2);
    job = driver().claim().value(0);
    QVERIFY(driver().end(StoreDriver::leaseOf(job), succeeded()));
    QVERIFY(driver().get(job.id));
    QCOMPARE(added.count(), 2);
}

void JobStoreContract::endsAsTold_data()
{
    insertEnds();
    QTest::newRow("succeeded") << succeeded(u"fine"_s) << JobState::Succeeded;
    QTest::newRow("failed for good") << failed(u"broken"_s) << JobState::Failed;
    QTest::newRow("cancelled") << cancelled() << JobState::Cancelled;
}

void JobStoreContract::endsAsTold()
{
    QFETCH(AttemptEnd, end);
    QFETCH(JobState, state);
    driver().add();
    const Job job = driver().claim().value(0);
    QCOMPARE(job.owner, u"us"_s);
    QCOMPARE(driver().get(job.id).value().owner, job.owner);
    clock().advance(5s);
    end.progress = 0.5;
    const auto ended = driver().end(StoreDriver::leaseOf(job), end);
    QVERIFY(ended);
    const Job kept = driver().get(job.id).value();
    QCOMPARE(toJson(ended.value()), toJson(kept));
    QCOMPARE(kept.state, state);
    QCOMPARE(kept.owner, QString());
    QCOMPARE(kept.finishedAt, clock().utcNow());
    QCOMPARE(kept.startedAt.msecsTo(kept.finishedAt), 5'000);
    QCOMPARE(kept.result, state == JobState::Succeeded ? QJsonValue(u"fine"_s) : QJsonValue());
    QCOMPARE(kept.error, state == JobState::Failed ? u"broken"_s : QString());
    QCOMPARE(kept.progress.value_or(0), 0.5);
    QCOMPARE(driver().claim(5).size(), 0);
    QCOMPARE(errorOf(driver().cancel(job.id)), Kind::Ended);
}

void JobStoreContract::aRetryWaitsForItsTime()
{
    NewJob job = driver().newJob();
    job.maxAttempts = 3;
    QVERIFY(driver().submit(job));
    const QDateTime retryAt = clock().utcNow().addSecs(2);
    QCOMPARE(runOne(failed(u"not yet"_s, retryAt)), job.id);
    const Job kept = driver().get(job.id).value();
    QCOMPARE(kept.state, JobState::Scheduled);
    QCOMPARE(kept.runAt, retryAt);
    QCOMPARE(kept.error, u"not yet"_s);
    QVERIFY(store().nextDueAt() == retryAt);
    QCOMPARE(driver().claim().size(), 0);
    clock().advance(2s);
    QCOMPARE(driver().claim().value(0).attempt, 2);
}

void JobStoreContract::failsWhenNoAttemptIsLeft()
{
    NewJob job = driver().newJob();
    job.maxAttempts = 2;
    QVERIFY(driver().submit(job));
    QCOMPARE(runOne(failed(u"one"_s, clock().utcNow())), job.id);
    QCOMPARE(runOne(failed(u"two"_s, clock().utcNow())), job.id);
    const Job kept = driver().get(job.id).value();
    QCOMPARE(kept.state, JobState::Failed);
    QCOMPARE(kept.error, u"two"_s);
    QCOMPARE(kept.attempt, 2);
}

void JobStoreContract::aStopDoesNotSpendTheAttempt()
{
    const QString id = driver().add(); // with one attempt
    for (int i = 0; i < 3; ++i)
        QCOMPARE(runOne(requeued(RequeueReason::Stop)), id);
    const Job kept = driver().get(id).value();
    QCOMPARE(kept.state, JobState::Queued);
    QCOMPARE(kept.attempt, 0);
    QCOMPARE(kept.requeues.size(), 3);
    QCOMPARE(kept.requeues.first().reason, RequeueReason::Stop);
    QCOMPARE(kept.requeues.first().at, clock().utcNow());
    QCOMPARE(driver().claim().value(0).attempt, 1);
}

void JobStoreContract::aCrashSpendsTheAttempt()
{
    NewJob job = driver().newJob();
    job.maxAttempts = 2;
    QVERIFY(driver().submit(job));
    QCOMPARE(runOne(requeued(RequeueReason::LeaseLost)), job.id);
    QCOMPARE(driver().stateOf(job.id), JobState::Queued);
    QCOMPARE(runOne(requeued(RequeueReason::Crash)), job.id);
    const Job kept = driver().get(job.id).value();
    QCOMPARE(kept.state, JobState::Failed);
    QCOMPARE(kept.attempt, 2);
    QCOMPARE(kept.requeues.size(), 2);
    QVERIFY(!kept.error.isEmpty());
    QCOMPARE(kept.finishedAt, clock().utcNow());
}

void JobStoreContract::keepsTheNewestRequeuesOnly()
{
    const QString id = driver().add();
    for (int i = 0; i < Job::kMaxRequeues + 5; ++i) {
        QCOMPARE(runOne(requeued(RequeueReason::Stop)), id);
        clock().advance(1s);
    }
    const Job kept = driver().get(id).value();
    QCOMPARE(kept.requeues.size(), Job::kMaxRequeues);
    QCOMPARE(kept.requeues.last().at, clock().utcNow().addSecs(-1));
    QCOMPARE(kept.requeues.first().at.secsTo(kept.requeues.last().at), Job::kMaxRequeues - 1);
}

void JobStoreContract::refusesASecondEnd()
{
    driver().add();
    const Lease lease = StoreDriver::leaseOf(driver().claim().value(0));
    QVERIFY(driver().end(lease, succeeded(1)));
    for (const AttemptEnd &end :
         { succeeded(2), failed(u"no"_s), cancelled(), requeued(RequeueReason::Stop) })
        QCOMPARE(errorOf(driver().end(lease, end)), Kind::LeaseLost);
    QCOMPARE(driver().get(lease.jobId).value().result, QJsonValue(1));
    QCOMPARE(store().counts().of(JobState::Succeeded), 1);
}

void JobStoreContract::refusesWhoDoesNotHoldTheLease_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<int>("attempt");
    QTest::newRow("another owner") << u"them"_s << 1;
    QTest::newRow("an earlier attempt") << u"us"_s << 0;
    QTest::newRow("a later attempt") << u"us"_s << 2;
}

void JobStoreContract::refusesWhoDoesNotHoldTheLease()
{
    QFETCH(QString, owner);
    QFETCH(int, attempt);
    driver().add();
    const Job job = driver().claim().value(0);
    const Lease wrong{ job.id, owner, attempt };
    QCOMPARE(errorOf(driver().end(wrong, succeeded())), Kind::LeaseLost);
    QCOMPARE(errorOf(driver().checkpoint(wrong, { documentOf(20), {} })), Kind::LeaseLost);
    QCOMPARE(errorOf(driver().setOutput(wrong, { "x", 0 })), Kind::LeaseLost);
    QCOMPARE(driver().renew({ wrong }).value().lost, QStringList{ job.id });
    const Job kept = driver().get(job.id).value();
    QCOMPARE(kept.state, JobState::Running);
    QVERIFY(!kept.checkpoint);
    QCOMPARE(driver().output(job.id).value().bytes, QByteArray());
}

void JobStoreContract::renewTellsWhichLeasesAreLost()
{
    for (int i = 0; i < 3; ++i)
        driver().add();
    const QList<Job> jobs = driver().claim(3);
    QVERIFY(driver().end(StoreDriver::leaseOf(jobs[1]), succeeded()));
    QList<Lease> leases;
    for (const Job &job : jobs)
        leases << StoreDriver::leaseOf(job);
    leases << Lease{ newJobId(clock().utcNow()), u"us"_s, 1 };
    QCOMPARE(driver().renew(leases).value().lost, (QStringList{ jobs[1].id, leases.last().jobId }));
    QCOMPARE(driver().renew({}).value().lost, QStringList());
}

void JobStoreContract::renewTellsWhichJobsAreToBeCancelled()
{
    for (int i = 0; i < 3; ++i)
        driver().add();
    const QList<Job> jobs = driver().claim(3);
    QList<Lease> leases;
    for (const Job &job : jobs)
        leases << StoreDriver::leaseOf(job);
    QCOMPARE(driver().renew(leases).value().toCancel, QStringList());
    for (const Job &job : { jobs[1], jobs[2] })
        QVERIFY(driver().cancel(job.id));
    QCOMPARE(driver().renew(leases).value().toCancel, (QStringList{ jobs[1].id, jobs[2].id }));
    QVERIFY(driver().end(leases[2], cancelled()));
    const Renewal last = driver().renew(leases).value();
    QCOMPARE(last.toCancel, QStringList{ jobs[1].id });
    QCOMPARE(last.lost, QStringList{ jobs[2].id });
}

void JobStoreContract::resumesFromTheLastCheckpoint()
{
    const QString id = driver().add();
    const Job job = driver().claim().value(0);
    QVERIFY(!job.checkpoint);
    QVERIFY(driver().checkpoint(StoreDriver::leaseOf(job), { documentOf(20), 0.25 }));
    QVERIFY(driver().end(StoreDriver::leaseOf(job), requeued(RequeueReason::Stop)));
    Job again = driver().claim().value(0);
    QCOMPARE(again.id, id);
    QVERIFY(again.checkpoint == documentOf(20));
    QCOMPARE(again.progress.value_or(0), 0.25);
    QVERIFY(
        driver().end(StoreDriver::leaseOf(again), requeued(RequeueReason::Stop, documentOf(300))));
    QVERIFY(driver().claim().value(0).checkpoint == documentOf(300));
}

void JobStoreContract::aLongErrorIsCut()
{
    driver().add();
    const QString id = runOne(failed(QString(JobStore::kMaxErrorChars + 100, u'e')));
    QCOMPARE(driver().get(id).value().error.size(), JobStore::kMaxErrorChars);
}

void JobStoreContract::rescuesWhatRanWhenItClosed()
{
    NewJob twice = driver().newJob();
    twice.maxAttempts = 2;
    QVERIFY(driver().submit(twice));
    const QString told = driver().add();
    const QString waits = driver().add();
    const QList<Job> jobs = driver().claim(2);
    QCOMPARE(idsOf(jobs), (QStringList{ twice.id, told }));
    QVERIFY(driver().checkpoint(StoreDriver::leaseOf(jobs[0]), { documentOf(20), {} }));
    QVERIFY(driver().cancel(told));
    QVERIFY(driver().close());
    clock().advance(1s);
    QCOMPARE(driver().open(u"next"_s).value(), 2);
    const Job rescued = driver().get(twice.id).value();
    QCOMPARE(rescued.state, JobState::Queued);
    QCOMPARE(rescued.owner, QString());
    QCOMPARE(rescued.attempt, 1);
    QCOMPARE(rescued.requeues.size(), 1);
    QCOMPARE(rescued.requeues.first().reason, RequeueReason::Crash);
    QVERIFY(rescued.checkpoint == documentOf(20));
    QCOMPARE(driver().stateOf(told), JobState::Cancelled);
    QCOMPARE(errorOf(driver().end(StoreDriver::leaseOf(jobs[0]), succeeded())), Kind::LeaseLost);
    QCOMPARE(idsOf(driver().claim(5, u"next"_s)), (QStringList{ twice.id, waits }));
    QCOMPARE(store().counts(), countByList());
}

void JobStoreContract::failsAPoisonJobAfterItsAttempts()
{
    NewJob poison = driver().newJob();
    poison.maxAttempts = 3;
    QVERIFY(driver().submit(poison));
    for (int run = 1; run <= 3; ++run) {
        QCOMPARE(driver().claim().value(0).attempt, run);
        QVERIFY(driver().close());
        QCOMPARE(driver().open().value(), 1);
    }
    const Job kept = driver().get(poison.id).value();
    QCOMPARE(kept.state, JobState::Failed);
    QVERIFY(!kept.error.isEmpty());
    QCOMPARE(driver().claim().size(), 0);
}

void JobStoreContract::cancelsAtOnceWhatDoesNotRun()
{
    const QString queued = driver().add();
    NewJob scheduled = driver().newJob();
    scheduled.runAt = clock().utcNow().addSecs(60);
    QVERIFY(driver().submit(scheduled));
    for (const QString &id : { queued, scheduled.id }) {
        const Job job = driver().cancel(id).value().job;
        QCOMPARE(job.state, JobState::Cancelled);
        QCOMPARE(job.finishedAt, clock().utcNow());
        QCOMPARE(errorOf(driver().cancel(id)), Kind::Ended);
    }
    QCOMPARE(errorOf(driver().cancel(newJobId(clock().utcNow()))), Kind::NotFound);
    clock().advance(120s);
    QCOMPARE(driver().claim(5).size(), 0);
}

void JobStoreContract::marksARunningJobThatIsToBeCancelled()
{
    const QString id = driver().add();
    const Job job = driver().claim().value(0);
    for (int i = 0; i < 2; ++i) {
        const Job marked = driver().cancel(id).value().job;
        QCOMPARE(marked.state, JobState::Running);
        QVERIFY(marked.isCancelRequested);
    }
    QVERIFY(driver().get(id).value().isCancelRequested);
    QCOMPARE(driver().end(StoreDriver::leaseOf(job), succeeded()).value().state,
             JobState::Succeeded); // it came too late
}

void JobStoreContract::aCancelledJobDoesNotGoBack_data()
{
    insertEnds();
    const QDateTime soon = quiesce::utcAt(QDate(2026, 1, 2), QTime(3, 5));
    QTest::newRow("stop") << requeued(RequeueReason::Stop) << JobState::Cancelled;
    QTest::newRow("crash") << requeued(RequeueReason::Crash) << JobState::Cancelled;
    QTest::newRow("retry") << failed(u"told to"_s, soon) << JobState::Cancelled;
    QTest::newRow("failed for good") << failed(u"by itself"_s) << JobState::Failed;
}

void JobStoreContract::aCancelledJobDoesNotGoBack()
{
    QFETCH(AttemptEnd, end);
    QFETCH(JobState, state);
    NewJob job = driver().newJob();
    job.maxAttempts = 2;
    QVERIFY(driver().submit(job));
    const Job running = driver().claim().value(0);
    QVERIFY(driver().cancel(job.id));
    QCOMPARE(driver().end(StoreDriver::leaseOf(running), end).value().state, state);
    QCOMPARE(driver().claim().size(), 0);
    QCOMPARE(store().counts(), countByList());
}

void JobStoreContract::listsNewestFirstByStateAndKind()
{
    QStringList sleeps;
    QStringList digests;
    for (int i = 0; i < 3; ++i) {
        sleeps.prepend(driver().add(u"sleep"_s));
        digests.prepend(driver().add(u"digest"_s));
    }
    driver().claim(1); // the oldest sleep
    const auto list = [&](const QString &kind, std::optional<JobState> state) {
        JobQuery query;
        query.kind = kind;
        query.state = state;
        return idsOf(driver().list(query).value().jobs);
    };
    QCOMPARE(list({}, {}),
             (QStringList{ digests[0], sleeps[0], digests[1], sleeps[1], digests[2], sleeps[2] }));
    QCOMPARE(list(u"sleep"_s, {}), sleeps);
    QCOMPARE(list({}, JobState::Running), QStringList{ sleeps[2] });
    QCOMPARE(list({}, JobState::Queued),
             (QStringList{ digests[0], sleeps[0], digests[1], sleeps[1], digests[2] }));
    QCOMPARE(list(u"digest"_s, JobState::Queued), digests);
    QCOMPARE(list(u"digest"_s, JobState::Failed), QStringList());
    QCOMPARE(list(u"none"_s, {}), QStringList());
}

void JobStoreContract::pagesStayStableWhileJobsComeAndGo()
{
    QStringList ids;
    for (int i = 0; i < 10; ++i)
        ids.prepend(driver().add());
    JobQuery query;
    query.limit = 4;
    JobPage page = driver().list(query).value();
    QCOMPARE(idsOf(page.jobs), ids.mid(0, 4));
    QCOMPARE(page.next, ids[3]);
    driver().add(); // newer than what was seen
    QVERIFY(driver().cancel(ids[3]));
    QCOMPARE(driver().prune({ {}, 0, 10 }).value().removed, 1); // the page's last is gone
    query.after = page.next;
    page = driver().list(query).value();
    QCOMPARE(idsOf(page.jobs), ids.mid(4, 4));
    query.after = page.next;
    page = driver().list(query).value();
    QCOMPARE(idsOf(page.jobs), ids.mid(8));
    QCOMPARE(page.next, QString());
    query.after = u"no id"_s;
    QCOMPARE(driver().list(query).value().jobs.size(), 0);
}

void JobStoreContract::outputIsKeptAndBounded()
{
    const QString id = driver().add();
    QCOMPARE(errorOf(driver().output(newJobId(clock().utcNow()))), Kind::NotFound);
    QCOMPARE(driver().output(id).value().bytes, QByteArray());
    const Lease lease = StoreDriver::leaseOf(driver().claim().value(0));
    QVERIFY(driver().setOutput(lease, { "one", 0 }));
    const QByteArray full(JobOutput::kMaxBytes, '\0');
    QVERIFY(driver().setOutput(lease, { full, 1'000'000'000'000 }));
    QCOMPARE(errorOf(driver().setOutput(lease, { full + '!', 0 })), Kind::TooLarge);
    QCOMPARE(driver().output(id).value().bytes, full);
    QCOMPARE(driver().output(id).value().dropped, 1'000'000'000'000);
    QVERIFY(driver().setOutput(lease, { {}, 0 }));
    QCOMPARE(driver().output(id).value().bytes, QByteArray());
    QVERIFY(driver().setOutput(lease, { "last", 3 }));
    QVERIFY(driver().end(lease, succeeded()));
    QCOMPARE(errorOf(driver().setOutput(lease, { "late", 0 })), Kind::LeaseLost);
    QCOMPARE(driver().output(id).value().bytes, QByteArray("last"));
}

void JobStoreContract::prunesByAge()
{
    QStringList ids;
    for (int i = 0; i < 5; ++i) {
        ids << driver().add();
        QCOMPARE(runOne(succeeded()), ids.last());
        clock().advance(1min);
    }
    const QString waits = driver().add();
    const QDateTime before = clock().utcNow().addSecs(-2 * 60); // when the fourth ended
    const PruneResult first = driver().prune({ before, -1, 2 }).value();
    QCOMPARE(first.removed, 2);
    QVERIFY(first.hasMore);
    const PruneResult second = driver().prune({ before, -1, 2 }).value();
    QCOMPARE(second.removed, 1);
    QVERIFY(!second.hasMore);
    QCOMPARE(errorOf(driver().get(ids[0])), Kind::NotFound);
    QVERIFY(driver().get(ids[3]));
    QVERIFY(driver().get(waits));
    QCOMPARE(store().counts(), countByList());
}

void JobStoreContract::prunesByCount()
{
    QStringList ids;
    for (int i = 0; i < 6; ++i) {
        ids << driver().add();
        QVERIFY(driver().cancel(ids.last()));
        clock().advance(1s);
    }
    const QString waits = driver().add();
    QCOMPARE(driver().prune({ {}, -1, 10 }).value().removed, 0);
    PruneResult result = driver().prune({ {}, 2, 3 }).value();
    QCOMPARE(result.removed, 3);
    QVERIFY(result.hasMore);
    result = driver().prune({ {}, 2, 3 }).value();
    QCOMPARE(result.removed, 1);
    QVERIFY(!result.hasMore);
    QCOMPARE(idsOf(driver().list().value().jobs), (QStringList{ waits, ids[5], ids[4] }));
    QCOMPARE(store().counts(), countByList());
}

void JobStoreContract::countsAreWhatListSays()
{
    quint32 seed = 12'345;
    const auto next = [&seed](quint32 below) {
        seed = seed * 1'664'525U + 1'013'904'223U;
        return (seed >> 16) % below;
    };
    QList<Job> running;
    for (int i = 0; i < 150; ++i) {
        NewJob job = driver().newJob(next(3) == 0 ? u"digest"_s : u"sleep"_s);
        job.runAt = clock().utcNow().addSecs(next(4) == 0 ? 5 : 0);
        QVERIFY(driver().submit(job));
        if (next(5) == 0)
            QVERIFY(driver().cancel(job.id));
        running += driver().claim(1);
        if (!running.isEmpty() && next(2) == 0) {
            const std::array ends{ succeeded(), failed(u"e"_s, clock().utcNow().addSecs(3)),
                                   cancelled(), requeued(RequeueReason::Stop) };
            QVERIFY(driver().end(StoreDriver::leaseOf(running.takeFirst()), ends[next(4)]));
        }
        if (next(20) == 0)
            QVERIFY(driver().prune({ {}, 5, 10 }));
        clock().advance(100ms);
        if (i % 25 == 0)
            QCOMPARE(store().counts(), countByList());
    }
    QVERIFY(driver().close());
    QCOMPARE(driver().open().value(), int(running.size()));
    QCOMPARE(store().counts(), countByList());
}

void JobStoreContract::aClockStepsBack_data()
{
    QTest::addColumn<bool>("restarts");
    QTest::newRow("while it is open") << false;
    QTest::newRow("while it is closed") << true;
}

void JobStoreContract::aClockStepsBack()
{
    QFETCH(bool, restarts);
    NewJob retried = driver().newJob();
    retried.maxAttempts = 2;
    QVERIFY(driver().submit(retried));
    QCOMPARE(runOne(failed(u"again"_s, clock().utcNow().addSecs(10))), retried.id);
    const QString queued = driver().add();
    NewJob later = driver().newJob();
    later.runAt = clock().utcNow().addSecs(20);
    QVERIFY(driver().submit(later));
    if (restarts)
        QVERIFY(driver().close());
    clock().step(-24h);
    if (restarts)
        QVERIFY(driver().open());
    const QString after = driver().add(); // older by the clock: its turn is first
    QVERIFY(store().nextDueAt() == clock().utcNow().addSecs(10)); // that of the retry
    QCOMPARE(idsOf(driver().claim(9)), (QStringList{ after, queued }));
    clock().advance(10s);
    QCOMPARE(idsOf(driver().claim(9)), QStringList{ retried.id }); // after its back-off
    QVERIFY(store().nextDueAt() == later.runAt); // what was asked for by the clock waits for it
    clock().step(24h);
    clock().advance(10s);
    QCOMPARE(idsOf(driver().claim(9)), QStringList{ later.id });
}

void JobStoreContract::idsRiseWhenTheClockStepsBack()
{
    QString last = driver().add();
    clock().step(-1h);
    for (int i = 0; i < 20; ++i) {
        const QString id = driver().add();
        QVERIFY(id > last);
        last = id;
    }
    QCOMPARE(driver().list().value().jobs.first().id, last);
}

} // namespace quiesce::test
