// SPDX-License-Identifier: GPL-3.0-only
// The kind `digest`: SHA-256 of a file's chunks and of their list, resumable at each chunk.
#pragma once

#include "service/jobs/jobkind.h"

#include <QStringList>

class QThreadPool;

namespace quiesce {

/// Payload: `path` (absolute, a regular file below one of the roots, see openBelow()) and
/// `chunkBytes` (4,096 to 1,073,741,824; default 8,388,608).
///
/// The file is cut into chunks of chunkBytes, the last one shorter; an empty file has none. Each
/// chunk's digest is its SHA-256. The list's digest is the SHA-256 of all chunk digests, 32 bytes
/// each, one after the other in the order of the file. With coreutils:
///
///     split -b 8388608 --filter='sha256sum | cut -c-64' FILE | xxd -r -p | sha256sum
///
/// Result: `{"size", "chunkBytes", "chunks", "listSha256", "chunkSha256"}`; chunkSha256 is the
/// array of all chunk digests, or null when there are more than kMaxListedChunks. Each also goes to
/// the job's output, as "NUMBER HEX" and a newline, counted from 0.
///
/// Checkpoint, after each chunk: the identity of the file (device, inode, size, modification time
/// in ns), the number of chunks done, the state of the list's hash (ResumableSha256) and the
/// digests listed: below 20 KiB for a file of any size. An attempt with a checkpoint goes on there
/// if the file is still the same, else it fails for good, as does one whose file changes meanwhile.
///
/// When a stop begins it goes on if, at the speed so far, it will be done before the deadline;
/// else it is interrupted after the chunk at hand, or at once if that would take too long, too. At
/// the stop token it is interrupted after the block at hand (kDigestBlockBytes).
///
/// Thread:  the handler is called on the event loop and works on `pool`, which must outlive it.
/// Limits:  one block and one chunk's hash in memory, whatever the file.
[[nodiscard]] JobKind digestKind(const QStringList &roots, QThreadPool *pool);

inline constexpr int kMaxListedChunks = 256;
inline constexpr qsizetype kDigestBlockBytes = 256 * 1'024;

} // namespace quiesce
