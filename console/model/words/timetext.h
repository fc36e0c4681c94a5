// SPDX-License-Identifier: GPL-3.0-only
// Times as an operator reads them: "350 ms", "3.2 s", "2 min 5 s", "14:02:30".
#pragma once

#include <QString>
#include <chrono>

class QDateTime;

namespace quiesce {

/// Rounded to what matters at that size.
[[nodiscard]] QString durationText(std::chrono::milliseconds duration);
/// Local time of day, with seconds.
[[nodiscard]] QString clockText(const QDateTime &at);

} // namespace quiesce
