// SPDX-License-Identifier: GPL-3.0-only
// Interruption: SIGINT, SIGTERM and SIGHUP to the tool itself, as an event of its loop.
#pragma once

#include "tests/rehearse/eventloop.h"

namespace quiesce::rehearse {

/// Blocks the signals and takes them from a signalfd, so that the tool never dies with a server
/// running. Servers start with nothing blocked.
class Interruption final
{
public:
    explicit Interruption(EventLoop &loop);

    /// The signal that came; 0 while none did.
    [[nodiscard]] int signal() const { return m_signal; }
    [[nodiscard]] bool hasCome() const { return m_signal != 0; }

private:
    void read();

    FileDescriptor m_signals;
    Watch m_watch;
    int m_signal = 0;
};

} // namespace quiesce::rehearse
