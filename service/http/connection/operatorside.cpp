// SPDX-License-Identifier: GPL-3.0-only
// OperatorSide: see the header.
#include "service/http/connection/operatorside.h"

#include "service/http/requestparser.h"
#include "service/http/transport.h"

#include <netinet/in.h>
#include <sys/socket.h>

namespace quiesce {

namespace {

/// The address and port that the connection came in on.
Endpoint localEndOf(int descriptor)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        return {};
    QHostAddress host(reinterpret_cast<const sockaddr *>(&address));
    host.setScopeId({}); // nobody calls a link-local address by a zone of ours
    const auto port = address.ss_family == AF_INET6
        ? reinterpret_cast<const sockaddr_in6 *>(&address)->sin6_port
        : reinterpret_cast<const sockaddr_in *>(&address)->sin_port;
    return { host.toString(), ntohs(port) };
}

} // namespace

OperatorSide::OperatorSide(AdminEdge &edge, void *connection, const Transport &transport,
                           int descriptor)
    : m_edge(edge)
    , m_place(connection)
    , m_ends{ transport.peerAddress(), localEndOf(descriptor) }
{
    m_edge.entered(m_place);
}

Admission OperatorSide::judge(RequestParser &parser)
{
    Admission admission = m_edge.gate().judge(parser.request(), m_ends);
    parser.forgetAuthorization();
    m_access = admission.access;
    if (admission.token != 0)
        m_token = admission.token;
    if (!admission.refusal || admission.access != Access::None)
        m_edge.heardFrom(m_place, admission.access);
    return admission;
}

bool OperatorSide::isStillKnown()
{
    const Access access = m_edge.gate().credentials().accessById(m_token);
    if (access != Access::None)
        m_edge.heardFrom(m_place, access);
    return access != Access::None;
}

void OperatorSide::holdBack(const Refusal &answer, std::chrono::milliseconds delay,
                            TimeoutLink &timeout)
{
    m_heldBack = answer;
    m_edge.hold(timeout, delay);
}

} // namespace quiesce
