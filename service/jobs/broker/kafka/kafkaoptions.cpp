// SPDX-License-Identifier: GPL-3.0-only
// KafkaOptions: see the header. It is here also in a build without librdkafka, to check settings.
#include "service/jobs/broker/kafka/kafkaoptions.h"

#include "common/authority.h"
#include "common/printable.h"

#include <algorithm>
#include <array>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

using Security = KafkaOptions::Security;

constexpr std::array kSecurityNames{
    std::pair{ Security::Plaintext, "plaintext"_L1 },
    std::pair{ Security::Ssl, "ssl"_L1 },
    std::pair{ Security::SaslPlaintext, "sasl_plaintext"_L1 },
    std::pair{ Security::SaslSsl, "sasl_ssl"_L1 },
};
constexpr std::array kMechanisms{ "PLAIN"_L1, "SCRAM-SHA-256"_L1, "SCRAM-SHA-512"_L1 };

/// Kafka's limit is 249; what is left is for the kind.
constexpr qsizetype kMaxPrefix = 128;
constexpr qsizetype kMaxGroup = 249;
constexpr int kMaxPartitions = 1'000;

bool isTopicText(QStringView text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'.' || c == u'_' || c == u'-');
    });
}

Result<QString, QString> parseBroker(QStringView text)
{
    if (text.isEmpty())
        return Failure{ u"it is empty"_s };
    const auto authority = parseAuthority(text.toUtf8());
    if (!authority)
        return Failure{ u"%1 is no host:port"_s.arg(quoted(text)) };
    if (!authority->port || *authority->port == 0)
        return Failure{ u"%1 names no port"_s.arg(quoted(text)) };
    const QString host = QString::fromUtf8(authority->host);
    return (host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(host).arg(*authority->port);
}

std::optional<QString> namesFault(const KafkaOptions &options)
{
    if (options.brokers.isEmpty())
        return u"brokers: none is named"_s;
    if (options.group.isEmpty() || options.group.size() > kMaxGroup)
        return u"group: it must have 1 to %1 characters"_s.arg(kMaxGroup);
    if (options.prefix.isEmpty() || options.prefix.size() > kMaxPrefix)
        return u"prefix: it must have 1 to %1 characters"_s.arg(kMaxPrefix);
    if (!isTopicText(options.prefix))
        return u"prefix: %1 has more than letters, digits, '.', '_' and '-'"_s.arg(
            quoted(options.prefix));
    return std::nullopt;
}

std::optional<QString> credentialsFault(const KafkaOptions &options)
{
    const bool isSasl =
        options.security == Security::SaslPlaintext || options.security == Security::SaslSsl;
    if (isSasl
        && std::find(kMechanisms.begin(), kMechanisms.end(), options.mechanism)
            == kMechanisms.end()) {
        return u"mechanism: %1 is none of PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512"_s.arg(
            quoted(options.mechanism));
    }
    if (isSasl && (options.user.isEmpty() || options.password.isEmpty()))
        return u"user: %1 needs a user and a password"_s.arg(kafkaSecurityText(options.security));
    if (!isSasl && !(options.user.isEmpty() && options.password.isEmpty()))
        return u"user: %1 sends none"_s.arg(kafkaSecurityText(options.security));
    return std::nullopt;
}

std::optional<QString> filesFault(const KafkaOptions &options)
{
    const bool isTls = options.security == Security::Ssl || options.security == Security::SaslSsl;
    if (options.certFile.isEmpty() != options.keyFile.isEmpty())
        return u"certFile: a certificate and its key are given both or not at all"_s;
    if (!isTls && !(options.caFile.isEmpty() && options.certFile.isEmpty()))
        return u"caFile: %1 has no TLS"_s.arg(kafkaSecurityText(options.security));
    return std::nullopt;
}

std::optional<QString> numbersFault(const KafkaOptions &options)
{
    if (options.partitions < 1 || options.partitions > kMaxPartitions)
        return u"partitions: it must be 1 to %1"_s.arg(kMaxPartitions);
    if (options.replication < 1 || options.replication > kMaxKafkaBrokers)
        return u"replication: it must be 1 to %1"_s.arg(kMaxKafkaBrokers);
    if (options.maxPollInterval < options.sessionTimeout)
        return u"maxPollInterval: it must not be less than sessionTimeout"_s;
    return std::nullopt;
}

} // namespace

Result<QStringList, QString> parseKafkaBrokers(QStringView text)
{
    QStringList brokers;
    const QList<QStringView> parts = text.split(u',');
    if (parts.size() > kMaxKafkaBrokers)
        return Failure{ u"%1 brokers are more than %2"_s.arg(parts.size()).arg(kMaxKafkaBrokers) };
    for (const QStringView part : parts) {
        const QString where = u"broker %1 of %2: "_s.arg(brokers.size() + 1).arg(parts.size());
        Result<QString, QString> broker = parseBroker(part.trimmed());
        if (!broker)
            return Failure{ where + broker.error() };
        if (brokers.contains(broker.value()))
            return Failure{ where + u"%1 is named twice"_s.arg(quoted(broker.value())) };
        brokers.append(broker.takeValue());
    }
    return brokers;
}

std::optional<Security> parseKafkaSecurity(QStringView text)
{
    for (const auto &[security, name] : kSecurityNames) {
        if (text == name)
            return security;
    }
    return std::nullopt;
}

QString kafkaSecurityText(Security security)
{
    for (const auto &[value, name] : kSecurityNames) {
        if (value == security)
            return name;
    }
    return {};
}

std::optional<QString> kafkaOptionsFault(const KafkaOptions &options)
{
    for (const auto check : { namesFault, credentialsFault, filesFault, numbersFault }) {
        if (std::optional<QString> fault = check(options))
            return fault;
    }
    return std::nullopt;
}

QString kafkaTopic(const KafkaOptions &options, const QString &kind)
{
    return options.prefix + u'.' + kind;
}

QString kafkaDeadTopic(const KafkaOptions &options)
{
    return options.prefix + ".dead"_L1;
}

} // namespace quiesce
