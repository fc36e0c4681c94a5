// SPDX-License-Identifier: GPL-3.0-only
// The statements' texts. States and parts are written as numbers, as the schema explains them.
#include "service/jobs/postgresql/postgresdialect.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr SqlTexts kTexts{
    // InsertJob: nothing when the id or the idempotency key is there, or is being written
    "INSERT INTO jobs (id, kind, state, max_attempts, timeout_ms, created_at, run_at,"
    " idempotency_key, fingerprint, payload, spilled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"_L1,
    // FindJob
    "SELECT id, kind, state, attempt, max_attempts, timeout_ms, created_at, run_at, started_at,"
    " finished_at, owner, leased_until, cancel_requested, progress, requeues, error,"
    " idempotency_key, fingerprint, spilled, payload, checkpoint, result, back_off_ms"
    " FROM jobs WHERE id = ?"_L1,
    // FindJobToChange
    "SELECT id, kind, state, attempt, max_attempts, timeout_ms, created_at, run_at, started_at,"
    " finished_at, owner, leased_until, cancel_requested, progress, requeues, error,"
    " idempotency_key, fingerprint, spilled, payload, checkpoint, result, back_off_ms"
    " FROM jobs WHERE id = ? FOR UPDATE"_L1,
    // FindJobByKey
    "SELECT id, kind, state, attempt, max_attempts, timeout_ms, created_at, run_at, started_at,"
    " finished_at, owner, leased_until, cancel_requested, progress, requeues, error,"
    " idempotency_key, fingerprint, spilled, payload, checkpoint, result, back_off_ms"
    " FROM jobs WHERE idempotency_key = ?"_L1,
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
    "INSERT INTO parts (id, part, bytes, dropped) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (id, part) DO UPDATE SET bytes = excluded.bytes, dropped = excluded.dropped"_L1,
    "SELECT bytes, dropped FROM parts WHERE id = ? AND part = ?"_L1,
    "DELETE FROM parts WHERE id = ? AND part = ?"_L1,
    "DELETE FROM parts WHERE id = ?"_L1,
    // QueuedByTurn
    "SELECT run_at, id FROM jobs WHERE kind = ? AND state = 0"
    " ORDER BY run_at, id LIMIT ? FOR UPDATE SKIP LOCKED"_L1,
    // ScheduledByTurn
    "SELECT run_at, id FROM jobs WHERE kind = ? AND state = 1 AND run_at <= ?"
    " ORDER BY run_at, id LIMIT ? FOR UPDATE SKIP LOCKED"_L1,
    // OldestEnded
    "SELECT id, kind, state, finished_at FROM jobs WHERE state > 2"
    " ORDER BY finished_at, id LIMIT ? FOR UPDATE SKIP LOCKED"_L1,
    // RetriesBeyond
    "SELECT id FROM jobs WHERE back_off_ms IS NOT NULL AND run_at > ? FOR UPDATE SKIP LOCKED"_L1,
    // NextOfKindAfter
    "SELECT run_at FROM jobs WHERE kind = ? AND state = 1 AND run_at > ? ORDER BY run_at LIMIT 1"_L1,
    // NewestFirst
    "SELECT id FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?"_L1,
    // NewestFirstOfKindAndState
    "SELECT id FROM jobs WHERE kind = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?"_L1,
    // LastId: max() knows no bytea in PostgreSQL 15
    "SELECT id FROM jobs ORDER BY id DESC LIMIT 1"_L1,
    // Counts
    "SELECT kind, state, count(*) FROM jobs GROUP BY kind, state"_L1,
};

} // namespace

const SqlDialect &postgresDialect()
{
    static const SqlDialect dialect{ "QPSQL"_L1, kTexts, false };
    return dialect;
}

} // namespace quiesce
