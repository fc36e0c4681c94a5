// SPDX-License-Identifier: GPL-3.0-only
// New topics: see the header.
#include "service/jobs/broker/kafka/newtopics.h"

#include "common/printable.h"

#include <array>
#include <vector>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr int kRequestTimeoutMs = 3'000;

QString reasonOf(const rd_kafka_topic_result_t *topic)
{
    const char *text = rd_kafka_topic_result_error_string(topic);
    return printable(
        QString::fromUtf8(text ? text : rd_kafka_err2str(rd_kafka_topic_result_error(topic))));
}

} // namespace

void beginNewTopics(KafkaHandle &handle, const QStringList &topics, const KafkaOptions &options)
{
    std::array<char, 256> reason{};
    std::vector<rd_kafka_NewTopic_t *> wanted;
    for (const QString &topic : topics) {
        // None for numbers out of range, which the options' check has refused.
        if (auto *one = rd_kafka_NewTopic_new(topic.toUtf8().constData(), options.partitions,
                                              options.replication, reason.data(), reason.size()))
            wanted.push_back(one);
    }
    rd_kafka_AdminOptions_t *how =
        rd_kafka_AdminOptions_new(handle.client(), RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_AdminOptions_set_request_timeout(how, kRequestTimeoutMs, reason.data(), reason.size());
    rd_kafka_CreateTopics(handle.client(), wanted.data(), wanted.size(), how, handle.mainQueue());
    rd_kafka_AdminOptions_destroy(how);
    rd_kafka_NewTopic_destroy_array(wanted.data(), wanted.size());
}

NewTopics takeNewTopics(rd_kafka_event_t *event, const QStringList &asked)
{
    NewTopics made;
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        made.missing = asked;
        made.refusal = printable(QString::fromUtf8(rd_kafka_event_error_string(event)));
        return made;
    }
    size_t count = 0;
    const rd_kafka_topic_result_t **topics =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    for (size_t i = 0; i < count; ++i) {
        const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(topics[i]);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            made.hasMade = true;
        } else if (code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
            made.missing.append(QString::fromUtf8(rd_kafka_topic_result_name(topics[i])));
            made.refusal = reasonOf(topics[i]);
        }
    }
    return made;
}

} // namespace quiesce
