// SPDX-License-Identifier: GPL-3.0-only
// Every statement that the SQLite store keeps prepared, by name.
#pragma once

#include <QLatin1StringView>
#include <array>

namespace quiesce {

enum class Sql : unsigned char {
    Begin,
    Commit,
    Rollback,
    InsertJob,
    FindJob,
    FindJobByKey,
    UpdateJob,
    UpdateLease,
    UpdateCheckpoint,
    DeleteJob,
    PutPart,
    FindPart,
    DeletePart,
    DeleteParts,
    QueuedByTurn,
    ScheduledByTurn,
    NewestFirst,
    NewestFirstOfKindAndState,
    OldestEnded,
    RetriesBeyond,
    LastId,
    Counts,
    FreePages,
    FreeOnePage,
};
inline constexpr size_t kSqlCount = static_cast<size_t>(Sql::FreeOnePage) + 1;

/// Positional parameters; a search names its index, so that no statistics can lead it astray.
[[nodiscard]] QLatin1StringView textOf(Sql statement);

} // namespace quiesce
