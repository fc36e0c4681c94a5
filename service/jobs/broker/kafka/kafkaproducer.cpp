// SPDX-License-Identifier: GPL-3.0-only
// KafkaProducer: see the header.
#include "service/jobs/broker/kafka/kafkaproducer.h"

#include "common/logline.h"
#include "common/printable.h"
#include "service/jobs/broker/kafka/kafkastats.h"
#include "service/jobs/broker/kafka/newtopics.h"

#include <QLoggingCategory>
#include <QPointer>
#include <QRandomGenerator>
#include <algorithm>
#include <array>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcBroker, "quiesce.broker")

constexpr std::chrono::minutes kLongestTopicsWait{ 1 };

} // namespace

KafkaProducer::KafkaProducer(const KafkaOptions &options, KafkaReaper &reaper, QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_reaper(reaper)
{
    m_makeTimer.setSingleShot(true);
    m_topicsTimer.setSingleShot(true);
    connect(&m_makeTimer, &QTimer::timeout, this, &KafkaProducer::make);
    connect(&m_topicsTimer, &QTimer::timeout, this, &KafkaProducer::makeTopics);
    connect(&m_fault, &KafkaFault::changed, this, &KafkaProducer::faultChanged);
    connect(&m_confirmations, &Confirmations::idle, this, &KafkaProducer::idle);
}

KafkaProducer::~KafkaProducer() = default;

void KafkaProducer::open(const QStringList &topics)
{
    m_topics = topics;
    make();
}

void KafkaProducer::make()
{
    Result<KafkaConf, QString> conf = kafkaProducerConf(m_options);
    if (!conf) {
        remake(conf.error());
        return;
    }
    auto handle = KafkaHandle::make(RD_KAFKA_PRODUCER, conf.takeValue(), m_reaper,
                                    [this](rd_kafka_event_t *event) { this->handle(event); });
    if (!handle) {
        remake(handle.error());
        return;
    }
    m_handle = handle.takeValue();
    m_fault.clear();
    makeTopics();
}

/// Without a client until then: a cause that stays would have it made in a circle.
void KafkaProducer::remake(const QString &reason)
{
    m_handle.reset();
    m_topicsTimer.stop();
    m_makeTimer.start(kRetryWait);
    const QPointer<KafkaProducer> self(this);
    m_fault.set(u"the producer failed: "_s + reason);
    if (self)
        m_confirmations.refuseAll();
}

void KafkaProducer::makeTopics()
{
    if (m_handle && !m_topics.isEmpty())
        beginNewTopics(*m_handle, m_topics, m_options);
}

void KafkaProducer::send(const KafkaRecord &record, const BrokerLink::Confirmed &confirmed)
{
    const bool hasRoom = m_confirmations.count() < BrokerLink::kMaxUnconfirmed;
    const quint64 id = m_confirmations.add(confirmed);
    if (!hasRoom || m_isShut || !trySend(record, id))
        m_confirmations.refuse(id);
}

bool KafkaProducer::trySend(const KafkaRecord &record, quint64 id)
{
    if (!m_handle)
        return false;
    const QByteArray topic = record.topic.toUtf8();
    const QByteArray note = record.note.toUtf8();
    // The type of its opaque value is void *: the id is written into it.
    void *const opaque = reinterpret_cast<void *>(static_cast<quintptr>(id)); // NOLINT
    std::array<rd_kafka_vu_t, 7> fields{};
    size_t count = 0;
    const auto add = [&](rd_kafka_vtype_t type) -> auto &
    {
        fields.at(count).vtype = type;
        return fields.at(count++).u;
    };
    add(RD_KAFKA_VTYPE_TOPIC).cstr = topic.constData();
    add(RD_KAFKA_VTYPE_PARTITION).i32 = partitionFor(record);
    add(RD_KAFKA_VTYPE_KEY).mem = { const_cast<char *>(record.key.constData()), // it is copied
                                    static_cast<size_t>(record.key.size()) };
    add(RD_KAFKA_VTYPE_VALUE).mem = { const_cast<char *>(record.value.constData()),
                                      static_cast<size_t>(record.value.size()) };
    add(RD_KAFKA_VTYPE_MSGFLAGS).i = RD_KAFKA_MSG_F_COPY;
    add(RD_KAFKA_VTYPE_OPAQUE).ptr = opaque;
    if (!note.isEmpty())
        add(RD_KAFKA_VTYPE_HEADER).header = { "quiesce-reason", note.constData(), note.size() };
    rd_kafka_error_t *error = rd_kafka_produceva(m_handle->client(), fields.data(), count);
    if (!error)
        return true;
    qCDebug(lcBroker).noquote() << LogLine("message not sent")
                                       .with("topic", record.topic)
                                       .with("reason", QByteArray(rd_kafka_error_string(error)))
                                       .toString();
    rd_kafka_error_destroy(error);
    return false;
}

qint32 KafkaProducer::partitionFor(const KafkaRecord &record) const
{
    if (record.avoid.isEmpty())
        return RD_KAFKA_PARTITION_UA; // by its key
    QList<qint32> others;
    for (qint32 number = 0; number < m_partitions.value(record.topic); ++number) {
        if (!record.avoid.contains(number))
            others.append(number);
    }
    if (others.isEmpty())
        return RD_KAFKA_PARTITION_UA;
    return others.at(QRandomGenerator::global()->bounded(others.size()));
}

void KafkaProducer::shut()
{
    m_isShut = true;
    m_makeTimer.stop();
    m_topicsTimer.stop();
    m_handle.reset();
    m_confirmations.refuseAll();
}

void KafkaProducer::handle(rd_kafka_event_t *event)
{
    switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_DR:
        takeReports(event);
        break;
    case RD_KAFKA_EVENT_ERROR:
        takeError(event);
        break;
    case RD_KAFKA_EVENT_STATS: {
        const KafkaStats stats = parseKafkaStats(rd_kafka_event_stats(event));
        m_partitions = stats.partitions;
        m_fault.takeConnection(stats.isConnected);
        break;
    }
    case RD_KAFKA_EVENT_CREATETOPICS_RESULT:
        takeTopics(event);
        break;
    default:
        break;
    }
}

void KafkaProducer::takeReports(rd_kafka_event_t *event)
{
    QList<std::pair<quint64, bool>> reports;
    while (const rd_kafka_message_t *report = rd_kafka_event_message_next(event)) {
        const quint64 id = reinterpret_cast<quintptr>(report->_private); // NOLINT: see trySend()
        reports.append({ id, report->err == RD_KAFKA_RESP_ERR_NO_ERROR });
        if (reports.back().second)
            m_fault.takeWorking();
    }
    // Not inside the event: who is answered may end this producer.
    QMetaObject::invokeMethod(
        this,
        [this, reports] {
            const QPointer<KafkaProducer> self(this);
            for (const auto &[id, isKept] : reports) {
                if (self)
                    m_confirmations.finish(id, isKept);
            }
        },
        Qt::QueuedConnection);
}

void KafkaProducer::takeError(rd_kafka_event_t *event)
{
    const rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    QString text = QString::fromUtf8(rd_kafka_event_error_string(event));
    std::array<char, 512> reason{};
    if (rd_kafka_fatal_error(m_handle->client(), reason.data(), reason.size())
        != RD_KAFKA_RESP_ERR_NO_ERROR)
        text = QString::fromUtf8(reason.data());
    else if (code
             != RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED) // it has no id, and asks no more
        return m_fault.takeError(code, text);
    qCWarning(lcBroker).noquote()
        << LogLine("producer failed, beginning anew").with("reason", printable(text)).toString();
    // Not inside the event: its handle goes.
    QMetaObject::invokeMethod(
        this,
        [this, text, failed = m_handle.get()] {
            if (m_handle.get() == failed && !m_isShut)
                remake(printable(text));
        },
        Qt::QueuedConnection);
}

void KafkaProducer::takeTopics(rd_kafka_event_t *event)
{
    const NewTopics made = takeNewTopics(event, m_topics);
    m_topics = made.missing;
    if (!m_topics.isEmpty()) {
        if (made.refusal != m_topicsRefusal) {
            qCWarning(lcBroker).noquote() << LogLine("topics not made")
                                                 .with("topics", m_topics.join(u','))
                                                 .with("reason", made.refusal)
                                                 .toString();
        }
        m_topicsRefusal = made.refusal;
        m_topicsTimer.start(m_topicsWait);
        m_topicsWait = std::min<std::chrono::milliseconds>(2 * m_topicsWait, kLongestTopicsWait);
    }
    if (made.hasMade)
        Q_EMIT topicsMade();
}

} // namespace quiesce
