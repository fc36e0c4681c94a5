// SPDX-License-Identifier: GPL-3.0-only
// Wording: lengths, ages, points in time and environments as people read them, in their language.
#pragma once

#include "console/client/instancespec.h"

#include <QDateTime>
#include <QString>
#include <chrono>

namespace quiesce {

/// Rounded down to what matters at that size, two units at most, what is below zero as zero:
/// "350 ms", "3.2 s", "12 s", "4 min 12 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] QString lengthText(std::chrono::milliseconds length);
/// To the tenth of a second below a minute, for what counts down before one's eyes: "14.2 s".
[[nodiscard]] QString countdownText(std::chrono::milliseconds left);
/// "just now", "12 s ago"; a moment that is still to come is "just now" too: clocks differ.
[[nodiscard]] QString ageText(std::chrono::milliseconds age);
[[nodiscard]] QString ageText(const QDateTime &at, const QDateTime &now);

/// Local time of day with seconds, the date before it when it is another day than `today`.
[[nodiscard]] QString timeOfDayText(const QDateTime &at, const QDate &today = QDate::currentDate());
/// Within a sentence: local, and UTC in brackets. Empty for one that is not valid, like the next.
[[nodiscard]] QString momentText(const QDateTime &at);
/// A tool tip of its own: local with its zone, and UTC as ISO 8601, each on its line.
[[nodiscard]] QString momentTip(const QDateTime &at);

/// "Production" …; empty for one that was not said.
[[nodiscard]] QString environmentName(Environment environment);

} // namespace quiesce
