// SPDX-License-Identifier: GPL-3.0-only
// How a JobMessage is written into a Kafka record: see the header.
#include "service/jobs/broker/kafka/kafkamessage.h"

#include "common/printable.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kJobId = "jobId"_L1;
constexpr auto kKind = "kind"_L1;

} // namespace

QByteArray kafkaValue(const JobMessage &message)
{
    return QJsonDocument(QJsonObject{ { kJobId, message.jobId }, { kKind, message.kind } })
        .toJson(QJsonDocument::Compact);
}

Result<JobMessage, QString> parseKafkaValue(QByteArrayView value, const QString &kindOfTopic)
{
    if (value.size() > kMaxKafkaValue)
        return Failure{ u"it has %1 bytes, more than %2"_s.arg(value.size()).arg(kMaxKafkaValue) };
    QJsonParseError error;
    const QJsonDocument document =
        QJsonDocument::fromJson(QByteArray(value.data(), value.size()), &error);
    if (!document.isObject())
        return Failure{ u"it is no JSON object: %1"_s.arg(error.errorString()) };
    const QString jobId = document[kJobId].toString();
    if (jobId.isEmpty())
        return Failure{ u"it names no jobId"_s };
    const QString kind = document[kKind].toString();
    if (kind != kindOfTopic) {
        return Failure{ u"it is of kind %1 in the topic of %2"_s.arg(quoted(kind),
                                                                     quoted(kindOfTopic)) };
    }
    return JobMessage{ .jobId = jobId, .kind = kind };
}

} // namespace quiesce
