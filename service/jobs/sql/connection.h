// SPDX-License-Identifier: GPL-3.0-only
// Connection: one connection to an SQL database, with its statements kept prepared.
#pragma once

#include "service/jobs/sql/statements.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>
#include <map>
#include <memory>
#include <optional>

namespace quiesce {

/// What an engine is to QtSql.
struct SqlDialect
{
    QLatin1StringView driver; ///< QtSql's name
    const SqlTexts &texts;
    /// Rows are asked for one by one, which is for engines inside the process.
    bool isForwardOnly = true;
};

/// What the engine had: its own code, and its text.
struct SqlFailure
{
    QString code;
    QString text;
};

/// Which database, in the words of its driver.
struct SqlTarget
{
    QString database;
    QString options; ///< QSqlDatabase::setConnectOptions()
    QString host;
    int port = -1;
    QString user;
    QString password;
};

class Connection;

/// One use of a prepared statement; it is reset when this ends, so that it holds no snapshot.
class Statement final
{
public:
    Statement(Connection &connection, Sql which);
    /// A literal, which is kept prepared by where it stands.
    Statement(Connection &connection, QLatin1StringView literal);
    ~Statement();
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    /// Runs it with these parameters. False when it fails, which the connection remembers.
    template <typename... Values>
    bool run(const Values &...values)
    {
        [[maybe_unused]] int position = 0; // without values it is not used
        (bind(position++, QVariant(values)), ...);
        return execute();
    }
    /// To the next row, the first one at first; false when there is none.
    bool next();
    [[nodiscard]] QVariant value(int column) const;
    /// How many rows it has changed.
    [[nodiscard]] int changed() const;

private:
    void bind(int position, const QVariant &value);
    bool execute();

    Connection &m_connection;
    QSqlQuery *m_query; ///< the connection's; null when it cannot be prepared
};

/// Thread:  the one that opens it.
/// Errors:  the first failure is remembered; until clearFailure() no statement is run any more.
/// Blocks:  for the database.
class Connection final
{
public:
    explicit Connection(const SqlDialect &dialect);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    bool open(const SqlTarget &target);
    void close();
    /// The same, and no statement is given back before: what is over ends with the session, or
    /// there is none any more.
    void drop();
    [[nodiscard]] bool isOpen() const { return m_database.isOpen(); }
    /// The driver's own; see QSqlDriver::handle().
    [[nodiscard]] QVariant handle() const;

    /// Runs a statement once, to its last row; the first value of the last row, null without rows.
    std::optional<QVariant> run(const QString &sql);

    [[nodiscard]] const std::optional<SqlFailure> &failure() const { return m_failure; }
    void clearFailure() { m_failure.reset(); }
    /// As if the next statement had failed so, unless one has.
    void fail(const SqlFailure &failure);

private:
    friend class Statement;
    [[nodiscard]] QSqlQuery *prepared(QLatin1StringView text);
    void remember(const QSqlError &error);

    const SqlDialect &m_dialect;
    QSqlDatabase m_database;
    std::map<const char *, std::unique_ptr<QSqlQuery>> m_statements; ///< by where their text is
    std::optional<SqlFailure> m_failure;
};

} // namespace quiesce
