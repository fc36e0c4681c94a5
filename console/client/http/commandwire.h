// SPDX-License-Identifier: GPL-3.0-only
// CommandRequests as HTTP, and what the answers to them mean.
#pragma once

#include "console/client/command.h"
#include "console/client/http/restcall.h"

namespace quiesce {

/// Only with the fields that its route takes: the service refuses any other.
[[nodiscard]] HttpAsk askOf(const CommandRequest &request);
[[nodiscard]] CommandOutcome outcomeOf(const RestAnswer &answer);

} // namespace quiesce
