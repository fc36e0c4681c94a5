// SPDX-License-Identifier: GPL-3.0-only
// ChartsPanel: see the header.
#include "console/view/charts/chartspanel.h"

#include "console/model/reports/reporttext.h"

#include <QButtonGroup>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

namespace quiesce {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

constexpr std::array kWindows{ 1min, 5min, 15min, 60min };
constexpr int kWideEms = 130; ///< from this width on, two charts stand beside each other
/// Of the window, that a deadline ahead may take at the right.
constexpr int kAheadShare = 3;
/// Of the window, that is left free right of such a deadline.
constexpr int kMarginShare = 60;

QString windowText(minutes window)
{
    switch (window.count()) {
    case 1:
        return ChartsPanel::tr("&1 min");
    case 5:
        return ChartsPanel::tr("&5 min");
    case 15:
        return ChartsPanel::tr("15 mi&n");
    default:
        return ChartsPanel::tr("&60 min");
    }
}

} // namespace

ChartsPanel::ChartsPanel(QWidget *parent)
    : QWidget(parent)
    , m_windows(new QButtonGroup(this))
    , m_scroll(new QScrollArea(this))
    , m_body(new QWidget)
    , m_grid(new QGridLayout(m_body))
{
    m_scroll->setWidget(m_body);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_grid->setContentsMargins(0, 0, 0, 0);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeWindowChoice());
    layout->addWidget(m_scroll, 1);
    addCharts();
    m_redraw.setSingleShot(true);
    connect(&m_redraw, &QTimer::timeout, this, &ChartsPanel::redraw);
    setWindow(m_window);
    arrange();
}

QWidget *ChartsPanel::makeWindowChoice()
{
    auto *row = new QWidget(this);
    row->setAccessibleName(tr("Time shown"));
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new QLabel(tr("Time shown:"), row));
    for (const minutes window : kWindows) {
        auto *button = new QRadioButton(windowText(window), row);
        m_windows->addButton(button, static_cast<int>(window.count()));
        layout->addWidget(button);
    }
    layout->addStretch(1);
    connect(m_windows, &QButtonGroup::idClicked, this,
            [this](int id) { chooseWindow(minutes(id)); });
    return row;
}

void ChartsPanel::addCharts()
{
    const QString nothing = tr("Nothing is known of this time");
    addChart({ .title = tr("Requests in flight"),
               .emptyText = nothing,
               .unit = ValueUnit::Count,
               .series = { { {}, &Sample::inFlight } } });
    addChart({ .title = tr("Requests a second"),
               .emptyText = nothing,
               .unit = ValueUnit::PerSecond,
               .series = { { {}, &Sample::requestRate } } });
    addChart(
        { .title = tr("Latency"),
          .emptyText = tr("No request was answered in this time"),
          .unit = ValueUnit::Milliseconds,
          .series = { { tr("p50"), &Sample::latencyP50 }, { tr("p99"), &Sample::latencyP99 } } });
    addChart({ .title = tr("Jobs"),
               .emptyText = nothing,
               .unit = ValueUnit::Count,
               .series = { { tr("Running"), &Sample::jobsRunning },
                           { tr("Waiting"), &Sample::jobsWaiting } } });
}

void ChartsPanel::addChart(LiveChart::Setup setup)
{
    auto *chart = new LiveChart(std::move(setup), m_body);
    connect(chart, &LiveChart::cursorWanted, this, &ChartsPanel::showCursor);
    connect(chart, &LiveChart::cursorLeft, this, [this] { showCursor(std::nullopt); });
    m_charts << chart;
}

void ChartsPanel::arrange()
{
    const int em = std::max(fontMetrics().averageCharWidth(), 1);
    const int columns = width() >= kWideEms * em ? 2 : 1;
    if (columns == m_columns)
        return;
    m_columns = columns;
    m_scroll->setMinimumHeight(m_charts.first()->minimumSizeHint().height());
    m_grid->setHorizontalSpacing(2 * em);
    m_grid->setVerticalSpacing(fontMetrics().height() / 2);
    for (qsizetype i = 0; i < m_charts.size(); ++i) {
        const int place = static_cast<int>(i);
        m_grid->addWidget(m_charts[i], place / columns, place % columns);
    }
    for (int row = 0; row < m_charts.size(); ++row)
        m_grid->setRowStretch(row, row * columns < m_charts.size() ? 1 : 0);
    m_grid->setColumnStretch(1, columns - 1);
    m_grid->setColumnStretch(0, 1);
}

void ChartsPanel::setInstance(Instance *instance)
{
    if (m_instance)
        disconnect(m_instance, nullptr, this, nullptr);
    m_instance = instance;
    m_states.clear();
    for (LiveChart *chart : std::as_const(m_charts))
        chart->clear();
    showCursor(std::nullopt);
    if (instance) {
        connect(instance, &Instance::sampled, this, &ChartsPanel::redrawSoon);
        connect(instance, &Instance::conditionChanged, this, &ChartsPanel::redrawSoon);
        connect(instance, &Instance::stopChanged, this, &ChartsPanel::redrawSoon);
        connect(instance, &Instance::stateEntered, this, &ChartsPanel::takeState);
        for (const StateEvent &event : instance->transitions())
            takeState(event);
    }
    redrawSoon();
}

void ChartsPanel::setWindow(minutes window)
{
    const auto *found = std::lower_bound(kWindows.begin(), kWindows.end(), window);
    m_window = found == kWindows.end() ? kWindows.back() : *found;
    m_windows->button(static_cast<int>(m_window.count()))->setChecked(true);
    redrawSoon();
}

void ChartsPanel::chooseWindow(minutes window)
{
    setWindow(window);
    Q_EMIT windowChanged(m_window);
}

void ChartsPanel::takeState(const StateEvent &event)
{
    if (!event.at.isValid())
        return;
    m_states.append({ .at = event.at.toMSecsSinceEpoch(),
                      .kind = ChartMarker::Kind::State,
                      .label = phaseName(event.to) });
    if (m_states.size() > kMaxMarkers)
        m_states.removeFirst();
}

QList<ChartMarker> ChartsPanel::markers() const
{
    QList<ChartMarker> all = m_states;
    const StopView *stop = m_instance ? m_instance->stop() : nullptr;
    if (stop && stop->deadlineAt.isValid())
        all.append({ .at = stop->deadlineAt.toMSecsSinceEpoch(),
                     .kind = ChartMarker::Kind::Deadline,
                     .label = tr("Deadline") });
    std::stable_sort(all.begin(), all.end(),
                     [](const ChartMarker &a, const ChartMarker &b) { return a.at < b.at; });
    return all;
}

void ChartsPanel::redrawSoon()
{
    if (!isVisible() || m_redraw.isActive()) // showEvent() makes up for it
        return;
    const milliseconds since =
        m_drawn.isValid() ? milliseconds(m_drawn.elapsed()) : kRedrawInterval;
    m_redraw.start(std::max(kRedrawInterval - since, 0ms));
}

void ChartsPanel::redraw()
{
    m_drawn.start();
    takeHistory();
    const QList<ChartMarker> shown = markers();
    const milliseconds window = m_window;
    qint64 right = m_instance && !m_instance->history().samples().empty()
        ? m_instance->history().samples().back().at
        : QDateTime::currentMSecsSinceEpoch();
    const qint64 farthest = right + window.count() / kAheadShare;
    for (const ChartMarker &marker : shown) { // a deadline that is near comes into view
        if (marker.kind == ChartMarker::Kind::Deadline && marker.at <= farthest)
            right = std::max(right, marker.at + window.count() / kMarginShare);
    }
    for (LiveChart *chart : std::as_const(m_charts)) {
        chart->setRange(right - window.count(), right);
        chart->setMarkers(shown);
        chart->redraw();
    }
}

void ChartsPanel::takeHistory()
{
    if (!m_instance)
        return;
    for (LiveChart *chart : std::as_const(m_charts))
        chart->take(m_instance->history());
}

void ChartsPanel::showCursor(std::optional<qint64> at)
{
    for (LiveChart *chart : std::as_const(m_charts))
        chart->setCursor(at);
}

void ChartsPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    redrawSoon();
}

void ChartsPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
    redrawSoon();
}

void ChartsPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_columns = 0;
        arrange();
    }
}

} // namespace quiesce
