// SPDX-License-Identifier: GPL-3.0-only
// PhaseChart: its measures and what it says.
#include "console/view/reports/phasechart.h"

#include "console/model/reports/reporttext.h"
#include "console/view/charts/imageactions.h"

#include <QHelpEvent>
#include <QToolTip>
#include <algorithm>
#include <numeric>

namespace quiesce {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr int kLabelShare = 4; ///< of the width, that labels take, but at least
constexpr int kLabelEms = 26;
constexpr int kNoteEms = 26; ///< that times and ends take
constexpr int kMostShare = 3; ///< of the width, that each of the two may take at most
constexpr int kPlotEms = 30; ///< that bars need at least

} // namespace

PhaseChart::PhaseChart(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("The stop over time"));
    addImageActions(*this, tr("stop"));
}

void PhaseChart::setReport(const StopReport &report, milliseconds span)
{
    StopReport shown = report;
    shown.phases = report.phases.mid(0, kMaxPhases);
    m_rows = phaseRows(shown);
    m_durations.clear();
    for (const StopReport::Phase &phase : std::as_const(shown.phases))
        m_durations << phase.duration;
    m_span = std::max(span, total());
    QStringList spoken;
    for (const PhaseRow &row : std::as_const(m_rows))
        spoken << (row.note.isEmpty() ? row.label : tr("%1: %2").arg(row.label, row.note));
    setAccessibleDescription(spoken.join(tr("; ")));
    updateGeometry();
    update();
}

milliseconds PhaseChart::total() const
{
    return std::accumulate(m_durations.begin(), m_durations.end(), 0ms);
}

int PhaseChart::rowHeight() const
{
    return fontMetrics().height() * 5 / 4;
}

/// Not by what the labels need: two charts of one width are to have one scale.
int PhaseChart::labelWidth() const
{
    const int least = kLabelEms * fontMetrics().averageCharWidth();
    return std::min(std::max(width() / kLabelShare, least), width() / kMostShare);
}

int PhaseChart::noteWidth() const
{
    return std::min(kNoteEms * fontMetrics().averageCharWidth(), width() / kMostShare);
}

QRect PhaseChart::plotRect() const
{
    const int left = labelWidth();
    return { left, 0, std::max(width() - left - noteWidth(), 1),
             static_cast<int>(m_rows.size()) * rowHeight() };
}

QRect PhaseChart::rowRect(qsizetype row) const
{
    return { 0, static_cast<int>(row) * rowHeight(), width(), rowHeight() };
}

QSize PhaseChart::sizeHint() const
{
    const int rows = std::max(static_cast<int>(m_rows.size()), 1);
    return { 2 * kPlotEms * fontMetrics().averageCharWidth(),
             rows * rowHeight() + fontMetrics().height() * 3 / 2 };
}

QSize PhaseChart::minimumSizeHint() const
{
    return { kPlotEms * fontMetrics().averageCharWidth(), sizeHint().height() };
}

QList<Segment> PhaseChart::segments() const
{
    const QRect plot = plotRect();
    QList<Segment> phases =
        phaseSegments(m_durations, m_span, plot.width(), fontMetrics().averageCharWidth() / 2.0);
    for (Segment &phase : phases)
        phase.x += plot.left();
    return phases;
}

/// Along the segments, so that axis and bars agree also where a short phase was widened.
double PhaseChart::xOf(milliseconds at, const QList<Segment> &phases) const
{
    const QRect plot = plotRect();
    milliseconds begin{ 0 };
    for (qsizetype i = 0; i < phases.size(); ++i) {
        const milliseconds duration = m_durations[i];
        if (at <= begin + duration && duration > 0ms) {
            const double part = static_cast<double>(std::max(at - begin, 0ms).count())
                / static_cast<double>(duration.count());
            return phases[i].x + part * phases[i].width;
        }
        begin += duration;
    }
    const double left = phases.isEmpty() ? plot.left() : phases.back().end();
    const milliseconds rest = m_span - begin;
    if (rest <= 0ms)
        return left;
    const double part =
        static_cast<double>((at - begin).count()) / static_cast<double>(rest.count());
    return left + part * (plot.left() + plot.width() - left);
}

QRectF PhaseChart::barOf(qsizetype index, const QList<Segment> &phases) const
{
    const PhaseRow &row = m_rows[index];
    const QRectF line = rowRect(index);
    const double least = fontMetrics().averageCharWidth() / 2.0;
    const double share = row.kind == PhaseRow::Kind::Phase ? 0.7 : 0.45;
    const Segment &phase = phases[row.phase];
    double left = phase.x;
    double right = phase.end();
    // A hook's phase may be too short to tell its hooks apart.
    const bool isPart = row.kind == PhaseRow::Kind::Hook && phase.width > least;
    if (isPart || row.kind == PhaseRow::Kind::Slow) {
        const double earliest = row.kind == PhaseRow::Kind::Hook ? phase.x : plotRect().left();
        left = std::max(xOf(row.begin, phases), earliest);
        right = std::clamp(xOf(row.end, phases), phase.x, phase.end());
        right = std::min(std::max(right, left + least), phase.end());
        left = std::min(left, right - least);
    }
    const double height = line.height() * share;
    return { left, line.center().y() - height / 2, right - left, height };
}

QString PhaseChart::toolTipAt(const QPoint &position) const
{
    const qsizetype row = position.y() / std::max(rowHeight(), 1);
    if (position.y() < 0 || row >= m_rows.size() || m_rows[row].note.isEmpty())
        return {};
    const PhaseRow &hit = m_rows[row];
    const QString text = tr("%1: %2").arg(hit.label, hit.note);
    if (!hit.isPlaced)
        return tr("%1. The report does not say when it ended.").arg(text);
    if (hit.begin < 0ms)
        return tr("%1. It began %2 before the stop.").arg(text, spanText(-hit.begin));
    return text;
}

bool PhaseChart::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QString text = toolTipAt(help->pos());
    if (text.isEmpty())
        QToolTip::hideText();
    else // as plain text, whatever a label has in it
        QToolTip::showText(help->globalPos(), text.toHtmlEscaped(), this);
    return true;
}

void PhaseChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
    update();
}

} // namespace quiesce
