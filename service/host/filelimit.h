// SPDX-License-Identifier: GPL-3.0-only
// The process's limit of open files, raised to what it may be.
#pragma once

#include <QtGlobal>

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

/// Whether that many connections and everything else fit; logs a warning when they do not.
bool isFileLimitEnough(const FileLimit &limit, int maxConnections);

} // namespace quiesce
