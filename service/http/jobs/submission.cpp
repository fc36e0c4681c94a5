// SPDX-License-Identifier: GPL-3.0-only
// Submissions and answers: see the header.
#include "service/http/jobs/submission.h"

#include "common/jobs/jobtext.h"
#include "service/http/admin/bodyreader.h"
#include "service/http/qtcompat.h"

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using Status = QHttpServerResponse::StatusCode;

namespace {

QHttpServerResponse response(const QByteArray &type, const QByteArray &body, Status status)
{
    QHttpServerResponse answer(type, body, status);
    qtcompat::addField(answer, "Cache-Control", "no-store");
    return answer;
}

int statusOf(JobError::Kind kind)
{
    switch (kind) {
    case JobError::Kind::UnknownKind:
    case JobError::Kind::BadPayload:
    case JobError::Kind::BadRequest:
    case JobError::Kind::KeyReused:
        return 422;
    case JobError::Kind::PayloadTooLarge:
        return 413;
    case JobError::Kind::NotFound:
        return 404;
    case JobError::Kind::Ended:
        return 409;
    case JobError::Kind::TooManyWaiting:
    case JobError::Kind::Unavailable:
        return 503;
    }
    Q_UNREACHABLE();
}

} // namespace

Result<JobRequest, Refusal> readSubmission(const QByteArray &contentType, const QByteArray &body,
                                           const QByteArray &idempotencyKey)
{
    BodyReader reader(contentType, body);
    JobRequest request{ .kind = reader.text(u"kind"_s, BodyReader::Need::Required),
                        .payload = reader.object(u"payload"_s),
                        .timeout =
                            reader.duration(u"timeoutMs"_s, milliseconds(1),
                                            BodyReader::Need::Optional, JobQueue::kLongestTimeout),
                        .maxAttempts = reader.count(u"maxAttempts"_s, 1, JobQueue::kMostAttempts),
                        .runAt = reader.instant(u"runAt"_s),
                        .idempotencyKey = idempotencyKey,
                        .fingerprint = {} };
    if (const std::optional<Refusal> refusal = reader.refusal())
        return Failure{ *refusal };
    return request;
}

QHttpServerResponse jobResponse(const Job &job, Status status)
{
    return response("application/json", toJsonText(job), status);
}

QHttpServerResponse foundResponse(const Job &job)
{
    return jobResponse(job, Status::Ok);
}

QHttpServerResponse cancelledResponse(const Job &job)
{
    return jobResponse(job, Status::Accepted);
}

QHttpServerResponse submittedResponse(const Submitted &submitted)
{
    QHttpServerResponse answer =
        jobResponse(submitted.job, submitted.isNew ? Status::Created : Status::Ok);
    qtcompat::addField(answer, "Location", "/v1/jobs/" + submitted.job.id.toLatin1());
    return answer;
}

QHttpServerResponse pageResponse(const JobPage &page)
{
    QByteArray text = "{\"items\":[";
    QString next = page.next;
    for (qsizetype i = 0; i < page.jobs.size(); ++i) {
        if (i > 0 && text.size() > kMaxPageBytes) {
            next = page.jobs[i - 1].id;
            break;
        }
        text += (i > 0 ? "," : "") + toJsonText(page.jobs[i]);
    }
    text += "],\"next\":" + (next.isEmpty() ? "null" : '"' + next.toLatin1() + '"') + '}';
    return response("application/json", text, Status::Ok);
}

QHttpServerResponse outputResponse(const JobOutput &output)
{
    QHttpServerResponse answer = response("text/plain; charset=utf-8", output.bytes, Status::Ok);
    qtcompat::addField(answer, "X-Content-Type-Options", "nosniff"); // whatever a command wrote
    qtcompat::addField(answer, "Quiesce-Output-Dropped", QByteArray::number(output.dropped));
    return answer;
}

Refusal refusalOf(const JobError &error)
{
    const QLatin1StringView code = toWire(error.kind);
    return { .status = statusOf(error.kind),
             .code = QByteArray(code.data(), code.size()),
             .detail = error.reason };
}

} // namespace quiesce
