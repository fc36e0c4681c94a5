// SPDX-License-Identifier: GPL-3.0-only
// KafkaHandle: one client of librdkafka, its events brought to the event loop.
#pragma once

#include "service/core/filedescriptor.h"
#include "service/jobs/broker/kafka/kafkaconf.h"
#include "service/jobs/broker/kafka/kafkareaper.h"

#include <QSocketNotifier>
#include <functional>
#include <vector>

namespace quiesce {

/// Gives each event of the client's queues to the handler. librdkafka's own log goes to the
/// category quiesce.broker: it knows no password, and what others sent is made printable.
///
/// Thread:  event loop. Owns: the client, which it gives to the reaper at its end.
/// Order:   the handler must not destroy the handle.
/// Limits:  kEventsPerTurn events a turn of the event loop, so that others have theirs.
/// Note:    librdkafka tells a descriptor only when a queue that was empty is no more, so a queue
///          is always emptied, over several turns when it must.
class KafkaHandle final : public QObject
{
    Q_OBJECT

public:
    static constexpr int kEventsPerTurn = 128;
    using Handler = std::function<void(rd_kafka_event_t *event)>;

    /// @error what librdkafka does not accept, such as a certificate that cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<KafkaHandle>, QString>
    make(rd_kafka_type_t type, KafkaConf conf, KafkaReaper &reaper, Handler handler);
    ~KafkaHandle() override;

    [[nodiscard]] rd_kafka_t *client() const { return m_client; }
    /// Where the client's events come from; a producer's answers of the admin API too.
    [[nodiscard]] rd_kafka_queue_t *mainQueue() const { return m_queues.front(); }
    /// One more, emptied like the first.
    [[nodiscard]] rd_kafka_queue_t *addQueue();
    /// Also counts as a poll of the consumer, which it must not be without for too long.
    void poll();
    /// No further event is handled.
    void mute() { m_handler = {}; }
    /// What the reaper is to do with the client; without this: destroy it.
    void setFate(KafkaReaper::Fate fate) { m_fate = fate; }

private:
    KafkaHandle(rd_kafka_t *client, rd_kafka_queue_t *queue, FileDescriptor bell,
                KafkaReaper &reaper, Handler handler);
    void watch(rd_kafka_queue_t *queue);
    void ring();
    void emptyQueues();
    void handle(rd_kafka_event_t *event);

    rd_kafka_t *m_client;
    KafkaReaper &m_reaper;
    KafkaReaper::Fate m_fate = KafkaReaper::Fate::Destroy;
    Handler m_handler;
    std::vector<rd_kafka_queue_t *> m_queues;
    FileDescriptor m_bell; ///< an eventfd that librdkafka adds to
    QSocketNotifier m_notifier;
    bool m_isGoingOn = false; ///< a further turn is queued
};

} // namespace quiesce
