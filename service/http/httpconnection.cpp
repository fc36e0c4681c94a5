// SPDX-License-Identifier: GPL-3.0-only
// HttpConnection: see the header. From top to bottom: bytes in, requests, answers, bytes out, the
// end.
#include "service/http/httpconnection.h"

#include "service/core/inflight.h"
#include "service/http/connectionhost.h"

namespace quiesce {

HttpConnection::HttpConnection(ConnectionHost &host)
    : m_host(host)
    , m_request(host, *this)
    , m_hold(host, *this)
    , m_intake(host, *this)
{ }

HttpConnection::~HttpConnection()
{
    m_phase = Phase::Ended;
    m_host.inFlight().end(m_request, WorkOutcome::Aborted);
    m_hold.end(WorkOutcome::Aborted);
    releaseExchange();
    m_request.abandonHandler(nobodyWaits());
    tellStreamEnded();
}

bool HttpConnection::tryOpen(Poller &poller, int descriptor)
{
    m_transport = m_host.makeTransport(poller, descriptor, *this);
    if (!m_transport) {
        m_phase = Phase::Ended;
        return false;
    }
    TimeoutQueue &patience =
        isHandshaking() ? m_host.handshakeTimeouts() : m_host.keepAliveTimeouts();
    patience.arm(m_timeout, m_host.clock().now());
    if (AdminEdge *edge = m_host.adminEdge())
        m_operator = std::make_unique<OperatorSide>(*edge, this, *m_transport, descriptor);
    if (m_host.isDraining())
        beginDrain();
    return true;
}

void HttpConnection::established()
{
    const SteadyTime now = m_host.clock().now();
    m_hold.rhythm() = Rhythm(now); // its client has had no chance to ask for anything before
    m_host.keepAliveTimeouts().arm(m_timeout, now);
    if (m_host.isDraining())
        beginDrain();
}

const ParsedRequest &HttpConnection::request() const
{
    const ParsedRequest *receiving = m_phase == Phase::Reading ? m_intake.receiving() : nullptr;
    return receiving ? *receiving : m_request.parsed();
}

QString HttpConnection::peerIdentity() const
{
    return m_transport ? m_transport->peerIdentity() : QString();
}

QString HttpConnection::peerName() const
{
    return m_transport ? quiesce::peerName(*m_transport) : QString();
}

bool HttpConnection::isHandshaking() const
{
    return m_transport && !m_transport->isEstablished() && m_phase == Phase::Reading;
}

bool HttpConnection::isIdle() const
{
    return m_phase == Phase::Reading && m_intake.isFresh();
}

bool HttpConnection::isOpen() const
{
    return m_phase != Phase::Closing && m_phase != Phase::Ended;
}

bool HttpConnection::isBetweenRequests() const
{
    return m_phase == Phase::Reading && !m_request.hasBegun();
}

HttpMeter::Counts &HttpConnection::meter() const
{
    return m_host.meter().counts;
}

// Bytes in.

/// One read into the scratch buffer.
ssize_t HttpConnection::receive()
{
    const std::span<char> scratch = m_host.scratch();
    const ssize_t count = m_transport->read(scratch.data(), scratch.size());
    meter().bytesReceived += count > 0 ? static_cast<quint64>(count) : 0U;
    return count;
}

void HttpConnection::readable()
{
    if (m_phase == Phase::Closing)
        return discardInput();
    const ssize_t count = receive();
    if (count > 0)
        takeInput({ m_host.scratch().data(), static_cast<qsizetype>(count) });
    else if (count == 0)
        endOfInput();
    else if (count == Transport::kBroken)
        broken();
}

void HttpConnection::takeInput(QByteArrayView bytes)
{
    if (m_phase == Phase::Reading)
        m_intake.take(bytes);
    else
        m_intake.keep(bytes);
    if (m_phase == Phase::Streaming)
        ignoreInput();
    else
        updateInterest();
}

void HttpConnection::headBegan()
{
    const SteadyTime now = m_host.clock().now();
    m_hold.rhythm().requestBegan(now);
    m_warmth.disarm();
    m_host.headerTimeouts().arm(m_timeout, now);
}

void HttpConnection::bodyGoesOn()
{
    if (m_phase == Phase::Reading)
        m_host.bodyTimeouts().arm(m_timeout, m_host.clock().now());
}

void HttpConnection::endOfInput()
{
    m_hasInputEnded = true;
    switch (m_phase) {
    case Phase::Reading:
        return m_request.hasBegun() ? clientLeft() : end();
    case Phase::Held: // nothing is read then
        return;
    case Phase::Handling:
        updateInterest();
        // A client that has only shut its sending side still wants the answer; one that has gone
        // answers anything we send with a reset. An interim answer finds out which, and any
        // HTTP/1.1 client may be sent one (RFC 9110 section 15.2.1).
        if (!m_request.parsed().isHttp10 && !m_hasBegunAnswer)
            sendInterim();
        return;
    case Phase::Streaming:
        return clientLeft();
    case Phase::Writing:
        return updateInterest();
    case Phase::Closing:
    case Phase::Ended:
        return end();
    }
}

void HttpConnection::discardInput()
{
    const ssize_t count = receive();
    if (count > 0)
        m_discarded += count;
    if (count == 0 || count == Transport::kBroken || m_discarded > kMaxDiscarded)
        end();
}

/// What comes behind the request for a stream is nothing that could be answered.
void HttpConnection::ignoreInput()
{
    m_discarded += m_intake.waiting();
    m_intake.dropInput();
    if (m_discarded > AnswerStream::kMaxStreamInput)
        return cut();
    updateInterest();
}

// Requests.

void HttpConnection::turnAway(const Admission &admission)
{
    if (admission.hold.count() == 0)
        return answer(*admission.refusal);
    m_phase = Phase::Held;
    m_operator->holdBack(*admission.refusal, admission.hold, m_timeout);
    updateInterest();
}

void HttpConnection::answerHeld()
{
    if (m_phase == Phase::Held)
        answer(m_operator->heldBack());
}

void HttpConnection::tokensChanged()
{
    if (isOpen() && !m_operator->isStillKnown() && m_phase == Phase::Streaming)
        m_stream->finish();
}

void HttpConnection::dispatch()
{
    m_timeout.disarm();
    m_phase = Phase::Handling;
    m_request.dispatched();
    if (!m_exchange)
        m_exchange = m_host.makeExchange(m_transport->peerAddress(), m_transport->peerPort());
    m_host.dispatch(*this, *m_exchange, *this);
    if (m_phase == Phase::Handling && m_host.limits().requestTimeout.count() > 0)
        m_host.requestTimeouts().arm(m_timeout, m_host.clock().now());
}

void HttpConnection::giveUpRequest()
{
    if (m_phase == Phase::Reading) { // its body will not come in time
        m_mustClose = true;
        return answer(toldToGiveUp());
    }
    if (m_phase == Phase::Handling)
        m_request.tellHandlerToGiveUp();
}

void HttpConnection::requestTimedOut()
{
    if (m_phase != Phase::Handling)
        return;
    ++meter().timedOut;
    m_request.abandonHandler(handlerTimeout());
}

// Answers.

void HttpConnection::answerBegan(const AnswerHead &head, QByteArrayView raw)
{
    m_hasBegunAnswer = true;
    m_request.setStatus(head.status);
    decideClose();
    appendAnswerHead(m_output.bytes(), raw, head, answerForm());
}

/// Whether the answer about to be written is the connection's last.
void HttpConnection::decideClose()
{
    if (m_mustClose || !m_request.parsed().wantsKeepAlive) {
        m_mustClose = true;
    } else if (m_host.wantsClose()) {
        m_mustClose = true;
        ++meter().toldToClose;
    }
}

AnswerForm HttpConnection::answerForm() const
{
    return { .date = m_host.date(),
             .mustClose = m_mustClose,
             .isHttp10 = m_request.parsed().isHttp10 };
}

void HttpConnection::answerBody(QByteArrayView bytes)
{
    if (!m_request.parsed().isHead)
        m_output.bytes().append(bytes);
}

void HttpConnection::answerComplete()
{
    m_request.handlerAnswered();
    m_timeout.disarm();
    m_phase = Phase::Writing;
    flush();
}

void HttpConnection::answerFaulty()
{
    answer(handlerFault());
}

void HttpConnection::openStream(const StreamRoute &route)
{
    Q_ASSERT(!m_request.isCounted()); // else a subscriber would hold the drain for ever
    releaseExchange(); // QHttpServer sees nothing of it
    const ParsedRequest &request = m_request.parsed();
    const StreamFraming framing =
        request.isHead || request.isHttp10 ? StreamFraming::UntilClose : StreamFraming::Chunked;
    QByteArray &out = m_output.bytes();
    if (request.isHead) {
        m_mustClose = m_mustClose || !request.wantsKeepAlive || m_host.wantsClose();
        appendStreamHead(out, route.contentType, answerForm(), framing);
        return answerComplete();
    }
    const qsizetype headAt = out.size();
    const bool mustClose = std::exchange(m_mustClose, true);
    appendStreamHead(out, route.contentType, answerForm(), framing);
    m_stream = std::make_unique<StreamedAnswer>(*this, m_output, framing);
    if (const std::optional<Refusal> refusal = route.open(request, *m_stream)) {
        m_stream.reset();
        m_mustClose = mustClose;
        out.truncate(headAt);
        answer(*refusal);
    }
}

void HttpConnection::streamBegan()
{
    m_hasBegunAnswer = true;
    m_phase = Phase::Streaming;
    m_intake.releaseParser(); // nothing is read any more: a subscriber is to be small
    m_discarded = 0;
    m_transport->limitSendBuffer(AnswerStream::kSendBuffer);
    flush();
}

void HttpConnection::refuse(const Refusal &refusal)
{
    m_host.meter().countRefusal(refusal.code);
    m_mustClose = true;
    answer(refusal);
}

/// Answers in QHttpServer's stead.
void HttpConnection::answer(const Refusal &refusal)
{
    m_timeout.disarm();
    if (m_phase == Phase::Reading) { // nobody has seen its body, nor will
        m_intake.dropBody();
        if (const ParsedRequest *receiving = m_intake.receiving())
            m_request.setParsed(*receiving); // so that a report names this one, not the one before
        m_request.dropBody();
    }
    decideClose();
    appendRefusal(m_output.bytes(), refusal, answerForm(),
                  m_request.parsed().isHead ? RefusalBody::LeftOut : RefusalBody::Sent);
    m_request.setStatus(refusal.status);
    m_phase = Phase::Writing;
    flush();
}

void HttpConnection::sendInterim()
{
    appendInterim(m_output.bytes());
    flush();
}

// Bytes out.

void HttpConnection::writable()
{
    if (m_phase == Phase::Closing)
        return writeShutDown();
    flush();
    if (m_phase == Phase::Streaming && m_output.unsent() == 0)
        m_stream->flushed();
}

void HttpConnection::flush()
{
    const OutputBuffer::Flushed flushed = m_output.flush(*m_transport, meter().bytesSent);
    if (flushed == OutputBuffer::Flushed::Broken)
        return clientLeft();
    if (flushed != OutputBuffer::Flushed::All)
        return waitForWriting(flushed);
    if (m_phase == Phase::Writing)
        return answerFlushed();
    if (m_phase == Phase::Streaming)
        m_timeout.disarm();
    updateInterest();
}

void HttpConnection::waitForWriting(OutputBuffer::Flushed flushed)
{
    // An interim answer does not take the place of the handler's or the body's time-out.
    const bool isAnswering = m_phase == Phase::Writing || m_phase == Phase::Streaming;
    const bool isStuckStream = m_phase == Phase::Streaming && m_timeout.isArmed()
        && flushed == OutputBuffer::Flushed::Nothing; // more to send is no progress
    if (isAnswering && !isStuckStream)
        m_host.writeTimeouts().arm(m_timeout, m_host.clock().now());
    updateInterest();
}

void HttpConnection::answerFlushed()
{
    const SteadyTime now = m_host.clock().now();
    // A drain must not find nothing in flight between this request and one pipelined behind it.
    if (m_host.isDraining() && !m_mustClose)
        m_hold.begin();
    if (m_request.bodyHeld() > kKeptBody)
        releaseExchange(); // QHttpServer would keep it until the next one
    m_request.answered(now);
    m_hold.rhythm().answered(now);
    m_hasBegunAnswer = false;
    if (m_mustClose)
        return beginClosing();
    m_phase = Phase::Reading;
    if (m_intake.waiting() > 0)
        return resumeLater();
    if (m_hasInputEnded && !m_intake.isAtWork())
        return beginClosing();
    m_host.keepAliveTimeouts().arm(m_timeout, now);
    m_host.coolDowns().arm(m_warmth, now);
    updateInterest();
    changeLane();
    if (m_host.isDraining() && !m_intake.isAtWork())
        beginDrain();
}

/// A probe is not to wait for a round of all that traffic keeps ready.
void HttpConnection::changeLane()
{
    if (m_request.isHealth() == m_isProbing || m_host.role() != ConnectionHost::Role::Traffic)
        return;
    m_isProbing = m_request.isHealth();
    m_transport->moveTo(m_isProbing ? m_host.probesPoller() : m_host.poller());
}

void HttpConnection::resume()
{
    m_isResumeQueued = false;
    if (m_phase != Phase::Reading)
        return;
    takeInput({});
    if (m_phase != Phase::Reading || m_isResumeQueued)
        return;
    if (m_hasInputEnded)
        endOfInput();
    else if (m_host.isDraining())
        beginDrain();
}

void HttpConnection::resumeLater()
{
    if (!std::exchange(m_isResumeQueued, true))
        m_host.resumeLater(*this);
}

void HttpConnection::updateInterest()
{
    if (!m_transport)
        return;
    // Also while it reads: what waits for its turn comes faster than it is answered.
    const bool hasRoom = m_phase == Phase::Closing || m_intake.hasRoom();
    m_transport->setInterest(!m_hasInputEnded && hasRoom && m_phase != Phase::Held,
                             m_output.unsent() > 0);
}

// The end: of a drain's patience, of the answers, of the connection.

void HttpConnection::beginDrain()
{
    if (m_isShuttingDown)
        return m_hold.begin();
    if (m_host.role() != ConnectionHost::Role::Traffic || !isBetweenRequests())
        return; // a request in flight holds the drain by itself
    m_hold.begin();
    m_hold.look();
    meter().lingered += m_phase == Phase::Reading && m_hold.isInFlight() ? 1U : 0U;
}

void HttpConnection::beginClosing()
{
    const bool isInputUnread = m_intake.isBodyUnread();
    m_phase = Phase::Closing;
    m_intake.dropInput();
    releaseExchange();
    m_isShuttingDown = !m_transport->tryShutdownWrite();
    if (m_hasInputEnded && !m_isShuttingDown)
        return end();
    TimeoutQueue &patience = m_isShuttingDown ? m_host.writeTimeouts() : m_host.closingTimeouts();
    patience.arm(m_timeout, m_host.clock().now());
    // Closing over unread bytes sends a reset, which may overtake the answer. Bytes that are known
    // to come hold a drain until they are read or the closing time-out is over.
    if ((isInputUnread || m_isShuttingDown) && m_host.isDraining())
        m_hold.begin();
    else
        m_hold.end();
    updateInterest();
    tellStreamEnded();
}

void HttpConnection::tellStreamEnded()
{
    if (m_stream)
        m_stream->ended();
}

/// The close_notify had to wait until the client took what was before it.
void HttpConnection::writeShutDown()
{
    m_isShuttingDown = false;
    if (m_hasInputEnded)
        return end();
    m_hold.end();
    m_host.closingTimeouts().arm(m_timeout, m_host.clock().now());
}

void HttpConnection::broken()
{
    if (m_phase == Phase::Closing || isBetweenRequests())
        end();
    else
        clientLeft();
}

void HttpConnection::clientLeft()
{
    m_request.end(WorkOutcome::ClientLeft);
    releaseExchange(); // it stays for QHttpServer, and nobody hears it any more
    m_request.abandonHandler(nobodyWaits());
    end();
}

void HttpConnection::cut()
{
    if (m_phase == Phase::Ended)
        return;
    m_transport->abortOnClose();
    m_request.end(WorkOutcome::Aborted);
    releaseExchange();
    m_request.abandonHandler(nobodyWaits());
    end();
}

void HttpConnection::makeWay()
{
    if (m_phase == Phase::Held)
        cut();
    else
        leave();
}

void HttpConnection::leave()
{
    if (m_phase == Phase::Held) { // nobody is made to wait for the end of the listener
        m_mustClose = true;
        answerHeld();
    }
    const bool isUnderWay =
        m_phase == Phase::Handling || m_phase == Phase::Writing || m_request.hasBegun();
    if (m_phase != Phase::Closing)
        return isUnderWay ? cut() : end();
    discardInput(); // closing over unread bytes would reset the answer on its way
    end();
}

void HttpConnection::headerTimedOut()
{
    refuse(headTimeout());
}

void HttpConnection::bodyTimedOut()
{
    refuse(bodyTimeout());
}

void HttpConnection::writeTimedOut()
{
    if (m_transport)
        m_transport->abortOnClose();
    clientLeft(); // it does not read: as good as gone
}

void HttpConnection::keepAliveTimedOut()
{
    if (m_phase == Phase::Reading)
        end();
}

void HttpConnection::handshakeTimedOut()
{
    if (isHandshaking())
        end();
}

void HttpConnection::closingTimedOut()
{
    end();
}

void HttpConnection::coolDown()
{
    if (!isIdle())
        return;
    releaseExchange();
    m_intake.release();
    m_request.forgetParsed();
    m_output.release();
}

void HttpConnection::releaseExchange()
{
    if (ExchangeSocket *exchange = std::exchange(m_exchange, nullptr))
        exchange->retire();
}

void HttpConnection::end()
{
    if (m_phase == Phase::Ended)
        return;
    m_phase = Phase::Ended;
    m_request.end(WorkOutcome::Aborted);
    m_hold.end();
    m_timeout.disarm();
    m_warmth.disarm();
    if (m_operator)
        m_operator->leave();
    releaseExchange();
    m_transport.reset();
    m_host.ended(*this);
    tellStreamEnded();
}

} // namespace quiesce
