// SPDX-License-Identifier: GPL-3.0-only
// The few POSIX file operations that Qt does not offer: private from the first moment, never shared
// with a child, and with the system's reason when they fail.
#pragma once

#include "common/result.h"
#include "service/core/filedescriptor.h"

#include <QByteArray>
#include <QString>

namespace quiesce {

/// "<path>: <what>: <the system's reason for `error`>"
[[nodiscard]] QString systemError(const QString &path, QLatin1StringView what, int error);

/// Opens with O_CLOEXEC; a file that is made has mode 0600.
[[nodiscard]] FileDescriptor openFile(const QString &path, int flags);

/// Makes the directory and those above it that are missing, each with mode 0700. One that is there
/// keeps its mode.
[[nodiscard]] Result<Done, QString> makePrivateDirectory(const QString &path);

/// Writes all of it, or says why not.
[[nodiscard]] Result<Done, QString> writeAll(const FileDescriptor &fd, const QString &path,
                                             const QByteArray &content);

/// Makes a new file of mode 0600 beside `path`, whose name is the path and a random suffix, with
/// this content on stable storage. Whoever asked gives it its final name or removes it.
struct PrivateFile
{
    FileDescriptor fd;
    QString path;
};
[[nodiscard]] Result<PrivateFile, QString> writePrivateFileBeside(const QString &path,
                                                                  const QByteArray &content);

} // namespace quiesce
