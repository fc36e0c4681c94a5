// SPDX-License-Identifier: GPL-3.0-only
// Several instances as processes of their own, on each store and with each engine that tells of
// jobs: under load one is stopped, one is killed, one is cut off, and the store and the engine go
// away and come back. Nothing accepted is lost, nothing succeeds twice. Where each keeps its jobs
// to itself, being started again is what another's take-over is elsewhere.
#include "tests/endtoend/sharedstores.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/loopbackclient.h"
#include "tests/support/networkline.h"
#ifdef QUIESCE_HAS_RABBITMQ
#include "tests/support/rabbitserver.h"
#endif
#ifdef QUIESCE_HAS_KAFKA
#include "tests/support/kafkacluster.h"
#endif

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

constexpr int kPatienceMs = 60'000; ///< on a busy machine; never waited for in full

/// What tells instances of jobs, and how it is hurt.
class Engine
{
public:
    Engine() = default;
    virtual ~Engine() = default;
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;

    [[nodiscard]] virtual QString name() const = 0;
    /// What instances need that use this prefix.
    virtual void prepare(const QString & /*prefix*/) { }
    virtual void set(SharedInstance &instance) const = 0;
    /// Where it listens; 0: it tells its clients itself, so that nothing can be put between.
    [[nodiscard]] virtual quint16 port() const { return 0; }
    /// Has an instance that was set reach it there.
    virtual void setPort(SharedInstance & /*instance*/, quint16 /*port*/) const { }
    virtual void stop() = 0;
    virtual bool start() = 0;
    virtual void freeze() = 0;
    virtual void thaw() = 0;
};

#ifdef QUIESCE_HAS_RABBITMQ
class RabbitEngine final : public Engine
{
public:
    [[nodiscard]] QString name() const override { return u"rabbitmq"_s; }
    bool start() override { return m_server.start(); }
    void set(SharedInstance &instance) const override
    {
        instance.setEnvironment(u"QUIESCE_JOBS_DISPATCH"_s, u"rabbitmq"_s);
        setPort(instance, m_server.port());
        instance.writeFile(u"broker-password"_s, "guest\n");
        QFile::setPermissions(instance.path(u"broker-password"_s),
                              QFile::ReadOwner | QFile::WriteOwner);
        instance.setEnvironment(u"QUIESCE_JOBS_BROKER_PASSWORD_FILE"_s,
                                instance.path(u"broker-password"_s));
    }
    [[nodiscard]] quint16 port() const override { return m_server.port(); }
    void setPort(SharedInstance &instance, quint16 port) const override
    {
        instance.setEnvironment(u"QUIESCE_JOBS_BROKER"_s, u"amqp://guest@127.0.0.1:%1"_s.arg(port));
    }
    void stop() override { m_server.stop(); }
    void freeze() override { m_server.freeze(); }
    void thaw() override { m_server.thaw(); }

private:
    RabbitServer m_server;
};
#endif

#ifdef QUIESCE_HAS_KAFKA
/// librdkafka's mock, which may fail an assertion of its own when a member of a group is killed
/// (version 2.0.2, rd_kafka_mock_cgrp_member_sync_set): then the broker dies with an instance, and
/// the promise is the same. Each test has one of its own.
class KafkaEngine final : public Engine
{
public:
    [[nodiscard]] QString name() const override { return u"kafka"_s; }
    bool start() override
    {
        if (m_cluster)
            m_cluster->up();
        return true;
    }
    void prepare(const QString &prefix) override
    {
        m_cluster = std::make_unique<KafkaCluster>();
        for (const QString &topic : { u"sleep"_s, u"digest"_s, u"dead"_s })
            m_cluster->addTopic(prefix + u'.' + topic, 2 * SharedInstances::kCount);
    }
    void set(SharedInstance &instance) const override
    {
        instance.setEnvironment(u"QUIESCE_JOBS_DISPATCH"_s, u"kafka"_s);
        instance.setEnvironment(u"QUIESCE_JOBS_BROKER"_s, m_cluster->brokers().join(u','));
    }
    void stop() override { m_cluster->down(); }
    void freeze() override { m_cluster->freeze(); }
    void thaw() override { }

private:
    std::unique_ptr<KafkaCluster> m_cluster;
};
#endif

std::unique_ptr<Engine> makeEngine([[maybe_unused]] const QByteArray &name)
{
#ifdef QUIESCE_HAS_RABBITMQ
    if (name == "rabbitmq")
        return std::make_unique<RabbitEngine>();
#endif
#ifdef QUIESCE_HAS_KAFKA
    if (name == "kafka")
        return std::make_unique<KafkaEngine>();
#endif
    return {};
}

} // namespace

class SharedJobsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();

    void anyInstanceAnswersForAnyJob();
    void tellsItsEnginesAndHowTheyAre();
    void losesNothingWhenOneIsStoppedAndOneIsKilled();
    void takesOverWithinTheLease();
    void outlivesItsStore();
    void outlivesACutNetwork();
    void goesOnWithoutItsBroker();
    void leavesInTimeWithAFrozenBroker();

private:
    /// The one, or where each has its own the same that all are asked of.
    [[nodiscard]] SharedInstance &instance(size_t index)
    {
        return m_instances[m_store->isShared() ? index : 0];
    }
    [[nodiscard]] int count() const
    {
        return m_instances.count([](const QJsonObject &) { return true; });
    }
    [[nodiscard]] bool startAgainWhereAlone(std::initializer_list<size_t> ended);
    [[nodiscard]] QStringList instanceIds();
    [[nodiscard]] static QByteArray metrics(const SharedInstance &instance);

    SharedInstances m_instances;
    std::unique_ptr<SharedStore> m_store;
    std::unique_ptr<Engine> m_engine; ///< null: the store itself tells of jobs
};

void SharedJobsTest::initTestCase()
{
    if (QByteArray(QUIESCE_ENGINE) == "sqlite")
        m_store = std::make_unique<SqliteStore>(m_instances);
    else
        m_store = std::make_unique<PostgresStore>(m_instances);
    QVERIFY2(m_store->fault().isEmpty(), qPrintable(m_store->fault()));
    m_engine = makeEngine(QUIESCE_ENGINE);
    QVERIFY(!m_engine || m_engine->start());
}

void SharedJobsTest::init()
{
    const QString name = m_store->renew();
    if (m_engine)
        m_engine->prepare(name);
    for (int i = 0; i < SharedInstances::kCount; ++i) {
        SharedInstance &instance = m_store->addInstance();
        instance.setEnvironment(u"QUIESCE_JOBS_BROKER_PREFIX"_s, name); // its own queues
        if (m_engine)
            m_engine->set(instance);
    }
}

void SharedJobsTest::cleanup()
{
    if (m_engine)
        m_engine->thaw();
    const bool isThere = m_store->start();
    if (QTest::currentTestFailed())
        m_instances.describeJobs();
    m_instances.clear();
    QVERIFY(isThere);
}

void SharedJobsTest::cleanupTestCase()
{
    m_engine.reset();
    m_store.reset();
}

bool SharedJobsTest::startAgainWhereAlone(std::initializer_list<size_t> ended)
{
    return m_store->isShared() || std::all_of(ended.begin(), ended.end(), [this](size_t index) {
               return m_instances[index].start();
           });
}

QStringList SharedJobsTest::instanceIds()
{
    QStringList ids;
    for (size_t i = 0; i < SharedInstances::kCount; ++i)
        ids << AdminClient(m_instances[i]).get("/state").body["instanceId"_L1].toString();
    return ids;
}

QByteArray SharedJobsTest::metrics(const SharedInstance &instance)
{
    return askAfresh(instance.adminPort(), get("/metrics")).body;
}

void SharedJobsTest::anyInstanceAnswersForAnyJob()
{
    QVERIFY(m_instances.startAll());
    const JobsClient a = instance(0).jobs();
    const JobsClient b = instance(1).jobs();
    const JobsClient c = instance(2).jobs();
    const QByteArray id = a.submit("sleep", R"({"ms":200})").id();
    QCOMPARE(b.await(id).state(), u"succeeded"_s); // wherever it ran
    const QByteArray running = b.submit("sleep", R"({"ms":3600000,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(c.get(running).state(), u"running"_s, kPatienceMs);
    QVERIFY(instanceIds().contains(c.get(running).body["owner"_L1].toString()));
    QCOMPARE(c.ask("DELETE", "/v1/jobs/" + running).status, 202);
    QCOMPARE(a.await(running).state(), u"cancelled"_s);
    const AdminClient admin(m_instances[0]);
    QCOMPARE(admin.get("/jobs?state=cancelled").body["items"_L1].toArray().size(), 1);
}

void SharedJobsTest::tellsItsEnginesAndHowTheyAre()
{
    SharedInstance &instance = m_instances[0];
    QVERIFY(instance.start());
    const AdminClient admin(instance);
    const auto engine = [&admin] { return admin.get("/state").body.value("engine"_L1); };
    QCOMPARE(engine()["store"_L1]["name"_L1].toString(), m_store->name());
    QVERIFY(engine()["store"_L1]["fault"_L1].isNull());
    QCOMPARE(engine()["broker"_L1].isNull(), !m_engine);
    if (m_engine) {
        QTRY_VERIFY_WITH_TIMEOUT(engine()["broker"_L1]["fault"_L1].isNull(), kPatienceMs);
        QCOMPARE(engine()["broker"_L1]["name"_L1].toString(), m_engine->name());
        QVERIFY(metrics(instance).contains("quiesce_broker_fault{engine=\""
                                           + m_engine->name().toLatin1() + "\"} 0\n"));
        m_engine->stop();
        QTRY_VERIFY_WITH_TIMEOUT(engine()["broker"_L1]["fault"_L1].isString(), kPatienceMs);
        QVERIFY(engine()["broker"_L1]["sinceAt"_L1].isString());
        QVERIFY(metrics(instance).contains("quiesce_broker_fault{engine=\""
                                           + m_engine->name().toLatin1() + "\"} 1\n"));
        QVERIFY(m_engine->start());
        QTRY_VERIFY_WITH_TIMEOUT(engine()["broker"_L1]["fault"_L1].isNull(), kPatienceMs);
    }
    m_store->stop();
    QTRY_VERIFY_WITH_TIMEOUT(instance.jobs().submit("sleep", R"({"ms":1})").status == 503
                                 && engine()["store"_L1]["fault"_L1].isString(),
                             kPatienceMs);
    QVERIFY(m_store->start());
    QTRY_VERIFY_WITH_TIMEOUT(engine()["store"_L1]["fault"_L1].isNull(), kPatienceMs);
}

void SharedJobsTest::losesNothingWhenOneIsStoppedAndOneIsKilled()
{
    QVERIFY(m_instances.startAll());
    QByteArrayList ids = m_instances.handIn(30, R"({"ms":700,"stepMs":10})");
    QCOMPARE(ids.size(), 30);
    const auto hasBegun = [](const QJsonObject &job) { return !job["startedAt"_L1].isNull(); };
    QTRY_VERIFY_WITH_TIMEOUT(m_instances.count(hasBegun) > 0, kPatienceMs);
    m_instances[0].requestStop();
    m_instances[1].signal(SIGKILL);
    ids += m_instances.handIn(15, R"({"ms":50,"stepMs":10})");
    QCOMPARE(m_instances[0].waitForExit(), 0);
    QCOMPARE(m_instances[1].waitForExit(), -1);
    ids += m_instances.handIn(15, R"({"ms":50,"stepMs":10})");
    QVERIFY(ids.size() >= 35);
    QVERIFY(startAgainWhereAlone({ 0, 1 }));
    QVERIFY(m_instances.haveAllSucceeded(ids));
    QCOMPARE(m_instances.countIn(u"succeeded"_s), int(ids.size()));
    QCOMPARE(count(), int(ids.size()));
}

void SharedJobsTest::takesOverWithinTheLease()
{
    QVERIFY(m_instances.startAll());
    QByteArrayList ids = m_instances.handIn(24, R"({"ms":3600000,"stepMs":10})"); // every place
    QCOMPARE(ids.size(), 24);
    QTRY_COMPARE_WITH_TIMEOUT(m_instances.countIn(u"running"_s), 24, kPatienceMs);
    QElapsedTimer clock;
    clock.start();
    m_instances[2].signal(SIGKILL);
    QCOMPARE(m_instances[2].waitForExit(), -1);
    QVERIFY(startAgainWhereAlone({ 2 }));
    const auto wasTakenOver = [](const QJsonObject &job) {
        return !job["requeues"_L1].toArray().isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(m_instances.count(wasTakenOver) > 0, kPatienceMs);
    QVERIFY2(clock.elapsed() <= 15'000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(m_instances.cancelAll(ids));
    QTRY_COMPARE_WITH_TIMEOUT(m_instances.countIn(u"cancelled"_s), 24, kPatienceMs);
    ids = m_instances.handIn(12, R"({"ms":50,"stepMs":10})"); // its places are free again
    QVERIFY(m_instances.haveAllSucceeded(ids));
}

/// Refused truthfully while it is away, and nothing that was taken is lost.
void SharedJobsTest::outlivesItsStore()
{
    QVERIFY(m_instances.startAll());
    QByteArrayList ids = m_instances.handIn(12, R"({"ms":700,"stepMs":10})");
    QCOMPARE(ids.size(), 12);
    m_store->stop();
    for (size_t i = 0; i < SharedInstances::kCount; ++i) {
        QTRY_COMPARE_WITH_TIMEOUT(m_instances[i].readiness().status, 503, kPatienceMs);
        const JobAnswer refused = m_instances[i].jobs().submit("sleep", R"({"ms":1})");
        QCOMPARE(refused.status, 503);
        QVERIFY(refused.fields.contains("retry-after"));
    }
    QVERIFY(m_store->start());
    QTRY_VERIFY_WITH_TIMEOUT(m_instances.areAllReady(), kPatienceMs);
    ids += m_instances.handIn(6, R"({"ms":50,"stepMs":10})");
    QCOMPARE(ids.size(), 18);
    QVERIFY(m_instances.haveAllSucceeded(ids));
    QCOMPARE(count(), 18);
}

/// One of them reaches neither the database nor, where that can be done, the broker.
void SharedJobsTest::outlivesACutNetwork()
{
    if (m_store->port() == 0)
        QSKIP("its store is no network away");
    NetworkLine toDatabase(m_store->port());
    NetworkLine toBroker(m_engine ? m_engine->port() : 0);
    QString url = m_store->url();
    url.replace(u":%1/"_s.arg(m_store->port()), u":%1/"_s.arg(toDatabase.port()));
    m_instances[0].setEnvironment(u"QUIESCE_JOBS_DATABASE"_s, url);
    if (m_engine && m_engine->port() != 0)
        m_engine->setPort(m_instances[0], toBroker.port());
    QVERIFY(m_instances.startAll());
    QByteArrayList ids = m_instances.handIn(12, R"({"ms":700,"stepMs":10})");
    QCOMPARE(ids.size(), 12);
    toDatabase.cut();
    toBroker.cut();
    ids += m_instances[1].jobs().submit("sleep", R"({"ms":50,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(m_instances[0].readiness().status, 503, kPatienceMs);
    QCOMPARE(m_instances[0].jobs().submit("sleep", R"({"ms":1})").status, 503);
    QCOMPARE(m_instances[1].readiness().status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(m_instances.countIn(u"succeeded"_s), 13, kPatienceMs); // taken over
    toDatabase.mend();
    toBroker.mend();
    QTRY_VERIFY_WITH_TIMEOUT(m_instances.areAllReady(), kPatienceMs);
    ids += m_instances.handIn(6, R"({"ms":50,"stepMs":10})");
    QCOMPARE(ids.size(), 19);
    QVERIFY(m_instances.haveAllSucceeded(ids));
    QCOMPARE(count(), 19);
}

/// The store is the truth: jobs are found in it, and told of by the broker once that is back.
void SharedJobsTest::goesOnWithoutItsBroker()
{
    if (!m_engine)
        QSKIP("the store itself tells of jobs");
    QVERIFY(m_instances.startAll());
    QByteArrayList ids = m_instances.handIn(6, R"({"ms":100,"stepMs":10})");
    m_engine->stop();
    ids += m_instances.handIn(12, R"({"ms":100,"stepMs":10})");
    QCOMPARE(ids.size(), 18);
    QVERIFY(m_instances.haveAllSucceeded(ids));
    QVERIFY(m_instances[0].waitForLog(u"jobs are told of by the store alone"_s));
    QVERIFY(m_instances.areAllReady());
    QVERIFY(m_engine->start());
    ids += m_instances.handIn(12, R"({"ms":100,"stepMs":10})");
    QCOMPARE(ids.size(), 30);
    QVERIFY(m_instances.haveAllSucceeded(ids));
    QVERIFY(m_instances[0].waitForLog(u"the broker tells of jobs"_s));
    QCOMPARE(m_instances.countIn(u"succeeded"_s), 30);
}

void SharedJobsTest::leavesInTimeWithAFrozenBroker()
{
    if (!m_engine)
        QSKIP("the store itself tells of jobs");
    SharedInstance &instance = m_instances[0];
    QVERIFY(instance.start({ u"--grace"_s, u"1s"_s }));
    const QByteArray id = instance.jobs().submit("sleep", R"({"ms":3600000,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(instance.jobs().get(id).state(), u"running"_s, kPatienceMs);
    m_engine->freeze();
    QElapsedTimer clock;
    clock.start();
    instance.requestStop();
    QCOMPARE(instance.waitForExit(), 0);
    QVERIFY2(clock.elapsed() < 20'000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(m_instances[1].start());
    QTRY_COMPARE_WITH_TIMEOUT(m_instances[1].jobs().get(id).state(), u"running"_s, kPatienceMs);
    QCOMPARE(m_instances[1].jobs().get(id).body["requeues"_L1].toArray().size(), 1); // handed over
}

QTEST_GUILESS_MAIN(SharedJobsTest)
#include "tst_sharedjobs.moc"
