// SPDX-License-Identifier: GPL-3.0-only
// Nothing of a command is left after its end, a stop, or the death of the service or supervisor,
// whatever the command does to get away.
#include "service/jobs/kinds/commandkind.h"
#include "tests/jobs/kinds/jobstage.h"
#include "tests/jobs/kinds/markedprocesses.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <csignal>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::test::JobStage;
using quiesce::test::newMark;
using quiesce::test::processesMarked;
using quiesce::test::supervisorsOf;

namespace {

constexpr int kPatienceMs = JobStage::kPatienceMs;

quiesce::JobKind scriptKind(const QString &mark, const QString &text,
                            std::chrono::milliseconds killAfter = 50ms)
{
    quiesce::CommandSettings command;
    command.name = u"script"_s;
    command.program = u"/bin/sh"_s;
    command.arguments = { { u"-c"_s }, { text } };
    command.environment = { { u"MARK"_s, mark }, { u"PATH"_s, u"/usr/bin:/bin"_s } };
    command.killAfter = killAfter;
    return quiesce::commandKind(command, {});
}

/// Ways to stay behind. Each says "ready" once it has done what it does.
void addEscapes()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("waits") << u"echo ready; exec sleep 1000"_s;
    QTest::newRow("ignores SIGTERM") << u"trap '' TERM HUP INT; echo ready; sleep 1000"_s;
    QTest::newRow("is halted") << u"echo ready; kill -STOP $$"_s;
    QTest::newRow("children") << u"sleep 1000 & sleep 1000 & echo ready; wait"_s;
    QTest::newRow("own session") << u"setsid sleep 1000 & echo ready; wait"_s;
    QTest::newRow("daemon")
        << u"(setsid sh -c 'trap \"\" TERM; sleep 1000 & echo ready; wait' &) ; sleep 1000"_s;
    QTest::newRow("deep")
        << u"sh -c 'setsid sh -c \"setsid sh -c \\\"setsid sleep 1000 & echo ready; wait\\\" & wait\" & wait' & wait"_s;
    QTest::newRow("halted daemon")
        << u"setsid sh -c 'echo ready; kill -STOP $$; sleep 1000' & wait"_s;
    QTest::newRow("forks on and on")
        << u"echo ready; while :; do setsid sleep 1000 & sleep 0.02; done"_s;
}

/// Something marked is there. While a process executes another program, its environment is empty
/// for a moment.
bool isSeen(const QString &mark)
{
    return QTest::qWaitFor([&] { return !processesMarked(mark).isEmpty(); }, kPatienceMs);
}

bool hasBegun(const JobStage &stage, const QString &mark)
{
    return stage.hasWritten("ready") && isSeen(mark);
}

} // namespace

class CommandOrphansTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_mark = newMark(); }
    void leavesNothingAfterAStop_data() { addEscapes(); }
    void leavesNothingAfterAStop();
    void leavesNothingWhenTheCommandEnds();
    void leavesNothingWhenItIsToldTwice();
    void leavesNothingWithTheKind_data() { addEscapes(); }
    void leavesNothingWithTheKind();
    void leavesNothingAfterTheServiceIsKilled_data() { addEscapes(); }
    void leavesNothingAfterTheServiceIsKilled();
    void leavesNoCommandWhenItsSupervisorIsKilled();
    void waitsAsLongAsItIsAskedToBeforeItKills();
    void keepsTheSupervisorFromSignalsAndFiles();

private:
    QString m_mark;
};

void CommandOrphansTest::leavesNothingAfterAStop()
{
    QFETCH(const QString, text);
    JobStage stage(scriptKind(m_mark, text), {});
    stage.begin();
    QVERIFY(hasBegun(stage, m_mark));
    stage.stop();
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isInterrupted());
    QCOMPARE(processesMarked(m_mark), QList<pid_t>());
    QCOMPARE(supervisorsOf(::getpid()), QList<pid_t>());
}

void CommandOrphansTest::leavesNothingWhenTheCommandEnds()
{
    JobStage stage(
        scriptKind(m_mark, u"(setsid sleep 1000 >/dev/null 2>&1 &); sleep 1000 & exit 0"_s), {});
    QVERIFY(stage.finish());
    QVERIFY(stage.isSuccess());
    QCOMPARE(processesMarked(m_mark), QList<pid_t>());
}

void CommandOrphansTest::leavesNothingWhenItIsToldTwice()
{
    JobStage stage(scriptKind(m_mark, u"trap '' TERM; echo ready; sleep 1000"_s), {});
    stage.begin();
    QVERIFY(hasBegun(stage, m_mark));
    stage.announceStop(0s);
    stage.stop();
    stage.stop();
    QVERIFY(stage.hasEnded());
    QCOMPARE(processesMarked(m_mark), QList<pid_t>());
}

void CommandOrphansTest::leavesNothingWithTheKind()
{
    QFETCH(const QString, text);
    {
        JobStage stage(scriptKind(m_mark, text, 1h), {});
        stage.begin();
        QVERIFY(hasBegun(stage, m_mark));
    }
    QTRY_COMPARE_WITH_TIMEOUT(processesMarked(m_mark), QList<pid_t>(), kPatienceMs);
}

void CommandOrphansTest::leavesNothingAfterTheServiceIsKilled()
{
    QFETCH(const QString, text);
    QProcess service;
    service.start(QStringLiteral(QUIESCE_COMMAND_HOLDER), { m_mark, text });
    QSignalSpy written(&service, &QProcess::readyRead);
    QVERIFY(written.wait(kPatienceMs));
    QCOMPARE(service.readAll(), QByteArray("ready\n"));
    const QList<pid_t> supervisors = supervisorsOf(static_cast<pid_t>(service.processId()));
    QCOMPARE(supervisors.size(), 1);
    QVERIFY(isSeen(m_mark));
    QSignalSpy finished(&service, &QProcess::finished);
    service.kill();
    QVERIFY(finished.count() > 0 || finished.wait(kPatienceMs));
    QTRY_COMPARE_WITH_TIMEOUT(processesMarked(m_mark), QList<pid_t>(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(quiesce::test::procFile(supervisors[0], "maps").isEmpty(),
                             kPatienceMs);
}

void CommandOrphansTest::leavesNoCommandWhenItsSupervisorIsKilled()
{
    JobStage stage(scriptKind(m_mark, u"sleep 1000 & echo ready; wait"_s), {});
    stage.begin();
    QVERIFY(hasBegun(stage, m_mark));
    const QList<pid_t> supervisors = supervisorsOf(::getpid());
    QCOMPARE(supervisors.size(), 1);
    QCOMPARE(::kill(supervisors[0], SIGKILL), 0);
    QVERIFY(stage.hasEnded());
    QCOMPARE(stage.error(), u"its supervisor was killed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(processesMarked(m_mark), QList<pid_t>(), kPatienceMs);
}

void CommandOrphansTest::waitsAsLongAsItIsAskedToBeforeItKills()
{
    JobStage stage(scriptKind(m_mark, u"trap '' TERM; echo ready; sleep 1000"_s, 300ms), {});
    stage.begin();
    QVERIFY(hasBegun(stage, m_mark));
    QElapsedTimer clock;
    clock.start();
    stage.stop();
    QVERIFY(stage.hasEnded());
    QVERIFY(clock.elapsed() >= 300);
}

void CommandOrphansTest::keepsTheSupervisorFromSignalsAndFiles()
{
    JobStage stage(scriptKind(m_mark, u"echo ready; sleep 1000"_s), {});
    stage.begin();
    QVERIFY(hasBegun(stage, m_mark));
    const pid_t supervisor = supervisorsOf(::getpid()).value(0);
    QVERIFY(supervisor > 0);
    for (const int number : { SIGTERM, SIGINT, SIGHUP, SIGUSR1 })
        QCOMPARE(::kill(supervisor, number), 0);
    const QDir files(u"/proc/%1/fd"_s.arg(supervisor));
    QVERIFY2(files.entryList(QDir::Files | QDir::System).size() <= 5, // streams, control, signals
             qPrintable(files.entryList(QDir::Files | QDir::System).join(u' ')));
    QVERIFY(!stage.future.isFinished());
    QCOMPARE(supervisorsOf(::getpid()), QList<pid_t>{ supervisor });
    stage.stop();
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isInterrupted());
}

QTEST_GUILESS_MAIN(CommandOrphansTest)
#include "tst_commandorphans.moc"
