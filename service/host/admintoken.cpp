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

} // namespace

Result<AdminToken, QString> ensureAdminToken(const QString &path)
{
    // O_NONBLOCK: opening a pipe that somebody put there must not wait for its writer.
    const FileDescriptor existing = openFile(path, O_RDONLY | O_NONBLOCK);
    if (existing.isOpen())
        return checkExisting(existing, path);
    if (errno != ENOENT)
        return Failure{ systemError(path, "cannot be read"_L1, errno) };

    const auto file = writePrivateFileBeside(path, newToken());
    if (!file)
        return Failure{ file.error() };
    const QByteArray made = QFile::encodeName(file.value().path);
    const int error =
        ::link(made.constData(), QFile::encodeName(path).constData()) == 0 ? 0 : errno;
    ::unlink(made.constData());
    if (error != 0 && error != EEXIST)
        return Failure{ systemError(path, "cannot be made"_L1, error) };
    return error == 0 ? AdminToken::Made : AdminToken::WasThere;
}

} // namespace quiesce
