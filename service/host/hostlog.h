// SPDX-License-Identifier: GPL-3.0-only
// The log category of what surrounds the process.
#pragma once

#include <QLoggingCategory>

namespace quiesce {

Q_DECLARE_LOGGING_CATEGORY(lcHost) // "quiesce.host"

} // namespace quiesce
