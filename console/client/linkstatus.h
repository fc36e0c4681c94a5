// SPDX-License-Identifier: GPL-3.0-only
// LinkStatus: how the console and one instance stand to each other.
#pragma once

#include "common/lifecycle/state.h"

#include <QDateTime>
#include <QString>
#include <optional>

namespace quiesce {

enum class LinkState : unsigned char {
    Idle, ///< not begun, or told to rest
    Connecting, ///< for the first time, or again
    Live, ///< events come
    Stale, ///< connected, but silent for longer than a heartbeat: what is shown may be old
    Unreachable, ///< no answer: refused, no route, no such host, TLS, time-out
    NotAuthorised, ///< 401 or 403: the token is missing or wrong
    NeedsToken, ///< a token is to be asked for; nothing is tried until there is one
    Incompatible, ///< it answers, but not as any version that is known here
    Stopped, ///< it has sent its final report and gone
    Crashed, ///< it was live and has gone without a report
};

struct LinkStatus
{
    LinkState state = LinkState::Idle;
    QDateTime since; ///< UTC
    QString reason; ///< why it is not live, as Qt, TLS or the service put it; empty when it is
    QDateTime lastSeenAt; ///< UTC, the last byte; invalid: never
    QDateTime retryAt; ///< UTC, the next attempt to connect; invalid: none is planned
    int attempt = 0; ///< failed attempts since it was live
    std::optional<StopOutcome> outcome; ///< of Stopped
};

} // namespace quiesce
