// SPDX-License-Identifier: GPL-3.0-only
// Stop hooks: what the embedding program wants done between the last answer and the end.
#pragma once

#include "common/lifecycle/stopreport.h"
#include "service/core/clock.h"

#include <QFuture>
#include <QList>
#include <QObject>
#include <functional>
#include <memory>

class QThreadPool;

namespace quiesce {

/// Runs the hooks one after the other in reverse order of registration, each within its time-out.
/// A late or failing hook (an exception, or a failed future) never blocks the others.
///
/// Thread:  event loop. A hook that returns void runs on the pool given, since it may block; one
///          that returns a QFuture is called on the event loop and must not block it.
/// Emits:   finished() exactly once for each run(), queued.
/// Limits:  what is still running after its time-out is left running and reported `timed-out`.
class StopHooks final : public QObject
{
    Q_OBJECT

public:
    using AsyncHook = std::function<QFuture<void>()>;
    using BlockingHook = std::function<void()>;

    StopHooks(Clock &clock, QThreadPool &pool, QObject *parent = nullptr);
    ~StopHooks() override;

    /// A zero time-out means the default of setDefaultTimeout().
    void addAsync(const QString &name, AsyncHook hook, std::chrono::milliseconds timeout = {});
    void addBlocking(const QString &name, BlockingHook hook,
                     std::chrono::milliseconds timeout = {});
    void setDefaultTimeout(std::chrono::milliseconds timeout);

    /// The longest that run() may take: the sum of all time-outs.
    [[nodiscard]] std::chrono::milliseconds longestRun() const;
    /// The hook running now, empty when none is; for `waitingOn`.
    [[nodiscard]] QString current() const;
    [[nodiscard]] std::chrono::milliseconds currentAge() const;

    void run();
    /// Lets go of the running hook and marks it and all that have not run as `skipped`.
    void skipRest();
    [[nodiscard]] const QList<StopReport::Hook> &results() const { return m_results; }
    [[nodiscard]] bool allSucceeded() const;

Q_SIGNALS:
    void finished();

private:
    struct Hook;
    void runNext();
    void finishCurrent(const QString &result);

    Clock &m_clock;
    QThreadPool &m_pool;
    std::vector<std::unique_ptr<Hook>> m_hooks;
    QList<StopReport::Hook> m_results;
    std::unique_ptr<Alarm> m_alarm;
    std::chrono::milliseconds m_defaultTimeout{ 2'000 };
    SteadyTime m_currentSince;
    int m_current = -1;
    quint64 m_run = 0; ///< so that a future finishing late is told from the current one
};

} // namespace quiesce
