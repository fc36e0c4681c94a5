// SPDX-License-Identifier: GPL-3.0-only
// OperatorSide: what only a connection of the admin listener has.
#pragma once

#include "service/http/admin/adminedge.h"
#include "service/http/answerhead.h"

namespace quiesce {

class RequestParser;
class Transport;

/// Shows each request to the gate, keeps the connection's place among those who may have to make
/// way, and an answer that is held back.
///
/// Thread:  event loop. Owns: its place, until leave() or its end.
class OperatorSide final
{
public:
    /// `connection` is what the edge knows the place by.
    OperatorSide(AdminEdge &edge, void *connection, const Transport &transport, int descriptor);

    /// Whether the request may go on, by its head; it keeps no credentials after that.
    [[nodiscard]] Admission judge(RequestParser &parser);
    /// What the token of the last request gave it.
    [[nodiscard]] Access access() const { return m_access; }

    /// There are other tokens now: whether the one it has shown last is still right.
    [[nodiscard]] bool isStillKnown();

    /// The connection's answerHeld() is called when it has been held back for long enough.
    void holdBack(const Refusal &answer, std::chrono::milliseconds delay, TimeoutLink &timeout);
    [[nodiscard]] const Refusal &heldBack() const { return m_heldBack; }
    /// The connection has ended: it is nobody's to be sent away.
    void leave() { m_place.disarm(); }

private:
    AdminEdge &m_edge;
    TimeoutLink m_place;
    AdmissionGate::Ends m_ends;
    Refusal m_heldBack;
    TokenId m_token = 0; ///< the last right one
    Access m_access = Access::None;
};

} // namespace quiesce
