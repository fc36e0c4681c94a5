// SPDX-License-Identifier: GPL-3.0-only
// JobsApi: /v1/jobs, where clients hand in long work, look at it, wait for it and cancel it.
#pragma once

#include "service/http/jobs/heldrefusals.h"
#include "service/http/jobs/jobsgate.h"
#include "service/jobs/jobqueue.h"

#include <memory>

namespace quiesce {

class HttpServer;

/// The routes of the traffic listener below /v1/jobs.
///
/// Thread:  event loop. Owns: its gate; the queue and the server must outlive it, and before
///          it goes, the server must have closed its connections.
/// Order:   addRoutes() once; gate().setListener() when the server listens.
/// Answers: a submission when the job is on stable storage, never before; in lame duck and during a
///          drain as ever. A wait when its job ends, its time is up or a stop begins; a client that
///          leaves takes its wait along.
/// Errors:  each as problem+json: JobsGate's, readSubmission()'s, refusalOf()'s, and 400
///          `bad-parameter`. A request told to give up while the store has not answered gets 503
///          `cancelled`; its job may be kept all the same, which its idempotency key finds out.
/// Limits:  kMaxJobPage jobs a page; a wait of kLongestWait, and so much less than
///          limits.request_timeout that it ends before; JobQueue::kMaxWaiters at a time.
class JobsApi final
{
public:
    static constexpr std::chrono::milliseconds kLongestWait = std::chrono::minutes(5);

    JobsApi(JobQueue &queue, Clock &clock);

    void addRoutes(HttpServer &server);
    [[nodiscard]] JobsGate &gate() { return m_gate; }
    [[nodiscard]] const JobsGate &gate() const { return m_gate; }
    [[nodiscard]] HeldRefusals &heldRefusals() { return m_held; }

private:
    using Request = QHttpServerRequest;
    using Answer = std::shared_ptr<PendingAnswer>;

    /// Lets `ask` go on with the answer if the gate does.
    template <typename Ask>
    Answer guarded(const Request &request, const Ask &ask);
    void submit(const Request &request, const Answer &answer);
    void get(const QString &id, const Request &request, const Answer &answer);
    void waitFor(const QString &id, std::chrono::milliseconds time, const Answer &answer);
    void list(const Request &request, const Answer &answer);
    void cancel(const QString &id, const Answer &answer);
    void output(const QString &id, const Answer &answer);
    [[nodiscard]] std::chrono::milliseconds longestWait() const;

    JobQueue &m_queue;
    const HttpServer *m_server = nullptr;
    JobsGate m_gate;
    HeldRefusals m_held;
};

} // namespace quiesce
