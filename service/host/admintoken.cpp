// SPDX-License-Identifier: GPL-3.0-only
// Makes the token under another name and links it to its own, which fails when there is one.
#include "service/host/admintoken.h"

#include "common/logline.h"
#include "service/host/hostlog.h"
#include "service/host/posixfile.h"

#include <QFile>
#include <QRandomGenerator>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QByteArray newToken()
{
    std::array<quint32, 8> bits{}; // 256 in all
    QRandomGenerator::system()->fillRange(bits.data(), static_cast<qsizetype>(bits.size()));
    return QByteArray(reinterpret_cast<const char *>(bits.data()), sizeof bits).toHex() + '\n';
}

Result<AdminToken, QString> checkExisting(const FileDescriptor &file, const QString &path)
{
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0)
        return Failure{ systemError(path, "cannot be read"_L1, errno) };
    if (!S_ISREG(info.st_mode))
        return Failure{ path + ": is not a regular file"_L1 };
    if (info.st_mode & (S_IRWXG | S_IRWXO)) {
        qCWarning(lcHost).noquote()
            << LogLine("others may read the admin token").with("file", path).toString();
    }
    return AdminToken::WasThere;
}

/// O_NONBLOCK: opening a pipe that somebody put there must not wait for its writer.
FileDescriptor openExisting(const QString &path)
{
    return openFile(path, O_RDONLY | O_NONBLOCK);
}

/// The error of link(2), which never replaces a file; 0 when the token now has its name.
int giveName(const PrivateFile &file, const QString &path)
{
    const QByteArray made = QFile::encodeName(file.path);
    const int error =
        ::link(made.constData(), QFile::encodeName(path).constData()) == 0 ? 0 : errno;
    ::unlink(made.constData());
    return error;
}

} // namespace

Result<AdminToken, QString> ensureAdminToken(const QString &path)
{
    if (const FileDescriptor existing = openExisting(path); existing.isOpen())
        return checkExisting(existing, path);
    if (errno != ENOENT)
        return Failure{ systemError(path, "cannot be read"_L1, errno) };

    const auto file = writePrivateFileBeside(path, newToken());
    if (!file)
        return Failure{ file.error() };
    const int error = giveName(file.value(), path);
    if (error == 0)
        return AdminToken::Made;
    // Another instance may have been faster.
    if (const FileDescriptor existing = openExisting(path); existing.isOpen())
        return checkExisting(existing, path);
    return Failure{ systemError(path, "cannot be made"_L1, error) };
}

} // namespace quiesce
