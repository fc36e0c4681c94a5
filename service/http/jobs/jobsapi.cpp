// SPDX-License-Identifier: GPL-3.0-only
// JobsApi: see the header.
#include "service/http/jobs/jobsapi.h"

#include "common/units.h"
#include "service/http/httpserver.h"
#include "service/http/jobs/jobviews.h"

#include <QUrlQuery>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Refusal badParameter(const QString &detail)
{
    return { .status = 400, .code = "bad-parameter", .detail = detail };
}

} // namespace

JobsApi::JobsApi(JobQueue &queue, Clock &clock)
    : m_queue(queue)
    , m_gate(clock)
    , m_held(clock)
{ }

void JobsApi::addRoutes(HttpServer &server)
{
    using Method = QHttpServerRequest::Method;
    m_server = &server;
    server.route(u"/v1/jobs"_s, Method::Post, [this](const Request &request) {
        return guarded(request, [&](const Answer &answer) { submit(request, answer); });
    });
    server.route(u"/v1/jobs"_s, Method::Get, [this](const Request &request) {
        return guarded(request, [&](const Answer &answer) { list(request, answer); });
    });
    server.route(
        u"/v1/jobs/<arg>"_s, Method::Get, [this](const QString &id, const Request &request) {
            return guarded(request, [&](const Answer &answer) { get(id, request, answer); });
        });
    server.route(u"/v1/jobs/<arg>"_s, Method::Delete,
                 [this](const QString &id, const Request &request) {
                     return guarded(request, [&](const Answer &answer) { cancel(id, answer); });
                 });
    server.route(u"/v1/jobs/<arg>/output"_s, Method::Get,
                 [this](const QString &id, const Request &request) {
                     return guarded(request, [&](const Answer &answer) { output(id, answer); });
                 });
}

template <typename Ask>
JobsApi::Answer JobsApi::guarded(const Request &request, const Ask &ask)
{
    auto answer = std::make_shared<PendingAnswer>(PendingAnswer::Listens::ToNobody);
    const Admission admission = m_gate.judge(request);
    if (admission.refusal)
        m_held.hold(answer, *admission.refusal, admission.hold);
    else
        ask(answer);
    return answer;
}

void JobsApi::submit(const Request &request, const Answer &answer)
{
    const Result<JobRequest, Refusal> asked = readSubmission(
        request.value("Content-Type"), request.body(), request.value("Idempotency-Key"));
    if (!asked)
        return answer->answer(asked.error());
    m_queue.submit(asked.value(), shown<Submitted>(answer, submittedResponse));
}

void JobsApi::get(const QString &id, const Request &request, const Answer &answer)
{
    const QUrlQuery query = request.query();
    if (!query.hasQueryItem(u"wait"_s))
        return m_queue.get(id, shown<Job>(answer, foundResponse));
    const auto time = parseDuration(query.queryItemValue(u"wait"_s));
    if (!time)
        return answer->answer(
            badParameter(u"wait must be a duration like \"30s\": %1."_s.arg(time.error())));
    waitFor(id, std::min(time.value(), longestWait()), answer);
}

void JobsApi::waitFor(const QString &id, std::chrono::milliseconds time, const Answer &answer)
{
    if (time.count() == 0)
        return m_queue.get(id, shown<Job>(answer, foundResponse));
    const JobQueue::WaitId wait = m_queue.waitFor(id, time, shown<Job>(answer, foundResponse));
    answer->setCanceller([this, wait] { m_queue.endWait(wait); });
}

/// The answer is to be the job, not a 504.
std::chrono::milliseconds JobsApi::longestWait() const
{
    constexpr auto kMargin = 2s;
    const std::chrono::milliseconds timeout = m_server->limits().requestTimeout;
    if (timeout.count() == 0)
        return kLongestWait;
    return std::min<std::chrono::milliseconds>(
        kLongestWait, timeout - std::min<std::chrono::milliseconds>(kMargin, timeout / 4));
}

void JobsApi::list(const Request &request, const Answer &answer)
{
    const Result<JobQuery, Refusal> query = jobQueryOf(request.query());
    if (!query)
        return answer->answer(query.error());
    m_queue.list(query.value(), shown<JobPage>(answer, pageResponse));
}

void JobsApi::cancel(const QString &id, const Answer &answer)
{
    m_queue.cancel(id, shown<Job>(answer, cancelledResponse));
}

void JobsApi::output(const QString &id, const Answer &answer)
{
    m_queue.output(id, shown<JobOutput>(answer, outputResponse));
}

} // namespace quiesce
