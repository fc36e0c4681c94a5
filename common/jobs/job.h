// SPDX-License-Identifier: GPL-3.0-only
// Job: one piece of long work as the outside sees it, its states and their wire names.
#pragma once

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QList>
#include <QString>
#include <array>
#include <chrono>
#include <optional>

namespace quiesce {

enum class JobState : unsigned char {
    Queued, ///< waits for a free place
    Scheduled, ///< not before runAt: asked for so, or a retry's back-off
    Running, ///< somebody holds its lease
    Succeeded,
    Failed, ///< no attempts left
    Cancelled,
};
inline constexpr std::array kJobStates{ JobState::Queued,  JobState::Scheduled,
                                        JobState::Running, JobState::Succeeded,
                                        JobState::Failed,  JobState::Cancelled };

/// Nothing happens to it any more.
[[nodiscard]] constexpr bool hasEnded(JobState state)
{
    return state >= JobState::Succeeded;
}

/// Why a running job went back to the queue without having failed.
enum class RequeueReason : unsigned char {
    Stop, ///< of the service; the attempt is not spent
    Crash, ///< the process died; the attempt is spent
    LeaseLost, ///< its holder did not renew in time; the attempt is spent
};

/// The wire names: `queued`, `scheduled`, `running`, `succeeded`, `failed`, `cancelled`.
[[nodiscard]] QLatin1StringView toWire(JobState state);
/// `stop`, `crash`, `lease-lost`.
[[nodiscard]] QLatin1StringView toWire(RequeueReason reason);
[[nodiscard]] std::optional<JobState> jobStateFromWire(QStringView name);
[[nodiscard]] std::optional<RequeueReason> requeueReasonFromWire(QStringView name);

/// The contract's job. Times are UTC with milliseconds; invalid where there is none.
struct Job
{
    struct Requeue
    {
        QDateTime at;
        RequeueReason reason = RequeueReason::Stop;
    };
    static constexpr int kMaxRequeues = 100; ///< the newest are kept

    QString id; ///< UUIDv7, lower case with hyphens: sorts by creation
    QString kind;
    QJsonObject payload;
    JobState state = JobState::Queued;
    std::optional<double> progress; ///< 0 to 1
    int attempt = 0; ///< of how many runs one is counted; 0: has not run yet
    int maxAttempts = 1;
    std::optional<std::chrono::milliseconds> timeout; ///< for one attempt; none: its kind's
    QList<Requeue> requeues;
    std::optional<QJsonObject> checkpoint; ///< where the next attempt begins
    QJsonValue result; ///< of a succeeded one
    QString error; ///< of the last attempt that failed; empty: null on the wire
    QDateTime createdAt;
    QDateTime runAt; ///< not before
    QDateTime startedAt; ///< of the last attempt
    QDateTime finishedAt;
    QString owner; ///< the instance that holds its lease; empty unless it runs
    bool isCancelRequested = false; ///< not on the wire: it runs and has been told
};

[[nodiscard]] QJsonObject toJson(const Job &job);
[[nodiscard]] QJsonArray toJson(const QList<Job::Requeue> &requeues);

/// How many there are in each state.
struct JobCounts
{
    std::array<qint64, kJobStates.size()> byState{};

    [[nodiscard]] qint64 of(JobState state) const { return byState[static_cast<size_t>(state)]; }
    qint64 &of(JobState state) { return byState[static_cast<size_t>(state)]; }
    friend bool operator==(const JobCounts &, const JobCounts &) = default;
};

} // namespace quiesce
