// SPDX-License-Identifier: GPL-3.0-only
// Stop reports on disk: whole or not at all, the newest hundred, tolerant of what else lies there.
#include "common/utc.h"
#include "service/core/reportstore.h"
#include "tests/support/fulldisk.h"
#include "tests/support/logrecorder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::ReportStore;
using quiesce::Result;
using quiesce::StopReport;
using quiesce::test::FullDisk;
using quiesce::test::LogRecorder;

namespace {

StopReport reportOf(int second, const QString &instance = u"i-1"_s)
{
    StopReport report;
    report.name = u"quiesced"_s;
    report.instanceId = instance;
    report.exitCode = second;
    report.requestedAt = quiesce::utcAt(QDate(2026, 1, 2), QTime(3, 4, 5, 6)).addSecs(second);
    report.stoppedAt = report.requestedAt;
    return report;
}

} // namespace

class ReportStoreTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void writesAFileNamedByTimeAndInstance();
    void readsBackWhatItWrote();
    void readsNewestFirstAndNoMoreThanAsked();
    void anEmptyFolderNameKeepsNothing();
    void aFolderThatIsNotThereIsEmpty();
    void aStrangeInstanceIdStaysInsideTheFolder();
    void keepsTheNewestHundred();
    void passesOverWhatIsNoReport_data();
    void passesOverWhatIsNoReport();
    void leavesStrangersAlone();
    void aPathUnderAFileIsAnErrorWithItsReason();
    void aFullDiskIsAnErrorAndLeavesNothingBehind();

private:
    [[nodiscard]] QStringList names() const;
    void put(const QString &name, const QByteArray &content) const;

    std::unique_ptr<QTemporaryDir> m_home;
    QString m_folder;
};

void ReportStoreTest::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    QVERIFY(m_home->isValid());
    m_folder = m_home->filePath(u"data/reports"_s);
}

QStringList ReportStoreTest::names() const
{
    return QDir(m_folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

void ReportStoreTest::put(const QString &name, const QByteArray &content) const
{
    QDir().mkpath(m_folder);
    QFile file(QDir(m_folder).filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void ReportStoreTest::writesAFileNamedByTimeAndInstance()
{
    const Result<QString, QString> path = ReportStore(m_folder).write(reportOf(0));
    QVERIFY(path.isOk());
    QCOMPARE(names(), QStringList{ u"20260102T030405.006Z-i-1.json"_s });
    QCOMPARE(path.value(), QDir(m_folder).filePath(names().at(0)));
}

void ReportStoreTest::readsBackWhatItWrote()
{
    const ReportStore store(m_folder);
    QVERIFY(store.write(reportOf(7)).isOk());
    QCOMPARE(store.read(), QList<QJsonObject>{ toJson(reportOf(7)) });
}

void ReportStoreTest::readsNewestFirstAndNoMoreThanAsked()
{
    const ReportStore store(m_folder);
    for (const int second : { 2, 1, 3 })
        QVERIFY(store.write(reportOf(second)).isOk());
    const QList<QJsonObject> two = store.read(2);
    QCOMPARE(two.size(), 2);
    QCOMPARE(two[0], toJson(reportOf(3)));
    QCOMPARE(two[1], toJson(reportOf(2)));
    QCOMPARE(store.read(0).size(), 0);
    QCOMPARE(store.read().size(), 3);
}

void ReportStoreTest::anEmptyFolderNameKeepsNothing()
{
    const ReportStore store{ QString() };
    const Result<QString, QString> path = store.write(reportOf(0));
    QVERIFY(path.isOk());
    QCOMPARE(path.value(), QString());
    QCOMPARE(store.read().size(), 0);
}

void ReportStoreTest::aFolderThatIsNotThereIsEmpty()
{
    const LogRecorder log("quiesce.reports");
    QCOMPARE(ReportStore(m_folder).read().size(), 0);
    QCOMPARE(log.lines().size(), 0);
}

void ReportStoreTest::aStrangeInstanceIdStaysInsideTheFolder()
{
    const ReportStore store(m_folder);
    QVERIFY(store.write(reportOf(0, u"../../x y"_s)).isOk());
    QCOMPARE(names(), QStringList{ u"20260102T030405.006Z-.._.._x_y.json"_s });
    QCOMPARE(store.read().size(), 1);
}

void ReportStoreTest::keepsTheNewestHundred()
{
    const ReportStore store(m_folder);
    for (int second = 0; second < ReportStore::kKept + 3; ++second)
        QVERIFY(store.write(reportOf(second)).isOk());
    const QList<QJsonObject> reports = store.read();
    QCOMPARE(reports.size(), ReportStore::kKept);
    QCOMPARE(names().size(), ReportStore::kKept);
    QCOMPARE(reports.first(), toJson(reportOf(ReportStore::kKept + 2)));
    QCOMPARE(reports.last(), toJson(reportOf(3)));
}

void ReportStoreTest::passesOverWhatIsNoReport_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isReport");
    QTest::newRow("empty") << QByteArray() << false;
    QTest::newRow("half a report") << QByteArray(R"({"reportVersion":1,"outc)") << false;
    QTest::newRow("other JSON") << QByteArray(R"({"reportVersion":1})") << false;
    QTest::newRow("a list") << QByteArray("[]") << false;
    QTest::newRow("too large") << (R"({"reportVersion":1,"outcome":"clean","pad":")"
                                   + QByteArray(ReportStore::kMaxReportBytes, 'x') + R"("})")
                               << false;
    QTest::newRow("a later version with keys of its own")
        << QByteArray(R"({"reportVersion":2,"outcome":"new","more":true})") << true;
}

void ReportStoreTest::passesOverWhatIsNoReport()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, isReport);
    const LogRecorder log("quiesce.reports");
    const ReportStore store(m_folder);
    QVERIFY(store.write(reportOf(1)).isOk());
    put(u"20270101T000000.000Z-x.json"_s, content);
    QCOMPARE(store.read().size(), isReport ? 2 : 1);
    QCOMPARE(log.lines().size(), isReport ? 0 : 1);
    QCOMPARE(log.lines("warning"_L1).filter(u"not a report path="_s).size(), isReport ? 0 : 1);
}

void ReportStoreTest::leavesStrangersAlone()
{
    const LogRecorder log("quiesce.reports");
    const ReportStore store(m_folder);
    const QString named = u"20000101T000000.000Z-old.json"_s; // the oldest, but not a report
    put(named, "{}");
    put(u"notes.json"_s, R"({"reportVersion":1,"outcome":"clean"})");
    for (int second = 0; second < ReportStore::kKept + 1; ++second)
        QVERIFY(store.write(reportOf(second)).isOk());
    QVERIFY(names().contains(named));
    QVERIFY(names().contains(u"notes.json"_s));
    QCOMPARE(names().size(), ReportStore::kKept + 2);
    QCOMPARE(store.read().size(), ReportStore::kKept);
    QCOMPARE(log.lines().size(), 0);
}

void ReportStoreTest::aPathUnderAFileIsAnErrorWithItsReason()
{
    QFile blocker(m_home->filePath(u"data"_s));
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    const Result<QString, QString> path = ReportStore(m_folder).write(reportOf(0));
    QVERIFY(!path.isOk());
    QCOMPARE(path.error(), m_folder + u": Not a directory"_s);
    QCOMPARE(ReportStore(m_folder).read().size(), 0);
}

void ReportStoreTest::aFullDiskIsAnErrorAndLeavesNothingBehind()
{
    const ReportStore store(m_folder);
    QVERIFY(store.write(reportOf(0)).isOk());
    QString error;
    {
        const FullDisk full(16);
        const Result<QString, QString> path = store.write(reportOf(1));
        error = path ? QString() : path.error();
    }
    QCOMPARE(error,
             QDir(m_folder).filePath(u"20260102T030406.006Z-i-1.json"_s) + u": File too large"_s);
    QCOMPARE(names(), QStringList{ u"20260102T030405.006Z-i-1.json"_s });
    QCOMPARE(store.read().size(), 1);
}

QTEST_GUILESS_MAIN(ReportStoreTest)
#include "tst_reportstore.moc"
