// SPDX-License-Identifier: GPL-3.0-only
// AdminApi: what operators, scripts and the console ask of the service, and ask it to do.
#pragma once

#include <QHttpServerRequest>
#include <QHttpServerResponse>
#include <QJsonObject>
#include <QList>

namespace quiesce {

class Attempt;
class AuditLog;
class HttpServer;
class InFlight;
class Lifecycle;
class RequestContext;
class Snapshot;
struct Refusal;

/// The routes below /admin/v1, but for jobs (AdminJobs) and the event stream.
///
/// Thread:  event loop. Owns: the reports and the document it shows; all else must outlive it.
/// Order:   addRoutes() before the server listens. Who may ask is decided before (AdmissionGate):
///          whatever arrives here is allowed.
/// Errors:  each as problem+json. What BodyReader and ListPage say, and of the lifecycle 409
///          `already-stopping`, `not-stopping`, `not-serving`, `past-no-return`, 422 `past-budget`,
///          `bad-duration`; 404 `no-such-request`, `no-report`.
/// Emits:   an audit entry for each change asked for, also for one that is refused.
class AdminApi final
{
public:
    struct Parts
    {
        Lifecycle &lifecycle;
        InFlight &inFlight;
        AuditLog &audit;
        const Snapshot &snapshot;
    };

    explicit AdminApi(const Parts &parts);

    void addRoutes(HttpServer &server);
    /// Stop reports of earlier runs, newest first.
    void setReports(const QList<QJsonObject> &reports) { m_reports = reports; }
    void addReport(const QJsonObject &report) { m_reports.prepend(report); }
    void setOpenApi(const QJsonObject &document) { m_openApi = document; }

private:
    using Request = QHttpServerRequest;
    using Response = QHttpServerResponse;
    using Status = QHttpServerResponse::StatusCode;

    [[nodiscard]] Response state() const;
    [[nodiscard]] static Response session(const RequestContext &context);
    [[nodiscard]] Response requests(const Request &request) const;
    [[nodiscard]] Response reports(const Request &request) const;
    [[nodiscard]] Response latestReport() const;
    [[nodiscard]] Response audit(const Request &request) const;
    template <typename Act>
    Response finish(Attempt &attempt, Status success, const Act &act);
    template <typename Act>
    Response finishLifecycle(Attempt &attempt, Status success, const Act &act);
    Response cancelRequest(const QString &id, const Request &request,
                           const RequestContext &context);
    Response quiesce(const Request &request, const RequestContext &context);
    Response resume(const Request &request, const RequestContext &context);
    Response stop(const Request &request, const RequestContext &context);
    Response extend(const Request &request, const RequestContext &context);
    Response force(const Request &request, const RequestContext &context);

    Parts m_parts;
    QList<QJsonObject> m_reports;
    QJsonObject m_openApi;
};

} // namespace quiesce
