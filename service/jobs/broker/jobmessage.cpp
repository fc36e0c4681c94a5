// SPDX-License-Identifier: GPL-3.0-only
// JobMessage as bytes: see the header.
#include "service/jobs/broker/jobmessage.h"

#include "service/jobs/jobkinds.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

namespace quiesce {

using namespace Qt::StringLiterals;

QByteArray toBytes(const JobMessage &message)
{
    return QJsonDocument(QJsonObject{ { u"job"_s, message.jobId }, { u"kind"_s, message.kind } })
        .toJson(QJsonDocument::Compact);
}

std::optional<JobMessage> parseJobMessage(QByteArrayView bytes)
{
    if (bytes.size() > kMaxMessageBytes)
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(bytes.toByteArray()).object();
    JobMessage message{ .jobId = object.value(u"job"_s).toString(),
                        .kind = object.value(u"kind"_s).toString() };
    const bool isGood = !QUuid::fromString(message.jobId).isNull() && !message.kind.isEmpty()
        && message.kind.size() <= JobKinds::kMaxNameLength;
    return isGood ? std::optional(message) : std::nullopt;
}

} // namespace quiesce
