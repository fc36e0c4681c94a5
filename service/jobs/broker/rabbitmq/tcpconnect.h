// SPDX-License-Identifier: GPL-3.0-only
// A TCP connection made by a thread that can be called off meanwhile.
#pragma once

#include "common/result.h"
#include "service/core/filedescriptor.h"

#include <QString>
#include <chrono>
#include <functional>

namespace quiesce {

struct TcpTarget
{
    QString host;
    quint16 port = 0;
    std::chrono::milliseconds timeout{ 5'000 }; ///< for all of its addresses together
    /// Readable: goesOn() is asked.
    int wakeDescriptor = -1;
    std::function<bool()> goesOn{};
};

/// Tries the host's addresses one after the other. The descriptor does not block, and is closed on
/// exec.
///
/// Blocks:  for the time-out; the resolver, before it, for as long as /etc/resolv.conf has it.
/// @error   why, for people.
[[nodiscard]] Result<FileDescriptor, QString> connectTcp(const TcpTarget &target);

} // namespace quiesce
