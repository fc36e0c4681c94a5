// SPDX-License-Identifier: GPL-3.0-only
// Consequence: see the header.
#include "console/model/acting/consequence.h"

#include "console/model/words/wording.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

/// Where many stop at once, the first whose deadline comes.
const StopView *nearestStop(const QList<Instance *> &instances)
{
    const StopView *nearest = nullptr;
    for (const Instance *instance : instances) {
        const StopView *stop = instance->stop();
        if (stop && (!nearest || stop->remaining < nearest->remaining))
            nearest = stop;
    }
    return nearest;
}

QString labelOf(const Blocker &blocker)
{
    if (!blocker.label.isEmpty() || blocker.method.isEmpty())
        return blocker.label;
    return blocker.method + u' ' + blocker.route;
}

const Blocker *oldestRequest(const Instance &instance)
{
    if (!instance.stop())
        return nullptr;
    const QList<Blocker> &waitingOn = instance.stop()->waitingOn;
    const auto found = std::find_if(waitingOn.begin(), waitingOn.end(),
                                    [](const Blocker &b) { return b.kind == "request"_L1; });
    return found == waitingOn.end() ? nullptr : &*found;
}

const Blocker *blockerOf(const Instance &instance, const QString &id)
{
    if (!instance.stop())
        return nullptr;
    const QList<Blocker> &waitingOn = instance.stop()->waitingOn;
    const auto found = std::find_if(waitingOn.begin(), waitingOn.end(),
                                    [&id](const Blocker &b) { return b.id == id; });
    return found == waitingOn.end() ? nullptr : &*found;
}

} // namespace

void WorkInProgress::add(const Instance &instance)
{
    if (!instance.snapshot()) {
        ++unknown;
        return;
    }
    const Stats &stats = instance.snapshot()->stats;
    ++known;
    requests += stats.inFlight;
    jobs += stats.jobs.of(JobState::Running);
    predicted = std::max(predicted, stats.predictedDrain);
    if (instance.condition() == Condition::Stale)
        ++stale;
    if (stats.inFlight == 0 || stats.oldestInFlight < oldest)
        return;
    oldest = stats.oldestInFlight;
    const Blocker *request = oldestRequest(instance);
    oldestLabel = request ? labelOf(*request) : QString();
}

WorkInProgress WorkInProgress::of(const Instance &instance)
{
    WorkInProgress work;
    work.add(instance);
    return work;
}

WorkInProgress WorkInProgress::of(const QList<Instance *> &instances)
{
    WorkInProgress work;
    for (const Instance *instance : instances)
        work.add(*instance);
    return work;
}

QStringList Consequence::of(const CommandRequest &request, const QList<Instance *> &instances)
{
    if (instances.isEmpty())
        return {};
    const WorkInProgress work = WorkInProgress::of(instances);
    QStringList lines;
    switch (request.verb) {
    case Verb::Quiesce:
        lines = ofQuiesce(work);
        break;
    case Verb::Resume:
        lines = ofResume(instances);
        break;
    case Verb::Stop:
        lines = ofStop(request, work);
        break;
    case Verb::Extend:
        lines = ofExtend(request, instances);
        break;
    case Verb::Force:
        lines = ofForce(work) + lostByName(instances);
        break;
    case Verb::CancelRequest:
        lines = ofCancelRequest(request, *instances.first());
        break;
    case Verb::CancelJob:
        lines = { tr("The job ends as cancelled and is not queued again.") };
        break;
    }
    if (const QString doubt = caveat(work); !doubt.isEmpty())
        lines.append(doubt);
    return lines;
}

QString Consequence::inProgress(const WorkInProgress &work)
{
    if (work.known == 0)
        return tr("What is in progress is not known.");
    const QString requests = work.requests == 1
        ? tr("1 request in flight")
        : tr("%n requests in flight", nullptr, static_cast<int>(work.requests));
    const QString jobs = work.jobs == 1
        ? tr("1 job running")
        : tr("%n jobs running", nullptr, static_cast<int>(work.jobs));
    return tr("%1 and %2.").arg(requests, jobs);
}

QStringList Consequence::ofQuiesce(const WorkInProgress &work)
{
    return { tr("Out of rotation until resumed; nothing is stopped, no new job is started."),
             tr("What is in progress goes on: %1").arg(inProgress(work)) };
}

QStringList Consequence::ofResume(const QList<Instance *> &instances)
{
    const auto stopping = std::count_if(instances.begin(), instances.end(),
                                        [](const Instance *i) { return i->stop() != nullptr; });
    QStringList lines{ tr("Ready again: back in rotation, and jobs are started again.") };
    if (stopping == 1)
        lines.append(tr("The stop under way is taken back."));
    else if (stopping > 1)
        lines.append(tr("%n stops under way are taken back.", nullptr, static_cast<int>(stopping)));
    return lines;
}

QStringList Consequence::ofStop(const CommandRequest &request, const WorkInProgress &work)
{
    QStringList lines{ inProgress(work), schedule(request) };
    if (work.unknown == 0 && work.requests > 0) {
        lines.append(tr("What is in flight should take about %1, by what is seen now.")
                         .arg(lengthText(work.predicted)));
    }
    lines.append(tr("Jobs that do not finish are queued again."));
    return lines;
}

QString Consequence::schedule(const CommandRequest &request)
{
    const QString grace = request.grace ? lengthText(*request.grace) : QString();
    if (request.lameDuck && request.grace)
        return tr("Lame duck %1, then up to %2 to finish.")
            .arg(lengthText(*request.lameDuck), grace);
    if (request.lameDuck)
        return tr("Lame duck %1, then the service's own grace to finish (not known here).")
            .arg(lengthText(*request.lameDuck));
    if (request.grace)
        return tr("The service's own lame duck (not known here), then up to %1 to finish.")
            .arg(grace);
    return tr("Lame duck and grace are the service's own (not known here).");
}

QStringList Consequence::ofExtend(const CommandRequest &request, const QList<Instance *> &instances)
{
    const StopView *stop = nearestStop(instances);
    if (!stop)
        return { tr("The deadline moves by %1; where it stands now is not known.")
                     .arg(lengthText(request.by)) };
    const QString now = lengthText(stop->remaining);
    const QString then = lengthText(stop->remaining + request.by);
    if (instances.size() > 1)
        return { tr("%n deadlines move by %1.", nullptr, static_cast<int>(instances.size()))
                     .arg(lengthText(request.by)),
                 tr("The nearest: remaining %1 → %2.").arg(now, then) };
    if (!stop->deadlineAt.isValid())
        return { tr("The deadline moves: remaining %1 → %2.").arg(now, then) };
    QStringList lines{ tr("The deadline moves from %1 to %2 (remaining %3 → %4).")
                           .arg(timeOfDayText(stop->deadlineAt),
                                timeOfDayText(stop->deadlineAt.addMSecs(request.by.count())), now,
                                then) };
    if (stop->latestDeadlineAt.isValid())
        lines.append(limitOfExtension(request, *stop));
    return lines;
}

/// Past its budget the platform (systemd, Kubernetes) would kill it: the service refuses that.
QString Consequence::limitOfExtension(const CommandRequest &request, const StopView &stop)
{
    const milliseconds most(stop.deadlineAt.msecsTo(stop.latestDeadlineAt));
    if (most <= milliseconds(0))
        return tr("The service will refuse: its stop already lasts as long as its budget allows.");
    if (request.by > most)
        return tr("The service will refuse so much: its budget ends at %1, %2 more at most.")
            .arg(timeOfDayText(stop.latestDeadlineAt), lengthText(most));
    return tr("The service's budget allows until %1, %2 more at most.")
        .arg(timeOfDayText(stop.latestDeadlineAt), lengthText(most));
}

QStringList Consequence::ofForce(const WorkInProgress &work)
{
    return { cutRequests(work), cutJobs(work),
             tr("Stop hooks that have not run are skipped. This cannot be undone.") };
}

/// Of one instance, as far as its stop names what it waits for; of several the numbers must do.
QStringList Consequence::lostByName(const QList<Instance *> &instances)
{
    const StopView *stop = instances.size() == 1 ? instances.first()->stop() : nullptr;
    QStringList lines;
    if (!stop)
        return lines;
    for (const Blocker &blocker :
         stop->waitingOn.first(std::min<qsizetype>(stop->waitingOn.size(), kMaxNamed)))
        lines.append(
            tr("• %1, %2", "what is lost, its age").arg(labelOf(blocker), lengthText(blocker.age)));
    if (const qint64 others = stop->waitingOnTotal - lines.size(); others > 0 && !lines.isEmpty())
        lines.append(tr("• and %n more", nullptr, static_cast<int>(others)));
    return lines;
}

QString Consequence::cutRequests(const WorkInProgress &work)
{
    if (work.requests == 0)
        return work.unknown == 0 ? tr("No request is in flight now.")
                                 : tr("How many requests it cuts is not known.");
    const QString what = work.requests == 1
        ? tr("Cuts 1 request now")
        : tr("Cuts %n requests now", nullptr, static_cast<int>(work.requests));
    if (work.oldestLabel.isEmpty())
        return tr("%1 (the oldest %2).").arg(what, lengthText(work.oldest));
    return tr("%1 (the oldest %2, %3).").arg(what, lengthText(work.oldest), work.oldestLabel);
}

QString Consequence::cutJobs(const WorkInProgress &work)
{
    if (work.jobs == 0)
        return work.unknown == 0 ? tr("No job is running now.")
                                 : tr("How many jobs it cuts is not known.");
    if (work.jobs == 1)
        return tr("1 job goes back to the queue and loses what came after its last checkpoint.");
    return tr("%n jobs go back to the queue and lose what came after their last checkpoint.",
              nullptr, static_cast<int>(work.jobs));
}

QStringList Consequence::ofCancelRequest(const CommandRequest &request, const Instance &instance)
{
    const Blocker *blocker = blockerOf(instance, request.target);
    if (!blocker)
        return {
            tr("The request %1 is told to give up; its client gets an error.").arg(request.target)
        };
    return { tr("The request %1 (%2) is told to give up; its client gets an error.")
                 .arg(labelOf(*blocker), lengthText(blocker->age)) };
}

QString Consequence::caveat(const WorkInProgress &work)
{
    if (work.unknown > 0)
        return work.unknown == 1
            ? tr("1 instance has not been heard of yet: what it is doing is unknown.")
            : tr("%n instances have not been heard of yet: what they are doing is unknown.",
                 nullptr, work.unknown);
    if (work.stale > 0)
        return work.stale == 1
            ? tr("1 instance is silent: its numbers may be old.")
            : tr("%n instances are silent: their numbers may be old.", nullptr, work.stale);
    return {};
}

} // namespace quiesce
