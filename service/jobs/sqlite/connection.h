// SPDX-License-Identifier: GPL-3.0-only
// Connection: one connection to an SQLite file, with its statements kept prepared.
#pragma once

#include "service/jobs/sqlite/statements.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>
#include <array>
#include <memory>
#include <optional>

namespace quiesce {

/// What SQLite had: its primary result code, and its text.
struct SqlFailure
{
    int code = 0;
    QString text;

    [[nodiscard]] bool isDamage() const; ///< the file is not, or not any more, a database
    [[nodiscard]] bool isBusy() const; ///< another process holds it
};

class Connection;

/// One use of a prepared statement; it is reset when this ends, so that it holds no snapshot.
class Statement final
{
public:
    Statement(Connection &connection, Sql which);
    ~Statement();
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    /// Runs it with these parameters. False when it fails, which the connection remembers.
    template <typename... Values>
    bool run(const Values &...values)
    {
        int position = 0;
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
/// Blocks:  for the disk.
class Connection final
{
public:
    enum class Mode : unsigned char { ReadOnly, ReadWrite };

    Connection() = default;
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    bool open(const QString &path, Mode mode);
    void close();
    [[nodiscard]] bool isOpen() const { return m_database.isOpen(); }

    /// Runs a statement once, to its last row; the first value of the last row, null without rows.
    std::optional<QVariant> run(const QString &sql);

    [[nodiscard]] const std::optional<SqlFailure> &failure() const { return m_failure; }
    void clearFailure() { m_failure.reset(); }

private:
    friend class Statement;
    [[nodiscard]] QSqlQuery *prepared(Sql which);
    void remember(const QSqlError &error);

    QSqlDatabase m_database;
    std::array<std::unique_ptr<QSqlQuery>, kSqlCount> m_statements;
    std::optional<SqlFailure> m_failure;
};

} // namespace quiesce
