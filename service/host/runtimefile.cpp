// SPDX-License-Identifier: GPL-3.0-only
// Writes, locks, removes and cleans up runtime files.
#include "service/host/runtimefile.h"

#include "common/logline.h"
#include "service/host/hostlog.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLongestFile = qint64{ 64 } * 1'024;

QByteArray toJson(const RuntimeInfo &info)
{
    const QJsonObject object{
        { u"pid"_s, info.pid },
        { u"name"_s, info.name },
        { u"instanceId"_s, info.instanceId },
        { u"trafficUrl"_s, info.trafficUrl },
        { u"adminUrl"_s, info.adminUrl },
        { u"tokenFile"_s, info.tokenFile },
    };
    return QJsonDocument(object).toJson();
}

/// Whether both name one file at this moment.
bool isStillAt(const FileDescriptor &fd, const QString &path)
{
    struct stat open = {};
    struct stat named = {};
    return ::fstat(fd.get(), &open) == 0
        && ::lstat(QFile::encodeName(path).constData(), &named) == 0 && open.st_dev == named.st_dev
        && open.st_ino == named.st_ino;
}

/// Of a regular file of our user that says it is the runtime file of the pid it is named after.
std::optional<RuntimeInfo> readInfo(const FileDescriptor &fd, const QString &baseName)
{
    struct stat info = {};
    if (!fd.isOpen() || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)
        || info.st_uid != ::geteuid() || info.st_size > kLongestFile)
        return std::nullopt;
    QByteArray content(info.st_size, '\0');
    if (::pread(fd.get(), content.data(), static_cast<size_t>(content.size()), 0) != info.st_size)
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(content).object();
    const qint64 pid = object.value("pid"_L1).toInteger(-1);
    if (!object.contains("instanceId"_L1) || QString::number(pid) != baseName)
        return std::nullopt;
    const auto text = [&object](QLatin1StringView key) { return object.value(key).toString(); };
    return RuntimeInfo{ .pid = pid,
                        .name = text("name"_L1),
                        .instanceId = text("instanceId"_L1),
                        .trafficUrl = text("trafficUrl"_L1),
                        .adminUrl = text("adminUrl"_L1),
                        .tokenFile = text("tokenFile"_L1) };
}

/// Calls `look` with each runtime file's path, descriptor and content.
template <typename Look>
void forEachFile(const QString &directory, Look look)
{
    const QDir dir(directory);
    for (const QString &name : dir.entryList({ u"*.json"_s }, QDir::Files | QDir::System)) {
        const QString path = dir.filePath(name);
        const FileDescriptor fd = openFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        if (const std::optional<RuntimeInfo> info = readInfo(fd, name.chopped(5)))
            look(path, fd, *info);
    }
}

void removeStaleFiles(const QString &directory)
{
    forEachFile(directory, [](const QString &path, const FileDescriptor &fd, const RuntimeInfo &) {
        if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || !isStillAt(fd, path))
            return;
        if (::unlink(QFile::encodeName(path).constData()) == 0) {
            qCInfo(lcHost).noquote()
                << LogLine("stale runtime file removed").with("file", path).toString();
        }
    });
}

} // namespace

QList<RuntimeInfo> RuntimeFile::living(const QString &directory)
{
    QList<RuntimeInfo> living;
    const auto look = [&living](const QString &, const FileDescriptor &fd,
                                const RuntimeInfo &info) {
        // Shared, so that two who look do not take each other for the instance.
        if (::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            living.append(info);
    };
    forEachFile(directory, look);
    return living;
}

RuntimeFile::RuntimeFile(QString path, FileDescriptor fd)
    : m_path(std::move(path))
    , m_fd(std::move(fd))
{ }

RuntimeFile::~RuntimeFile()
{
    if (m_fd.isOpen() && isStillAt(m_fd, m_path))
        ::unlink(QFile::encodeName(m_path).constData());
}

Result<RuntimeFile, QString> RuntimeFile::write(const QString &directory, const RuntimeInfo &info)
{
    if (const auto made = makePrivateDirectory(directory); !made)
        return Failure{ made.error() };
    removeStaleFiles(directory);
    const QString path = directory + u'/' + QString::number(info.pid) + ".json"_L1;
    auto written = writePrivateFileBeside(path, toJson(info));
    if (!written)
        return Failure{ written.error() };
    PrivateFile file = written.takeValue();
    const QByteArray made = QFile::encodeName(file.path);
    if (::flock(file.fd.get(), LOCK_EX | LOCK_NB) != 0
        || std::rename(made.constData(), QFile::encodeName(path).constData()) != 0) {
        const int error = errno;
        ::unlink(made.constData());
        return Failure{ systemError(path, "cannot be written"_L1, error) };
    }
    return RuntimeFile(path, std::move(file.fd));
}

} // namespace quiesce
