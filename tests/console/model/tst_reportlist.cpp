// SPDX-License-Identifier: GPL-3.0-only
// ReportList: merging, order and bound, by row changes that leave a selection where it was.
#include "console/model/instance/condition.h"
#include "console/model/reports/reportlist.h"
#include "tests/console/support/samplereport.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::Condition;
using quiesce::ReportList;
using quiesce::StopReport;
using quiesce::Tone;
using quiesce::test::plainReport;
using quiesce::test::richReport;

class ReportListTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isNewestFirstInWhateverOrderTheyCome();
    void aReportOfTheSameInstanceTakesItsPlace();
    void aReportThatMovesInTimeMovesItsRow();
    void thoseWithoutAnInstanceAreToldApartByTime();
    void mergesWithoutTouchingOtherRows();
    void keepsTheNewestTwoHundred();
    void anEmptyListAddsNothing();
    void tellsEachColumn();
    void saysThatAReportVersionIsUnknown();
    void anInvalidIndexHasNoData();

private:
    static QString textAt(const ReportList &list, int row, int column)
    {
        return list.index(row, column).data().toString();
    }
    static QStringList instances(const ReportList &list)
    {
        QStringList ids;
        for (const StopReport &report : list.reports())
            ids << report.instanceId;
        return ids;
    }
};

void ReportListTest::isNewestFirstInWhateverOrderTheyCome()
{
    ReportList list;
    const QAbstractItemModelTester tester(&list);
    list.setReports({ plainReport(2), plainReport(5), plainReport(1) });
    list.add(plainReport(3));
    QCOMPARE(instances(list),
             QStringList({ u"instance-5"_s, u"instance-3"_s, u"instance-2"_s, u"instance-1"_s }));
}

void ReportListTest::aReportOfTheSameInstanceTakesItsPlace()
{
    ReportList list;
    list.setReports({ plainReport(1), plainReport(2) });
    QSignalSpy changed(&list, &ReportList::dataChanged);
    QSignalSpy inserted(&list, &ReportList::rowsInserted);
    list.add(richReport(1));
    QCOMPARE(list.rowCount(), 2);
    QCOMPARE(inserted.count(), 0);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(textAt(list, 1, ReportList::ExitCode), u"75"_s);
}

void ReportListTest::aReportThatMovesInTimeMovesItsRow()
{
    ReportList list;
    const QAbstractItemModelTester tester(&list);
    list.setReports({ plainReport(1), plainReport(2) });
    StopReport later = plainReport(1);
    later.requestedAt = later.requestedAt.addSecs(3'600);
    list.add(later);
    QCOMPARE(instances(list), QStringList({ u"instance-1"_s, u"instance-2"_s }));
}

void ReportListTest::thoseWithoutAnInstanceAreToldApartByTime()
{
    StopReport one = plainReport(1);
    StopReport two = plainReport(2);
    one.instanceId.clear();
    two.instanceId.clear();
    ReportList list;
    list.setReports({ one, two, one });
    QCOMPARE(list.rowCount(), 2);
}

void ReportListTest::mergesWithoutTouchingOtherRows()
{
    ReportList list;
    list.setReports({ plainReport(1), plainReport(3) });
    QSignalSpy reset(&list, &ReportList::modelReset);
    const QPersistentModelIndex kept = list.index(1, ReportList::When);
    list.setReports({ plainReport(1), plainReport(2), plainReport(3), plainReport(4) });
    QCOMPARE(reset.count(), 0);
    QCOMPARE(kept.row(), 3);
}

void ReportListTest::keepsTheNewestTwoHundred()
{
    ReportList list;
    const QAbstractItemModelTester tester(&list);
    QList<StopReport> many;
    for (int minute = 0; minute < 250; ++minute)
        many << plainReport(minute);
    list.setReports(many);
    QCOMPARE(list.rowCount(), 200);
    QCOMPARE(list.reports().first().instanceId, u"instance-249"_s);
    QCOMPARE(list.reports().last().instanceId, u"instance-50"_s);
    list.add(plainReport(0)); // older than all that are kept
    QCOMPARE(list.rowCount(), 200);
    QCOMPARE(list.reports().last().instanceId, u"instance-50"_s);
}

void ReportListTest::anEmptyListAddsNothing()
{
    ReportList list;
    QSignalSpy inserted(&list, &ReportList::rowsInserted);
    list.setReports({});
    QCOMPARE(list.rowCount(), 0);
    QCOMPARE(inserted.count(), 0);
}

void ReportListTest::tellsEachColumn()
{
    ReportList list;
    list.add(richReport(1));
    QCOMPARE(list.columnCount(), int(ReportList::ColumnCount));
    for (int column = 0; column < list.columnCount(); ++column) {
        QVERIFY2(!textAt(list, 0, column).isEmpty(), qPrintable(QString::number(column)));
        QVERIFY(!list.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
    }
    QCOMPARE(textAt(list, 0, ReportList::Outcome), u"Stopped, incomplete"_s);
    QCOMPARE(textAt(list, 0, ReportList::Who), u"m.ortega (operator, from 10.20.0.7)"_s);
    QCOMPARE(textAt(list, 0, ReportList::Duration), u"23.6 s"_s);
    QCOMPARE(textAt(list, 0, ReportList::InFlight), u"61"_s);
    QCOMPARE(textAt(list, 0, ReportList::Drained), u"60"_s);
    QCOMPARE(textAt(list, 0, ReportList::Cancelled), u"3"_s);
    QCOMPARE(textAt(list, 0, ReportList::Aborted), u"2"_s);
    QCOMPARE(textAt(list, 0, ReportList::Requeued), u"2"_s);
    QCOMPARE(textAt(list, 0, ReportList::Version), u"2.4.1"_s);
    const QModelIndex outcome = list.index(0, ReportList::Outcome);
    QCOMPARE(outcome.data(ReportList::ConditionRole).value<Condition>(),
             Condition::StoppedIncomplete);
    QCOMPARE(outcome.data(ReportList::ToneRole).value<Tone>(), Tone::Warning);
}

void ReportListTest::saysThatAReportVersionIsUnknown()
{
    StopReport report = plainReport(1);
    report.reportVersion = 7;
    ReportList list;
    list.add(report);
    QVERIFY(textAt(list, 0, ReportList::Version).contains("unknown report version 7"_L1));
}

void ReportListTest::anInvalidIndexHasNoData()
{
    ReportList list;
    list.add(plainReport(1));
    QVERIFY(!list.data({}, Qt::DisplayRole).isValid());
    QCOMPARE(list.rowCount(list.index(0, 0)), 0);
    QCOMPARE(list.columnCount(list.index(0, 0)), 0);
}

QTEST_GUILESS_MAIN(ReportListTest)
#include "tst_reportlist.moc"
