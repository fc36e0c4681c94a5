// SPDX-License-Identifier: GPL-3.0-only
// FleetGroup: see the header.
#include "console/model/fleet/fleetgroup.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace quiesce {

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("quiesce::FleetGroup", text, nullptr, n);
}

QString countText(FleetGroup group, int n)
{
    switch (group) {
    case FleetGroup::Serving:
        return tr(QT_TRANSLATE_N_NOOP("quiesce::FleetGroup", "%n serving"), n);
    case FleetGroup::Stopping:
        return tr(QT_TRANSLATE_N_NOOP("quiesce::FleetGroup", "%n stopping"), n);
    case FleetGroup::Stopped:
        return tr(QT_TRANSLATE_N_NOOP("quiesce::FleetGroup", "%n stopped"), n);
    case FleetGroup::Trouble:
        return tr(QT_TRANSLATE_N_NOOP("quiesce::FleetGroup", "%n in trouble"), n);
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
        return tr(QT_TRANSLATE_NOOP("quiesce::FleetGroup", "Serving"));
    case FleetGroup::Stopping:
        return tr(QT_TRANSLATE_NOOP("quiesce::FleetGroup", "Stopping"));
    case FleetGroup::Stopped:
        return tr(QT_TRANSLATE_NOOP("quiesce::FleetGroup", "Stopped"));
    case FleetGroup::Trouble:
        return tr(QT_TRANSLATE_NOOP("quiesce::FleetGroup", "Trouble"));
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
    const QString services = summary.total == 1
        ? tr(QT_TRANSLATE_NOOP("quiesce::FleetGroup", "1 service"))
        : tr(QT_TRANSLATE_N_NOOP("quiesce::FleetGroup", "%n services"), summary.total);
    if (counts.isEmpty())
        return services;
    const QString separator = tr(QT_TRANSLATE_NOOP("quiesce::FleetGroup", ", "));
    return tr(QT_TRANSLATE_NOOP("quiesce::FleetGroup", "%1: %2"))
        .arg(services, counts.join(separator));
}

} // namespace quiesce
