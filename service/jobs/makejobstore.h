// SPDX-License-Identifier: GPL-3.0-only
// makeJobStore(): which store a service keeps its jobs in.
#pragma once

#include <QString>
#include <memory>

namespace quiesce {

class Clock;
class JobStore;

/// SQLite in that file; memory when the path is empty.
[[nodiscard]] std::unique_ptr<JobStore> makeJobStore(const QString &path, Clock &clock);

} // namespace quiesce
