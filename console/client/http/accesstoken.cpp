// SPDX-License-Identifier: GPL-3.0-only
// AccessToken: see the header.
#include "console/client/http/accesstoken.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <algorithm>

namespace quiesce {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::AccessToken)
};

} // namespace

Result<Done, QString> AccessToken::readFile(const QString &path)
{
    m_token = Secret();
    QFile file(path);
    if (QFileInfo(path).isDir() || !file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        return Failure{
            Text::tr("The token file %1 cannot be read: %2").arg(path, file.errorString())
        };
    }
    QByteArray content = file.read(kMaxFileBytes + 1);
    const bool isTooLong = content.size() > kMaxFileBytes;
    if (!isTooLong)
        m_token = Secret(QByteArrayView(content).trimmed());
    wipe(content);
    if (isTooLong) {
        return Failure{ Text::tr("The token file %1 is too large to hold a token").arg(path) };
    }
    if (m_token.isEmpty() || !isWellFormed()) {
        m_token = Secret();
        return Failure{ Text::tr("The token file %1 holds no token").arg(path) };
    }
    return Done{};
}

bool AccessToken::isWellFormed() const
{
    const QByteArrayView token = m_token.view();
    return std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
}

QByteArray AccessToken::authorization() const
{
    return QByteArray("Bearer ").append(m_token.view());
}

AccessToken::FileMark AccessToken::FileMark::of(const QString &path)
{
    const QFileInfo info(path);
    FileMark mark;
    if (info.exists()) {
        mark.m_changedAt = info.metadataChangeTime();
        mark.m_size = info.size();
    }
    return mark;
}

} // namespace quiesce
