// SPDX-License-Identifier: GPL-3.0-only
// The contract's payloads of the events that the service itself publishes.
#pragma once

#include "common/lifecycle/stopreport.h"
#include "service/core/lifecycle.h"

#include <QJsonObject>

namespace quiesce {

/// `from`, `to`, `at`, `cause` (null when nobody asked for this change), `deadlineAt` (null without
/// a stop: a lame duck without one is a quiesce).
[[nodiscard]] QJsonObject statePayload(const StateChange &change);

/// `id`, `method`, `route` (null when none matched), `outcome`, `ageMs`.
[[nodiscard]] QJsonObject requestPayload(const StopReport::Slow &request);

} // namespace quiesce
