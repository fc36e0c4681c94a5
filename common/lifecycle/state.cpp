// SPDX-License-Identifier: GPL-3.0-only
// The wire names of states and outcomes, and the way back.
#include "common/lifecycle/state.h"

#include <QStringView>

namespace quiesce {

namespace {

/// A value outside its enum's range, which only a wrong cast makes.
constexpr QLatin1StringView kNoName{ "" };

template <typename E>
std::optional<E> fromWire(QStringView name, std::initializer_list<E> values)
{
    for (const E value : values) {
        if (name == toWire(value))
            return value;
    }
    return std::nullopt;
}

} // namespace

QLatin1StringView toWire(LifecycleState state)
{
    switch (state) {
    case LifecycleState::Starting:
        return QLatin1StringView("starting");
    case LifecycleState::Serving:
        return QLatin1StringView("serving");
    case LifecycleState::LameDuck:
        return QLatin1StringView("lame-duck");
    case LifecycleState::Draining:
        return QLatin1StringView("draining");
    case LifecycleState::Stopping:
        return QLatin1StringView("stopping");
    case LifecycleState::Stopped:
        return QLatin1StringView("stopped");
    }
    return kNoName;
}

QLatin1StringView toWire(StopOutcome outcome)
{
    switch (outcome) {
    case StopOutcome::Clean:
        return QLatin1StringView("clean");
    case StopOutcome::Incomplete:
        return QLatin1StringView("incomplete");
    case StopOutcome::Forced:
        return QLatin1StringView("forced");
    case StopOutcome::Failed:
        return QLatin1StringView("failed");
    }
    return kNoName;
}

std::optional<LifecycleState> lifecycleStateFromWire(QStringView name)
{
    using enum LifecycleState;
    return fromWire(name, { Starting, Serving, LameDuck, Draining, Stopping, Stopped });
}

std::optional<StopOutcome> stopOutcomeFromWire(QStringView name)
{
    using enum StopOutcome;
    return fromWire(name, { Clean, Incomplete, Forced, Failed });
}

} // namespace quiesce
