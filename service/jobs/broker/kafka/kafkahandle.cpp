// SPDX-License-Identifier: GPL-3.0-only
// KafkaHandle: see the header.
#include "service/jobs/broker/kafka/kafkahandle.h"

#include "common/logline.h"
#include "common/printable.h"

#include <QLoggingCategory>
#include <array>
#include <sys/eventfd.h>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcBroker, "quiesce.broker")

/// syslog's levels: what is an error for librdkafka it tries again, and a fault of ours is told
/// once by whoever has it.
constexpr int kNotice = 5;

void logEvent(rd_kafka_event_t *event)
{
    const char *facility = nullptr;
    const char *text = nullptr;
    int level = 0;
    if (rd_kafka_event_log(event, &facility, &text, &level) != 0)
        return;
    const QString line = LogLine("librdkafka")
                             .with("facility", QByteArray(facility))
                             .with("text", printable(QString::fromUtf8(text)))
                             .toString();
    if (level <= kNotice)
        qCInfo(lcBroker).noquote() << line;
    else
        qCDebug(lcBroker).noquote() << line;
}

} // namespace

Result<std::unique_ptr<KafkaHandle>, QString>
KafkaHandle::make(rd_kafka_type_t type, KafkaConf conf, KafkaReaper &reaper, Handler handler)
{
    FileDescriptor bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!bell.isOpen())
        return Failure{ u"no eventfd: %1"_s.arg(qt_error_string()) };
    std::array<char, 512> reason{};
    rd_kafka_t *client = rd_kafka_new(type, conf.get(), reason.data(), reason.size());
    if (!client)
        return Failure{ QString::fromUtf8(reason.data()) };
    (void)conf.release(); // the client's now
    rd_kafka_queue_t *queue = nullptr;
    if (type == RD_KAFKA_CONSUMER) {
        rd_kafka_poll_set_consumer(client); // its errors come by the same queue as its messages
        queue = rd_kafka_queue_get_consumer(client);
    } else {
        queue = rd_kafka_queue_get_main(client);
    }
    return std::unique_ptr<KafkaHandle>(
        new KafkaHandle(client, queue, std::move(bell), reaper, std::move(handler)));
}

KafkaHandle::KafkaHandle(rd_kafka_t *client, rd_kafka_queue_t *queue, FileDescriptor bell,
                         KafkaReaper &reaper, Handler handler)
    : m_client(client)
    , m_reaper(reaper)
    , m_handler(std::move(handler))
    , m_bell(std::move(bell))
    , m_notifier(m_bell.get(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &KafkaHandle::poll);
    watch(queue);
    rd_kafka_set_log_queue(client, queue);
    ring();
}

KafkaHandle::~KafkaHandle()
{
    m_notifier.setEnabled(false);
    for (rd_kafka_queue_t *queue : std::exchange(m_queues, {})) {
        rd_kafka_queue_io_event_enable(queue, -1, nullptr, 0);
        rd_kafka_queue_destroy(queue);
    }
    m_reaper.take(m_client, m_fate);
}

void KafkaHandle::watch(rd_kafka_queue_t *queue)
{
    constexpr quint64 kOne = 1; // what an eventfd takes
    rd_kafka_queue_io_event_enable(queue, m_bell.get(), &kOne, sizeof kOne);
    m_queues.push_back(queue);
    ring();
}

/// librdkafka does when an empty queue gets something. One that had something before it was
/// watched, as a connection refused at once, would never be empty again.
void KafkaHandle::ring()
{
    const quint64 one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_bell.get(), &one, sizeof one);
}

rd_kafka_queue_t *KafkaHandle::addQueue()
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(m_client);
    watch(queue);
    return queue;
}

void KafkaHandle::poll()
{
    quint64 rings = 0; // read before the queues are: what comes meanwhile rings again
    while (::read(m_bell.get(), &rings, sizeof rings) < 0 && errno == EINTR) { }
    emptyQueues();
}

void KafkaHandle::emptyQueues()
{
    int left = kEventsPerTurn;
    for (size_t i = 0; i < m_queues.size(); ++i) { // a handler may add one
        while (left > 0) {
            rd_kafka_event_t *event = rd_kafka_queue_poll(m_queues[i], 0);
            if (!event)
                break;
            --left;
            handle(event);
            rd_kafka_event_destroy(event);
        }
    }
    if (left > 0 || m_isGoingOn)
        return;
    m_isGoingOn = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_isGoingOn = false;
            emptyQueues();
        },
        Qt::QueuedConnection);
}

void KafkaHandle::handle(rd_kafka_event_t *event)
{
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_LOG)
        logEvent(event);
    else if (m_handler)
        m_handler(event);
}

} // namespace quiesce
