// SPDX-License-Identifier: GPL-3.0-only
// What to tell about a connection that is not live, and what an operator may do about it.
#pragma once

#include "console/client/instancespec.h"
#include "console/client/linkstatus.h"

namespace quiesce {

/// What has happened and what it means; empty of one that is live.
[[nodiscard]] QString linkExplanation(const LinkStatus &link);
/// "Next attempt in 4 s (attempt 3)"; empty: none is planned.
[[nodiscard]] QString retryText(const LinkStatus &link, const QDateTime &now);
/// Whether trying again at once is of use.
[[nodiscard]] bool canReconnect(const LinkStatus &link);
/// What is shown was true once, and may no longer be.
[[nodiscard]] bool isOld(const LinkStatus &link);

} // namespace quiesce
