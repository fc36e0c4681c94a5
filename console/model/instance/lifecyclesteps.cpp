// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStep: see the header.
#include "console/model/instance/lifecyclesteps.h"

#include "console/model/lists/timelineentry.h"
#include "console/model/words/wording.h"

#include <QCoreApplication>
#include <algorithm>

namespace quiesce {

using Mark = LifecycleStep::Mark;
using std::chrono::milliseconds;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::LifecycleSteps)
};

constexpr std::array kStates{ LifecycleState::Starting, LifecycleState::Serving,
                              LifecycleState::LameDuck, LifecycleState::Draining,
                              LifecycleState::Stopping, LifecycleState::Stopped };

/// The step that it stands at; none: nothing is known of it.
std::optional<LifecycleState> currentState(const Instance &instance)
{
    return instance.link().state == LinkState::Stopped ? LifecycleState::Stopped
                                                       : instance.lifecycleState();
}

bool wasSkipped(const Instance &instance, LifecycleState state)
{
    const QList<StateEvent> &events = instance.transitions();
    return std::any_of(events.cbegin(), events.cend(), [state](const StateEvent &event) {
        return event.from < state && state < event.to;
    });
}

std::optional<milliseconds> between(const QDateTime &from, const QDateTime &to)
{
    if (!from.isValid() || !to.isValid())
        return std::nullopt;
    return milliseconds(std::max<qint64>(from.msecsTo(to), 0));
}

/// Of what is under way nobody wants tenths.
std::optional<milliseconds> wholeSeconds(const std::optional<milliseconds> &length)
{
    if (!length)
        return std::nullopt;
    return std::chrono::floor<std::chrono::seconds>(*length);
}

QDateTime enteredAt(const Instance &instance, LifecycleState state)
{
    for (const StateEvent &event : instance.transitions()) {
        if (event.to == state)
            return event.at;
    }
    const auto &snapshot = instance.snapshot();
    if (state == LifecycleState::Serving && snapshot)
        return snapshot->startedAt; // the start itself is short
    return {};
}

std::optional<milliseconds> reportedLength(const Instance &instance, LifecycleState state)
{
    if (!instance.lastReport() || instance.link().state != LinkState::Stopped)
        return std::nullopt;
    for (const StopReport::Phase &phase : instance.lastReport()->phases) {
        if (phase.name == toWire(state))
            return phase.duration;
    }
    return std::nullopt;
}

/// Of a step that is over.
std::optional<milliseconds> lengthOf(const Instance &instance, LifecycleState state)
{
    if (const auto reported = reportedLength(instance, state))
        return reported;
    for (const StateEvent &event : instance.transitions()) {
        if (event.from == state)
            return between(enteredAt(instance, state), event.at);
    }
    return std::nullopt;
}

void markEnd(LifecycleStep &step, const Instance &instance)
{
    const Condition condition = instance.condition();
    switch (condition) {
    case Condition::StoppedClean:
        step.mark = Mark::Done;
        step.note = Text::tr("Cleanly");
        return;
    case Condition::StoppedIncomplete:
        step.mark = Mark::Warned;
        step.note = Text::tr("Incomplete");
        return;
    case Condition::StoppedForced:
        step.mark = Mark::Warned;
        step.note = Text::tr("Forced");
        return;
    default:
        step.mark = Mark::Failed;
        step.note = Text::tr("Failed");
    }
}

void markCurrent(LifecycleStep &step, const Instance &instance, const QDateTime &now)
{
    if (instance.link().state == LinkState::Stopped)
        return markEnd(step, instance);
    if (instance.snapshot())
        step.took = wholeSeconds(between(instance.snapshot()->stateSinceAt, now));
    step.mark = Mark::Active;
    if (instance.link().state == LinkState::Crashed) {
        step.mark = Mark::Failed;
        step.note = Text::tr("Crashed");
        step.took.reset();
    } else if (step.state == LifecycleState::LameDuck && !instance.stop()) {
        step.mark = Mark::Paused;
        step.note = Text::tr("Quiesced");
    }
}

} // namespace

QList<LifecycleStep> lifecycleSteps(const Instance &instance, const QDateTime &now)
{
    const std::optional<LifecycleState> current = currentState(instance);
    QList<LifecycleStep> steps;
    for (const LifecycleState state : kStates) {
        LifecycleStep step{
            .state = state, .took = {}, .name = lifecycleStateText(state), .note = {}
        };
        if (current == state) {
            markCurrent(step, instance, now);
        } else if (current && state < *current) {
            step.mark = wasSkipped(instance, state) ? Mark::Skipped : Mark::Done;
            if (step.mark == Mark::Done)
                step.took = lengthOf(instance, state);
        }
        steps.append(step);
    }
    return steps;
}

QString markText(Mark mark)
{
    switch (mark) {
    case Mark::Ahead:
        return Text::tr("ahead");
    case Mark::Active:
        return Text::tr("under way");
    case Mark::Paused:
        return Text::tr("paused");
    case Mark::Done:
        return Text::tr("done");
    case Mark::Skipped:
        return Text::tr("skipped");
    case Mark::Warned:
        return Text::tr("ended with a warning");
    case Mark::Failed:
        return Text::tr("failed");
    }
    return {};
}

QString spokenText(const QList<LifecycleStep> &steps)
{
    QStringList sentences;
    for (const LifecycleStep &step : steps) {
        const QString mark = step.note.isEmpty() ? markText(step.mark) : step.note;
        sentences << (step.took ? Text::tr("%1: %2, %3.", "step: mark, length")
                                      .arg(step.name, mark, lengthText(*step.took))
                                : Text::tr("%1: %2.", "step: mark").arg(step.name, mark));
    }
    return sentences.join(u' ');
}

} // namespace quiesce
