// SPDX-License-Identifier: GPL-3.0-only
// AttemptLink: carries what a handler says, on whatever thread, to the event loop.
#pragma once

#include "service/jobs/jobcontext.h"
#include "service/jobs/jobstore.h"

#include <QPromise>
#include <memory>
#include <mutex>
#include <vector>

namespace quiesce {

/// One attempt as its handler sees it. What comes in is kept here and the event loop is told once;
/// it takes what there is when it gets to it.
///
/// Thread:  JobAttempt's functions on any thread; all others on the event loop of `context`.
/// Owns:    nothing of the runner; handlers may keep it alive. detach() cuts it off: what comes
///          later changes nothing.
/// Limits:  kMaxPendingKeeps checkpoints wait at a time, a further one is not kept; of output the
///          last JobOutput::kMaxBytes, twice that in memory. One message to the event loop is under
///          way for each of the three at most.
class AttemptLink final : public JobAttempt, public std::enable_shared_from_this<AttemptLink>
{
public:
    static constexpr size_t kMaxPendingKeeps = 16;

    /// A checkpoint that somebody may be waiting for: answer() exactly once.
    struct Keep
    {
        QJsonObject state;
        std::shared_ptr<QPromise<bool>> promise;
        void answer(bool isKept) const;
    };
    /// Who is told; on the event loop, never inside a handler's call.
    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void keepsCame() = 0; ///< see takeKeeps()
        virtual void progressCame() = 0; ///< told again once takeProgress() was called
        virtual void outputCame() = 0; ///< likewise takeOutput()
    };

    AttemptLink(QObject &context, Listener &listener);

    QFuture<bool> keep(const QJsonObject &state) override;
    void setProgress(double progress) override;
    void appendOutput(const QByteArray &bytes) override;

    [[nodiscard]] std::vector<Keep> takeKeeps();
    [[nodiscard]] std::optional<double> takeProgress();
    [[nodiscard]] JobOutput takeOutput();
    /// The same without being told anew.
    [[nodiscard]] std::optional<double> progress() const;
    [[nodiscard]] JobOutput output() const;
    /// Whether there is output that was not taken.
    [[nodiscard]] bool hasNewOutput() const;
    void detach();

private:
    using Tell = void (Listener::*)();
    void post(Tell tell); ///< with the mutex held
    [[nodiscard]] JobOutput tail() const; ///< with the mutex held

    Listener *m_listener; ///< event loop only; null once detached
    mutable std::mutex m_mutex; ///< for all below
    QObject *m_context; ///< null once detached
    std::vector<Keep> m_keeps;
    std::optional<double> m_progress;
    QByteArray m_output;
    qint64 m_dropped = 0;
    bool m_isProgressTold = false;
    bool m_isOutputTold = false;
};

} // namespace quiesce
