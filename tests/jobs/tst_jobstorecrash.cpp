// SPDX-License-Identifier: GPL-3.0-only
// kill -9 at random moments: nothing that was promised is lost, and nothing is done twice.
//
// QUIESCE_KILL_ROUNDS says how often; the default is 30.
#include "tests/jobs/rawstore.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::test::RawStore;

class JobStoreCrashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryPromiseOverKills();

private:
    /// Lets a victim work until it has said so many lines, then a moment more, and kills it.
    void killOne(quint32 seed);
    void takeLine(const QByteArray &line);
    /// Looks at a copy of what was left, so that the next victim finds it untouched.
    void verify(int round);

    QTemporaryDir m_folder;
    QSet<QString> m_submitted;
    QSet<QString> m_succeeded;
    QStringList m_broken; ///< promises
    int m_starts = 0;
};

void JobStoreCrashTest::takeLine(const QByteArray &line)
{
    if (!line.endsWith('\n'))
        return; // cut off by the kill: not said
    const QString verb = QString::fromLatin1(line).section(u' ', 0, 0).trimmed();
    const QString id = QString::fromLatin1(line).section(u' ', 1).trimmed();
    if (verb == "submitted"_L1)
        m_submitted.insert(id);
    else if (verb == "claimed"_L1 && m_succeeded.contains(id))
        m_broken << u"claimed after it succeeded: "_s + id;
    else if (verb == "succeeded"_L1 && m_succeeded.contains(id))
        m_broken << u"succeeded twice: "_s + id;
    else if (verb == "succeeded"_L1)
        m_succeeded.insert(id);
    else if (verb == "ready"_L1)
        ++m_starts;
    else if (verb != "claimed"_L1)
        m_broken << u"said: "_s + QString::fromLocal8Bit(line);
}

void JobStoreCrashTest::killOne(quint32 seed)
{
    QRandomGenerator random(seed);
    QProcess victim;
    victim.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    victim.start(QStringLiteral(QUIESCE_JOBSTORE_VICTIM),
                 { m_folder.filePath(u"jobs.db"_s), QString::number(seed) });
    const int lines = random.bounded(1, 1'500);
    int said = 0;
    const QDeadlineTimer limit(60'000);
    while (said < lines && victim.state() != QProcess::NotRunning && !limit.hasExpired()) {
        if (!victim.canReadLine())
            victim.waitForReadyRead(int(limit.remainingTime()));
        for (; victim.canReadLine() && said < lines; ++said)
            takeLine(victim.readLine());
    }
    const QDeadlineTimer moment(random.bounded(20)); // into whatever comes next
    while (!moment.hasExpired())
        victim.waitForReadyRead(int(moment.remainingTime()));
    QCOMPARE(victim.state(), QProcess::Running);
    victim.kill();
    QVERIFY(victim.waitForFinished());
    while (!victim.atEnd())
        takeLine(victim.readLine());
}

void JobStoreCrashTest::verify(int round)
{
    const QTemporaryDir copy;
    for (const QString &name : QDir(m_folder.path()).entryList(QDir::Files))
        QVERIFY(QFile::copy(m_folder.filePath(name), copy.filePath(name)));
    RawStore raw(copy.filePath(u"jobs.db"_s));
    QCOMPARE(raw.value(u"PRAGMA integrity_check"_s).toString(), u"ok"_s);
    QHash<QString, int> states;
    for (const RawStore::Row &row : raw.query(u"SELECT id, state FROM jobs"_s)) {
        const QUuid id = QUuid::fromRfc4122(row[0].toByteArray());
        states[id.toString(QUuid::WithoutBraces)] = row[1].toInt();
    }
    qsizetype lost = 0;
    for (const QString &id : std::as_const(m_submitted))
        lost += states.contains(id) ? 0 : 1;
    QVERIFY2(lost == 0, qPrintable(u"round %1: %2 lost"_s.arg(round).arg(lost)));
    for (const QString &id : std::as_const(m_succeeded))
        QCOMPARE(states.value(id), 3);
}

void JobStoreCrashTest::keepsEveryPromiseOverKills()
{
    bool isSet = false;
    const int wanted = qEnvironmentVariableIntValue("QUIESCE_KILL_ROUNDS", &isSet);
    const int rounds = isSet ? wanted : 30;
    for (int round = 0; round < rounds; ++round) {
        killOne(quint32(round) + 1);
        if (QTest::currentTestFailed())
            return;
        verify(round);
        if (QTest::currentTestFailed())
            return;
        QCOMPARE(m_broken, QStringList());
    }
    qInfo().noquote() << u"%1 kills, %2 promised, %3 succeeded"_s.arg(m_starts)
                             .arg(m_submitted.size())
                             .arg(m_succeeded.size());
    QVERIFY(m_starts > 0);
    QVERIFY(m_succeeded.size() > rounds);
}

QTEST_GUILESS_MAIN(JobStoreCrashTest)
#include "tst_jobstorecrash.moc"
