// SPDX-License-Identifier: GPL-3.0-only
// Wording: durations, ages, moments and environments as people read them, in their language.
#pragma once

#include "console/client/instancespec.h"

#include <QDateTime>
#include <QString>
#include <chrono>

namespace quiesce {

/// Two units at most: "0.4 s", "12 s", "4 min 12 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] QString spanInWords(std::chrono::milliseconds span);
/// "just now", "12 s ago"; a moment that is still to come is "just now" too: clocks differ.
[[nodiscard]] QString ageInWords(std::chrono::milliseconds age);
[[nodiscard]] QString ageInWords(const QDateTime &at, const QDateTime &now);
/// Local, with UTC in ISO beside it, for tool tips. Empty for one that is not valid.
[[nodiscard]] QString momentInWords(const QDateTime &at);
/// "Production" …; empty for one that was not said.
[[nodiscard]] QString environmentInWords(Environment environment);

} // namespace quiesce
