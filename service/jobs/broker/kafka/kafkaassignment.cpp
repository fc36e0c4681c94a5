// SPDX-License-Identifier: GPL-3.0-only
// KafkaAssignment: see the header.
#include "service/jobs/broker/kafka/kafkaassignment.h"

#include <span>
#include <utility>

namespace quiesce {

namespace {

std::span<const rd_kafka_topic_partition_t> elements(const rd_kafka_topic_partition_list_t &list)
{
    return { list.elems, static_cast<size_t>(list.cnt) };
}

std::pair<QString, qint32> keyOf(const rd_kafka_topic_partition_t &partition)
{
    return { QString::fromUtf8(partition.topic), partition.partition };
}

} // namespace

void KafkaAssignment::add(const rd_kafka_topic_partition_list_t &partitions)
{
    for (const auto &one : elements(partitions)) {
        const auto key = keyOf(one);
        if (m_terms.contains(key))
            continue;
        m_terms.insert(key, ++m_lastTerm);
        m_partitions.emplace(m_lastTerm, Partition{ .topic = key.first, .number = key.second });
    }
}

QList<quint64> KafkaAssignment::remove(const rd_kafka_topic_partition_list_t &partitions)
{
    QList<quint64> ended;
    for (const auto &one : elements(partitions)) {
        const quint64 term = m_terms.take(keyOf(one));
        if (m_partitions.erase(term) > 0)
            ended.append(term);
    }
    return ended;
}

QList<quint64> KafkaAssignment::removeAll()
{
    m_partitions.clear();
    return std::exchange(m_terms, {}).values();
}

std::optional<KafkaSpot> KafkaAssignment::handOut(const QString &topic, qint32 number,
                                                  qint64 offset)
{
    const quint64 term = m_terms.value({ topic, number });
    const auto found = m_partitions.find(term);
    if (found == m_partitions.end() || !found->second.ledger.handOut(offset))
        return std::nullopt;
    return KafkaSpot{ .term = term, .offset = offset };
}

void KafkaAssignment::settle(const KafkaSpot &spot, PartitionList &storable)
{
    const auto found = m_partitions.find(spot.term);
    if (found == m_partitions.end())
        return;
    if (const auto next = found->second.ledger.settle(spot.offset))
        storable.add(found->second.topic, found->second.number, *next);
}

QSet<qint32> KafkaAssignment::numbersOf(const QString &topic) const
{
    QSet<qint32> numbers;
    for (const auto &[term, partition] : m_partitions) {
        if (partition.topic == topic)
            numbers.insert(partition.number);
    }
    return numbers;
}

} // namespace quiesce
