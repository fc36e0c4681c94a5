// SPDX-License-Identifier: GPL-3.0-only
// PostgresLine: lets another thread cut the connection that a ledger hangs on.
#pragma once

#include <mutex>

namespace quiesce {

/// QtSql waits for the server without a time limit, and a server that is frozen, or that no packet
/// reaches, never answers. Shutting its socket down ends the wait with an error.
///
/// Thread:  any. Owns: nothing; the socket is the connection's.
/// Order:   hold() after connecting, release() before the socket is closed.
class PostgresLine final
{
public:
    void hold(int socket);
    void release();
    /// Whoever waits for the server has lost the connection.
    void cut();
    /// From now on none is to be made any more.
    void giveUp();
    [[nodiscard]] bool isGivenUp() const;

private:
    mutable std::mutex m_mutex;
    int m_socket = -1;
    bool m_isGivenUp = false;
};

} // namespace quiesce
