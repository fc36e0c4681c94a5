// SPDX-License-Identifier: GPL-3.0-only
// A stop report in words: who asked, what was cut, how long; as text and as JSON.
#include "console/model/reports/reporttext.h"
#include "tests/console/support/samplereport.h"

#include "console/client/snapshot.h"

#include <QJsonDocument>
#include <QLocale>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using quiesce::test::plainReport;
using quiesce::test::richReport;

class ReportTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void writesSpansForPeople_data();
    void writesSpansForPeople();
    void namesWhoAsked_data();
    void namesWhoAsked();
    void namesWhatWasCut();
    void saysWhenNothingWasCut();
    void unknownNamesStayAsTheyAreButPrintable();
    void theTextHasEveryFactOnALineOfItsOwn();
    void theTextOfAnEmptyReportIsStillOne();
    void theJsonIsReadBackAsTheSameReport();
    void anUnknownVersionIsToldAndKept();
};

void ReportTextTest::writesSpansForPeople_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("below zero") << qint64{ -5 } << u"0 ms"_s;
    QTest::newRow("zero") << qint64{ 0 } << u"0 ms"_s;
    QTest::newRow("just not a second") << qint64{ 999 } << u"999 ms"_s;
    QTest::newRow("a second") << qint64{ 1'000 } << u"1 s"_s;
    QTest::newRow("tenths") << qint64{ 12'340 } << u"12.3 s"_s;
    QTest::newRow("rounds to a minute") << qint64{ 59'960 } << u"1 min"_s;
    QTest::newRow("minutes") << qint64{ 125'000 } << u"2 min 5 s"_s;
    QTest::newRow("whole minutes") << qint64{ 600'000 } << u"10 min"_s;
    QTest::newRow("hours") << qint64{ 3'720'000 } << u"1 h 2 min"_s;
}

void ReportTextTest::writesSpansForPeople()
{
    QFETCH(const qint64, ms);
    QTEST(spanText(std::chrono::milliseconds(ms)), "text");
}

void ReportTextTest::namesWhoAsked_data()
{
    QTest::addColumn<StopCause>("cause");
    QTest::addColumn<QString>("who");
    StopCause signal;
    signal.kind = StopCause::Kind::Signal;
    signal.signal = u"SIGTERM"_s;
    QTest::newRow("a signal of nobody") << signal << u"SIGTERM from an unknown sender"_s;
    signal.senderPid = 0;
    QTest::newRow("pid 0") << signal << u"SIGTERM from an unknown sender"_s;
    signal.senderPid = 1;
    QTest::newRow("pid 1 without a name") << signal << u"SIGTERM from an unknown sender"_s;
    signal.senderCommand = u"systemd"_s;
    QTest::newRow("pid 1 with a name") << signal << u"SIGTERM from systemd"_s;
    signal.senderPid = 4711;
    signal.senderUid = 1000;
    signal.senderCommand = u"ba\nsh"_s;
    QTest::newRow("an odd name") << signal << u"SIGTERM from ba\\nsh (pid 4711, uid 1000)"_s;
    StopCause api;
    api.kind = StopCause::Kind::Api;
    QTest::newRow("an unnamed caller") << api << u"An unnamed caller of the admin API"_s;
    api.actor = u"deploy"_s;
    api.remoteAddress = u"::1"_s;
    QTest::newRow("a caller") << api << u"deploy (from ::1)"_s;
    QTest::newRow("itself") << StopCause{} << u"The service itself"_s;
}

void ReportTextTest::namesWhoAsked()
{
    QFETCH(const StopCause, cause);
    QTEST(whoAsked(cause), "who");
}

void ReportTextTest::namesWhatWasCut()
{
    const QString cut = whatWasCut(richReport(1));
    for (const QLatin1StringView part :
         { "3 request"_L1, "cancelled"_L1, "2 request"_L1, "broken off"_L1, "requeued"_L1,
           "abandoned"_L1, "3 hook"_L1 })
        QVERIFY2(cut.contains(part), qPrintable(cut));
}

void ReportTextTest::saysWhenNothingWasCut()
{
    QCOMPARE(whatWasCut(plainReport(1)), u"Nothing was cut"_s);
}

void ReportTextTest::unknownNamesStayAsTheyAreButPrintable()
{
    QCOMPARE(phaseName(u"lame-duck"_s), u"Lame duck"_s);
    QCOMPARE(phaseName(u"hover\n"_s), u"hover\\n"_s);
    QCOMPARE(endName(u"drained"_s), u"Answered"_s);
    QCOMPARE(endName(u"paused"_s), u"paused"_s);
    StopReport::Slow slow;
    slow.outcome = u"drained"_s;
    slow.kind = u"request"_s;
    QCOMPARE(endName(slow), u"Answered"_s);
    slow.kind = u"job"_s; // finished, or queued again
    QCOMPARE(endName(slow), u"Ended"_s);
}

void ReportTextTest::theTextHasEveryFactOnALineOfItsOwn()
{
    StopReport report = richReport(1);
    report.cause.reason = u"two\nlines"_s;
    const QStringList lines = reportAsText(report).split(u'\n');
    QVERIFY(lines.contains(u"Outcome: Stopped, incomplete"_s));
    QVERIFY(lines.contains(u"Exit code: 75"_s));
    QVERIFY(lines.contains(u"Reason: two\\nlines"_s));
    QVERIFY(lines.contains(u"Took: 23.6 s"_s));
    QVERIFY(lines.contains(u"Requests answered: 60"_s));
    QVERIFY(lines.contains(u"  Draining: 20 s"_s));
    QVERIFY(lines.contains(u"  close search index: Failed, 900 ms"_s));
    QVERIFY(lines.contains(u"  GET /v1/events: Cancelled, 24 s"_s));
}

void ReportTextTest::theTextOfAnEmptyReportIsStillOne()
{
    const QString text = reportAsText(StopReport{});
    QVERIFY(text.contains("Asked for at: unknown"_L1));
    QVERIFY(!text.contains("Hooks"_L1));
}

void ReportTextTest::theJsonIsReadBackAsTheSameReport()
{
    const QByteArray json = reportAsJson(richReport(1));
    const auto read = stopReportFromJson(QJsonDocument::fromJson(json).object());
    QVERIFY(read);
    QCOMPARE(reportAsJson(*read), json);
}

void ReportTextTest::anUnknownVersionIsToldAndKept()
{
    QJsonObject json = QJsonDocument::fromJson(reportAsJson(plainReport(1))).object();
    json.insert("reportVersion"_L1, 2);
    const auto read = stopReportFromJson(json);
    QVERIFY(read);
    QVERIFY(!isKnownVersion(*read));
    QVERIFY(versionNote(*read).contains("version 2"_L1));
    QVERIFY(reportAsText(*read).contains(versionNote(*read)));
    QVERIFY(versionNote(plainReport(1)).isEmpty());
}

QTEST_GUILESS_MAIN(ReportTextTest)
#include "tst_reporttext.moc"
