// SPDX-License-Identifier: GPL-3.0-only
// KafkaConf: see the header, and CONFIGURATION.md of librdkafka 2.0.2 for what each name means.
#include "service/jobs/broker/kafka/kafkaconf.h"

#include "service/jobs/broker/brokerlink.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kLongestHeartbeat{ 1 };

/// Sets names and values, and remembers the first that was not accepted.
class ConfWriter final
{
public:
    ConfWriter()
        : m_conf(rd_kafka_conf_new())
    { }

    void set(const char *name, const char *value)
    {
        std::array<char, 512> reason{};
        if (!m_fault.isEmpty()
            || rd_kafka_conf_set(m_conf.get(), name, value, reason.data(), reason.size())
                == RD_KAFKA_CONF_OK)
            return;
        m_fault = QString::fromUtf8(reason.data());
    }
    void set(const char *name, const QString &value) { set(name, value.toUtf8().constData()); }
    void set(const char *name, std::chrono::milliseconds value)
    {
        set(name, QByteArray::number(qint64(value.count())).constData());
    }
    void set(std::initializer_list<std::pair<const char *, const char *>> values)
    {
        for (const auto &[name, value] : values)
            set(name, value);
    }
    /// The value is not told in the fault, which may have quoted it.
    void setSecret(const char *name, const Secret &secret)
    {
        QByteArray terminated(secret.view().data(), secret.view().size());
        const bool isAccepted =
            rd_kafka_conf_set(m_conf.get(), name, terminated.constData(), nullptr, 0)
            == RD_KAFKA_CONF_OK;
        wipe(terminated);
        if (!isAccepted && m_fault.isEmpty())
            m_fault = u"%1 was not accepted"_s.arg(QLatin1StringView(name));
    }
    void setEvents(int events) { rd_kafka_conf_set_events(m_conf.get(), events); }

    [[nodiscard]] Result<KafkaConf, QString> take()
    {
        if (!m_fault.isEmpty())
            return Failure{ m_fault };
        return std::move(m_conf);
    }

private:
    KafkaConf m_conf;
    QString m_fault;
};

void setSecurity(ConfWriter &conf, const KafkaOptions &options)
{
    using Security = KafkaOptions::Security;
    conf.set("security.protocol", kafkaSecurityText(options.security));
    if (!options.caFile.isEmpty())
        conf.set("ssl.ca.location", options.caFile);
    if (!options.certFile.isEmpty()) {
        conf.set("ssl.certificate.location", options.certFile);
        conf.set("ssl.key.location", options.keyFile);
    }
    if (options.security == Security::SaslPlaintext || options.security == Security::SaslSsl) {
        conf.set("sasl.mechanism", options.mechanism);
        conf.set("sasl.username", options.user);
        conf.setSecret("sasl.password", options.password);
    }
}

/// Connections that stand still are given up soon, and tried again soon: readiness hangs on it.
void setCommon(ConfWriter &conf, const KafkaOptions &options)
{
    conf.set("bootstrap.servers", options.brokers.join(u','));
    conf.set({
        { "client.id", "quiesce" },
        { "log.queue", "true" },
        { "socket.timeout.ms", "3000" },
        { "socket.connection.setup.timeout.ms", "3000" },
        { "socket.keepalive.enable", "true" },
        { "socket.nagle.disable", "true" },
        { "reconnect.backoff.ms", "100" },
        { "reconnect.backoff.max.ms", "1000" },
        { "topic.metadata.refresh.interval.ms", "10000" },
        { "allow.auto.create.topics", "false" },
    });
    conf.set("statistics.interval.ms", kKafkaStatsInterval);
    setSecurity(conf, options);
}

} // namespace

Result<KafkaConf, QString> kafkaProducerConf(const KafkaOptions &options)
{
    ConfWriter conf;
    setCommon(conf, options);
    conf.set({
        { "enable.idempotence", "true" },
        { "acks", "all" },
        { "linger.ms", "0" },
        { "queue.buffering.max.kbytes", "32768" },
    });
    conf.set("message.timeout.ms", BrokerLink::kConfirmWait);
    // What was answered false for its time may be in there for another second.
    conf.set("queue.buffering.max.messages", QString::number(2 * BrokerLink::kMaxUnconfirmed));
    conf.setEvents(RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG
                   | RD_KAFKA_EVENT_STATS);
    return conf.take();
}

Result<KafkaConf, QString> kafkaConsumerConf(const KafkaOptions &options)
{
    ConfWriter conf;
    setCommon(conf, options);
    conf.set("group.id", options.group);
    conf.set("session.timeout.ms", options.sessionTimeout);
    // By its answers the others learn that one has left.
    conf.set("heartbeat.interval.ms",
             std::min<std::chrono::milliseconds>(kLongestHeartbeat, options.sessionTimeout / 4));
    conf.set("max.poll.interval.ms", options.maxPollInterval);
    conf.set("fetch.wait.max.ms", options.fetchWait);
    conf.set({
        { "partition.assignment.strategy", "cooperative-sticky" },
        { "enable.auto.commit", "true" },
        { "enable.auto.offset.store", "false" },
        { "auto.commit.interval.ms", "1000" },
        { "auto.offset.reset", "earliest" },
        { "queued.min.messages", "64" },
        { "queued.max.messages.kbytes", "1024" },
        { "max.partition.fetch.bytes", "65536" },
    });
    conf.setEvents(RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG
                   | RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_REBALANCE
                   | RD_KAFKA_EVENT_OFFSET_COMMIT);
    return conf.take();
}

} // namespace quiesce
