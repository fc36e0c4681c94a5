// SPDX-License-Identifier: GPL-3.0-only
// Writes a file so that it is there completely under its name, or not at all.
#pragma once

#include <QByteArray>
#include <QString>

namespace quiesce {

/// Writes beside the file (mode 0600) and renames. Returns an empty text, or the system's reason,
/// and then nothing half written is left and an earlier file is as it was.
///
/// It is not forced to the disk: a process that dies loses nothing by that, only a power failure in
/// the next seconds does, and fsync() on a busy disk has held up the exit by 28 ms.
/// Blocks: for the write, not for the disk.
[[nodiscard]] QString writeAtomically(const QString &path, const QByteArray &content);

} // namespace quiesce
