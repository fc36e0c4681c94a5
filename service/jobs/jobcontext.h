// SPDX-License-Identifier: GPL-3.0-only
// JobContext: what a job's handler may know, be told, and keep.
#pragma once

#include "common/jobs/job.h"
#include "common/result.h"

#include <QDeadlineTimer>
#include <QFuture>
#include <memory>
#include <stop_token>
#include <variant>

namespace quiesce {

class StopNotice;

/// How a handler ends its attempt.
struct JobOutcome
{
    struct Success
    {
        QJsonValue result;
    };
    struct Failure
    {
        QString error;
        bool isFinal = false; ///< trying again would not help
    };
    /// It has put down its work because it was told to; the next attempt begins at the checkpoint.
    struct Interrupted
    { };
    std::variant<Success, Failure, Interrupted> how;

    static JobOutcome success(const QJsonValue &result = {}) { return { Success{ result } }; }
    static JobOutcome failure(const QString &error) { return { Failure{ error, false } }; }
    static JobOutcome finalFailure(const QString &error) { return { Failure{ error, true } }; }
    static JobOutcome interrupted() { return { Interrupted{} }; }
};

/// The runner's side of one attempt. Calls come from any thread.
class JobAttempt
{
public:
    virtual ~JobAttempt() = default;
    /// Finished when the checkpoint is on stable storage; false: it was not kept, since the lease
    /// is lost or the store cannot be written.
    virtual QFuture<bool> keep(const QJsonObject &state) = 0;
    virtual void setProgress(double progress) = 0;
    virtual void appendOutput(const QByteArray &bytes) = 0;
};

/// A handle on one attempt of one job, for its handler.
///
/// Thread:  any; a copy may be taken to a pool thread and may outlive the attempt, whose late calls
///          then change nothing.
/// Blocks:  checkpoint(), until it is durable: not on the event loop; use beginCheckpoint() there.
class JobContext final
{
public:
    struct Facts
    {
        QString id;
        QString kind;
        QJsonObject payload;
        int attempt = 1;
        int maxAttempts = 1;
        std::optional<QJsonObject> checkpoint; ///< of an earlier attempt
        std::optional<std::chrono::steady_clock::time_point> deadline; ///< by its time-out
    };

    JobContext(Facts facts, std::shared_ptr<JobAttempt> attempt,
               std::shared_ptr<const StopNotice> notice);

    [[nodiscard]] const QString &id() const;
    [[nodiscard]] const QString &kind() const;
    [[nodiscard]] const QJsonObject &payload() const;
    [[nodiscard]] int attempt() const; ///< 1 for the first
    [[nodiscard]] int maxAttempts() const;
    /// Where an earlier attempt left off; none: begin at the beginning.
    [[nodiscard]] const std::optional<QJsonObject> &lastCheckpoint() const;

    /// Keeps `state` for a later attempt; true once that is on stable storage. At most
    /// kMaxCheckpointBytes as compact JSON, else false.
    bool checkpoint(const QJsonObject &state) const;
    [[nodiscard]] QFuture<bool> beginCheckpoint(const QJsonObject &state) const;
    /// 0 to 1, clamped. Cheap: call it as often as you like, it is passed on ten times a second.
    void setProgress(double progress) const;
    /// Adds to the job's output, of which the last JobOutput::kMaxBytes are kept.
    void appendOutput(const QByteArray &bytes) const;

    /// Give up now: time-out, cancelled, or the stop's deadline has come.
    [[nodiscard]] std::stop_token stopToken() const;
    /// The soft notice: a stop has begun. Finish before deadline(), or checkpoint and return
    /// JobOutcome::interrupted().
    [[nodiscard]] std::stop_token stopNotice() const;
    [[nodiscard]] bool isStopping() const;
    /// Of its time-out or of the stop under way, whichever is first.
    [[nodiscard]] QDeadlineTimer deadline() const;

    /// The runner's side: triggers the stop token, once.
    void requestStop() const;

    static constexpr qsizetype kMaxCheckpointBytes = 64 * 1'024;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace quiesce
