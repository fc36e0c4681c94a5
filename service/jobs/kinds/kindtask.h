// SPDX-License-Identifier: GPL-3.0-only
// KindTask: one attempt of a job on the event loop, which ends once and then deletes itself.
#pragma once

#include "service/jobs/jobcontext.h"

#include <QObject>
#include <QPromise>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace quiesce {

/// The frame of a handler that works on the event loop: the promise, and the two tokens brought to
/// this thread.
///
/// Thread:  event loop; the tokens may be triggered on any.
/// Owns:    itself, until it ends or its parent goes (then the future is cancelled).
/// Order:   onStop() and onNotice() come by the event loop, never inside begin(), also when the
///          token was triggered before; not after end().
class KindTask : public QObject
{
    Q_OBJECT

public:
    KindTask(JobContext context, QObject *parent);

    /// Makes the task begin; the future ends with it.
    [[nodiscard]] QFuture<JobOutcome> begin();

protected:
    virtual void work() = 0;
    virtual void onNotice() = 0;
    virtual void onStop() = 0;

    [[nodiscard]] const JobContext &context() const { return m_context; }
    [[nodiscard]] bool hasEnded() const { return m_hasEnded; }
    void end(const JobOutcome &outcome);

private:
    using Callback = std::stop_callback<std::function<void()>>;

    [[nodiscard]] std::function<void()> later(void (KindTask::*slot)());

    JobContext m_context;
    QPromise<JobOutcome> m_promise;
    bool m_hasEnded = false;
    std::optional<Callback> m_stop;
    std::optional<Callback> m_notice;
};

} // namespace quiesce
