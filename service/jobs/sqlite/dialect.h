// SPDX-License-Identifier: GPL-3.0-only
// SQLite as one of the engines behind QtSql: its statements, its options, its codes.
#pragma once

#include "service/jobs/sql/connection.h"

namespace quiesce {

/// A search names its index, so that no statistics can lead it astray.
[[nodiscard]] const SqlDialect &sqliteDialect();

enum class SqliteMode : unsigned char {
    ReadOnly,
    ReadWrite,
    Shared, ///< reads and writes, and waits longer for another process's commit
};
[[nodiscard]] SqlTarget sqliteTarget(const QString &path, SqliteMode mode);

/// The file is not, or not any more, a database.
[[nodiscard]] bool isDamage(const SqlFailure &failure);
/// Another process holds it.
[[nodiscard]] bool isBusy(const SqlFailure &failure);

} // namespace quiesce
