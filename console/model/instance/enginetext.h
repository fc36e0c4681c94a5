// SPDX-License-Identifier: GPL-3.0-only
// What keeps an instance's jobs and who tells of them, in words.
#pragma once

#include "common/jobs/jobengine.h"

#include <QStringList>

namespace quiesce {

/// "SQLite", "PostgreSQL + RabbitMQ".
[[nodiscard]] QString engineText(const JobEngine &engine);
[[nodiscard]] QString storeChipText(const JobEngine &engine); ///< "Store: SQLite, failing"
[[nodiscard]] QString brokerChipText(const JobEngine::Broker &broker);
/// "12 waiting · lag 3 · 2 held here"; without what the broker does not tell.
[[nodiscard]] QString brokerFigures(const JobEngine::Broker &broker);
/// One line for each that is failing, with what it says of it.
[[nodiscard]] QStringList engineFaults(const JobEngine &engine);

} // namespace quiesce
