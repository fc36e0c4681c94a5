// SPDX-License-Identifier: GPL-3.0-only
// KafkaReaper: see the header.
#include "service/jobs/broker/kafka/kafkareaper.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace quiesce {

namespace {

/// Its statistics would fill its queue otherwise.
[[noreturn]] void park(rd_kafka_t *consumer)
{
    constexpr int kWaitMs = 10'000;
    rd_kafka_set_log_level(consumer, 0);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
    for (;;) {
        if (rd_kafka_event_t *event = rd_kafka_queue_poll(queue, kWaitMs))
            rd_kafka_event_destroy(event);
    }
}

} // namespace

/// Outlives the reaper when a thread does.
struct KafkaReaper::Shared
{
    void finish()
    {
        const std::lock_guard lock(mutex);
        if (--running == 0 && reaper)
            QMetaObject::invokeMethod(reaper, &KafkaReaper::idle, Qt::QueuedConnection);
        ended.notify_all();
    }

    std::mutex mutex;
    std::condition_variable ended;
    int running = 0;
    KafkaReaper *reaper = nullptr; ///< none: it has gone
};

KafkaReaper::KafkaReaper(QObject *parent)
    : QObject(parent)
    , m_shared(std::make_shared<Shared>())
{
    m_shared->reaper = this;
}

KafkaReaper::~KafkaReaper()
{
    std::unique_lock lock(m_shared->mutex);
    m_shared->reaper = nullptr;
    m_shared->ended.wait_for(lock, kLongestWait, [this] { return m_shared->running == 0; });
}

void KafkaReaper::take(rd_kafka_t *handle, Fate fate)
{
    if (fate == Fate::Park) {
        std::thread(park, handle).detach();
        return;
    }
    {
        const std::lock_guard lock(m_shared->mutex);
        ++m_shared->running;
    }
    std::thread([handle, shared = m_shared] {
        rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        shared->finish();
    }).detach();
}

bool KafkaReaper::isIdle() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->running == 0;
}

} // namespace quiesce
