// SPDX-License-Identifier: GPL-3.0-only
// RawStore: a store's file seen by plain SQL, beside the code that is tested.
#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>

namespace quiesce::test {

/// A connection to an SQLite file, for as long as it lives. Each query returns its rows; its
/// parameters, if there are, are null.
class RawStore final
{
public:
    using Row = QList<QVariant>;

    explicit RawStore(const QString &path)
        : m_name(QUuid::createUuid().toString())
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
        database.setDatabaseName(path);
        database.open();
    }
    ~RawStore()
    {
        QSqlDatabase::database(m_name).close();
        QSqlDatabase::removeDatabase(m_name);
    }
    RawStore(const RawStore &) = delete;
    RawStore &operator=(const RawStore &) = delete;

    QList<Row> query(const QString &sql)
    {
        QList<Row> rows;
        QSqlQuery query(QSqlDatabase::database(m_name));
        query.setForwardOnly(true);
        bool isDone = query.prepare(sql);
        for (qsizetype i = 0; i < sql.count(u'?'); ++i)
            query.addBindValue(QVariant());
        isDone = isDone && query.exec();
        if (!isDone)
            qWarning() << sql << query.lastError().text();
        while (query.next()) {
            Row row;
            for (int column = 0; query.value(column).isValid(); ++column)
                row << query.value(column);
            rows << row;
        }
        return rows;
    }
    QVariant value(const QString &sql) { return query(sql).value(0).value(0); }

private:
    QString m_name;
};

} // namespace quiesce::test
