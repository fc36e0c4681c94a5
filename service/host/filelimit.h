// SPDX-License-Identifier: GPL-3.0-only
// The process's limit of open files, raised to what it may be.
#pragma once

#include "common/settings.h"

namespace quiesce {

/// RLIMIT_NOFILE before and after; kUnlimitedFiles where there is none.
struct FileLimit
{
    qint64 before = 0;
    qint64 now = 0;
};

inline constexpr qint64 kUnlimitedFiles = -1;

/// What a process needs beside its connections: listeners, pipes, libraries, files, accepts.
inline constexpr qint64 kOtherFiles = 64;

/// Raises the soft limit to the hard one and logs it. A failure is logged and changes nothing.
/// Limits: children inherit it; whoever starts some lowers it for them to `before`.
FileLimit raiseFileLimit();

/// The same limits when all their connections and everything else fit. Else logs a warning and
/// gives the admin listener a quarter of what there is, at most what it was to have, and the
/// traffic listener the rest: whoever takes all of the one keeps nobody from the other. At least
/// one each.
LimitSettings fitTo(const FileLimit &limit, LimitSettings limits);

} // namespace quiesce
