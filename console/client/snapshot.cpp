// SPDX-License-Identifier: GPL-3.0-only
// Snapshots, stats and events: reading the contract's JSON.
#include "console/client/snapshot.h"

#include <QJsonArray>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

QString text(const QJsonObject &json, QLatin1StringView key)
{
    return json.value(key).toString();
}

/// Zero for what is missing, no number, or below zero.
qint64 count(const QJsonObject &json, QLatin1StringView key)
{
    return std::max(json.value(key).toInteger(), qint64{ 0 });
}

milliseconds duration(const QJsonObject &json, QLatin1StringView key)
{
    return milliseconds(count(json, key));
}

QDateTime instant(const QJsonObject &json, QLatin1StringView key)
{
    return QDateTime::fromString(text(json, key), Qt::ISODateWithMs).toUTC();
}

std::optional<qint64> optionalInteger(const QJsonObject &json, QLatin1StringView key)
{
    const QJsonValue value = json.value(key);
    return value.isDouble() ? std::optional(value.toInteger()) : std::nullopt;
}

std::optional<double> optionalNumber(const QJsonObject &json, QLatin1StringView key)
{
    const QJsonValue value = json.value(key);
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}

std::optional<StopCause> optionalCause(const QJsonValue &value)
{
    return value.isObject() ? std::optional(stopCauseFromJson(value.toObject())) : std::nullopt;
}

JobCounts jobCountsFromJson(const QJsonObject &json)
{
    JobCounts counts;
    for (const JobState state : kJobStates)
        counts.of(state) = count(json, toWire(state));
    return counts;
}

std::optional<JobEngine::Broker> brokerFromJson(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    const QJsonObject json = value.toObject();
    return JobEngine::Broker{ .name = text(json, "name"_L1),
                              .fault = text(json, "fault"_L1),
                              .sinceAt = instant(json, "sinceAt"_L1),
                              .depth = optionalInteger(json, "depth"_L1),
                              .lag = optionalInteger(json, "lag"_L1),
                              .held = count(json, "held"_L1) };
}

std::optional<JobEngine> engineFromJson(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    const QJsonObject store = value["store"_L1].toObject();
    return JobEngine{ .store = text(store, "name"_L1),
                      .storeFault = text(store, "fault"_L1),
                      .broker = brokerFromJson(value["broker"_L1]) };
}

/// Each element that can be read; the others are passed over.
template <typename T, typename Read>
QList<T> listOf(const QJsonValue &value, Read read)
{
    QList<T> items;
    for (const QJsonValue element : value.toArray()) {
        if (std::optional<T> item = read(element.toObject()))
            items.append(*std::move(item));
    }
    return items;
}

StopView stopFromJson(const QJsonObject &json)
{
    StopView stop{
        .cause = stopCauseFromJson(json.value("cause"_L1).toObject()),
        .requestedAt = instant(json, "requestedAt"_L1),
        .deadlineAt = instant(json, "deadlineAt"_L1),
        .remaining = duration(json, "remainingMs"_L1),
        .extended = duration(json, "extendedMs"_L1),
        .latestDeadlineAt = instant(json, "latestDeadlineAt"_L1),
        .waitingOn = listOf<Blocker>(json.value("waitingOn"_L1), blockerFromJson),
    };
    stop.waitingOnTotal = std::max<qint64>(count(json, "waitingOnTotal"_L1), stop.waitingOn.size());
    return stop;
}

std::optional<Job::Requeue> requeueFromJson(const QJsonObject &json)
{
    const auto reason = requeueReasonFromWire(text(json, "reason"_L1));
    if (!reason)
        return std::nullopt;
    return Job::Requeue{ .at = instant(json, "at"_L1), .reason = *reason };
}

std::optional<StopReport::Phase> phaseFromJson(const QJsonObject &json)
{
    return StopReport::Phase{ .name = text(json, "name"_L1),
                              .startedAt = instant(json, "startedAt"_L1),
                              .duration = duration(json, "durationMs"_L1) };
}

std::optional<StopReport::Hook> hookFromJson(const QJsonObject &json)
{
    return StopReport::Hook{ .name = text(json, "name"_L1),
                             .duration = duration(json, "durationMs"_L1),
                             .result = text(json, "result"_L1) };
}

std::optional<StopReport::Slow> slowFromJson(const QJsonObject &json)
{
    return StopReport::Slow{ .kind = text(json, "kind"_L1),
                             .id = text(json, "id"_L1),
                             .label = text(json, "label"_L1),
                             .outcome = text(json, "outcome"_L1),
                             .age = duration(json, "ageMs"_L1),
                             .endedAt = instant(json, "endedAt"_L1),
                             .method = {},
                             .route = {} };
}

StopReport::Requests requestTallyFromJson(const QJsonObject &json)
{
    return { .inFlightAtStop = count(json, "inFlightAtStop"_L1),
             .drained = count(json, "drained"_L1),
             .cancelled = count(json, "cancelled"_L1),
             .aborted = count(json, "aborted"_L1),
             .acceptedDuringStop = count(json, "acceptedDuringStop"_L1) };
}

StopReport::Jobs jobTallyFromJson(const QJsonObject &json)
{
    return { .runningAtStop = count(json, "runningAtStop"_L1),
             .finished = count(json, "finished"_L1),
             .requeued = count(json, "requeued"_L1),
             .abandoned = count(json, "abandoned"_L1) };
}

StopCause::Kind causeKindFromWire(const QString &kind)
{
    if (kind == "signal"_L1)
        return StopCause::Kind::Signal;
    return kind == "api"_L1 ? StopCause::Kind::Api : StopCause::Kind::Internal;
}

} // namespace

StopCause stopCauseFromJson(const QJsonObject &json)
{
    StopCause cause;
    cause.kind = causeKindFromWire(text(json, "kind"_L1));
    cause.signal = text(json, "signal"_L1);
    cause.senderPid = optionalInteger(json, "senderPid"_L1);
    cause.senderUid = optionalInteger(json, "senderUid"_L1);
    cause.senderCommand = text(json, "senderCommand"_L1);
    cause.remoteAddress = text(json, "remoteAddress"_L1);
    cause.actor = text(json, "actor"_L1);
    cause.role = text(json, "role"_L1);
    cause.reason = text(json, "reason"_L1);
    return cause;
}

std::optional<Stats> statsFromJson(const QJsonObject &json)
{
    const auto state = lifecycleStateFromWire(text(json, "state"_L1));
    if (!state || !json.value("inFlight"_L1).isObject())
        return std::nullopt;
    const QJsonObject inFlight = json.value("inFlight"_L1).toObject();
    const QJsonObject connections = json.value("connections"_L1).toObject();
    const QJsonObject requests = json.value("requests"_L1).toObject();
    const QJsonObject latency = json.value("latency"_L1).toObject();
    Stats stats{
        .state = *state,
        .uptime = duration(json, "uptimeMs"_L1),
        .inFlight = count(inFlight, "count"_L1),
        .oldestInFlight = duration(inFlight, "oldestMs"_L1),
        .connectionsOpen = count(connections, "open"_L1),
        .connectionsIdle = count(connections, "idle"_L1),
        .connectionsActive = count(connections, "active"_L1),
        .requestsTotal = count(requests, "total"_L1),
        .requestsRejected = count(requests, "rejected"_L1),
        .requestsCancelled = count(requests, "cancelled"_L1),
        .requestsAborted = count(requests, "aborted"_L1),
        .jobs = jobCountsFromJson(json.value("jobs"_L1).toObject()),
        .predictedDrain = duration(json, "predictedDrainMs"_L1),
        .remaining = {},
        .latencyP50Ms = optionalNumber(latency, "p50Ms"_L1),
        .latencyP99Ms = optionalNumber(latency, "p99Ms"_L1),
        .engine = engineFromJson(json.value("engine"_L1)),
    };
    if (json.value("remainingMs"_L1).isDouble())
        stats.remaining = duration(json, "remainingMs"_L1);
    return stats;
}

std::optional<Snapshot> snapshotFromJson(const QJsonObject &json)
{
    std::optional<Stats> stats = statsFromJson(json);
    if (!stats || text(json, "instanceId"_L1).isEmpty())
        return std::nullopt;
    Snapshot snapshot{
        .name = text(json, "name"_L1),
        .version = text(json, "version"_L1),
        .instanceId = text(json, "instanceId"_L1),
        .pid = count(json, "pid"_L1),
        .host = text(json, "host"_L1),
        .startedAt = instant(json, "startedAt"_L1),
        .stateSinceAt = instant(json, "stateSinceAt"_L1),
        .stateCause = optionalCause(json.value("stateCause"_L1)),
        .stop = {},
        .stats = *stats,
    };
    if (const QJsonValue stop = json.value("stop"_L1); stop.isObject()) {
        snapshot.stop = stopFromJson(stop.toObject());
        snapshot.stats.remaining = snapshot.stop->remaining;
    }
    return snapshot;
}

std::optional<StateEvent> stateEventFromJson(const QJsonObject &json)
{
    const auto from = lifecycleStateFromWire(text(json, "from"_L1));
    const auto to = lifecycleStateFromWire(text(json, "to"_L1));
    if (!from || !to)
        return std::nullopt;
    return StateEvent{ .from = *from,
                       .to = *to,
                       .at = instant(json, "at"_L1),
                       .cause = optionalCause(json.value("cause"_L1)),
                       .deadlineAt = instant(json, "deadlineAt"_L1) };
}

std::optional<RequestEvent> requestEventFromJson(const QJsonObject &json)
{
    if (text(json, "id"_L1).isEmpty())
        return std::nullopt;
    return RequestEvent{ .id = text(json, "id"_L1),
                         .method = text(json, "method"_L1),
                         .route = text(json, "route"_L1),
                         .outcome = text(json, "outcome"_L1),
                         .age = duration(json, "ageMs"_L1) };
}

std::optional<LogEvent> logEventFromJson(const QJsonObject &json)
{
    if (!json.value("message"_L1).isString())
        return std::nullopt;
    return LogEvent{ .at = instant(json, "at"_L1),
                     .level = text(json, "level"_L1),
                     .category = text(json, "category"_L1),
                     .message = text(json, "message"_L1),
                     .fields = json.value("fields"_L1).toObject() };
}

std::optional<AuditEvent> auditEventFromJson(const QJsonObject &json)
{
    if (text(json, "action"_L1).isEmpty())
        return std::nullopt;
    return AuditEvent{ .id = text(json, "id"_L1),
                       .at = instant(json, "at"_L1),
                       .action = text(json, "action"_L1),
                       .target = text(json, "target"_L1),
                       .result = text(json, "result"_L1),
                       .code = text(json, "code"_L1),
                       .cause = stopCauseFromJson(json) };
}

std::optional<Blocker> blockerFromJson(const QJsonObject &json)
{
    QString kind = text(json, "kind"_L1);
    if (kind.isEmpty())
        return std::nullopt;
    return Blocker{ .kind = std::move(kind),
                    .id = text(json, "id"_L1),
                    .label = text(json, "label"_L1),
                    .age = duration(json, "ageMs"_L1),
                    .peer = text(json, "peer"_L1),
                    .method = text(json, "method"_L1),
                    .route = text(json, "route"_L1),
                    .traceId = text(json, "traceId"_L1) };
}

std::optional<Job> jobFromJson(const QJsonObject &json)
{
    const auto state = jobStateFromWire(text(json, "state"_L1));
    if (!state || text(json, "id"_L1).isEmpty())
        return std::nullopt;
    Job job;
    job.id = text(json, "id"_L1);
    job.kind = text(json, "kind"_L1);
    job.payload = json.value("payload"_L1).toObject();
    job.state = *state;
    job.progress = optionalNumber(json, "progress"_L1);
    job.attempt = static_cast<int>(count(json, "attempt"_L1));
    job.maxAttempts = static_cast<int>(count(json, "maxAttempts"_L1));
    if (json.value("timeoutMs"_L1).isDouble())
        job.timeout = duration(json, "timeoutMs"_L1);
    job.requeues = listOf<Job::Requeue>(json.value("requeues"_L1), requeueFromJson);
    if (json.value("checkpoint"_L1).isObject())
        job.checkpoint = json.value("checkpoint"_L1).toObject();
    job.result = json.value("result"_L1);
    job.error = text(json, "error"_L1);
    job.createdAt = instant(json, "createdAt"_L1);
    job.runAt = instant(json, "runAt"_L1);
    job.startedAt = instant(json, "startedAt"_L1);
    job.finishedAt = instant(json, "finishedAt"_L1);
    job.owner = text(json, "owner"_L1);
    return job;
}

std::optional<StopReport> stopReportFromJson(const QJsonObject &json)
{
    const auto outcome = stopOutcomeFromWire(text(json, "outcome"_L1));
    if (!outcome || !json.value("reportVersion"_L1).isDouble())
        return std::nullopt;
    return StopReport{
        .name = text(json, "name"_L1),
        .instanceId = text(json, "instanceId"_L1),
        .version = text(json, "version"_L1),
        .cause = stopCauseFromJson(json.value("cause"_L1).toObject()),
        .outcome = *outcome,
        .exitCode = static_cast<int>(json.value("exitCode"_L1).toInteger()),
        .requestedAt = instant(json, "requestedAt"_L1),
        .stoppedAt = instant(json, "stoppedAt"_L1),
        .phases = listOf<StopReport::Phase>(json.value("phases"_L1), phaseFromJson),
        .requests = requestTallyFromJson(json.value("requests"_L1).toObject()),
        .jobs = jobTallyFromJson(json.value("jobs"_L1).toObject()),
        .hooks = listOf<StopReport::Hook>(json.value("hooks"_L1), hookFromJson),
        .slowest = listOf<StopReport::Slow>(json.value("slowest"_L1), slowFromJson),
        .reportVersion = static_cast<int>(json.value("reportVersion"_L1).toInteger()),
    };
}

} // namespace quiesce
