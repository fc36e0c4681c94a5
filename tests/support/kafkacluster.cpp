// SPDX-License-Identifier: GPL-3.0-only
// KafkaCluster: see the header.
#include "tests/support/kafkacluster.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <csignal>
#include <librdkafka/rdkafka.h>
#include <memory>
#include <sys/wait.h>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kWaitMs = 10'000;

struct ClientDeleter
{
    void operator()(rd_kafka_t *client) const
    {
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    }
};
using Client = std::unique_ptr<rd_kafka_t, ClientDeleter>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                   decltype(&rd_kafka_topic_partition_list_destroy)>;

Client connectTo(rd_kafka_type_t type, const QStringList &brokers, const QString &group = {})
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const QByteArray hosts = brokers.join(u',').toUtf8();
    rd_kafka_conf_set(conf, "bootstrap.servers", hosts.constData(), nullptr, 0);
    rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
    if (type == RD_KAFKA_CONSUMER) {
        rd_kafka_conf_set(conf, "group.id", group.toUtf8().constData(), nullptr, 0);
        rd_kafka_conf_set(conf, "enable.auto.commit", "false", nullptr, 0);
    }
    return Client(rd_kafka_new(type, conf, nullptr, 0));
}

QByteArray bytesOf(const void *data, size_t size)
{
    return { static_cast<const char *>(data), static_cast<qsizetype>(size) };
}

KafkaCluster::Record recordOf(const rd_kafka_message_t &message)
{
    KafkaCluster::Record record{ .key = bytesOf(message.key, message.key_len),
                                 .value = bytesOf(message.payload, message.len),
                                 .reason = {} };
    rd_kafka_headers_t *headers = nullptr;
    const void *reason = nullptr;
    size_t size = 0;
    if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR
        && rd_kafka_header_get_last(headers, "quiesce-reason", &reason, &size)
            == RD_KAFKA_RESP_ERR_NO_ERROR)
        record.reason = bytesOf(reason, size);
    return record;
}

} // namespace

KafkaCluster::KafkaCluster(int brokers)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral(QUIESCE_MOCKKAFKA), { QString::number(brokers) });
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(kWaitMs))
            qFatal("no mock of Kafka");
    }
    const QJsonDocument line = QJsonDocument::fromJson(m_process.readLine());
    m_brokers = line["bootstrap"_L1].toString().split(u',');
}

KafkaCluster::~KafkaCluster()
{
    m_process.kill(); // it may be gone, or frozen, and keeps nothing
    m_process.waitForFinished();
}

void KafkaCluster::command(const QString &line)
{
    m_process.write(line.toUtf8() + '\n');
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(kWaitMs))
            break;
    }
    const QJsonDocument answer = QJsonDocument::fromJson(m_process.readLine());
    QVERIFY2(answer["ok"_L1].toBool(), qPrintable(line));
}

void KafkaCluster::addTopic(const QString &name, int partitions)
{
    command(u"topic %1 %2"_s.arg(name).arg(partitions));
}

void KafkaCluster::down()
{
    for (qsizetype i = 1; i <= m_brokers.size(); ++i)
        command(u"down %1"_s.arg(i));
}

void KafkaCluster::up()
{
    for (qsizetype i = 1; i <= m_brokers.size(); ++i)
        command(u"up %1"_s.arg(i));
}

void KafkaCluster::freeze()
{
    const auto pid = static_cast<pid_t>(m_process.processId());
    siginfo_t stopped{};
    ::kill(pid, SIGSTOP);
    ::waitid(P_PID, static_cast<id_t>(pid), &stopped, WSTOPPED); // its threads run on for a while
}

void KafkaCluster::thaw()
{
    if (isRunning())
        ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
}

void KafkaCluster::failNext(int api, int count, int code)
{
    command(u"error %1 %2 %3"_s.arg(api).arg(count).arg(code));
}

QList<KafkaCluster::Record> KafkaCluster::records(const QString &topic, int partitions) const
{
    const Client client = connectTo(RD_KAFKA_CONSUMER, m_brokers, u"looks-on"_s);
    const Partitions list(rd_kafka_topic_partition_list_new(partitions),
                          &rd_kafka_topic_partition_list_destroy);
    qint64 left = 0;
    for (int i = 0; i < partitions; ++i) {
        int64_t low = 0;
        int64_t high = 0;
        rd_kafka_query_watermark_offsets(client.get(), topic.toUtf8().constData(), i, &low, &high,
                                         kWaitMs);
        left += high - low;
        rd_kafka_topic_partition_list_add(list.get(), topic.toUtf8().constData(), i)->offset = low;
    }
    rd_kafka_assign(client.get(), list.get());
    QList<Record> records;
    while (records.size() < left) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client.get(), kWaitMs);
        if (!message)
            break;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            records.append(recordOf(*message));
        rd_kafka_message_destroy(message);
    }
    return records;
}

std::optional<qint64> KafkaCluster::committed(const QString &group, const QString &topic,
                                              int partition) const
{
    const Client client = connectTo(RD_KAFKA_CONSUMER, m_brokers, group);
    const Partitions list(rd_kafka_topic_partition_list_new(1),
                          &rd_kafka_topic_partition_list_destroy);
    rd_kafka_topic_partition_list_add(list.get(), topic.toUtf8().constData(), partition);
    if (rd_kafka_committed(client.get(), list.get(), kWaitMs) != RD_KAFKA_RESP_ERR_NO_ERROR
        || list->elems[0].offset < 0)
        return std::nullopt;
    return list->elems[0].offset;
}

void KafkaCluster::write(const QString &topic, const QByteArray &key, const QByteArray &value) const
{
    const Client client = connectTo(RD_KAFKA_PRODUCER, m_brokers);
    rd_kafka_producev(
        client.get(), RD_KAFKA_V_TOPIC(topic.toUtf8().constData()),
        RD_KAFKA_V_KEY(key.constData(), static_cast<size_t>(key.size())),
        RD_KAFKA_V_VALUE(const_cast<char *>(value.constData()), static_cast<size_t>(value.size())),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    QCOMPARE(rd_kafka_flush(client.get(), kWaitMs), RD_KAFKA_RESP_ERR_NO_ERROR);
}

} // namespace quiesce::test
