// SPDX-License-Identifier: GPL-3.0-only
// AdminJobs: see the header.
#include "service/http/admin/adminjobs.h"

#include "service/http/admin/attempt.h"
#include "service/http/httpserver.h"
#include "service/http/jobs/jobviews.h"
#include "service/http/jobs/submission.h"

#include <QUrlQuery>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Refusal noSuchJob()
{
    return refusalOf({ JobError::Kind::NotFound, u"this service has no jobs"_s });
}

/// What `ask` answers, now or later.
template <typename Ask>
std::shared_ptr<PendingAnswer> deferred(const Ask &ask)
{
    auto answer = std::make_shared<PendingAnswer>(PendingAnswer::Listens::ToNobody);
    ask(answer);
    return answer;
}

} // namespace

AdminJobs::AdminJobs(AuditLog &audit)
    : m_audit(audit)
{ }

void AdminJobs::addRoutes(HttpServer &server)
{
    using Method = QHttpServerRequest::Method;
    server.route(u"/admin/v1/jobs"_s, Method::Get, [this](const Request &request) {
        return deferred([&](const Answer &answer) { list(request, answer); });
    });
    server.route(u"/admin/v1/jobs/<arg>"_s, Method::Get, [this](const QString &id) {
        return deferred([&](const Answer &answer) { get(id, answer); });
    });
    server.route(u"/admin/v1/jobs/<arg>"_s, Method::Delete,
                 [this](const QString &id, const Request &request, const RequestContext &context) {
                     return deferred(
                         [&](const Answer &answer) { cancel(id, request, context, answer); });
                 });
    server.route(u"/admin/v1/jobs/<arg>/output"_s, Method::Get, [this](const QString &id) {
        return deferred([&](const Answer &answer) { output(id, answer); });
    });
}

void AdminJobs::list(const Request &request, const Answer &answer) const
{
    const Result<JobQuery, Refusal> query = jobQueryOf(request.query());
    if (!query)
        return answer->answer(query.error());
    if (!m_queue)
        return answer->answer(pageResponse({}));
    m_queue->list(query.value(), shown<JobPage>(answer, pageResponse));
}

void AdminJobs::get(const QString &id, const Answer &answer) const
{
    if (!m_queue)
        return answer->answer(noSuchJob());
    m_queue->get(id, shown<Job>(answer, foundResponse));
}

void AdminJobs::output(const QString &id, const Answer &answer) const
{
    if (!m_queue)
        return answer->answer(noSuchJob());
    m_queue->output(id, shown<JobOutput>(answer, outputResponse));
}

void AdminJobs::cancel(const QString &id, const Request &request, const RequestContext &context,
                       const Answer &answer)
{
    Attempt attempt(u"cancel-job"_s, request, context);
    attempt.setTarget(id);
    std::optional<Refusal> refusal = attempt.body.refusal();
    if (!refusal && !m_queue)
        refusal = noSuchJob();
    if (refusal) {
        attempt.record(m_audit, refusal);
        return answer->answer(*refusal);
    }
    const JobReply<Job> show = shown<Job>(answer, cancelledResponse);
    m_queue->cancel(id, [this, attempt, show](const Result<Job, JobError> &result) mutable {
        // Recorded also when nobody waits for the answer any more.
        attempt.record(m_audit, result ? std::nullopt : std::optional(refusalOf(result.error())));
        show(result);
    });
}

} // namespace quiesce
