// SPDX-License-Identifier: GPL-3.0-only
// Timeline and TimelineFilter: a ring that only grows at its end, and what of it is shown.
#include "console/model/lists/timeline.h"
#include "console/model/lists/timelinefilter.h"
#include "tests/console/fedinstance.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

TimelineEntry logEntry(int number, const QString &level = u"warning"_s)
{
    LogEvent event;
    event.at = utcNow();
    event.level = level;
    event.category = u"quiesce.http"_s;
    event.message = u"message %1"_s.arg(number);
    return entryOf(event);
}

void fill(Timeline &timeline, int count)
{
    for (int i = 0; i < count; ++i)
        timeline.append(i % 10 == 0 ? gapEntry(i) : logEntry(i));
    timeline.setCapacity(timeline.capacity()); // what waits is taken in
}

} // namespace

class TimelineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void appendsTheFirstAtOnceAndFurtherOnesTogether();
    void dropsTheOldestInBlocks();
    void keepsTheNewestWhenItsCapacityShrinks();
    void takesAFloodWithoutGrowing();
    void putsEachKindIntoWords_data();
    void putsEachKindIntoWords();
    void filtersByKindSeverityAndWords();
    void filtersWhatComesLater();
    void followsWhatTheTimelineDrops();
    void keepsRowsInOrderWhileItScans();
    void showsNothingWithoutATimeline();
};

void TimelineTest::appendsTheFirstAtOnceAndFurtherOnesTogether()
{
    Timeline timeline;
    const QAbstractItemModelTester tester(&timeline);
    QSignalSpy inserted(&timeline, &Timeline::rowsInserted);
    for (int i = 0; i < 20; ++i)
        timeline.append(logEntry(i));
    QCOMPARE(inserted.count(), 1);
    QVERIFY(inserted.wait(5'000));
    QCOMPARE(inserted.count(), 2);
    QCOMPARE(inserted.at(1).at(1).toInt(), 1);
    QCOMPARE(inserted.at(1).at(2).toInt(), 19);
    QCOMPARE(timeline.entry(19).text, u"message 19"_s);
}

void TimelineTest::dropsTheOldestInBlocks()
{
    Timeline timeline(100);
    fill(timeline, 100);
    const QSignalSpy removed(&timeline, &Timeline::rowsRemoved);
    timeline.append(logEntry(100));
    timeline.setCapacity(100);
    QCOMPARE(removed.count(), 1);
    QCOMPARE(removed.at(0).at(2).toInt(), 4); // a twentieth
    QCOMPARE(timeline.rowCount(), 96);
    QCOMPARE(timeline.firstNumber(), 5);
    QCOMPARE(timeline.entry(95).text, u"message 100"_s);
}

void TimelineTest::keepsTheNewestWhenItsCapacityShrinks()
{
    Timeline timeline(100);
    fill(timeline, 100);
    timeline.setCapacity(10);
    QCOMPARE(timeline.rowCount(), 10);
    QCOMPARE(timeline.entry(9).text, u"message 99"_s);
    QCOMPARE(timeline.firstNumber(), 90);
}

void TimelineTest::takesAFloodWithoutGrowing()
{
    Timeline timeline(1'000);
    fill(timeline, 50'000);
    QVERIFY(timeline.rowCount() <= 1'000);
    QCOMPARE(timeline.entry(timeline.rowCount() - 1).text, u"message 49999"_s);
    QCOMPARE(timeline.firstNumber() + timeline.rowCount(), 50'000);
}

void TimelineTest::putsEachKindIntoWords_data()
{
    QTest::addColumn<TimelineEntry>("entry");
    QTest::addColumn<QString>("text");
    QTest::newRow("state") << entryOf(entered(LifecycleState::Serving, LifecycleState::LameDuck))
                           << u"Serving → Lame duck: deploy 7"_s;
    RequestEvent request{ .id = u"7"_s,
                          .method = u"GET"_s,
                          .route = u"/work"_s,
                          .outcome = u"drained"_s,
                          .age = 3'200ms };
    QTest::newRow("request") << entryOf(request, 0) << u"GET /work answered after 3.2 s"_s;
    request.outcome = u"cancelled"_s;
    QTest::newRow("cancelled") << entryOf(request, 0) << u"GET /work cancelled after 3.2 s"_s;
    request.outcome = u"aborted"_s;
    QTest::newRow("aborted") << entryOf(request, 0) << u"GET /work cut off after 3.2 s"_s;
    QTest::newRow("job") << entryOf(job(u"a1"_s, JobState::Running), 0) << u"digest a1: Running"_s;
    LogEvent log;
    log.level = u"error"_s;
    log.category = u"quiesce.http"_s;
    log.message = u"cannot\nlisten"_s;
    log.fields = { { u"port"_s, 80 } };
    QTest::newRow("log") << entryOf(log) << u"quiesce.http: cannot\\nlisten port=80"_s;
    AuditEvent audit;
    audit.action = u"stop"_s;
    audit.result = u"refused"_s;
    audit.code = u"already-stopping"_s;
    QTest::newRow("audit") << entryOf(audit) << u"stop: already-stopping"_s;
    QTest::newRow("link") << entryOf(link(LinkState::Unreachable, u"refused"_s), 0)
                          << u"Unreachable: refused"_s;
    QTest::newRow("live") << entryOf(link(LinkState::Live), 0) << u"Connected"_s;
    QTest::newRow("gap") << gapEntry(0) << u"Events may be missing here"_s;
    QTest::newRow("clean") << entryOf(StopReport(), 0) << u"Stopped cleanly: nothing was cut off"_s;
}

void TimelineTest::putsEachKindIntoWords()
{
    QFETCH(TimelineEntry, entry);
    QFETCH(QString, text);
    QCOMPARE(textOf(entry), text);
}

void TimelineTest::filtersByKindSeverityAndWords()
{
    Timeline timeline;
    fill(timeline, 1'000);
    TimelineFilter filter;
    QSignalSpy scanned(&filter, &TimelineFilter::scanned);
    filter.setTimeline(&timeline);
    QTRY_COMPARE(filter.rowCount(), 1'000);
    TimelineCriteria criteria;
    criteria.kinds[static_cast<size_t>(EventKind::Log)] = false;
    filter.setCriteria(criteria);
    QTRY_VERIFY(!filter.isScanning());
    QCOMPARE(filter.rowCount(), 100);
    criteria = {};
    criteria.words = u"MESSAGE 77"_s;
    filter.setCriteria(criteria);
    QTRY_VERIFY(!filter.isScanning());
    QCOMPARE(filter.rowCount(), 10); // 77, 771 to 779; 770 is a gap
    criteria = {};
    criteria.least = EventSeverity::Error;
    filter.setCriteria(criteria);
    QTRY_VERIFY(!filter.isScanning());
    QCOMPARE(filter.rowCount(), 0);
    QVERIFY(scanned.count() >= 4);
}

void TimelineTest::filtersWhatComesLater()
{
    Timeline timeline;
    TimelineFilter filter;
    const QAbstractItemModelTester tester(&filter);
    filter.setTimeline(&timeline);
    TimelineCriteria criteria;
    criteria.words = u"message 1"_s;
    filter.setCriteria(criteria);
    fill(timeline, 20);
    QTRY_VERIFY(!filter.isScanning());
    QCOMPARE(filter.rowCount(), 10); // 1, 11 to 19
    QCOMPARE(filter.mapToSource(filter.index(1, 0)).row(), 11);
    QCOMPARE(filter.mapFromSource(timeline.index(12, 0)).row(), 2);
    QVERIFY(!filter.mapFromSource(timeline.index(2, 0)).isValid());
}

void TimelineTest::followsWhatTheTimelineDrops()
{
    Timeline timeline(100);
    fill(timeline, 100);
    TimelineFilter filter;
    const QAbstractItemModelTester tester(&filter);
    filter.setTimeline(&timeline);
    QTRY_COMPARE(filter.rowCount(), 100);
    timeline.setCapacity(10);
    QCOMPARE(filter.rowCount(), 10);
    QCOMPARE(filter.index(9, Timeline::TextColumn).data().toString(),
             u"quiesce.http: message 99"_s);
    QCOMPARE(filter.entries().size(), 10);
}

void TimelineTest::keepsRowsInOrderWhileItScans()
{
    Timeline timeline;
    fill(timeline, 20'000);
    TimelineFilter filter;
    TimelineCriteria criteria;
    criteria.words = u"message"_s;
    filter.setTimeline(&timeline);
    filter.setCriteria(criteria);
    fill(timeline, 100);
    QTRY_VERIFY(!filter.isScanning());
    QCOMPARE(filter.rowCount(), 18'000 + 90);
    int before = -1;
    for (int row = 0; row < filter.rowCount(); ++row) {
        const int source = filter.mapToSource(filter.index(row, 0)).row();
        QVERIFY(source > before);
        before = source;
    }
}

void TimelineTest::showsNothingWithoutATimeline()
{
    TimelineFilter filter;
    QCOMPARE(filter.rowCount(), 0);
    Timeline timeline;
    fill(timeline, 10);
    filter.setTimeline(&timeline);
    QTRY_COMPARE(filter.rowCount(), 10);
    filter.setTimeline(nullptr);
    QCOMPARE(filter.rowCount(), 0);
    QVERIFY(!filter.isScanning());
    timeline.append(logEntry(1));
    QCOMPARE(filter.rowCount(), 0);
}

QTEST_GUILESS_MAIN(TimelineTest)
#include "tst_timeline.moc"
