// SPDX-License-Identifier: GPL-3.0-only
// Lifecycle: the state machine of a service and the course of its stop.
#include "service/core/lifecycle.h"

#include "common/logline.h"
#include "service/core/exitcodes.h"
#include "service/core/inflight.h"
#include "service/core/jobsatstop.h"
#include "service/core/stophooks.h"
#include "service/core/stopnotice.h"

#include <QLoggingCategory>
#include <QPointer>
#include <algorithm>
#include <utility>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcLifecycle, "quiesce.lifecycle")

using std::chrono::milliseconds;

constexpr int kStuckNamed = 100;

milliseconds between(SteadyTime from, SteadyTime to)
{
    return std::chrono::duration_cast<milliseconds>(to - from);
}

bool isWait(const std::optional<milliseconds> &duration)
{
    return !duration || (*duration >= milliseconds(0) && *duration <= Lifecycle::kLongestWait);
}

void warnOfStuck(const QList<WaitingOn> &items)
{
    for (const WaitingOn &item : items) {
        qCWarning(lcLifecycle).noquote() << LogLine("would not let go")
                                                .with("kind", toWire(item.kind))
                                                .with("id", item.what.id)
                                                .with("label", item.what.label)
                                                .with("age", item.age)
                                                .toString();
    }
}

} // namespace

/// The stop under way, from its request to its report.
struct Lifecycle::Stop
{
    /// What the alarm is set for.
    enum class Stage : unsigned char {
        LameDuck, ///< the end of lame duck
        Waiting, ///< the deadline
        Cancelling, ///< the end of cancel grace
        Ending, ///< while hooks run nothing any more; of a forced stop the end of kForcedWait
    };

    StopCause cause;
    QDateTime requestedAt;
    SteadyTime requested;
    SteadyTime drainAt;
    SteadyTime deadline;
    milliseconds extended{ 0 };
    QList<StopReport::Phase> phases;
    std::optional<StopCause> forcedBy;
    Stage stage = Stage::LameDuck;
    bool hasCut = false;
    bool wasStuck = false; ///< something would not let go when it was cut
};

QLatin1StringView toWire(LifecycleError error)
{
    switch (error) {
    case LifecycleError::AlreadyStopping:
        return QLatin1StringView("already-stopping");
    case LifecycleError::NotStopping:
        return QLatin1StringView("not-stopping");
    case LifecycleError::PastNoReturn:
        return QLatin1StringView("past-no-return");
    case LifecycleError::PastBudget:
        return QLatin1StringView("past-budget");
    case LifecycleError::NotServing:
        return QLatin1StringView("not-serving");
    case LifecycleError::BadDuration:
        return QLatin1StringView("bad-duration");
    }
    return QLatin1StringView("");
}

Lifecycle::Lifecycle(Clock &clock, InFlight &inFlight, StopHooks &hooks, StopNotice &notice,
                     StopSettings settings, Identity identity, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_inFlight(inFlight)
    , m_hooks(hooks)
    , m_notice(notice)
    , m_settings(settings)
    , m_identity(std::move(identity))
    , m_alarm(clock.makeAlarm([this] { ring(); }))
    , m_stateSince(clock.now())
    , m_stateSinceUtc(clock.utcNow())
{
    connect(&m_inFlight, &InFlight::drained, this, &Lifecycle::takeDrained);
    connect(&m_hooks, &StopHooks::finished, this, &Lifecycle::takeHooksFinished);
}

Lifecycle::~Lifecycle() = default;

std::optional<StopProgress> Lifecycle::stop() const
{
    if (!m_stop)
        return std::nullopt;
    const milliseconds left = between(m_clock.now(), m_stop->deadline);
    StopProgress progress{ .cause = m_stop->cause,
                           .requestedAt = m_stop->requestedAt,
                           .deadline = m_stop->deadline,
                           .deadlineAt = m_clock.utcNow().addMSecs(left.count()),
                           .remaining = std::max(left, milliseconds(0)),
                           .extended = m_stop->extended,
                           .latestDeadlineAt = {},
                           .longest = longest() };
    if (const std::optional<milliseconds> most = mostUntilDeadline()) {
        const milliseconds until = between(m_clock.now(), m_stop->requested + *most);
        progress.latestDeadlineAt = m_clock.utcNow().addMSecs(until.count());
    }
    return progress;
}

milliseconds Lifecycle::lameDuckAhead() const
{
    if (!m_stop)
        return lameDuckLeft(m_settings.lameDuck);
    return std::max(between(m_clock.now(), m_stop->drainAt), milliseconds(0));
}

void Lifecycle::serve()
{
    if (m_state == LifecycleState::Starting && !m_stop)
        moveTo(LifecycleState::Serving);
}

LifecycleResult Lifecycle::tryQuiesce(const StopCause &cause)
{
    if (m_stop)
        return Failure{ LifecycleError::AlreadyStopping };
    if (m_state == LifecycleState::Starting)
        return Failure{ LifecycleError::NotServing };
    if (m_state == LifecycleState::Serving && moveTo(LifecycleState::LameDuck, cause))
        Q_EMIT lameDuckBegan();
    return Done{};
}

LifecycleResult Lifecycle::tryResume(const StopCause &cause)
{
    if (m_state == LifecycleState::Serving)
        return Done{};
    if (m_state != LifecycleState::LameDuck) {
        return Failure{ m_stop ? LifecycleError::PastNoReturn : LifecycleError::NotServing };
    }
    if (m_stop) {
        m_alarm->clear();
        m_inFlight.endTally();
        if (m_jobs)
            m_jobs->endTally();
        m_notice.undo();
        m_stop.reset();
    }
    if (moveTo(LifecycleState::Serving, cause))
        Q_EMIT resumed();
    return Done{};
}

LifecycleResult Lifecycle::tryStop(const StopRequest &request)
{
    if (m_stop)
        return Failure{ LifecycleError::AlreadyStopping };
    if (!isWait(request.lameDuck) || !isWait(request.grace))
        return Failure{ LifecycleError::BadDuration };
    const milliseconds lameDuck = lameDuckLeft(request.lameDuck.value_or(m_settings.lameDuck));
    const milliseconds grace = request.grace.value_or(m_settings.grace);
    if ((request.lameDuck || request.grace) && !fitsBudget(lameDuck + grace))
        return Failure{ LifecycleError::PastBudget };

    beginStop(request.cause, lameDuck, grace);
    if (m_stop && m_state == LifecycleState::Starting) {
        waitForDrain();
    } else {
        if (m_stop && m_state == LifecycleState::Serving
            && moveTo(LifecycleState::LameDuck, request.cause)) {
            Q_EMIT lameDuckBegan();
        }
        waitForLameDuck();
    }
    return Done{};
}

LifecycleResult Lifecycle::tryExtend(milliseconds by, const StopCause &cause)
{
    if (!m_stop)
        return Failure{ LifecycleError::NotStopping };
    if (m_stop->stage != Stop::Stage::LameDuck && m_stop->stage != Stop::Stage::Waiting)
        return Failure{ LifecycleError::PastNoReturn };
    if (by <= milliseconds(0) || by > kLongestWait)
        return Failure{ LifecycleError::BadDuration };
    if (!fitsBudget(between(m_stop->requested, m_stop->deadline + by)))
        return Failure{ LifecycleError::PastBudget };

    m_stop->deadline += by;
    m_stop->extended += by;
    m_notice.moveDeadline(m_stop->deadline);
    if (m_stop->stage == Stop::Stage::Waiting)
        m_alarm->setAt(m_stop->deadline);
    qCInfo(lcLifecycle).noquote() << LogLine("deadline extended")
                                         .with("by", by)
                                         .with("extended", m_stop->extended)
                                         .with("atMost", longest())
                                         .with("cause", describe(cause))
                                         .toString();
    Q_EMIT deadlineExtended(by, cause);
    return Done{};
}

void Lifecycle::force(const StopCause &cause)
{
    if (!m_stop)
        beginStop(cause, milliseconds(0), milliseconds(0));
    if (m_state == LifecycleState::Stopped || !m_stop || m_stop->forcedBy)
        return;
    m_stop->forcedBy = cause;
    m_stop->stage = Stop::Stage::Ending;
    qCWarning(lcLifecycle).noquote() << LogLine("stop forced")
                                            .with("cause", describe(cause))
                                            .with("requests", m_inFlight.count(WorkKind::Request))
                                            .toString();
    m_alarm->clear();
    m_inFlight.endDrain();
    m_hooks.skipRest();
    cutAll();
    if (m_state != LifecycleState::Stopping)
        moveTo(LifecycleState::Stopping, cause);
    finishForced();
}

/// Hooks that a force has skipped do not end its wait.
void Lifecycle::takeHooksFinished()
{
    if (m_stop && !m_stop->forcedBy)
        finish();
}

/// Not at once: whoever asked, perhaps in a request of its own, is to hear that it is done.
void Lifecycle::finishForced()
{
    if (!m_jobs) {
        QMetaObject::invokeMethod(this, &Lifecycle::finish, Qt::QueuedConnection);
        return;
    }
    m_alarm->setAt(m_clock.now() + kForcedWait);
    m_jobs->close([self = QPointer(this)] {
        if (self)
            self->finish();
    });
}

void Lifecycle::beginStop(const StopCause &cause, milliseconds lameDuck, milliseconds grace)
{
    const SteadyTime now = m_clock.now();
    m_stop = std::make_unique<Stop>();
    m_stop->cause = cause;
    m_stop->requestedAt = m_clock.utcNow();
    m_stop->requested = now;
    m_stop->drainAt = now + lameDuck;
    m_stop->deadline = m_stop->drainAt + grace;
    qCInfo(lcLifecycle).noquote() << LogLine("stop requested")
                                         .with("cause", describe(cause))
                                         .with("lameDuck", lameDuck)
                                         .with("grace", grace)
                                         .with("atMost", longest())
                                         .with("requests", m_inFlight.count(WorkKind::Request))
                                         .toString();
    m_inFlight.beginTally();
    if (m_jobs)
        m_jobs->beginTally();
    m_notice.begin(m_stop->deadline);
    if (m_stop) // a slot may have resumed, or forced, meanwhile
        Q_EMIT stopBegan();
}

void Lifecycle::ring()
{
    switch (m_stop->stage) {
    case Stop::Stage::LameDuck:
        beginDraining();
        break;
    case Stop::Stage::Waiting:
        cancelLate();
        break;
    case Stop::Stage::Cancelling:
        cutLate();
        break;
    case Stop::Stage::Ending:
        finish();
        break;
    }
}

void Lifecycle::waitForLameDuck()
{
    if (m_state != LifecycleState::LameDuck || !m_stop)
        return; // a slot has resumed, or forced, meanwhile
    if (m_clock.now() < m_stop->drainAt)
        m_alarm->setAt(m_stop->drainAt);
    else
        beginDraining();
}

void Lifecycle::beginDraining()
{
    if (!moveTo(LifecycleState::Draining))
        return;
    Q_EMIT drainBegan();
    if (m_state == LifecycleState::Draining)
        waitForDrain();
}

void Lifecycle::waitForDrain()
{
    m_stop->stage = Stop::Stage::Waiting;
    m_alarm->setAt(m_stop->deadline);
    m_inFlight.beginDrain();
}

void Lifecycle::takeDrained()
{
    if (m_stop && m_stop->stage != Stop::Stage::Ending)
        beginStopping();
}

void Lifecycle::cancelLate()
{
    if (m_inFlight.isEmpty()) { // drained() is on its way
        beginStopping();
        return;
    }
    m_stop->stage = Stop::Stage::Cancelling;
    qCWarning(lcLifecycle).noquote() << LogLine("deadline reached")
                                            .with("requests", m_inFlight.count(WorkKind::Request))
                                            .with("jobs", m_inFlight.count(WorkKind::Job))
                                            .with("tasks", m_inFlight.count(WorkKind::Task))
                                            .toString();
    m_alarm->setAt(m_clock.now() + m_settings.cancelGrace);
    m_inFlight.cancelAll();
    if (m_stop->stage == Stop::Stage::Cancelling)
        Q_EMIT deadlineReached();
}

void Lifecycle::cutLate()
{
    if (!m_inFlight.isEmpty())
        cutAll();
    if (m_stop->stage == Stop::Stage::Cancelling)
        beginStopping();
}

void Lifecycle::cutAll()
{
    m_inFlight.cutAll();
    if (!m_inFlight.isEmpty() && !m_stop->wasStuck) {
        m_stop->wasStuck = true;
        warnOfStuck(m_inFlight.waitingOn(kStuckNamed));
    }
    if (!std::exchange(m_stop->hasCut, true))
        Q_EMIT cutBegan();
}

void Lifecycle::beginStopping()
{
    m_stop->stage = Stop::Stage::Ending;
    m_alarm->clear();
    m_inFlight.endDrain();
    std::optional<StopCause> cause; // somebody asked only for a change right out of starting
    if (m_state == LifecycleState::Starting)
        cause = m_stop->cause;
    if (moveTo(LifecycleState::Stopping, cause))
        m_hooks.run();
}

void Lifecycle::finish()
{
    if (m_state != LifecycleState::Stopping)
        return;
    m_alarm->clear();
    if (!m_inFlight
             .isEmpty()) // begun after the drain, by a hook perhaps; the report is to be exact
        cutAll();
    moveTo(LifecycleState::Stopped);
    Q_EMIT stopped(makeReport());
}

bool Lifecycle::moveTo(LifecycleState state, const std::optional<StopCause> &cause)
{
    Q_ASSERT(isAllowed(m_state, state));
    // A stop takes the service out of serving at its request, not when that has been logged; and
    // a phase begins at the very moment at which the one before it ends.
    const bool isAtRequest = m_stop && m_state == LifecycleState::Serving;
    const SteadyTime now = isAtRequest ? m_stop->requested : m_clock.now();
    closePhase(now);
    const LifecycleState from = std::exchange(m_state, state);
    m_stateSince = now;
    m_stateSinceUtc = isAtRequest ? m_stop->requestedAt : m_clock.utcNow();
    m_stateCause = cause;
    LogLine line("state changed");
    line.with("from", toWire(from)).with("to", toWire(state));
    if (cause)
        line.with("cause", describe(*cause));
    if (state == LifecycleState::Stopped)
        line.with("outcome", toWire(outcome())).with("exitCode", exitCode());
    qCInfo(lcLifecycle).noquote() << line.toString();
    const std::optional<StopProgress> progress = stop();
    Q_EMIT stateChanged(
        { .from = from,
          .to = state,
          .at = m_stateSinceUtc,
          .cause = cause,
          .deadlineAt = progress ? std::optional(progress->deadlineAt) : std::nullopt });
    return m_state == state;
}

void Lifecycle::closePhase(SteadyTime now)
{
    if (!m_stop || m_state == LifecycleState::Serving) // a stop leaves serving at once
        return;
    const bool isOlder = m_stateSince < m_stop->requested;
    m_stop->phases.append({ .name = toWire(m_state),
                            .startedAt = isOlder ? m_stop->requestedAt : m_stateSinceUtc,
                            .duration = between(isOlder ? m_stop->requested : m_stateSince, now) });
}

milliseconds Lifecycle::lameDuckLeft(milliseconds whole) const
{
    if (m_state == LifecycleState::Starting)
        return milliseconds(0);
    if (m_state == LifecycleState::LameDuck)
        whole -= between(m_stateSince, m_clock.now());
    return std::max(whole, milliseconds(0));
}

milliseconds Lifecycle::longest() const
{
    return between(m_stop->requested, m_stop->deadline) + m_settings.cancelGrace
        + m_hooks.longestRun();
}

std::optional<milliseconds> Lifecycle::mostUntilDeadline() const
{
    if (m_settings.budget == milliseconds(0))
        return std::nullopt;
    return m_settings.budget - m_settings.cancelGrace - m_hooks.longestRun();
}

bool Lifecycle::fitsBudget(milliseconds untilDeadline) const
{
    return untilDeadline <= mostUntilDeadline().value_or(milliseconds::max());
}

StopOutcome Lifecycle::outcome() const
{
    if (m_stop->forcedBy)
        return StopOutcome::Forced;
    const bool isClean = !m_inFlight.hasLostWork() && !m_stop->wasStuck && m_hooks.allSucceeded()
        && (!m_jobs || m_jobs->tally().abandoned == 0);
    return isClean ? StopOutcome::Clean : StopOutcome::Incomplete;
}

int Lifecycle::exitCode() const
{
    if (m_stop->forcedBy && m_stop->forcedBy->kind == StopCause::Kind::Signal)
        return kExitSignalBase + m_stop->forcedBy->signalNumber;
    return outcome() == StopOutcome::Clean ? kExitOk : kExitIncomplete;
}

StopReport Lifecycle::makeReport() const
{
    StopReport report;
    report.name = m_identity.name;
    report.instanceId = m_identity.instanceId;
    report.version = m_identity.version;
    report.cause = m_stop->cause;
    report.outcome = outcome();
    report.exitCode = exitCode();
    report.requestedAt = m_stop->requestedAt;
    report.stoppedAt = m_stateSinceUtc;
    report.phases = m_stop->phases;
    report.requests = m_inFlight.requestTally();
    if (m_jobs)
        report.jobs = m_jobs->tally();
    report.hooks = m_hooks.results();
    report.slowest = m_inFlight.slowest();
    return report;
}

} // namespace quiesce
