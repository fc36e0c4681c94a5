// SPDX-License-Identifier: GPL-3.0-only
// HttpConnection: see the header. From top to bottom: bytes in, requests, answers, bytes out, the
// end.
#include "service/http/httpconnection.h"

#include "service/core/inflight.h"
#include "service/http/connectionhost.h"
#include "service/http/pendinganswer.h"

#include <QRandomGenerator>
#include <netinet/in.h>
#include <sys/socket.h>

namespace quiesce {

namespace {

constexpr qsizetype kKeptCapacity = 16 * 1024; ///< of a buffer of a busy connection
constexpr qsizetype kMaxLabelPath = 128;

QByteArray newTraceId()
{
    std::array<quint32, 4> words{};
    QRandomGenerator::global()->fillRange(words.data(), words.size());
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words).toHex();
}

QString peerName(const Transport &transport)
{
    const QHostAddress address = transport.peerAddress();
    const bool isV6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (isV6 ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2"))
        .arg(address.toString())
        .arg(transport.peerPort());
}

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

Refusal toldToGiveUp()
{
    return { .status = 503,
             .code = "cancelled",
             .detail = QStringLiteral("The request was told to give up: the deadline of a stop has "
                                      "passed, or an operator cancelled it.") };
}

Refusal nobodyWaits()
{
    return { .status = 500, .code = "client-left", .detail = QStringLiteral("Nobody waits.") };
}

} // namespace

WorkDescription HttpConnection::RequestItem::describe() const
{
    const ParsedRequest &request = connection.m_phase == Phase::Reading && connection.m_parser
        ? connection.m_parser->request()
        : connection.m_current;
    const QString path = connection.m_route
        ? connection.m_route->pattern
        : QString::fromLatin1(request.path().first(std::min(request.path().size(), kMaxLabelPath)));
    return { .id = QString::number(connection.m_requestId),
             .label = QString::fromLatin1(request.method) + QLatin1Char(' ') + path,
             .peer = connection.m_transport ? peerName(*connection.m_transport) : QString(),
             .traceId = QString::fromLatin1(connection.m_context ? connection.m_context->traceId()
                                                                 : traceIdOf(request.traceParent)),
             .method = QString::fromLatin1(request.method),
             .route = connection.m_route ? connection.m_route->pattern : QString() };
}

std::optional<std::chrono::milliseconds>
HttpConnection::RequestItem::expectedLeft(std::chrono::milliseconds age) const
{
    constexpr double kShare = 0.99;
    if (connection.m_route) {
        if (const auto left =
                connection.m_route->latencies.left(age, kShare, connection.m_host.clock().now()))
            return std::chrono::ceil<std::chrono::milliseconds>(*left);
    }
    const std::chrono::milliseconds timeout = connection.m_host.limits().requestTimeout;
    if (timeout.count() == 0)
        return std::nullopt;
    return std::max(timeout - age, std::chrono::milliseconds(0));
}

std::optional<std::chrono::milliseconds>
HttpConnection::UseItem::expectedLeft(std::chrono::milliseconds age) const
{
    return std::max(connection.m_host.linger() - age, std::chrono::milliseconds(0));
}

WorkDescription HttpConnection::UseItem::describe() const
{
    return { .id = {},
             .label = connection.isHandshaking() ? QStringLiteral("TLS handshake under way")
                 : connection.m_isShuttingDown ? QStringLiteral("end of the last answer being sent")
                 : connection.isIdle() ? QStringLiteral("kept-alive connection still in use")
                                       : QStringLiteral("request head being received"),
             .peer = connection.m_transport ? peerName(*connection.m_transport) : QString(),
             .traceId = {},
             .method = {},
             .route = {} };
}

HttpConnection::HttpConnection(ConnectionHost &host)
    : m_host(host)
    , m_rhythm(host.clock().now())
{ }

HttpConnection::~HttpConnection()
{
    m_phase = Phase::Ended;
    m_host.inFlight().end(m_requestItem, WorkOutcome::Aborted);
    m_host.inFlight().end(m_useItem, WorkOutcome::Aborted);
    releaseExchange();
    abandonHandler(nobodyWaits());
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
    if (AdminEdge *edge = m_host.adminEdge()) {
        m_operator = std::make_unique<OperatorSide>(this);
        m_operator->ends = { m_transport->peerAddress(), localEndOf(descriptor) };
        edge->entered(m_operator->place);
    }
    if (m_host.isDraining())
        beginDrain();
    return true;
}

bool HttpConnection::isHandshaking() const
{
    return m_transport && !m_transport->isEstablished() && m_phase == Phase::Reading;
}

void HttpConnection::established()
{
    const SteadyTime now = m_host.clock().now();
    m_rhythm = Rhythm(now); // its client has had no chance to ask for anything before
    m_host.keepAliveTimeouts().arm(m_timeout, now);
    if (m_host.isDraining())
        beginDrain();
}

QString HttpConnection::peerIdentity() const
{
    return m_transport ? m_transport->peerIdentity() : QString();
}

bool HttpConnection::isIdle() const
{
    return m_phase == Phase::Reading && m_input.isEmpty()
        && (!m_parser || m_parser->state() == RequestParser::State::Fresh);
}

// Bytes in.

void HttpConnection::readable()
{
    if (m_phase == Phase::Closing)
        return discardInput();
    const std::span<char> scratch = m_host.scratch();
    const ssize_t count = m_transport->read(scratch.data(), scratch.size());
    meter().bytesReceived += count > 0 ? static_cast<quint64>(count) : 0U;
    if (count > 0)
        takeInput({ scratch.data(), static_cast<qsizetype>(count) });
    else if (count == 0)
        endOfInput();
    else if (count == Transport::kBroken)
        broken();
}

void HttpConnection::takeInput(QByteArrayView bytes)
{
    if (m_phase == Phase::Streaming)
        return ignoreInput(bytes.size());
    if (m_phase != Phase::Reading) {
        m_input.append(bytes);
        return updateInterest();
    }
    QByteArray kept = std::exchange(m_input, {});
    if (!kept.isEmpty()) {
        kept.append(bytes);
        bytes = kept;
    }
    const qint64 consumed = pump(bytes);
    if (m_phase == Phase::Ended || m_phase == Phase::Closing)
        return;
    if (m_phase == Phase::Streaming)
        return ignoreInput(bytes.size() - consumed);
    if (consumed < bytes.size())
        m_input = bytes.sliced(consumed).toByteArray();
    updateInterest();
}

qint64 HttpConnection::pump(QByteArrayView bytes)
{
    m_isPumping = true;
    qint64 consumed = 0;
    for (int served = 0; m_phase == Phase::Reading && consumed < bytes.size(); ++served) {
        if (served == kRequestsPerTurn) {
            resumeLater();
            break;
        }
        if (!m_parser)
            m_parser =
                std::make_unique<RequestParser>(m_host.limits(),
                                                m_operator ? RequestParser::Credentials::KeptBack
                                                           : RequestParser::Credentials::PassedOn);
        const bool wasFresh = m_parser->state() == RequestParser::State::Fresh;
        consumed += m_parser->feed(bytes.sliced(consumed));
        if (wasFresh && m_parser->state() != RequestParser::State::Fresh)
            headBegan();
        if (!tryServe())
            break;
    }
    m_isPumping = false;
    return consumed;
}

void HttpConnection::headBegan()
{
    const SteadyTime now = m_host.clock().now();
    m_rhythm.requestBegan(now);
    m_warmth.disarm();
    m_host.headerTimeouts().arm(m_timeout, now);
}

/// Acts on what the parser has come to; true when a request was dealt with and the next may follow.
bool HttpConnection::tryServe()
{
    switch (m_parser->state()) {
    case RequestParser::State::Fresh:
    case RequestParser::State::Head:
        return false;
    case RequestParser::State::Body:
        bodyGoesOn();
        return false;
    case RequestParser::State::Refused:
        if (isAdmittedThoughTooLong())
            refuse(m_parser->refusal());
        return false;
    case RequestParser::State::Complete:
        break;
    }
    if (m_requestId == 0) {
        beginRequest();
        if (!isAdmitted())
            return true;
    }
    dispatch();
    return true;
}

void HttpConnection::bodyGoesOn()
{
    if (m_requestId == 0) {
        beginRequest();
        if (!isAdmitted())
            return;
        if (isOverloaded()) {
            m_mustClose = true; // its body comes, and is not read
            m_timeout.disarm();
            return rejectForOverload();
        }
        if (m_parser->takeExpectation())
            sendInterim();
    }
    if (m_phase == Phase::Reading)
        m_host.bodyTimeouts().arm(m_timeout, m_host.clock().now());
}

void HttpConnection::endOfInput()
{
    m_hasInputEnded = true;
    switch (m_phase) {
    case Phase::Reading:
        if (m_requestId != 0)
            return clientLeft();
        return end();
    case Phase::Held: // nothing is read then
        return;
    case Phase::Handling:
        updateInterest();
        // A client that has only shut its sending side still wants the answer; one that has gone
        // answers anything we send with a reset. An interim answer finds out which, and any
        // HTTP/1.1 client may be sent one (RFC 9110 section 15.2.1).
        if (!m_current.isHttp10 && !m_hasBegunAnswer)
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
    const std::span<char> scratch = m_host.scratch();
    const ssize_t count = m_transport->read(scratch.data(), scratch.size());
    meter().bytesReceived += count > 0 ? static_cast<quint64>(count) : 0U;
    if (count > 0)
        m_discarded += count;
    if (count == 0 || count == Transport::kBroken || m_discarded > kMaxDiscarded)
        end();
}

/// What comes behind the request for a stream is nothing that could be answered.
void HttpConnection::ignoreInput(qsizetype count)
{
    m_discarded += count;
    if (m_discarded > kMaxStreamInput)
        return cut();
    updateInterest();
}

// Requests.

void HttpConnection::beginRequest()
{
    m_requestId = m_host.nextRequestId();
    m_isHealth = m_host.isHealthPath(m_parser->request().path());
    if (!m_isHealth) {
        ++meter().requests;
        ++meter().active;
    }
    meter().lingeredAnswered += m_useItem.isInFlight() ? 1U : 0U;
    if (isCounted())
        m_host.inFlight().begin(m_requestItem);
    m_host.inFlight().end(m_useItem, WorkOutcome::Drained);
}

HttpMeter::Counts &HttpConnection::meter() const
{
    return m_host.meter().counts;
}

/// Whether an operator's request may go on; when not, its answer is under way.
bool HttpConnection::isAdmitted()
{
    if (!m_operator)
        return true;
    AdminEdge &edge = *m_host.adminEdge();
    const Admission admission = edge.gate().judge(m_parser->request(), m_operator->ends);
    m_parser->forgetAuthorization();
    m_operator->access = admission.access;
    if (!admission.refusal || admission.access != Access::None)
        edge.heardFrom(m_operator->place, admission.access);
    if (admission.refusal)
        turnAway(admission);
    return !admission.refusal;
}

/// A body that is announced as too long is refused with its head; a stranger learns first that he
/// is one.
bool HttpConnection::isAdmittedThoughTooLong()
{
    constexpr int kContentTooLarge = 413;
    if (!m_operator || m_requestId != 0 || m_parser->refusal().status != kContentTooLarge)
        return true;
    beginRequest();
    return isAdmitted();
}

void HttpConnection::turnAway(const Admission &admission)
{
    m_timeout.disarm();
    if (m_parser->state() == RequestParser::State::Complete) {
        m_current = m_parser->takeRequest();
    } else {
        m_current = m_parser->request();
        m_mustClose = true; // its body comes, and is not read
    }
    if (admission.hold.count() == 0)
        return writeAnswer(*admission.refusal);
    m_operator->held = *admission.refusal;
    m_phase = Phase::Held;
    m_host.adminEdge()->hold(m_timeout, admission.hold);
    updateInterest();
}

void HttpConnection::answerHeld()
{
    if (m_phase == Phase::Held)
        writeAnswer(m_operator->held);
}

bool HttpConnection::isCounted() const
{
    return m_host.role() == ConnectionHost::Role::Traffic && !m_isHealth;
}

bool HttpConnection::isOverloaded() const
{
    return isCounted() && m_host.dispatchedCount() >= m_host.limits().maxInFlight;
}

void HttpConnection::rejectForOverload()
{
    ++meter().rejected;
    writeAnswer({ .status = 503,
                  .code = "overloaded",
                  .detail = QStringLiteral("Too many requests are in flight.") });
}

void HttpConnection::dispatch()
{
    m_timeout.disarm();
    m_current = m_parser->takeRequest();
    if (isOverloaded())
        return rejectForOverload();
    m_phase = Phase::Handling;
    m_isDispatched = isCounted();
    m_host.dispatchedCount() += m_isDispatched ? 1 : 0;
    if (!m_exchange)
        m_exchange = m_host.makeExchange(m_transport->peerAddress(), m_transport->peerPort());
    m_host.dispatch(*this, *m_exchange, *this);
    if (m_phase == Phase::Handling && m_host.limits().requestTimeout.count() > 0)
        m_host.requestTimeouts().arm(m_timeout, m_host.clock().now());
}

RequestContext HttpConnection::context()
{
    if (!m_context) {
        const SteadyTime now = m_host.clock().now();
        RequestContext::Facts facts;
        facts.id = m_requestId;
        facts.traceId = traceIdOf(m_current.traceParent);
        if (facts.traceId.isEmpty())
            facts.traceId = newTraceId();
        facts.method = m_current.method;
        facts.target = m_current.target;
        facts.peer = m_transport ? peerName(*m_transport) : QString();
        facts.identity = peerIdentity();
        facts.role = toWire(access());
        facts.startedAt = now;
        if (m_host.limits().requestTimeout.count() > 0)
            facts.deadline = now + m_host.limits().requestTimeout;
        m_context = std::make_unique<RequestContext>(std::move(facts), m_host.notice());
    }
    return *m_context;
}

void HttpConnection::setPending(std::shared_ptr<PendingAnswer> pending)
{
    if (m_phase != Phase::Handling) { // its own handler had it cut, by forcing a stop
        pending->answer(nobodyWaits());
        return pending->cancelHandler();
    }
    m_pending = std::move(pending);
    static_cast<void>(context()); // so that whoever looks at what is waited for sees its trace id
}

void HttpConnection::cancelAtDeadline()
{
    m_isCancelled = true;
    if (m_phase == Phase::Reading) { // its body will not come in time
        m_mustClose = true;
        return writeAnswer(toldToGiveUp());
    }
    if (m_phase != Phase::Handling)
        return;
    if (m_context)
        m_context->requestStop();
    if (m_pending)
        m_pending->requestCancel();
}

void HttpConnection::requestTimedOut()
{
    if (m_phase != Phase::Handling)
        return;
    ++meter().timedOut;
    abandonHandler({ .status = 504,
                     .code = "handler-timeout",
                     .detail = QStringLiteral("No answer within limits.request_timeout.") });
}

/// Answers in the handler's stead, and tells it that nobody waits for its own any more.
void HttpConnection::abandonHandler(const Refusal &instead)
{
    const std::shared_ptr<PendingAnswer> pending = std::exchange(m_pending, {});
    const std::unique_ptr<RequestContext> context = std::exchange(m_context, {});
    if (pending)
        pending->answer(instead);
    if (context)
        context->requestStop();
    if (pending)
        pending->cancelHandler();
}

// Answers.

void HttpConnection::answerBegan(const AnswerHead &head, QByteArrayView raw)
{
    m_hasBegunAnswer = true;
    m_status = head.status;
    decideClose();
    appendAnswerHead(
        m_output, raw, head,
        { .date = m_host.date(), .mustClose = m_mustClose, .isHttp10 = m_current.isHttp10 });
}

/// Whether the answer about to be written is the connection's last.
void HttpConnection::decideClose()
{
    if (m_mustClose || !m_current.wantsKeepAlive) {
        m_mustClose = true;
    } else if (m_host.wantsClose()) {
        m_mustClose = true;
        ++meter().toldToClose;
    }
}

void HttpConnection::answerBody(QByteArrayView bytes)
{
    if (!m_current.isHead)
        m_output.append(bytes);
}

void HttpConnection::answerComplete()
{
    m_pending.reset();
    m_timeout.disarm();
    m_phase = Phase::Writing;
    flush();
}

void HttpConnection::answerFaulty()
{
    writeAnswer({ .status = 500,
                  .code = "handler-fault",
                  .detail = QStringLiteral("The handler's answer has no length.") });
}

void HttpConnection::openStream(const StreamRoute &route)
{
    Q_ASSERT(!isCounted()); // else a subscriber would hold the drain for ever
    releaseExchange(); // QHttpServer sees nothing of it
    if (m_current.isHead) {
        m_mustClose = m_mustClose || !m_current.wantsKeepAlive || m_host.wantsClose();
        appendStreamHead(route.contentType);
        return answerComplete();
    }
    const qsizetype headAt = m_output.size();
    const bool mustClose = std::exchange(m_mustClose, true);
    appendStreamHead(route.contentType);
    if (const std::optional<Refusal> refusal = route.open(m_current, *this)) {
        m_mustClose = mustClose;
        m_output.truncate(headAt);
        writeAnswer(*refusal);
    }
}

void HttpConnection::appendStreamHead(const QByteArray &contentType)
{
    QByteArray raw =
        "HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nCache-Control: no-store\r\n";
    if (!m_current.isHead && !m_current.isHttp10)
        raw += "Transfer-Encoding: chunked\r\n";
    raw += "\r\n";
    appendAnswerHead(
        m_output, raw, { .status = 200, .contentLength = {} },
        { .date = m_host.date(), .mustClose = m_mustClose, .isHttp10 = m_current.isHttp10 });
}

void HttpConnection::begin(AnswerStreamObserver &observer)
{
    m_streamObserver = &observer;
    m_hasBegunAnswer = true;
    m_phase = Phase::Streaming;
    m_parser.reset(); // nothing is read any more: a subscriber is to be small
    m_discarded = 0;
    m_transport->limitSendBuffer(kSendBuffer);
    flush();
}

void HttpConnection::write(QByteArrayView bytes)
{
    if (m_phase != Phase::Streaming || bytes.isEmpty())
        return; // an empty chunk would be the last one
    if (m_current.isHttp10) {
        m_output.append(bytes);
    } else {
        m_output.append(QByteArray::number(bytes.size(), 16)).append("\r\n");
        m_output.append(bytes).append("\r\n");
    }
    flush();
}

void HttpConnection::finish()
{
    if (m_phase != Phase::Streaming)
        return;
    if (!m_current.isHttp10)
        m_output.append("0\r\n\r\n");
    m_phase = Phase::Writing;
    flush();
}

void HttpConnection::refuse(const Refusal &refusal)
{
    m_host.meter().countRefusal(refusal.code);
    m_timeout.disarm();
    m_mustClose = true;
    writeAnswer(refusal);
}

/// Answers in QHttpServer's stead.
void HttpConnection::writeAnswer(const Refusal &refusal)
{
    const bool isReading =
        m_phase == Phase::Reading && m_parser && m_parser->state() != RequestParser::State::Fresh;
    if (isReading)
        m_current = m_parser->request(); // so that a report names this one, not the one before
    decideClose();
    const QByteArray body = problemJson(refusal);
    QByteArray raw = "HTTP/1.1 " + QByteArray::number(refusal.status) + ' '
        + reasonPhrase(refusal.status) + "\r\nContent-Type: " + kProblemType + "\r\n";
    if (refusal.status == 503)
        raw += "Retry-After: 1\r\n";
    if (!refusal.challenge.isEmpty())
        raw += "WWW-Authenticate: " + refusal.challenge + "\r\n";
    raw += "\r\n";
    appendAnswerHead(
        m_output, raw, { .status = refusal.status, .contentLength = body.size() },
        { .date = m_host.date(), .mustClose = m_mustClose, .isHttp10 = m_current.isHttp10 });
    if (!m_current.isHead)
        m_output.append(body);
    m_status = refusal.status;
    m_phase = Phase::Writing;
    flush();
}

void HttpConnection::sendInterim()
{
    m_output.append("HTTP/1.1 100 Continue\r\n\r\n");
    flush();
}

// Bytes out.

void HttpConnection::writable()
{
    if (m_phase == Phase::Closing)
        return writeShutDown();
    flush();
    if (m_phase == Phase::Streaming && bytesToWrite() == 0)
        m_streamObserver->streamFlushed();
}

void HttpConnection::flush()
{
    const qsizetype sentBefore = m_sent;
    while (m_sent < m_output.size()) {
        const ssize_t count = m_transport->write(m_output.constData() + m_sent,
                                                 static_cast<size_t>(m_output.size() - m_sent));
        if (count == Transport::kBroken)
            return clientLeft();
        if (count == Transport::kAgain) {
            // An interim answer does not take the place of the handler's or the body's time-out.
            const bool isStuckStream = m_phase == Phase::Streaming && m_timeout.isArmed()
                && m_sent == sentBefore; // more to send is no progress
            if ((m_phase == Phase::Writing || m_phase == Phase::Streaming) && !isStuckStream)
                m_host.writeTimeouts().arm(m_timeout, m_host.clock().now());
            return updateInterest();
        }
        m_sent += count;
        meter().bytesSent += static_cast<quint64>(count);
    }
    m_sent = 0;
    if (m_output.capacity() > kKeptCapacity)
        m_output = {};
    else
        m_output.resize(0);
    if (m_phase == Phase::Writing)
        return answerFlushed();
    if (m_phase == Phase::Streaming)
        m_timeout.disarm();
    updateInterest();
}

void HttpConnection::answerFlushed()
{
    const SteadyTime now = m_host.clock().now();
    // A drain must not find nothing in flight between this request and one pipelined behind it.
    if (m_host.isDraining() && !m_mustClose)
        holdDrain();
    if (m_requestItem.isInFlight()) {
        m_host.meter().answered(m_route ? *m_route : m_host.meter().unmatched(), m_status,
                                now - m_requestItem.since(), now);
    }
    endRequest(m_isCancelled && m_status == 503 ? WorkOutcome::Cancelled : WorkOutcome::Drained);
    m_rhythm.answered(now);
    m_context.reset();
    m_hasBegunAnswer = false;
    if (m_mustClose)
        return beginClosing();
    m_phase = Phase::Reading;
    if (!m_input.isEmpty())
        return resumeLater();
    if (m_hasInputEnded && !m_isPumping)
        return beginClosing();
    m_host.keepAliveTimeouts().arm(m_timeout, now);
    m_host.coolDowns().arm(m_warmth, now);
    updateInterest();
    if (m_host.isDraining() && !m_isPumping)
        beginDrain();
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
    const bool hasRoom = m_phase == Phase::Closing || m_input.size() < kMaxPipelined;
    m_transport->setInterest(!m_hasInputEnded && hasRoom && m_phase != Phase::Held,
                             m_sent < m_output.size());
}

// The end: of a request, of a drain's patience, of the connection.

void HttpConnection::endRequest(WorkOutcome outcome)
{
    m_host.dispatchedCount() -= std::exchange(m_isDispatched, false) ? 1 : 0;
    m_host.inFlight().end(m_requestItem, outcome);
    if (std::exchange(m_requestId, 0) != 0 && !m_isHealth) {
        --meter().active;
        meter().cancelled += outcome == WorkOutcome::Cancelled ? 1U : 0U;
        meter().aborted +=
            outcome == WorkOutcome::Aborted || outcome == WorkOutcome::ClientLeft ? 1U : 0U;
    }
    m_route = nullptr;
    m_isCancelled = false;
}

void HttpConnection::beginDrain()
{
    if (m_isShuttingDown)
        return holdDrain();
    if (m_host.role() != ConnectionHost::Role::Traffic || m_phase != Phase::Reading)
        return;
    if (m_requestId != 0)
        return; // in flight: holds the drain by itself
    holdDrain();
    lingerOver();
    meter().lingered += m_phase == Phase::Reading && m_useItem.isInFlight() ? 1U : 0U;
}

void HttpConnection::holdDrain()
{
    if (m_host.role() == ConnectionHost::Role::Traffic && !m_useItem.isInFlight())
        m_host.inFlight().begin(m_useItem);
}

void HttpConnection::lingerOver()
{
    if (m_phase != Phase::Reading || m_requestId != 0)
        return;
    const SteadyTime now = m_host.clock().now();
    if (isHandshaking()) { // its client was here before the stop and is about to ask
        if (std::exchange(m_isHandshakeLate, true))
            return end();
        return m_host.lingerUntil(*this, now + m_host.linger());
    }
    if (!isIdle()) { // a head is coming; it may take its time as long as more of it comes
        if (std::exchange(m_inputSeen, m_input.size()) == m_input.size())
            return headerTimedOut();
        return m_host.lingerUntil(*this, now + m_host.linger());
    }
    const SteadyTime until = m_rhythm.inUseUntil(m_host.linger());
    if (now < until)
        return m_host.lingerUntil(*this, until);
    readable(); // what came in after the last look at it must not be lost
    if (isIdle())
        end();
    else if (m_phase == Phase::Reading && m_requestId == 0)
        m_host.lingerUntil(*this, now + m_host.linger());
}

void HttpConnection::beginClosing()
{
    const bool isInputUnread = m_parser
        && (m_parser->state() == RequestParser::State::Body
            || m_parser->state() == RequestParser::State::Refused);
    m_phase = Phase::Closing;
    m_input = {};
    releaseExchange();
    m_isShuttingDown = !m_transport->tryShutdownWrite();
    if (m_hasInputEnded && !m_isShuttingDown)
        return end();
    TimeoutQueue &patience = m_isShuttingDown ? m_host.writeTimeouts() : m_host.closingTimeouts();
    patience.arm(m_timeout, m_host.clock().now());
    // Closing over unread bytes sends a reset, which may overtake the answer. Bytes that are known
    // to come hold a drain until they are read or the closing time-out is over.
    if ((isInputUnread || m_isShuttingDown) && m_host.isDraining())
        holdDrain();
    else
        m_host.inFlight().end(m_useItem, WorkOutcome::Drained);
    updateInterest();
    tellStreamEnded();
}

/// Last in whatever ends a stream: who is told may destroy itself, or close the listener.
void HttpConnection::tellStreamEnded()
{
    if (AnswerStreamObserver *observer = std::exchange(m_streamObserver, nullptr))
        observer->streamEnded();
}

/// The close_notify had to wait until the client took what was before it.
void HttpConnection::writeShutDown()
{
    m_isShuttingDown = false;
    if (m_hasInputEnded)
        return end();
    m_host.inFlight().end(m_useItem, WorkOutcome::Drained);
    m_host.closingTimeouts().arm(m_timeout, m_host.clock().now());
}

void HttpConnection::broken()
{
    if (m_phase == Phase::Closing || (m_phase == Phase::Reading && m_requestId == 0))
        end();
    else
        clientLeft();
}

void HttpConnection::clientLeft()
{
    endRequest(WorkOutcome::ClientLeft);
    releaseExchange(); // it stays for QHttpServer, and nobody hears it any more
    abandonHandler(nobodyWaits());
    end();
}

void HttpConnection::cut()
{
    if (m_phase == Phase::Ended)
        return;
    m_transport->abortOnClose();
    endRequest(WorkOutcome::Aborted);
    releaseExchange();
    abandonHandler(nobodyWaits());
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
        m_phase == Phase::Handling || m_phase == Phase::Writing || m_requestId != 0;
    if (m_phase != Phase::Closing)
        return isUnderWay ? cut() : end();
    discardInput(); // closing over unread bytes would reset the answer on its way
    end();
}

void HttpConnection::headerTimedOut()
{
    refuse({ .status = 408,
             .code = "head-timeout",
             .detail = QStringLiteral("The head was not complete within limits.header_timeout.") });
}

void HttpConnection::bodyTimedOut()
{
    refuse({ .status = 408,
             .code = "body-timeout",
             .detail = QStringLiteral("No more of the body came within limits.body_timeout.") });
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
    m_parser.reset();
    m_current = {};
    m_input = {};
    m_output = {};
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
    endRequest(WorkOutcome::Aborted);
    m_host.inFlight().end(m_useItem, WorkOutcome::Drained);
    m_timeout.disarm();
    m_warmth.disarm();
    if (m_operator)
        m_operator->place.disarm();
    releaseExchange();
    m_transport.reset();
    m_host.ended(*this);
    tellStreamEnded();
}

} // namespace quiesce
