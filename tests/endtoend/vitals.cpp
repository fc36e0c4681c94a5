// SPDX-License-Identifier: GPL-3.0-only
// Vitals: see the header.
#include "tests/endtoend/vitals.h"

#include <QDir>
#include <QFile>

namespace quiesce::test {

namespace {

qint64 residentKiB(qint64 pid)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QByteArrayList lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmRSS:"))
            return line.simplified().split(' ').value(1).toLongLong();
    }
    return -1;
}

} // namespace

Vitals vitalsOf(qint64 pid)
{
    const QDir descriptors(QStringLiteral("/proc/%1/fd").arg(pid));
    if (!descriptors.exists())
        return {};
    const QDir::Filters all = QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot;
    return { residentKiB(pid), descriptors.entryList(all).size() };
}

} // namespace quiesce::test
