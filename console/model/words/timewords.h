// SPDX-License-Identifier: GPL-3.0-only
// Lengths and points in time as the page of an instance writes them.
#pragma once

#include <QDateTime>
#include <QString>
#include <chrono>

namespace quiesce {

/// Two units at most, what is below zero as zero: "0.4 s", "12 s", "4 min 12 s", "2 h 5 min".
[[nodiscard]] QString lengthText(std::chrono::milliseconds length);
/// To the tenth of a second below a minute, for what counts down before one's eyes: "14.2 s".
[[nodiscard]] QString countdownText(std::chrono::milliseconds left);
/// Local time of day with seconds, the date before it when it is another day than `today`.
[[nodiscard]] QString timeOfDayText(const QDateTime &at, const QDate &today);
/// For tool tips: local with its zone, and UTC as ISO 8601, each on its line.
[[nodiscard]] QString momentTip(const QDateTime &at);

} // namespace quiesce
