// SPDX-License-Identifier: GPL-3.0-only
// The one rule for files that hold a secret: tokens and private keys.
#pragma once

#include <QString>
#include <optional>
#include <sys/stat.h>

namespace quiesce {

/// What is wrong with who owns the file, and who may get at it; none when nothing is.
///
/// It belongs to this user or to root; nobody else may read, write or run it; a group may read it
/// only when it is root's, who has lent it then. So has PostgreSQL it for keys, and so are the
/// files of a Kubernetes secret volume with an fsGroup: root's, mode 0440.
/// Order: `info` is fstat()'s of the file that is open, whatever its name comes to mean meanwhile.
[[nodiscard]] std::optional<QString> secretFileFault(const struct stat &info);

} // namespace quiesce
