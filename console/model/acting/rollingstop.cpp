// SPDX-License-Identifier: GPL-3.0-only
// RollingStop: one row at a time, moved by what its instance says.
#include "console/model/acting/rollingstop.h"

namespace quiesce {

RollingStop::RollingStop(const Plan &plan, Send send, QObject *parent)
    : QObject(parent)
    , m_plan(plan)
    , m_send(std::move(send))
{
    for (Instance *instance : m_plan.instances)
        m_rows.append(Row{ .instance = instance, .name = instance->displayName(), .reason = {} });
    m_plan.instances.clear(); // the rows know when one goes
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &RollingStop::takeTimeout);
}

void RollingStop::start()
{
    if (m_isRunning || m_current >= 0)
        return;
    m_isRunning = true;
    QMetaObject::invokeMethod(this, &RollingStop::next, Qt::QueuedConnection);
}

void RollingStop::next()
{
    if (!m_isRunning)
        return;
    ++m_current;
    if (m_current == m_rows.size()) {
        finish(Outcome::Done, {});
    } else if (Instance *instance = m_rows[m_current].instance) {
        begin(instance);
    } else {
        rowFailed(tr("it is not watched any more"));
    }
}

void RollingStop::begin(Instance *instance)
{
    const auto &snapshot = instance->snapshot();
    if (instance->link().state != LinkState::Live || !snapshot) {
        rowFailed(tr("it is not live: %1").arg(conditionText(instance->condition())));
        return;
    }
    m_instanceId = snapshot->instanceId;
    setRow(m_current, RowState::Stopping);
    watch(instance);
    m_timer.start(m_plan.stopTimeout);
    const Command *command = m_send(instance, m_plan.request);
    if (!command) {
        rowFailed(tr("the request cannot be sent"));
        return;
    }
    connect(command, &Command::finished, m_watched,
            [this](const CommandOutcome &outcome) { takeCommandOutcome(outcome); });
}

/// Everything hangs on one object that goes with the row, so that nothing late reaches the next.
void RollingStop::watch(Instance *instance)
{
    m_watched = new QObject(this);
    connect(instance, &Instance::conditionChanged, m_watched, [this] { look(); });
    connect(instance, &Instance::reported, m_watched, [this] { look(); });
    connect(instance, &Instance::statsChanged, m_watched, [this] { look(); });
    connect(instance, &QObject::destroyed, m_watched,
            [this] { rowFailed(tr("it is not watched any more")); });
}

void RollingStop::takeCommandOutcome(const CommandOutcome &outcome)
{
    if (m_rows[m_current].state != RowState::Stopping)
        return; // it has stopped, whatever became of the answer
    const QString why = outcome.detail.isEmpty() ? outcome.code : outcome.detail;
    if (outcome.kind == CommandOutcome::Kind::Refused)
        rowFailed(tr("it refused: %1").arg(why));
    else if (outcome.kind == CommandOutcome::Kind::Failed)
        rowFailed(tr("nobody knows whether the request arrived: %1").arg(why));
}

void RollingStop::look()
{
    const Instance *instance = m_rows[m_current].instance;
    if (!instance)
        return;
    if (m_rows[m_current].state == RowState::Stopping)
        lookForItsEnd(*instance);
    if (m_isRunning && m_rows[m_current].state == RowState::AwaitingSuccessor)
        lookForItsSuccessor(*instance);
}

void RollingStop::lookForItsEnd(const Instance &instance)
{
    const auto &report = instance.lastReport();
    if (report && report->instanceId == m_instanceId) {
        takeStopOutcome(report->outcome);
        return;
    }
    switch (instance.link().state) {
    case LinkState::Stopped:
        takeStopOutcome(instance.link().outcome.value_or(StopOutcome::Failed));
        break;
    case LinkState::Crashed:
    case LinkState::Unreachable:
    case LinkState::NotAuthorised:
    case LinkState::NeedsToken:
    case LinkState::Incompatible:
        rowFailed(tr("how it ended is not known: %1").arg(conditionText(instance.condition())));
        break;
    case LinkState::Live:
        if (instance.snapshot() && instance.snapshot()->instanceId != m_instanceId)
            rowFailed(tr("another process is there, and its report was not seen"));
        break;
    case LinkState::Idle:
    case LinkState::Connecting:
    case LinkState::Stale:
        break; // it may come back; the time-out sees to it that this ends
    }
}

void RollingStop::takeStopOutcome(StopOutcome outcome)
{
    switch (outcome) {
    case StopOutcome::Clean:
        setRow(m_current, RowState::AwaitingSuccessor);
        m_timer.start(m_plan.wait);
        break;
    case StopOutcome::Incomplete:
        rowFailed(tr("its stop was incomplete: work was cut at the deadline"));
        break;
    case StopOutcome::Forced:
        rowFailed(tr("it was forced to stop"));
        break;
    case StopOutcome::Failed:
        rowFailed(tr("its stop failed"));
        break;
    }
}

void RollingStop::lookForItsSuccessor(const Instance &instance)
{
    const bool isAnother = instance.snapshot() && instance.snapshot()->instanceId != m_instanceId;
    if (m_plan.pace == Pace::Successor && isAnother && instance.isReady())
        rowDone();
}

void RollingStop::takeTimeout()
{
    if (m_rows[m_current].state == RowState::Stopping)
        rowFailed(tr("it has not stopped in time"));
    else if (m_plan.pace == Pace::Pause)
        rowDone();
    else
        rowFailed(tr("no successor was ready in time"));
}

/// Queued, so that a long list does not become a deep stack, and signals come in order.
void RollingStop::rowDone()
{
    m_timer.stop();
    delete std::exchange(m_watched, nullptr);
    setRow(m_current, RowState::Done);
    QMetaObject::invokeMethod(this, &RollingStop::next, Qt::QueuedConnection);
}

void RollingStop::rowFailed(const QString &reason)
{
    setRow(m_current, RowState::Failed, reason);
    finish(Outcome::Failed, tr("an earlier one failed"));
}

void RollingStop::abort()
{
    if (!m_isRunning)
        return;
    if (m_current >= 0 && m_rows[m_current].state == RowState::Stopping)
        setRow(m_current, RowState::Left, tr("aborted: its stop goes on as it was asked for"));
    else if (m_current >= 0 && m_rows[m_current].state == RowState::AwaitingSuccessor)
        setRow(m_current, RowState::Left, tr("aborted: it has stopped, nobody waits for another"));
    finish(Outcome::Aborted, tr("aborted"));
}

void RollingStop::setRow(qsizetype row, RowState state, const QString &reason)
{
    m_rows[row].state = state;
    m_rows[row].reason = reason;
    Q_EMIT rowChanged(row);
}

void RollingStop::finish(Outcome outcome, const QString &whySkipped)
{
    m_isRunning = false;
    m_timer.stop();
    delete std::exchange(m_watched, nullptr);
    for (qsizetype row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].state == RowState::Waiting)
            setRow(row, RowState::Skipped, whySkipped);
    }
    QMetaObject::invokeMethod(
        this, [this, outcome] { Q_EMIT finished(outcome); }, Qt::QueuedConnection);
}

QString rowStateText(RollingStop::RowState state)
{
    switch (state) {
    case RollingStop::RowState::Waiting:
        return RollingStop::tr("Waiting");
    case RollingStop::RowState::Stopping:
        return RollingStop::tr("Stopping");
    case RollingStop::RowState::AwaitingSuccessor:
        return RollingStop::tr("Waiting for its successor");
    case RollingStop::RowState::Done:
        return RollingStop::tr("Done");
    case RollingStop::RowState::Failed:
        return RollingStop::tr("Failed");
    case RollingStop::RowState::Left:
        return RollingStop::tr("Left as it is");
    case RollingStop::RowState::Skipped:
        return RollingStop::tr("Skipped");
    }
    return {};
}

} // namespace quiesce
