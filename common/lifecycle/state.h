// SPDX-License-Identifier: GPL-3.0-only
// The lifecycle's states, their wire names and the one table of allowed transitions.
#pragma once

#include <QLatin1StringView>
#include <array>
#include <optional>

class QStringView;

namespace quiesce {

enum class LifecycleState : unsigned char {
    Starting, ///< not yet listening; startup and readiness are 503
    Serving, ///< ready
    LameDuck, ///< still serving, readiness already false, every answer says Connection: close
    Draining, ///< accepts nothing new, lets in-flight work finish, bounded by the deadline
    Stopping, ///< stop hooks run
    Stopped, ///< the report is written; nothing more happens
};

/// How a stop ended; the wire's `outcome`.
enum class StopOutcome : unsigned char { Clean, Incomplete, Forced, Failed };

struct Transition
{
    LifecycleState from;
    LifecycleState to;
};

/// Every transition there is; Lifecycle makes no other, and a test keeps the README's diagram to
/// it.
inline constexpr std::array kTransitions{
    Transition{ LifecycleState::Starting, LifecycleState::Serving },
    Transition{ LifecycleState::Starting, LifecycleState::Stopping }, // told to stop before ready
    Transition{ LifecycleState::Serving, LifecycleState::LameDuck }, // stop or quiesce
    Transition{ LifecycleState::Serving, LifecycleState::Stopping }, // force
    Transition{ LifecycleState::LameDuck, LifecycleState::Serving }, // resume
    Transition{ LifecycleState::LameDuck, LifecycleState::Draining }, // the point of no return
    Transition{ LifecycleState::LameDuck, LifecycleState::Stopping }, // force
    Transition{ LifecycleState::Draining, LifecycleState::Stopping },
    Transition{ LifecycleState::Stopping, LifecycleState::Stopped },
};

[[nodiscard]] constexpr bool isAllowed(LifecycleState from, LifecycleState to)
{
    for (const Transition &transition : kTransitions) {
        if (transition.from == from && transition.to == to)
            return true;
    }
    return false;
}

/// The wire name: `starting`, `serving`, `lame-duck`, `draining`, `stopping`, `stopped`.
[[nodiscard]] QLatin1StringView toWire(LifecycleState state);
/// The wire name: `clean`, `incomplete`, `forced`, `failed`.
[[nodiscard]] QLatin1StringView toWire(StopOutcome outcome);
[[nodiscard]] std::optional<LifecycleState> lifecycleStateFromWire(QStringView name);
[[nodiscard]] std::optional<StopOutcome> stopOutcomeFromWire(QStringView name);

} // namespace quiesce
