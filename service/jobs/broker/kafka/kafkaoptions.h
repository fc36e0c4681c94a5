// SPDX-License-Identifier: GPL-3.0-only
// KafkaOptions: how to reach Kafka, as an operator sets it.
#pragma once

#include "common/result.h"
#include "common/secret.h"

#include <QString>
#include <QStringList>
#include <chrono>
#include <optional>

namespace quiesce {

struct KafkaOptions
{
    enum class Security : unsigned char { Plaintext, Ssl, SaslPlaintext, SaslSsl };

    QStringList brokers; ///< host:port, as parseKafkaBrokers() gives them
    QString group = QStringLiteral("quiesce"); ///< those of one group share the messages
    QString prefix = QStringLiteral("quiesce"); ///< topics are <prefix>.<kind> and <prefix>.dead
    Security security = Security::Plaintext;
    QString caFile{}; ///< PEM; empty: the system's
    QString certFile{}; ///< PEM, of this client; with keyFile or not at all
    QString keyFile{};
    QString mechanism{}; ///< of SASL: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
    QString user{};
    Secret password{};
    /// Of topics made here. Instances beyond it get nothing of a kind, and with librdkafka before
    /// 2.6.1 such a group may stand still for ever (its issue 4783): have at least as many.
    int partitions = 6;
    int replication = 1; ///< of topics made here; 3 where there are so many brokers

    /// How long the group waits for a member that is silent. The brokers' limits are 6 s and 30
    /// min.
    std::chrono::milliseconds sessionTimeout{ 10'000 };
    /// How long an event loop may stand still before its partitions are given to others.
    std::chrono::milliseconds maxPollInterval{ 60'000 };
    /// How long a broker may keep a fetch waiting while it has nothing new; a partition that goes
    /// on after a pause waits for it. A broker answers when a message comes, librdkafka's mock only
    /// then.
    std::chrono::milliseconds fetchWait{ 100 };
};

constexpr int kMaxKafkaBrokers = 32;

/// `host:port`, separated by commas, spaces around them allowed; each one named once.
/// @error what is wrong and with which of them, for people.
[[nodiscard]] Result<QStringList, QString> parseKafkaBrokers(QStringView text);

/// "plaintext", "ssl", "sasl_plaintext" or "sasl_ssl", as Kafka's own tools call them.
[[nodiscard]] std::optional<KafkaOptions::Security> parseKafkaSecurity(QStringView text);
[[nodiscard]] QString kafkaSecurityText(KafkaOptions::Security security);

/// What is wrong with them, and with which; none: nothing that can be seen without a broker.
[[nodiscard]] std::optional<QString> kafkaOptionsFault(const KafkaOptions &options);

[[nodiscard]] QString kafkaTopic(const KafkaOptions &options, const QString &kind);
[[nodiscard]] QString kafkaDeadTopic(const KafkaOptions &options);

} // namespace quiesce
