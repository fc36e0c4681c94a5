// SPDX-License-Identifier: GPL-3.0-only
// The audit log: what it says of a change, how much it keeps, and what it makes of a damaged file.
#include "service/core/auditlog.h"
#include "tests/support/fulldisk.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

AuditEntry entryOf(const QString &action, const QString &refusal = {})
{
    AuditEntry entry;
    entry.action = action;
    entry.cause.kind = StopCause::Kind::Api;
    entry.cause.actor = u"ada"_s;
    entry.cause.role = u"operator"_s;
    entry.cause.remoteAddress = u"127.0.0.1"_s;
    entry.cause.reason = u"new version"_s;
    entry.refusal = refusal;
    return entry;
}

QStringList idsOf(const AuditLog &log)
{
    QStringList ids;
    for (const QJsonObject &entry : log.entries())
        ids.append(entry["id"_L1].toString());
    return ids;
}

} // namespace

class AuditLogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void saysWhoAskedForWhatAndWhatBecameOfIt();
    void saysItInOneLineOfTheLog();
    void goesOnWhereAnotherProcessHasWritten();
    void tellsEachEntryOnce();
    void survivesARestartAndCountsOn();
    void keepsTheLastThousandAndTheFileBounded();
    void cutsTextsThatAreTooLong();
    void goesOnAfterHalfALineAndKeepsACopy();
    void startsAnewAfterAFileThatIsTooLarge();
    void aFullDiskIsSaidOnceAndLosesNothing();
    void keepsInMemoryOnlyWithoutAFile();

private:
    [[nodiscard]] QByteArray content() const;
    void put(const QByteArray &content) const;

    std::unique_ptr<QTemporaryDir> m_home;
    QString m_file;
    ManualClock m_clock;
};

void AuditLogTest::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_file = m_home->filePath(u"audit.jsonl"_s);
}

QByteArray AuditLogTest::content() const
{
    QFile file(m_file);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void AuditLogTest::put(const QByteArray &content) const
{
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void AuditLogTest::saysWhoAskedForWhatAndWhatBecameOfIt()
{
    AuditLog log(m_clock, m_file);
    AuditEntry entry = entryOf(u"extend"_s, u"past-budget"_s);
    entry.target = u"5000 ms"_s;
    log.record(entry);
    QJsonObject expected = toJson(entry.cause);
    expected["id"_L1] = u"1"_s;
    expected["at"_L1] = m_clock.utcNow().toString(Qt::ISODateWithMs);
    expected["action"_L1] = u"extend"_s;
    expected["target"_L1] = u"5000 ms"_s;
    expected["result"_L1] = u"refused"_s;
    expected["code"_L1] = u"past-budget"_s;
    QCOMPARE(log.entries().size(), 1U);
    QCOMPARE(log.entries().front(), expected);
    log.record(entryOf(u"resume"_s));
    QCOMPARE(log.entries().back()["result"_L1].toString(), u"accepted"_s);
    QVERIFY(log.entries().back()["code"_L1].isNull());
    QVERIFY(log.entries().back()["target"_L1].isNull());
}

void AuditLogTest::saysItInOneLineOfTheLog()
{
    const LogRecorder recorded("quiesce.audit");
    AuditLog log(m_clock, {});
    log.record(entryOf(u"stop"_s, u"already-stopping"_s));
    QCOMPARE(recorded.lines("info"_L1),
             QStringList{ u"info: change asked for action=stop result=refused "
                          "code=already-stopping kind=api remoteAddress=127.0.0.1 actor=ada "
                          "role=operator reason=\"new version\""_s });
}

void AuditLogTest::tellsEachEntryOnce()
{
    AuditLog log(m_clock, m_file);
    const QSignalSpy recorded(&log, &AuditLog::recorded);
    log.record(entryOf(u"stop"_s));
    log.record(entryOf(u"force"_s));
    QCOMPARE(recorded.count(), 2);
    QCOMPARE(recorded.at(1).at(0).toJsonObject(), log.entries().back());
}

void AuditLogTest::survivesARestartAndCountsOn()
{
    {
        AuditLog log(m_clock, m_file);
        log.record(entryOf(u"quiesce"_s));
        log.record(entryOf(u"resume"_s));
    }
    const LogRecorder recorded("quiesce.audit");
    AuditLog log(m_clock, m_file);
    QCOMPARE(recorded.lines("warning"_L1), QStringList());
    log.record(entryOf(u"stop"_s));
    QCOMPARE(idsOf(log), (QStringList{ u"1"_s, u"2"_s, u"3"_s }));
    QCOMPARE(content().count('\n'), 3);
    QCOMPARE(QFile::permissions(m_file) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void AuditLogTest::keepsTheLastThousandAndTheFileBounded()
{
    int longest = 0;
    {
        AuditLog log(m_clock, m_file);
        for (int i = 0; i < 2 * AuditLog::kKept + 5; ++i) {
            log.record(entryOf(u"resume"_s));
            if (i % 100 == 0 || i > 2 * AuditLog::kKept - 3)
                longest = std::max(longest, static_cast<int>(content().count('\n')));
        }
        QCOMPARE(static_cast<int>(log.entries().size()), AuditLog::kKept);
    }
    QCOMPARE(longest, 2 * AuditLog::kKept);
    const AuditLog log(m_clock, m_file);
    QCOMPARE(static_cast<int>(log.entries().size()), AuditLog::kKept);
    QCOMPARE(idsOf(log).last(), QString::number(2 * AuditLog::kKept + 5));
    QVERIFY(content().count('\n') <= 2 * AuditLog::kKept);
}

void AuditLogTest::cutsTextsThatAreTooLong()
{
    AuditLog log(m_clock, m_file);
    AuditEntry entry = entryOf(u"stop"_s);
    entry.cause.reason = QString(100'000, u'ä');
    entry.cause.actor = QString(100'000, QChar(2));
    entry.target = QString(100'000, QChar(1));
    log.record(entry);
    QVERIFY(content().size() <= AuditLog::kMaxEntryBytes);
    const AuditLog again(m_clock, m_file);
    QCOMPARE(again.entries().size(), 1U);
    QCOMPARE(again.entries().front()["reason"_L1].toString(),
             QString(AuditLog::kMaxTextLength, u'ä'));
}

void AuditLogTest::goesOnAfterHalfALineAndKeepsACopy()
{
    {
        AuditLog log(m_clock, m_file);
        log.record(entryOf(u"quiesce"_s));
        log.record(entryOf(u"resume"_s));
    }
    const QByteArray damaged = content().chopped(9);
    put(damaged);
    const LogRecorder recorded("quiesce.audit");
    AuditLog log(m_clock, m_file);
    QCOMPARE(idsOf(log), QStringList{ u"1"_s });
    QCOMPARE(recorded.lines("warning"_L1).size(), 1);
    QVERIFY(recorded.lines("warning"_L1).first().contains(u"line 2 is not an audit entry"_s));
    QFile copy(m_file + u".damaged"_s);
    QVERIFY(copy.open(QIODevice::ReadOnly));
    QCOMPARE(copy.readAll(), damaged);
    log.record(entryOf(u"stop"_s));
    const AuditLog again(m_clock, m_file);
    QCOMPARE(idsOf(again), (QStringList{ u"1"_s, u"2"_s }));
}

void AuditLogTest::startsAnewAfterAFileThatIsTooLarge()
{
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(2 * AuditLog::kKept * AuditLog::kMaxEntryBytes + 1)); // sparse
    const LogRecorder recorded("quiesce.audit");
    AuditLog log(m_clock, m_file);
    QCOMPARE(recorded.lines("warning"_L1).size(), 1);
    log.record(entryOf(u"stop"_s));
    QCOMPARE(content().count('\n'), 1);
}

void AuditLogTest::aFullDiskIsSaidOnceAndLosesNothing()
{
    const LogRecorder recorded("quiesce.audit");
    AuditLog log(m_clock, m_file);
    log.record(entryOf(u"quiesce"_s));
    {
        const FullDisk full(16);
        log.record(entryOf(u"resume"_s));
        log.record(entryOf(u"quiesce"_s));
    }
    QCOMPARE(recorded.lines("warning"_L1).size(), 1);
    QVERIFY(recorded.lines("warning"_L1).first().contains(u"File too large"_s));
    QCOMPARE(idsOf(AuditLog(m_clock, m_file)), QStringList{ u"1"_s });
    log.record(entryOf(u"stop"_s));
    QCOMPARE(idsOf(AuditLog(m_clock, m_file)), (QStringList{ u"1"_s, u"2"_s, u"3"_s, u"4"_s }));
}

void AuditLogTest::keepsInMemoryOnlyWithoutAFile()
{
    AuditLog log(m_clock, {});
    log.record(entryOf(u"stop"_s));
    QCOMPARE(log.entries().size(), 1U);
    QVERIFY(m_home->isValid() && !QFile::exists(m_file));
}

void AuditLogTest::goesOnWhereAnotherProcessHasWritten()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"audit.jsonl"_s);
    ManualClock clock;
    AuditLog before(clock, file);
    AuditLog after(clock, file);
    before.record(entryOf(u"replace"_s));
    before.record(entryOf(u"stop"_s));
    after.record(entryOf(u"quiesce"_s));
    QCOMPARE(idsOf(after), QStringList({ u"1"_s, u"2"_s, u"3"_s }));
    before.refresh();
    QCOMPARE(idsOf(before), idsOf(after));
    before.record(entryOf(u"force"_s));
    QCOMPARE(idsOf(AuditLog(clock, file)), QStringList({ u"1"_s, u"2"_s, u"3"_s, u"4"_s }));
}

QTEST_GUILESS_MAIN(AuditLogTest)
#include "tst_auditlog.moc"
