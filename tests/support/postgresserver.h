// SPDX-License-Identifier: GPL-3.0-only
// PostgresServer: a real PostgreSQL of a test's own, from Debian's package.
#pragma once

#include <QProcess>
#include <QSqlDatabase>
#include <QTemporaryDir>
#include <QVariant>
#include <memory>

namespace quiesce::test {

/// One server, in a new folder, on a free loopback port, without passwords but for roles that a
/// test gives one. As root it is run by the package's user. It ends with this object, and with the
/// test program, however that ends.
///
/// Blocks:  for each of its steps, at most kLongestWait.
class PostgresServer final
{
public:
    static constexpr std::chrono::seconds kLongestWait{ 60 };

    PostgresServer();
    ~PostgresServer();
    PostgresServer(const PostgresServer &) = delete;
    PostgresServer &operator=(const PostgresServer &) = delete;

    /// Why there is none; empty: it runs.
    [[nodiscard]] QString fault() const { return m_fault; }
    [[nodiscard]] quint16 port() const { return m_port; }
    /// A new and empty database; its name.
    QString makeDatabase();
    /// For the setting.
    [[nodiscard]] QString url(const QString &database) const;
    /// A connection of this name, open; the caller removes it.
    [[nodiscard]] QSqlDatabase connectAs(const QString &name, const QString &database) const;
    /// The first value of the last row.
    QVariant run(const QString &sql, const QString &database = QStringLiteral("postgres")) const;

    [[nodiscard]] bool isRunning() const;
    bool start();
    /// In order: sessions are ended.
    void stop();
    /// Neither answers nor goes.
    void freeze() const;
    void thaw() const;

private:
    [[nodiscard]] bool lockOut(const QString &role);
    [[nodiscard]] bool runTool(const QString &name, const QStringList &arguments);
    void prepare(QProcess &process) const;
    void signalAll(int signal) const;

    QTemporaryDir m_folder;
    QString m_programs; ///< the folder of initdb and postgres
    QString m_fault;
    quint16 m_port = 0;
    std::unique_ptr<QProcess> m_server;
    int m_databases = 0;
};

} // namespace quiesce::test
