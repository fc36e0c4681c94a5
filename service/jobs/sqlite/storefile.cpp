// SPDX-License-Identifier: GPL-3.0-only
// Opening the store's file, step by step: see the header.
#include "service/jobs/sqlite/storefile.h"

#include "service/jobs/storedjob.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kCompanions{ ""_L1, "-wal"_L1, "-shm"_L1 };

bool isAnyThere(const QString &path)
{
    return std::any_of(kCompanions.begin(), kCompanions.end(),
                       [&](QLatin1StringView end) { return QFile::exists(path + end); });
}

/// A name that nothing has yet, for the file and its companions.
QString freeName(const QString &path, const QDateTime &now)
{
    const QString name =
        path + ".damaged-"_L1 + now.toUTC().toString(u"yyyyMMdd'T'HHmmss.zzz'Z'"_s);
    QString free = name;
    for (int number = 2; isAnyThere(free); ++number)
        free = u"%1-%2"_s.arg(name).arg(number);
    return free;
}

qint64 number(Connection &connection, const QString &sql)
{
    return connection.run(sql).value_or(QVariant()).toLongLong();
}

} // namespace

StoreFile::StoreFile(QString path)
    : m_path(std::move(path))
{ }

Result<Done, StoreError> StoreFile::open(Connection &connection, const QDateTime &now,
                                         const QList<SchemaStep> &steps)
{
    if (!isNew()) {
        if (auto sound = inspect(connection, steps.size(), now); !sound)
            return sound;
    }
    connection.open(sqliteTarget(m_path, SqliteMode::ReadWrite));
    if (!connection.failure() && configure(connection, Use::Alone) && migrate(connection, steps))
        return Done{};
    return giveUp(connection, now);
}

Result<Done, StoreError> StoreFile::openBeside(Connection &connection,
                                               const QList<SchemaStep> &steps)
{
    if (auto opened = reopen(connection, Use::Shared); !opened)
        return opened;
    const qint64 version = number(connection, u"PRAGMA user_version"_s);
    const std::optional<SqlFailure> failure = connection.failure();
    if (!failure && version == steps.size())
        return Done{};
    connection.close();
    connection.clearFailure();
    return Failure{ failure ? errorOf(*failure)
                            : unavailable(
                                u"%1 has schema %2 and needs %3: that takes a restart"_s.arg(m_path)
                                    .arg(version)
                                    .arg(steps.size())) };
}

Result<Done, StoreError> StoreFile::reopen(Connection &connection, Use use) const
{
    connection.open(
        sqliteTarget(m_path, use == Use::Shared ? SqliteMode::Shared : SqliteMode::ReadWrite));
    // The lock of an exclusive use is taken with the first look, and so is its refusal.
    if (!connection.failure() && configure(connection, use))
        connection.run(u"SELECT count(*) FROM sqlite_schema"_s);
    if (!connection.failure())
        return Done{};
    const StoreError error = errorOf(*connection.failure());
    connection.close();
    connection.clearFailure();
    return Failure{ error };
}

bool StoreFile::isNew() const
{
    return QFileInfo(m_path).size() == 0 && QFileInfo(m_path + "-wal"_L1).size() == 0;
}

Failure<StoreError> StoreFile::giveUp(Connection &connection, const QDateTime &now) const
{
    const SqlFailure failure = connection.failure().value_or(SqlFailure{});
    connection.close();
    connection.clearFailure();
    return { isDamage(failure) ? setAside(failure.text, now) : errorOf(failure) };
}

StoreFile::Step StoreFile::inspect(Connection &connection, qsizetype newest, const QDateTime &now)
{
    connection.open(sqliteTarget(m_path, SqliteMode::ReadOnly));
    auto judged = judge(connection, newest, now);
    if (connection.failure())
        return giveUp(connection, now);
    connection.close();
    if (!judged && judged.error().kind == StoreError::Kind::Damaged)
        return Failure{ setAside(judged.error().reason, now) };
    return judged;
}

StoreFile::Step StoreFile::judge(Connection &connection, qsizetype newest, const QDateTime &)
{
    const qint64 tables = number(connection, u"SELECT count(*) FROM sqlite_schema"_s);
    const qint64 application = number(connection, u"PRAGMA application_id"_s);
    const qint64 version = number(connection, u"PRAGMA user_version"_s);
    if (connection.failure())
        return Done{};
    if (tables > 0 && application != kApplicationId)
        return Failure{ StoreError{ StoreError::Kind::Damaged, u"it is not a job store"_s } };
    if (version > newest)
        return Failure{ StoreError{
            StoreError::Kind::TooNew,
            u"%1 was made by a newer version: its schema is %2, this program knows up to %3"_s
                .arg(m_path)
                .arg(version)
                .arg(newest) } };
    if (!isToBeChecked())
        return Done{};
    const QString verdict =
        connection.run(u"PRAGMA quick_check(1)"_s).value_or(QVariant()).toString();
    if (connection.failure() || verdict == "ok"_L1)
        return Done{};
    return Failure{ StoreError{ StoreError::Kind::Damaged, verdict } };
}

bool StoreFile::isToBeChecked() const
{
    return QFileInfo(m_path).size() <= kMaxCheckedBytes || QFile::exists(suspicionPath());
}

StoreFile::Step StoreFile::configure(Connection &connection, Use use) const
{
    // The order matters: auto_vacuum before anything is written, the lock before the first use of
    // the write-ahead log, whose index then needs no shared memory.
    connection.run(u"PRAGMA auto_vacuum = INCREMENTAL"_s);
    if (use == Use::Alone)
        connection.run(u"PRAGMA locking_mode = EXCLUSIVE"_s);
    connection.run(u"PRAGMA journal_mode = WAL"_s);
    connection.run(u"PRAGMA synchronous = FULL"_s);
    connection.run(u"PRAGMA secure_delete = FAST"_s); // Debian's default is ON: it costs pages
    connection.run(u"PRAGMA temp_store = MEMORY"_s);
    connection.run(u"PRAGMA cache_size = -%1"_s.arg(kCacheKiB));
    connection.run(u"PRAGMA wal_autocheckpoint = %1"_s.arg(kWalPages));
    connection.run(u"PRAGMA journal_size_limit = %1"_s.arg(kMaxWalBytes));
    if (connection.failure())
        return Failure{ errorOf(*connection.failure()) };
    return Done{};
}

StoreFile::Step StoreFile::migrate(Connection &connection, const QList<SchemaStep> &steps)
{
    const qint64 from = number(connection, u"PRAGMA user_version"_s);
    connection.run(u"BEGIN IMMEDIATE"_s); // takes the lock also when there is nothing to do
    for (const SchemaStep &step : steps.mid(from)) {
        for (const QLatin1StringView statement : step)
            connection.run(statement);
    }
    if (from < steps.size()) {
        connection.run(u"PRAGMA application_id = %1"_s.arg(kApplicationId));
        connection.run(u"PRAGMA user_version = %1"_s.arg(steps.size()));
    }
    connection.run(u"COMMIT"_s);
    if (connection.failure())
        return Failure{ errorOf(*connection.failure()) };
    return Done{};
}

StoreError StoreFile::setAside(const QString &reason, const QDateTime &now) const
{
    const QString aside = freeName(m_path, now);
    for (const QLatin1StringView end : kCompanions) {
        QFile file(m_path + end);
        if (file.exists() && !file.rename(aside + end))
            return unavailable(u"%1 is damaged (%2) and cannot be set aside: %3"_s.arg(
                file.fileName(), reason, file.errorString()));
    }
    QFile::remove(suspicionPath());
    return { StoreError::Kind::Damaged,
             u"%1 is damaged (%2); it was set aside as %3, and jobs in it are not known"_s.arg(
                 m_path, reason, aside) };
}

QString StoreFile::suspicionPath() const
{
    return m_path + ".suspect"_L1;
}

void StoreFile::noteDamage() const
{
    QFile note(suspicionPath());
    if (!note.open(QIODevice::WriteOnly))
        note.remove(); // as on a full disk; the next one to see the damage tries again
}

StoreError StoreFile::errorOf(const SqlFailure &failure) const
{
    if (isBusy(failure))
        return unavailable(u"%1 is in use by another process"_s.arg(m_path));
    if (isDamage(failure))
        return unavailable(
            u"%1 is damaged (%2): restart to set it aside"_s.arg(m_path, failure.text));
    return unavailable(u"%1 cannot be used: %2"_s.arg(m_path, failure.text));
}

} // namespace quiesce
