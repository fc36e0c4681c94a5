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

class AttemptBell;

/// One attempt as its handler sees it. What comes in is kept here and the event loop is told once;
/// it takes what there is when it gets to it.
///
/// Thread:  JobAttempt's functions on any thread; all others on the event loop of the bell.
/// Owns:    nothing of the runner; handlers may keep it alive. detach() cuts it off: what comes
///          later changes nothing.
/// Limits:  kMaxPendingKeeps checkpoints wait at a time, a further one is not kept; of output the
///          last JobOutput::kMaxBytes, twice that in memory.
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

    AttemptLink(AttemptBell &bell, Listener &listener);

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
    /// The bell's: tells the listener what has come since it was last told.
    void deliver();

private:
    /// What there is to tell, and what was told and has not been taken.
    struct News
    {
        bool keeps = false;
        bool progress = false;
        bool output = false;
    };
    void ring(); ///< with the mutex held
    [[nodiscard]] JobOutput tail() const; ///< with the mutex held

    Listener *m_listener; ///< event loop only; null once detached
    mutable std::mutex m_mutex; ///< for all below
    AttemptBell *m_bell; ///< null once detached
    std::vector<Keep> m_keeps;
    std::optional<double> m_progress;
    QByteArray m_output;
    qint64 m_dropped = 0;
    News m_news; ///< to be delivered
    bool m_isProgressTold = false; ///< or about to be: until takeProgress()
    bool m_isOutputTold = false; ///< likewise takeOutput()
    bool m_hasRung = false; ///< deliver() is on its way
};

} // namespace quiesce
