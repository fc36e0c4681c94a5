// SPDX-License-Identifier: GPL-3.0-only
// printable(): makes text from elsewhere fit to stand in one line of a log or an error message.
#pragma once

#include <QString>

namespace quiesce {

/// Escapes, as JSON would, everything that does not print: no line separators, no terminal control
/// sequences, no text that runs backwards, no halves of a character. What prints stays as it is.
[[nodiscard]] QString printable(QStringView text);

/// The same, with quotes and backslashes escaped too and put between quotes: a JSON string.
[[nodiscard]] QString quoted(QStringView text);

} // namespace quiesce
