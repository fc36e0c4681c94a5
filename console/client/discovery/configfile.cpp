// SPDX-License-Identifier: GPL-3.0-only
// The console's own files: see the header.
#include "console/client/discovery/configfile.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QSaveFile>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr QFile::Permissions kPrivate = QFile::ReadOwner | QFile::WriteOwner;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::ConfigFile)
};

QString withReason(const QString &path, const QString &reason)
{
    return Text::tr("%1: %2").arg(QDir::toNativeSeparators(path), reason);
}

} // namespace

QString configFolder(const QString &asked, const QProcessEnvironment &environment)
{
    if (!asked.isEmpty())
        return QDir::cleanPath(QDir::current().absoluteFilePath(asked));
    const QString base = environment.value(u"XDG_CONFIG_HOME"_s);
    const bool isUsable = QDir::isAbsolutePath(base); // a relative one is to be ignored (XDG)
    return QDir::cleanPath((isUsable ? base : QDir::homePath() + "/.config"_L1)
                           + "/quiesce-console"_L1);
}

void makePrivateFolder(const QString &path)
{
    if (!QDir(path).exists() && QDir().mkpath(path))
        QFile::setPermissions(path, kPrivate | QFile::ExeOwner);
}

Result<Done, QString> writePrivately(const QString &path, const QByteArray &content)
{
    makePrivateFolder(QFileInfo(path).absolutePath());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(kPrivate)
        || file.write(content) != content.size() || !file.commit())
        return Failure{ withReason(path, file.errorString()) };
    return Done{};
}

Result<QByteArray, QString> readWhole(const QString &path, qint64 longest)
{
    QFile file(path);
    const QFileInfo info(path);
    if (!info.exists() && !info.isSymLink())
        return QByteArray();
    if (!info.isFile())
        return Failure{ withReason(path, Text::tr("not a file")) };
    if (!file.open(QIODevice::ReadOnly))
        return Failure{ withReason(path, file.errorString()) };
    const QByteArray content = file.read(longest + 1);
    if (content.size() > longest)
        return Failure{ withReason(path, Text::tr("larger than %L1 bytes").arg(longest)) };
    return content;
}

QString setAside(const QString &path)
{
    const QString now = QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmsszzz'Z'"_s);
    const QString other = path + ".damaged-"_L1 + now;
    return QFile::rename(path, other) ? other : QString();
}

} // namespace quiesce
