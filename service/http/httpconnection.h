// SPDX-License-Identifier: GPL-3.0-only
// HttpConnection: one client's connection; the only object that knows bytes.
#pragma once

#include "service/http/answerstream.h"
#include "service/http/connection/activerequest.h"
#include "service/http/connection/drainhold.h"
#include "service/http/connection/operatorside.h"
#include "service/http/connection/outputbuffer.h"
#include "service/http/connection/requestintake.h"
#include "service/http/connection/streamedanswer.h"
#include "service/http/exchangesocket.h"
#include "service/http/metrics/httpmeter.h"
#include "service/http/timeoutqueue.h"
#include "service/http/transport.h"

#include <memory>

namespace quiesce {

class ConnectionHost;

/// Frames HTTP/1.1, hands QHttpServer one complete request at a time through an ExchangeSocket, and
/// knows when each answer's last byte is in the kernel.
///
/// Thread:  event loop. Owned by its ConnectionHost, which deletes it some time after ended().
/// Owns:    its transport and its parts; parser, exchange socket, stream and what is an operator's
///          only while they are needed, so an idle connection is small.
/// Limits:  LimitSettings; kMaxPipelined bytes are read ahead of an unanswered request.
/// Order:   InFlight counts a request from its complete head to the last byte of its answer.
class HttpConnection final : private TransportObserver, private AnswerSink
{
public:
    static constexpr qsizetype kMaxPipelined = 64 * 1024;
    static constexpr int kRequestsPerTurn =
        32; ///< pipelined ones answered before others have a turn
    /// QHttpServer may keep a copy of an answered request's body of so many bytes until the
    /// connection cools down; larger ones are let go at once.
    static constexpr qint64 kKeptBody = 16 * 1024;
    static constexpr qint64 kMaxDiscarded = 1024 * 1024; ///< read and dropped after a last answer

    explicit HttpConnection(ConnectionHost &host);
    ~HttpConnection();
    HttpConnection(const HttpConnection &) = delete;
    HttpConnection &operator=(const HttpConnection &) = delete;

    /// Takes the descriptor of an accepted connection; false when the kernel cannot watch it.
    [[nodiscard]] bool tryOpen(Poller &poller, int descriptor);

    // What its host tells it.
    /// A drain has begun: closes at once when idle and not in use, else sees to it that it holds
    /// the drain no longer than its rhythm and the settings allow.
    void beginDrain();
    /// Answers what was pipelined behind an answered request.
    void resume();
    /// The server goes: closes in order when nothing is under way, so that what the kernel still
    /// has to send arrives, else cut().
    void leave();
    /// The listener is full and this one is to go: with a reset when an answer is under way.
    void makeWay();
    void headerTimedOut();
    void bodyTimedOut();
    void requestTimedOut();
    void writeTimedOut();
    void keepAliveTimedOut();
    void closingTimedOut();
    void handshakeTimedOut();
    void answerHeld(); ///< the refusal has been held back for long enough
    /// Other tokens are right now: a stream that was opened with none of these ends, in order.
    void tokensChanged();
    void coolDown(); ///< idle for a while: gives back what only a busy connection needs
    [[nodiscard]] DrainHold &drainHold() { return m_hold; }

    // For the router, while it dispatches this connection's request.
    [[nodiscard]] ActiveRequest &activeRequest() { return m_request; }
    /// Answers the request being dispatched with a stream, instead of QHttpServer.
    void openStream(const StreamRoute &route);

    // What its parts ask of it.
    /// The request being received or answered.
    [[nodiscard]] const ParsedRequest &request() const;
    /// What the token of an operator's last request gave it.
    [[nodiscard]] Access access() const { return m_operator ? m_operator->access() : Access::None; }
    /// Who its client has proved to be by a TLS certificate; else empty.
    [[nodiscard]] QString peerIdentity() const;
    [[nodiscard]] QString peerName() const; ///< address:port
    [[nodiscard]] bool isHandshaking() const;
    /// Nothing of a request has been received and no answer is under way.
    [[nodiscard]] bool isIdle() const;
    [[nodiscard]] bool isBetweenRequests() const;
    [[nodiscard]] bool isReading() const { return m_phase == Phase::Reading; }
    [[nodiscard]] bool isOpen() const; ///< its last answer is not out yet
    [[nodiscard]] bool isStreaming() const { return m_phase == Phase::Streaming; }
    [[nodiscard]] bool isShuttingDown() const { return m_isShuttingDown; }
    [[nodiscard]] OperatorSide *operatorSide() const { return m_operator.get(); }
    [[nodiscard]] const RequestIntake &intake() const { return m_intake; }

    // What its parts tell it.
    void readable() override;
    void headBegan();
    void bodyGoesOn();
    void resumeLater(); ///< resume() is to be called when others have had a turn
    void dispatch(); ///< the active request is complete
    /// An operator's request may not go on; the answer may have to wait.
    void turnAway(const Admission &admission);
    /// Answers in QHttpServer's stead.
    void answer(const Refusal &refusal);
    /// Answers what is no request that could be served, and closes.
    void refuse(const Refusal &refusal);
    void closeAfterAnswer() { m_mustClose = true; }
    void sendInterim();
    void streamBegan();
    void answerComplete() override;
    void giveUpRequest(); ///< it was cancelled
    void flush();
    /// Closes with a reset, without regard for what is under way.
    void cut();
    void end();

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

    void writable() override;
    void broken() override;
    void established() override;
    void answerBegan(const AnswerHead &head, QByteArrayView raw) override;
    void answerBody(QByteArrayView bytes) override;
    void answerFaulty() override;

    [[nodiscard]] ssize_t receive();
    void takeInput(QByteArrayView bytes);
    void endOfInput();
    void discardInput();
    void ignoreInput();
    void decideClose();
    [[nodiscard]] AnswerForm answerForm() const;
    void answerFlushed();
    void changeLane();
    void waitForWriting(OutputBuffer::Flushed flushed);
    void beginClosing();
    void tellStreamEnded();
    void writeShutDown();
    void clientLeft();
    void updateInterest();
    void releaseExchange();
    [[nodiscard]] HttpMeter::Counts &meter() const;

    ConnectionHost &m_host;
    std::unique_ptr<Transport> m_transport;
    std::unique_ptr<StreamedAnswer> m_stream;
    std::unique_ptr<OperatorSide> m_operator; ///< null for traffic
    ExchangeSocket *m_exchange = nullptr; ///< a child of the host's server until retire()
    ActiveRequest m_request;
    DrainHold m_hold;
    RequestIntake m_intake;
    TimeoutLink m_timeout{ this };
    TimeoutLink m_warmth{ this };
    OutputBuffer m_output;
    qint64 m_discarded = 0;
    Phase m_phase = Phase::Reading;
    bool m_isResumeQueued = false;
    bool m_isProbing = false; ///< it has last asked for health, and is polled with those
    bool m_mustClose = false; ///< after the answer under way
    bool m_hasInputEnded = false;
    bool m_hasBegunAnswer = false;
    bool m_isShuttingDown = false; ///< closing, and not all of our end of the stream is out yet
};

} // namespace quiesce
