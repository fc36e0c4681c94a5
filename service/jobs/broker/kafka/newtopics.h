// SPDX-License-Identifier: GPL-3.0-only
// New topics: asked of Kafka's admin API, and what it answers.
#pragma once

#include "service/jobs/broker/kafka/kafkahandle.h"

#include <QStringList>

namespace quiesce {

struct NewTopics
{
    QStringList missing; ///< which could not be made, and may not be there
    QString refusal; ///< why, of one of them
    bool hasMade = false; ///< one that was not there
};

/// Asks for those topics; the answer comes as an event of the handle's main queue, within 3 s.
/// Topics that are there already stay as they are.
void beginNewTopics(KafkaHandle &handle, const QStringList &topics, const KafkaOptions &options);

/// @param event of the type RD_KAFKA_EVENT_CREATETOPICS_RESULT
/// @param asked what it answers, all of which is missing when it failed as a whole
[[nodiscard]] NewTopics takeNewTopics(rd_kafka_event_t *event, const QStringList &asked);

} // namespace quiesce
