// SPDX-License-Identifier: GPL-3.0-only
// JobKind: one kind of job: who does it, what its payload may be, how many at a time.
#pragma once

#include "service/jobs/jobcontext.h"

#include <functional>

namespace quiesce {

/// What a program registers for a kind of job.
struct JobKind
{
    /// Called on the event loop; must not block it: return a future, or have Service::onJobPool()
    /// run it. An exception, its future's too, fails the attempt.
    using Handler = std::function<QFuture<JobOutcome>(const JobContext &)>;
    /// What is wrong with a payload, for its client; empty: nothing.
    using Check = std::function<QString(const QJsonObject &payload)>;

    QString name; ///< 1 to 64 of a-z, 0-9, "-", "_", ".", beginning with a letter
    Handler handler{};
    Check check{}; ///< null: any object
    int maxRunning = 0; ///< at a time; 0: as many as jobs.max_running
    std::chrono::milliseconds timeout{ 0 }; ///< for one attempt without its own; 0: jobs.timeout
    int maxAttempts = 0; ///< without its own; 0: jobs.max_attempts
};

} // namespace quiesce
