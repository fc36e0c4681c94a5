// SPDX-License-Identifier: GPL-3.0-only
// Condition: the one word for how an instance is, of its link and its lifecycle together.
#pragma once

#include "common/lifecycle/state.h"
#include "console/client/linkstatus.h"

#include <QString>

namespace quiesce {

enum class Condition : unsigned char {
    Connecting,
    Starting,
    Serving,
    Quiesced, ///< lame duck without a stop: out of rotation, may be resumed
    LameDuck, ///< of a stop under way
    Draining,
    Stopping,
    StoppedClean,
    StoppedIncomplete,
    StoppedForced,
    StoppedFailed,
    Crashed,
    Stale,
    Unreachable,
    NotAuthorised,
    NeedsToken,
    Incompatible,
};

/// How urgently somebody should look; the order is that of the tray icon and of sorting by state.
enum class Tone : unsigned char {
    Neutral, ///< nothing to say: stopped as asked, connecting
    Good,
    Busy, ///< something is under way, as asked
    Warning, ///< look when you can
    Bad, ///< look now
};

/// `hasStop`: whether a stop is under way. The link counts first: what is not live is not known.
[[nodiscard]] Condition conditionOf(const LinkStatus &link, LifecycleState state, bool hasStop);
[[nodiscard]] Tone toneOf(Condition condition);
/// For people, in their language: "Serving", "Quiesced", "Stopped cleanly", "Not authorised" …
[[nodiscard]] QString conditionText(Condition condition);

} // namespace quiesce
