// SPDX-License-Identifier: GPL-3.0-only
// Making, starting and hurting a PostgreSQL server.
#include "tests/support/postgresserver.h"

#include "tests/support/serverport.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <csignal>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kUser = "postgres"; ///< the package's

int msOf(std::chrono::milliseconds time)
{
    return static_cast<int>(time.count());
}

QString newestPrograms()
{
    const QDir versions(u"/usr/lib/postgresql"_s);
    QString newest;
    int newestNumber = 0;
    for (const QString &name : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (name.toInt() > newestNumber
            && QFile::exists(versions.filePath(name + "/bin/postgres"_L1))) {
            newestNumber = name.toInt();
            newest = versions.filePath(name + "/bin/"_L1);
        }
    }
    return newest;
}

QList<pid_t> childrenOf(pid_t pid)
{
    QFile file(u"/proc/%1/task/%1/children"_s.arg(pid));
    QList<pid_t> children;
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray &child : file.readAll().split(' ')) {
            if (!child.trimmed().isEmpty())
                children.append(child.trimmed().toInt());
        }
    }
    return children;
}

} // namespace

PostgresServer::PostgresServer()
    : m_programs(newestPrograms())
    , m_port(serverPort())
{
    if (m_programs.isEmpty()) {
        m_fault = u"PostgreSQL's server is not here"_s;
        return;
    }
    if (::geteuid() == 0) {
        const passwd *user = ::getpwnam(kUser);
        if (!user
            || ::chown(QFile::encodeName(m_folder.path()).constData(), user->pw_uid, user->pw_gid)
                != 0) {
            m_fault = u"there is no user to run PostgreSQL as"_s;
            return;
        }
    }
    if (runTool(u"initdb"_s,
                { u"--pgdata"_s, m_folder.filePath(u"data"_s), u"--username=quiesce"_s,
                  u"--auth=trust"_s, u"--encoding=UTF8"_s, u"--locale=C"_s, u"--no-sync"_s })
        && lockOut(u"locked"_s))
        start();
}

PostgresServer::~PostgresServer()
{
    thaw();
    stop();
}

/// The first line that fits counts.
bool PostgresServer::lockOut(const QString &role)
{
    QFile rules(m_folder.filePath(u"data/pg_hba.conf"_s));
    if (!rules.open(QIODevice::ReadWrite))
        return false;
    const QByteArray others = rules.readAll();
    return rules.seek(0)
        && rules.write("host all " + role.toUtf8() + " all scram-sha-256\n" + others) > 0;
}

void PostgresServer::prepare(QProcess &process) const
{
    process.setWorkingDirectory(m_folder.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    const passwd *user = ::geteuid() == 0 ? ::getpwnam(kUser) : nullptr;
    const uid_t uid = user ? user->pw_uid : 0;
    const gid_t gid = user ? user->pw_gid : 0;
    process.setChildProcessModifier([uid, gid] {
        if (uid != 0 && (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0))
            ::_exit(126);
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT); // after the user, which would clear it
    });
}

bool PostgresServer::runTool(const QString &name, const QStringList &arguments)
{
    QProcess tool;
    prepare(tool);
    tool.start(m_programs + name, arguments);
    if (tool.waitForFinished(msOf(kLongestWait)) && tool.exitStatus() == QProcess::NormalExit
        && tool.exitCode() == 0)
        return true;
    m_fault = name + u": "_s + tool.errorString() + u": "_s + QString::fromUtf8(tool.readAll());
    return false;
}

bool PostgresServer::isRunning() const
{
    return m_server && m_server->state() == QProcess::Running;
}

bool PostgresServer::start()
{
    m_server = std::make_unique<QProcess>();
    prepare(*m_server);
    m_server->start(m_programs + u"postgres"_s,
                    { u"-D"_s, m_folder.filePath(u"data"_s), u"-k"_s, m_folder.path(), u"-h"_s,
                      u"127.0.0.1"_s, u"-p"_s, QString::number(m_port), u"-F"_s, u"-N"_s,
                      u"60"_s });
    QByteArray log;
    const QDeadlineTimer deadline(kLongestWait);
    while (!log.contains("ready to accept connections")) {
        const bool hasMore = m_server->waitForReadyRead(static_cast<int>(deadline.remainingTime()));
        log += m_server->readAll();
        if (!hasMore && !log.contains("ready to accept connections")) {
            m_fault = u"postgres does not start: "_s + QString::fromUtf8(log);
            return false;
        }
    }
    m_fault.clear();
    return true;
}

void PostgresServer::stop()
{
    if (!m_server || m_server->state() == QProcess::NotRunning)
        return;
    ::kill(static_cast<pid_t>(m_server->processId()), SIGINT);
    if (!m_server->waitForFinished(msOf(kLongestWait)))
        m_server->kill();
    m_server->waitForFinished(msOf(kLongestWait));
}

void PostgresServer::signalAll(int signal) const
{
    if (!m_server || m_server->state() != QProcess::Running)
        return;
    const auto pid = static_cast<pid_t>(m_server->processId());
    ::kill(pid, signal); // first, so that it makes no more of them
    for (const pid_t child : childrenOf(pid))
        ::kill(child, signal);
}

void PostgresServer::freeze() const
{
    signalAll(SIGSTOP);
}

void PostgresServer::thaw() const
{
    signalAll(SIGCONT);
}

QString PostgresServer::makeDatabase()
{
    const QString name = u"test_%1"_s.arg(++m_databases);
    run(u"CREATE DATABASE "_s + name);
    return name;
}

QString PostgresServer::url(const QString &database) const
{
    return u"postgresql://quiesce@127.0.0.1:%1/%2"_s.arg(m_port).arg(database);
}

QSqlDatabase PostgresServer::connectAs(const QString &name, const QString &database) const
{
    QSqlDatabase connection = QSqlDatabase::addDatabase(u"QPSQL"_s, name);
    connection.setHostName(u"127.0.0.1"_s);
    connection.setPort(m_port);
    connection.setUserName(u"quiesce"_s);
    connection.setDatabaseName(database);
    if (!connection.open())
        qWarning().noquote() << connection.lastError().text();
    return connection;
}

QVariant PostgresServer::run(const QString &sql, const QString &database) const
{
    const QString name = QUuid::createUuid().toString();
    QVariant last;
    {
        const QSqlDatabase connection = connectAs(name, database);
        if (connection.isOpen()) {
            QSqlQuery query(connection);
            if (!query.exec(sql))
                qWarning().noquote() << query.lastError().text();
            do {
                while (query.next())
                    last = query.value(0);
            } while (query.nextResult());
        }
    }
    QSqlDatabase::removeDatabase(name);
    return last;
}

} // namespace quiesce::test
