// SPDX-License-Identifier: GPL-3.0-only
// What the kernel says of this process, for the standard process_* metrics.
#pragma once

namespace quiesce {

/// Zero where /proc does not say. Blocks: for a few reads of /proc, no disk.
struct ProcessInfo
{
    double cpuSeconds = 0; ///< user and system
    double residentBytes = 0;
    double virtualBytes = 0;
    double openDescriptors = 0;
    double maxDescriptors = 0;
    double startTimeSeconds = 0; ///< since the Unix epoch

    [[nodiscard]] static ProcessInfo read();
};

} // namespace quiesce
