// SPDX-License-Identifier: GPL-3.0-only
// ChartsPanel: four charts of one instance, one window of time, one cursor.
#include "common/utc.h"
#include "console/view/charts/chartspanel.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;

namespace {

constexpr qint64 kBegin = 1'780'000'000'000;

/// An instance whose time of day is the test's.
class Fed final
{
public:
    Instance &instance() { return m_instance; }
    void begin()
    {
        Snapshot snapshot;
        snapshot.instanceId = u"i-1"_s;
        m_instance.takeSnapshot(snapshot, false);
    }
    void feed(int seconds)
    {
        for (int i = 0; i < seconds; ++i) {
            m_now += 1'000;
            m_requests += 100;
            Stats stats;
            stats.inFlight = 7;
            stats.requestsTotal = m_requests;
            stats.latencyP50Ms = 12;
            stats.latencyP99Ms = 80;
            stats.jobs.of(JobState::Running) = 2;
            stats.jobs.of(JobState::Queued) = 5;
            m_instance.takeStats(stats);
        }
    }
    void lose(int seconds)
    {
        LinkStatus live;
        live.state = LinkState::Live;
        m_instance.takeLink(live);
        m_instance.takeLink({});
        m_now += seconds * 1'000;
    }
    [[nodiscard]] qint64 now() const { return m_now; }
    void enter(LifecycleState state)
    {
        m_instance.takeState({ .from = LifecycleState::Serving,
                               .to = state,
                               .at = quiesce::utcFromMs(m_now),
                               .cause = {},
                               .deadlineAt = {} });
    }

private:
    qint64 m_now = kBegin;
    qint64 m_requests = 0;
    Instance m_instance{ {}, [this] { return m_now; } };
};

QList<LiveChart *> chartsOf(const ChartsPanel &panel)
{
    return panel.findChildren<LiveChart *>();
}

QCustomPlot &plotOf(const LiveChart &chart)
{
    return *chart.findChild<QCustomPlot *>();
}

QCPRange shown(const ChartsPanel &panel)
{
    return plotOf(*chartsOf(panel).first()).xAxis->range();
}

int pointsOf(const ChartsPanel &panel)
{
    return plotOf(*chartsOf(panel).first()).graph(0)->data()->size();
}

const ChartMarkers &markersOf(const ChartsPanel &panel)
{
    return *chartsOf(panel).first()->findChild<ChartMarkers *>();
}

} // namespace

class ChartsPanelTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsFourChartsOfOneTime();
    void followsEachSample();
    void drawsNothingWhileHidden();
    void manySamplesAreDrawnTogether();
    void aLostLinkIsAGapInEveryChart();
    void theWindowIsChosenByClickAndByKey();
    void takesTheNextLongerWindow();
    void theCursorIsInAllFour();
    void marksStatesAndDeadline();
    void aDeadlineThatIsFarStaysOutOfSight();
    void anotherInstanceBeginsEmpty();
    void anInstanceThatGoesLeavesItsCharts();
    void standsInOneColumnWhereItIsNarrow();
    void followsThePaletteAndTheFont();
    void theContextMenuCopiesTheImage();
};

void ChartsPanelTest::showsFourChartsOfOneTime()
{
    Fed fed;
    fed.begin();
    fed.feed(400);
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    panel.show();
    QTRY_COMPARE(pointsOf(panel), 400);
    QCOMPARE(chartsOf(panel).size(), 4);
    for (const LiveChart *chart : chartsOf(panel)) {
        QCOMPARE(plotOf(*chart).xAxis->range(), shown(panel));
        QCOMPARE(plotOf(*chart).axisRect()->margins().left(),
                 plotOf(*chartsOf(panel).first()).axisRect()->margins().left());
        QVERIFY(!chart->accessibleName().isEmpty());
    }
    QCOMPARE(shown(panel).size(), 300.0);
    QCOMPARE(shown(panel).upper, static_cast<double>(fed.now()) / 1'000);
}

void ChartsPanelTest::followsEachSample()
{
    Fed fed;
    fed.begin();
    fed.feed(3);
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    panel.show();
    QTRY_COMPARE(pointsOf(panel), 3);
    fed.feed(1);
    QTRY_COMPARE(pointsOf(panel), 4);
    QCOMPARE(shown(panel).upper, static_cast<double>(fed.now()) / 1'000);
}

void ChartsPanelTest::drawsNothingWhileHidden()
{
    Fed fed;
    fed.begin();
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    QCoreApplication::processEvents(); // a new QCustomPlot draws itself once
    QSignalSpy drawn(&plotOf(*chartsOf(panel).first()), &QCustomPlot::afterReplot);
    fed.feed(10);
    ChartsPanel seen;
    seen.setInstance(&fed.instance());
    seen.show();
    QTRY_COMPARE(pointsOf(seen), 10);
    QCOMPARE(pointsOf(panel), 0);
    QCOMPARE(drawn.count(), 0);
    panel.show();
    QTRY_COMPARE(pointsOf(panel), 10);
}

void ChartsPanelTest::manySamplesAreDrawnTogether()
{
    Fed fed;
    fed.begin();
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    panel.show();
    fed.feed(1);
    QTRY_COMPARE(pointsOf(panel), 1);
    QSignalSpy drawn(&plotOf(*chartsOf(panel).first()), &QCustomPlot::afterReplot);
    QVERIFY(drawn.isEmpty() || drawn.wait());
    drawn.clear();
    for (int i = 0; i < 50; ++i)
        fed.feed(1);
    QTRY_COMPARE(pointsOf(panel), 51);
    QVERIFY(drawn.wait() || !drawn.isEmpty());
    QVERIFY2(drawn.count() <= 2, qPrintable(QString::number(drawn.count())));
}

void ChartsPanelTest::aLostLinkIsAGapInEveryChart()
{
    Fed fed;
    fed.begin();
    fed.feed(20);
    fed.lose(60);
    fed.feed(20);
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    panel.show();
    QTRY_COMPARE(pointsOf(panel), 20 + 1 + 19); // the first of a run only begins it
    for (const LiveChart *chart : chartsOf(panel)) {
        const auto points = plotOf(*chart).graph(0)->data();
        const auto gaps = std::count_if(points->constBegin(), points->constEnd(),
                                        [](const QCPGraphData &p) { return std::isnan(p.value); });
        QCOMPARE(gaps, 1);
    }
}

void ChartsPanelTest::theWindowIsChosenByClickAndByKey()
{
    Fed fed;
    fed.begin();
    fed.feed(5);
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    panel.show();
    QSignalSpy changed(&panel, &ChartsPanel::windowChanged);
    const QList<QRadioButton *> buttons = panel.findChildren<QRadioButton *>();
    QCOMPARE(buttons.size(), 4);
    const double lengths[] = { 60, 300, 900, 3'600 };
    for (int i = 0; i < 4; ++i) {
        QVERIFY2(buttons[i]->text().contains(u'&'), qPrintable(buttons[i]->text()));
        QTest::mouseClick(buttons[i], Qt::LeftButton, {}, QPoint(5, buttons[i]->height() / 2));
        QVERIFY(buttons[i]->isChecked());
        QTRY_COMPARE(shown(panel).size(), lengths[i]);
    }
    QCOMPARE(changed.count(), 4);
    panel.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    buttons[3]->setFocus();
    QTest::keyClick(buttons[3], Qt::Key_Left);
    QTRY_COMPARE(panel.window(), 15min);
}

void ChartsPanelTest::takesTheNextLongerWindow()
{
    ChartsPanel panel;
    QSignalSpy changed(&panel, &ChartsPanel::windowChanged);
    panel.setWindow(0min);
    QCOMPARE(panel.window(), 1min);
    panel.setWindow(6min);
    QCOMPARE(panel.window(), 15min);
    panel.setWindow(1'000min);
    QCOMPARE(panel.window(), 60min);
    QCOMPARE(changed.count(), 0);
}

void ChartsPanelTest::theCursorIsInAllFour()
{
    Fed fed;
    fed.begin();
    fed.feed(60);
    ChartsPanel panel;
    panel.resize(1'000, 600);
    panel.setInstance(&fed.instance());
    panel.show();
    QTRY_COMPARE(pointsOf(panel), 60);
    QCustomPlot &plot = plotOf(*chartsOf(panel)[2]);
    QTRY_VERIFY(plot.axisRect()->rect().contains(plot.rect().center()));
    const double x = plot.xAxis->coordToPixel(static_cast<double>(fed.now() - 10'000) / 1'000);
    QTest::mouseMove(&plot, QPoint(static_cast<int>(x), plot.height() / 2));
    QStringList texts;
    for (const LiveChart *chart : chartsOf(panel))
        texts << chart->cursorText().mid(1).join(u' ');
    QCOMPARE(
        texts,
        QStringList({ u"7"_s, u"100/s"_s, u"p50 12 ms p99 80 ms"_s, u"Running 2 Waiting 5"_s }));
    QCOMPARE(chartsOf(panel)[0]->cursorText().first(), chartsOf(panel)[3]->cursorText().first());
    QTest::mouseMove(&plot, QPoint(1, 1));
    QVERIFY(chartsOf(panel)[0]->cursorText().isEmpty());
}

void ChartsPanelTest::marksStatesAndDeadline()
{
    Fed fed;
    fed.begin();
    fed.feed(30);
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    panel.show();
    fed.enter(LifecycleState::LameDuck);
    Snapshot stopping = *fed.instance().snapshot();
    stopping.stop = StopView{};
    stopping.stop->deadlineAt = quiesce::utcFromMs(fed.now() + 20'000);
    fed.instance().takeSnapshot(stopping, false);
    fed.feed(5);
    fed.enter(LifecycleState::Draining);
    QTRY_COMPARE(markersOf(panel).markers().size(), 3);
    const QList<ChartMarker> markers = markersOf(panel).markers();
    QCOMPARE(markers[0].label, u"Lame duck"_s);
    QCOMPARE(markers[1].label, u"Draining"_s);
    QCOMPARE(markers[2].kind, ChartMarker::Kind::Deadline);
    // Ahead of the samples, but near enough to be in sight.
    QTRY_VERIFY(shown(panel).upper > static_cast<double>(markers[2].at) / 1'000);
}

void ChartsPanelTest::aDeadlineThatIsFarStaysOutOfSight()
{
    Fed fed;
    fed.begin();
    fed.feed(30);
    Snapshot stopping = *fed.instance().snapshot();
    stopping.stop = StopView{};
    stopping.stop->deadlineAt = quiesce::utcFromMs(fed.now() + 3'600'000);
    fed.instance().takeSnapshot(stopping, false);
    ChartsPanel panel;
    panel.setInstance(&fed.instance());
    panel.show();
    QTRY_COMPARE(markersOf(panel).markers().size(), 1);
    QCOMPARE(shown(panel).upper, static_cast<double>(fed.now()) / 1'000);
}

void ChartsPanelTest::anotherInstanceBeginsEmpty()
{
    Fed first;
    first.begin();
    first.feed(30);
    first.enter(LifecycleState::LameDuck);
    Fed second;
    ChartsPanel panel;
    panel.setInstance(&first.instance());
    panel.show();
    QTRY_COMPARE(pointsOf(panel), 30);
    panel.setInstance(&second.instance());
    QTRY_COMPARE(pointsOf(panel), 0);
    QTRY_VERIFY(markersOf(panel).markers().isEmpty());
    first.feed(5);
    second.begin();
    second.feed(4);
    QTRY_COMPARE(pointsOf(panel), 4);
}

void ChartsPanelTest::anInstanceThatGoesLeavesItsCharts()
{
    ChartsPanel panel;
    panel.show();
    {
        Fed fed;
        fed.begin();
        fed.feed(30);
        panel.setInstance(&fed.instance());
        QTRY_COMPARE(pointsOf(panel), 30);
    }
    panel.setWindow(1min);
    QTRY_COMPARE(shown(panel).size(), 60.0);
    panel.setInstance(nullptr);
    QTRY_COMPARE(pointsOf(panel), 0);
}

void ChartsPanelTest::standsInOneColumnWhereItIsNarrow()
{
    ChartsPanel panel;
    panel.resize(panel.fontMetrics().averageCharWidth() * 150, 600);
    panel.show();
    const QList<LiveChart *> charts = chartsOf(panel);
    QTRY_COMPARE(charts[0]->y(), charts[1]->y());
    QVERIFY(charts[0]->x() < charts[1]->x());
    panel.resize(panel.fontMetrics().averageCharWidth() * 80, 900);
    QTRY_COMPARE(charts[0]->x(), charts[1]->x());
    QVERIFY(charts[0]->y() < charts[1]->y());
}

void ChartsPanelTest::followsThePaletteAndTheFont()
{
    ChartsPanel panel;
    panel.show();
    const LiveChart &chart = *chartsOf(panel).first();
    const QPen before = plotOf(chart).graph(0)->pen();
    const int margin = plotOf(chart).axisRect()->margins().left();
    QPalette dark = panel.palette();
    dark.setColor(QPalette::Base, QColor(30, 30, 30));
    dark.setColor(QPalette::Text, QColor(230, 230, 230));
    panel.setPalette(dark);
    QVERIFY(plotOf(chart).graph(0)->pen().color() != before.color());
    QCOMPARE(plotOf(chart).xAxis->tickLabelColor(), QColor(230, 230, 230));
    QFont large = panel.font();
    large.setPointSizeF(large.pointSizeF() * 2);
    panel.setFont(large);
    QVERIFY(plotOf(chart).axisRect()->margins().left() > margin * 3 / 2);
    QCOMPARE(plotOf(chart).yAxis->tickLabelFont().pointSizeF(), large.pointSizeF());
}

void ChartsPanelTest::theContextMenuCopiesTheImage()
{
    ChartsPanel panel;
    panel.show();
    const LiveChart &chart = *chartsOf(panel).first();
    QGuiApplication::clipboard()->clear();
    QCOMPARE(chart.actions().size(), 2);
    chart.actions().first()->trigger();
    QCOMPARE(QGuiApplication::clipboard()->image().size(), chart.size());
}

QTEST_MAIN(ChartsPanelTest)
#include "tst_chartspanel.moc"
