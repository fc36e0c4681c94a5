// SPDX-License-Identifier: GPL-3.0-only
// Writing whole files: see the header.
#include "service/core/atomicfile.h"

#include <QFile>
#include <cerrno>
#include <cstdio>

namespace quiesce {

namespace {

bool writeAll(QFile &file, const QByteArray &content)
{
    qint64 written = 0;
    while (written < content.size()) { // a short write has no reason yet; the next one gives it
        const qint64 more = file.write(content.constData() + written, content.size() - written);
        if (more <= 0)
            return false;
        written += more;
    }
    return true;
}

} // namespace

QString writeAtomically(const QString &path, const QByteArray &content)
{
    QFile file(path + QStringLiteral(".tmp"));
    const bool isWritten =
        file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered,
                  QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        && writeAll(file, content);
    const QString failure = file.errorString(); // close() forgets it
    file.close();
    if (isWritten
        && std::rename(QFile::encodeName(file.fileName()).constData(),
                       QFile::encodeName(path).constData())
            == 0)
        return {};
    const QString reason = isWritten ? qt_error_string(errno) : failure;
    file.remove();
    return reason;
}

} // namespace quiesce
