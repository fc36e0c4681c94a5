// SPDX-License-Identifier: GPL-3.0-only
// Operation: its course from the click to what is seen.
#include "console/model/acting/operation.h"

#include "console/model/acting/actionpolicy.h"
#include "console/model/acting/consequence.h"
#include "console/model/words/wording.h"

namespace quiesce {

namespace {

bool isOver(Condition condition)
{
    return condition >= Condition::StoppedClean && condition <= Condition::Crashed;
}

bool isLive(Condition condition)
{
    return condition >= Condition::Starting && condition <= Condition::Stopping;
}

bool isAnother(const Operation &operation, const Instance &instance)
{
    return instance.snapshot() && !operation.instanceId.isEmpty()
        && instance.snapshot()->instanceId != operation.instanceId;
}

} // namespace

void OperationCourse::start(Operation &operation)
{
    operation.askedAt = QDateTime::currentDateTimeUtc();
    operation.changedAt = operation.askedAt;
    operation.status = tr("Asked; no answer yet.");
}

void OperationCourse::finish(Operation &operation, Tone tone, const QString &status)
{
    operation.stage = Operation::Stage::Finished;
    operation.tone = tone;
    operation.status = status;
    operation.changedAt = QDateTime::currentDateTimeUtc();
}

void OperationCourse::takeOutcome(Operation &operation, const CommandOutcome &outcome)
{
    if (operation.stage != Operation::Stage::Asked)
        return; // what was seen meanwhile has ended it
    switch (outcome.kind) {
    case CommandOutcome::Kind::Accepted:
        accept(operation, outcome);
        break;
    case CommandOutcome::Kind::Refused:
        finish(operation, Tone::Warning, refusalText(operation.request, outcome));
        break;
    case CommandOutcome::Kind::Failed:
        finish(operation, Tone::Bad,
               outcome.detail.isEmpty()
                   ? tr("No answer: it is not known whether it arrived. Look at its state before "
                        "asking again.")
                   : tr("No answer: it is not known whether it arrived (%1). Look at its state "
                        "before asking again.")
                         .arg(outcome.detail));
        break;
    }
}

void OperationCourse::accept(Operation &operation, const CommandOutcome &outcome)
{
    operation.stage = Operation::Stage::Followed;
    operation.status = tr("Accepted.");
    operation.changedAt = QDateTime::currentDateTimeUtc();
    switch (operation.request.verb) {
    case Verb::Extend:
        finish(operation, Tone::Good, extendedText(outcome));
        break;
    case Verb::CancelRequest:
        finish(operation, Tone::Good, tr("Accepted: the request is told to give up."));
        break;
    case Verb::CancelJob:
        finish(operation, Tone::Good, tr("Accepted: the job is told to end."));
        break;
    default:
        follow(operation);
    }
}

QString OperationCourse::extendedText(const CommandOutcome &outcome)
{
    if (!outcome.snapshot || !outcome.snapshot->stop)
        return tr("Accepted: the deadline has moved.");
    const StopView &stop = *outcome.snapshot->stop;
    return tr("The deadline is now %1, %2 from now.")
        .arg(timeOfDayText(stop.deadlineAt), lengthText(stop.remaining));
}

bool OperationCourse::follow(Operation &operation)
{
    if (operation.stage == Operation::Stage::Finished || !operation.instance)
        return false;
    const QString before = operation.status;
    const Operation::Stage stage = operation.stage;
    see(operation, *operation.instance);
    const bool hasChanged = operation.status != before || operation.stage != stage;
    if (hasChanged)
        operation.changedAt = QDateTime::currentDateTimeUtc();
    return hasChanged;
}

void OperationCourse::see(Operation &operation, const Instance &instance)
{
    switch (operation.request.verb) {
    case Verb::Quiesce:
        seeRotation(operation, instance, Condition::Quiesced, Condition::LameDuck);
        break;
    case Verb::Resume:
        seeRotation(operation, instance, Condition::Serving, Condition::Draining);
        break;
    case Verb::Stop:
    case Verb::Force:
        seeStop(operation, instance);
        break;
    case Verb::Extend:
    case Verb::CancelRequest:
    case Verb::CancelJob:
        break; // the answer says all there is
    }
}

/// Before the answer nothing is told: what is seen may be from before the click.
void OperationCourse::seeRotation(Operation &operation, const Instance &instance, Condition wanted,
                                  Condition overtaken)
{
    const Condition condition = instance.condition();
    if (operation.stage != Operation::Stage::Followed)
        return;
    if (condition == wanted) {
        finish(operation, Tone::Good,
               wanted == Condition::Quiesced ? tr("Quiesced: out of rotation.")
                                             : tr("Serving: in rotation."));
    } else if (isOver(condition)) {
        finish(operation, toneOf(condition), endText(instance));
    } else if (isLive(condition) && condition >= overtaken) {
        finish(operation, Tone::Warning, tr("Overtaken by a stop."));
    }
}

void OperationCourse::seeStop(Operation &operation, const Instance &instance)
{
    const Condition condition = instance.condition();
    const bool isUnderWay = condition >= Condition::Quiesced && condition <= Condition::Stopping;
    if (isAnother(operation, instance)) {
        finish(operation, Tone::Neutral,
               tr("Another process answers at its address now; how this one ended was not seen."));
    } else if (isOver(condition)) {
        finish(operation, condition == Condition::StoppedClean ? Tone::Good : toneOf(condition),
               endText(instance));
    } else if (operation.stage == Operation::Stage::Followed) {
        seeProgress(operation, instance);
    } else if (isUnderWay && instance.stop()) {
        operation.hasBegun = true;
    }
}

void OperationCourse::seeProgress(Operation &operation, const Instance &instance)
{
    const Condition condition = instance.condition();
    const bool isUnderWay = condition >= Condition::Quiesced && condition <= Condition::Stopping;
    if (isUnderWay) {
        operation.hasBegun = operation.hasBegun || condition != Condition::Quiesced;
        operation.status = drainText(instance);
    } else if (condition == Condition::Serving && operation.hasBegun) {
        finish(operation, Tone::Neutral, tr("Taken back: it serves again."));
    } else if (!isLive(condition)) {
        operation.status = tr("Accepted, but not connected now: %1.").arg(conditionText(condition));
    }
}

QString OperationCourse::endText(const Instance &instance)
{
    const Condition condition = instance.condition();
    if (condition == Condition::Crashed)
        return tr("Gone without a report.");
    const std::optional<StopReport> &report = instance.lastReport();
    const bool isItsReport =
        report && instance.snapshot() && report->instanceId == instance.snapshot()->instanceId;
    if (!isItsReport)
        return tr("%1.").arg(conditionText(condition));
    const auto took = std::chrono::milliseconds(report->requestedAt.msecsTo(report->stoppedAt));
    return tr("%1 in %2; drained: %3, cancelled: %4, cut: %5.")
        .arg(conditionText(condition), lengthText(took))
        .arg(report->requests.drained)
        .arg(report->requests.cancelled)
        .arg(report->requests.aborted);
}

QString OperationCourse::drainText(const Instance &instance)
{
    const Condition condition = instance.condition();
    if (condition == Condition::Stopping)
        return tr("Stopping: nothing is in flight any more.");
    const QString work = Consequence::inProgress(WorkInProgress::of(instance));
    const StopView *stop = instance.stop();
    if (condition == Condition::Draining && stop)
        return tr("Draining, %1 left: %2").arg(lengthText(stop->remaining), work);
    return condition == Condition::Draining ? tr("Draining: %1").arg(work)
                                            : tr("Lame duck: %1").arg(work);
}

void OperationCourse::lose(Operation &operation)
{
    if (operation.stage != Operation::Stage::Finished)
        finish(operation, Tone::Neutral, tr("No longer watched: how it ended was not seen."));
}

QString OperationCourse::line(const Operation &operation)
{
    return tr("%1 · %2 · %3")
        .arg(operation.instanceName, ActionPolicy::verbText(operation.request.verb),
             operation.status);
}

} // namespace quiesce
