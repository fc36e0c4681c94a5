// SPDX-License-Identifier: GPL-3.0-only
// What a listening socket is bound to.
#pragma once

#include "common/result.h"
#include "common/settings.h"

namespace quiesce {

/// @error for people: it is not a listening TCP socket, or the system's reason.
[[nodiscard]] Result<Endpoint, QString> listeningEndpoint(int descriptor);

} // namespace quiesce
