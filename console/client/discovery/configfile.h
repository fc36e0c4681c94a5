// SPDX-License-Identifier: GPL-3.0-only
// The console's own files: where they are, written privately, and set aside when damaged.
#pragma once

#include "common/result.h"

#include <QString>

class QProcessEnvironment;

namespace quiesce {

/// `asked` when it is given, else `$XDG_CONFIG_HOME/quiesce-console`, else
/// `~/.config/quiesce-console`.
[[nodiscard]] QString configFolder(const QString &asked, const QProcessEnvironment &environment);

/// Makes it, and what is missing above it, the last one with mode 0700; one that is there is
/// left as it is.
void makePrivateFolder(const QString &path);

/// Replaces the file as a whole, mode 0600, and makes its folder (0700) when it is missing.
/// @error names the file and the system's reason.
[[nodiscard]] Result<Done, QString> writePrivately(const QString &path, const QByteArray &content);

/// All of a file of at most `longest` bytes; nothing of one that is not there.
/// @error names the file and why it cannot be read.
[[nodiscard]] Result<QByteArray, QString> readWhole(const QString &path, qint64 longest);

/// Gives a file that cannot be used another name, `<path>.damaged-<UTC time>`, and says which;
/// empty when even that cannot be done.
[[nodiscard]] QString setAside(const QString &path);

} // namespace quiesce
