// SPDX-License-Identifier: GPL-3.0-only
// The schema's steps, and who takes them: see the header.
#include "service/jobs/postgresql/postgresschema.h"

#include "service/jobs/storedjob.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

// The columns are those of the SQLite store, and mean the same, but for leased_until: that is by
// the server's clock, since the instances' need not agree.
//
// jobs_waiting: whose turn it is within a kind. jobs_due: when the next is due. jobs_listed: pages.
// jobs_leased: which leases run out. jobs_ended: what is pruned next. A queue's rows are rewritten
// at each transition, so vacuum is to come early.
constexpr auto kJobs = R"(CREATE TABLE jobs (
    id bytea PRIMARY KEY,
    kind text NOT NULL,
    state integer NOT NULL,
    attempt integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL,
    timeout_ms bigint,
    created_at bigint NOT NULL,
    run_at bigint NOT NULL,
    started_at bigint,
    finished_at bigint,
    owner text,
    leased_until bigint,
    cancel_requested integer NOT NULL DEFAULT 0,
    progress double precision,
    requeues bytea,
    error text,
    idempotency_key bytea,
    fingerprint bytea,
    spilled integer NOT NULL DEFAULT 0,
    payload bytea,
    checkpoint bytea,
    result bytea,
    back_off_ms bigint
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02))"_L1;

/// "QJob": among an application's own advisory locks, ours.
constexpr qint64 kMigrationLock = 0x514a6f62;

struct Version
{
    bool isThere = false;
    qint64 number = 0;
};

Version versionOf(Connection &connection)
{
    const bool isThere = connection.run(u"SELECT to_regclass('quiesce.meta') IS NOT NULL"_s)
                             .value_or(false)
                             .toBool();
    if (!isThere)
        return {};
    return { true, connection.run(u"SELECT version FROM quiesce.meta"_s).value_or(0).toLongLong() };
}

StoreError failureOf(const Connection &connection)
{
    return unavailable(
        u"the job store's schema cannot be used: %1"_s.arg(connection.failure()->text.trimmed()));
}

StoreError tooNew(qint64 version)
{
    return { StoreError::Kind::TooNew,
             u"the job store was made by a newer version: its schema is %1, this program knows up "
             "to %2"_s.arg(version)
                 .arg(postgresSteps().size()) };
}

/// Not IF NOT EXISTS: that wants the privilege also where there is nothing to do.
void makeSchema(Connection &connection)
{
    if (!connection.run(u"SELECT to_regnamespace('quiesce') IS NOT NULL"_s)
             .value_or(false)
             .toBool())
        connection.run(u"CREATE SCHEMA quiesce"_s);
    connection.run(u"CREATE TABLE quiesce.meta (version integer NOT NULL, probed_at bigint)"_s);
    connection.run(u"INSERT INTO quiesce.meta (version) VALUES (0)"_s);
}

} // namespace

const QList<QList<QLatin1StringView>> &postgresSteps()
{
    static const QList<QList<QLatin1StringView>> steps{
        {
            kJobs,
            R"(CREATE TABLE parts (
                id bytea NOT NULL,
                part integer NOT NULL,
                bytes bytea NOT NULL,
                dropped bigint NOT NULL DEFAULT 0,
                PRIMARY KEY (id, part)
            ))"_L1,
            "CREATE INDEX jobs_waiting ON jobs (kind, state, run_at, id) WHERE state < 2"_L1,
            "CREATE INDEX jobs_due ON jobs (state, run_at) WHERE state < 2"_L1,
            "CREATE INDEX jobs_listed ON jobs (kind, state, id)"_L1,
            "CREATE INDEX jobs_leased ON jobs (leased_until) WHERE state = 2"_L1,
            "CREATE INDEX jobs_ended ON jobs (finished_at, id) WHERE state > 2"_L1,
            "CREATE INDEX jobs_retried ON jobs (run_at) WHERE back_off_ms IS NOT NULL"_L1,
            "CREATE UNIQUE INDEX jobs_key ON jobs (idempotency_key)"
            " WHERE idempotency_key IS NOT NULL"_L1,
        },
    };
    return steps;
}

Result<Done, StoreError> migratePostgres(Connection &connection)
{
    connection.run(u"BEGIN"_s);
    connection.run(u"SELECT pg_advisory_xact_lock(%1)"_s.arg(kMigrationLock));
    const Version version = versionOf(connection);
    const auto &steps = postgresSteps();
    if (version.number > steps.size()) {
        connection.run(u"ROLLBACK"_s);
        return Failure{ tooNew(version.number) };
    }
    if (!version.isThere)
        makeSchema(connection);
    for (const auto &step : steps.mid(version.number)) {
        for (const QLatin1StringView statement : step)
            connection.run(statement);
    }
    if (version.number < steps.size())
        connection.run(u"UPDATE quiesce.meta SET version = %1"_s.arg(steps.size()));
    connection.run(u"COMMIT"_s);
    if (connection.failure())
        return Failure{ failureOf(connection) };
    return Done{};
}

Result<Done, StoreError> inspectPostgres(Connection &connection)
{
    const qint64 version = versionOf(connection).number;
    const qint64 wanted = postgresSteps().size();
    if (connection.failure())
        return Failure{ failureOf(connection) };
    if (version > wanted)
        return Failure{ tooNew(version) };
    if (version < wanted)
        return Failure{ unavailable(
            u"the job store has schema %1 and needs %2: that takes a restart"_s.arg(version).arg(
                wanted)) };
    return Done{};
}

} // namespace quiesce
