// SPDX-License-Identifier: GPL-3.0-only
// Connection and Statement on QtSql's QSQLITE.
#include "service/jobs/sqlite/connection.h"

#include <QSqlError>
#include <QUuid>

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

} // namespace

bool SqlFailure::isDamage() const
{
    return code == kCorrupt || code == kNotADatabase;
}

bool SqlFailure::isBusy() const
{
    return code == kBusy || code == kLocked;
}

Statement::Statement(Connection &connection, Sql which)
    : m_connection(connection)
    , m_query(connection.prepared(which))
{ }

Statement::~Statement()
{
    if (m_query)
        m_query->finish();
}

void Statement::bind(int position, const QVariant &value)
{
    if (m_query)
        m_query->bindValue(position, value);
}

bool Statement::execute()
{
    if (!m_query || m_connection.failure())
        return false;
    if (m_query->exec())
        return true;
    m_connection.remember(m_query->lastError());
    return false;
}

bool Statement::next()
{
    if (!m_query || m_connection.failure())
        return false;
    if (m_query->next())
        return true;
    if (m_query->lastError().isValid())
        m_connection.remember(m_query->lastError());
    return false;
}

QVariant Statement::value(int column) const
{
    return m_query->value(column);
}

int Statement::changed() const
{
    return m_query && !m_connection.failure() ? m_query->numRowsAffected() : 0;
}

Connection::~Connection()
{
    close();
}

bool Connection::open(const QString &path, Mode mode)
{
    close();
    m_failure.reset();
    const QString name = u"jobs-%1"_s.arg(QUuid::createUuid().toString(QUuid::WithoutBraces));
    m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
    m_database.setDatabaseName(path);
    m_database.setConnectOptions(mode == Mode::ReadOnly ? kOptions + u";QSQLITE_OPEN_READONLY"_s
                                                        : QString(kOptions));
    if (!m_database.open())
        remember(m_database.lastError());
    return !m_failure;
}

void Connection::close()
{
    if (!m_database.isValid())
        return;
    for (auto &statement : m_statements)
        statement.reset();
    const QString name = m_database.connectionName();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

std::optional<QVariant> Connection::run(const QString &sql)
{
    if (m_failure)
        return {};
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(sql)) {
        remember(query.lastError());
        return {};
    }
    QVariant last;
    while (query.next())
        last = query.value(0);
    if (query.lastError().isValid()) {
        remember(query.lastError());
        return {};
    }
    return last;
}

QSqlQuery *Connection::prepared(Sql which)
{
    auto &statement = m_statements.at(static_cast<size_t>(which));
    if (statement || m_failure)
        return statement.get();
    auto query = std::make_unique<QSqlQuery>(m_database);
    query->setForwardOnly(true);
    if (!query->prepare(textOf(which))) {
        remember(query->lastError());
        return nullptr;
    }
    statement = std::move(query);
    return statement.get();
}

void Connection::remember(const QSqlError &error)
{
    if (!m_failure)
        m_failure =
            SqlFailure{ error.nativeErrorCode().toInt() & kPrimaryCode,
                        error.databaseText().isEmpty() ? error.text() : error.databaseText() };
}

} // namespace quiesce
