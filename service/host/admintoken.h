// SPDX-License-Identifier: GPL-3.0-only
// The operator's token file: made on first start, left alone ever after.
#pragma once

#include "common/result.h"

#include <QString>

namespace quiesce {

enum class AdminToken : unsigned char { WasThere, Made };

/// Makes sure that the file exists: 256 random bits as 64 hexadecimal digits and a newline, mode
/// 0600. It appears complete and private, or not at all. A file that is there is left as it is;
/// when others than its owner may read it, a warning is logged.
/// @error why it cannot be made or read.
[[nodiscard]] Result<AdminToken, QString> ensureAdminToken(const QString &path);

} // namespace quiesce
