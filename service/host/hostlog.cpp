// SPDX-License-Identifier: GPL-3.0-only
// Defines the log category.
#include "service/host/hostlog.h"

namespace quiesce {

Q_LOGGING_CATEGORY(lcHost, "quiesce.host")

} // namespace quiesce
