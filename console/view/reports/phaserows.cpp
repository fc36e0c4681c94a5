// SPDX-License-Identifier: GPL-3.0-only
// A report's phases, slowest and hooks as rows of a chart.
#include "console/view/reports/phaserows.h"

#include "common/printable.h"
#include "console/model/reports/reporttext.h"

#include <QCoreApplication>
#include <algorithm>

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

PhaseRow rowOf(const StopReport::Slow &slow, const PhaseRow &drain)
{
    return { .kind = Kind::Slow,
             .label = printable(slow.label.isEmpty() ? slow.id : slow.label),
             .note = PhaseRows::tr("%1, %2").arg(spanText(slow.age), endName(slow.outcome)),
             .begin = drain.end - slow.age,
             .end = drain.end,
             .phase = drain.phase,
             .mark = markOf(slow.outcome) };
}

PhaseRow rowOf(const StopReport::Hook &hook, const PhaseRow &stopping, milliseconds begin)
{
    return { .kind = Kind::Hook,
             .label = printable(hook.name),
             .note = PhaseRows::tr("%1, %2").arg(spanText(hook.duration), endName(hook.result)),
             .begin = std::min(begin, stopping.end),
             .end = std::min(begin + hook.duration, stopping.end),
             .phase = stopping.phase,
             .mark = markOf(hook.result) };
}

} // namespace

QList<PhaseRow> phaseRows(const StopReport &report)
{
    QList<PhaseRow> rows = phasesOf(report);
    if (rows.isEmpty())
        return rows;
    const PhaseRow drain = rows[phaseNamed(rows, phaseName(LifecycleState::Draining))];
    const PhaseRow stopping = rows[phaseNamed(rows, phaseName(LifecycleState::Stopping))];
    if (!report.slowest.isEmpty())
        rows << heading(PhaseRows::tr("Last to finish"));
    for (const StopReport::Slow &slow : report.slowest.mid(0, StopReport::kSlowestKept))
        rows << rowOf(slow, drain);
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
