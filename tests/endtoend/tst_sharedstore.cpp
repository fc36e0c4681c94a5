// SPDX-License-Identifier: GPL-3.0-only
// Instances that share a database, and what that database does to them: it stops, it freezes, it
// lets nobody in.
#include "tests/endtoend/sharedinstances.h"
#include "tests/kit/adminclient.h"
#include "tests/support/postgresserver.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

constexpr int kPatienceMs = 60'000; ///< on a busy machine; never waited for in full

} // namespace

class SharedStoreTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase() { m_server.reset(); }

    void refusesTruthfullyWithoutADatabase();
    void leavesInTimeWithAFrozenDatabase();
    void goesOverToANewProcess();
    void saysWhyItCannotStart_data();
    void saysWhyItCannotStart();
    void readsThePasswordFromAFile();

private:
    std::unique_ptr<PostgresServer> m_server;
    QString m_database;
    SharedInstances m_instances;
};

void SharedStoreTest::initTestCase()
{
    m_server = std::make_unique<PostgresServer>();
    QVERIFY2(m_server->fault().isEmpty(), qPrintable(m_server->fault()));
}

void SharedStoreTest::init()
{
    m_database = m_server->makeDatabase();
    for (int i = 0; i < SharedInstances::kCount; ++i)
        m_instances.add(m_server->url(m_database));
}

void SharedStoreTest::cleanup()
{
    m_server->thaw();
    m_instances.clear();
    if (!m_server->isRunning())
        QVERIFY(m_server->start());
}

void SharedStoreTest::refusesTruthfullyWithoutADatabase()
{
    QVERIFY(m_instances.startAll());
    const QByteArrayList ids = m_instances.handIn(6, R"({"ms":300,"stepMs":10})");
    m_server->stop();
    const JobAnswer refused = m_instances[0].jobs().submit("sleep", R"({"ms":1})");
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.code(), u"store-unavailable"_s);
    QVERIFY(refused.fields.contains("retry-after"));
    QTRY_COMPARE_WITH_TIMEOUT(m_instances[0].readiness().status, 503, kPatienceMs);
    QVERIFY(m_instances[0].readiness().body.contains("PostgreSQL at 127.0.0.1"));
    QCOMPARE(m_instances[0].askTraffic(get("/livez")).status, 200);
    QCOMPARE(m_instances[0].askTraffic(get("/hello")).status, 200);
    QVERIFY(m_server->start());
    QTRY_VERIFY_WITH_TIMEOUT(m_instances.areAllReady(), kPatienceMs);
    QVERIFY(m_instances.haveAllSucceeded(ids));
    QCOMPARE(m_instances[0].jobs().submit("sleep", R"({"ms":1})").status, 201);
}

void SharedStoreTest::leavesInTimeWithAFrozenDatabase()
{
    SharedInstance &instance = m_instances[0];
    QVERIFY(instance.start({ u"--grace"_s, u"1s"_s }));
    const QByteArray id = instance.jobs().submit("sleep", R"({"ms":3600000,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(instance.jobs().get(id).state(), u"running"_s, kPatienceMs);
    m_server->freeze();
    QElapsedTimer clock;
    clock.start();
    instance.requestStop();
    QCOMPARE(instance.waitForExit(), 75);
    QVERIFY2(clock.elapsed() < 15'000, qPrintable(QString::number(clock.elapsed())));
    m_server->thaw();
    QVERIFY(m_instances[1].start());
    QTRY_COMPARE_WITH_TIMEOUT(m_instances[1].jobs().get(id).state(), u"running"_s,
                              kPatienceMs); // it was taken over
}

void SharedStoreTest::goesOverToANewProcess()
{
    SharedInstance &instance = m_instances[0];
    QVERIFY(instance.start({ u"--grace"_s, u"200ms"_s }));
    const QByteArray id = instance.jobs().submit("sleep", R"({"ms":2000,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(instance.jobs().get(id).state(), u"running"_s, kPatienceMs);
    instance.signal(SIGUSR2);
    QVERIFY(instance.waitForLog(u"replaced"_s));
    QCOMPARE(instance.waitForExit(), 0);
    const JobAnswer done = instance.jobs().await(id);
    const qint64 heir = AdminClient(instance).get("/state").body["pid"_L1].toInteger();
    QVERIFY(heir > 0 && heir != instance.pid());
    ::kill(static_cast<pid_t>(heir), SIGKILL);
    QCOMPARE(done.state(), u"succeeded"_s);
    QCOMPARE(done.body["attempt"_L1].toInt(), 1);
}

void SharedStoreTest::saysWhyItCannotStart_data()
{
    QTest::addColumn<QString>("database");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("nobody there") << u"postgresql://q@127.0.0.1:1/q"_s << 69
                                  << QByteArray("PostgreSQL at 127.0.0.1:1/q: ");
    QTest::newRow("no such database") << u"?"_s << 69 << QByteArray("does not exist");
    QTest::newRow("a password in it") << u"postgresql://q:secret@127.0.0.1/q"_s << 78
                                      << QByteArray("a password does not belong in it");
    QTest::newRow("unreadable") << u"postgresql://q:secret@[::1"_s << 78
                                << QByteArray("QUIESCE_JOBS_DATABASE: end of string");
    QTest::newRow("an unknown option") << u"host=a colour=red"_s << 78 << QByteArray("colour");
}

void SharedStoreTest::saysWhyItCannotStart()
{
    QFETCH(const QString, database);
    QFETCH(const int, exitCode);
    QFETCH(const QByteArray, reason);
    SharedInstance instance(database == "?"_L1 ? m_server->url(u"nothing"_s) : database);
    const auto finished = instance.run(
        instance.ownDirectories()
        + QStringList{ u"--listen"_s, u"127.0.0.1:0"_s, u"--admin-listen"_s, u"127.0.0.1:0"_s });
    const QByteArray all = finished.output + finished.errors;
    QVERIFY2(all.contains(reason), all.constData());
    QVERIFY(!all.contains("secret"));
    QCOMPARE(finished.exitCode, exitCode);
}

void SharedStoreTest::readsThePasswordFromAFile()
{
    m_server->run(u"CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'a secret'"_s);
    const QString locked = m_server->url(m_database).replace(u"quiesce@"_s, u"locked@"_s);
    SharedInstance instance(locked);
    instance.writeFile(u"password"_s, "a secret\n");
    QFile::setPermissions(instance.path(u"password"_s), QFile::ReadOwner | QFile::WriteOwner);
    instance.setEnvironment(u"QUIESCE_JOBS_DATABASE_PASSWORD_FILE"_s, instance.path(u"password"_s));
    QVERIFY(instance.start());
    QCOMPARE(instance.jobs().submit("sleep", R"({"ms":1})").status, 201);
    for (const QJsonObject &record : instance.log())
        QVERIFY(!QString::fromUtf8(QJsonDocument(record).toJson()).contains(u"a secret"_s));
}

QTEST_GUILESS_MAIN(SharedStoreTest)
#include "tst_sharedstore.moc"
