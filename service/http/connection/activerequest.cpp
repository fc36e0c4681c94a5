// SPDX-License-Identifier: GPL-3.0-only
// ActiveRequest: see the header.
#include "service/http/connection/activerequest.h"

#include "service/core/inflight.h"
#include "service/http/connection/ownanswers.h"
#include "service/http/connectionhost.h"
#include "service/http/pendinganswer.h"

#include <QRandomGenerator>

namespace quiesce {

namespace {

constexpr qsizetype kMaxLabelPath = 128;

QByteArray newTraceId()
{
    std::array<quint32, 4> words{};
    QRandomGenerator::global()->fillRange(words.data(), words.size());
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words).toHex();
}

} // namespace

ActiveRequest::ActiveRequest(ConnectionHost &host, HttpConnection &connection)
    : WorkItem(WorkKind::Request)
    , m_host(host)
    , m_connection(connection)
    , m_body(host.bodyMemory())
{ }

bool ActiveRequest::isCounted() const
{
    return m_host.role() == ConnectionHost::Role::Traffic && !m_isHealth;
}

void ActiveRequest::begin(const ParsedRequest &head)
{
    m_id = m_host.nextRequestId();
    m_isHealth = m_host.isHealthPath(head.path());
    if (!m_isHealth) {
        ++m_host.meter().counts.requests;
        ++m_host.meter().counts.active;
    }
    if (isCounted())
        m_host.inFlight().begin(*this);
}

void ActiveRequest::dispatched()
{
    m_isDispatched = isCounted();
    m_host.dispatchedCount() += m_isDispatched ? 1 : 0;
}

void ActiveRequest::answered(SteadyTime now)
{
    if (isInFlight()) {
        m_host.meter().answered(m_route ? *m_route : m_host.meter().unmatched(), m_status,
                                now - since(), now);
    }
    end(m_isCancelled && m_status == 503 ? WorkOutcome::Cancelled : WorkOutcome::Drained);
    m_context.reset();
}

void ActiveRequest::end(WorkOutcome outcome)
{
    m_host.dispatchedCount() -= std::exchange(m_isDispatched, false) ? 1 : 0;
    m_host.inFlight().end(*this, outcome);
    if (std::exchange(m_id, 0) != 0 && !m_isHealth) {
        HttpMeter::Counts &counts = m_host.meter().counts;
        --counts.active;
        counts.cancelled += outcome == WorkOutcome::Cancelled ? 1U : 0U;
        counts.aborted +=
            outcome == WorkOutcome::Aborted || outcome == WorkOutcome::ClientLeft ? 1U : 0U;
    }
    m_route = nullptr;
    m_isCancelled = false;
    dropBody();
}

void ActiveRequest::dropBody()
{
    m_parsed.body = {};
    m_body.giveBack();
}

RequestContext ActiveRequest::context()
{
    if (!m_context) {
        const SteadyTime now = m_host.clock().now();
        RequestContext::Facts facts;
        facts.id = m_id;
        facts.traceId = traceIdOf(m_parsed.traceParent);
        if (facts.traceId.isEmpty())
            facts.traceId = newTraceId();
        facts.method = m_parsed.method;
        facts.target = m_parsed.target;
        facts.peer = m_connection.peerName();
        facts.identity = m_connection.peerIdentity();
        facts.role = toWire(m_connection.access());
        facts.startedAt = now;
        if (m_host.limits().requestTimeout.count() > 0)
            facts.deadline = now + m_host.limits().requestTimeout;
        m_context = std::make_unique<RequestContext>(std::move(facts), m_host.notice());
    }
    return *m_context;
}

void ActiveRequest::setPending(std::shared_ptr<PendingAnswer> pending)
{
    if (!hasBegun()) { // its own handler had it cut, by forcing a stop
        pending->answer(nobodyWaits());
        return pending->cancelHandler();
    }
    m_pending = std::move(pending);
    static_cast<void>(context()); // so that whoever looks at what is waited for
                                  // sees its trace id
}

void ActiveRequest::tellHandlerToGiveUp()
{
    if (m_context)
        m_context->requestStop();
    if (m_pending)
        m_pending->requestCancel();
}

void ActiveRequest::abandonHandler(const Refusal &instead)
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

void ActiveRequest::handlerAnswered()
{
    m_pending.reset();
}

WorkDescription ActiveRequest::describe() const
{
    const ParsedRequest &request = m_connection.request();
    const QString path = m_route
        ? m_route->pattern
        : QString::fromLatin1(request.path().first(std::min(request.path().size(), kMaxLabelPath)));
    return { .id = QString::number(m_id),
             .label = QString::fromLatin1(request.method) + QLatin1Char(' ') + path,
             .peer = m_connection.peerName(),
             .traceId = QString::fromLatin1(m_context ? m_context->traceId()
                                                      : traceIdOf(request.traceParent)),
             .method = QString::fromLatin1(request.method),
             .route = m_route ? m_route->pattern : QString() };
}

std::optional<std::chrono::milliseconds>
ActiveRequest::expectedLeft(std::chrono::milliseconds age) const
{
    constexpr double kShare = 0.99;
    if (m_route) {
        if (const auto left = m_route->latencies.left(age, kShare, m_host.clock().now()))
            return std::chrono::ceil<std::chrono::milliseconds>(*left);
    }
    const std::chrono::milliseconds timeout = m_host.limits().requestTimeout;
    if (timeout.count() == 0)
        return std::nullopt;
    return std::max(timeout - age, std::chrono::milliseconds(0));
}

void ActiveRequest::requestCancel()
{
    m_isCancelled = true;
    m_connection.giveUpRequest();
}

void ActiveRequest::cut()
{
    m_connection.cut();
}

} // namespace quiesce
