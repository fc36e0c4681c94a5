// SPDX-License-Identifier: GPL-3.0-only
// The SQLite store's tables and indexes, as steps from each version to the next.
#pragma once

#include <QLatin1StringView>
#include <QList>

namespace quiesce {

/// What one version adds to the one before it: statements, done in one transaction together with
/// `PRAGMA user_version`. A step is never changed once it has been released; a change is a new one.
using SchemaStep = QList<QLatin1StringView>;

/// Step N brings a file from version N to version N + 1; version 0 is an empty file.
[[nodiscard]] const QList<SchemaStep> &schemaSteps();

/// `PRAGMA application_id` of our files: "QJob".
inline constexpr int kApplicationId = 0x514a6f62;

} // namespace quiesce
