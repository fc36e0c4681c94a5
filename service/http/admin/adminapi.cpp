// SPDX-License-Identifier: GPL-3.0-only
// AdminApi: see the header. First what only looks, then what changes.
#include "service/http/admin/adminapi.h"

#include "service/core/auditlog.h"
#include "service/core/inflight.h"
#include "service/core/lifecycle.h"
#include "service/http/admin/attempt.h"
#include "service/http/admin/listpage.h"
#include "service/http/admin/snapshot.h"
#include "service/http/httpserver.h"

namespace quiesce {

using namespace Qt::StringLiterals;
using Status = QHttpServerResponse::StatusCode;

namespace {

Refusal refusalOf(LifecycleError error)
{
    const QByteArray code = QByteArray(toWire(error).data(), toWire(error).size());
    switch (error) {
    case LifecycleError::AlreadyStopping:
        return { .status = 409, .code = code, .detail = u"A stop is under way already."_s };
    case LifecycleError::NotStopping:
        return { .status = 409, .code = code, .detail = u"No stop is under way."_s };
    case LifecycleError::PastNoReturn:
        return { .status = 409, .code = code, .detail = u"It is too late for that."_s };
    case LifecycleError::NotServing:
        return { .status = 409, .code = code, .detail = u"The service is still starting."_s };
    case LifecycleError::PastBudget:
        return { .status = 422,
                 .code = code,
                 .detail = u"The stop would take longer than stop.budget, what the orchestrator "
                           "grants in all."_s };
    case LifecycleError::BadDuration:
        return { .status = 422, .code = code, .detail = u"Not a time that a stop can take."_s };
    }
    return {};
}

} // namespace

AdminApi::AdminApi(const Parts &parts)
    : m_parts(parts)
{ }

void AdminApi::addRoutes(HttpServer &server)
{
    using Method = QHttpServerRequest::Method;
    const auto get = [&](const QString &path, auto answer) {
        server.route(path, Method::Get,
                     [this, answer](const Request &request) { return answer(*this, request); });
    };
    get(u"/admin/v1/state"_s, [](const AdminApi &api, const Request &) { return api.state(); });
    server.route(u"/admin/v1/session"_s, Method::Get,
                 [](const RequestContext &context) { return session(context); });
    get(u"/admin/v1/requests"_s, std::mem_fn(&AdminApi::requests));
    get(u"/admin/v1/reports"_s, std::mem_fn(&AdminApi::reports));
    get(u"/admin/v1/reports/latest"_s,
        [](const AdminApi &api, const Request &) { return api.latestReport(); });
    get(u"/admin/v1/audit"_s, std::mem_fn(&AdminApi::audit));
    get(u"/admin/v1/openapi.json"_s,
        [](const AdminApi &api, const Request &) { return jsonResponse(api.m_openApi); });

    const auto post = [&](const QString &path, auto change) {
        server.route(path, Method::Post,
                     [this, change](const Request &request, const RequestContext &context) {
                         return (this->*change)(request, context);
                     });
    };
    post(u"/admin/v1/quiesce"_s, &AdminApi::quiesce);
    post(u"/admin/v1/resume"_s, &AdminApi::resume);
    post(u"/admin/v1/stop"_s, &AdminApi::stop);
    post(u"/admin/v1/extend"_s, &AdminApi::extend);
    post(u"/admin/v1/force"_s, &AdminApi::force);
    server.route(u"/admin/v1/requests/<arg>"_s, Method::Delete,
                 [this](const QString &id, const Request &request, const RequestContext &context) {
                     return cancelRequest(id, request, context);
                 });
}

// What only looks.

AdminApi::Response AdminApi::state() const
{
    return jsonResponse(m_parts.snapshot.toJson());
}

AdminApi::Response AdminApi::session(const RequestContext &context)
{
    const QString &identity = context.identity();
    return jsonResponse({ { u"role"_s, context.role() },
                          { u"identity"_s, identity.isEmpty() ? QJsonValue() : identity } });
}

AdminApi::Response AdminApi::requests(const Request &request) const
{
    const Result<ListPage, Refusal> page = ListPage::from(request.query());
    if (!page)
        return toResponse(page.error());
    // One more than asked for tells whether a page follows.
    QList<WaitingOn> rows =
        m_parts.inFlight.requests(page.value().after.toULongLong(), page.value().limit + 1);
    QList<QJsonObject> items;
    for (const WaitingOn &row : std::as_const(rows))
        items.append(toJson(row));
    return jsonResponse(ListPage{ .limit = page.value().limit, .after = {} }.of(items, "id"_L1));
}

AdminApi::Response AdminApi::reports(const Request &request) const
{
    const Result<ListPage, Refusal> page = ListPage::from(request.query());
    return page ? jsonResponse(page.value().of(m_reports, "instanceId"_L1))
                : toResponse(page.error());
}

AdminApi::Response AdminApi::latestReport() const
{
    if (!m_reports.isEmpty())
        return jsonResponse(m_reports.first());
    return toResponse(
        { .status = 404, .code = "no-report", .detail = u"No run has left a report yet."_s });
}

AdminApi::Response AdminApi::audit(const Request &request) const
{
    const Result<ListPage, Refusal> page = ListPage::from(request.query());
    if (!page)
        return toResponse(page.error());
    const auto &entries = m_parts.audit.entries();
    const QList<QJsonObject> newestFirst(entries.rbegin(), entries.rend());
    return jsonResponse(page.value().of(newestFirst, "id"_L1));
}

// What changes.

/// `act` takes the cause and says why not, if so.
template <typename Act>
AdminApi::Response AdminApi::finish(Attempt &attempt, Status success, const Act &act)
{
    std::optional<Refusal> refusal = attempt.body.refusal();
    if (!refusal)
        refusal = act(attempt.cause());
    attempt.record(m_parts.audit, refusal);
    return refusal ? toResponse(*refusal) : jsonResponse(m_parts.snapshot.toJson(), success);
}

template <typename Act>
AdminApi::Response AdminApi::finishLifecycle(Attempt &attempt, Status success, const Act &act)
{
    return finish(attempt, success, [&act](const StopCause &cause) -> std::optional<Refusal> {
        const LifecycleResult result = act(cause);
        return result ? std::nullopt : std::optional(refusalOf(result.error()));
    });
}

AdminApi::Response AdminApi::cancelRequest(const QString &id, const Request &request,
                                           const RequestContext &context)
{
    Attempt attempt(u"cancel-request"_s, request, context);
    attempt.setTarget(id);
    return finish(attempt, Status::Accepted, [&](const StopCause &) -> std::optional<Refusal> {
        if (m_parts.inFlight.tryCancel(WorkKind::Request, id))
            return std::nullopt;
        return Refusal{ .status = 404,
                        .code = "no-such-request",
                        .detail = u"No request of this id is in flight (any more)."_s };
    });
}

AdminApi::Response AdminApi::quiesce(const Request &request, const RequestContext &context)
{
    Attempt attempt(u"quiesce"_s, request, context);
    return finishLifecycle(attempt, Status::Accepted, [this](const StopCause &cause) {
        return m_parts.lifecycle.tryQuiesce(cause);
    });
}

AdminApi::Response AdminApi::resume(const Request &request, const RequestContext &context)
{
    Attempt attempt(u"resume"_s, request, context);
    return finishLifecycle(attempt, Status::Ok, [this](const StopCause &cause) {
        return m_parts.lifecycle.tryResume(cause);
    });
}

AdminApi::Response AdminApi::stop(const Request &request, const RequestContext &context)
{
    Attempt attempt(u"stop"_s, request, context);
    const auto lameDuck = attempt.body.duration(u"lameDuckMs"_s);
    const auto grace = attempt.body.duration(u"graceMs"_s);
    return finishLifecycle(attempt, Status::Accepted, [&](const StopCause &cause) {
        return m_parts.lifecycle.tryStop({ .cause = cause, .lameDuck = lameDuck, .grace = grace });
    });
}

AdminApi::Response AdminApi::extend(const Request &request, const RequestContext &context)
{
    Attempt attempt(u"extend"_s, request, context);
    const auto by =
        attempt.body.duration(u"byMs"_s, std::chrono::milliseconds(1), BodyReader::Need::Required);
    if (by)
        attempt.setTarget(u"%1 ms"_s.arg(by->count()));
    return finishLifecycle(attempt, Status::Ok, [&](const StopCause &cause) {
        return m_parts.lifecycle.tryExtend(*by, cause);
    });
}

AdminApi::Response AdminApi::force(const Request &request, const RequestContext &context)
{
    Attempt attempt(u"force"_s, request, context);
    return finish(attempt, Status::Accepted,
                  [this](const StopCause &cause) -> std::optional<Refusal> {
                      m_parts.lifecycle.force(cause);
                      return std::nullopt;
                  });
}

} // namespace quiesce
