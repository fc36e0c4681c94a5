// SPDX-License-Identifier: GPL-3.0-only
// What is read from librdkafka's statistics: see the header, and STATISTICS.md of librdkafka.
#include "service/jobs/broker/kafka/kafkastats.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// A partition's number in the statistics; negative ones mean: not known.
std::optional<qint64> offsetOf(const QJsonObject &partition, QLatin1StringView key)
{
    const qint64 offset = partition[key].toInteger(-1);
    return offset >= 0 ? std::optional(offset) : std::nullopt;
}

std::optional<qint64> lagOf(const QJsonObject &partition)
{
    const auto end = offsetOf(partition, "hi_offset"_L1);
    if (!end || partition["fetch_state"_L1].toString() != "active"_L1)
        return std::nullopt;
    for (const QLatin1StringView from :
         { "stored_offset"_L1, "committed_offset"_L1, "lo_offset"_L1 }) {
        if (const auto start = offsetOf(partition, from))
            return std::max<qint64>(0, *end - *start);
    }
    return std::nullopt;
}

void addTopic(KafkaStats &stats, const QString &name, const QJsonObject &partitions)
{
    int count = 0;
    for (auto it = partitions.constBegin(); it != partitions.constEnd(); ++it) {
        if (it.key() == "-1"_L1) // for what has no partition yet
            continue;
        ++count;
        if (const auto lag = lagOf(it->toObject()))
            stats.lag = stats.lag.value_or(0) + *lag;
    }
    stats.partitions.insert(name, count);
}

} // namespace

KafkaStats parseKafkaStats(QByteArrayView json)
{
    KafkaStats stats;
    const QJsonObject all =
        QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), json.size())).object();
    const QJsonObject brokers = all["brokers"_L1].toObject();
    stats.isConnected =
        std::any_of(brokers.constBegin(), brokers.constEnd(), [](const auto &broker) {
            const QString state = broker.toObject()["state"_L1].toString();
            return state == "UP"_L1 || state == "UPDATE"_L1;
        });
    const QJsonObject topics = all["topics"_L1].toObject();
    for (auto it = topics.constBegin(); it != topics.constEnd(); ++it)
        addTopic(stats, it.key(), it->toObject()["partitions"_L1].toObject());
    return stats;
}

} // namespace quiesce
