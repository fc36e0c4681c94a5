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
#include <optional>
#include <vector>

class QThreadPool;
template <typename T>
class QFutureWatcher;

namespace quiesce {

/// Runs the hooks one after the other in reverse order of registration, each within its time-out.
/// A late or failing hook (an exception, a failed or cancelled future) never blocks the others.
///
/// Thread:  event loop. A hook that returns void runs on the pool given, since it may block; one
///          that returns a QFuture is called on the event loop and must not block it. The pool
///          should be one that other work cannot fill: a hook's time-out runs while it queues.
/// Order:   hooks are added before run(); run() at most once.
/// Emits:   finished() exactly once for a run(), queued, also when it is skipped or has no hooks.
/// Limits:  at its time-out a hook's future is asked to cancel (one still queued never starts then)
///          and the hook is reported `timed-out`; what runs on is left running.
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
    /// Runs after all others, whenever it is added: as if it had been registered first.
    void addLast(const QString &name, AsyncHook hook, std::chrono::milliseconds timeout = {});
    void setDefaultTimeout(std::chrono::milliseconds timeout);

    /// The longest that run() may take: the sum of all time-outs.
    [[nodiscard]] std::chrono::milliseconds longestRun() const;
    /// The hook running now, empty when none is; for `waitingOn`.
    [[nodiscard]] QString current() const;
    /// Zero when none is running.
    [[nodiscard]] std::chrono::milliseconds currentAge() const;

    void run();
    /// Lets go of the running hook as at its time-out and marks it and all that have not run as
    /// `skipped`, also before run(), which then has nothing left to do. Hooks done stay as they
    /// are.
    void skipRest();
    /// In the order they ran: the last registered first.
    [[nodiscard]] const QList<StopReport::Hook> &results() const { return m_results; }
    /// Whether every hook there is has ended `ok`.
    [[nodiscard]] bool allSucceeded() const;

Q_SIGNALS:
    void finished();

private:
    struct Hook
    {
        QString name;
        AsyncHook start;
        std::chrono::milliseconds timeout;
    };
    [[nodiscard]] std::chrono::milliseconds timeoutOf(const Hook &hook) const;
    void runNext();
    void start(const Hook &hook);
    void timeOutCurrent();
    void takeResult();
    void letGoOfCurrent();
    void endCurrent(QLatin1StringView result);
    void finish();

    Clock &m_clock;
    QThreadPool &m_pool;
    std::vector<Hook> m_hooks; ///< in order of registration; kept, since a hook's future may use it
    size_t m_left = 0; ///< how many of them have not begun
    QList<StopReport::Hook> m_results;
    std::unique_ptr<Alarm> m_alarm;
    std::chrono::milliseconds m_defaultTimeout{ 2'000 };
    std::optional<QString> m_current; ///< the name of the hook running now
    SteadyTime m_currentSince;
    QFutureWatcher<void> *m_watcher = nullptr; ///< of the current hook; a child
    bool m_isRunning = false;
};

} // namespace quiesce
