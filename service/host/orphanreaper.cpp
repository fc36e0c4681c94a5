// SPDX-License-Identifier: GPL-3.0-only
// OrphanReaper: see the header.
#include "service/host/orphanreaper.h"

#include "common/logline.h"
#include "service/host/hostlog.h"

#include <QDir>
#include <QFile>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

bool hasZombie()
{
    siginfo_t found{};
    return ::waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) == 0 && found.si_pid != 0;
}

/// From /proc/PID/stat: "pid (command name) state ppid …"; the name may hold anything.
bool isZombieOfOurs(const QString &pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return false; // gone already
    const QByteArray line = file.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    return fields.value(0) == "Z" && fields.value(1).toLongLong() == ::getpid();
}

QSet<qint64> zombies()
{
    QSet<qint64> found;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool isPid = false;
        const qint64 pid = name.toLongLong(&isPid);
        if (isPid && isZombieOfOurs(name))
            found.insert(pid);
    }
    return found;
}

} // namespace

OrphanReaper::OrphanReaper(std::chrono::milliseconds interval, QObject *parent)
    : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &OrphanReaper::look);
    m_timer.start(interval);
}

void OrphanReaper::look()
{
    if (!hasZombie()) {
        m_seen.clear();
        return;
    }
    const QSet<qint64> now = zombies();
    for (const qint64 pid : now) {
        if (m_seen.contains(pid) && ::waitpid(static_cast<pid_t>(pid), nullptr, WNOHANG) > 0)
            qCDebug(lcHost).noquote() << LogLine("orphan reaped").with("pid", pid).toString();
    }
    m_seen = now;
}

} // namespace quiesce
