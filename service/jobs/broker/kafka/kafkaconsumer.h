// SPDX-License-Identifier: GPL-3.0-only
// KafkaConsumer: one membership of the consumer group, from joining to leaving.
#pragma once

#include "service/jobs/broker/kafka/kafkaassignment.h"
#include "service/jobs/broker/kafka/kafkafault.h"
#include "service/jobs/broker/kafka/kafkahandle.h"

#include <QTimer>

namespace quiesce {

/// A message as it was fetched.
struct KafkaFetched
{
    KafkaSpot spot;
    QString topic;
    QByteArray key;
    QByteArray value;
};

/// Goes on polling while nothing is welcome: partitions are paused, so that what the broker waits
/// for is kept and no more messages come. When they are revoked, what was stored of them is
/// committed before they are another's.
///
/// Thread:  event loop. Owns: its client.
/// Order:   open(), then all else, leave() once, at the end; no message comes after it.
/// Emits:   left() exactly once for leave(), queued, within the time it was given also when no
///          broker answers: those then find out by themselves.
class KafkaConsumer final : public QObject
{
    Q_OBJECT

public:
    KafkaConsumer(const KafkaOptions &options, KafkaReaper &reaper, quint64 firstTerm,
                  QObject *parent = nullptr);
    ~KafkaConsumer() override;

    /// @error what librdkafka does not accept.
    [[nodiscard]] Result<Done, QString> open(const QStringList &topics);
    /// There are topics that were not before.
    void lookAgain();
    /// Whether more of a topic are welcome; it is asked when review() is called, and at
    /// assignments.
    void setWelcome(std::function<bool(const QString &topic)> isWelcome);
    void review();
    /// That message needs nobody any more. Of what is not assigned any more it is passed over.
    void settle(const KafkaSpot &spot);
    void leave(std::chrono::milliseconds longest);

    [[nodiscard]] const KafkaAssignment &assignment() const { return m_assignment; }
    [[nodiscard]] const QString &fault() const { return m_fault.text(); }
    [[nodiscard]] std::optional<qint64> lag() const { return m_lag; }

Q_SIGNALS:
    void fetched(const quiesce::KafkaFetched &message);
    /// Those partitions are another's.
    void revoked(const QList<quint64> &terms);
    /// All of them are, and were before this was known.
    void lost();
    void left();
    void faultChanged();
    void lagChanged();
    /// It will not recover; another one is to take its place.
    void failed();

private:
    void handle(rd_kafka_event_t *event);
    void takeMessages(rd_kafka_event_t *event);
    void takeMessage(const rd_kafka_message_t &message);
    void rebalance(rd_kafka_event_t *event);
    void assign(const rd_kafka_topic_partition_list_t &partitions);
    void revoke(const rd_kafka_topic_partition_list_t &partitions);
    void takeError(rd_kafka_resp_err_t code, const QString &text);
    void lookWhetherLeft();
    void finishLeaving();
    [[nodiscard]] bool isCooperative() const;

    const KafkaOptions &m_options;
    KafkaReaper &m_reaper;
    QStringList m_topics;
    KafkaAssignment m_assignment;
    KafkaFault m_fault;
    std::unique_ptr<KafkaHandle> m_handle;
    std::function<bool(const QString &topic)> m_isWelcome;
    std::optional<qint64> m_lag;
    QTimer m_pollTimer; ///< also without events: see KafkaOptions::maxPollInterval
    QTimer m_leaveTimer; ///< librdkafka does not tell when it has left
    QTimer m_leaveLimit;
    bool m_wasAssigned = false; ///< also when it was nothing
    bool m_isLeaving = false;
    bool m_hasFailed = false;
};

} // namespace quiesce
