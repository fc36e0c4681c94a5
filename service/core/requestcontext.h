// SPDX-License-Identifier: GPL-3.0-only
// RequestContext: what a handler may know and be told about its request.
#pragma once

#include "service/core/clock.h"

#include <QByteArray>
#include <QDeadlineTimer>
#include <QString>
#include <memory>
#include <optional>
#include <stop_token>

namespace quiesce {

class StopNotice;

/// A handle on one request, for its handler: Go's context.Context in Qt's words.
///
/// Thread:  any; a copy may be taken to a pool thread and may outlive the request.
/// Owns:    a share of the request's state, none of the service's.
class RequestContext final
{
public:
    /// What the connection knows when it makes one.
    struct Facts
    {
        quint64 id = 0; ///< unique in the process
        QByteArray traceId; ///< 32 hex digits: the client's W3C trace id, or a new one
        QByteArray method; ///< as sent: HEAD stays HEAD though QHttpServer sees GET
        QByteArray target;
        QString peer; ///< address:port
        QString identity; ///< by the client's TLS certificate; empty without one
        QString role; ///< `operator` or `read`, by the token of an operator's request; else empty
        SteadyTime startedAt; ///< when the head was complete
        std::optional<SteadyTime> deadline; ///< by limits.request_timeout
    };

    RequestContext(Facts facts, std::shared_ptr<const StopNotice> notice);

    [[nodiscard]] quint64 id() const { return m_state->facts.id; }
    [[nodiscard]] const QByteArray &traceId() const { return m_state->facts.traceId; }
    [[nodiscard]] const QByteArray &method() const { return m_state->facts.method; }
    [[nodiscard]] const QByteArray &target() const { return m_state->facts.target; }
    [[nodiscard]] const QString &peer() const { return m_state->facts.peer; }
    [[nodiscard]] const QString &identity() const { return m_state->facts.identity; }
    [[nodiscard]] const QString &role() const { return m_state->facts.role; }

    /// When this request is given up by its own time-out (504) or, once a stop has begun, by the
    /// stop's deadline (503), whichever is first. QDeadlineTimer::Forever when there is neither.
    [[nodiscard]] QDeadlineTimer deadline() const;
    /// Triggered when nobody waits for the answer any more: the client left, the time-out or the
    /// stop's deadline has come, an operator cancelled it. Finish soon; late answers are dropped.
    [[nodiscard]] std::stop_token stopToken() const { return m_state->source.get_token(); }
    /// The soft notice: triggered when a stop begins. Nothing has to be given up yet.
    [[nodiscard]] std::stop_token stopNotice() const;
    [[nodiscard]] bool isStopping() const;

    /// The connection's side: triggers the stop token, once.
    void requestStop() const { m_state->source.request_stop(); }

private:
    struct State
    {
        Facts facts;
        std::shared_ptr<const StopNotice> notice;
        std::stop_source source;
    };
    std::shared_ptr<State> m_state;
};

} // namespace quiesce
