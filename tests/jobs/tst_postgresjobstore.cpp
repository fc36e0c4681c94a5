// SPDX-License-Identifier: GPL-3.0-only
// PostgresJobStore: the contract, then what several instances and a server that fails are to it.
#include "service/core/clock.h"
#include "service/jobs/postgresql/postgresjobstore.h"
#include "service/jobs/postgresql/postgresschema.h"
#include "tests/jobs/jobstorecontract.h"
#include "tests/support/cuttingproxy.h"
#include "tests/support/postgresserver.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSqlQuery>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;
using Kind = StoreError::Kind;

namespace {

constexpr int kPatienceMs = 60'000; ///< on a busy machine; never waited for in full

/// One of several that share a database, as a process of its own would; on the real clock.
class Instance final
{
public:
    Instance(const QString &url, QString owner, std::chrono::milliseconds lease = 30s,
             std::chrono::milliseconds patience = 10s)
        : m_owner(std::move(owner))
    {
        auto parsed = parsePostgresOptions(url);
        auto options = std::make_shared<PostgresOptions>(parsed.takeValue());
        options->lease = lease;
        options->patience = patience;
        m_lease = lease;
        m_store = std::make_unique<PostgresJobStore>(options, m_clock);
        m_driver = std::make_unique<StoreDriver>(*m_store, m_clock);
    }

    PostgresJobStore &store() { return *m_store; }
    StoreDriver &operator*() { return *m_driver; }
    StoreDriver *operator->() { return m_driver.get(); }
    Answer<int> open() { return m_driver->open(m_owner); }
    QList<Job> claim(int limit = 1)
    {
        ClaimRequest request;
        request.owner = m_owner;
        request.lease = m_lease;
        request.places = { { u"sleep"_s, limit } };
        request.limit = limit;
        auto answer = m_driver->claim(request);
        return answer ? answer.takeValue() : QList<Job>();
    }
    Lease leaseOf(const Job &job) const { return { job.id, m_owner, job.attempt }; }
    /// As a process that was killed leaves it.
    void die()
    {
        m_driver.reset();
        m_store.reset();
    }

private:
    SystemClock m_clock;
    QString m_owner;
    std::chrono::milliseconds m_lease{};
    std::unique_ptr<PostgresJobStore> m_store;
    std::unique_ptr<StoreDriver> m_driver;
};

/// Holds every row of the jobs, as an instance does that is cut off in the middle of a claim.
class Holder final
{
public:
    Holder(const PostgresServer &server, const QString &database)
    {
        QSqlQuery query(server.connectAs(kName, database));
        m_isHolding = query.exec(u"BEGIN"_s)
            && query.exec(u"SELECT id FROM quiesce.jobs FOR UPDATE"_s) && query.next();
    }
    ~Holder() { QSqlDatabase::removeDatabase(kName); }
    Holder(const Holder &) = delete;
    Holder &operator=(const Holder &) = delete;
    [[nodiscard]] bool isHolding() const { return m_isHolding; }

private:
    inline static const QString kName = u"holder"_s;
    bool m_isHolding = false;
};

template <typename T>
Kind errorOf(const Answer<T> &answer)
{
    return answer ? Kind(255) : answer.error().kind;
}

} // namespace

class PostgresJobStoreTest final : public JobStoreContract
{
    Q_OBJECT

protected:
    std::unique_ptr<JobStore> makeStore(SteppedClock &clock) override
    {
        m_server->run(u"DROP SCHEMA IF EXISTS quiesce CASCADE"_s, m_database);
        auto options = parsePostgresOptions(m_server->url(m_database));
        return std::make_unique<PostgresJobStore>(
            std::make_shared<const PostgresOptions>(options.takeValue()), clock);
    }

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_server.reset(); }

    void eachJobIsClaimedByOne();
    void anyInstanceAnswersForAnyJob();
    void othersHearOfNewWork();
    void othersHearOfEndsAndCancels();
    void hearsOfAChangeAfterTheRepliesBefore();
    void aKeyIsKnownToAll();
    void countsFollowWhatOthersDo();
    void takesOverWhatADeadInstanceRan();
    void tellsOfWorkThatWasHeld_data();
    void tellsOfWorkThatWasHeld();
    void leavesALivingInstanceItsJobs();
    void crossingChangesLoseNothing();
    void instancesMigrateOnce();
    void goesOnOverARestartOfAnIdleServer();
    void refusesWhileThereIsNoServer();
    void givesUpOnAFrozenServer();
    void aFrozenServerDoesNotHoldUpTheEnd();
    void anAnswerLostInTheCommitIsLookedUp_data();
    void anAnswerLostInTheCommitIsLookedUp();
    void anEndInDoubtIsAnsweredLater();
    void leavesANewerSchemaAlone();
    void saysWhyItMayNotMakeItsSchema();
    void comesWithAPassword();
    void anErrorMayHoldAnyCharacter();
    void everySearchUsesAnIndex();

private:
    [[nodiscard]] QString url() const { return m_server->url(m_database); }
    [[nodiscard]] QString urlBy(const CuttingProxy &proxy) const
    {
        return url().replace(QString::number(m_server->port()), QString::number(proxy.port()));
    }

    std::unique_ptr<PostgresServer> m_server;
    QString m_database;
};

void PostgresJobStoreTest::initTestCase()
{
    m_server = std::make_unique<PostgresServer>();
    QVERIFY2(m_server->fault().isEmpty(), qPrintable(m_server->fault()));
    m_database = m_server->makeDatabase();
}

void PostgresJobStoreTest::eachJobIsClaimedByOne()
{
    constexpr int kJobs = 60;
    QSet<QString> added;
    for (int i = 0; i < kJobs; ++i)
        added.insert(driver().add());
    Instance instances[] = { { url(), u"a"_s }, { url(), u"b"_s }, { url(), u"c"_s } };
    QSet<QString> claimed;
    int answers = 0;
    for (Instance &instance : instances)
        QVERIFY(instance.open());
    for (int round = 0; round < 10; ++round) { // all at the same time, again and again
        for (Instance &instance : instances) {
            ClaimRequest request;
            request.owner = u"any"_s;
            request.places = { { u"sleep"_s, 3 } };
            request.limit = 3;
            instance.store().claim(request, [&](const Result<QList<Job>, StoreError> &answer) {
                ++answers;
                QVERIFY(answer);
                for (const Job &job : answer.value()) {
                    QVERIFY(!claimed.contains(job.id));
                    claimed.insert(job.id);
                }
            });
        }
    }
    QTRY_COMPARE_WITH_TIMEOUT(answers, 30, kPatienceMs);
    while (claimed.size() < kJobs) { // rows that another looked at are passed over
        const QList<Job> rest = instances[0].claim(10);
        QVERIFY(!rest.isEmpty());
        for (const Job &job : rest)
            claimed.insert(job.id);
    }
    QCOMPARE(claimed, added);
}

void PostgresJobStoreTest::anyInstanceAnswersForAnyJob()
{
    Instance a(url(), u"a"_s);
    Instance b(url(), u"b"_s);
    QVERIFY(a.open() && b.open());
    const QString id = a->add();
    QCOMPARE(b->get(id).value().state, JobState::Queued);
    const Job job = b.claim().value(0);
    QCOMPARE(job.id, id);
    QVERIFY(b->setOutput(b.leaseOf(job), { "so far", 0 }));
    QCOMPARE(a->output(id).value().bytes, QByteArray("so far"));
    QCOMPARE(a->cancel(id).value().job.state, JobState::Running);
    QVERIFY(b->get(id).value().isCancelRequested);
    QVERIFY(b->end(b.leaseOf(job), cancelled()));
    QCOMPARE(a->stateOf(id), JobState::Cancelled);
    QCOMPARE(a->list().value().jobs.value(0).id, id);
    JobQuery ended;
    ended.state = JobState::Cancelled;
    QCOMPARE(a->list(ended).value().jobs.size(), 1);
}

void PostgresJobStoreTest::othersHearOfNewWork()
{
    Instance a(url(), u"a"_s);
    QSignalSpy listens(&a.store(), &JobStore::changedElsewhere);
    QVERIFY(a.open());
    QTRY_COMPARE_WITH_TIMEOUT(listens.count(), 1, kPatienceMs);
    QSignalSpy heard(&a.store(), &JobStore::workAdded);
    // What is not due is told of by a notice alone, never because it was overlooked.
    const QDateTime inAnHour = QDateTime::currentDateTimeUtc().addSecs(3'600);
    NewJob later = driver().newJob();
    later.runAt = inAnHour;
    QVERIFY(driver().submit(later));
    QTRY_COMPARE_WITH_TIMEOUT(heard.count(), 1, kPatienceMs);
    NewJob twice = driver().newJob();
    twice.maxAttempts = 2;
    QVERIFY(driver().submit(twice));
    QTRY_VERIFY_WITH_TIMEOUT(heard.count() > 1, kPatienceMs);
    const Job job = driver().claim().value(0);
    QCOMPARE(job.id, twice.id);
    heard.clear();
    QVERIFY(driver().end(StoreDriver::leaseOf(job),
                         { AttemptEnd::Failed{ u"not yet"_s, inAnHour }, {} }));
    QTRY_VERIFY_WITH_TIMEOUT(heard.count() > 0, kPatienceMs);
}

void PostgresJobStoreTest::othersHearOfEndsAndCancels()
{
    Instance a(url(), u"a"_s);
    QSignalSpy heard(&a.store(), &JobStore::changedElsewhere);
    QVERIFY(a.open());
    QTRY_COMPARE_WITH_TIMEOUT(heard.count(), 1,
                              kPatienceMs); // it listens now, and may have missed anything
    QVERIFY(heard.takeFirst().value(0).toStringList().isEmpty());
    const QString ended = driver().add();
    QVERIFY(driver().end(StoreDriver::leaseOf(driver().claim().value(0)), succeeded()));
    QTRY_COMPARE_WITH_TIMEOUT(heard.count(), 1, kPatienceMs);
    QCOMPARE(heard.takeFirst().value(0).toStringList(), QStringList{ ended });
    const QString running = driver().add();
    const Job job = a.claim().value(0);
    QCOMPARE(job.id, running);
    QVERIFY(driver().cancel(running));
    QTRY_COMPARE_WITH_TIMEOUT(heard.count(), 1, kPatienceMs);
    QCOMPARE(heard.takeFirst().value(0).toStringList(), QStringList{ running });
    QVERIFY(a->end(a.leaseOf(job), cancelled())); // its own it does not hear
    a->add();
    QVERIFY(a->get(running));
    QCOMPARE(heard.count(), 0);
}

/// A cancellation that is heard before the claim's reply would be of a job that nobody knows yet.
void PostgresJobStoreTest::hearsOfAChangeAfterTheRepliesBefore()
{
    QStringList order;
    CuttingProxy proxy(m_server->port());
    Instance a(urlBy(proxy), u"a"_s, 30s, 60s);
    QSignalSpy listens(&a.store(), &JobStore::changedElsewhere);
    QVERIFY(a.open());
    QTRY_COMPARE_WITH_TIMEOUT(listens.count(), 1, kPatienceMs);
    QSignalSpy heard(&a.store(), &JobStore::workAdded);
    const QString id = driver().add();
    QTRY_VERIFY_WITH_TIMEOUT(heard.count() > 0, kPatienceMs);
    connect(&a.store(), &JobStore::changedElsewhere, this,
            [&](const QStringList &ids) { order.append(u"changed "_s + ids.join(u' ')); });
    proxy.holdAfter("claimant", "COMMIT");
    ClaimRequest request;
    request.owner = u"claimant"_s;
    request.places = { { u"sleep"_s, 1 } };
    request.limit = 1;
    a.store().claim(request, [&](const Result<QList<Job>, StoreError> &reply) {
        order.append(u"claimed "_s + (reply ? reply.value().value(0).id : reply.error().reason));
    });
    QTRY_VERIFY_WITH_TIMEOUT(driver().stateOf(id) == JobState::Running, kPatienceMs);
    QVERIFY(proxy.isHolding());
    QVERIFY(driver().cancel(id));
    heard.clear();
    driver().add(); // told of after the cancellation
    QTRY_VERIFY_WITH_TIMEOUT(heard.count() > 0, kPatienceMs);
    proxy.letGo();
    const QStringList expected{ u"claimed "_s + id, u"changed "_s + id };
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 2, kPatienceMs);
    QCOMPARE(order, expected);
}

void PostgresJobStoreTest::aKeyIsKnownToAll()
{
    Instance a(url(), u"a"_s);
    QVERIFY(a.open());
    int isNew = 0;
    QSet<QString> ids;
    int answers = 0;
    for (int i = 0; i < 20; ++i) { // of both at the same time
        for (JobStore *each : { static_cast<JobStore *>(&a.store()), &store() }) {
            NewJob job = driver().newJob();
            job.idempotencyKey = "key-" + QByteArray::number(i);
            job.fingerprint = "same";
            each->submit(job, [&](const Result<Submitted, StoreError> &answer) {
                ++answers;
                QVERIFY(answer);
                isNew += answer.value().isNew ? 1 : 0;
                ids.insert(answer.value().job.id);
            });
        }
    }
    QTRY_COMPARE_WITH_TIMEOUT(answers, 40, kPatienceMs);
    QCOMPARE(isNew, 20);
    QCOMPARE(ids.size(), 20);
}

void PostgresJobStoreTest::countsFollowWhatOthersDo()
{
    Instance a(url(), u"a"_s);
    QVERIFY(a.open());
    for (int i = 0; i < 3; ++i)
        driver().add();
    QTRY_COMPARE_WITH_TIMEOUT(a.store().counts().of(JobState::Queued), 3, kPatienceMs);
    QVERIFY(driver().end(StoreDriver::leaseOf(driver().claim().value(0)), succeeded()));
    QTRY_COMPARE_WITH_TIMEOUT(a.store().counts().of(JobState::Succeeded), 1, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(a.store().counts().of(JobState::Queued), 2, kPatienceMs);
}

void PostgresJobStoreTest::takesOverWhatADeadInstanceRan()
{
    Instance dead(url(), u"dead"_s, 300ms);
    Instance heir(url(), u"heir"_s, 300ms);
    QVERIFY(dead.open() && heir.open());
    NewJob twice = dead->newJob();
    twice.maxAttempts = 2;
    QVERIFY(dead->submit(twice));
    const QString once = dead->add();
    QCOMPARE(dead.claim(2).size(), 2);
    QSignalSpy heard(&heir.store(), &JobStore::workAdded);
    QElapsedTimer clock;
    clock.start();
    dead.die();
    QTRY_COMPARE_WITH_TIMEOUT(heir->stateOf(twice.id), JobState::Queued, kPatienceMs);
    QVERIFY2(clock.elapsed() <= 10'000, qPrintable(QString::number(clock.elapsed())));
    const Job job = heir->get(twice.id).value();
    QCOMPARE(job.requeues.value(0).reason, RequeueReason::LeaseLost);
    QCOMPARE(heir->stateOf(once), JobState::Failed); // it had one attempt
    QTRY_VERIFY_WITH_TIMEOUT(heard.count() > 0, kPatienceMs);
    QCOMPARE(heir.claim().value(0).id, twice.id);
}

void PostgresJobStoreTest::tellsOfWorkThatWasHeld_data()
{
    QTest::addColumn<std::chrono::milliseconds>("in");
    QTest::newRow("queued") << 0ms;
    QTest::newRow("scheduled") << 300ms;
}

/// A claim passes over what another holds, who may let go of it without a change.
void PostgresJobStoreTest::tellsOfWorkThatWasHeld()
{
    Instance a(url(), u"a"_s, 1s); // so often it looks
    QSignalSpy listens(&a.store(), &JobStore::changedElsewhere);
    QVERIFY(a.open());
    QTRY_COMPARE_WITH_TIMEOUT(listens.count(), 1, kPatienceMs);
    QFETCH(std::chrono::milliseconds, in);
    NewJob job = a->newJob();
    job.runAt = QDateTime::currentDateTimeUtc().addMSecs(in.count());
    QVERIFY(a->submit(job));
    QTRY_VERIFY(QDateTime::currentDateTimeUtc() > job.runAt);
    std::optional<Holder> holder(std::in_place, *m_server, m_database);
    QVERIFY(holder->isHolding());
    QVERIFY(a.claim().isEmpty());
    holder.reset();
    QSignalSpy heard(&a.store(), &JobStore::workAdded);
    QTRY_VERIFY_WITH_TIMEOUT(heard.count() > 0, kPatienceMs);
    QCOMPARE(a.store().nextDueAt().has_value(), in > 0ms);
    QCOMPARE(a.claim().value(0).id, job.id);
}

void PostgresJobStoreTest::leavesALivingInstanceItsJobs()
{
    Instance holder(url(), u"holder"_s, 3s);
    Instance other(url(), u"other"_s, 500ms); // so often it looks
    QVERIFY(holder.open() && other.open());
    holder->add();
    const Job job = holder.claim().value(0);
    for (int beat = 0; beat < 8; ++beat) {
        auto renewal = StoreDriver::await<Renewal>(
            [&](auto reply) { holder.store().renew({ holder.leaseOf(job) }, 3s, reply); });
        QVERIFY(renewal.value().lost.isEmpty());
        QSignalSpy looks(&other.store(), &JobStore::workAdded);
        QVERIFY(!looks.wait(500)); // the time of a heartbeat, in which nothing happens
    }
    QVERIFY(holder->end(holder.leaseOf(job), succeeded()));
}

/// Each locks what the other wants next, which PostgreSQL ends by failing one of them.
void PostgresJobStoreTest::crossingChangesLoseNothing()
{
    constexpr int kPairs = 30;
    Instance a(url(), u"a"_s);
    Instance b(url(), u"b"_s);
    QVERIFY(a.open() && b.open());
    QStringList ids;
    for (int i = 0; i < kPairs; ++i)
        ids << a->add();
    int answers = 0;
    int ended = 0;
    const auto take = [&](const Result<CancelResult, StoreError> &answer) {
        ++answers;
        ended += answer ? 1 : 0;
        QVERIFY(answer || answer.error().kind == Kind::Ended);
    };
    for (int i = 0; i < kPairs; ++i) {
        a.store().cancel(ids[i], take);
        b.store().cancel(ids[kPairs - 1 - i], take);
    }
    QTRY_COMPARE_WITH_TIMEOUT(answers, 2 * kPairs, 30'000);
    QCOMPARE(ended, kPairs);
    QCOMPARE(a.store().fault(), QString());
    QCOMPARE(b.store().fault(), QString());
}

void PostgresJobStoreTest::instancesMigrateOnce()
{
    const QString database = m_server->makeDatabase();
    std::vector<std::unique_ptr<Instance>> instances;
    int opened = 0;
    for (const QString &owner : { u"a"_s, u"b"_s, u"c"_s, u"d"_s }) {
        instances.push_back(std::make_unique<Instance>(m_server->url(database), owner));
        instances.back()->store().open(owner, [&](const Result<int, StoreError> &answer) {
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().reason));
            ++opened;
        });
    }
    QTRY_COMPARE_WITH_TIMEOUT(opened, 4, kPatienceMs);
    QCOMPARE(m_server->run(u"SELECT version FROM quiesce.meta"_s, database).toInt(),
             int(postgresSteps().size()));
    const QString id = (*instances[0])->add();
    QCOMPARE((*instances[3])->stateOf(id), JobState::Queued);
}

void PostgresJobStoreTest::goesOnOverARestartOfAnIdleServer()
{
    Instance a(url(), u"a"_s);
    QSignalSpy listens(&a.store(), &JobStore::changedElsewhere);
    QVERIFY(a.open());
    QTRY_COMPARE_WITH_TIMEOUT(listens.count(), 1, kPatienceMs);
    const QString id = a->add();
    QSignalSpy faults(&a.store(), &JobStore::faultChanged);
    m_server->stop();
    QVERIFY(m_server->start());
    QVERIFY(!a->add().isEmpty()); // nobody noticed
    QCOMPARE(a->stateOf(id), JobState::Queued);
    QCOMPARE(faults.count(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(listens.count() > 1, kPatienceMs); // it does again
}

void PostgresJobStoreTest::refusesWhileThereIsNoServer()
{
    Instance a(url(), u"a"_s);
    QVERIFY(a.open());
    const QString id = a->add();
    QSignalSpy faults(&a.store(), &JobStore::faultChanged);
    m_server->stop();
    const auto refused = a->submit(a->newJob());
    QCOMPARE(errorOf(refused), Kind::Unavailable);
    QVERIFY(refused.error().reason.startsWith(u"PostgreSQL at 127.0.0.1:"_s));
    QVERIFY(!refused.error().reason.contains(u'\n'));
    QCOMPARE(errorOf(a->get(id)), Kind::Unavailable);
    QTRY_COMPARE_WITH_TIMEOUT(faults.count(), 1, kPatienceMs);
    QVERIFY(!a.store().fault().isEmpty());
    QVERIFY(m_server->start());
    QTRY_COMPARE_WITH_TIMEOUT(a.store().fault(), QString(), kPatienceMs);
    QCOMPARE(faults.count(), 2);
    QCOMPARE(a->stateOf(id), JobState::Queued);
    QCOMPARE(a->list().value().jobs.size(), 1);
}

void PostgresJobStoreTest::givesUpOnAFrozenServer()
{
    Instance a(url() + u"?connect_timeout=2"_s, u"a"_s, 30s, 500ms);
    QVERIFY(a.open());
    const QString id = a->add();
    m_server->freeze();
    QElapsedTimer clock;
    clock.start();
    const auto refused = a->submit(a->newJob());
    const qint64 took = clock.elapsed();
    m_server->thaw();
    QCOMPARE(errorOf(refused), Kind::Unavailable);
    QVERIFY2(took < 10'000, qPrintable(QString::number(took)));
    QTRY_COMPARE_WITH_TIMEOUT(a.store().fault(), QString(), 30'000);
    QCOMPARE(a->stateOf(id), JobState::Queued);
}

void PostgresJobStoreTest::aFrozenServerDoesNotHoldUpTheEnd()
{
    auto a = std::make_unique<Instance>(url() + u"?connect_timeout=2"_s, u"a"_s);
    QVERIFY(a->open());
    m_server->freeze();
    a->store().submit((*a)->newJob(), {});
    QElapsedTimer clock;
    clock.start();
    a.reset();
    const qint64 took = clock.elapsed();
    m_server->thaw();
    QVERIFY2(took < 10'000, qPrintable(QString::number(took)));
}

void PostgresJobStoreTest::anAnswerLostInTheCommitIsLookedUp_data()
{
    QTest::addColumn<CuttingProxy::Cut>("how");
    QTest::newRow("it was committed") << CuttingProxy::Cut::After;
    QTest::newRow("it was not") << CuttingProxy::Cut::Before;
}

void PostgresJobStoreTest::anAnswerLostInTheCommitIsLookedUp()
{
    QFETCH(const CuttingProxy::Cut, how);
    CuttingProxy proxy(m_server->port());
    Instance a(urlBy(proxy), u"a"_s);
    QVERIFY(a.open());
    a->add();
    const Job job = a.claim().value(0);
    for (const auto &change : std::initializer_list<std::function<bool()>>{
             [&] { return bool(a->submit(a->newJob())); },
             [&] { return bool(a->end(a.leaseOf(job), succeeded(7))); } }) {
        const int before = proxy.cuts();
        proxy.cutAt("COMMIT", how);
        QVERIFY(change());
        QCOMPARE(proxy.cuts(), before + 1);
    }
    QCOMPARE(a->list().value().jobs.size(), 2);
    QCOMPARE(a->get(job.id).value().result, QJsonValue(7));
    QCOMPARE(a.store().fault(), QString());
    QCOMPARE(a.store().counts().of(JobState::Succeeded), 1);
    QCOMPARE(a.store().counts().of(JobState::Queued), 1);
}

void PostgresJobStoreTest::anEndInDoubtIsAnsweredLater()
{
    CuttingProxy proxy(m_server->port());
    Instance a(urlBy(proxy), u"a"_s);
    QVERIFY(a.open());
    a->add();
    const Job job = a.claim().value(0);
    proxy.cutAt("COMMIT", CuttingProxy::Cut::After);
    std::optional<Kind> error;
    a.store().endAttempt(a.leaseOf(job), succeeded(7),
                         [&](const Result<Job, StoreError> &end) { error = errorOf(end); });
    QTRY_COMPARE_WITH_TIMEOUT(proxy.cuts(), 1, kPatienceMs);
    proxy.close(); // before it can ask
    QTRY_VERIFY_WITH_TIMEOUT(error, kPatienceMs);
    if (*error == Kind(255))
        QSKIP("it had asked already");
    QCOMPARE(*error, Kind::Unavailable);
    proxy.open();
    QTRY_COMPARE_WITH_TIMEOUT(a.store().fault(), QString(), kPatienceMs);
    QCOMPARE(driver().stateOf(job.id), JobState::Succeeded);
    const auto again = a->end(a.leaseOf(job), succeeded(7));
    QVERIFY(again);
    QCOMPARE(again.value().state, JobState::Succeeded);
    Lease wrong = a.leaseOf(job);
    wrong.attempt = 2;
    QCOMPARE(errorOf(a->end(wrong, succeeded())), Kind::LeaseLost);
}

void PostgresJobStoreTest::leavesANewerSchemaAlone()
{
    m_server->run(u"UPDATE quiesce.meta SET version = 99"_s, m_database);
    Instance a(url(), u"a"_s);
    const auto opened = a.open();
    QCOMPARE(errorOf(opened), Kind::TooNew);
    QVERIFY(opened.error().reason.contains(u"99"_s));
    QCOMPARE(m_server->run(u"SELECT version FROM quiesce.meta"_s, m_database).toInt(), 99);
}

void PostgresJobStoreTest::saysWhyItMayNotMakeItsSchema()
{
    const QString database = m_server->makeDatabase();
    m_server->run(u"CREATE ROLE guest LOGIN"_s);
    Instance a(m_server->url(database).replace(u"quiesce@"_s, u"guest@"_s), u"a"_s);
    const auto opened = a.open();
    QCOMPARE(errorOf(opened), Kind::Unavailable);
    QVERIFY2(opened.error().reason.contains(u"permission denied"_s),
             qPrintable(opened.error().reason));
    QVERIFY(m_server->run(u"SELECT to_regnamespace('quiesce')"_s, database).isNull());
}

void PostgresJobStoreTest::comesWithAPassword()
{
    m_server->run(u"DROP ROLE IF EXISTS locked"_s);
    m_server->run(u"CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'it''s \\ ; secret'"_s);
    const QString locked = url().replace(u"quiesce@"_s, u"locked@"_s);
    for (const bool isRight : { true, false }) {
        auto options = parsePostgresOptions(locked);
        auto given = std::make_shared<PostgresOptions>(options.takeValue());
        given->password = Secret(isRight ? "it's \\ ; secret" : "wrong");
        SystemClock clock;
        PostgresJobStore store(given, clock);
        StoreDriver driver(store, clock);
        QSignalSpy heard(&store, &JobStore::changedElsewhere);
        const auto opened = driver.open(u"a"_s);
        QCOMPARE(opened.isOk(), isRight);
        if (isRight) {
            QTRY_COMPARE_WITH_TIMEOUT(heard.count(), 1, kPatienceMs); // it listens with it as well
        } else {
            QVERIFY2(opened.error().reason.contains(u"password authentication failed"_s),
                     qPrintable(opened.error().reason));
        }
    }
}

void PostgresJobStoreTest::anErrorMayHoldAnyCharacter()
{
    driver().add();
    const Job job = driver().claim().value(0);
    const QString error = u"a"_s + QChar(0) + u"b' \\ ? $1 \U0001F642"_s;
    QVERIFY(driver().end(StoreDriver::leaseOf(job), failed(error)));
    QCOMPARE(driver().get(job.id).value().error, u"a\uFFFDb' \\ ? $1 \U0001F642"_s);
}

void PostgresJobStoreTest::everySearchUsesAnIndex()
{
    for (const QString &condition :
         { u"kind = 'a' AND state = 0 ORDER BY run_at, id LIMIT 1"_s,
           u"kind = 'a' AND state = 1 AND run_at <= 5 ORDER BY run_at, id LIMIT 1"_s,
           u"state > 2 ORDER BY finished_at, id LIMIT 1"_s,
           u"back_off_ms IS NOT NULL AND run_at > 5"_s, u"id < '\\x01' ORDER BY id DESC LIMIT 1"_s,
           u"kind = 'a' AND state = 3 AND id < '\\x01' ORDER BY id DESC LIMIT 1"_s,
           u"idempotency_key = '\\x01'"_s, u"state = 1 AND run_at > 5"_s,
           u"state = 2 AND leased_until < 5"_s }) {
        const QString plan = m_server
                                 ->run(u"SET enable_seqscan = off; SET enable_sort = off;"
                                       " EXPLAIN (FORMAT JSON) SELECT id FROM quiesce.jobs WHERE "_s
                                           + condition,
                                       m_database)
                                 .toString();
        QVERIFY2(plan.contains(u"Index"_s) && !plan.contains(u"Seq Scan"_s)
                     && !plan.contains(u"\"Sort\""_s),
                 qPrintable(condition + plan));
    }
}

QTEST_GUILESS_MAIN(PostgresJobStoreTest)
#include "tst_postgresjobstore.moc"
