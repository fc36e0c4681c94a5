// SPDX-License-Identifier: GPL-3.0-only
// RabbitThread: see the header.
#include "service/jobs/broker/rabbitmq/rabbitthread.h"

#include "service/jobs/broker/rabbitmq/rabbitconnection.h"
#include "service/jobs/broker/rabbitmq/rabbitsession.h"

#include <QRandomGenerator>
#include <algorithm>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <utility>

namespace quiesce {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

RabbitThread::RabbitThread(RabbitOptions options, QStringList kinds, RabbitMailbox &mailbox)
    : m_options(std::move(options))
    , m_kinds(std::move(kinds))
    , m_mailbox(mailbox)
    , m_thread([this] { run(); })
{ }

RabbitThread::~RabbitThread()
{
    m_mailbox.beginClose(RabbitMailbox::Close::AtOnce);
    interrupt();
    m_thread.join();
}

void RabbitThread::interrupt()
{
    const std::scoped_lock lock(m_mutex);
    if (m_descriptor >= 0)
        ::shutdown(m_descriptor, SHUT_RDWR);
}

void RabbitThread::publishDescriptor(int descriptor)
{
    const std::scoped_lock lock(m_mutex);
    m_descriptor = descriptor;
}

void RabbitThread::run()
{
    ::pthread_setname_np(::pthread_self(), "rabbitmq");
    milliseconds wait = kFirstWait;
    while (!isClosing()) {
        const QString fault = hold();
        if (isClosing())
            break;
        m_mailbox.tell({ RabbitNews::Lost{ fault } });
        if (m_connectedAt != Time() && steady_clock::now() - m_connectedAt > kHeldWell)
            wait = kFirstWait;
        const double share = 1 - QRandomGenerator::global()->generateDouble() / 2;
        rest(std::chrono::duration_cast<milliseconds>(wait * share));
        wait = std::min(2 * wait, kLongestWait);
    }
    m_mailbox.tell({ RabbitNews::Closed{} });
}

QString RabbitThread::hold()
{
    m_connectedAt = {};
    RabbitConnection connection(m_options);
    const auto goesOn = [this] {
        m_mailbox.hush();
        return !isClosing();
    };
    connection.open({ .wakeDescriptor = m_mailbox.wakeDescriptor(),
                      .goesOn = goesOn,
                      .reached = [this](int descriptor) { publishDescriptor(descriptor); } });
    connection.declare(m_kinds);
    if (!connection.isLost()) {
        m_connectedAt = steady_clock::now();
        RabbitSession session(connection, m_mailbox, m_kinds, m_lastTag);
        m_mailbox.tell({ RabbitNews::Connected{} });
        session.want(m_places);
        serve(connection, session);
        m_lastTag = session.lastTag();
    }
    publishDescriptor(-1); // before it is closed, and is another's
    return connection.fault();
}

void RabbitThread::serve(RabbitConnection &connection, RabbitSession &session)
{
    std::optional<Time> closeBy;
    while (!connection.isLost() && m_mailbox.closing() != RabbitMailbox::Close::AtOnce) {
        // Looked at before the calls are taken: what was asked before the close is done before it.
        const bool closes = isClosing();
        const bool hasMore = session.pump();
        for (const RabbitCall &call : m_mailbox.takeCalls()) {
            remember(call);
            session.take(call);
        }
        if (closes) {
            if (!closeBy)
                closeBy = steady_clock::now() + kLastConfirms;
            if (!session.hasUnconfirmed() || *closeBy <= steady_clock::now())
                break;
        } else {
            session.tick();
        }
        if (!hasMore && closes == isClosing()) // or its wake has been taken with the calls'
            waitForMore(connection, closes ? milliseconds(50) : longestWait());
    }
    if (m_mailbox.closing() == RabbitMailbox::Close::InOrder)
        connection.close(kGoodbye);
}

/// What the library has read already is no reason to wait: pump() has taken all of it, but for what
/// the calls since then have brought.
void RabbitThread::waitForMore(const RabbitConnection &connection, milliseconds longest) const
{
    if (connection.isLost() || connection.hasRead())
        return;
    pollfd watched[] = { { connection.descriptor(), POLLIN, 0 },
                         { m_mailbox.wakeDescriptor(), POLLIN, 0 } };
    ::poll(watched, 2, static_cast<int>(longest.count()));
}

milliseconds RabbitThread::longestWait() const
{
    return std::min<milliseconds>(milliseconds(1'000), milliseconds(m_options.heartbeat) / 4);
}

void RabbitThread::rest(milliseconds time)
{
    const Time until = steady_clock::now() + time;
    for (;;) {
        for (const RabbitCall &call : m_mailbox.takeCalls()) {
            remember(call);
            refuse(call);
        }
        const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
        if (isClosing() || left.count() <= 0) // looked at after the wake was taken with the calls
            break;
        pollfd watched{ m_mailbox.wakeDescriptor(), POLLIN, 0 };
        ::poll(&watched, 1, static_cast<int>(left.count()));
    }
}

void RabbitThread::remember(const RabbitCall &call)
{
    if (const auto *want = std::get_if<RabbitCall::Want>(&call.what))
        m_places = want->places;
    else if (std::holds_alternative<RabbitCall::Halt>(call.what))
        m_places.clear();
}

void RabbitThread::refuse(const RabbitCall &call)
{
    if (const auto *publish = std::get_if<RabbitCall::Publish>(&call.what))
        m_mailbox.tell({ RabbitNews::Confirmed{ publish->number, false } });
    else if (std::holds_alternative<RabbitCall::Halt>(call.what))
        m_mailbox.tell({ RabbitNews::Halted{} });
}

} // namespace quiesce
