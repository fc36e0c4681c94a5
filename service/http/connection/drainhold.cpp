// SPDX-License-Identifier: GPL-3.0-only
// DrainHold: see the header.
#include "service/http/connection/drainhold.h"

#include "service/core/inflight.h"
#include "service/http/connectionhost.h"

namespace quiesce {

DrainHold::DrainHold(ConnectionHost &host, HttpConnection &connection)
    : WorkItem(WorkKind::Connection)
    , m_host(host)
    , m_connection(connection)
    , m_rhythm(host.clock().now())
{ }

void DrainHold::begin()
{
    if (m_host.role() == ConnectionHost::Role::Traffic && !isInFlight())
        m_host.inFlight().begin(*this);
}

void DrainHold::end(WorkOutcome outcome)
{
    m_host.inFlight().end(*this, outcome);
}

void DrainHold::look()
{
    if (!m_connection.isBetweenRequests())
        return;
    const SteadyTime later = m_host.clock().now() + m_host.linger();
    if (m_connection.isHandshaking()) // its client was here before the stop and
                                      // is about to ask
        return hasStoodStill() ? m_connection.end() : lookAgainAt(later);
    if (!m_connection.isIdle()) // a head is coming
        return hasStoodStill() ? m_connection.headerTimedOut() : lookAgainAt(later);
    const SteadyTime until = m_rhythm.inUseUntil(m_host.linger());
    if (m_host.clock().now() < until)
        return lookAgainAt(until);
    m_connection.readable(); // what came in after the last look at it must not be lost
    if (m_connection.isIdle())
        m_connection.end();
    else if (m_connection.isBetweenRequests())
        lookAgainAt(later);
}

void DrainHold::lookAgainAt(SteadyTime when)
{
    m_host.lingerUntil(m_connection, when);
}

bool DrainHold::hasStoodStill()
{
    const qsizetype now = m_connection.intake().waiting();
    return std::exchange(m_seen, now) == now;
}

WorkDescription DrainHold::describe() const
{
    return { .id = {},
             .label = m_connection.isHandshaking() ? QStringLiteral("TLS handshake under way")
                 : m_connection.isShuttingDown()
                 ? QStringLiteral("end of the last answer being sent")
                 : m_connection.isIdle() ? QStringLiteral("kept-alive connection still in use")
                                         : QStringLiteral("request head being received"),
             .peer = m_connection.peerName(),
             .traceId = {},
             .method = {},
             .route = {} };
}

std::optional<std::chrono::milliseconds>
DrainHold::expectedLeft(std::chrono::milliseconds age) const
{
    return std::max(m_host.linger() - age, std::chrono::milliseconds(0));
}

void DrainHold::cut()
{
    m_connection.cut();
}

} // namespace quiesce
