// SPDX-License-Identifier: GPL-3.0-only
// DrainHold: a connection as what a drain waits for, when no request is in flight on it.
#pragma once

#include "service/core/workitem.h"
#include "service/http/rhythm.h"

namespace quiesce {

class ConnectionHost;
class HttpConnection;

/// Decides how long a drain waits for a connection between two requests, and holds it that long.
///
/// A drain waits for a handshake or a head as long as more of it comes between two looks,
/// stop.linger apart; for a connection that is idle, until its rhythm says that nothing is likely
/// to come.
///
/// Thread:  event loop. Owns: the connection's rhythm.
/// Limits:  an operator's connection never holds a drain.
class DrainHold final : public WorkItem
{
public:
    DrainHold(ConnectionHost &host, HttpConnection &connection);

    void begin();
    void end(WorkOutcome outcome = WorkOutcome::Drained);
    /// A drain is under way and no request is in flight: closes the connection, or looks again
    /// later.
    void look();

    [[nodiscard]] Rhythm &rhythm() { return m_rhythm; }

    [[nodiscard]] WorkDescription describe() const override;
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    expectedLeft(std::chrono::milliseconds age) const override;
    void cut() override;

private:
    void lookAgainAt(SteadyTime when);
    [[nodiscard]] bool hasStoodStill();

    ConnectionHost &m_host;
    HttpConnection &m_connection;
    Rhythm m_rhythm;
    qsizetype m_seen = -1; ///< bytes of what was coming when it looked last
};

} // namespace quiesce
