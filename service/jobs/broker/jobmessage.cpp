// SPDX-License-Identifier: GPL-3.0-only
// JobMessage as bytes: see the header.
#include "service/jobs/broker/jobmessage.h"

#include "common/printable.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kJob = "job"_L1;
constexpr auto kKind = "kind"_L1;

} // namespace

QByteArray toBytes(const JobMessage &message)
{
    return QJsonDocument(QJsonObject{ { kJob, message.jobId }, { kKind, message.kind } })
        .toJson(QJsonDocument::Compact);
}

Result<JobMessage, QString> parseJobMessage(QByteArrayView bytes, const QString &kindOfQueue)
{
    if (bytes.size() > kMaxMessageBytes)
        return Failure{ u"it has more than %1 bytes"_s.arg(kMaxMessageBytes) };
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes.toByteArray(), &error);
    if (!document.isObject())
        return Failure{ u"it is no JSON object: %1"_s.arg(error.errorString()) };
    const QString jobId = document[kJob].toString();
    if (jobId.isEmpty())
        return Failure{ u"it names no job"_s };
    const QString kind = document[kKind].toString();
    if (kind != kindOfQueue)
        return Failure{ u"it is of kind %1, and not of %2"_s.arg(quoted(kind),
                                                                 quoted(kindOfQueue)) };
    return JobMessage{ .jobId = jobId, .kind = kind };
}

} // namespace quiesce
