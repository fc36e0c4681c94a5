// SPDX-License-Identifier: GPL-3.0-only
// LastEvent: what happened last to an instance, in one line for the fleet.
#pragma once

#include "console/model/instance/instance.h"

namespace quiesce {

struct LastEvent
{
    QDateTime at; ///< UTC; invalid: nothing has happened yet
    QString text; ///< one line
};

/// That it has come into the condition it is in, and why or for whom as far as that is known.
[[nodiscard]] LastEvent lastEventOf(const Instance &instance);
[[nodiscard]] LastEvent lastEventOf(const AuditEvent &event);
[[nodiscard]] LastEvent lastEventOf(const LogEvent &event);

} // namespace quiesce
