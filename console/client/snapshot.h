// SPDX-License-Identifier: GPL-3.0-only
// What an instance says of itself, as values: snapshots, stats and events, read from JSON.
#pragma once

#include "common/jobs/job.h"
#include "common/jobs/jobengine.h"
#include "common/lifecycle/state.h"
#include "common/lifecycle/stopcause.h"
#include "common/lifecycle/stopreport.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <chrono>
#include <optional>

namespace quiesce {

/// What a stop waits for: one row of `waitingOn`, or of the requests in flight.
struct Blocker
{
    QString kind; ///< `request`, `job`, `task`, `hook`, or what a later version names
    QString id;
    QString label;
    std::chrono::milliseconds age{ 0 };
    QString peer; ///< of a request: "address:port"
    QString method;
    QString route; ///< empty: none matched
    QString traceId;

    friend bool operator==(const Blocker &, const Blocker &) = default;
};

/// The stop under way.
struct StopView
{
    StopCause cause;
    QDateTime requestedAt;
    QDateTime deadlineAt;
    std::chrono::milliseconds remaining{ 0 };
    std::chrono::milliseconds extended{ 0 };
    QDateTime latestDeadlineAt; ///< as far as extensions reach; invalid: no limit, or not told
    QList<Blocker> waitingOn; ///< the oldest; perhaps fewer than waitingOnTotal
    qint64 waitingOnTotal = 0;
};

/// What changes all the time; a `stats` event.
struct Stats
{
    LifecycleState state = LifecycleState::Starting;
    std::chrono::milliseconds uptime{ 0 };
    qint64 inFlight = 0;
    std::chrono::milliseconds oldestInFlight{ 0 };
    qint64 connectionsOpen = 0;
    qint64 connectionsIdle = 0;
    qint64 connectionsActive = 0;
    qint64 requestsTotal = 0;
    qint64 requestsRejected = 0;
    qint64 requestsCancelled = 0;
    qint64 requestsAborted = 0;
    JobCounts jobs;
    std::chrono::milliseconds predictedDrain{ 0 };
    std::optional<std::chrono::milliseconds> remaining; ///< until the deadline, while stopping
    std::optional<double> latencyP50Ms; ///< of the last seconds; none: nothing was answered
    std::optional<double> latencyP99Ms;
    std::optional<JobEngine> engine; ///< none: an older service
};

struct Snapshot
{
    QString name;
    QString version;
    QString instanceId;
    qint64 pid = 0;
    QString host;
    QDateTime startedAt;
    QDateTime stateSinceAt;
    std::optional<StopCause> stateCause; ///< who asked for the state it is in
    std::optional<StopView> stop;
    Stats stats;
};

/// A `state` event.
struct StateEvent
{
    LifecycleState from = LifecycleState::Starting;
    LifecycleState to = LifecycleState::Starting;
    QDateTime at;
    std::optional<StopCause> cause;
    QDateTime deadlineAt; ///< of the stop under way; invalid: of none, or an older service
};

/// A `request` event: the end of one that was in flight, while stopping.
struct RequestEvent
{
    QString id;
    QString method;
    QString route;
    QString outcome; ///< `drained`, `cancelled`, `aborted`
    std::chrono::milliseconds age{ 0 };
};

/// A `log` event: a warning or an error.
struct LogEvent
{
    QDateTime at;
    QString level;
    QString category;
    QString message;
    QJsonObject fields;
};

/// One entry of the audit: who asked for what, and what became of it.
struct AuditEvent
{
    QString id;
    QDateTime at;
    QString action; ///< `stop`, `quiesce`, …
    QString target;
    QString result; ///< `accepted` or `refused`
    QString code; ///< of the refusal
    StopCause cause;
};

/// Each reads what the contract says; none when what must be there is not, or is of another type.
/// Keys that are unknown are passed over: a service may be newer than its console.
[[nodiscard]] std::optional<Stats> statsFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<Snapshot> snapshotFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<StateEvent> stateEventFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<RequestEvent> requestEventFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<LogEvent> logEventFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<AuditEvent> auditEventFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<Blocker> blockerFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<Job> jobFromJson(const QJsonObject &json);
[[nodiscard]] std::optional<StopReport> stopReportFromJson(const QJsonObject &json);
[[nodiscard]] StopCause stopCauseFromJson(const QJsonObject &json);

} // namespace quiesce
