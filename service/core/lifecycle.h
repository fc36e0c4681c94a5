// SPDX-License-Identifier: GPL-3.0-only
// Lifecycle: the one state machine; the only object that changes the lifecycle state.
#pragma once

#include "common/lifecycle/state.h"
#include "common/lifecycle/stopreport.h"
#include "common/result.h"
#include "common/settings.h"
#include "service/core/clock.h"

#include <QObject>
#include <memory>
#include <optional>

namespace quiesce {

class InFlight;
class JobsAtStop;
class StopHooks;
class StopNotice;

/// Why an operation was refused; toWire() gives the contract's `code`.
enum class LifecycleError : unsigned char {
    AlreadyStopping, ///< `already-stopping`
    NotStopping, ///< `not-stopping`
    PastNoReturn, ///< `past-no-return`
    PastBudget, ///< `past-budget`
    NotServing, ///< `not-serving`: still starting
    BadDuration, ///< `bad-duration`: not above zero, or above Lifecycle::kLongestWait
};
[[nodiscard]] QLatin1StringView toWire(LifecycleError error);

struct StopRequest
{
    StopCause cause;
    std::optional<std::chrono::milliseconds> lameDuck; ///< instead of the setting; 0: at once
    std::optional<std::chrono::milliseconds> grace; ///< instead of the setting; 0: cancel at once
};

struct StateChange
{
    LifecycleState from;
    LifecycleState to;
    QDateTime at; ///< UTC
    std::optional<StopCause> cause; ///< who asked, for a change somebody asked for
    std::optional<QDateTime> deadlineAt; ///< UTC; of the stop under way
};

/// The stop under way, as the snapshot shows it.
struct StopProgress
{
    StopCause cause;
    QDateTime requestedAt;
    SteadyTime deadline; ///< when in-flight work is cancelled; lame duck lies before it
    QDateTime deadlineAt; ///< UTC
    std::chrono::milliseconds remaining{ 0 }; ///< until the deadline; 0 once it has passed
    std::chrono::milliseconds extended{ 0 }; ///< by all extensions together
    std::optional<QDateTime> latestDeadlineAt; ///< UTC; what the budget allows, when there is one
    /// From the request to the end of the process, when everything takes as long as it may.
    std::chrono::milliseconds longest{ 0 };
};

using LifecycleResult = Result<Done, LifecycleError>;

/// Takes a service from starting to stopped, in the order the contract gives.
///
/// Thread:  event loop.
/// Owns:    its alarms. InFlight, StopHooks, StopNotice and the jobs are the caller's and must
///          outlive it, but for the jobs, which may be taken away again.
/// Emits:   stateChanged() once a transition, before the signal of the new state. All signals are
///          direct: whoever must finish something before the drain may end begins a WorkItem in a
///          slot of drainBegan(). stopped() exactly once, last, and never inside an operation.
/// Order:   serve() once; then any of the operations at any time, also from a slot of these
///          signals; each may be refused.
/// Exits:   0 when everything in flight was answered and every hook ran, also when some of it was
///          answered after the deadline; 75 when work was cancelled or cut, when something would
///          not let go, when a job could not be kept, or when a hook did not end `ok`; forced: see
///          force().
class Lifecycle final : public QObject
{
    Q_OBJECT

public:
    /// The longest lame duck or grace that a stop may ask for, and the longest single extension.
    static constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24);
    /// What a forced stop grants jobs that were cut, so that the next start finds them queued.
    static constexpr std::chrono::milliseconds kForcedWait{ 250 };

    struct Identity
    {
        QString name;
        QString instanceId;
        QString version;
    };

    Lifecycle(Clock &clock, InFlight &inFlight, StopHooks &hooks, StopNotice &notice,
              StopSettings settings, Identity identity, QObject *parent = nullptr);
    ~Lifecycle() override;

    /// Counts these into the report; a forced stop waits for them, no longer than kForcedWait (a
    /// graceful one by a hook). Null: none any more.
    void setJobs(JobsAtStop *jobs) { m_jobs = jobs; }

    [[nodiscard]] LifecycleState state() const { return m_state; }
    [[nodiscard]] QDateTime stateSince() const { return m_stateSinceUtc; }
    /// Who asked for the state it is in; none where it follows from the one before.
    [[nodiscard]] const std::optional<StopCause> &stateCause() const { return m_stateCause; }
    [[nodiscard]] bool isReady() const { return m_state == LifecycleState::Serving; }
    /// True from lame duck on: every answer says Connection: close.
    [[nodiscard]] bool wantsClose() const { return m_state >= LifecycleState::LameDuck; }
    /// None while no stop is under way; kept when stopped, for a last look.
    [[nodiscard]] std::optional<StopProgress> stop() const;
    /// How long it will go on serving after a stop begun now, or goes on in the stop under way.
    [[nodiscard]] std::chrono::milliseconds lameDuckAhead() const;
    [[nodiscard]] const StopSettings &settings() const { return m_settings; }

    /// starting → serving. Does nothing when a stop or a force came first.
    void serve();
    /// Into lame duck without a deadline. Asked again while quiesced it changes nothing.
    /// @error NotServing while starting, AlreadyStopping once a stop is under way.
    LifecycleResult tryQuiesce(const StopCause &cause);
    /// Back to serving from lame duck, whether by quiesce or by stop; while serving it changes
    /// nothing.
    /// @error NotServing while starting, PastNoReturn from draining on (or when told to stop while
    ///        starting).
    LifecycleResult tryResume(const StopCause &cause);
    /// The graceful stop. In a lame duck by quiesce the time spent there counts as lame duck. While
    /// starting there is no lame duck: tasks in flight get their grace, then it is stopping.
    /// @error AlreadyStopping; BadDuration; PastBudget when durations given with the request do
    ///        not fit the budget (those of the settings are not refused: that was for start-up).
    LifecycleResult tryStop(const StopRequest &request);
    /// Moves the deadline of the stop under way, as often as the budget allows.
    /// @error NotStopping; PastNoReturn once the deadline has passed or nothing is waited for any
    ///        more; BadDuration; PastBudget when the whole stop would no longer fit the budget.
    LifecycleResult tryExtend(std::chrono::milliseconds by, const StopCause &cause);
    /// Stops now, whatever is in flight, from any state: work is cut, hooks are skipped. Exit code
    /// 128 + signal, or 75 when no signal forced it. Of several only the first counts.
    void force(const StopCause &cause);

Q_SIGNALS:
    void stateChanged(const quiesce::StateChange &change);
    /// A stop has been requested; the state follows.
    void stopBegan();
    void lameDuckBegan();
    void resumed();
    /// Close the listener; each idle connection decides how long it holds. A forced stop, and one
    /// while starting, passes this by: there stateChanged() to stopping says it.
    void drainBegan();
    void deadlineExtended(std::chrono::milliseconds by, const quiesce::StopCause &cause);
    void deadlineReached(); ///< stop tokens have been triggered
    /// What was left has been cut: cancel grace is over, or the stop is forced. At most once a
    /// stop.
    void cutBegan();
    void stopped(const quiesce::StopReport &report); ///< last of all; report.exitCode

private:
    struct Stop;
    /// The one place that changes m_state. False when a slot has moved it on meanwhile.
    bool moveTo(LifecycleState state, const std::optional<StopCause> &cause = {});
    void beginStop(const StopCause &cause, std::chrono::milliseconds lameDuck,
                   std::chrono::milliseconds grace);
    void ring();
    void waitForLameDuck();
    void beginDraining();
    void waitForDrain();
    void takeDrained();
    void cancelLate();
    void cutLate();
    void cutAll();
    void beginStopping();
    void takeHooksFinished();
    void finishForced();
    void finish();
    void closePhase(SteadyTime now);
    [[nodiscard]] std::chrono::milliseconds lameDuckLeft(std::chrono::milliseconds whole) const;
    [[nodiscard]] std::chrono::milliseconds longest() const; ///< of the stop under way
    /// Between request and deadline, so that the whole stop fits; none: any fits.
    [[nodiscard]] std::optional<std::chrono::milliseconds> mostUntilDeadline() const;
    [[nodiscard]] bool fitsBudget(std::chrono::milliseconds untilDeadline) const;
    [[nodiscard]] StopOutcome outcome() const;
    [[nodiscard]] int exitCode() const;
    [[nodiscard]] StopReport makeReport() const;

    Clock &m_clock;
    InFlight &m_inFlight;
    StopHooks &m_hooks;
    StopNotice &m_notice;
    JobsAtStop *m_jobs = nullptr;
    StopSettings m_settings;
    Identity m_identity;
    LifecycleState m_state = LifecycleState::Starting;
    std::unique_ptr<Stop> m_stop; ///< set from the stop request on
    std::unique_ptr<Alarm> m_alarm; ///< for the stop's next point in time
    SteadyTime m_stateSince;
    QDateTime m_stateSinceUtc;
    std::optional<StopCause> m_stateCause;
};

} // namespace quiesce
