// SPDX-License-Identifier: GPL-3.0-only
// A report's phases, slowest and hooks as rows of a chart.
#include "console/view/reports/phaserows.h"

#include "common/printable.h"
#include "console/model/reports/reporttext.h"

#include <QCoreApplication>
#include <algorithm>
#include <optional>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Kind = PhaseRow::Kind;
using Mark = PhaseRow::Mark;

namespace {

struct PhaseRows
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::PhaseRows)
};

Mark markOf(const QString &end)
{
    if (end == "cancelled"_L1 || end == "timed-out"_L1)
        return Mark::Cut;
    if (end == "aborted"_L1 || end == "failed"_L1)
        return Mark::Broken;
    return end == "skipped"_L1 ? Mark::Undone : Mark::Plain;
}

/// The last of that name; none: the last of all.
qsizetype phaseNamed(const QList<PhaseRow> &phases, const QString &name)
{
    for (qsizetype i = phases.size() - 1; i >= 0; --i) {
        if (phases[i].label == name)
            return i;
    }
    return phases.size() - 1;
}

QList<PhaseRow> phasesOf(const StopReport &report)
{
    QList<PhaseRow> rows;
    milliseconds begin{ 0 };
    for (const StopReport::Phase &phase : report.phases) {
        const milliseconds end = begin + phase.duration;
        rows.append({ .kind = Kind::Phase,
                      .label = phaseName(phase.name),
                      .note = spanText(phase.duration),
                      .begin = begin,
                      .end = end,
                      .phase = rows.size(),
                      .isPlaced = true,
                      .mark = Mark::Plain });
        begin = end;
    }
    return rows;
}

PhaseRow heading(const QString &label)
{
    PhaseRow row;
    row.kind = Kind::Heading;
    row.label = label;
    return row;
}

/// Where a moment lies in the report: the phases' lengths are of a clock that nobody sets, so only
/// the time since its phase began is taken from the wall.
struct Place
{
    qsizetype phase = 0;
    milliseconds at{ 0 };
};

std::optional<Place> placeOf(const QDateTime &moment, const StopReport &report)
{
    if (!moment.isValid())
        return std::nullopt;
    std::optional<Place> place;
    milliseconds begin{ 0 };
    for (qsizetype i = 0; i < report.phases.size(); ++i) {
        const StopReport::Phase &phase = report.phases[i];
        // The end of a phase is its own and not the next one's.
        if (phase.startedAt.isValid() && (!place || phase.startedAt < moment)) {
            const milliseconds since(phase.startedAt.msecsTo(moment));
            place = { .phase = i, .at = begin + std::clamp(since, 0ms, phase.duration) };
        }
        begin += phase.duration;
    }
    return place;
}

PhaseRow rowOf(const StopReport::Slow &slow, const std::optional<Place> &end)
{
    PhaseRow row;
    row.kind = Kind::Slow;
    row.label = printable(slow.label.isEmpty() ? slow.id : slow.label);
    row.note = PhaseRows::tr("%1, %2").arg(spanText(slow.age), endName(slow));
    row.mark = markOf(slow.outcome);
    row.isPlaced = end.has_value();
    if (end) {
        row.begin = end->at - slow.age;
        row.end = end->at;
        row.phase = end->phase;
    }
    return row;
}

PhaseRow rowOf(const StopReport::Hook &hook, const PhaseRow &stopping, milliseconds begin)
{
    return { .kind = Kind::Hook,
             .label = printable(hook.name),
             .note = PhaseRows::tr("%1, %2").arg(spanText(hook.duration), endName(hook.result)),
             .begin = std::min(begin, stopping.end),
             .end = std::min(begin + hook.duration, stopping.end),
             .phase = stopping.phase,
             .isPlaced = true,
             .mark = markOf(hook.result) };
}

QList<PhaseRow> slowRows(const StopReport &report)
{
    QList<PhaseRow> rows;
    bool areAllPlaced = true;
    for (const StopReport::Slow &slow : report.slowest.mid(0, StopReport::kSlowestKept)) {
        rows << rowOf(slow, placeOf(slow.endedAt, report));
        areAllPlaced = areAllPlaced && rows.back().isPlaced;
    }
    if (!rows.isEmpty())
        rows.prepend(heading(
            areAllPlaced
                ? PhaseRows::tr("Last to finish")
                : PhaseRows::tr("Last to finish (without a bar: the report does not say when)")));
    return rows;
}

} // namespace

QList<PhaseRow> phaseRows(const StopReport &report)
{
    QList<PhaseRow> rows = phasesOf(report);
    if (rows.isEmpty())
        return rows;
    const PhaseRow stopping = rows[phaseNamed(rows, phaseName(LifecycleState::Stopping))];
    rows << slowRows(report);
    if (!report.hooks.isEmpty())
        rows << heading(PhaseRows::tr("Hooks"));
    milliseconds begin = stopping.begin;
    for (const StopReport::Hook &hook : report.hooks.mid(0, kMaxHookRows)) {
        rows << rowOf(hook, stopping, begin);
        begin += hook.duration;
    }
    if (const qsizetype more = report.hooks.size() - kMaxHookRows; more > 0)
        rows << heading(PhaseRows::tr("and %n more", nullptr, static_cast<int>(more)));
    return rows;
}

} // namespace quiesce
