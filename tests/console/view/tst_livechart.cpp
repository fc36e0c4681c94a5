// SPDX-License-Identifier: GPL-3.0-only
// LiveChart: points as they come, gaps as gaps, scale, cursor; and how long drawing takes.
#include "console/view/charts/livechart.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <ctime>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

constexpr qint64 kBegin = 1'780'000'000'000;

Stats statsOf(qint64 second)
{
    Stats stats;
    stats.inFlight = second % 40;
    stats.requestsTotal = second * 120;
    stats.latencyP50Ms = 10.0 + static_cast<double>(second % 7);
    stats.latencyP99Ms = 80.0 + static_cast<double>(second % 31);
    return stats;
}

/// Samples of the seconds from..to, both included.
void fill(History &history, qint64 from, qint64 to)
{
    for (qint64 second = from - 1; second <= to; ++second)
        history.add(statsOf(second), kBegin + second * 1'000);
}

LiveChart::Setup inFlight()
{
    return { .title = u"In flight"_s,
             .emptyText = u"Nothing"_s,
             .unit = ValueUnit::Count,
             .series = { { {}, &Sample::inFlight } } };
}

LiveChart::Setup latency()
{
    return { .title = u"Latency"_s,
             .emptyText = u"Nothing"_s,
             .unit = ValueUnit::Milliseconds,
             .series = { { u"p50"_s, &Sample::latencyP50 }, { u"p99"_s, &Sample::latencyP99 } } };
}

QCustomPlot &plotOf(const LiveChart &chart)
{
    return *chart.findChild<QCustomPlot *>();
}

QCPGraphDataContainer &points(const LiveChart &chart, int graph = 0)
{
    return *plotOf(chart).graph(graph)->data();
}

} // namespace

class LiveChartTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsAGapAsAPointWithoutAValue();
    void drawsNothingAcrossAShortGapInALongWindow();
    void aLongStepIsAGapToo();
    void addsOnlyWhatIsNew();
    void keepsNoMoreThanTheHistory();
    void startsAnewWhenTheClockGoesBack();
    void startsAnewWithAnotherHistory();
    void scalesFromZeroToWhatIsInSight();
    void theCursorTellsTheNearestSample();
    void theCursorInAGapSaysThatNothingIsKnown();
    void arrowKeysAskForTheSamplesBeside();
    void leavingTakesTheCursorAway();
    void saysTheLatestValuesToAScreenReader();
    void saysWhenThereIsNothing();
    void valuesAreWrittenWithTheirUnits_data();
    void valuesAreWrittenWithTheirUnits();
    void axesEndAtWholeSteps_data();
    void axesEndAtWholeSteps();
    void anHourIsDrawnQuickly();
};

void LiveChartTest::keepsAGapAsAPointWithoutAValue()
{
    History history;
    fill(history, 1, 10);
    history.addGap(kBegin + 11'000);
    fill(history, 60, 70);
    LiveChart chart(inFlight());
    chart.take(history);
    QCOMPARE(points(chart).size(), 10 + 1 + 11);
    QVERIFY(std::isnan(points(chart).at(10)->value));
    QVERIFY(!std::isnan(points(chart).at(9)->value));
    QVERIFY(!std::isnan(points(chart).at(11)->value));
}

void LiveChartTest::drawsNothingAcrossAShortGapInALongWindow()
{
    History history;
    fill(history, 1, 1'500);
    history.addGap(kBegin + 1'501'000);
    fill(history, 1'540, 3'500); // 39 s: some pixels of an hour
    LiveChart chart(inFlight());
    chart.resize(500, 200);
    chart.take(history);
    chart.setRange(kBegin, kBegin + 3'600'000);
    chart.redraw();
    plotOf(chart).graph(0)->setBrush(Qt::NoBrush);
    plotOf(chart).graph(0)->setPen(QPen(Qt::red, 1));
    plotOf(chart).setNotAntialiasedElements(QCP::aeAll);
    plotOf(chart).resize(500, 180);
    plotOf(chart).replot();
    const QImage image = plotOf(chart).toPixmap(500, 180).toImage();
    const auto isDrawn = [&](qint64 second) {
        const int x = static_cast<int>(plotOf(chart).xAxis->coordToPixel(
            static_cast<double>(kBegin) / 1'000 + static_cast<double>(second)));
        for (int y = 0; y < image.height(); ++y) {
            if (image.pixelColor(x, y) == QColor(Qt::red))
                return true;
        }
        return false;
    };
    QVERIFY(isDrawn(1'400));
    QVERIFY(!isDrawn(1'520));
    QVERIFY(isDrawn(1'600));
}

void LiveChartTest::aLongStepIsAGapToo()
{
    History history;
    fill(history, 1, 10);
    history.add(statsOf(20), kBegin + 20'000); // as after a computer's sleep
    LiveChart chart(inFlight());
    chart.take(history);
    QCOMPARE(points(chart).size(), 10 + 1 + 1);
    QVERIFY(std::isnan(points(chart).at(10)->value));
}

void LiveChartTest::addsOnlyWhatIsNew()
{
    History history;
    fill(history, 1, 100);
    LiveChart chart(inFlight());
    chart.take(history);
    QCOMPARE(points(chart).size(), 100);
    points(chart).begin()->value = 12'345; // would not outlive a rebuild
    history.add(statsOf(101), kBegin + 101'000);
    chart.take(history);
    chart.take(history);
    QCOMPARE(points(chart).size(), 101);
    QCOMPARE(points(chart).at(0)->value, 12'345.0);
}

void LiveChartTest::keepsNoMoreThanTheHistory()
{
    History history;
    fill(history, 1, 3'600);
    LiveChart chart(latency());
    chart.take(history);
    for (qint64 second = 3'601; second <= 3'700; ++second) {
        history.add(statsOf(second), kBegin + second * 1'000);
        chart.take(history);
    }
    QCOMPARE(points(chart, 0).size(), 3'600);
    QCOMPARE(points(chart, 1).size(), 3'600);
    fill(history, 10'001, 20'000); // more than the history holds, at once
    chart.take(history);
    QCOMPARE(points(chart).size(), 3'600);
}

void LiveChartTest::startsAnewWhenTheClockGoesBack()
{
    History history;
    fill(history, 100, 200);
    LiveChart chart(inFlight());
    chart.take(history);
    fill(history, 10, 12);
    chart.take(history);
    QCOMPARE(points(chart).size(), 3);
}

void LiveChartTest::startsAnewWithAnotherHistory()
{
    History first;
    fill(first, 1, 100);
    History second;
    fill(second, 1, 5);
    LiveChart chart(inFlight());
    chart.take(first);
    chart.take(second);
    QCOMPARE(points(chart).size(), 5);
}

void LiveChartTest::scalesFromZeroToWhatIsInSight()
{
    History history;
    fill(history, 1, 200);
    LiveChart chart(inFlight());
    chart.take(history);
    chart.setRange(kBegin, kBegin + 200'000);
    chart.redraw();
    QCOMPARE(plotOf(chart).yAxis->range().lower, 0.0);
    QCOMPARE(plotOf(chart).yAxis->range().upper, 60.0);
    chart.setRange(kBegin + 163'000, kBegin + 166'000); // 2 to 7 in flight
    chart.redraw();
    QVERIFY(plotOf(chart).yAxis->range().upper <= 10.0);
}

void LiveChartTest::theCursorTellsTheNearestSample()
{
    History history;
    fill(history, 1, 100);
    LiveChart chart(latency());
    chart.take(history);
    chart.setCursor(kBegin + 50'300);
    const QString time =
        QDateTime::fromMSecsSinceEpoch(kBegin + 50'000).time().toString(u"HH:mm:ss"_s);
    QCOMPARE(chart.cursorText(), QStringList({ time, u"p50 11 ms"_s, u"p99 99 ms"_s }));
    chart.setCursor(std::nullopt);
    QVERIFY(chart.cursorText().isEmpty());
}

void LiveChartTest::theCursorInAGapSaysThatNothingIsKnown()
{
    History history;
    fill(history, 1, 10);
    history.addGap(kBegin + 11'000);
    fill(history, 100, 110);
    LiveChart chart(inFlight());
    chart.take(history);
    chart.setCursor(kBegin + 60'000);
    QCOMPARE(chart.cursorText().size(), 2);
    QCOMPARE(chart.cursorText().last(), u"not known"_s);
    LiveChart empty(inFlight());
    empty.setCursor(kBegin);
    QCOMPARE(empty.cursorText().last(), u"not known"_s);
}

void LiveChartTest::arrowKeysAskForTheSamplesBeside()
{
    History history;
    fill(history, 1, 100);
    LiveChart chart(inFlight());
    chart.take(history);
    chart.setRange(kBegin + 40'000, kBegin + 100'000);
    QSignalSpy wanted(&chart, &LiveChart::cursorWanted);
    connect(&chart, &LiveChart::cursorWanted, &chart, [&chart](qint64 at) { chart.setCursor(at); });
    QTest::keyClick(&chart, Qt::Key_Left);
    QTest::keyClick(&chart, Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(&chart, Qt::Key_Right);
    QTest::keyClick(&chart, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(&chart, Qt::Key_Right, Qt::ShiftModifier); // no further than the window
    QList<qint64> seconds;
    for (const QList<QVariant> &arguments : std::as_const(wanted))
        seconds << (arguments.first().toLongLong() - kBegin) / 1'000;
    QCOMPARE(seconds, QList<qint64>({ 99, 89, 90, 100, 100 }));
}

void LiveChartTest::leavingTakesTheCursorAway()
{
    LiveChart chart(inFlight());
    QSignalSpy left(&chart, &LiveChart::cursorLeft);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(&plotOf(chart), &leave);
    QCOMPARE(left.count(), 1);
    QTest::keyClick(&chart, Qt::Key_Escape); // none is shown
    QCOMPARE(left.count(), 1);
    chart.setCursor(kBegin);
    QTest::keyClick(&chart, Qt::Key_Escape);
    QCOMPARE(left.count(), 2);
}

void LiveChartTest::saysTheLatestValuesToAScreenReader()
{
    History history;
    fill(history, 1, 50);
    LiveChart chart(latency());
    QCOMPARE(chart.accessibleName(), u"Latency"_s);
    chart.take(history);
    chart.redraw();
    QVERIFY(chart.accessibleDescription().contains("p50 11 ms"_L1));
    QVERIFY(chart.accessibleDescription().contains("p99 99 ms"_L1));
    history.addGap(kBegin + 51'000);
    chart.take(history);
    chart.redraw();
    QVERIFY(chart.accessibleDescription().contains("not known"_L1));
}

void LiveChartTest::saysWhenThereIsNothing()
{
    LiveChart chart(inFlight());
    chart.setRange(kBegin, kBegin + 60'000);
    chart.redraw();
    const auto *text = plotOf(chart).findChild<QCPItemText *>();
    QVERIFY(text && text->visible());
    QCOMPARE(text->text(), u"Nothing"_s);
    History history;
    fill(history, 1, 3);
    chart.take(history);
    chart.redraw();
    QVERIFY(!text->visible());
}

void LiveChartTest::valuesAreWrittenWithTheirUnits_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<ValueUnit>("unit");
    QTest::addColumn<QString>("text");
    QTest::newRow("unknown") << std::nan("") << ValueUnit::Count << u"–"_s;
    QTest::newRow("count") << 1'204.0 << ValueUnit::Count << QLocale().toString(1'204);
    QTest::newRow("rate") << 12.54 << ValueUnit::PerSecond << u"12.5/s"_s;
    QTest::newRow("no rate") << 0.0 << ValueUnit::PerSecond << u"0/s"_s;
    QTest::newRow("short") << 0.84 << ValueUnit::Milliseconds << u"0.8 ms"_s;
    QTest::newRow("ms") << 250.4 << ValueUnit::Milliseconds << u"250 ms"_s;
    QTest::newRow("seconds") << 1'250.0 << ValueUnit::Milliseconds << u"1.25 s"_s;
    QTest::newRow("whole seconds") << 30'000.0 << ValueUnit::Milliseconds << u"30 s"_s;
}

void LiveChartTest::valuesAreWrittenWithTheirUnits()
{
    QFETCH(const double, value);
    QFETCH(const ValueUnit, unit);
    QTEST(valueText(value, unit), "text");
}

void LiveChartTest::axesEndAtWholeSteps_data()
{
    QTest::addColumn<double>("largest");
    QTest::addColumn<double>("ceiling");
    QTest::newRow("nothing known") << std::nan("") << 1.0;
    QTest::newRow("none") << 0.0 << 1.0;
    QTest::newRow("one") << 1.0 << 2.0;
    QTest::newRow("39") << 39.0 << 60.0;
    QTest::newRow("100") << 100.0 << 150.0;
    QTest::newRow("a million") << 1e6 << 1.5e6;
    QTest::newRow("endless") << std::numeric_limits<double>::infinity() << 1.0;
}

void LiveChartTest::axesEndAtWholeSteps()
{
    QFETCH(const double, largest);
    QTEST(valueCeiling(largest, ValueUnit::Count, 4), "ceiling");
}

void LiveChartTest::anHourIsDrawnQuickly()
{
    History history;
    fill(history, 1, 3'600);
    LiveChart chart(latency());
    chart.resize(900, 250);
    chart.take(history);
    chart.setRange(kBegin, kBegin + 3'600'000);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    chart.redraw();
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < 20; ++i) {
        const std::clock_t begin = std::clock(); // of this process: others may be busy
        plotOf(chart).replot(QCustomPlot::rpQueuedRefresh);
        best = std::min(best, static_cast<double>(std::clock() - begin) * 1'000 / CLOCKS_PER_SEC);
    }
    qInfo("3,600 points, two series: %.1f ms", best);
    QVERIFY2(best < 10 * 3, qPrintable(QString::number(best))); // to reach: 10, on a good machine
}

QTEST_MAIN(LiveChartTest)
#include "tst_livechart.moc"
