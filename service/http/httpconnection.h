// SPDX-License-Identifier: GPL-3.0-only
// HttpConnection: one client's connection; the only object that knows bytes.
#pragma once

#include "common/settings.h"
#include "service/core/requestcontext.h"
#include "service/core/workitem.h"
#include "service/http/admin/admissiongate.h"
#include "service/http/answerstream.h"
#include "service/http/exchangesocket.h"
#include "service/http/metrics/httpmeter.h"
#include "service/http/requestparser.h"
#include "service/http/rhythm.h"
#include "service/http/timeoutqueue.h"
#include "service/http/transport.h"

#include <memory>

namespace quiesce {

class ConnectionHost;
class InFlight;
class PendingAnswer;

/// Frames HTTP/1.1, hands QHttpServer one complete request at a time through an ExchangeSocket, and
/// knows when each answer's last byte is in the kernel.
///
/// Thread:  event loop. Owned by its ConnectionHost, which deletes it some time after ended().
/// Owns:    its transport, parser and exchange socket; the last two only while it is busy, so an
///          idle connection is small.
/// Limits:  LimitSettings; kMaxPipelined bytes are read ahead of an unanswered request.
/// Order:   InFlight counts a request from its complete head to the last byte of its answer.
class HttpConnection final : private TransportObserver, private AnswerSink, private AnswerStream
{
public:
    static constexpr qsizetype kMaxPipelined = 64 * 1024;
    static constexpr int kRequestsPerTurn =
        32; ///< pipelined ones answered before others have a turn
    static constexpr qint64 kMaxDiscarded = 1024 * 1024; ///< read and dropped after a last answer

    explicit HttpConnection(ConnectionHost &host);
    ~HttpConnection();
    HttpConnection(const HttpConnection &) = delete;
    HttpConnection &operator=(const HttpConnection &) = delete;

    /// Takes the descriptor of an accepted connection; false when the kernel cannot watch it.
    [[nodiscard]] bool tryOpen(Poller &poller, int descriptor);

    /// Nothing of a request has been received and no answer is under way.
    [[nodiscard]] bool isIdle() const;
    /// A drain has begun: closes at once when idle and not in use, else sees to it that it holds
    /// the drain no longer than its rhythm and the settings allow.
    void beginDrain();
    /// The time its rhythm gave it in a drain is over.
    void lingerOver();
    /// Answers what was pipelined behind an answered request.
    void resume();
    /// Closes with a reset, without regard for what is under way.
    void cut() override;
    /// The server goes: closes in order when nothing is under way, so that what the kernel still
    /// has to send arrives, else cut().
    void leave();

    void headerTimedOut();
    void bodyTimedOut();
    void requestTimedOut();
    void writeTimedOut();
    void keepAliveTimedOut();
    void closingTimedOut();
    void answerHeld(); ///< the refusal has been held back for long enough
    /// The listener is full and this one is to go: with a reset when an answer is under way.
    void makeWay();
    void handshakeTimedOut();
    void coolDown(); ///< idle for a while: gives back what only a busy connection needs

    // For the router, while it dispatches this connection's request.
    /// The context of the request being dispatched; made on first use.
    [[nodiscard]] RequestContext context();
    void setRoute(RouteStats &route) { m_route = &route; }
    void setPending(std::shared_ptr<PendingAnswer> pending);
    [[nodiscard]] const ParsedRequest &request() const { return m_current; }
    /// What the token of an operator's last request gave it.
    [[nodiscard]] Access access() const { return m_operator ? m_operator->access : Access::None; }
    /// Answers the request being dispatched with a stream, instead of QHttpServer.
    void openStream(const StreamRoute &route);
    /// Who its client has proved to be by a TLS certificate; else empty.
    [[nodiscard]] QString peerIdentity() const;

private:
    enum class Phase : unsigned char {
        Reading, ///< between requests, or receiving one
        Held, ///< a refusal is held back, and nothing is read
        Handling, ///< a request is with QHttpServer
        Streaming, ///< its answer goes on until somebody ends it
        Writing, ///< its answer is complete and not yet in the kernel
        Closing, ///< our last byte is out; waiting for the client's end of stream
        Ended,
    };

    /// The request in flight, as InFlight sees it.
    struct RequestItem final : WorkItem
    {
        explicit RequestItem(HttpConnection &owner)
            : WorkItem(WorkKind::Request)
            , connection(owner)
        { }
        [[nodiscard]] WorkDescription describe() const override;
        /// By what its route took lately; without that, until its time-out.
        [[nodiscard]] std::optional<std::chrono::milliseconds>
        expectedLeft(std::chrono::milliseconds age) const override;
        void requestCancel() override { connection.cancelAtDeadline(); }
        void cut() override { connection.cut(); }
        HttpConnection &connection;
    };
    /// The connection itself, when it holds a drain though no request is in flight.
    struct UseItem final : WorkItem
    {
        explicit UseItem(HttpConnection &owner)
            : WorkItem(WorkKind::Connection)
            , connection(owner)
        { }
        [[nodiscard]] WorkDescription describe() const override;
        [[nodiscard]] std::optional<std::chrono::milliseconds>
        expectedLeft(std::chrono::milliseconds age) const override;
        void cut() override { connection.cut(); }
        HttpConnection &connection;
    };

    /// What only an operator's connection keeps.
    struct OperatorSide
    {
        explicit OperatorSide(HttpConnection *owner)
            : place(owner)
        { }
        TimeoutLink place; ///< among those who may have to make way
        AdmissionGate::Ends ends;
        Refusal held;
        Access access = Access::None;
    };

    void readable() override;
    void writable() override;
    void broken() override;
    void established() override;
    void answerBegan(const AnswerHead &head, QByteArrayView raw) override;
    void answerBody(QByteArrayView bytes) override;
    void answerComplete() override;
    void answerFaulty() override;
    void begin(AnswerStreamObserver &observer) override;
    void write(QByteArrayView bytes) override;
    [[nodiscard]] qsizetype bytesToWrite() const override { return m_output.size() - m_sent; }
    void finish() override;

    void takeInput(QByteArrayView bytes);
    /// Works through the bytes and returns how many are done with.
    [[nodiscard]] qint64 pump(QByteArrayView bytes);
    [[nodiscard]] bool tryServe();
    void headBegan();
    void bodyGoesOn();
    void endOfInput();
    void discardInput();
    void ignoreInput(qsizetype count);
    void beginRequest();
    [[nodiscard]] bool isAdmitted();
    [[nodiscard]] bool isAdmittedThoughTooLong();
    void turnAway(const Admission &admission);
    void dispatch();
    [[nodiscard]] bool isOverloaded() const;
    void refuse(const Refusal &refusal);
    void writeAnswer(const Refusal &refusal);
    void appendStreamHead(const QByteArray &contentType);
    void sendInterim();
    void flush();
    void answerFlushed();
    void resumeLater();
    void endRequest(WorkOutcome outcome);
    void holdDrain();
    void beginClosing();
    void tellStreamEnded();
    void writeShutDown();
    [[nodiscard]] bool isHandshaking() const;
    void clientLeft();
    void cancelAtDeadline();
    void abandonHandler(const Refusal &instead);
    void rejectForOverload();
    void decideClose();
    [[nodiscard]] HttpMeter::Counts &meter() const;
    void updateInterest();
    void releaseExchange();
    void end();
    [[nodiscard]] bool isCounted() const;

    ConnectionHost &m_host;
    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<RequestParser> m_parser;
    ExchangeSocket *m_exchange = nullptr; ///< a child of the host's server until retire()
    AnswerStreamObserver *m_streamObserver = nullptr;
    std::shared_ptr<PendingAnswer> m_pending;
    std::unique_ptr<RequestContext> m_context;
    RequestItem m_requestItem{ *this };
    UseItem m_useItem{ *this };
    TimeoutLink m_timeout{ this };
    TimeoutLink m_warmth{ this };
    std::unique_ptr<OperatorSide> m_operator; ///< null for traffic
    ParsedRequest m_current;
    RouteStats *m_route = nullptr; ///< its meter's; none: no route has matched (yet)
    QByteArray m_input; ///< received and not yet consumed
    QByteArray m_output; ///< to be sent from m_sent on
    qsizetype m_sent = 0;
    qint64 m_discarded = 0;
    qsizetype m_inputSeen = -1; ///< of a head that was coming when a drain last looked
    quint64 m_requestId = 0;
    Rhythm m_rhythm;
    int m_status = 0; ///< of the answer
    Phase m_phase = Phase::Reading;
    bool m_isPumping = false;
    bool m_isResumeQueued = false;
    bool m_mustClose = false; ///< after the answer under way
    bool m_hasInputEnded = false;
    bool m_hasBegunAnswer = false;
    bool m_isCancelled = false; ///< told to give up at the deadline
    bool m_isHealth = false; ///< a probe: never counted, never refused for overload
    bool m_isDispatched = false; ///< counted against limits.max_in_flight
    bool m_isShuttingDown = false; ///< closing, and not all of our end of the stream is out yet
    bool m_isHandshakeLate = false; ///< a drain has waited stop.linger for it
};

} // namespace quiesce
