// SPDX-License-Identifier: GPL-3.0-only
// Durations, sizes and signals as a person writes them on a command line.
#pragma once

#include <QString>
#include <chrono>
#include <optional>

namespace quiesce::rehearse {

/// "500us", "20ms", "2s", "1m"; nothing for anything else, a negative or more than a day.
std::optional<std::chrono::microseconds> durationFrom(QStringView text);

/// "64", "64B", "4KiB", "1MiB"; nothing for anything else or more than a GiB.
std::optional<qint64> bytesFrom(QStringView text);

/// "TERM", "SIGTERM" or "15"; nothing for a signal that cannot be a request to stop.
std::optional<int> signalFrom(QStringView text);
QString signalName(int number);

} // namespace quiesce::rehearse
