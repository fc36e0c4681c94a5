// SPDX-License-Identifier: GPL-3.0-only
// KafkaProducer: sends messages, says which are kept, and makes topics that are not there.
#pragma once

#include "service/jobs/broker/kafka/confirmations.h"
#include "service/jobs/broker/kafka/kafkafault.h"
#include "service/jobs/broker/kafka/kafkahandle.h"

#include <QSet>

namespace quiesce {

struct KafkaRecord
{
    QString topic;
    QByteArray key; ///< the job's id: its messages stay in one partition
    QByteArray value;
    QString note{}; ///< for people, as a header; empty: none
    /// Not empty: to any partition but these when there is another, whatever the key says.
    QSet<qint32> avoid{};
};

/// An idempotent producer. After a fatal error, of which its numbers of messages cannot recover, or
/// when its settings were not accepted, it begins anew each kRetryWait.
///
/// Thread:  event loop. Owns: its client. The options and the reaper must outlive it.
/// Order:   open(), then all else; shut() at the end, after which send() answers false.
/// Limits:  BrokerLink::kMaxUnconfirmed wait; beyond it send() answers false, as while it has none.
class KafkaProducer final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kRetryWait{ 1'000 };

    KafkaProducer(const KafkaOptions &options, KafkaReaper &reaper, QObject *parent = nullptr);
    ~KafkaProducer() override;

    /// Topics that are not there are made; when that does not succeed it is tried again, less and
    /// less often.
    void open(const QStringList &topics);
    void send(const KafkaRecord &record, const BrokerLink::Confirmed &confirmed);
    /// Whoever still waits is answered false.
    void shut();
    [[nodiscard]] bool isIdle() const { return m_confirmations.count() == 0; }
    [[nodiscard]] const QString &fault() const { return m_fault.text(); }

Q_SIGNALS:
    void faultChanged();
    void topicsMade(); ///< at least one was not there before
    void idle();

private:
    void make();
    void remake(const QString &reason);
    void makeTopics();
    void handle(rd_kafka_event_t *event);
    void takeReports(rd_kafka_event_t *event);
    void takeError(rd_kafka_event_t *event);
    void takeTopics(rd_kafka_event_t *event);
    [[nodiscard]] bool trySend(const KafkaRecord &record, quint64 id);
    [[nodiscard]] qint32 partitionFor(const KafkaRecord &record) const;

    const KafkaOptions &m_options;
    KafkaReaper &m_reaper;
    Confirmations m_confirmations;
    KafkaFault m_fault;
    std::unique_ptr<KafkaHandle> m_handle;
    QHash<QString, int> m_partitions; ///< of each topic that was sent to
    QStringList m_topics; ///< to be made
    std::chrono::milliseconds m_topicsWait{ kRetryWait };
    QString m_topicsRefusal; ///< the last one that was logged
    QTimer m_makeTimer;
    QTimer m_topicsTimer;
    bool m_isShut = false;
};

} // namespace quiesce
