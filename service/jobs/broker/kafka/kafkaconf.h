// SPDX-License-Identifier: GPL-3.0-only
// KafkaConf: what librdkafka is told about a producer or a consumer, from our options.
#pragma once

#include "service/jobs/broker/kafka/kafkaoptions.h"

#include <librdkafka/rdkafka.h>
#include <memory>

namespace quiesce {

struct KafkaConfDeleter
{
    void operator()(rd_kafka_conf_t *conf) const { rd_kafka_conf_destroy(conf); }
};
using KafkaConf = std::unique_ptr<rd_kafka_conf_t, KafkaConfDeleter>;

/// How often librdkafka tells its statistics, from which faults are known to be over.
constexpr std::chrono::milliseconds kKafkaStatsInterval{ 1'000 };

/// Idempotent, confirmed by all replicas in sync; it gives a message up within
/// BrokerLink::kConfirmWait, and holds no more than twice kMaxUnconfirmed of them.
/// @error what librdkafka does not accept; no secret is in it.
[[nodiscard]] Result<KafkaConf, QString> kafkaProducerConf(const KafkaOptions &options);

/// A member of the group, rebalanced cooperatively; offsets are committed each second, and only
/// those that were stored. Of each partition about 64 messages are fetched ahead, at most 1 MiB.
[[nodiscard]] Result<KafkaConf, QString> kafkaConsumerConf(const KafkaOptions &options);

} // namespace quiesce
