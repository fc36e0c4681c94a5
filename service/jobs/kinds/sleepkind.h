// SPDX-License-Identifier: GPL-3.0-only
// The kind `sleep`: waits, in steps, each of which is a checkpoint.
#pragma once

#include "service/jobs/jobkind.h"

namespace quiesce {

/// Payload: `ms` (0 to 86,400,000) and `stepMs` (10 to 3,600,000; default 1,000).
/// Result: `{"sleptMs": ms}`, over all attempts.
///
/// It waits by a timer and holds no thread. At each step it keeps `{"sleptMs": …}` and begins the
/// next one without waiting for that; a step whose predecessor's checkpoint is still under way
/// keeps none. When a stop begins it goes on if it will be done before the deadline; else it keeps
/// where it is, and is interrupted. At the stop token it is interrupted at once.
///
/// Thread:  the handler is called and works on the event loop. Destroying the last copy of the
///          kind, on that thread, cancels the futures of whatever still sleeps.
[[nodiscard]] JobKind sleepKind();

} // namespace quiesce
