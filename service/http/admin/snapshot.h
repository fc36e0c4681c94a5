// SPDX-License-Identifier: GPL-3.0-only
// Snapshot: the state of the service as the admin API and the event stream show it.
#pragma once

#include "service/core/clock.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>

namespace quiesce {

class HttpServer;
class InFlight;
class JobQueue;
class Lifecycle;
class StopHooks;
struct WaitingOn;

/// Makes the contract's snapshot of the moment it is asked.
///
/// Thread: event loop. Owns: nothing; what it reads must outlive it.
/// Limits: kMaxWaitingOn blockers are named, oldest first; `waitingOnTotal` counts all.
class Snapshot final
{
public:
    static constexpr int kMaxWaitingOn = 1'024; ///< as many as limits.max_in_flight by default

    struct Identity
    {
        QString name;
        QString version;
        QString instanceId;
    };
    struct Sources
    {
        const Clock &clock;
        const Lifecycle &lifecycle;
        const InFlight &inFlight;
        const StopHooks &hooks;
        const HttpServer &traffic;
        const JobQueue &jobs;
    };

    Snapshot(Identity identity, const Sources &sources);

    [[nodiscard]] QJsonObject toJson() const;
    /// What of it changes all the time: the payload of a `stats` event.
    [[nodiscard]] QJsonObject stats() const;
    /// What a stop begun now would take until nothing is in flight, or what the one under way still
    /// takes: at least its lame duck, and what its requests take by the latencies seen (p99 of
    /// those that took as long already), at most until its deadline. Connections that are only idle
    /// and stop hooks are left out.
    [[nodiscard]] std::chrono::milliseconds predictedDrain() const;

private:
    [[nodiscard]] QJsonValue stop() const;
    [[nodiscard]] QJsonObject latency() const;
    [[nodiscard]] QJsonArray waitingOn() const;
    [[nodiscard]] int waitingOnTotal() const;
    void insertCounts(QJsonObject &json) const;

    Identity m_identity;
    Sources m_from;
    QString m_host;
    QDateTime m_startedAt;
    SteadyTime m_started;
};

/// A row of `waitingOn`: `kind`, `id`, `label`, `ageMs`, and of a request `method`, `route`, `peer`
/// and `traceId` as well.
[[nodiscard]] QJsonObject toJson(const WaitingOn &blocker);

} // namespace quiesce
