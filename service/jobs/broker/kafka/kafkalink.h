// SPDX-License-Identifier: GPL-3.0-only
// KafkaLink: messages about jobs by way of Kafka.
#pragma once

#include "service/jobs/broker/kafka/deliverydesk.h"
#include "service/jobs/broker/kafka/kafkaoptions.h"

#include <QTimer>
#include <memory>
#include <vector>

namespace quiesce {

class KafkaConsumer;
class KafkaProducer;
class KafkaReaper;
struct KafkaFetched;
struct KafkaRecord;

/// A topic for each kind, keyed by the job's id, and a group of consumers that share its
/// partitions.
///
/// Back:    Kafka takes nothing back: the message is sent again, to a partition of another member
///          when there is one, and only then the old one counts as done.
/// Poison:  goes to the topic <prefix>.dead, with the reason as its header.
/// Order:   halt() leaves the group, so that others get the partitions at once instead of after the
///          whole drain. From the first message not answered on all come to them, those that are
///          kept here or were answered behind it too: the store's claim drops what is not due.
/// Limits:  a job that takes long holds back the commits of its partition, no further than
///          OffsetLedger::kMaxOpen messages, after which the partition waits for it. When
///          partitions go to another member, what was delivered of them keeps its place until it is
///          answered; dropped() comes only when all are lost.
/// Blocks:  its destructor, without close(), for at most KafkaReaper::kLongestWait.
class KafkaLink final : public BrokerLink
{
    Q_OBJECT

public:
    /// When the consumer could not be made, or a message not be sent again.
    static constexpr std::chrono::milliseconds kRetryWait{ 1'000 };

    /// `options` have been found good by kafkaOptionsFault().
    explicit KafkaLink(KafkaOptions options, QObject *parent = nullptr);
    ~KafkaLink() override;

    /// A kind called "dead" has no topic: its jobs come by the store alone.
    void start(const QStringList &kinds) override;
    void publish(const JobMessage &message, Confirmed confirmed) override;
    void want(const QHash<QString, int> &places) override;
    void answer(quint64 tag, Answer answer) override;
    void halt(const QList<quint64> &kept, std::function<void()> halted) override;
    void close(std::function<void()> closed) override;
    [[nodiscard]] BrokerFacts facts() const override;
    [[nodiscard]] QLatin1StringView engine() const override;

private:
    void join();
    void watchConsumer();
    void rejoin();
    void leave(std::chrono::milliseconds longest, std::function<void()> gone);
    void take(const KafkaFetched &message);
    void loseAll();
    void review();
    void serve();
    void settle(const KafkaSpot &spot);
    /// Until it is kept; then the message that it stands for is done.
    void sendInstead(const KafkaRecord &record, const KafkaSpot &spot);
    void takeFault();
    void goOnClosing();
    void giveUpClosing();

    const KafkaOptions m_options;
    std::unique_ptr<KafkaReaper> m_reaper; ///< before those that give it something
    std::unique_ptr<KafkaProducer> m_producer;
    std::unique_ptr<KafkaConsumer> m_consumer; ///< none: this is no member of the group
    std::vector<std::unique_ptr<KafkaConsumer>> m_leaving;
    DeliveryDesk m_desk;
    QStringList m_kinds;
    QTimer m_joinTimer;
    QTimer m_closeLimit;
    std::function<void()> m_closed; ///< while it is being closed
    QString m_joinFault;
    QString m_fault;
    QDateTime m_changedAt;
    quint64 m_lastTerm = 0;
    bool m_isServing = false; ///< serve() is queued
    bool m_isWanting = false; ///< want() since the last halt()
    bool m_isClosed = false;
};

} // namespace quiesce
