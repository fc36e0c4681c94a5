// SPDX-License-Identifier: GPL-3.0-only
// The statements' texts. States and parts are written as numbers, as the schema explains them.
#include "service/jobs/sqlite/dialect.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

// SQLite's result codes, which QtSql passes on as text; the extended ones have more above.
constexpr int kPrimaryCode = 0xff;
constexpr int kBusy = 5;
constexpr int kLocked = 6;
constexpr int kCorrupt = 11;
constexpr int kNotADatabase = 26;

/// How long another process may take to let go, as one does that is just ending.
constexpr auto kOptions = "QSQLITE_BUSY_TIMEOUT=200"_L1;
/// How long another process may commit, whose turns are not ours to give.
constexpr auto kSharedOptions = "QSQLITE_BUSY_TIMEOUT=10000"_L1;

int primaryCodeOf(const SqlFailure &failure)
{
    return failure.code.toInt() & kPrimaryCode;
}

constexpr SqlTexts kTexts{
    // InsertJob
    "INSERT OR IGNORE INTO jobs (id, kind, state, max_attempts, timeout_ms, created_at, run_at,"
    " idempotency_key, fingerprint, payload, spilled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_L1,
    // FindJob
    "SELECT id, kind, state, attempt, max_attempts, timeout_ms, created_at, run_at, started_at,"
    " finished_at, owner, leased_until, cancel_requested, progress, requeues, error,"
    " idempotency_key, fingerprint, spilled, payload, checkpoint, result, back_off_ms"
    " FROM jobs WHERE id = ?"_L1,
    // FindJobToChange: a transaction that writes is alone
    "SELECT id, kind, state, attempt, max_attempts, timeout_ms, created_at, run_at, started_at,"
    " finished_at, owner, leased_until, cancel_requested, progress, requeues, error,"
    " idempotency_key, fingerprint, spilled, payload, checkpoint, result, back_off_ms"
    " FROM jobs WHERE id = ?"_L1,
    // FindJobByKey
    "SELECT id, kind, state, attempt, max_attempts, timeout_ms, created_at, run_at, started_at,"
    " finished_at, owner, leased_until, cancel_requested, progress, requeues, error,"
    " idempotency_key, fingerprint, spilled, payload, checkpoint, result, back_off_ms"
    " FROM jobs INDEXED BY jobs_key WHERE idempotency_key = ?"_L1,
    // UpdateJob
    "UPDATE jobs SET state = ?, attempt = ?, progress = ?, run_at = ?, back_off_ms = ?,"
    " started_at = ?, finished_at = ?, owner = ?, leased_until = ?, cancel_requested = ?,"
    " requeues = ?, error = ?, checkpoint = ?, result = ?, spilled = ? WHERE id = ?"_L1,
    // UpdateLease
    "UPDATE jobs SET leased_until = ? WHERE id = ? AND state = 2 AND owner = ? AND attempt = ?"
    " RETURNING cancel_requested"_L1,
    // UpdateCheckpoint
    "UPDATE jobs SET checkpoint = ?, spilled = (spilled & ~2) | ?,"
    " progress = coalesce(?, progress)"
    " WHERE id = ? AND state = 2 AND owner = ? AND attempt = ?"_L1,
    // DeleteJob
    "DELETE FROM jobs WHERE id = ?"_L1,
    // PutPart, FindPart, DeletePart, DeleteParts
    "INSERT OR REPLACE INTO parts (id, part, bytes, dropped) VALUES (?, ?, ?, ?)"_L1,
    "SELECT bytes, dropped FROM parts WHERE id = ? AND part = ?"_L1,
    "DELETE FROM parts WHERE id = ? AND part = ?"_L1,
    "DELETE FROM parts WHERE id = ?"_L1,
    // QueuedByTurn; state < 2 is what the index is for, and the bound of run_at, which holds for
    // all, keeps SQLite 3.40 from searching the index by that range instead of by state = 0.
    "SELECT run_at, id FROM jobs INDEXED BY jobs_waiting WHERE kind = ? AND state = 0"
    " AND state < 2 AND run_at > -9223372036854775807 ORDER BY run_at, id LIMIT ?"_L1,
    // ScheduledByTurn
    "SELECT run_at, id FROM jobs INDEXED BY jobs_waiting WHERE kind = ? AND state = 1"
    " AND state < 2 AND run_at <= ? ORDER BY run_at, id LIMIT ?"_L1,
    // OldestEnded
    "SELECT id, kind, state, finished_at FROM jobs INDEXED BY jobs_ended WHERE state > 2"
    " ORDER BY finished_at, id LIMIT ?"_L1,
    // RetriesBeyond
    "SELECT id FROM jobs INDEXED BY jobs_retried WHERE back_off_ms IS NOT NULL AND run_at > ?"_L1,
    // NextOfKindAfter
    "SELECT run_at FROM jobs INDEXED BY jobs_waiting WHERE kind = ? AND state = 1"
    " AND state < 2 AND run_at > ? ORDER BY run_at LIMIT 1"_L1,
    // NewestFirst
    "SELECT id FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?"_L1,
    // NewestFirstOfKindAndState
    "SELECT id FROM jobs INDEXED BY jobs_listed WHERE kind = ? AND state = ? AND id < ?"
    " ORDER BY id DESC LIMIT ?"_L1,
    // LastId
    "SELECT max(id) FROM jobs"_L1,
    // Counts
    "SELECT kind, state, count(*) FROM jobs INDEXED BY jobs_listed GROUP BY kind, state"_L1,
};

} // namespace

const SqlDialect &sqliteDialect()
{
    static const SqlDialect dialect{ "QSQLITE"_L1, kTexts };
    return dialect;
}

SqlTarget sqliteTarget(const QString &path, SqliteMode mode)
{
    SqlTarget target;
    target.database = path;
    target.options = mode == SqliteMode::Shared ? kSharedOptions : kOptions;
    if (mode == SqliteMode::ReadOnly)
        target.options += ";QSQLITE_OPEN_READONLY"_L1;
    return target;
}

bool isDamage(const SqlFailure &failure)
{
    const int code = primaryCodeOf(failure);
    return code == kCorrupt || code == kNotADatabase;
}

bool isBusy(const SqlFailure &failure)
{
    const int code = primaryCodeOf(failure);
    return code == kBusy || code == kLocked;
}

} // namespace quiesce
