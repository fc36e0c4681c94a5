// SPDX-License-Identifier: GPL-3.0-only
// Orphans that became our children, as those of a container become its first process's: they are
// reaped, and children that somebody waits for are left to them.
#include "service/host/orphanreaper.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;
using quiesce::OrphanReaper;

namespace {

/// Of a process whose parent has died without waiting for it, so that this one adopts it.
pid_t leaveAnOrphan()
{
    int ends[2];
    if (::pipe(ends) != 0)
        return -1;
    const pid_t parent = ::fork();
    if (parent == 0) {
        const pid_t orphan = ::fork();
        if (orphan == 0)
            ::_exit(3);
        [[maybe_unused]] const ssize_t told = ::write(ends[1], &orphan, sizeof orphan);
        ::_exit(0);
    }
    pid_t orphan = -1;
    [[maybe_unused]] const ssize_t heard = ::read(ends[0], &orphan, sizeof orphan);
    ::waitpid(parent, nullptr, 0);
    ::close(ends[0]);
    ::close(ends[1]);
    return orphan;
}

bool isThere(pid_t pid)
{
    return ::kill(pid, 0) == 0; // a zombie is
}

} // namespace

class OrphanReaperTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void reapsWhatNobodyWaitsFor();
    void leavesALivingOrphanAlone();
    void leavesAProcessToWhoMadeIt();
};

void OrphanReaperTest::initTestCase()
{
    QCOMPARE(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

void OrphanReaperTest::reapsWhatNobodyWaitsFor()
{
    const pid_t first = leaveAnOrphan();
    const pid_t second = leaveAnOrphan();
    QVERIFY(first > 0 && second > 0);
    siginfo_t ended{}; // both have become zombies of ours
    for (const pid_t pid : { first, second })
        QCOMPARE(::waitid(P_PID, id_t(pid), &ended, WEXITED | WNOWAIT), 0);
    QVERIFY(isThere(first) && isThere(second));
    const OrphanReaper reaper(5ms);
    QTRY_VERIFY(!isThere(first) && !isThere(second));
    QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);
    QCOMPARE(errno, ECHILD);
}

void OrphanReaperTest::leavesALivingOrphanAlone()
{
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"),
                { QStringLiteral("-c"), QStringLiteral("sleep 600 >&- 2>&- & echo $!") });
    QVERIFY(shell.waitForFinished());
    const pid_t orphan = shell.readAllStandardOutput().trimmed().toInt();
    QVERIFY(orphan > 0);
    const OrphanReaper reaper(5ms);
    const pid_t dead = leaveAnOrphan();
    QTRY_VERIFY(!isThere(dead));
    QVERIFY(isThere(orphan));
    QCOMPARE(::kill(orphan, SIGKILL), 0);
    QTRY_VERIFY(!isThere(orphan));
}

void OrphanReaperTest::leavesAProcessToWhoMadeIt()
{
    const OrphanReaper reaper(50ms);
    for (int i = 0; i < 10; ++i) {
        QProcess process;
        QSignalSpy finished(&process, &QProcess::finished);
        process.start(QStringLiteral("/bin/sh"),
                      { QStringLiteral("-c"), QStringLiteral("exit 7") });
        QVERIFY(finished.wait());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 7);
    }
}

QTEST_GUILESS_MAIN(OrphanReaperTest)
#include "tst_orphanreaper.moc"
