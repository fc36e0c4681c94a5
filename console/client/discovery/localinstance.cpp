// SPDX-License-Identifier: GPL-3.0-only
// Reading runtime files: what may be trusted, what is alive, and where it is reached.
#include "console/client/discovery/localinstance.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLongestFile = qint64{ 64 } * 1'024;

bool isTrusted(const struct stat &info)
{
    return S_ISREG(info.st_mode) && (info.st_uid == ::geteuid() || info.st_uid == 0)
        && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0 && info.st_size <= kLongestFile;
}

/// The living process holds it exclusively; whoever may share it knows that it is gone.
bool isHeld(int descriptor)
{
    if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0)
        return errno == EWOULDBLOCK;
    ::flock(descriptor, LOCK_UN);
    return false;
}

/// Of the address listened on, one that can be connected to.
QUrl reachable(QUrl url)
{
    const QHostAddress address(url.host());
    if (address == QHostAddress(QHostAddress::AnyIPv4))
        url.setHost(u"127.0.0.1"_s);
    else if (address == QHostAddress(QHostAddress::AnyIPv6) || url.host() == "::"_L1)
        url.setHost(u"::1"_s);
    return url;
}

std::optional<LocalInstance> fromJson(const QJsonObject &json, const QString &baseName)
{
    const qint64 pid = json.value("pid"_L1).toInteger(-1);
    const QString instanceId = json.value("instanceId"_L1).toString();
    const QString tokenFile = json.value("tokenFile"_L1).toString();
    const auto url = adminUrlFromUserInput(json.value("adminUrl"_L1).toString());
    if (pid <= 0 || QString::number(pid) != baseName || instanceId.isEmpty() || !url)
        return std::nullopt;
    InstanceSpec spec;
    spec.name = json.value("name"_L1).toString();
    spec.adminUrl = reachable(*url);
    spec.id = spec.adminUrl.toString();
    if (QDir::isAbsolutePath(tokenFile)) {
        spec.tokenSource = TokenSource::File;
        spec.tokenFile = tokenFile;
    }
    spec.isLocal = true;
    spec.pid = pid;
    return LocalInstance{ .spec = spec, .instanceId = instanceId, .writtenAt = 0 };
}

} // namespace

std::optional<LocalInstance> readRuntimeFile(const QString &path)
{
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    QFile file;
    if (descriptor < 0 || !file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        return std::nullopt;
    struct stat info = {};
    if (::fstat(descriptor, &info) != 0 || !isTrusted(info) || !isHeld(descriptor))
        return std::nullopt;
    const QJsonObject json = QJsonDocument::fromJson(file.read(kLongestFile)).object();
    auto local = fromJson(json, QFileInfo(path).completeBaseName());
    if (local)
        local->writtenAt = qint64{ info.st_mtim.tv_sec } * 1'000 + info.st_mtim.tv_nsec / 1'000'000;
    return local;
}

} // namespace quiesce
