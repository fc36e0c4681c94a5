// SPDX-License-Identifier: GPL-3.0-only
// RabbitLink: see the header.
#include "service/jobs/broker/rabbitmq/rabbitlink.h"

#include "common/logline.h"
#include "service/jobs/broker/rabbitmq/rabbitthread.h"

#include <QLoggingCategory>
#include <QPointer>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcBroker, "quiesce.broker")

template <typename... Work>
struct Overloaded : Work...
{
    using Work::operator()...;
};
template <typename... Work>
Overloaded(Work...) -> Overloaded<Work...>;

} // namespace

RabbitLink::RabbitLink(Clock &clock, RabbitOptions options, QObject *parent)
    : BrokerLink(parent)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_address(addressOf(*m_options))
    , m_confirmAlarm(clock.makeAlarm([this] { giveUpConfirms(); }))
    , m_haltAlarm(clock.makeAlarm([this] { finishHalt(); }))
    , m_closeAlarm(clock.makeAlarm([this] {
        m_mailbox.beginClose(RabbitMailbox::Close::AtOnce);
        if (m_thread)
            m_thread->interrupt();
        finishClose();
    }))
    , m_lostFault(u"RabbitMQ at %1: not connected yet"_s.arg(m_address))
{
    connect(&m_mailbox, &RabbitMailbox::arrived, this, &RabbitLink::takeNews, Qt::QueuedConnection);
    updateFault();
}

RabbitLink::~RabbitLink() = default;

void RabbitLink::start(const QStringList &kinds)
{
    Q_ASSERT(m_options && !m_thread);
    m_thread = std::make_unique<RabbitThread>(std::move(*m_options), kinds, m_mailbox);
    m_options.reset();
}

void RabbitLink::publish(const JobMessage &message, Confirmed confirmed)
{
    if (!m_facts.fault.isEmpty() || std::ssize(m_unconfirmed) >= kMaxUnconfirmed) {
        refuse(std::move(confirmed));
        return;
    }
    const quint64 number = ++m_lastNumber;
    m_unconfirmed.emplace(number,
                          Unconfirmed{ std::move(confirmed), m_clock.now() + kConfirmWait });
    m_mailbox.post({ RabbitCall::Publish{ number, message } });
    watchConfirms();
}

void RabbitLink::refuse(Confirmed confirmed)
{
    QMetaObject::invokeMethod(
        this, [confirmed = std::move(confirmed)] { confirmed(false); }, Qt::QueuedConnection);
}

void RabbitLink::watchConfirms()
{
    if (m_unconfirmed.empty())
        m_confirmAlarm->clear();
    else if (!m_confirmAlarm->isSet())
        m_confirmAlarm->setAt(m_unconfirmed.begin()->second.deadline);
}

void RabbitLink::giveUpConfirms()
{
    const QPointer<RabbitLink> self(this);
    while (!m_unconfirmed.empty() && m_unconfirmed.begin()->second.deadline <= m_clock.now()) {
        m_lateFault =
            u"RabbitMQ at %1 has not confirmed a message within %2 s"_s.arg(m_address).arg(
                std::chrono::duration<double>(kConfirmWait).count());
        const Confirmed confirmed =
            std::move(m_unconfirmed.extract(m_unconfirmed.begin()).mapped().confirmed);
        updateFault();
        if (self)
            confirmed(false);
        if (!self)
            return;
    }
    watchConfirms();
}

void RabbitLink::want(const QHash<QString, int> &places)
{
    if (m_thread && m_places != places)
        m_mailbox.post({ RabbitCall::Want{ places } });
    m_places = places;
}

void RabbitLink::answer(quint64 tag, Answer answer)
{
    if (m_held.erase(tag) > 0)
        m_mailbox.post({ RabbitCall::Answer{ tag, answer } });
}

void RabbitLink::halt(const QList<quint64> &kept, std::function<void()> halted)
{
    m_places.clear();
    m_halted = std::move(halted);
    std::erase_if(m_held, [&kept](quint64 tag) { return !kept.contains(tag); });
    if (m_thread) {
        ++m_halts;
        m_mailbox.post({ RabbitCall::Halt{ kept } });
    }
    // The thread may be at work on a connection, and has none to halt.
    m_haltAlarm->setAt(m_isConnected ? m_clock.now() + kHaltWait : m_clock.now());
}

void RabbitLink::finishHalt()
{
    m_haltAlarm->clear();
    if (m_halted)
        std::exchange(m_halted, {})();
}

void RabbitLink::close(std::function<void()> closed)
{
    m_isClosing = true;
    m_closed = std::move(closed);
    m_mailbox.beginClose(RabbitMailbox::Close::InOrder);
    m_closeAlarm->setAt(m_thread ? m_clock.now() + kCloseWait : m_clock.now());
}

void RabbitLink::finishClose()
{
    m_closeAlarm->clear();
    takeLost(u"RabbitMQ at %1: closed"_s.arg(m_address));
    if (m_closed)
        std::exchange(m_closed, {})();
}

BrokerFacts RabbitLink::facts() const
{
    BrokerFacts facts = m_facts;
    facts.held = static_cast<int>(m_held.size());
    return facts;
}

QLatin1StringView RabbitLink::engine() const
{
    return "rabbitmq"_L1;
}

void RabbitLink::updateFault()
{
    QString fault = m_lostFault;
    for (const QString &other : { m_blockedFault, m_lateFault }) {
        if (fault.isEmpty())
            fault = other;
    }
    if (fault == m_facts.fault)
        return;
    if (fault.isEmpty())
        qCInfo(lcBroker).noquote() << LogLine("broker ready").with("at", m_address).toString();
    else if (m_facts.changedAt.isValid() && !m_isClosing) // it begins and ends with one
        qCWarning(lcBroker).noquote()
            << LogLine("broker not ready").with("fault", fault).toString();
    m_facts.fault = fault;
    m_facts.changedAt = m_clock.utcNow();
    Q_EMIT factsChanged();
}

void RabbitLink::takeNews()
{
    const QPointer<RabbitLink> self(this);
    for (const RabbitNews &news : m_mailbox.takeNews()) {
        take(news);
        if (!self)
            return;
    }
}

void RabbitLink::take(const RabbitNews &news)
{
    std::visit(
        Overloaded{
            [this](const RabbitNews::Connected &) { takeConnected(); },
            [this](const RabbitNews::Lost &lost) { takeLost(lost.fault); },
            [this](const RabbitNews::Confirmed &confirmed) {
                takeConfirmed(confirmed.number, confirmed.isKept);
            },
            [this](const RabbitNews::Delivered &delivered) { takeDelivered(delivered.delivery); },
            [this](const RabbitNews::Garbled &message) { Q_EMIT garbled(message.what); },
            [this](const RabbitNews::Blocked &blocked) {
                m_blockedFault = blocked.reason;
                updateFault();
            },
            [this](const RabbitNews::Depth &depth) { takeDepth(depth.messages); },
            [this](const RabbitNews::Halted &) {
                if (--m_halts == 0)
                    finishHalt();
            },
            [this](const RabbitNews::Closed &) { finishClose(); },
        },
        news.what);
}

void RabbitLink::takeConnected()
{
    m_isConnected = true;
    m_lostFault.clear();
    m_blockedFault.clear();
    m_lateFault.clear();
    updateFault();
}

void RabbitLink::takeLost(const QString &fault)
{
    m_lostFault = fault;
    m_held.clear();
    m_facts.depth.reset();
    const QPointer<RabbitLink> self(this);
    for (auto &[number, unconfirmed] : std::exchange(m_unconfirmed, {}))
        refuse(std::move(unconfirmed.confirmed));
    watchConfirms();
    if (std::exchange(m_isConnected, false))
        Q_EMIT dropped();
    if (self)
        updateFault();
}

void RabbitLink::takeConfirmed(quint64 number, bool isKept)
{
    const QPointer<RabbitLink> self(this);
    if (auto found = m_unconfirmed.extract(number)) {
        m_confirmAlarm->clear();
        watchConfirms();
        found.mapped().confirmed(isKept);
    }
    if (self && !m_lateFault.isEmpty()) { // late, but it comes
        m_lateFault.clear();
        updateFault();
    }
}

void RabbitLink::takeDelivered(const Delivery &delivery)
{
    if (m_halts > 0) // it has been given back, or will be
        return;
    m_held.insert(delivery.tag);
    Q_EMIT delivered(delivery);
}

void RabbitLink::takeDepth(qint64 messages)
{
    if (m_facts.depth == messages)
        return;
    m_facts.depth = messages;
    Q_EMIT factsChanged();
}

} // namespace quiesce
