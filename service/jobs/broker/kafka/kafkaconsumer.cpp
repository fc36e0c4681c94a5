// SPDX-License-Identifier: GPL-3.0-only
// KafkaConsumer: see the header.
#include "service/jobs/broker/kafka/kafkaconsumer.h"

#include "common/logline.h"
#include "service/jobs/broker/kafka/kafkastats.h"

#include <QLoggingCategory>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Q_LOGGING_CATEGORY(lcBroker, "quiesce.broker")

constexpr std::chrono::milliseconds kLeavePeriod = 5ms;

/// librdkafka before 2.3 aborts the process when a consumer is destroyed that has joined its group
/// and was not assigned anything yet: the state of its assignor is not there (its issue 4312).
constexpr int kDestroysUnassigned = 0x02030000;

/// Logs an error that is of no consequence here, and destroys it.
void passOver(rd_kafka_error_t *error, QLatin1StringView doing)
{
    if (!error)
        return;
    qCInfo(lcBroker).noquote() << LogLine("consumer refused")
                                      .with("doing", doing)
                                      .with("reason", QByteArray(rd_kafka_error_string(error)))
                                      .toString();
    rd_kafka_error_destroy(error);
}

} // namespace

KafkaConsumer::KafkaConsumer(const KafkaOptions &options, KafkaReaper &reaper, quint64 firstTerm,
                             QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_reaper(reaper)
    , m_assignment(firstTerm)
    , m_isWelcome([](const QString &) { return false; })
{
    connect(&m_fault, &KafkaFault::changed, this, &KafkaConsumer::faultChanged);
    connect(&m_pollTimer, &QTimer::timeout, this, [this] { m_handle->poll(); });
    connect(&m_leaveTimer, &QTimer::timeout, this, &KafkaConsumer::lookWhetherLeft);
    m_leaveLimit.setSingleShot(true);
    connect(&m_leaveLimit, &QTimer::timeout, this, &KafkaConsumer::finishLeaving);
}

KafkaConsumer::~KafkaConsumer() = default;

Result<Done, QString> KafkaConsumer::open(const QStringList &topics)
{
    Result<KafkaConf, QString> conf = kafkaConsumerConf(m_options);
    if (!conf)
        return Failure{ conf.error() };
    auto handle = KafkaHandle::make(RD_KAFKA_CONSUMER, conf.takeValue(), m_reaper,
                                    [this](rd_kafka_event_t *event) { this->handle(event); });
    if (!handle)
        return Failure{ handle.error() };
    m_handle = handle.takeValue();
    m_topics = topics;
    m_pollTimer.start(std::min<std::chrono::milliseconds>(m_options.maxPollInterval / 4, 1s));
    lookAgain();
    return Done{};
}

void KafkaConsumer::lookAgain()
{
    if (m_isLeaving)
        return;
    PartitionList topics;
    for (const QString &topic : std::as_const(m_topics))
        topics.add(topic);
    if (!m_wasAssigned && rd_kafka_version() < kDestroysUnassigned)
        m_handle->setFate(KafkaReaper::Fate::Park);
    const rd_kafka_resp_err_t code = rd_kafka_subscribe(m_handle->client(), topics.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        takeError(code, QString::fromUtf8(rd_kafka_err2str(code)));
}

void KafkaConsumer::setWelcome(std::function<bool(const QString &topic)> isWelcome)
{
    m_isWelcome = std::move(isWelcome);
}

void KafkaConsumer::review()
{
    if (m_isLeaving)
        return;
    const KafkaAssignment::Turns turns = m_assignment.turn(m_isWelcome);
    if (!turns.paused.isEmpty())
        rd_kafka_pause_partitions(m_handle->client(), turns.paused.get());
    if (!turns.resumed.isEmpty())
        rd_kafka_resume_partitions(m_handle->client(), turns.resumed.get());
}

void KafkaConsumer::settle(const KafkaSpot &spot)
{
    PartitionList storable;
    m_assignment.settle(spot, storable);
    if (!storable.isEmpty())
        rd_kafka_offsets_store(m_handle->client(), storable.get());
}

void KafkaConsumer::handle(rd_kafka_event_t *event)
{
    switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_FETCH:
        takeMessages(event);
        break;
    case RD_KAFKA_EVENT_REBALANCE:
        rebalance(event);
        break;
    case RD_KAFKA_EVENT_ERROR:
        takeError(rd_kafka_event_error(event),
                  QString::fromUtf8(rd_kafka_event_error_string(event)));
        break;
    case RD_KAFKA_EVENT_STATS: {
        const KafkaStats stats = parseKafkaStats(rd_kafka_event_stats(event));
        m_fault.takeConnection(stats.isConnected);
        if (std::exchange(m_lag, stats.lag) != stats.lag)
            Q_EMIT lagChanged();
        break;
    }
    default:
        break;
    }
}

void KafkaConsumer::takeMessages(rd_kafka_event_t *event)
{
    while (const rd_kafka_message_t *message = rd_kafka_event_message_next(event))
        takeMessage(*message);
}

void KafkaConsumer::takeMessage(const rd_kafka_message_t &message)
{
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        takeError(message.err, QString::fromUtf8(rd_kafka_message_errstr(&message)));
        return;
    }
    if (m_isLeaving)
        return; // nothing of it is stored, so that the next one gets it
    m_fault.takeWorking();
    const QString topic = QString::fromUtf8(rd_kafka_topic_name(message.rkt));
    const auto spot = m_assignment.handOut(topic, message.partition, message.offset);
    if (!spot)
        return;
    const auto bytes = [](const void *data, size_t size) {
        return QByteArray(static_cast<const char *>(data), static_cast<qsizetype>(size));
    };
    Q_EMIT fetched({ .spot = *spot,
                     .topic = topic,
                     .key = bytes(message.key, message.key_len),
                     .value = bytes(message.payload, message.len) });
    review(); // at once: what librdkafka holds of a partition that is paused it fetches again later
}

bool KafkaConsumer::isCooperative() const
{
    const char *protocol = rd_kafka_rebalance_protocol(m_handle->client());
    return protocol && QByteArrayView(protocol) == "COOPERATIVE";
}

void KafkaConsumer::rebalance(rd_kafka_event_t *event)
{
    const rd_kafka_topic_partition_list_t *partitions = rd_kafka_event_topic_partition_list(event);
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
        assign(*partitions);
    else
        revoke(*partitions);
    qCInfo(lcBroker).noquote()
        << LogLine("partitions changed").with("partitions", m_assignment.count()).toString();
}

void KafkaConsumer::assign(const rd_kafka_topic_partition_list_t &partitions)
{
    m_wasAssigned = true;
    m_handle->setFate(KafkaReaper::Fate::Destroy);
    m_fault.takeWorking();
    rd_kafka_t *client = m_handle->client();
    if (isCooperative())
        passOver(rd_kafka_incremental_assign(client, &partitions), "assign"_L1);
    else
        rd_kafka_assign(client, &partitions);
    m_assignment.add(partitions);
    review();
}

void KafkaConsumer::revoke(const rd_kafka_topic_partition_list_t &partitions)
{
    rd_kafka_t *client = m_handle->client();
    const bool wasLost = rd_kafka_assignment_lost(client) != 0;
    // Commits what was stored of them first, unless they are lost already.
    if (isCooperative())
        passOver(rd_kafka_incremental_unassign(client, &partitions), "unassign"_L1);
    else
        rd_kafka_assign(client, nullptr);
    const QList<quint64> terms =
        isCooperative() ? m_assignment.remove(partitions) : m_assignment.removeAll();
    if (m_isLeaving || terms.isEmpty())
        return;
    if (wasLost)
        Q_EMIT lost();
    else
        Q_EMIT revoked(terms);
}

void KafkaConsumer::takeError(rd_kafka_resp_err_t code, const QString &text)
{
    m_fault.takeError(code, text);
    if (code != RD_KAFKA_RESP_ERR__FATAL || m_hasFailed)
        return;
    m_hasFailed = true;
    m_fault.set(u"the consumer failed: "_s + text);
    QMetaObject::invokeMethod(this, &KafkaConsumer::failed, Qt::QueuedConnection);
}

void KafkaConsumer::leave(std::chrono::milliseconds longest)
{
    if (std::exchange(m_isLeaving, true))
        return;
    m_leaveLimit.start(longest);
    // What the group asks for meanwhile comes by a queue of its own: given the consumer's, which
    // it forwards there, that one would be forwarded to itself.
    rd_kafka_error_t *error =
        rd_kafka_consumer_close_queue(m_handle->client(), m_handle->addQueue());
    const bool isRefused = error != nullptr;
    passOver(error, "leave"_L1);
    if (isRefused)
        m_leaveLimit.start(0ms);
    else
        m_leaveTimer.start(kLeavePeriod);
}

void KafkaConsumer::lookWhetherLeft()
{
    m_handle->poll();
    if (rd_kafka_consumer_closed(m_handle->client()) != 0)
        finishLeaving();
}

void KafkaConsumer::finishLeaving()
{
    m_leaveTimer.stop();
    m_leaveLimit.stop();
    m_pollTimer.stop();
    m_handle->mute();
    Q_EMIT left();
}

} // namespace quiesce
