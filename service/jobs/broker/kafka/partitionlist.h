// SPDX-License-Identifier: GPL-3.0-only
// PartitionList: owns librdkafka's list of partitions.
#pragma once

#include <QString>
#include <librdkafka/rdkafka.h>
#include <memory>

namespace quiesce {

class PartitionList final
{
public:
    PartitionList()
        : m_list(rd_kafka_topic_partition_list_new(1))
    { }

    void add(const QString &topic, qint32 number = RD_KAFKA_PARTITION_UA,
             qint64 offset = RD_KAFKA_OFFSET_INVALID)
    {
        rd_kafka_topic_partition_list_add(m_list.get(), topic.toUtf8().constData(), number)
            ->offset = offset;
    }
    [[nodiscard]] bool isEmpty() const { return m_list->cnt == 0; }
    [[nodiscard]] rd_kafka_topic_partition_list_t *get() const { return m_list.get(); }

private:
    struct Deleter
    {
        void operator()(rd_kafka_topic_partition_list_t *list) const
        {
            rd_kafka_topic_partition_list_destroy(list);
        }
    };
    std::unique_ptr<rd_kafka_topic_partition_list_t, Deleter> m_list;
};

} // namespace quiesce
