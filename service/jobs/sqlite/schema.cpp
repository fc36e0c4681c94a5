// SPDX-License-Identifier: GPL-3.0-only
// The schema's steps: see the header.
#include "service/jobs/sqlite/schema.h"

namespace quiesce {

using namespace Qt::StringLiterals;

// Times are UTC milliseconds. state is JobState's number: 0 queued, 1 scheduled, 2 running, 3
// succeeded, 4 failed, 5 cancelled. ids are the 16 bytes of a UUIDv7, so the table grows at its
// end.
//
// A job's row is written again at each transition, so what may be large is kept out of it: payload,
// checkpoint and result are in the row while they are small (as compact JSON), else in parts, and
// spilled says which: bit 1 payload (part 0), 2 checkpoint (part 1), 4 result (part 2). Part 3 is
// the output, of which dropped bytes came before.
//
// jobs_waiting: whose turn it is within a kind. jobs_listed: pages, and what runs. jobs_ended: what
// is pruned next. Each ends with the id, which is how a table without rowid is indexed.
static constexpr auto kJobs = R"(CREATE TABLE jobs (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    state INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    timeout_ms INTEGER,
    created_at INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    owner TEXT,
    leased_until INTEGER,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    progress REAL,
    requeues BLOB,
    error TEXT,
    idempotency_key BLOB,
    fingerprint BLOB,
    spilled INTEGER NOT NULL DEFAULT 0,
    payload BLOB,
    checkpoint BLOB,
    result BLOB
) WITHOUT ROWID)"_L1;

const QList<SchemaStep> &schemaSteps()
{
    static const QList<SchemaStep> steps{
        {
            kJobs,
            R"(CREATE TABLE parts (
                id BLOB NOT NULL,
                part INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                dropped INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (id, part)
            ) WITHOUT ROWID)"_L1,
            "CREATE INDEX jobs_waiting ON jobs (kind, state, run_at) WHERE state < 2"_L1,
            "CREATE INDEX jobs_listed ON jobs (kind, state)"_L1,
            "CREATE INDEX jobs_ended ON jobs (finished_at) WHERE state > 2"_L1,
            "CREATE UNIQUE INDEX jobs_key ON jobs (idempotency_key)"
            " WHERE idempotency_key IS NOT NULL"_L1,
        },
        {
            // How long a retry was to wait, so that a clock stepped back does not lengthen it.
            "ALTER TABLE jobs ADD COLUMN back_off_ms INTEGER"_L1,
            "CREATE INDEX jobs_retried ON jobs (run_at) WHERE back_off_ms IS NOT NULL"_L1,
        },
    };
    return steps;
}

} // namespace quiesce
