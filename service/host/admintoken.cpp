// SPDX-License-Identifier: GPL-3.0-only
// Makes the token under another name and links it to its own, which fails when there is one.
#include "service/host/admintoken.h"

#include "service/core/secretfile.h"
#include "service/host/posixfile.h"

#include <QFile>
#include <QRandomGenerator>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <span>
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

/// O_NONBLOCK: opening a pipe that somebody put there must not wait for its writer.
FileDescriptor openExisting(const QString &path)
{
    return openFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
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

Failure<TokenFault> unusable(const QString &path, const QString &why)
{
    return Failure{ TokenFault{ TokenFault::Kind::Unusable, path + ": "_L1 + why } };
}

Failure<TokenFault> unreadable(const QString &path, int error)
{
    // A name that leads nowhere is a wrong setting; all else is for the system's keeper.
    const bool isNowhere = error == ENOENT || error == ENOTDIR;
    return Failure{ TokenFault{ isNowhere ? TokenFault::Kind::Unusable
                                          : TokenFault::Kind::Unreadable,
                                systemError(path, "cannot be read"_L1, error) } };
}

/// What is wrong with the file itself, whatever it contains.
std::optional<QString> faultOf(const struct stat &info)
{
    if (!S_ISREG(info.st_mode))
        return u"is not a regular file"_s;
    return secretFileFault(info);
}

bool isTokenByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || QByteArrayView("-._~+/").contains(c);
}

std::optional<QString> faultOf(QByteArrayView token)
{
    if (token.isEmpty())
        return u"is empty"_s;
    if (token.size() < kShortestToken)
        return u"holds a token of less than %1 bytes"_s.arg(kShortestToken);
    qsizetype end = token.size();
    while (end > 0 && token[end - 1] == '=')
        --end;
    if (end == 0 || !std::all_of(token.begin(), token.begin() + end, isTokenByte))
        return u"holds a byte that no bearer token has; it has letters, digits, -._~+/ and = at "
               "its end"_s;
    return {};
}

/// Of at most so many bytes; -1 and errno when it cannot be read.
qsizetype readAll(const FileDescriptor &file, std::span<char> buffer)
{
    qsizetype size = 0;
    while (size < qsizetype(buffer.size())) {
        const ssize_t count =
            ::read(file.get(), buffer.data() + size, buffer.size() - size_t(size));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count < 0 ? -1 : size;
        size += count;
    }
    return size;
}

} // namespace

Result<AdminToken, QString> ensureAdminToken(const QString &path)
{
    if (const FileDescriptor existing = openExisting(path); existing.isOpen())
        return AdminToken::WasThere;
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
        return AdminToken::WasThere;
    return Failure{ systemError(path, "cannot be made"_L1, error) };
}

namespace {

/// The content of a file that keeps a secret, without `ends` at its end, if the rule for it allows.
Result<Secret, TokenFault> readSecret(const QString &path, QByteArrayView ends,
                                      std::optional<QString> (*rule)(QByteArrayView))
{
    const FileDescriptor file = openExisting(path);
    struct stat info = {};
    if (!file.isOpen() || ::fstat(file.get(), &info) != 0)
        return unreadable(path, errno);
    if (const std::optional<QString> fault = faultOf(info))
        return unusable(path, *fault);

    static_assert(kLongestPassword == kLongestToken);
    std::array<char, kLongestToken + 1> buffer{};
    const qsizetype size = readAll(file, buffer);
    if (size < 0)
        return unreadable(path, errno);
    if (size > kLongestToken)
        return unusable(path, u"is longer than %1 bytes"_s.arg(kLongestToken));
    qsizetype end = size;
    while (end > 0 && ends.contains(buffer[size_t(end - 1)]))
        --end;
    const QByteArrayView content(buffer.data(), end);
    const std::optional<QString> fault = rule(content);
    Secret secret(fault ? QByteArrayView() : content);
    ::explicit_bzero(buffer.data(), buffer.size());
    if (fault)
        return unusable(path, *fault);
    return secret;
}

std::optional<QString> faultOfPassword(QByteArrayView password)
{
    if (password.isEmpty())
        return u"is empty"_s;
    if (password.contains('\0'))
        return u"holds a NUL byte"_s;
    return {};
}

} // namespace

Result<Secret, TokenFault> readToken(const QString &path)
{
    return readSecret(path, " \t\r\n", [](QByteArrayView token) -> std::optional<QString> {
        return faultOf(token);
    });
}

Result<Secret, TokenFault> readPassword(const QString &path)
{
    return readSecret(path, "\r\n", faultOfPassword);
}

Result<AdminTokens, TokenFault> readAdminTokens(const AdminSettings &settings)
{
    Result<Secret, TokenFault> operatorToken = readToken(settings.tokenFile);
    if (!operatorToken)
        return Failure{ operatorToken.error() };
    AdminTokens tokens{ operatorToken.takeValue(), {} };
    if (settings.readTokenFile.isEmpty())
        return tokens;
    Result<Secret, TokenFault> readOnly = readToken(settings.readTokenFile);
    if (!readOnly)
        return Failure{ readOnly.error() };
    tokens.readToken = readOnly.takeValue();
    if (tokens.readToken.view() == tokens.operatorToken.view())
        return unusable(settings.readTokenFile,
                        u"holds the same token as %1"_s.arg(settings.tokenFile));
    return tokens;
}

Result<Secret, TokenFault> readJobsToken(const JobSettings &settings, const AdminTokens &others)
{
    if (settings.tokenFile.isEmpty())
        return Secret();
    Result<Secret, TokenFault> token = readToken(settings.tokenFile);
    if (!token)
        return token;
    const QByteArrayView bytes = token.value().view();
    if (bytes == others.operatorToken.view() || bytes == others.readToken.view())
        return unusable(settings.tokenFile, u"holds the token of an operator"_s);
    return token;
}

} // namespace quiesce
