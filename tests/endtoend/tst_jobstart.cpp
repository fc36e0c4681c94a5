// SPDX-License-Identifier: GPL-3.0-only
// The store of jobs when the machine does not play along: damaged, from the future, held by
// another, or on a full disk.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>
#include <csignal>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

/// The store's file, as another program would open it.
class OtherProgram final
{
public:
    explicit OtherProgram(const QString &file)
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, kName);
        database.setDatabaseName(file);
        if (!database.open())
            qFatal("cannot open %s", qUtf8Printable(file));
    }
    ~OtherProgram()
    {
        QSqlDatabase::database(kName).close();
        QSqlDatabase::removeDatabase(kName);
    }
    OtherProgram(const OtherProgram &) = delete;
    OtherProgram &operator=(const OtherProgram &) = delete;

    [[nodiscard]] bool run(const QString &sql) const
    {
        QSqlQuery query(QSqlDatabase::database(kName));
        return query.exec(sql);
    }

private:
    inline static const QString kName = u"other"_s;
};

} // namespace

class JobStartTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_service.reset(); } // its log is told of the test that failed

    void isNotReadyBeforeItsStoreIsOpen();
    void refusesAStoreOfANewerVersion();
    void refusesAStoreThatAnotherHolds();
    void setsADamagedStoreAsideAndSaysSo();
    void saysThatAFullDiskKeepsNoJobs();
    void keepsWhatItTookOnAFullDisk();

private:
    [[nodiscard]] QString storeFile() const { return m_service->dataDir() + "/jobs.db"_L1; }
    void makeStore();

    std::unique_ptr<ServiceProcess> m_service;
};

void JobStartTest::init()
{
    m_service = std::make_unique<ServiceProcess>(QStringLiteral(JOBSUBJECT_PROGRAM));
}

void JobStartTest::makeStore()
{
    QVERIFY(m_service->start());
    QCOMPARE(JobsClient(*m_service).submit("echo").status, 201);
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0);
}

void JobStartTest::isNotReadyBeforeItsStoreIsOpen()
{
    QVERIFY(m_service->start());
    QVERIFY(QFile::exists(storeFile()));
    const Answer ready = askAfresh(m_service->adminPort(), get("/readyz?verbose"));
    QCOMPARE(ready.status, 200);
    QVERIFY(ready.body.contains("[+] jobs: ok\n"));
}

void JobStartTest::refusesAStoreOfANewerVersion()
{
    makeStore();
    QVERIFY(OtherProgram(storeFile()).run(u"PRAGMA user_version = 9999"_s));
    QVERIFY(!m_service->start());
    QCOMPARE(m_service->waitForExit(), 78);
    m_service->setEnvironment(u"QUIESCE_LOG_FORMAT"_s, u"text"_s);
    const ServiceProcess::Finished finished = m_service->run(m_service->ownDirectories());
    QCOMPARE(finished.exitCode, 78);
    QVERIFY2(finished.errors.contains("jobs.db"), finished.errors.constData());
    QVERIFY(!finished.output.contains("ready"));
}

void JobStartTest::refusesAStoreThatAnotherHolds()
{
    makeStore();
    const OtherProgram other(storeFile());
    QVERIFY(other.run(u"PRAGMA locking_mode = EXCLUSIVE"_s));
    QVERIFY(other.run(u"BEGIN EXCLUSIVE"_s));
    QVERIFY(!m_service->start());
    QCOMPARE(m_service->waitForExit(), 69);
}

void JobStartTest::setsADamagedStoreAsideAndSaysSo()
{
    const QByteArray damage = "this was a store of jobs once" + QByteArray(8'192, '\x5a');
    makeStore();
    QFile file(storeFile());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(damage);
    file.close();
    QVERIFY(m_service->start());
    QVERIFY(m_service->waitForLog(u"the job store was damaged, beginning with an empty one"_s));
    QCOMPARE(JobsClient(*m_service).submit("echo").status, 201);
    const Answer ready = askAfresh(m_service->adminPort(), get("/readyz?verbose"));
    QCOMPARE(ready.status, 200);
    QVERIFY2(ready.body.contains("[!] jobs: "), ready.body.constData());
    bool isKept = false;
    const QDir directory(m_service->dataDir());
    for (const QString &name : directory.entryList({ u"jobs.db*"_s }, QDir::Files)) {
        QFile aside(directory.filePath(name));
        isKept = isKept || (aside.open(QIODevice::ReadOnly) && aside.readAll() == damage);
    }
    QVERIFY(isKept);
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0);
    QVERIFY(m_service->start());
    QVERIFY(!askAfresh(m_service->adminPort(), get("/readyz?verbose")).body.contains("[!] jobs"));
}

void JobStartTest::saysThatAFullDiskKeepsNoJobs()
{
    // A file that may not grow is what a full disk is to the store; the log is a pipe.
    m_service->setBeforeExec([] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{ 512 * 1'024, 512 * 1'024 };
        ::setrlimit(RLIMIT_FSIZE, &limit);
    });
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const QByteArray payload =
        R"({"t":")" + QByteArray(100'000, 'x') + R"("},"runAt":"2100-01-01T00:00:00Z")";
    QList<QByteArray> kept;
    JobAnswer answer = client.submit("echo", payload);
    for (int i = 0; i < 50 && answer.status == 201; ++i) {
        kept.append(answer.id());
        answer = client.submit("echo", payload);
    }
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.code(), u"store-unavailable"_s);
    QCOMPARE(answer.fields.value("retry-after"), QByteArray("1"));
    QVERIFY(!kept.isEmpty());
    const Answer ready = askAfresh(m_service->adminPort(), get("/readyz?verbose"));
    QCOMPARE(ready.status, 503);
    QVERIFY2(ready.body.contains("[-] jobs: "), ready.body.constData());
    QVERIFY(askAfresh(m_service->adminPort(), get("/metrics"))
                .body.contains("quiesce_job_store_fault 1\n"));
    for (const QByteArray &id : std::as_const(kept))
        QCOMPARE(client.get(id).state(), u"scheduled"_s);
    QCOMPARE(askAfresh(m_service->trafficPort(), get("/hello")).status, 200);
}

void JobStartTest::keepsWhatItTookOnAFullDisk()
{
    saysThatAFullDiskKeepsNoJobs();
    const qsizetype kept =
        JobsClient(*m_service).ask("GET", "/v1/jobs?limit=100").body["items"_L1].toArray().size();
    m_service->signal(SIGKILL);
    QCOMPARE(m_service->waitForExit(), -1);
    m_service->setBeforeExec([] {});
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    QCOMPARE(client.ask("GET", "/v1/jobs?limit=100").body["items"_L1].toArray().size(), kept);
    QCOMPARE(client.submit("echo").status, 201);
}

QTEST_GUILESS_MAIN(JobStartTest)
#include "tst_jobstart.moc"
