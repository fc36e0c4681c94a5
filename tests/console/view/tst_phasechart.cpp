// SPDX-License-Identifier: GPL-3.0-only
// PhaseChart: where its bars lie, what they say, and that they stay inside at any font.
#include "console/view/reports/phasechart.h"
#include "tests/console/support/samplereport.h"

#include <QHelpEvent>
#include <QTest>
#include <QToolTip>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using quiesce::test::plainReport;
using quiesce::test::richReport;
using std::chrono::milliseconds;

using Durations = QList<milliseconds>;
Q_DECLARE_METATYPE(Durations)

class PhaseChartTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void segmentsAddUpAndDoNotOverlap_data();
    void segmentsAddUpAndDoNotOverlap();
    void aLongerSpanLeavesRoomAtTheRight();
    void noPhasesAreNoSegments();
    void axisStepsAreGood_data();
    void axisStepsAreGood();
    void rowsTellEndsAndTimes();
    void theSlowestEndWhenTheReportSaysSo_data();
    void theSlowestEndWhenTheReportSaysSo();
    void pretendsNoEndThatTheReportDoesNotSay();
    void hooksStayWithinTheirPhase();
    void moreHooksThanRowsAreCounted();
    void theChartsSegmentsFillItsPlot();
    void nothingIsPaintedOutside_data();
    void nothingIsPaintedOutside();
    void saysItAllToAScreenReader();
    void theToolTipTellsWhatBeganBefore();
};

void PhaseChartTest::segmentsAddUpAndDoNotOverlap_data()
{
    QTest::addColumn<Durations>("durations");
    QTest::addColumn<double>("width");
    QTest::newRow("one") << Durations{ 5s } << 600.0;
    QTest::newRow("usual") << Durations{ 5s, 8'400ms, 350ms } << 600.0;
    QTest::newRow("no lame duck") << Durations{ 0ms, 20s, 3'600ms } << 600.0;
    QTest::newRow("ten minutes and nothing") << Durations{ 0ms, 600s, 0ms } << 600.0;
    QTest::newRow("all of nothing") << Durations{ 0ms, 0ms, 0ms } << 600.0;
    QTest::newRow("two very short") << Durations{ 1ms, 1ms, 3'600s } << 300.0;
    QTest::newRow("no room") << Durations{ 1s, 0ms, 2s } << 7.0;
}

void PhaseChartTest::segmentsAddUpAndDoNotOverlap()
{
    QFETCH(const Durations, durations);
    QFETCH(const double, width);
    const double least = 4;
    const QList<Segment> segments = phaseSegments(durations, 0ms, width, least);
    QCOMPARE(segments.size(), durations.size());
    double x = 0;
    for (const Segment &segment : segments) {
        QVERIFY(std::abs(segment.x - x) < 1e-6);
        QVERIFY(segment.width > 0);
        if (width >= least * static_cast<double>(durations.size()))
            QVERIFY2(segment.width >= least - 1e-6, qPrintable(QString::number(segment.width)));
        x = segment.end();
    }
    QVERIFY2(std::abs(x - width) < 1, qPrintable(QString::number(x)));
}

void PhaseChartTest::aLongerSpanLeavesRoomAtTheRight()
{
    const QList<Segment> segments = phaseSegments({ 5s, 10s, 5s }, 40s, 400, 4);
    QCOMPARE(segments.last().end(), 200.0);
    QCOMPARE(segments[1].width, 100.0);
    const QList<Segment> shorter = phaseSegments({ 5s, 10s, 5s }, 1s, 400, 4);
    QCOMPARE(shorter.last().end(), 400.0);
    const QList<Segment> nothing = phaseSegments({ 0ms, 0ms }, 40s, 400, 4);
    QCOMPARE(nothing.last().end(), 8.0);
}

void PhaseChartTest::noPhasesAreNoSegments()
{
    QVERIFY(phaseSegments({}, 5s, 400, 4).isEmpty());
    QVERIFY(phaseSegments({ 5s }, 5s, 0, 4).isEmpty());
}

void PhaseChartTest::axisStepsAreGood_data()
{
    QTest::addColumn<qint64>("span");
    QTest::addColumn<int>("count");
    QTest::addColumn<qint64>("step");
    QTest::newRow("nothing") << qint64{ 0 } << 5 << qint64{ 1 };
    QTest::newRow("350 ms") << qint64{ 350 } << 5 << qint64{ 100 };
    QTest::newRow("24 s") << qint64{ 23'600 } << 6 << qint64{ 5'000 };
    QTest::newRow("ten minutes") << qint64{ 600'000 } << 6 << qint64{ 120'000 };
    QTest::newRow("no room") << qint64{ 60'000 } << 0 << qint64{ 60'000 };
    QTest::newRow("two days") << qint64{ 172'800'000 } << 4 << qint64{ 64'800'000 };
}

void PhaseChartTest::axisStepsAreGood()
{
    QFETCH(const qint64, span);
    QFETCH(const int, count);
    QFETCH(const qint64, step);
    QCOMPARE(axisStep(milliseconds(span), count).count(), step);
}

void PhaseChartTest::rowsTellEndsAndTimes()
{
    const QList<PhaseRow> rows = phaseRows(richReport(1));
    QCOMPARE(rows.size(), 3 + 1 + 6 + 1 + 4);
    QCOMPARE(rows[1].label, u"Draining"_s);
    QCOMPARE(rows[1].note, u"20 s"_s);
    QCOMPARE(rows[4].mark, PhaseRow::Mark::Cut);
    QCOMPARE(rows[5].mark, PhaseRow::Mark::Broken);
    QCOMPARE(rows[7].mark, PhaseRow::Mark::Plain);
    QCOMPARE(rows[4].end, 20s);
    QCOMPARE(rows[4].begin, 20s - 48'300ms);
    QCOMPARE(rows[7].end, 16'100ms); // before the drain's end
    QCOMPARE(rows[7].phase, 1);
    QCOMPARE(rows[14].mark, PhaseRow::Mark::Undone);
    QVERIFY(phaseRows(StopReport{}).isEmpty());
}

void PhaseChartTest::theSlowestEndWhenTheReportSaysSo_data()
{
    QTest::addColumn<int>("after");
    QTest::addColumn<int>("end");
    QTest::addColumn<int>("phase");
    QTest::newRow("in the lame duck") << 4'000 << 4'000 << 0;
    QTest::newRow("with the lame duck") << 5'000 << 5'000 << 0;
    QTest::newRow("in the drain") << 6'000 << 6'000 << 1;
    QTest::newRow("while stopping") << 13'500 << 13'500 << 2;
    QTest::newRow("before all, by a clock set back") << -9'000 << 0 << 0;
    QTest::newRow("after all, by a clock set on") << 99'000 << 13'750 << 2;
}

void PhaseChartTest::theSlowestEndWhenTheReportSaysSo()
{
    QFETCH(const int, after);
    QFETCH(const int, end);
    QFETCH(const int, phase);
    StopReport report = plainReport(1);
    report.slowest.resize(1);
    report.slowest.first().endedAt = report.requestedAt.addMSecs(after);
    const PhaseRow row = phaseRows(report).at(4);
    QVERIFY(row.isPlaced);
    QCOMPARE(row.end, milliseconds(end));
    QCOMPARE(row.begin, milliseconds(end) - report.slowest.first().age);
    QCOMPARE(row.phase, phase);
}

/// As reports of before: with the age alone there is nothing to draw a bar from.
void PhaseChartTest::pretendsNoEndThatTheReportDoesNotSay()
{
    StopReport report = plainReport(1);
    report.slowest.resize(1);
    PhaseChart chart;
    chart.setReport(report);
    chart.resize(chart.sizeHint());
    const int row = chart.fontMetrics().height() * 5 / 4;
    const QRect plot(QPoint(int(chart.segments().first().x) + 1, row * 4), QSize(1, row));
    const QRect bars =
        plot.united(plot.translated(int(chart.segments().last().end()) - plot.x(), 0));
    const QImage with = chart.grab(bars).toImage();
    report.slowest.first().endedAt = {};
    chart.setReport(report);
    const QImage without = chart.grab(bars).toImage();
    QVERIFY(with != without);
    for (int y = 0; y < without.height(); ++y) // only the axis' lines, which go straight down
        QCOMPARE(without.copy(0, y, without.width(), 1), without.copy(0, 0, without.width(), 1));
    QVERIFY(chart.accessibleDescription().contains("the report does not say when"_L1));
    QVERIFY(chart.accessibleDescription().contains("orders/import: 12.2 s"_L1));
}

void PhaseChartTest::hooksStayWithinTheirPhase()
{
    StopReport report = plainReport(1);
    report.hooks = { { .name = u"a"_s, .duration = 300ms, .result = u"ok"_s },
                     { .name = u"b"_s, .duration = 300ms, .result = u"ok"_s } };
    const QList<PhaseRow> rows = phaseRows(report);
    const PhaseRow &stopping = rows[2];
    for (const PhaseRow &row : rows.last(2)) {
        QVERIFY(row.begin >= stopping.begin);
        QVERIFY(row.begin <= row.end);
        QVERIFY(row.end <= stopping.end);
    }
}

void PhaseChartTest::moreHooksThanRowsAreCounted()
{
    StopReport report = plainReport(1);
    report.slowest.clear();
    report.hooks.fill({ .name = u"a"_s, .duration = 1ms, .result = u"ok"_s }, 25);
    const QList<PhaseRow> rows = phaseRows(report);
    QCOMPARE(rows.size(), 3 + 1 + kMaxHookRows + 1);
    QCOMPARE(rows.last().kind, PhaseRow::Kind::Heading);
    QVERIFY(rows.last().label.contains(u'5'));
}

void PhaseChartTest::theChartsSegmentsFillItsPlot()
{
    PhaseChart chart;
    chart.resize(800, 400);
    chart.setReport(richReport(1));
    const QList<Segment> own = chart.segments();
    QCOMPARE(own.size(), 3);
    QVERIFY(own.first().x > 0);
    QVERIFY(own.last().end() <= chart.width());
    chart.setReport(richReport(1), 47'200ms); // twice as long
    const double ownWidth = own.last().end() - own.first().x;
    const double width = chart.segments().last().end() - chart.segments().first().x;
    QVERIFY2(std::abs(width - ownWidth / 2) < 8, qPrintable(QString::number(width)));
    chart.setReport(StopReport{});
    QVERIFY(chart.segments().isEmpty());
    QVERIFY(!chart.grab().isNull());
}

void PhaseChartTest::nothingIsPaintedOutside_data()
{
    QTest::addColumn<int>("scale");
    QTest::addColumn<StopReport>("report");
    StopReport long10 = plainReport(1);
    long10.phases[1].duration = 10min;
    for (const int scale : { 1, 2 }) {
        const auto row = [scale](const char *name, const StopReport &report) {
            QTest::addRow("%s at %dx", name, scale) << scale << report;
        };
        row("plain", plainReport(1));
        row("rich", richReport(1));
        row("ten minutes", long10);
    }
}

/// Between the chart's edges, a column of ground is left at both sides, and below.
void PhaseChartTest::nothingIsPaintedOutside()
{
    QFETCH(const int, scale);
    QFETCH(const StopReport, report);
    PhaseChart chart;
    QFont font = chart.font();
    font.setPointSizeF(font.pointSizeF() * scale);
    chart.setFont(font);
    chart.setReport(report);
    QVERIFY(chart.sizeHint().height() >= 16 * scale * 4);
    chart.resize(chart.sizeHint());
    const QImage image = chart.grab().toImage();
    const QRgb ground = chart.palette().color(QPalette::Window).rgb();
    int right = 0;
    int below = 0;
    int painted = 0;
    for (int y = 0; y < image.height(); ++y)
        right += (image.pixel(image.width() - 1, y) | 0xff000000) != ground;
    for (int x = 0; x < image.width(); ++x) {
        below += (image.pixel(x, image.height() - 1) | 0xff000000) != ground;
        painted += (image.pixel(x, image.height() / 2) | 0xff000000) != ground;
    }
    QCOMPARE(right, 0);
    QCOMPARE(below, 0);
    QVERIFY(painted > 0);
}

void PhaseChartTest::saysItAllToAScreenReader()
{
    PhaseChart chart;
    chart.setReport(richReport(1));
    QVERIFY(!chart.accessibleName().isEmpty());
    QVERIFY(chart.accessibleDescription().contains("Draining: 20 s"_L1));
    QVERIFY(chart.accessibleDescription().contains("GET /v1/events: 24 s, Cancelled"_L1));
    QVERIFY(chart.accessibleDescription().contains("hand over leases: 1.9 s, Timed out"_L1));
}

void PhaseChartTest::theToolTipTellsWhatBeganBefore()
{
    PhaseChart chart;
    chart.setReport(richReport(1));
    chart.resize(chart.sizeHint());
    chart.show();
    const int row = chart.fontMetrics().height() * 5 / 4;
    const QPoint first(chart.width() / 2, row * 4 + row / 2);
    QHelpEvent help(QEvent::ToolTip, first, chart.mapToGlobal(first));
    QApplication::sendEvent(&chart, &help);
    QVERIFY2(QToolTip::text().contains("export: 48.3 s, Cancelled. It began 28.3 s before"_L1),
             qPrintable(QToolTip::text()));
}

QTEST_MAIN(PhaseChartTest)
#include "tst_phasechart.moc"
