// SPDX-License-Identifier: GPL-3.0-only
// KafkaReaper: ends handles of librdkafka, which may take long, beside the event loop.
#pragma once

#include <QObject>
#include <librdkafka/rdkafka.h>
#include <memory>

namespace quiesce {

/// rd_kafka_destroy() waits for librdkafka's threads, one of which may be asking a name server. So
/// each handle gets a thread that does nothing else.
///
/// Thread:  event loop; it starts threads that only destroy.
/// Emits:   idle() when none is left.
/// Blocks:  its destructor waits for them, for at most kLongestWait; what takes longer is left to
///          end by itself. After KafkaLink::close() there are none.
class KafkaReaper final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kLongestWait{ 1'000 };

    explicit KafkaReaper(QObject *parent = nullptr);
    ~KafkaReaper() override;

    enum class Fate : unsigned char {
        Destroy,
        Park, ///< it cannot be destroyed: it stays, and what it tells is dropped, until the process
              ///< ends
    };
    /// Whoever used the handle has no queue, event or message of it any more. A consumer that was
    /// not closed does not leave its group: that finds out by its time-out.
    void take(rd_kafka_t *handle, Fate fate);
    /// Those parked do not count.
    [[nodiscard]] bool isIdle() const;

Q_SIGNALS:
    void idle();

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace quiesce
