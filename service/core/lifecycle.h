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
class StopHooks;
class StopNotice;

/// Why an operation was refused; toWire() gives the contract's `code`.
enum class LifecycleError : unsigned char {
    AlreadyStopping, ///< `already-stopping`
    NotStopping, ///< `not-stopping`
    PastNoReturn, ///< `past-no-return`
    PastBudget, ///< `past-budget`
    NotServing, ///< `not-serving`: still starting
};
[[nodiscard]] QLatin1StringView toWire(LifecycleError error);

struct StopRequest
{
    StopCause cause;
    std::optional<std::chrono::milliseconds> lameDuck; ///< instead of the setting
    std::optional<std::chrono::milliseconds> grace; ///< instead of the setting
};

struct StateChange
{
    LifecycleState from;
    LifecycleState to;
    QDateTime at; ///< UTC
    std::optional<StopCause> cause; ///< who asked, for a change somebody asked for
};

/// The stop under way, as the snapshot shows it.
struct StopProgress
{
    StopCause cause;
    QDateTime requestedAt;
    SteadyTime deadline; ///< when in-flight work is cancelled; lame duck lies before it
    std::chrono::milliseconds remaining{ 0 };
    std::chrono::milliseconds extended{ 0 };
};

using LifecycleResult = Result<Done, LifecycleError>;

/// Takes a service from starting to stopped, in the order the contract gives.
///
/// Thread:  event loop.
/// Owns:    its alarms. InFlight, StopHooks and StopNotice are the caller's and must outlive it.
/// Emits:   stateChanged() once a transition, before the signal of the new state; drainBegan() is
///          direct: whoever must finish something before the drain may end begins a WorkItem in it.
///          stopped() exactly once, last.
/// Order:   serve() once; then any of the operations at any time, each may be refused.
class Lifecycle final : public QObject
{
    Q_OBJECT

public:
    struct Identity
    {
        QString name;
        QString instanceId;
        QString version;
    };

    Lifecycle(Clock &clock, InFlight &inFlight, StopHooks &hooks, StopNotice &notice,
              StopSettings settings, Identity identity, QObject *parent = nullptr);
    ~Lifecycle() override;

    [[nodiscard]] LifecycleState state() const { return m_state; }
    [[nodiscard]] QDateTime stateSince() const { return m_stateSinceUtc; }
    [[nodiscard]] bool isReady() const { return m_state == LifecycleState::Serving; }
    /// True from lame duck on: every answer says Connection: close.
    [[nodiscard]] bool wantsClose() const { return m_state >= LifecycleState::LameDuck; }
    [[nodiscard]] std::optional<StopProgress> stop() const;
    [[nodiscard]] const StopSettings &settings() const { return m_settings; }

    void serve(); ///< starting → serving
    /// Into lame duck without a deadline. Asked again while quiesced it changes nothing.
    LifecycleResult tryQuiesce(const StopCause &cause);
    /// Back to serving from lame duck, whether by quiesce or by stop.
    LifecycleResult tryResume(const StopCause &cause);
    /// The graceful stop. In a lame duck by quiesce the time spent there counts as lame duck.
    LifecycleResult tryStop(const StopRequest &request);
    /// Moves the deadline of the stop under way; PastBudget when budget would not hold it.
    LifecycleResult tryExtend(std::chrono::milliseconds by, const StopCause &cause);
    /// Stops now, whatever is in flight: exit code 128 + signal, or 75 when no signal forced it.
    void force(const StopCause &cause);

Q_SIGNALS:
    void stateChanged(const quiesce::StateChange &change);
    void lameDuckBegan();
    void resumed();
    void drainBegan(); ///< close the listener; each idle connection decides how long it holds
    void deadlineExtended(std::chrono::milliseconds by, const quiesce::StopCause &cause);
    void deadlineReached(); ///< stop tokens have been triggered
    void cutBegan(); ///< cancel grace is over: what was left has been cut
    void stopped(const quiesce::StopReport &report); ///< last of all; report.exitCode

private:
    void moveTo(LifecycleState state, const std::optional<StopCause> &cause = {});
    void beginDraining();
    void cancelLate();
    void cutLate();
    void beginStopping();
    void finish();

    Clock &m_clock;
    InFlight &m_inFlight;
    StopHooks &m_hooks;
    StopNotice &m_notice;
    StopSettings m_settings;
    Identity m_identity;
    LifecycleState m_state = LifecycleState::Starting;
    struct Stop;
    std::unique_ptr<Stop> m_stop; ///< set while a stop is under way
    std::unique_ptr<Alarm> m_alarm;
    SteadyTime m_stateSince;
    QDateTime m_stateSinceUtc;
};

} // namespace quiesce
