// SPDX-License-Identifier: GPL-3.0-only
// PostgresOptions: where the database is, and as whom we come.
#pragma once

#include "common/result.h"
#include "common/secret.h"
#include "service/jobs/sql/connection.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <chrono>
#include <utility>

namespace quiesce {

/// libpq's parameters, by its own names.
struct PostgresOptions
{
    QList<std::pair<QByteArray, QByteArray>> parameters; ///< without the password
    Secret password; ///< empty: what libpq finds by itself (PGPASSWORD, a password file), or none
    /// How long an instance may be silent; see JobSettings::lease.
    std::chrono::milliseconds lease{ 30'000 };
    /// How long a server that does not answer is waited for; then the connection is cut.
    std::chrono::milliseconds patience{ 10'000 };

    /// For people: "host:port/database", without the user.
    [[nodiscard]] QString place() const;
    /// For QtSql.
    [[nodiscard]] SqlTarget target() const;
};

/// Reads a connection string as libpq does, `postgresql://user@host/database?sslmode=verify-full`
/// or `host=… dbname=…`, and adds what we want of every connection unless it says otherwise: a
/// server that takes writes, 5 s to connect, and an end to connections over which nothing comes.
/// Thread: any. Blocks: no; no name is looked up.
/// Source: PostgreSQL 15, "Connection Strings" and "Parameter Key Words".
/// @error what is wrong with it; a password in it is refused, since settings are shown and logged.
[[nodiscard]] Result<PostgresOptions, QString> parsePostgresOptions(const QString &text);

} // namespace quiesce
