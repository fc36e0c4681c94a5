// SPDX-License-Identifier: GPL-3.0-only
// ActionPolicy: see the header.
#include "console/model/acting/actionpolicy.h"

namespace quiesce {

namespace {

bool isLive(Condition condition)
{
    return condition >= Condition::Starting && condition <= Condition::Stopping;
}

bool hasGone(Condition condition)
{
    return condition >= Condition::StoppedClean && condition <= Condition::Crashed;
}

} // namespace

Standing Standing::of(const Instance &instance, std::optional<Verb> pending)
{
    const StopView *stop = instance.stop();
    const LifecycleState state = instance.lifecycleState().value_or(LifecycleState::Starting);
    LinkStatus live;
    live.state = LinkState::Live;
    const bool isDraining = state == LifecycleState::Draining;
    return {
        .condition = instance.condition(),
        .lastKnown =
            instance.snapshot() ? conditionOf(live, state, stop != nullptr) : Condition::Connecting,
        .hasStop = stop != nullptr,
        .isPastDeadline = isDraining && stop && stop->remaining <= std::chrono::milliseconds(0),
        .isReadOnly = instance.spec().isReadOnly,
        .role = instance.role(),
        .linkReason = instance.link().reason,
        .pending = pending,
    };
}

Permission ActionPolicy::judge(const Standing &standing, Verb verb)
{
    return { refusalOf(standing, verb) };
}

QString ActionPolicy::refusalOf(const Standing &standing, Verb verb)
{
    if (standing.isReadOnly)
        return tr("Marked read-only in this console.");
    if (const QString refusal = refusalOfLink(standing); !refusal.isEmpty())
        return refusal;
    if (standing.role == Role::Reader)
        return tr("This token may only read.");
    if (standing.pending && isOfLifecycle(verb))
        return tr("A command is under way: %1.").arg(verbText(*standing.pending));
    return refusalOfState(standing, verb);
}

QString ActionPolicy::refusalOfLink(const Standing &standing)
{
    if (hasGone(standing.condition))
        return tr("It runs no more: %1.").arg(conditionText(standing.condition));
    const bool mayBeAsked = isLive(standing.condition)
        || (standing.condition == Condition::Stale && isLive(standing.lastKnown));
    if (mayBeAsked)
        return {};
    if (standing.linkReason.isEmpty())
        return tr("Not connected: %1.").arg(conditionText(standing.condition));
    return tr("Not connected: %1 (%2).")
        .arg(conditionText(standing.condition), standing.linkReason);
}

QString ActionPolicy::refusalOfState(const Standing &standing, Verb verb)
{
    Standing known = standing;
    if (known.condition == Condition::Stale)
        known.condition = known.lastKnown;
    switch (verb) {
    case Verb::Quiesce:
        return refusalOfQuiesce(known);
    case Verb::Resume:
        return refusalOfResume(known);
    case Verb::Stop:
        return refusalOfStop(known);
    case Verb::Extend:
        return refusalOfExtend(known);
    case Verb::Force:
        return {};
    case Verb::CancelRequest:
    case Verb::CancelJob:
        break;
    }
    return known.condition == Condition::Stopping ? tr("Nothing is in flight any more.")
                                                  : QString();
}

QString ActionPolicy::refusalOfQuiesce(const Standing &standing)
{
    if (standing.condition == Condition::Quiesced)
        return tr("It is quiesced already.");
    if (standing.condition > Condition::LameDuck)
        return pastNoReturn(standing.condition);
    if (standing.hasStop)
        return tr("A stop is under way already.");
    return standing.condition == Condition::Starting ? tr("It is still starting.") : QString();
}

QString ActionPolicy::refusalOfResume(const Standing &standing)
{
    if (standing.condition == Condition::Serving)
        return tr("It is serving already.");
    if (standing.condition == Condition::Starting)
        return tr("It is still starting.");
    if (standing.condition > Condition::LameDuck)
        return pastNoReturn(standing.condition);
    return {};
}

QString ActionPolicy::refusalOfStop(const Standing &standing)
{
    const bool isUnderWay = standing.hasStop || standing.condition >= Condition::LameDuck;
    return isUnderWay ? tr("A stop is under way already.") : QString();
}

QString ActionPolicy::refusalOfExtend(const Standing &standing)
{
    if (standing.condition == Condition::Stopping)
        return tr("Nothing is waited for any more: it is stopping.");
    if (standing.isPastDeadline)
        return tr("The deadline has passed: what is left is being cancelled.");
    const bool isUnderWay = standing.hasStop || standing.condition >= Condition::LameDuck;
    return isUnderWay ? QString() : tr("No stop is under way.");
}

QString ActionPolicy::pastNoReturn(Condition condition)
{
    return condition == Condition::Draining ? tr("Past the point of no return: it is draining.")
                                            : tr("Past the point of no return: it is stopping.");
}

ActionPolicy::Division ActionPolicy::divide(const QList<Instance *> &selection,
                                            const PermissionOf &permissionOf)
{
    Division division;
    for (Instance *instance : selection) {
        const Permission permission = permissionOf(*instance);
        if (permission.isGranted())
            division.granted.append(instance);
        else
            division.refused.append({ instance, permission.refusal });
    }
    return division;
}

bool ActionPolicy::isOfLifecycle(Verb verb)
{
    return verb != Verb::CancelRequest && verb != Verb::CancelJob;
}

bool ActionPolicy::isGrave(Verb verb)
{
    return verb != Verb::Resume && verb != Verb::Extend;
}

QString ActionPolicy::verbText(Verb verb)
{
    switch (verb) {
    case Verb::Quiesce:
        return tr("Quiesce");
    case Verb::Resume:
        return tr("Resume");
    case Verb::Stop:
        return tr("Drain and stop");
    case Verb::Extend:
        return tr("Extend");
    case Verb::Force:
        return tr("Force");
    case Verb::CancelRequest:
        return tr("Cancel the request");
    case Verb::CancelJob:
        return tr("Cancel the job");
    }
    return {};
}

} // namespace quiesce
