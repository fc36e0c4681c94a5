// SPDX-License-Identifier: GPL-3.0-only
// AdminJobs: /admin/v1/jobs, where operators look at jobs and cancel them.
#pragma once

#include <QHttpServerRequest>
#include <memory>

namespace quiesce {

class AuditLog;
class HttpServer;
class JobQueue;
class PendingAnswer;
class RequestContext;

/// The routes of the admin listener below /admin/v1/jobs: with the operator's token, and also while
/// a drain has closed the traffic listener.
///
/// Thread:  event loop. Owns: nothing; queue and audit must outlive it, and before it goes, the
///          server must have closed its connections.
/// Order:   setQueue() and addRoutes() before the server listens. Who may ask is decided before
///          (AdmissionGate): whatever arrives here is allowed.
/// Answers: as /v1/jobs does, but there is no waiting for a job. Without a queue there are no jobs:
///          an empty list, and none of any id.
/// Errors:  each as problem+json: BodyReader's, ListPage's and refusalOf()'s, and 400
///          `bad-parameter`.
/// Emits:   an audit entry for each job to be cancelled, also for one that cannot be, when the
///          store has answered.
class AdminJobs final
{
public:
    explicit AdminJobs(AuditLog &audit);

    void setQueue(JobQueue &queue) { m_queue = &queue; }
    void addRoutes(HttpServer &server);

private:
    using Request = QHttpServerRequest;
    using Answer = std::shared_ptr<PendingAnswer>;

    void list(const Request &request, const Answer &answer) const;
    void get(const QString &id, const Answer &answer) const;
    void output(const QString &id, const Answer &answer) const;
    void cancel(const QString &id, const Request &request, const RequestContext &context,
                const Answer &answer);

    AuditLog &m_audit;
    JobQueue *m_queue = nullptr; ///< null: the service has no jobs
};

} // namespace quiesce
