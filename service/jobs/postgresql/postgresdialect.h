// SPDX-License-Identifier: GPL-3.0-only
// PostgreSQL as one of the engines behind QtSql: its statements.
#pragma once

#include "service/jobs/sql/connection.h"

namespace quiesce {

/// What is read to be changed is locked for the transaction; what another process has locked at
/// that moment is passed over where any other row does as well (SKIP LOCKED).
/// Source: PostgreSQL 15, SELECT, "The Locking Clause".
[[nodiscard]] const SqlDialect &postgresDialect();

} // namespace quiesce
