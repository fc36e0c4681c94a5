// SPDX-License-Identifier: GPL-3.0-only
// From settings to the options of each broker.
#include "service/jobs/broker/makebrokerlink.h"

#include "service/jobs/broker/kafka/kafkaoptions.h"
#include "service/jobs/broker/rabbitmq/rabbitoptions.h"
#ifdef QUIESCE_HAS_KAFKA
#include "service/jobs/broker/kafka/kafkalink.h"
#endif
#ifdef QUIESCE_HAS_RABBITMQ
#include "service/jobs/broker/rabbitmq/rabbitlink.h"
#endif

#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

using Made = Result<MakeBrokerLink, QString>;

/// std::function wants what can be copied, and a secret cannot.
template <typename Link, typename Options, typename... Before>
MakeBrokerLink makerOf(Options options)
{
    const auto kept = std::make_shared<Options>(std::move(options));
    return [kept](Clock &clock) -> std::unique_ptr<BrokerLink> {
        if constexpr (std::is_constructible_v<Link, Clock &, Options>)
            return std::make_unique<Link>(clock, std::move(*kept));
        else
            return std::make_unique<Link>(std::move(*kept));
    };
}

Made rabbitmq(const JobSettings &settings, Secret password)
{
    Result<RabbitOptions, QString> parsed = parseAmqpUrl(settings.broker);
    if (!parsed)
        return Failure{ parsed.error() };
    RabbitOptions options = parsed.takeValue();
    const bool hasFiles = !(settings.brokerCaFile + settings.brokerCertificate).isEmpty();
    if (hasFiles && !options.tls.isEnabled)
        return Failure{ u"certificates are given, and it is not amqps://"_s };
    options.password = std::move(password);
    options.tls.caFile = settings.brokerCaFile;
    options.tls.certFile = settings.brokerCertificate;
    options.tls.keyFile = settings.brokerKey;
    options.prefix = settings.brokerPrefix;
#ifdef QUIESCE_HAS_RABBITMQ
    return makerOf<RabbitLink>(std::move(options));
#else
    return Failure{
        u"this build cannot use RabbitMQ: librabbitmq was not there when it was built"_s
    };
#endif
}

Made kafka(const JobSettings &settings, Secret password)
{
    Result<QStringList, QString> brokers = parseKafkaBrokers(settings.broker);
    if (!brokers)
        return Failure{ brokers.error() };
    KafkaOptions options;
    options.brokers = brokers.takeValue();
    options.group = settings.brokerPrefix;
    options.prefix = settings.brokerPrefix;
    options.security =
        parseKafkaSecurity(settings.kafkaSecurity).value_or(KafkaOptions::Security::Plaintext);
    options.caFile = settings.brokerCaFile;
    options.certFile = settings.brokerCertificate;
    options.keyFile = settings.brokerKey;
    options.mechanism = settings.kafkaMechanism;
    options.user = settings.kafkaUser;
    options.fetchWait = settings.kafkaFetchWait;
    options.password = std::move(password);
    if (const auto fault = kafkaOptionsFault(options))
        return Failure{ *fault };
#ifdef QUIESCE_HAS_KAFKA
    return makerOf<KafkaLink>(std::move(options));
#else
    return Failure{ u"this build cannot use Kafka: librdkafka was not there when it was built"_s };
#endif
}

} // namespace

Result<MakeBrokerLink, QString> makeBrokerLink(const JobSettings &settings, Secret password)
{
    Q_ASSERT(settings.dispatch != JobSettings::Dispatch::Store);
    return settings.dispatch == JobSettings::Dispatch::Rabbitmq
        ? rabbitmq(settings, std::move(password))
        : kafka(settings, std::move(password));
}

} // namespace quiesce
