// SPDX-License-Identifier: GPL-3.0-only
// LiveChart: its data, its axes and its cursor.
#include "console/view/charts/livechart.h"

#include "console/view/charts/imageactions.h"
#include "console/view/charts/seriesgraph.h"
#include "console/view/look/look.h"

#include <QDateTime>
#include <QEvent>
#include <QKeyEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

const QString kMarkerLayer = u"markers"_s;
const QString kCursorLayer = u"cursor"_s;
constexpr double kSampleSeconds = History::kIntervalMs / 1'000.0;
/// Farther from the cursor than this, a sample says nothing of that moment.
constexpr double kNearSeconds = 2 * kSampleSeconds;
/// Two samples that are farther from each other have something unknown between them.
constexpr double kLongestStep = 5 * kSampleSeconds;
constexpr int kFarSamples = 10; ///< with Shift

double keyOf(qint64 at)
{
    return static_cast<double>(at) / 1'000;
}

} // namespace

LiveChart::LiveChart(Setup setup, QWidget *parent)
    : QWidget(parent)
    , m_setup(std::move(setup))
    , m_header(new ChartHeader(m_setup.title, this))
    , m_plot(new QCustomPlot(this))
{
    setAccessibleName(m_setup.title);
    setFocusPolicy(Qt::StrongFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_plot, 1);
    wirePlot();
    for (const Series &series : std::as_const(m_setup.series))
        addSeries(series);
    restyle();
    addImageActions(*this, m_setup.title);
}

void LiveChart::wirePlot()
{
    m_plot->setFocusPolicy(Qt::NoFocus); // the chart itself has it
    m_plot->installEventFilter(this);
    m_plot->setPlottingHint(QCP::phCacheLabels);
    m_plot->addLayer(kMarkerLayer, m_plot->layer(u"main"_s));
    m_plot->addLayer(kCursorLayer);
    m_plot->layer(kCursorLayer)->setMode(QCPLayer::lmBuffered);
    m_markers = new ChartMarkers(m_plot->axisRect(), kMarkerLayer);
    m_cursor = new ChartCursor(m_plot->axisRect(), kCursorLayer);
    m_empty = new QCPItemText(m_plot);
    m_empty->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_empty->position->setCoords(0.5, 0.5);
    m_empty->setText(m_setup.emptyText);
    m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ClockTicker));
    const QSharedPointer<QCPAxisTicker> values(new ValueTicker(m_setup.unit));
    values->setTickCount(kValueTicks);
    m_plot->yAxis->setTicker(values);
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](const QMouseEvent *event) {
        const double key = m_plot->xAxis->pixelToCoord(event->position().x());
        if (m_plot->axisRect()->rect().contains(event->position().toPoint()))
            Q_EMIT cursorWanted(static_cast<qint64>(key * 1'000));
        else
            Q_EMIT cursorLeft();
    });
}

void LiveChart::addSeries(const Series & /*series*/)
{
    auto *graph = new SeriesGraph(m_plot->xAxis, m_plot->yAxis);
    graph->setSelectable(QCP::stNone);
    m_graphs << graph;
}

void LiveChart::take(const History &history)
{
    const auto &samples = history.samples();
    const quint64 fresh = history.added() - m_taken;
    if (history.added() < m_taken) { // another history
        clear();
        take(history);
        return;
    }
    const size_t count = std::min<quint64>(fresh, samples.size());
    for (size_t i = samples.size() - count; i < samples.size(); ++i)
        append(samples[i]);
    m_taken = history.added();
    dropOldest();
}

void LiveChart::append(const Sample &sample)
{
    const double key = keyOf(sample.at);
    if (key < m_lastKey) { // the clock went back: what was before it has no place any more
        for (QCPGraph *graph : std::as_const(m_graphs))
            graph->data()->clear();
    } else if (key - m_lastKey > kLongestStep && m_lastKey > 0 && !m_endsInGap) {
        add(m_lastKey + kSampleSeconds, {}); // asleep, perhaps: nobody knows
    }
    m_lastKey = key;
    m_endsInGap = sample.isGap();
    add(key, sample);
}

void LiveChart::add(double key, const Sample &sample)
{
    for (qsizetype i = 0; i < m_graphs.size(); ++i)
        m_graphs[i]->data()->add(QCPGraphData(key, sample.*(m_setup.series[i].value)));
}

void LiveChart::dropOldest()
{
    const int more = m_graphs.first()->data()->size() - static_cast<int>(History::kKept);
    for (QCPGraph *graph : std::as_const(m_graphs)) {
        if (more > 0)
            graph->data()->removeBefore(graph->data()->at(more)->key);
    }
}

void LiveChart::clear()
{
    for (QCPGraph *graph : std::as_const(m_graphs))
        graph->data()->clear();
    m_taken = 0;
    m_lastKey = 0;
}

void LiveChart::setRange(qint64 from, qint64 to)
{
    m_plot->xAxis->setRange(keyOf(from), keyOf(to));
}

double LiveChart::largestShown() const
{
    double largest = std::numeric_limits<double>::quiet_NaN();
    const QCPRange range = m_plot->xAxis->range();
    for (const QCPGraph *graph : m_graphs) {
        const auto end = graph->data()->findEnd(range.upper);
        for (auto point = graph->data()->findBegin(range.lower); point != end; ++point)
            largest = std::fmax(largest, point->value); // passes over NaN
    }
    return largest;
}

void LiveChart::redraw()
{
    const double largest = largestShown();
    m_empty->setVisible(std::isnan(largest));
    m_plot->yAxis->setRange(0, valueCeiling(largest, m_setup.unit, kValueTicks));
    const int label = QFontMetrics(font()).horizontalAdvance(u"00:00:00"_s);
    m_plot->xAxis->ticker()->setTickCount(std::max(m_plot->width() / (label * 2), 1));
    showLatest();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void LiveChart::showLatest()
{
    QList<ChartHeader::Entry> entries;
    QStringList spoken;
    for (qsizetype i = 0; i < m_graphs.size(); ++i) {
        const auto points = m_graphs[i]->data();
        const double value = points->isEmpty() ? std::numeric_limits<double>::quiet_NaN()
                                               : (points->constEnd() - 1)->value;
        entries << ChartHeader::Entry{ m_setup.series[i].name, valueText(value, m_setup.unit),
                                       m_graphs[i]->pen() };
        spoken << named(m_setup.series[i], value);
    }
    m_header->setEntries(entries);
    setAccessibleDescription(tr("Now: %1").arg(spoken.join(tr(", "))));
}

double LiveChart::valueOf(qsizetype series, double key) const
{
    const auto points = m_graphs[series]->data();
    const auto point = points->findBegin(key, false);
    return point == points->constEnd() || point->key != key
        ? std::numeric_limits<double>::quiet_NaN()
        : point->value;
}

QString LiveChart::named(const Series &series, double value) const
{
    const QString text = std::isnan(value) ? tr("not known") : valueText(value, m_setup.unit);
    return series.name.isEmpty() ? text : tr("%1 %2").arg(series.name, text);
}

double LiveChart::nearestKey(double key) const
{
    const auto points = m_graphs.first()->data();
    const auto after = points->findBegin(key, false);
    double nearest = key;
    double distance = kNearSeconds;
    const auto consider = [&](const QCPGraphData &point) {
        if (std::abs(point.key - key) < distance) {
            distance = std::abs(point.key - key);
            nearest = point.key;
        }
    };
    if (after != points->constEnd())
        consider(*after);
    if (after != points->constBegin())
        consider(*(after - 1));
    return nearest;
}

void LiveChart::setCursor(std::optional<qint64> at)
{
    if (!at) {
        m_cursor->setReading(std::nullopt);
        return;
    }
    ChartCursor::Reading reading{ .key = nearestKey(keyOf(*at)), .time = {}, .values = {} };
    const auto ms = static_cast<qint64>(std::round(reading.key * 1'000));
    reading.time = QDateTime::fromMSecsSinceEpoch(ms).time().toString(u"HH:mm:ss"_s);
    for (qsizetype i = 0; i < m_graphs.size(); ++i)
        reading.values << named(m_setup.series[i], valueOf(i, reading.key));
    m_cursor->setReading(reading);
}

QStringList LiveChart::cursorText() const
{
    const std::optional<ChartCursor::Reading> &reading = m_cursor->reading();
    return reading ? QStringList{ reading->time } + reading->values : QStringList();
}

void LiveChart::moveCursor(int samples)
{
    const QCPRange range = m_plot->xAxis->range();
    const double from = m_cursor->reading() ? m_cursor->reading()->key : m_lastKey;
    const double key = std::clamp(from + samples * kSampleSeconds, range.lower, range.upper);
    Q_EMIT cursorWanted(static_cast<qint64>(std::round(key * 1'000)));
}

void LiveChart::keyPressEvent(QKeyEvent *event)
{
    const int samples = event->modifiers().testFlag(Qt::ShiftModifier) ? kFarSamples : 1;
    switch (event->key()) {
    case Qt::Key_Left:
        moveCursor(-samples);
        return;
    case Qt::Key_Right:
        moveCursor(samples);
        return;
    case Qt::Key_Escape:
        if (m_cursor->reading()) {
            Q_EMIT cursorLeft();
            return;
        }
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void LiveChart::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    m_header->update(); // shows the focus
}

void LiveChart::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    m_header->update();
}

bool LiveChart::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Leave)
        Q_EMIT cursorLeft();
    return QWidget::eventFilter(watched, event);
}

} // namespace quiesce
