// SPDX-License-Identifier: GPL-3.0-only
// RabbitLink: RabbitMQ as the broker of jobs.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/broker/brokerlink.h"
#include "service/jobs/broker/rabbitmq/rabbitmailbox.h"
#include "service/jobs/broker/rabbitmq/rabbitoptions.h"

#include <map>
#include <memory>
#include <set>

namespace quiesce {

class RabbitThread;

/// One durable quorum queue of each kind, `<prefix>.<kind>`, persistent messages, publisher
/// confirms, one consumer of each kind. What nobody can do anything with goes to the queue
/// `<prefix>-dead`. Declared when it connects; one that is there with other arguments is a fault.
///
/// Thread:  event loop; librabbitmq is in a RabbitThread.
/// Owns:    that thread, its alarms.
/// Order:   see BrokerLink. It may be destroyed at any time; after close() that takes no time.
/// Limits:  see BrokerLink. The prefetch of a kind is its places; when these change, as many more
///          as are held then may come.
/// Errors:  see BrokerLink. A message that went to no queue, or that was not confirmed in time, is
///          one not kept; while confirmations are late that is the fault.
class RabbitLink final : public BrokerLink
{
    Q_OBJECT

public:
    RabbitLink(Clock &clock, RabbitOptions options, QObject *parent = nullptr);
    ~RabbitLink() override;

    void start(const QStringList &kinds) override;
    void publish(const JobMessage &message, Confirmed confirmed) override;
    void want(const QHash<QString, int> &places) override;
    void answer(quint64 tag, Answer answer) override;
    void halt(const QList<quint64> &kept, std::function<void()> halted) override;
    void close(std::function<void()> closed) override;
    [[nodiscard]] BrokerFacts facts() const override;
    [[nodiscard]] QLatin1StringView engine() const override;

private:
    struct Unconfirmed
    {
        Confirmed confirmed;
        SteadyTime deadline;
    };

    void takeNews();
    void take(const RabbitNews &news);
    void takeConnected();
    void takeLost(const QString &fault);
    void takeConfirmed(quint64 number, bool isKept);
    void takeDelivered(const Delivery &delivery);
    void takeDepth(qint64 messages);
    void finishHalt();
    void finishClose();
    void giveUpConfirms();
    void refuse(Confirmed confirmed);
    void watchConfirms();
    void updateFault();

    Clock &m_clock;
    std::optional<RabbitOptions> m_options; ///< until start()
    QString m_address;
    RabbitMailbox m_mailbox;
    std::unique_ptr<RabbitThread> m_thread;
    std::unique_ptr<Alarm> m_confirmAlarm;
    std::unique_ptr<Alarm> m_haltAlarm;
    std::unique_ptr<Alarm> m_closeAlarm;
    std::map<quint64, Unconfirmed> m_unconfirmed; ///< by number, and so by deadline
    std::set<quint64> m_held; ///< deliveries without an answer
    QHash<QString, int> m_places;
    std::function<void()> m_halted;
    std::function<void()> m_closed;
    BrokerFacts m_facts;
    QString m_lostFault; ///< why there is no connection
    QString m_blockedFault; ///< why it takes no messages
    QString m_lateFault; ///< confirmations are
    quint64 m_lastNumber = 0;
    int m_halts = 0; ///< that the thread has not done yet: what is delivered is not for us
    bool m_isConnected = false;
    bool m_isClosing = false;
};

} // namespace quiesce
