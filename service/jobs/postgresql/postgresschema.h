// SPDX-License-Identifier: GPL-3.0-only
// The PostgreSQL store's schema: made and migrated by whichever instance is first.
#pragma once

#include "service/jobs/jobstore.h"
#include "service/jobs/sql/connection.h"

namespace quiesce {

/// Our tables are in a schema of this name, which is looked in first.
inline constexpr auto kPostgresSchema = "quiesce";

/// Step N brings the schema from version N to N + 1; a step that was released is never changed.
[[nodiscard]] const QList<QList<QLatin1StringView>> &postgresSteps();

/// Makes or migrates the schema, alone among all instances (an advisory lock, for the transaction).
/// Blocks: while another one migrates, at most as long as the server's lock_timeout.
/// @error Unavailable, also when it is not ours and may not be made; TooNew.
Result<Done, StoreError> migratePostgres(Connection &connection);
/// Without changing it: whether it is of this version.
/// @error Unavailable, TooNew.
Result<Done, StoreError> inspectPostgres(Connection &connection);

} // namespace quiesce
