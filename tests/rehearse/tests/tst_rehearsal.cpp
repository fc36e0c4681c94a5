// SPDX-License-Identifier: GPL-3.0-only
// The tool itself, run against servers that stop well, badly or not at all.
#include "tests/rehearse/target.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestRun = 60'000;

struct Run
{
    int exitCode = -1;
    QJsonObject report;
    QString errors;

    [[nodiscard]] qint64 count(QLatin1StringView name) const
    {
        return report[u"requests"].toObject()[name].toInteger(-1);
    }
    /// Each request that was sent has one end, and only one.
    [[nodiscard]] bool isBalanced() const
    {
        return count("sent"_L1)
            == count("answered"_L1) + count("lostReused"_L1) + count("lostFresh"_L1)
            + count("truncated"_L1) + count("malformed"_L1);
    }
};

QStringList against(const QString &habit)
{
    return { u"--"_s, QStringLiteral(SUBJECT_PROGRAM), u"{port}"_s, habit };
}

QStringList busyClients(int keptAlive, int fresh)
{
    return { u"--clients"_s, QString::number(keptAlive),
             u"--fresh"_s,   QString::number(fresh),
             u"--think"_s,   u"0ms"_s,
             u"--settle"_s,  u"20ms..60ms"_s,
             u"--stops"_s,   u"3"_s };
}

Run rehearse(const QStringList &arguments)
{
    QProcess tool;
    tool.start(QStringLiteral(REHEARSE_PROGRAM), QStringList{ u"--json"_s } + arguments);
    if (!tool.waitForFinished(kLongestRun) || tool.exitStatus() != QProcess::NormalExit)
        return {};
    return { .exitCode = tool.exitCode(),
             .report = QJsonDocument::fromJson(tool.readAllStandardOutput()).object(),
             .errors = QString::fromLocal8Bit(tool.readAllStandardError()) };
}

/// Not a zombie either: who reaps an orphan, and when, is not ours to say.
bool isAlive(qint64 pid)
{
    QFile status(u"/proc/%1/status"_s.arg(pid));
    return status.open(QIODevice::ReadOnly) && !status.readAll().contains("State:\tZ");
}

/// What the subject says about itself once it listens; 0 until then.
qint64 pidInLog(const QString &logFile)
{
    QFile log(logFile);
    if (!log.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = log.readAll();
    return line.endsWith('\n') ? line.trimmed().split(' ').last().toLongLong() : 0;
}

} // namespace

class RehearsalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNothingLostWhereNothingIs();
    void countsPostsAsGets();
    void countsWhatWasDroppedOnReusedConnections();
    void countsWhatWasDroppedInTheAcceptQueue();
    void tellsTruncatedFromLost();
    void tellsMalformedFromLost();
    void takesAnIdleCloseForWhatItIs();
    void countsConnectionsClosedWhileTheirClientsThink();
    void countsServerErrorsAsAnswers();
    void toleratesAsManyLossesAsAllowed();
    void killsAServerThatDoesNotLeave();
    void reportsAServerThatEndsEarly();
    void leavesNoProcessBehind();
    void checksTheExitCodeWhenAsked();
    void waitsForSlowRequestsBegunBeforeTheSignal();
    void keepsIdleConnectionsUntilTheServerClosesThem();
    void saysThatAServerCannotBeStarted_data();
    void saysThatAServerCannotBeStarted();
    void endsWithItsServerWhenItIsEnded_data();
    void endsWithItsServerWhenItIsEnded();
    void makesLoadWithoutAStop();
};

void RehearsalTest::findsNothingLostWhereNothingIs()
{
    const Run run = rehearse(busyClients(16, 0) + against(u"gentle"_s));
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.report[u"passed"].toBool());
    QCOMPARE(run.report[u"stops"].toInteger(), 3);
    QVERIFY(run.count("sent"_L1) >= 3 * 16);
    QCOMPARE(run.count("answered"_L1), run.count("sent"_L1));
    QCOMPARE(run.count("lostReused"_L1), 0);
    QCOMPARE(run.count("refused"_L1), 3 * 16);
    QCOMPARE(run.report[u"losses"].toArray().size(), 0);
    const QJsonObject times = run.report[u"signalToExitUs"].toObject();
    QCOMPARE(times[u"count"].toInteger(), 3);
    QVERIFY(times[u"min"].toInteger() > 0);
    QVERIFY(times[u"min"].toInteger() <= times[u"max"].toInteger());
    QCOMPARE(run.report[u"lastAnswerToExitUs"].toObject()[u"count"].toInteger(), 3);
}

void RehearsalTest::countsPostsAsGets()
{
    const Run run = rehearse(busyClients(16, 0)
                             + QStringList{ u"--method"_s, u"POST"_s, u"--body"_s, u"1KiB"_s }
                             + against(u"gentle"_s));
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.count("answered"_L1), run.count("sent"_L1));
    QVERIFY(run.count("sent"_L1) >= 3 * 16);
}

void RehearsalTest::countsWhatWasDroppedOnReusedConnections()
{
    const Run run = rehearse(busyClients(16, 0) + against(u"drop"_s));
    QCOMPARE(run.exitCode, 1);
    QVERIFY(!run.report[u"passed"].toBool());
    QVERIFY(run.count("lostReused"_L1) > 0);
    QCOMPARE(run.count("lostFresh"_L1), 0);
    QCOMPARE(run.count("truncated"_L1), 0);
    QVERIFY(run.isBalanced());
    const QJsonObject loss = run.report[u"losses"].toArray().first().toObject();
    QCOMPARE(loss[u"kind"].toString(), u"lost-reused"_s);
    QVERIFY(loss[u"afterSignalUs"].toInteger(-1) >= 0);
}

void RehearsalTest::countsWhatWasDroppedInTheAcceptQueue()
{
    const Run run = rehearse(busyClients(0, 16) + against(u"drop-queue"_s));
    QCOMPARE(run.exitCode, 1);
    QVERIFY(run.count("lostFresh"_L1) > 0);
    QCOMPARE(run.count("lostReused"_L1), 0);
    QVERIFY(run.isBalanced());
}

void RehearsalTest::tellsTruncatedFromLost()
{
    const Run run = rehearse(busyClients(16, 0) + against(u"truncate"_s));
    QCOMPARE(run.exitCode, 1);
    QVERIFY(run.count("truncated"_L1) > 0);
    QCOMPARE(run.count("malformed"_L1), 0);
    QVERIFY(run.isBalanced());
}

void RehearsalTest::tellsMalformedFromLost()
{
    const Run run = rehearse(busyClients(16, 0) + against(u"garble"_s));
    QCOMPARE(run.exitCode, 1);
    QVERIFY(run.count("malformed"_L1) > 0);
    QCOMPARE(run.count("truncated"_L1), 0);
    QVERIFY(run.isBalanced());
}

void RehearsalTest::takesAnIdleCloseForWhatItIs()
{
    const Run run =
        rehearse(QStringList{ u"--clients"_s, u"8"_s, u"--fresh"_s, u"0"_s, u"--think"_s, u"5ms"_s,
                              u"--stops"_s, u"1"_s, u"--settle"_s, u"100ms..100ms"_s,
                              u"--max-lost"_s, u"1000000"_s }
                 + against(u"close-unasked"_s));
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.count("answered"_L1) >= 8);
    // A connect may meet the listener's close; on a reused connection nothing can be lost.
    QCOMPARE(run.count("lostReused"_L1), 0);
    QVERIFY(run.isBalanced());
}

void RehearsalTest::countsConnectionsClosedWhileTheirClientsThink()
{
    const Run run = rehearse(busyClients(16, 0)
                             + QStringList{ u"--think"_s, u"200ms"_s, u"--max-lost"_s, u"1000"_s }
                             + against(u"close-idle"_s));
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.count("closedIdle"_L1) > 0);
    QVERIFY(run.isBalanced());
    const Run busy = rehearse(busyClients(16, 0) + against(u"drop"_s));
    QVERIFY(busy.count("lostReused"_L1) > busy.count("closedIdle"_L1));
}

void RehearsalTest::countsServerErrorsAsAnswers()
{
    const Run run = rehearse(busyClients(16, 0) + against(u"refuse"_s));
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.count("serverErrors"_L1), 3 * 16);
    QCOMPARE(run.count("answered"_L1), run.count("sent"_L1));
}

void RehearsalTest::toleratesAsManyLossesAsAllowed()
{
    const QStringList tolerant{ u"--max-lost"_s, u"1000"_s };
    const Run run = rehearse(busyClients(16, 0) + tolerant + against(u"drop"_s));
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.count("lostReused"_L1) > 0);
}

void RehearsalTest::killsAServerThatDoesNotLeave()
{
    const QStringList impatient{ u"--timeout"_s, u"100ms"_s,      u"--stops"_s,
                                 u"2"_s,         u"--max-lost"_s, u"1000"_s };
    const Run run = rehearse(busyClients(4, 0) + impatient + against(u"deaf"_s));
    QCOMPARE(run.exitCode, 1); // although the losses are tolerated
    QCOMPARE(run.report[u"killed"].toInteger(), 2);
    QVERIFY(run.report[u"signalToExitUs"].isNull());
    const QJsonObject exit = run.report[u"exits"].toArray().first().toObject();
    QCOMPARE(exit[u"signal"].toString(), u"SIGKILL"_s);
    QVERIFY(run.isBalanced());
}

void RehearsalTest::reportsAServerThatEndsEarly()
{
    const Run run = rehearse(busyClients(16, 0)
                             + QStringList{ u"--settle"_s, u"30s..30s"_s, u"--stops"_s, u"1"_s,
                                            u"--max-lost"_s, u"1000"_s }
                             + against(u"crash"_s));
    QCOMPARE(run.exitCode, 1);
    QCOMPARE(run.report[u"endedEarly"].toInteger(), 1);
    const QJsonObject exit = run.report[u"exits"].toArray().first().toObject();
    QCOMPARE(exit[u"code"].toInteger(), 9);
    QVERIFY(run.report[u"lastAnswerToExitUs"].isNull());
}

void RehearsalTest::leavesNoProcessBehind()
{
    const Run run = rehearse(busyClients(4, 0) + against(u"leave-child"_s));
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.report[u"leftProcessesBehind"].toInteger(), 3);
    const Run tidy = rehearse(busyClients(4, 0) + against(u"gentle"_s));
    QCOMPARE(tidy.report[u"leftProcessesBehind"].toInteger(), 0);
}

void RehearsalTest::checksTheExitCodeWhenAsked()
{
    const QStringList one{ u"--expect-exit"_s, u"1"_s };
    const QStringList zero{ u"--expect-exit"_s, u"0"_s };
    QCOMPARE(rehearse(busyClients(4, 0) + one + against(u"gentle"_s)).exitCode, 1);
    QCOMPARE(rehearse(busyClients(4, 0) + zero + against(u"gentle"_s)).exitCode, 0);
}

void RehearsalTest::waitsForSlowRequestsBegunBeforeTheSignal()
{
    const Run run = rehearse(busyClients(0, 0)
                             + QStringList{ u"--in-flight"_s, u"8"_s, u"--slow-path"_s, u"/slow"_s }
                             + against(u"gentle"_s));
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.count("sent"_L1), 3 * 8);
    QCOMPARE(run.count("answered"_L1), 3 * 8);
    // The signal comes at most 100 ms after a request that takes 500; the rest is for a loaded
    // machine.
    QVERIFY(run.report[u"signalToExitUs"].toObject()[u"min"].toInteger() >= 100'000);
    const QJsonObject times = run.report[u"lastAnswerToExitUs"].toObject();
    QCOMPARE(times[u"count"].toInteger(), 3);
    QVERIFY(times[u"max"].toInteger()
            < run.report[u"signalToExitUs"].toObject()[u"min"].toInteger());
}

void RehearsalTest::keepsIdleConnectionsUntilTheServerClosesThem()
{
    const Run run = rehearse(busyClients(0, 0) + QStringList{ u"--idle"_s, u"50"_s }
                             + against(u"close-idle"_s));
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.count("sent"_L1), 3 * 50);
    QCOMPARE(run.count("answered"_L1), 3 * 50);
    QCOMPARE(run.count("refused"_L1), 0); // none connects again
    QVERIFY(run.report[u"signalToExitUs"].toObject()[u"max"].toInteger() > 0);
}

void RehearsalTest::saysThatAServerCannotBeStarted_data()
{
    QTest::addColumn<QString>("habit");
    QTest::addColumn<QString>("reason");
    QTest::newRow("ends at once") << u"fail-to-start"_s << u"ended before it was ready"_s;
    QTest::newRow("never answers") << u"mute"_s << u"did not answer"_s;
    QTest::newRow("is not ready") << u"not-ready"_s << u"500 or more"_s;
}

void RehearsalTest::saysThatAServerCannotBeStarted()
{
    QFETCH(const QString, habit);
    QFETCH(const QString, reason);
    const Run run = rehearse(QStringList{ u"--start-timeout"_s, u"500ms"_s } + against(habit));
    QCOMPARE(run.exitCode, 69);
    QVERIFY2(run.errors.contains(reason), qPrintable(run.errors));
    const Run missing = rehearse({ u"--"_s, u"/nonexistent/server"_s });
    QCOMPARE(missing.exitCode, 69);
}

void RehearsalTest::endsWithItsServerWhenItIsEnded_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("interrupted") << SIGINT << 128 + SIGINT;
    QTest::newRow("terminated") << SIGTERM << 128 + SIGTERM;
    QTest::newRow("killed") << SIGKILL << 0;
}

void RehearsalTest::endsWithItsServerWhenItIsEnded()
{
    QFETCH(const int, signal);
    QFETCH(const int, exitCode);
    const QTemporaryDir dir;
    const QString log = dir.filePath(u"log"_s);
    QProcess tool;
    tool.start(QStringLiteral(REHEARSE_PROGRAM),
               QStringList{ u"--settle"_s, u"60s..60s"_s, u"--log"_s, log } + against(u"deaf"_s));
    QTRY_VERIFY_WITH_TIMEOUT(pidInLog(log) != 0, kLongestRun);
    const qint64 server = pidInLog(log);
    QVERIFY(isAlive(server));
    ::kill(static_cast<pid_t>(tool.processId()), signal);
    QVERIFY(tool.waitForFinished(kLongestRun));
    QCOMPARE(tool.exitStatus(), signal == SIGKILL ? QProcess::CrashExit : QProcess::NormalExit);
    if (signal != SIGKILL)
        QCOMPARE(tool.exitCode(), exitCode);
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(server), kLongestRun);
}

void RehearsalTest::makesLoadWithoutAStop()
{
    const QTemporaryDir dir;
    const QString log = dir.filePath(u"log"_s);
    QProcess server;
    server.setStandardOutputFile(log);
    const quint16 port = quiesce::rehearse::pickFreePort().value();
    server.start(QStringLiteral(SUBJECT_PROGRAM), { QString::number(port), u"gentle"_s });
    QTRY_VERIFY_WITH_TIMEOUT(pidInLog(log) != 0, kLongestRun);
    const Run run =
        rehearse({ u"--url"_s, u"http://127.0.0.1:%1/hello"_s.arg(port), u"--clients"_s, u"8"_s,
                   u"--fresh"_s, u"2"_s, u"--think"_s, u"0ms"_s, u"--requests"_s, u"200"_s });
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.count("sent"_L1), 200);
    QCOMPARE(run.count("answered"_L1), 200);
    QVERIFY(run.report[u"tookUs"].toInteger() > 0);
    server.terminate();
    QVERIFY(server.waitForFinished(kLongestRun));
}

QTEST_GUILESS_MAIN(RehearsalTest)
#include "tst_rehearsal.moc"
