// SPDX-License-Identifier: GPL-3.0-only
// REST answers: see the header.
#include "console/client/http/answers.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Failure<FetchError> failureOf(const RestAnswer &answer)
{
    return Failure{ FetchError{
        .status = answer.status, .code = answer.problem.code, .detail = answer.problem.detail } };
}

Failure<FetchError> badAnswer(const RestAnswer &answer)
{
    return Failure{ FetchError{ .status = answer.status,
                                .code = u"bad-answer"_s,
                                .detail = QCoreApplication::translate(
                                    "quiesce::InstanceClient",
                                    "The answer cannot be read: perhaps the service is of another "
                                    "version") } };
}

Result<QJsonObject, FetchError> objectOf(const RestAnswer &answer)
{
    if (!isSuccess(answer.status))
        return failureOf(answer);
    const QJsonDocument document = QJsonDocument::fromJson(answer.body);
    if (answer.contentType != "application/json" || !document.isObject())
        return badAnswer(answer);
    return document.object();
}

template <typename T>
using Read = std::optional<T> (*)(const QJsonObject &);

template <typename T>
Result<T, FetchError> valueOf(const RestAnswer &answer, Read<T> read)
{
    const Result<QJsonObject, FetchError> json = objectOf(answer);
    if (!json)
        return Failure{ json.error() };
    if (std::optional<T> value = read(json.value()))
        return *std::move(value);
    return badAnswer(answer);
}

template <typename T>
Result<Page<T>, FetchError> pageOf(const RestAnswer &answer, Read<T> read)
{
    const Result<QJsonObject, FetchError> json = objectOf(answer);
    if (!json)
        return Failure{ json.error() };
    if (!json.value().value("items"_L1).isArray())
        return badAnswer(answer);
    Page<T> page;
    page.next = json.value().value("next"_L1).toString();
    for (const QJsonValue row : json.value().value("items"_L1).toArray()) {
        if (std::optional<T> item = read(row.toObject()))
            page.items.append(*std::move(item));
    }
    return page;
}

std::optional<Role> roleFromJson(const QJsonObject &json)
{
    const QString role = json.value("role"_L1).toString();
    if (role == "operator"_L1)
        return Role::Operator;
    return role == "read"_L1 ? std::optional(Role::Reader) : std::nullopt;
}

} // namespace

Result<Page<StopReport>, FetchError> reportsOf(const RestAnswer &answer)
{
    return pageOf<StopReport>(answer, stopReportFromJson);
}

Result<Page<Blocker>, FetchError> requestsOf(const RestAnswer &answer)
{
    return pageOf<Blocker>(answer, blockerFromJson);
}

Result<Page<Job>, FetchError> jobsOf(const RestAnswer &answer)
{
    return pageOf<Job>(answer, jobFromJson);
}

Result<Page<AuditEvent>, FetchError> auditOf(const RestAnswer &answer)
{
    return pageOf<AuditEvent>(answer, auditEventFromJson);
}

Result<Job, FetchError> jobOf(const RestAnswer &answer)
{
    return valueOf<Job>(answer, jobFromJson);
}

Result<Snapshot, FetchError> snapshotOf(const RestAnswer &answer)
{
    return valueOf<Snapshot>(answer, snapshotFromJson);
}

Result<Role, FetchError> roleOf(const RestAnswer &answer)
{
    return valueOf<Role>(answer, roleFromJson);
}

Result<QByteArray, FetchError> bytesOf(const RestAnswer &answer)
{
    if (!isSuccess(answer.status))
        return failureOf(answer);
    return answer.body;
}

Result<QString, FetchError> readinessOf(const RestAnswer &answer)
{
    constexpr int kUnavailable = 503;
    if (!isSuccess(answer.status) && answer.status != kUnavailable)
        return failureOf(answer);
    return QString::fromUtf8(answer.body);
}

} // namespace quiesce
