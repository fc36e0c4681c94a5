// SPDX-License-Identifier: GPL-3.0-only
// Commands on the wire: see the header.
#include "console/client/http/commandwire.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QString pathOf(const CommandRequest &request)
{
    const QString target = QString::fromLatin1(QUrl::toPercentEncoding(request.target));
    switch (request.verb) {
    case Verb::Quiesce:
        return u"/admin/v1/quiesce"_s;
    case Verb::Resume:
        return u"/admin/v1/resume"_s;
    case Verb::Stop:
        return u"/admin/v1/stop"_s;
    case Verb::Extend:
        return u"/admin/v1/extend"_s;
    case Verb::Force:
        return u"/admin/v1/force"_s;
    case Verb::CancelRequest:
        return u"/admin/v1/requests/"_s + target;
    case Verb::CancelJob:
        return u"/admin/v1/jobs/"_s + target;
    }
    Q_UNREACHABLE();
}

void insertText(QJsonObject &body, QLatin1StringView key, const QString &text)
{
    if (!text.isEmpty())
        body.insert(key, text);
}

void insertTime(QJsonObject &body, QLatin1StringView key,
                std::optional<std::chrono::milliseconds> time)
{
    if (time)
        body.insert(key, qint64{ time->count() });
}

QJsonObject bodyOf(const CommandRequest &request)
{
    QJsonObject body;
    insertText(body, "actor"_L1, request.actor);
    insertText(body, "reason"_L1, request.reason);
    if (request.verb == Verb::Stop) {
        insertTime(body, "lameDuckMs"_L1, request.lameDuck);
        insertTime(body, "graceMs"_L1, request.grace);
    } else if (request.verb == Verb::Extend) {
        insertTime(body, "byMs"_L1, request.by);
    }
    return body;
}

CommandOutcome acceptedOf(const RestAnswer &answer)
{
    const QJsonDocument document = QJsonDocument::fromJson(answer.body);
    if (answer.contentType != "application/json" || !document.isObject()) {
        return { .kind = CommandOutcome::Kind::Failed,
                 .status = answer.status,
                 .code = u"bad-answer"_s,
                 .detail = QCoreApplication::translate("quiesce::Command",
                                                       "The answer is none of a Quiesce service"),
                 .snapshot = {} };
    }
    return { .kind = CommandOutcome::Kind::Accepted,
             .status = answer.status,
             .code = {},
             .detail = {},
             .snapshot = snapshotFromJson(document.object()) };
}

} // namespace

HttpAsk askOf(const CommandRequest &request)
{
    const bool isCancel = request.verb == Verb::CancelRequest || request.verb == Verb::CancelJob;
    // A body also where it is empty, so that nothing is sent twice: see HttpAccess.
    return { .method = isCancel ? QByteArrayLiteral("DELETE") : QByteArrayLiteral("POST"),
             .path = pathOf(request),
             .body = QJsonDocument(bodyOf(request)).toJson(QJsonDocument::Compact) };
}

CommandOutcome outcomeOf(const RestAnswer &answer)
{
    if (isSuccess(answer.status))
        return acceptedOf(answer);
    // A gateway's 502 says nothing of whether the service has got it; any 4xx is a no.
    const bool isRefused =
        answer.problem.isOfService || (answer.status >= 400 && answer.status < 500);
    return { .kind = isRefused ? CommandOutcome::Kind::Refused : CommandOutcome::Kind::Failed,
             .status = answer.status,
             .code = answer.problem.code,
             .detail = answer.problem.detail,
             .snapshot = {} };
}

} // namespace quiesce
