// SPDX-License-Identifier: GPL-3.0-only
// Durations and sizes as people write them: "250ms", "25s", "2m"; "512B", "8KiB", "1GiB".
#pragma once

#include "common/result.h"

#include <QString>
#include <chrono>

namespace quiesce {

/// An integer and a unit, `ms`, `s`, `m` or `h`, with nothing between them.
/// @error what is wrong with it, for people; the value itself is named by the caller.
[[nodiscard]] Result<std::chrono::milliseconds, QString> parseDuration(QStringView text);

/// In the largest unit that holds it exactly; zero is "0s". parseDuration() reads it back.
[[nodiscard]] QString formatDuration(std::chrono::milliseconds duration);

/// An integer and a unit, `B`, `KiB`, `MiB` or `GiB`, with nothing between them. In bytes.
/// @error as for parseDuration().
[[nodiscard]] Result<qint64, QString> parseSize(QStringView text);

/// In the largest unit that holds it exactly; zero is "0B". parseSize() reads it back.
[[nodiscard]] QString formatSize(qint64 bytes);

} // namespace quiesce
