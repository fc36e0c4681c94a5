// SPDX-License-Identifier: GPL-3.0-only
// Thin wrappers over open, mkdir, write and fsync.
#include "service/host/posixfile.h"

#include <QFile>
#include <QRandomGenerator>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

int makeOne(const QString &directory)
{
    return ::mkdir(QFile::encodeName(directory).constData(), S_IRWXU) == 0 ? 0 : errno;
}

bool isThere(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0;
}

} // namespace

QString systemError(const QString &path, QLatin1StringView what, int error)
{
    return path + ": "_L1 + what + ": "_L1
        + QString::fromStdString(std::generic_category().message(error));
}

FileDescriptor openFile(const QString &path, int flags)
{
    return FileDescriptor(
        ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

Result<Done, QString> makePrivateDirectory(const QString &path)
{
    for (qsizetype slash = path.indexOf(u'/', 1); true; slash = path.indexOf(u'/', slash + 1)) {
        const QString part = slash < 0 ? path : path.left(slash);
        const int error = makeOne(part);
        if (error != 0 && error != EEXIST && !isThere(part)) // it may be there and not ours to make
            return Failure{ systemError(part, "cannot be made"_L1, error) };
        if (slash < 0)
            break;
    }
    struct stat info = {};
    if (::stat(QFile::encodeName(path).constData(), &info) != 0)
        return Failure{ systemError(path, "cannot be used"_L1, errno) };
    if (!S_ISDIR(info.st_mode))
        return Failure{ systemError(path, "cannot be used"_L1, ENOTDIR) };
    return Done{};
}

Result<Done, QString> writeAll(const FileDescriptor &fd, const QString &path,
                               const QByteArray &content)
{
    for (qsizetype written = 0; written < content.size();) {
        const ssize_t count = ::write(fd.get(), content.constData() + written,
                                      static_cast<size_t>(content.size() - written));
        if (count < 0 && errno != EINTR)
            return Failure{ systemError(path, "cannot be written"_L1, errno) };
        written += count < 0 ? 0 : count;
    }
    return Done{};
}

Result<PrivateFile, QString> writePrivateFileBeside(const QString &path, const QByteArray &content)
{
    const QString suffix = QString::number(QRandomGenerator::system()->generate64(), 36);
    PrivateFile file{ {}, path + u'.' + suffix };
    file.fd = openFile(file.path, O_RDWR | O_CREAT | O_EXCL);
    if (!file.fd.isOpen())
        return Failure{ systemError(file.path, "cannot be made"_L1, errno) };
    auto result = writeAll(file.fd, file.path, content);
    if (result && ::fsync(file.fd.get()) != 0)
        result = Failure{ systemError(file.path, "cannot be written"_L1, errno) };
    if (!result) {
        ::unlink(QFile::encodeName(file.path).constData());
        return Failure{ result.error() };
    }
    return file;
}

} // namespace quiesce
