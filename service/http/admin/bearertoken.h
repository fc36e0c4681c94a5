// SPDX-License-Identifier: GPL-3.0-only
// The bearer token of an Authorization field, and what is answered without the right one (RFC
// 6750).
#pragma once

#include "service/http/refusal.h"

#include <QByteArrayView>
#include <optional>

namespace quiesce {

/// What stands behind the scheme, when that is Bearer; empty when nothing does.
[[nodiscard]] std::optional<QByteArrayView> bearerToken(QByteArrayView authorization);

/// 401 `unauthorized`, with the challenge.
[[nodiscard]] Refusal tokenMissing();
[[nodiscard]] Refusal tokenWrong();

} // namespace quiesce
