// SPDX-License-Identifier: GPL-3.0-only
// KafkaAssignment: the partitions that are this consumer's now, and how far each has come.
#pragma once

#include "service/jobs/broker/kafka/deliverydesk.h"
#include "service/jobs/broker/kafka/offsetledger.h"
#include "service/jobs/broker/kafka/partitionlist.h"

#include <QSet>
#include <map>

namespace quiesce {

/// Each assignment of a partition is a term of its own: an answer for what was delivered in an
/// earlier one does nothing.
///
/// Thread: event loop. Limits: OffsetLedger's for each partition.
class KafkaAssignment final
{
public:
    /// @param firstTerm above every term that was used before
    explicit KafkaAssignment(quint64 firstTerm)
        : m_lastTerm(firstTerm)
    { }

    void add(const rd_kafka_topic_partition_list_t &partitions);
    /// Their terms, which have ended.
    [[nodiscard]] QList<quint64> remove(const rd_kafka_topic_partition_list_t &partitions);
    [[nodiscard]] QList<quint64> removeAll();

    /// Where a message that was fetched stands; none: it is no news, or of no partition of ours.
    [[nodiscard]] std::optional<KafkaSpot> handOut(const QString &topic, qint32 number,
                                                   qint64 offset);
    /// Adds what may be stored now to the list.
    void settle(const KafkaSpot &spot, PartitionList &storable);
    [[nodiscard]] bool has(quint64 term) const { return m_partitions.contains(term); }

    /// Which of them are to be fetched from no more, and which again, since it was last asked.
    struct Turns
    {
        PartitionList paused;
        PartitionList resumed;
    };
    template <typename IsWelcome>
    [[nodiscard]] Turns turn(IsWelcome isWelcome)
    {
        Turns turns;
        for (auto &[term, partition] : m_partitions) {
            const bool isPaused = partition.ledger.isFull() || !isWelcome(partition.topic);
            if (std::exchange(partition.isPaused, isPaused) != isPaused)
                (isPaused ? turns.paused : turns.resumed).add(partition.topic, partition.number);
        }
        return turns;
    }

    [[nodiscard]] QSet<qint32> numbersOf(const QString &topic) const;
    [[nodiscard]] qsizetype count() const { return static_cast<qsizetype>(m_partitions.size()); }
    [[nodiscard]] quint64 lastTerm() const { return m_lastTerm; }

private:
    struct Partition
    {
        QString topic;
        qint32 number = 0;
        OffsetLedger ledger{};
        bool isPaused = false;
    };
    std::map<quint64, Partition> m_partitions; ///< by term
    QHash<std::pair<QString, qint32>, quint64> m_terms;
    quint64 m_lastTerm;
};

} // namespace quiesce
