// SPDX-License-Identifier: GPL-3.0-only
// openat2(), for which the C library of Debian 12 has no function.
#include "service/jobs/kinds/rootedfile.h"

#include "common/jobs/commandfields.h"
#include "common/printable.h"

#include <QFile>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// An error of the system, and for whom it is.
Failure<QString> failure(const QString &path, int error)
{
    const QString name = quoted(path) + ": "_L1;
    if (error == EXDEV)
        return Failure{ name + "it leads out of the folder that is allowed"_L1 };
    if (error == ENOSYS || error == EPERM)
        return Failure{ name + "the system cannot open files safely (openat2)"_L1 };
    return Failure{ name + QString::fromStdString(std::generic_category().message(error)) };
}

FileDescriptor openPath(const QString &root, const QString &path, quint64 flags)
{
    const FileDescriptor folder(
        ::open(QFile::encodeName(root).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen())
        return {};
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC | flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const qsizetype start = root.endsWith(u'/') ? root.size() : root.size() + 1;
    const QByteArray rest = QFile::encodeName(path.mid(start));
    return FileDescriptor(static_cast<int>(::syscall(
        SYS_openat2, folder.get(), rest.isEmpty() ? "." : rest.constData(), &how, sizeof how)));
}

/// Below the first root that has it; the error is of the last one that might.
Result<FileDescriptor, int> openAny(const QStringList &roots, const QString &path, quint64 flags)
{
    int error = ENOENT;
    for (const QString &root : roots) {
        if (path != root && !path.startsWith(root.endsWith(u'/') ? root : root + u'/'))
            continue;
        FileDescriptor fd = openPath(root, path, flags);
        if (fd.isOpen())
            return fd;
        error = errno;
    }
    return Failure{ error };
}

QString byDescriptor(int fd)
{
    return u"/proc/self/fd/%1"_s.arg(fd);
}

bool isRegular(int fd)
{
    struct stat info = {};
    return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

/// The path without links, as the kernel knows it.
Result<QString, QString> nameOf(const FileDescriptor &fd, const QString &path)
{
    std::array<char, PATH_MAX> name{};
    const ssize_t size =
        ::readlink(QFile::encodeName(byDescriptor(fd.get())).constData(), name.data(), name.size());
    if (size < 0)
        return failure(path, errno);
    return QFile::decodeName(QByteArray(name.data(), size));
}

Result<FileDescriptor, QString> findRegular(const QStringList &roots, const QString &path)
{
    if (const auto spelled = pathBelow(roots, path); !spelled)
        return Failure{ quoted(path) + ": "_L1 + spelled.error() };
    auto fd = openAny(roots, path, 0);
    if (!fd)
        return failure(path, fd.error());
    if (!isRegular(fd.value().get()))
        return Failure{ quoted(path) + ": it is not a regular file"_L1 };
    return fd.takeValue();
}

/// A folder that is there and a name in it that is free.
Result<QString, QString> resolveNew(const QStringList &roots, const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    const QString folderPath = slash > 0 ? path.left(slash) : u"/"_s;
    const auto folder = openAny(roots, folderPath, O_DIRECTORY);
    if (!folder)
        return failure(folderPath, folder.error());
    const QByteArray name = QFile::encodeName(path.mid(slash + 1));
    struct stat info = {};
    if (::fstatat(folder.value().get(), name.constData(), &info, AT_SYMLINK_NOFOLLOW) == 0)
        return Failure{ quoted(path) + ": it is a link that leads nowhere"_L1 };
    const auto resolved = nameOf(folder.value(), folderPath);
    return resolved ? Result<QString, QString>(resolved.value() + path.mid(slash)) : resolved;
}

} // namespace

Result<FileDescriptor, QString> openBelow(const QStringList &roots, const QString &path)
{
    const auto found = findRegular(roots, path);
    if (!found)
        return Failure{ found.error() };
    FileDescriptor fd(::open(QFile::encodeName(byDescriptor(found.value().get())).constData(),
                             O_RDONLY | O_CLOEXEC | O_NOCTTY));
    return fd.isOpen() ? Result<FileDescriptor, QString>(std::move(fd)) : failure(path, errno);
}

Result<QString, QString> resolveBelow(const QStringList &roots, const QString &path,
                                      Presence presence)
{
    if (presence == Presence::Optional && pathBelow(roots, path)) {
        const auto fd = openAny(roots, path, 0);
        if (!fd && fd.error() == ENOENT)
            return resolveNew(roots, path);
    }
    const auto found = findRegular(roots, path);
    return found ? nameOf(found.value(), path) : Failure{ found.error() };
}

} // namespace quiesce
