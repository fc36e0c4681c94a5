// SPDX-License-Identifier: GPL-3.0-only
// FleetCells: see the header; tool tips are in fleettooltips.cpp.
#include "console/model/fleet/fleetcells.h"

#include "console/model/instance/enginetext.h"
#include "console/model/words/wording.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

namespace quiesce {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::FleetCells)
};

/// The stats that may be shown: none of one that has gone, since nobody has them any more.
const Stats *statsOf(const Instance &instance)
{
    const LinkState link = instance.link().state;
    const bool isGone = link == LinkState::Stopped || link == LinkState::Crashed;
    return instance.snapshot() && !isGone ? &instance.snapshot()->stats : nullptr;
}

/// A sign says that what keeps them is failing; the tool tip says how.
QString jobsText(const Stats &stats)
{
    const JobCounts &jobs = stats.jobs;
    const QString counts = Text::tr("%1 / %2").arg(
        QLocale().toString(jobs.of(JobState::Running)),
        QLocale().toString(jobs.of(JobState::Queued) + jobs.of(JobState::Scheduled)));
    return stats.engine && stats.engine->hasFault()
        ? Text::tr("⚠ %1", "running / waiting").arg(counts)
        : counts;
}

QString engineCell(const Stats &stats)
{
    if (!stats.engine)
        return {};
    const QString name = engineText(*stats.engine);
    return stats.engine->hasFault() ? Text::tr("%1: failing", "engine").arg(name) : name;
}

double rateOf(const Instance &instance)
{
    const std::optional<Sample> sample = instance.history().latest();
    return sample && !std::isnan(sample->requestRate) ? double(sample->requestRate) : -1;
}

QString rateText(const Instance &instance)
{
    const double rate = rateOf(instance);
    if (rate < 0)
        return {};
    return QLocale().toString(rate, 'f', rate > 0 && rate < 10 ? 1 : 0);
}

QString remainingText(const Instance &instance, const Stats &stats)
{
    if (instance.stop())
        return Text::tr("%1 left").arg(lengthText(instance.stop()->remaining));
    if (stats.predictedDrain <= std::chrono::milliseconds(0))
        return {};
    return Text::tr("≈ %1").arg(lengthText(stats.predictedDrain));
}

QString readyText(const Instance &instance)
{
    if (instance.link().state != LinkState::Live)
        return {};
    return instance.isReady() ? Text::tr("Yes") : Text::tr("No");
}

QString statsText(const Instance &instance, FleetColumn column)
{
    const Stats *stats = statsOf(instance);
    if (!stats)
        return {};
    switch (column) {
    case FleetColumn::InFlight:
        return QLocale().toString(stats->inFlight);
    case FleetColumn::Jobs:
        return jobsText(*stats);
    case FleetColumn::Engine:
        return engineCell(*stats);
    case FleetColumn::Connections:
        return QLocale().toString(stats->connectionsOpen);
    case FleetColumn::Rate:
        return rateText(instance);
    case FleetColumn::Remaining:
        return remainingText(instance, *stats);
    case FleetColumn::Uptime:
        return lengthText(std::chrono::floor<std::chrono::seconds>(stats->uptime));
    default:
        return {};
    }
}

QString lastEventText(const FleetRow &row)
{
    if (!row.last.at.isValid())
        return row.last.text;
    return Text::tr("%1 · %2").arg(ageText(row.last.at, row.now), row.last.text);
}

/// Less is sooner over; what is not stopping comes last.
qint64 remainingKey(const Instance &instance, const Stats &stats)
{
    constexpr qint64 kNotStopping = qint64{ 1 } << 50;
    return instance.stop() ? qint64{ instance.stop()->remaining.count() }
                           : kNotStopping + stats.predictedDrain.count();
}

/// Unknown numbers are below all.
qint64 statsKey(const Instance &instance, FleetColumn column)
{
    const Stats *stats = statsOf(instance);
    if (!stats)
        return -1;
    switch (column) {
    case FleetColumn::Jobs:
        return stats->jobs.of(JobState::Running);
    case FleetColumn::Connections:
        return stats->connectionsOpen;
    case FleetColumn::Remaining:
        return remainingKey(instance, *stats);
    case FleetColumn::Uptime:
        return stats->uptime.count();
    default:
        return stats->inFlight;
    }
}

/// The most urgent first, of those in the order of the conditions.
int urgency(Condition condition)
{
    constexpr int kConditions = int(Condition::Incompatible) + 1;
    return (int(Tone::Bad) - int(toneOf(condition))) * kConditions + int(condition);
}

} // namespace

QString fleetHeader(FleetColumn column)
{
    switch (column) {
    case FleetColumn::State:
        return Text::tr("State");
    case FleetColumn::Name:
        return Text::tr("Name");
    case FleetColumn::Environment:
        return Text::tr("Environment");
    case FleetColumn::Ready:
        return Text::tr("Ready");
    case FleetColumn::InFlight:
        return Text::tr("In flight");
    case FleetColumn::Trend:
        return Text::tr("Last minute");
    case FleetColumn::Jobs:
        return Text::tr("Jobs");
    case FleetColumn::Engine:
        return Text::tr("Job engine");
    case FleetColumn::Connections:
        return Text::tr("Connections");
    case FleetColumn::Rate:
        return Text::tr("Req/s");
    case FleetColumn::Remaining:
        return Text::tr("Drain");
    case FleetColumn::Uptime:
        return Text::tr("Uptime");
    case FleetColumn::Version:
        return Text::tr("Version");
    case FleetColumn::LastEvent:
        return Text::tr("Last event");
    case FleetColumn::Address:
        return Text::tr("Address");
    }
    return {};
}

QString fleetText(const FleetRow &row, FleetColumn column)
{
    const Instance &instance = row.instance;
    switch (column) {
    case FleetColumn::State:
        return conditionText(instance.condition());
    case FleetColumn::Name:
        return instance.displayName();
    case FleetColumn::Environment:
        return environmentName(instance.spec().environment);
    case FleetColumn::Ready:
        return readyText(instance);
    case FleetColumn::Version:
        return instance.snapshot() ? instance.snapshot()->version : QString();
    case FleetColumn::LastEvent:
        return lastEventText(row);
    case FleetColumn::Address:
        return instance.spec().adminUrl.authority();
    default:
        return statsText(instance, column);
    }
}

QVariant fleetSortKey(const FleetRow &row, FleetColumn column)
{
    switch (column) {
    case FleetColumn::State:
        return urgency(row.instance.condition());
    case FleetColumn::Environment:
        return -int(row.instance.spec().environment); // production first
    case FleetColumn::Name:
    case FleetColumn::Ready:
    case FleetColumn::Engine:
    case FleetColumn::Version:
    case FleetColumn::Address:
        return fleetText(row, column);
    case FleetColumn::Rate:
        return rateOf(row.instance);
    case FleetColumn::LastEvent:
        return -row.last.at.toMSecsSinceEpoch(); // the newest first
    default:
        return statsKey(row.instance, column);
    }
}

bool isNumber(FleetColumn column)
{
    switch (column) {
    case FleetColumn::InFlight:
    case FleetColumn::Jobs:
    case FleetColumn::Connections:
    case FleetColumn::Rate:
    case FleetColumn::Remaining:
    case FleetColumn::Uptime:
        return true;
    default:
        return false;
    }
}

} // namespace quiesce
