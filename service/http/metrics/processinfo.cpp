// SPDX-License-Identifier: GPL-3.0-only
// ProcessInfo: proc(5), as far as it is needed.
#include "service/http/metrics/processinfo.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QDir>
#include <QFile>
#include <ctime>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quiesce {

namespace {

QByteArray contentOf(const char *path)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Since Linux 6.2 the folder's size is their number; before, they have to be counted.
double countDescriptors()
{
    struct stat info = {};
    if (::stat("/proc/self/fd", &info) == 0 && info.st_size > 0)
        return static_cast<double>(info.st_size);
    return static_cast<double>(
        QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::AllEntries | QDir::System).size());
}

/// The process's start, from ticks since the boot.
double startTime(double ticks)
{
    timespec wall{};
    timespec boot{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    ::clock_gettime(CLOCK_BOOTTIME, &boot);
    const auto seconds = [](const timespec &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
    };
    return seconds(wall) - seconds(boot) + ticks;
}

} // namespace

ProcessInfo ProcessInfo::read()
{
    ProcessInfo info;
    const QByteArray stat = contentOf("/proc/self/stat");
    // The command's name, in brackets, may hold anything: fields are counted after it, from 3.
    const QByteArrayList fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    constexpr int kFirst = 3;
    const auto field = [&](int number) { return fields.value(number - kFirst).toDouble(); };
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    info.cpuSeconds = (field(14) + field(15)) / ticks;
    info.startTimeSeconds = startTime(field(22) / ticks);
    info.virtualBytes = field(23);
    info.residentBytes = field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    info.openDescriptors = countDescriptors();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
        info.maxDescriptors = static_cast<double>(limit.rlim_cur);
    return info;
}

} // namespace quiesce
