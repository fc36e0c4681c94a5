// SPDX-License-Identifier: GPL-3.0-only
// A job, and a value by itself, as JSON text.
#pragma once

#include "common/jobs/job.h"

#include <QByteArray>

namespace quiesce {

/// Compact JSON of what toJson() gives, the same keys and values.
///
/// Why: an answer per submission is the most frequent thing that a service with jobs writes, and by
///      way of a QJsonObject it took 44 % of the event loop's instructions (callgrind, Qt 6.4.2).
[[nodiscard]] QByteArray toJsonText(const Job &job);
/// Of any value, which QJsonDocument gives only for objects and arrays; undefined is null.
[[nodiscard]] QByteArray toJsonText(const QJsonValue &value);

} // namespace quiesce
