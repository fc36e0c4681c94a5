// SPDX-License-Identifier: GPL-3.0-only
// JobStage: runs one attempt of a kind with a runner's side that a test watches.
#pragma once

#include "common/readyfuture.h"
#include "service/core/stopnotice.h"
#include "service/jobs/jobkind.h"

#include <QPromise>
#include <QTest>
#include <mutex>
#include <vector>

namespace quiesce::test {

/// Keeps what a handler does. Any thread.
class RecordedAttempt final : public JobAttempt
{
public:
    QFuture<bool> keep(const QJsonObject &state) override
    {
        const std::lock_guard lock(m_mutex);
        m_kept.append(state);
        if (!m_isHolding)
            return quiesce::readyFuture(true);
        m_held.emplace_back();
        m_held.back().start();
        return m_held.back().future();
    }
    void setProgress(double progress) override
    {
        const std::lock_guard lock(m_mutex);
        m_progress.append(progress);
    }
    void appendOutput(const QByteArray &bytes) override
    {
        const std::lock_guard lock(m_mutex);
        m_output.append(bytes);
    }

    /// From now on a checkpoint is kept only by release().
    void hold() { m_isHolding = true; }
    void release()
    {
        for (QPromise<bool> &promise : m_held) {
            promise.addResult(true);
            promise.finish();
        }
        m_held.clear();
        m_isHolding = false;
    }

    [[nodiscard]] QList<QJsonObject> kept() const
    {
        const std::lock_guard lock(m_mutex);
        return m_kept;
    }
    [[nodiscard]] QList<double> progress() const
    {
        const std::lock_guard lock(m_mutex);
        return m_progress;
    }
    [[nodiscard]] QByteArray output() const
    {
        const std::lock_guard lock(m_mutex);
        return m_output;
    }

private:
    mutable std::mutex m_mutex;
    QList<QJsonObject> m_kept;
    QList<double> m_progress;
    QByteArray m_output;
    bool m_isHolding = false;
    std::vector<QPromise<bool>> m_held;
};

/// One attempt. Destroying it while it runs destroys the kind with it, as a service does that is
/// destroyed.
class JobStage final
{
public:
    JobStage(JobKind kind, const QJsonObject &payload,
             const std::optional<QJsonObject> &checkpoint = {})
        : m_kind(std::move(kind))
        , m_context({ .id = QStringLiteral("job"),
                      .kind = m_kind.name,
                      .payload = payload,
                      .attempt = 1,
                      .maxAttempts = 3,
                      .checkpoint = checkpoint,
                      .deadline = {} },
                    attempt, notice)
    { }

    void begin() { future = m_kind.handler(m_context); }
    /// Runs to its end.
    [[nodiscard]] bool finish()
    {
        begin();
        return hasEnded();
    }
    [[nodiscard]] bool hasEnded() const
    {
        return QTest::qWaitFor([this] { return future.isFinished(); }, kPatienceMs)
            && future.resultCount() == 1;
    }
    [[nodiscard]] bool hasWritten(const QByteArray &text) const
    {
        return QTest::qWaitFor([&] { return attempt->output().contains(text); }, kPatienceMs);
    }
    void stop() const { m_context.requestStop(); }
    void announceStop(std::chrono::milliseconds in) const
    {
        notice->begin(std::chrono::steady_clock::now() + in);
    }

    [[nodiscard]] bool isSuccess() const { return is<JobOutcome::Success>(); }
    [[nodiscard]] bool isInterrupted() const { return is<JobOutcome::Interrupted>(); }
    [[nodiscard]] QJsonObject result() const
    {
        return std::get<JobOutcome::Success>(future.result().how).result.toObject();
    }
    /// Of a failure, with "final: " before it when it is.
    [[nodiscard]] QString error() const
    {
        if (!is<JobOutcome::Failure>())
            return {};
        const auto failure = std::get<JobOutcome::Failure>(future.result().how);
        return (failure.isFinal ? QStringLiteral("final: ") : QString()) + failure.error;
    }

    static constexpr int kPatienceMs = 60'000; ///< on a busy machine; never waited for in full

    std::shared_ptr<RecordedAttempt> attempt = std::make_shared<RecordedAttempt>();
    std::shared_ptr<StopNotice> notice = std::make_shared<StopNotice>();
    QFuture<JobOutcome> future;

private:
    template <typename How>
    [[nodiscard]] bool is() const
    {
        return future.resultCount() == 1 && std::holds_alternative<How>(future.result().how);
    }

    JobKind m_kind;
    JobContext m_context;
};

} // namespace quiesce::test
