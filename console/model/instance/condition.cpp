// SPDX-License-Identifier: GPL-3.0-only
// Condition: see the header.
#include "console/model/instance/condition.h"

#include <QCoreApplication>

namespace quiesce {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::Condition)
};

Condition ofLifecycle(LifecycleState state, bool hasStop)
{
    switch (state) {
    case LifecycleState::Starting:
        return Condition::Starting;
    case LifecycleState::Serving:
        return Condition::Serving;
    case LifecycleState::LameDuck:
        return hasStop ? Condition::LameDuck : Condition::Quiesced;
    case LifecycleState::Draining:
        return Condition::Draining;
    case LifecycleState::Stopping:
    case LifecycleState::Stopped:
        return Condition::Stopping;
    }
    return Condition::Connecting;
}

Condition ofOutcome(const std::optional<StopOutcome> &outcome)
{
    switch (outcome.value_or(StopOutcome::Failed)) {
    case StopOutcome::Clean:
        return Condition::StoppedClean;
    case StopOutcome::Incomplete:
        return Condition::StoppedIncomplete;
    case StopOutcome::Forced:
        return Condition::StoppedForced;
    case StopOutcome::Failed:
        break;
    }
    return Condition::StoppedFailed;
}

} // namespace

Condition conditionOf(const LinkStatus &link, LifecycleState state, bool hasStop)
{
    switch (link.state) {
    case LinkState::Idle:
    case LinkState::Connecting:
        return Condition::Connecting;
    case LinkState::Live:
        return ofLifecycle(state, hasStop);
    case LinkState::Stale:
        return Condition::Stale;
    case LinkState::Unreachable:
        return Condition::Unreachable;
    case LinkState::NotAuthorised:
        return Condition::NotAuthorised;
    case LinkState::NeedsToken:
        return Condition::NeedsToken;
    case LinkState::Incompatible:
        return Condition::Incompatible;
    case LinkState::Stopped:
        return ofOutcome(link.outcome);
    case LinkState::Crashed:
        return Condition::Crashed;
    }
    return Condition::Connecting;
}

Tone toneOf(Condition condition)
{
    switch (condition) {
    case Condition::Connecting:
    case Condition::StoppedClean:
        return Tone::Neutral;
    case Condition::Serving:
        return Tone::Good;
    case Condition::Starting:
    case Condition::LameDuck:
    case Condition::Draining:
    case Condition::Stopping:
        return Tone::Busy;
    case Condition::Quiesced:
    case Condition::StoppedIncomplete:
    case Condition::StoppedForced:
    case Condition::Stale:
    case Condition::NeedsToken:
    case Condition::Incompatible:
        return Tone::Warning;
    case Condition::StoppedFailed:
    case Condition::Crashed:
    case Condition::Unreachable:
    case Condition::NotAuthorised:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

QString conditionText(Condition condition)
{
    switch (condition) {
    case Condition::Connecting:
        return Text::tr("Connecting");
    case Condition::Starting:
        return Text::tr("Starting");
    case Condition::Serving:
        return Text::tr("Serving");
    case Condition::Quiesced:
        return Text::tr("Quiesced");
    case Condition::LameDuck:
        return Text::tr("Lame duck");
    case Condition::Draining:
        return Text::tr("Draining");
    case Condition::Stopping:
        return Text::tr("Stopping");
    case Condition::StoppedClean:
        return Text::tr("Stopped cleanly");
    case Condition::StoppedIncomplete:
        return Text::tr("Stopped, incomplete");
    case Condition::StoppedForced:
        return Text::tr("Forced to stop");
    case Condition::StoppedFailed:
        return Text::tr("Failed");
    case Condition::Crashed:
        return Text::tr("Crashed");
    case Condition::Stale:
        return Text::tr("Stale");
    case Condition::Unreachable:
        return Text::tr("Unreachable");
    case Condition::NotAuthorised:
        return Text::tr("Not authorised");
    case Condition::NeedsToken:
        return Text::tr("Needs a token");
    case Condition::Incompatible:
        return Text::tr("Incompatible version");
    }
    return {};
}

} // namespace quiesce
