// SPDX-License-Identifier: GPL-3.0-only
// RabbitSession: see the header.
#include "service/jobs/broker/rabbitmq/rabbitsession.h"

#include "service/jobs/broker/jobmessage.h"

#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

using std::chrono::steady_clock;

template <typename... Work>
struct Overloaded : Work...
{
    using Work::operator()...;
};
template <typename... Work>
Overloaded(Work...) -> Overloaded<Work...>;

} // namespace

RabbitSession::RabbitSession(RabbitConnection &connection, RabbitMailbox &mailbox,
                             QStringList kinds, quint64 base)
    : m_connection(connection)
    , m_mailbox(mailbox)
    , m_kinds(std::move(kinds))
    , m_base(base)
    , m_lastTag(base)
{ }

void RabbitSession::want(const QHash<QString, int> &places)
{
    m_isHalted = false;
    for (const QString &kind : m_kinds) {
        const int wanted = places.value(kind);
        const int now = m_prefetch.value(kind);
        if (wanted == now)
            continue;
        if (now > 0) // a consumer's prefetch stays what it was
            m_connection.cancel(kind);
        if (wanted > 0)
            m_connection.consume(kind, wanted);
        m_prefetch.insert(kind, wanted);
    }
}

void RabbitSession::take(const RabbitCall &call)
{
    std::visit(Overloaded{
                   [this](const RabbitCall::Publish &publishCall) { publish(publishCall); },
                   [this](const RabbitCall::Want &wantCall) { want(wantCall.places); },
                   [this](const RabbitCall::Answer &answerCall) { answer(answerCall); },
                   [this](const RabbitCall::Halt &haltCall) { halt(haltCall); },
               },
               call.what);
}

void RabbitSession::publish(const RabbitCall::Publish &call)
{
    const quint64 tag = m_connection.publish(call.message);
    m_unconfirmed.emplace(tag, Unconfirmed{ call.number, steady_clock::now(), false });
}

void RabbitSession::answer(const RabbitCall::Answer &call)
{
    if (m_held.erase(call.tag) > 0) // else it was the broker's again already
        m_connection.answer(call.tag - m_base, call.how);
}

/// Whatever was on its way when the cancels were answered has come then.
void RabbitSession::halt(const RabbitCall::Halt &call)
{
    m_isHalted = true;
    for (const auto &[kind, prefetch] : std::exchange(m_prefetch, {}).asKeyValueRange()) {
        if (prefetch > 0)
            m_connection.cancel(kind);
    }
    while (pump()) { }
    const std::set<quint64> kept(call.kept.cbegin(), call.kept.cend());
    for (const quint64 tag : std::set<quint64>(m_held)) {
        if (!kept.contains(tag))
            answer({ tag, BrokerLink::Answer::Back });
    }
    m_mailbox.tell({ RabbitNews::Halted{} });
}

bool RabbitSession::pump()
{
    for (int i = 0; i < kMostAtOnce; ++i) {
        const std::optional<RabbitConnection::Event> event = m_connection.next();
        if (!event)
            return false;
        tell(*event);
    }
    return true;
}

void RabbitSession::tell(const RabbitConnection::Event &event)
{
    std::visit(
        Overloaded{
            [this](const RabbitConnection::Delivered &delivered) { takeDelivery(delivered); },
            [this](const RabbitConnection::Confirmed &confirmed) { takeConfirmation(confirmed); },
            [this](const RabbitConnection::Returned &returned) {
                if (const auto found = m_unconfirmed.find(returned.tag);
                    found != m_unconfirmed.end())
                    found->second.wasReturned = true;
            },
            [this](const RabbitConnection::Blocked &blocked) { takeBlocked(blocked.reason); },
            [this](const RabbitConnection::Depth &depth) { takeDepth(depth.messages); },
        },
        event);
}

void RabbitSession::takeDelivery(const RabbitConnection::Delivered &delivered)
{
    const quint64 tag = m_base + delivered.tag;
    m_lastTag = tag;
    m_held.insert(tag);
    const Result<JobMessage, QString> message = parseJobMessage(delivered.body, delivered.kind);
    if (m_isHalted) {
        answer({ tag, BrokerLink::Answer::Back });
    } else if (!message) {
        answer({ tag, BrokerLink::Answer::Poison });
        m_mailbox.tell({ RabbitNews::Garbled{
            u"in the queue of \"%1\": %2"_s.arg(delivered.kind, message.error()) } });
    } else {
        m_mailbox.tell({ RabbitNews::Delivered{ { tag, message.value() } } });
    }
}

void RabbitSession::takeConfirmation(const RabbitConnection::Confirmed &confirmed)
{
    const auto end = m_unconfirmed.upper_bound(confirmed.tag);
    auto each = confirmed.isMultiple ? m_unconfirmed.begin() : m_unconfirmed.find(confirmed.tag);
    bool wasReturned = false;
    while (each != m_unconfirmed.end() && each != end) {
        wasReturned = wasReturned || each->second.wasReturned;
        const bool isKept = confirmed.isKept && !each->second.wasReturned;
        m_mailbox.tell({ RabbitNews::Confirmed{ each->second.number, isKept } });
        each = m_unconfirmed.erase(each);
    }
    if (wasReturned)
        m_connection.lose(u"a queue is missing"_s); // and is made again with the next connection
}

/// It reads nothing meanwhile, so that nothing that waits for it is late.
void RabbitSession::takeBlocked(const QString &reason)
{
    m_isBlocked = !reason.isEmpty();
    m_mailbox.tell({ RabbitNews::Blocked{ reason } });
    const Time now = steady_clock::now();
    m_depthAskedAt = now;
    for (auto &[tag, unconfirmed] : m_unconfirmed)
        unconfirmed.since = now;
}

void RabbitSession::takeDepth(qint64 messages)
{
    m_depth += messages;
    if (--m_depthsLeft == 0)
        m_mailbox.tell({ RabbitNews::Depth{ m_depth } });
}

void RabbitSession::tick()
{
    if (m_isBlocked)
        return;
    const Time now = steady_clock::now();
    watchConfirms(now);
    watchDepth(now);
}

void RabbitSession::watchConfirms(Time now)
{
    if (!m_unconfirmed.empty() && m_unconfirmed.begin()->second.since + kLongestConfirm < now)
        m_connection.lose(u"it has confirmed no message for %1 s"_s.arg(kLongestConfirm.count()));
}

void RabbitSession::watchDepth(Time now)
{
    if (m_depthsLeft > 0) {
        if (m_depthAskedAt + kLongestDepth < now)
            m_connection.lose(u"it did not answer for %1 s"_s.arg(kLongestDepth.count()));
        return;
    }
    if (m_depthAskedAt != Time() && m_depthAskedAt + kDepthEvery > now)
        return;
    m_depthAskedAt = now;
    m_depth = 0;
    m_depthsLeft = m_kinds.size();
    for (const QString &kind : m_kinds)
        m_connection.askDepth(kind);
}

} // namespace quiesce
