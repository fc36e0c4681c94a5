// SPDX-License-Identifier: GPL-3.0-only
// RabbitSession: what goes on over one connection: consumers, deliveries, confirmations.
#pragma once

#include "service/jobs/broker/rabbitmq/rabbitconnection.h"
#include "service/jobs/broker/rabbitmq/rabbitmailbox.h"

#include <map>
#include <set>

namespace quiesce {

/// Does what the mailbox's calls ask for and tells it what comes. It ends with its connection.
///
/// Thread:  RabbitMQ's. Owns: nothing; the connection and the mailbox must outlive it.
/// Limits:  kMostAtOnce events in one turn; the depth is asked for each kDepthEvery. A message that
///          has not been confirmed for kLongestConfirm is a connection lost.
class RabbitSession final
{
public:
    static constexpr std::chrono::seconds kDepthEvery{ 5 };
    static constexpr std::chrono::seconds kLongestDepth{ 10 }; ///< without its answer: it is lost
    static constexpr std::chrono::seconds kLongestConfirm{ 30 };
    static constexpr int kMostAtOnce = 256;

    /// `base`: the tag of the last delivery of the connections before.
    RabbitSession(RabbitConnection &connection, RabbitMailbox &mailbox, QStringList kinds,
                  quint64 base);

    void want(const QHash<QString, int> &places);
    void take(const RabbitCall &call);
    /// What has come. True: there may be more.
    bool pump();
    /// What time asks for.
    void tick();
    /// Messages on their way to stable storage.
    [[nodiscard]] bool hasUnconfirmed() const { return !m_unconfirmed.empty(); }
    [[nodiscard]] quint64 lastTag() const { return m_lastTag; }

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Unconfirmed
    {
        quint64 number = 0; ///< the call's
        Time since;
        bool wasReturned = false;
    };

    void publish(const RabbitCall::Publish &call);
    void answer(const RabbitCall::Answer &call);
    void halt(const RabbitCall::Halt &call);
    void tell(const RabbitConnection::Event &event);
    void takeDelivery(const RabbitConnection::Delivered &delivered);
    void takeConfirmation(const RabbitConnection::Confirmed &confirmed);
    void takeBlocked(const QString &reason);
    void takeDepth(qint64 messages);
    void watchConfirms(Time now);
    void watchDepth(Time now);

    RabbitConnection &m_connection;
    RabbitMailbox &m_mailbox;
    QStringList m_kinds;
    quint64 m_base; ///< what is added to a channel's tag to have a link's
    quint64 m_lastTag;
    QHash<QString, int> m_prefetch; ///< of the consumers there are
    std::set<quint64> m_held; ///< deliveries without an answer
    std::map<quint64, Unconfirmed> m_unconfirmed; ///< by publish()'s tag
    Time m_depthAskedAt; ///< in the first turn
    qint64 m_depth = 0; ///< of those that have answered
    qsizetype m_depthsLeft = 0; ///< kinds that have not
    bool m_isBlocked = false; ///< the broker reads nothing that is sent
    bool m_isHalted = false; ///< what still comes is for others
};

} // namespace quiesce
