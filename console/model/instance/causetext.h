// SPDX-License-Identifier: GPL-3.0-only
// Who asked for a stop and why, for people in their language (describe() in common/ is for logs).
#pragma once

#include "common/lifecycle/stopcause.h"

namespace quiesce {

/// "alice through the admin API (operator, from 10.0.0.7)", "SIGTERM from an unknown sender": never
/// a guess; text from elsewhere is made printable.
[[nodiscard]] QString askedByText(const StopCause &cause);
/// The same, with the reason after it where one was given.
[[nodiscard]] QString causeText(const StopCause &cause);

} // namespace quiesce
