// SPDX-License-Identifier: GPL-3.0-only
// Finds processes by a variable of their environment, wherever they have gone: the proof that
// nothing of a command is left.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QList>
#include <QString>
#include <QUuid>
#include <sys/types.h>

namespace quiesce::test {

/// A value nobody else has, for the variable MARK.
[[nodiscard]] inline QString newMark()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

[[nodiscard]] inline QByteArray procFile(pid_t pid, const char *name)
{
    QFile file(QStringLiteral("/proc/%1/%2").arg(pid).arg(QString::fromLatin1(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Every process there is whose file of that name in /proc holds `text`.
[[nodiscard]] inline QList<pid_t> processesWith(const char *file, const QByteArray &text)
{
    QList<pid_t> found;
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        bool isPid = false;
        const pid_t pid = name.toInt(&isPid);
        if (isPid && procFile(pid, file).contains(text))
            found.append(pid);
    }
    return found;
}

/// Those that live and have MARK=mark in their environment, however they were forked; what has
/// ended and is not reaped yet has none any more.
[[nodiscard]] inline QList<pid_t> processesMarked(const QString &mark)
{
    return processesWith("environ", "MARK=" + mark.toLatin1());
}

/// The supervisors whose parent is `parent`.
[[nodiscard]] inline QList<pid_t> supervisorsOf(pid_t parent)
{
    QList<pid_t> found;
    for (const pid_t pid : processesWith("comm", "command-watch")) {
        if (procFile(pid, "status").contains("\nPPid:\t" + QByteArray::number(parent) + '\n'))
            found.append(pid);
    }
    return found;
}

} // namespace quiesce::test
