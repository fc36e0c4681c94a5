// SPDX-License-Identifier: GPL-3.0-only
// ActiveRequest: the request that a connection is at work on, from its head to the last byte of its
// answer.
#pragma once

#include "service/core/requestcontext.h"
#include "service/core/workitem.h"
#include "service/http/connection/bodymemory.h"
#include "service/http/requestparser.h"

#include <memory>

namespace quiesce {

class ConnectionHost;
class HttpConnection;
class PendingAnswer;
struct Refusal;
struct RouteStats;

/// Counts the request, names it to whoever waits for it, and stands between its handler and all who
/// may want the handler to give up. A connection uses one over and over.
///
/// Thread:  event loop. Owns: the parsed request, the context and the handler's pending answer; the
///          body until its answer is complete.
/// Order:   begin() when the head is complete, then end() or answered() once; in between InFlight
///          has it when isCounted(), and from dispatched() on it counts against max_in_flight.
class ActiveRequest final : public WorkItem
{
public:
    ActiveRequest(ConnectionHost &host, HttpConnection &connection);

    void begin(const ParsedRequest &head);
    [[nodiscard]] bool hasBegun() const { return m_id != 0; }
    /// Counted and bounded: neither a probe nor an operator's request.
    [[nodiscard]] bool isCounted() const;
    /// A probe; still said of the last one when it has ended.
    [[nodiscard]] bool isHealth() const { return m_isHealth; }
    void dispatched();
    void setStatus(int status) { m_status = status; } ///< of the answer
    void answered(SteadyTime now); ///< the last byte of its answer is in the kernel
    void end(WorkOutcome outcome); ///< without an answer; nothing when none has begun

    /// Its body, of this size by now, may be held; false when all bodies together are too much.
    [[nodiscard]] bool tryHoldBody(qint64 bytes) { return m_body.tryGrowTo(bytes); }
    [[nodiscard]] qint64 bodyHeld() const { return m_body.bytes(); }
    void dropBody();

    [[nodiscard]] const ParsedRequest &parsed() const { return m_parsed; }
    void setParsed(ParsedRequest request) { m_parsed = std::move(request); }
    void forgetParsed() { m_parsed = {}; }

    // For the router, while it dispatches this request.
    void setRoute(RouteStats &route) { m_route = &route; }
    [[nodiscard]] RequestContext context(); ///< made on first use
    void setPending(std::shared_ptr<PendingAnswer> pending);

    // For the connection.
    void tellHandlerToGiveUp();
    /// Answers in the handler's stead, and tells it that nobody waits for its own any more.
    void abandonHandler(const Refusal &instead);
    void handlerAnswered();

    [[nodiscard]] WorkDescription describe() const override;
    /// By what its route took lately; without that, until its time-out.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    expectedLeft(std::chrono::milliseconds age) const override;
    void requestCancel() override;
    void cut() override;

private:
    ConnectionHost &m_host;
    HttpConnection &m_connection;
    ParsedRequest m_parsed;
    std::unique_ptr<RequestContext> m_context;
    std::shared_ptr<PendingAnswer> m_pending;
    BodyMemory::Share m_body;
    RouteStats *m_route = nullptr; ///< its meter's; none: no route has matched (yet)
    quint64 m_id = 0;
    int m_status = 0;
    bool m_isHealth = false; ///< a probe: never counted, never refused for overload
    bool m_isDispatched = false;
    bool m_isCancelled = false; ///< told to give up at the deadline, or by an operator
};

} // namespace quiesce
