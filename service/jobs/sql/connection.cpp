// SPDX-License-Identifier: GPL-3.0-only
// Connection and Statement on QtSql.
#include "service/jobs/sql/connection.h"

#include <QSqlDriver>
#include <QSqlError>
#include <QUuid>

namespace quiesce {

using namespace Qt::StringLiterals;

Statement::Statement(Connection &connection, Sql which)
    : Statement(connection, connection.m_dialect.texts.at(static_cast<size_t>(which)))
{ }

Statement::Statement(Connection &connection, QLatin1StringView literal)
    : m_connection(connection)
    , m_query(connection.prepared(literal))
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

Connection::Connection(const SqlDialect &dialect)
    : m_dialect(dialect)
{ }

Connection::~Connection()
{
    close();
}

bool Connection::open(const SqlTarget &target)
{
    close();
    m_failure.reset();
    const QString name = u"jobs-%1"_s.arg(QUuid::createUuid().toString(QUuid::WithoutBraces));
    m_database = QSqlDatabase::addDatabase(m_dialect.driver, name);
    m_database.setDatabaseName(target.database);
    m_database.setConnectOptions(target.options);
    m_database.setHostName(target.host);
    m_database.setPort(target.port);
    m_database.setUserName(target.user);
    m_database.setPassword(target.password);
    if (!m_database.open())
        remember(m_database.lastError());
    return !m_failure;
}

QVariant Connection::handle() const
{
    return m_database.driver() ? m_database.driver()->handle() : QVariant();
}

void Connection::close()
{
    m_statements.clear();
    drop();
}

void Connection::drop()
{
    if (!m_database.isValid())
        return;
    const QString name = m_database.connectionName();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
    m_statements.clear();
}

std::optional<QVariant> Connection::run(const QString &sql)
{
    if (m_failure)
        return {};
    QSqlQuery query(m_database);
    query.setForwardOnly(m_dialect.isForwardOnly);
    if (!query.exec(sql)) {
        remember(query.lastError());
        return {};
    }
    QVariant last;
    do { // there may be several statements in it
        while (query.next())
            last = query.value(0);
    } while (query.nextResult());
    if (query.lastError().isValid()) {
        remember(query.lastError());
        return {};
    }
    return last;
}

QSqlQuery *Connection::prepared(QLatin1StringView text)
{
    auto &statement = m_statements[text.data()];
    if (statement || m_failure)
        return statement.get();
    auto query = std::make_unique<QSqlQuery>(m_database);
    query->setForwardOnly(m_dialect.isForwardOnly);
    if (!query->prepare(text)) {
        remember(query->lastError());
        return nullptr;
    }
    statement = std::move(query);
    return statement.get();
}

void Connection::fail(const SqlFailure &failure)
{
    if (!m_failure)
        m_failure = failure;
}

void Connection::remember(const QSqlError &error)
{
    fail({ error.nativeErrorCode(),
           error.databaseText().isEmpty() ? error.text() : error.databaseText() });
}

} // namespace quiesce
