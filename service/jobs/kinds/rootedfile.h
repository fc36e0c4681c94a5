// SPDX-License-Identifier: GPL-3.0-only
// Files that a client names: only regular ones, only below the folders that the operator allows.
#pragma once

#include "common/result.h"
#include "service/core/filedescriptor.h"

#include <QString>
#include <QStringList>

namespace quiesce {

/// Opens for reading. The root may itself be reached through symbolic links, which are the
/// operator's; below it a link may lead anywhere that is still below it, and nowhere else.
///
/// How:    openat2() with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS (openat2(2), Linux 5.6), so
///         that nothing can be swapped between a check and its use; first with O_PATH, so that no
///         device or pipe is opened to find out that it is one.
/// Blocks: as long as the file system does; not on the event loop for files that may be far away.
/// @error  for people; what is outside and what is not there are told apart.
[[nodiscard]] Result<FileDescriptor, QString> openBelow(const QStringList &roots,
                                                        const QString &path);

enum class Presence : unsigned char {
    Required,
    Optional, ///< but its folder must be there
};

/// Where the path really is, without any symbolic link, below a root: for a program that wants a
/// name. A regular file, or (Optional) nothing yet.
///
/// Limits: a name is only as good as its folder: whoever may rename files below the root can still
///         put something else there before the program opens it.
[[nodiscard]] Result<QString, QString> resolveBelow(const QStringList &roots, const QString &path,
                                                    Presence presence);

} // namespace quiesce
