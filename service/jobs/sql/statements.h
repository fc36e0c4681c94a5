// SPDX-License-Identifier: GPL-3.0-only
// Every statement that an SQL store keeps prepared, by name, and what an engine says for each.
#pragma once

#include <QLatin1StringView>
#include <array>

namespace quiesce {

enum class Sql : unsigned char {
    InsertJob,
    FindJob,
    FindJobToChange, ///< the same, and no other process may change it until the transaction ends
    FindJobByKey,
    UpdateJob,
    UpdateLease,
    UpdateCheckpoint,
    DeleteJob,
    PutPart,
    FindPart,
    DeletePart,
    DeleteParts,
    QueuedByTurn, ///< these four, as FindJobToChange; what another process changes is passed over
    ScheduledByTurn,
    OldestEnded,
    RetriesBeyond,
    NextOfKindAfter, ///< when the first scheduled one of a kind is due after a time
    NewestFirst,
    NewestFirstOfKindAndState,
    LastId,
    Counts,
};
inline constexpr size_t kSqlCount = static_cast<size_t>(Sql::Counts) + 1;

/// An engine's own words. Positional parameters.
using SqlTexts = std::array<QLatin1StringView, kSqlCount>;

} // namespace quiesce
