// SPDX-License-Identifier: GPL-3.0-only
// RabbitThread: the thread in which librabbitmq may block.
#pragma once

#include "service/jobs/broker/rabbitmq/rabbitmailbox.h"
#include "service/jobs/broker/rabbitmq/rabbitoptions.h"

#include <QStringList>
#include <memory>
#include <thread>

namespace quiesce {

class RabbitConnection;
class RabbitSession;

/// Keeps a connection, makes another when it is lost, and waits for the mailbox and the socket.
///
/// Thread:  its own; the constructor, interrupt() and the destructor are the event loop's.
/// Order:   it ends after RabbitMailbox::beginClose(), with a last RabbitNews::Closed; in order
/// when
///          that was asked for and the broker answers.
/// Limits:  a try to connect each kFirstWait at first, each kLongestWait at last, all of it up to
///          half shorter at random.
/// Blocks:  the destructor waits for its end: while a name is looked up, or a TLS handshake made,
///          nothing interrupts it, which is at most RabbitOptions::connectTimeout for the latter.
class RabbitThread final
{
public:
    static constexpr std::chrono::milliseconds kFirstWait{ 500 };
    static constexpr std::chrono::milliseconds kLongestWait{ 10'000 };
    /// A connection that held for that long begins with kFirstWait again.
    static constexpr std::chrono::seconds kHeldWell{ 10 };
    /// How long what was published may go on being confirmed once it is to close.
    static constexpr std::chrono::milliseconds kLastConfirms{ 500 };
    static constexpr std::chrono::milliseconds kGoodbye{ 1'000 };

    RabbitThread(RabbitOptions options, QStringList kinds, RabbitMailbox &mailbox);
    ~RabbitThread();
    RabbitThread(const RabbitThread &) = delete;
    RabbitThread &operator=(const RabbitThread &) = delete;

    /// Whatever it waits for on its connection fails.
    void interrupt();

private:
    using Time = std::chrono::steady_clock::time_point;

    void run();
    /// Why there is no connection (any more); empty: it is to close.
    QString hold();
    void serve(RabbitConnection &connection, RabbitSession &session);
    void waitForMore(const RabbitConnection &connection, std::chrono::milliseconds longest) const;
    /// In time for the heartbeats, the depth and what was not confirmed.
    [[nodiscard]] std::chrono::milliseconds longestWait() const;
    /// Without a connection.
    void rest(std::chrono::milliseconds time);
    void refuse(const RabbitCall &call);
    void remember(const RabbitCall &call);
    void publishDescriptor(int descriptor);
    [[nodiscard]] bool isClosing() const { return m_mailbox.closing() != RabbitMailbox::Close::No; }

    const RabbitOptions m_options;
    const QStringList m_kinds;
    RabbitMailbox &m_mailbox;
    QHash<QString, int> m_places; ///< as they were last wanted
    quint64 m_lastTag = 0;
    Time m_connectedAt;
    std::mutex m_mutex; ///< for what follows
    int m_descriptor = -1; ///< of the connection; -1: none, or not yet
    std::thread m_thread; ///< last: it uses all of it
};

} // namespace quiesce
