// SPDX-License-Identifier: GPL-3.0-only
// The runtime file of a quiesced on this machine, read as an instance the console can reach.
#pragma once

#include "console/client/instancespec.h"

namespace quiesce {

struct LocalInstance
{
    InstanceSpec spec;
    QString instanceId;
    qint64 writtenAt = 0; ///< ms since the epoch
};

/// The instance that `<pid>.json` tells of, reached by loopback where it listens on all addresses.
///
/// None for what is no regular file (a symlink is not followed), is larger than 64 KiB, is
/// another user's than ours or root's or may be written by others (it names the token file that is
/// read, and the address it is sent to), is not complete, or is held by no living process.
/// Blocks:  for the reading of one small file.
[[nodiscard]] std::optional<LocalInstance> readRuntimeFile(const QString &path);

} // namespace quiesce
