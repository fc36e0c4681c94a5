// SPDX-License-Identifier: GPL-3.0-only
// serverPort(): a port for a server that a test starts, stops and starts again.
#pragma once

#include <QTcpServer>
#include <unistd.h>

namespace quiesce::test {

/// A port of loopback that nobody listens on, and that no other process of the tests is given: each
/// has kShare of its own, by its id (two whose ids are a multiple of kShares apart have the same,
/// and only see what the other listens on). It lies below those that the system gives to
/// connections and to whoever asks for any (from 32768 on, net.ipv4.ip_local_port_range), so that
/// nobody comes by it before the server listens, or while that is stopped.
///
/// Thread: any one. Limits: kShare of them a process. 0: there is none left.
[[nodiscard]] inline quint16 serverPort()
{
    constexpr int kFirst = 20'000;
    constexpr int kShare = 16;
    constexpr int kShares = 750;
    static int s_given = 0;
    const int first = kFirst + kShare * static_cast<int>(::getpid() % kShares);
    while (s_given < kShare) {
        const auto port = static_cast<quint16>(first + s_given++);
        if (QTcpServer().listen(QHostAddress::LocalHost, port))
            return port;
    }
    return 0;
}

} // namespace quiesce::test
