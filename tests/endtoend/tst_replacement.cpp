// SPDX-License-Identifier: GPL-3.0-only
// SIGUSR2: a new process takes the place of a running one, and loses nothing; or it does not, and
// nothing was lost either.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>
#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce::test;

namespace {

/// A program that can be exchanged while it runs, as an upgrade does.
class Deployment final
{
public:
    Deployment() { point(QStringLiteral(QUIESCED_PROGRAM)); }

    [[nodiscard]] QString program() const { return m_directory.filePath(u"quiesced"_s); }
    void point(const QString &target) const
    {
        QFile::remove(program());
        if (!QFile::link(target, program()))
            qFatal("cannot link %s", qUtf8Printable(program()));
    }
    /// From now on what is started is this script.
    void breakWith(const QByteArray &script) const
    {
        const QString path = m_directory.filePath(u"broken"_s);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write("#!/bin/sh\n" + script) < 0
            || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
            qFatal("cannot write %s", qUtf8Printable(path));
        point(path);
    }

private:
    QTemporaryDir m_directory;
};

/// Ends with the test: nobody is the parent of a process that took another's place.
class Heir final
{
public:
    explicit Heir(qint64 pid)
        : m_pid(pid)
    { }
    ~Heir()
    {
        if (m_pid > 0)
            ::kill(static_cast<pid_t>(m_pid), SIGKILL);
    }
    Heir(const Heir &) = delete;
    Heir &operator=(const Heir &) = delete;
    [[nodiscard]] qint64 pid() const { return m_pid; }

private:
    qint64 m_pid;
};

/// The pid of the process that took over, once it alone accepts; 0 when none did.
qint64 replace(ServiceProcess &service)
{
    service.signal(SIGUSR2);
    if (!service.waitForLog(u"replaced"_s) || !QTest::qWaitFor([&] {
            return !askAfresh(service.trafficPort(), get("/hello")).saysClose();
        }))
        return 0;
    for (const QJsonObject &record : service.log()) {
        if (record["message"_L1].toString() == "replaced"_L1)
            return record["fields"_L1].toObject()["pid"_L1].toInteger();
    }
    return 0;
}

qint64 servingPid(const AdminClient &admin)
{
    return admin.get("/state").body["pid"_L1].toInteger();
}

} // namespace

class ReplacementTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void servesOnWhileTheOldOneFinishes();
    void saysWhoAskedAndWhatBecameOfIt();
    void canBeReplacedAgain();
    void goesOnWhenTheNewOneCannotServe_data();
    void goesOnWhenTheNewOneCannotServe();
    void aStopMeanwhileEndsTheNewOne();
    void isRefusedOutOfService();
    void waitsUntilTheOneBeforeHasLeft();
    void unfinishedJobsGoOverByRequeue();
    void newJobsAreRunByEither();
    void aWaiterOfTheNewOneHearsOfAJobOfTheOld();
    void rescuesTheJobsOfAnOldOneThatIsKilled();
    void takesOverFromAnOldOneThatDiesMeanwhile();
    void losesNoRequestUnderLoad();
};

void ReplacementTest::servesOnWhileTheOldOneFinishes()
{
    const Deployment deployment;
    ServiceProcess service(deployment.program());
    QVERIFY(service.start());
    const AdminClient admin(service);
    LoopbackClient slow(service.trafficPort());
    QVERIFY(slow.send(get("/work?ms=1500")));
    LoopbackClient kept(service.trafficPort());
    QCOMPARE(ask(kept, get("/hello")).status, 200);
    QVERIFY(service.hasCaughtUp());
    const Heir heir(replace(service));
    QVERIFY(heir.pid() > 0);
    QVERIFY(heir.pid() != service.pid());
    // Whoever was there is answered there, whoever comes now is answered by the new one.
    const Answer last = ask(kept, get("/hello"));
    QCOMPARE(last.status, 200);
    QVERIFY(last.saysClose());
    QCOMPARE(servingPid(admin), heir.pid());
    QVERIFY(!askAfresh(service.trafficPort(), get("/hello")).saysClose());
    QCOMPARE(slow.readAnswer().status, 200);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
}

void ReplacementTest::saysWhoAskedAndWhatBecameOfIt()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const AdminClient admin(service);
    const Heir heir(replace(service));
    QCOMPARE(service.waitForExit(), 0);
    const QString reason = u"replaced by pid %1"_s.arg(heir.pid());
    QJsonObject report;
    QTRY_VERIFY(!(report = admin.get("/reports/latest").body)["cause"_L1].isUndefined());
    const QJsonObject cause = report["cause"_L1].toObject();
    QCOMPARE(cause["signal"_L1].toString(), u"SIGUSR2"_s);
    QCOMPARE(cause["senderPid"_L1].toInteger(), qint64(::getpid()));
    QCOMPARE(cause["reason"_L1].toString(), reason);
    QCOMPARE(report["outcome"_L1].toString(), u"clean"_s);
    const QJsonObject audit = admin.get("/audit").body["items"_L1].toArray()[0].toObject();
    QCOMPARE(audit["action"_L1].toString(), u"replace"_s);
    QCOMPARE(audit["result"_L1].toString(), u"accepted"_s);
    QCOMPARE(audit["reason"_L1].toString(), reason);
}

void ReplacementTest::canBeReplacedAgain()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const AdminClient admin(service);
    const Heir first(replace(service));
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(servingPid(admin), first.pid());
    ::kill(static_cast<pid_t>(first.pid()), SIGUSR2);
    QTRY_VERIFY_WITH_TIMEOUT(servingPid(admin) != first.pid(), int(kLongestWait.count()));
    const Heir second(servingPid(admin));
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
    ::kill(static_cast<pid_t>(second.pid()), SIGTERM);
    QTRY_VERIFY_WITH_TIMEOUT(isRefused(service.trafficPort()), int(kLongestWait.count()));
}

void ReplacementTest::goesOnWhenTheNewOneCannotServe_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("reason");
    QTest::newRow("ends at once") << QByteArray("exit 3") << u"it ended with exit code 3"_s;
    QTest::newRow("is killed") << QByteArray("kill -9 $$") << u"it was ended by signal 9"_s;
    QTest::newRow("a bad configuration") << QByteArray("exec " QUIESCED_PROGRAM " --grace nonsense")
                                         << u"it ended with exit code 78"_s;
    QTest::newRow("is never ready")
        << QByteArray("exec sleep 600") << u"it was not ready within 500ms"_s;
    QTest::newRow("is no program") << QByteArray() << u"it ended with exit code 0"_s;
}

void ReplacementTest::goesOnWhenTheNewOneCannotServe()
{
    QFETCH(const QByteArray, script);
    QFETCH(const QString, reason);
    const Deployment deployment;
    ServiceProcess service(deployment.program());
    service.setEnvironment(u"QUIESCE_SERVICE_HANDOVER_TIMEOUT"_s,
                           script.contains("sleep") ? u"500ms"_s : u"30s"_s);
    QVERIFY(service.start());
    const AdminClient admin(service);
    const JobsClient jobs(service);
    const QByteArray job = jobs.submit("sleep", R"({"ms":600000})").id();
    QTRY_COMPARE_WITH_TIMEOUT(jobs.get(job).state(), u"running"_s, int(kLongestWait.count()));
    deployment.breakWith(script);
    service.signal(SIGUSR2);
    QVERIFY(service.waitForLog(u"not replaced, going on"_s, { { u"reason"_s, reason } }));
    QCOMPARE(servingPid(admin), service.pid());
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
    QCOMPARE(jobs.get(job).state(), u"running"_s); // as if nothing had been asked
    QVERIFY(jobs.get(job).body["requeues"_L1].toArray().isEmpty());
    QCOMPARE(jobs.await(jobs.submit("sleep", R"({"ms":1})").id()).state(), u"succeeded"_s);
    const QJsonObject audit = admin.get("/audit").body["items"_L1].toArray()[0].toObject();
    QCOMPARE(audit["code"_L1].toString(), u"successor-failed"_s);
    deployment.point(QStringLiteral(QUIESCED_PROGRAM)); // and the next one succeeds
    const Heir heir(replace(service));
    QVERIFY(heir.pid() > 0);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(servingPid(admin), heir.pid());
}

void ReplacementTest::aStopMeanwhileEndsTheNewOne()
{
    const Deployment deployment;
    ServiceProcess service(deployment.program());
    QVERIFY(service.start());
    deployment.breakWith("exec sleep 600");
    service.signal(SIGUSR2);
    QVERIFY(service.waitForLog(u"replacement started"_s));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.countLog(u"not replaced, going on"_s), 1);
    QVERIFY(isRefused(service.trafficPort())); // nobody has the socket any more
}

void ReplacementTest::isRefusedOutOfService()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const AdminClient admin(service);
    QCOMPARE(admin.post("/quiesce").status, 202);
    service.signal(SIGUSR2);
    QVERIFY(service.waitForLog(u"not replaced"_s, { { u"code"_s, u"not-serving"_s } }));
    QCOMPARE(admin.post("/resume").status, 200);
    QCOMPARE(servingPid(admin), service.pid());
}

void ReplacementTest::waitsUntilTheOneBeforeHasLeft()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const AdminClient admin(service);
    LoopbackClient slow(service.trafficPort());
    QVERIFY(slow.send(get("/work?ms=600000")));
    QVERIFY(service.hasCaughtUp());
    const Heir first(replace(service));
    ::kill(static_cast<pid_t>(first.pid()), SIGUSR2);
    QVERIFY(service.waitForLog(u"replacement waits until the process before has left"_s));
    QCOMPARE(servingPid(admin), first.pid());
    slow.close();
    QCOMPARE(service.waitForExit(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(servingPid(admin) != first.pid(), int(kLongestWait.count()));
    const Heir second(servingPid(admin));
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
}

void ReplacementTest::unfinishedJobsGoOverByRequeue()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--grace"_s, u"200ms"_s }));
    const JobsClient jobs(service);
    const QByteArray job = jobs.submit("sleep", R"({"ms":3000,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(jobs.get(job).state(), u"running"_s, int(kLongestWait.count()));
    const Heir heir(replace(service));
    QCOMPARE(service.waitForExit(), 0);
    const JobAnswer done = jobs.await(job);
    QCOMPARE(done.state(), u"succeeded"_s);
    QCOMPARE(done.body["attempt"_L1].toInt(), 1); // a stop spends none
    const QJsonArray requeues = done.body["requeues"_L1].toArray();
    QCOMPARE(requeues.size(), 1);
    QCOMPARE(requeues[0].toObject()["reason"_L1].toString(), u"stop"_s);
}

/// The old one takes jobs in to its end, on connections it has; the new one is told of them.
void ReplacementTest::newJobsAreRunByEither()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const JobsClient jobs(service);
    LoopbackClient slow(service.trafficPort());
    QVERIFY(slow.send(get("/work?ms=600000")));
    LoopbackClient kept(service.trafficPort());
    QCOMPARE(ask(kept, get("/hello")).status, 200);
    QVERIFY(service.hasCaughtUp());
    const Heir heir(replace(service));
    const JobAnswer byOld =
        toJobAnswer(ask(kept, JobsClient::submission(R"({"kind":"sleep","payload":{"ms":1}})")));
    QCOMPARE(byOld.status, 201);
    QCOMPARE(byOld.fields.value("connection"), QByteArray("close"));
    QCOMPARE(jobs.await(byOld.id()).state(), u"succeeded"_s); // while the old one still drains
    QVERIFY(service.isRunning());
    QCOMPARE(jobs.await(jobs.submit("sleep", R"({"ms":1})").id()).state(), u"succeeded"_s);
    slow.close();
    QCOMPARE(service.waitForExit(), 0);
}

void ReplacementTest::aWaiterOfTheNewOneHearsOfAJobOfTheOld()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const JobsClient jobs(service);
    LoopbackClient slow(service.trafficPort());
    QVERIFY(slow.send(get("/work?ms=600000")));
    QVERIFY(service.hasCaughtUp());
    const QByteArray job = jobs.submit("sleep", R"({"ms":1200})").id();
    QTRY_COMPARE_WITH_TIMEOUT(jobs.get(job).state(), u"running"_s, int(kLongestWait.count()));
    const Heir heir(replace(service));
    QCOMPARE(jobs.await(job).state(), u"succeeded"_s);
    QVERIFY(service.isRunning());
    slow.close();
    QCOMPARE(service.waitForExit(), 0);
}

void ReplacementTest::rescuesTheJobsOfAnOldOneThatIsKilled()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const JobsClient jobs(service);
    const QByteArray job = jobs.submit("sleep", R"({"ms":2000,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(jobs.get(job).state(), u"running"_s, int(kLongestWait.count()));
    const Heir heir(replace(service));
    QVERIFY(service.isRunning());
    service.signal(SIGKILL);
    const JobAnswer done = jobs.await(job);
    QCOMPARE(done.state(), u"succeeded"_s);
    QCOMPARE(done.body["requeues"_L1].toArray()[0].toObject()["reason"_L1].toString(), u"crash"_s);
    QCOMPARE(done.body["attempt"_L1].toInt(), 2);
}

/// Before the new one could serve: nobody tells it to, and nobody else is there.
void ReplacementTest::takesOverFromAnOldOneThatDiesMeanwhile()
{
    const Deployment deployment;
    ServiceProcess service(deployment.program());
    QVERIFY(service.start());
    const JobsClient jobs(service);
    const QByteArray job = jobs.submit("sleep", R"({"ms":1000,"stepMs":10})").id();
    QTRY_COMPARE_WITH_TIMEOUT(jobs.get(job).state(), u"running"_s, int(kLongestWait.count()));
    const QByteArray gate = QFile::encodeName(service.path(u"gate"_s));
    QCOMPARE(::mkfifo(gate.constData(), 0600), 0);
    deployment.breakWith("read line < " + gate + "; exec " QUIESCED_PROGRAM " \"$@\"");
    service.signal(SIGUSR2);
    QVERIFY(service.waitForLog(u"replacement started"_s));
    const Heir heir([&] {
        for (const QJsonObject &record : service.log()) {
            if (record["message"_L1].toString() == "replacement started"_L1)
                return record["fields"_L1].toObject()["pid"_L1].toInteger();
        }
        return qint64(0);
    }());
    QVERIFY(heir.pid() > 0);
    service.signal(SIGKILL);
    QCOMPARE(service.waitForExit(), -1);
    LoopbackClient between(service.trafficPort()); // waits in the queue
    QVERIFY(between.send(get("/hello")));
    QFile opened(QFile::decodeName(gate));
    QVERIFY(opened.open(QIODevice::WriteOnly) && opened.write("\n") == 1);
    opened.close();
    QCOMPARE(between.readAnswer().status, 200);
    const JobAnswer done = jobs.await(job);
    QCOMPARE(done.state(), u"succeeded"_s);
    QCOMPARE(done.body["requeues"_L1].toArray()[0].toObject()["reason"_L1].toString(), u"crash"_s);
}

void ReplacementTest::losesNoRequestUnderLoad()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const AdminClient admin(service);
    QProcess load;
    load.start(QStringLiteral(REHEARSE_PROGRAM),
               { u"--url"_s, u"http://127.0.0.1:%1/echo"_s.arg(service.trafficPort()),
                 u"--clients"_s, u"32"_s, u"--fresh"_s, u"8"_s, u"--method"_s, u"POST"_s,
                 u"--requests"_s, u"8000"_s, u"--json"_s, u"--quiet"_s });
    QVERIFY(load.waitForStarted());
    std::vector<std::unique_ptr<Heir>> heirs;
    qint64 serving = service.pid();
    for (int i = 0; i < 3; ++i) {
        ::kill(static_cast<pid_t>(serving), SIGUSR2);
        QTRY_VERIFY_WITH_TIMEOUT(servingPid(admin) != serving, int(kLongestWait.count()));
        serving = servingPid(admin);
        heirs.push_back(std::make_unique<Heir>(serving));
    }
    QVERIFY(load.state() == QProcess::Running); // or it was over before that
    QVERIFY(load.waitForFinished(int(kLongestWait.count())));
    const QByteArray report = load.readAllStandardOutput();
    QVERIFY2(load.exitCode() == 0, report.constData());
    const QJsonObject counts = QJsonDocument::fromJson(report).object()["requests"_L1].toObject();
    for (const QLatin1StringView loss :
         { "lostReused"_L1, "lostFresh"_L1, "truncated"_L1, "malformed"_L1, "refused"_L1,
           "refusedEarly"_L1, "unanswered"_L1, "serverErrors"_L1 })
        QVERIFY2(counts[loss].toInt(-1) == 0, report.constData());
    QCOMPARE(counts["answered"_L1].toInt(), 8'000);
}

QTEST_GUILESS_MAIN(ReplacementTest)
#include "tst_replacement.moc"
