// SPDX-License-Identifier: GPL-3.0-only
// FleetGroup: see the header.
#include "console/model/fleet/fleetgroup.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace quiesce {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::FleetGroup)
};

QString countText(FleetGroup group, int n)
{
    switch (group) {
    case FleetGroup::Serving:
        return Text::tr("%n serving", nullptr, n);
    case FleetGroup::Stopping:
        return Text::tr("%n stopping", nullptr, n);
    case FleetGroup::Stopped:
        return Text::tr("%n stopped", nullptr, n);
    case FleetGroup::Trouble:
        return Text::tr("%n in trouble", nullptr, n);
    }
    return {};
}

size_t placeOf(FleetGroup group)
{
    size_t place = 0;
    while (kFleetGroups[place] != group)
        ++place;
    return place;
}

} // namespace

FleetGroups groupsOf(Condition condition)
{
    switch (condition) {
    case Condition::Connecting:
    case Condition::Starting:
        return {};
    case Condition::Serving:
        return FleetGroup::Serving;
    case Condition::Quiesced:
    case Condition::LameDuck:
    case Condition::Draining:
    case Condition::Stopping:
        return FleetGroup::Stopping;
    case Condition::StoppedClean:
        return FleetGroup::Stopped;
    case Condition::StoppedIncomplete:
    case Condition::StoppedForced:
    case Condition::StoppedFailed:
        return FleetGroup::Stopped | FleetGroup::Trouble;
    case Condition::Crashed:
    case Condition::Stale:
    case Condition::Unreachable:
    case Condition::NotAuthorised:
    case Condition::NeedsToken:
    case Condition::Incompatible:
        return FleetGroup::Trouble;
    }
    return {};
}

QString groupText(FleetGroup group)
{
    switch (group) {
    case FleetGroup::Serving:
        return Text::tr("Serving");
    case FleetGroup::Stopping:
        return Text::tr("Stopping");
    case FleetGroup::Stopped:
        return Text::tr("Stopped");
    case FleetGroup::Trouble:
        return Text::tr("Trouble");
    }
    return {};
}

Tone toneOf(FleetGroup group)
{
    switch (group) {
    case FleetGroup::Serving:
        return Tone::Good;
    case FleetGroup::Stopping:
        return Tone::Busy;
    case FleetGroup::Stopped:
        return Tone::Neutral;
    case FleetGroup::Trouble:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

int FleetSummary::of(FleetGroup group) const
{
    return byGroup[placeOf(group)];
}

void FleetSummary::add(Condition condition)
{
    ++total;
    worst = std::max(worst, toneOf(condition));
    const FleetGroups groups = groupsOf(condition);
    for (size_t i = 0; i < kFleetGroups.size(); ++i)
        byGroup[i] += groups.testFlag(kFleetGroups[i]) ? 1 : 0;
}

QString summaryText(const FleetSummary &summary)
{
    QStringList counts;
    for (const FleetGroup group : kFleetGroups) {
        if (const int n = summary.of(group); n > 0)
            counts.append(countText(group, n));
    }
    const QString services = summary.total == 1 ? Text::tr("1 service")
                                                : Text::tr("%n services", nullptr, summary.total);
    if (counts.isEmpty())
        return services;
    const QString separator = Text::tr(", ");
    return Text::tr("%1: %2").arg(services, counts.join(separator));
}

} // namespace quiesce
