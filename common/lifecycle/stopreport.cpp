// SPDX-License-Identifier: GPL-3.0-only
// The stop report as JSON (the contract's keys) and as a few lines for a terminal.
#include "common/lifecycle/stopreport.h"

#include "common/printable.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace quiesce {

namespace {

constexpr int kSlowestShown = 3;

QJsonValue toJson(const QDateTime &instant)
{
    return instant.isValid() ? QJsonValue(instant.toUTC().toString(Qt::ISODateWithMs))
                             : QJsonValue(QJsonValue::Null);
}

QJsonValue toJson(std::chrono::milliseconds duration)
{
    return static_cast<qint64>(duration.count());
}

QJsonObject toJson(const StopReport::Phase &phase)
{
    return { { u"name"_s, phase.name },
             { u"startedAt"_s, toJson(phase.startedAt) },
             { u"durationMs"_s, toJson(phase.duration) } };
}

QJsonObject toJson(const StopReport::Requests &requests)
{
    return { { u"inFlightAtStop"_s, requests.inFlightAtStop },
             { u"drained"_s, requests.drained },
             { u"cancelled"_s, requests.cancelled },
             { u"aborted"_s, requests.aborted },
             { u"acceptedDuringStop"_s, requests.acceptedDuringStop } };
}

QJsonObject toJson(const StopReport::Jobs &jobs)
{
    return { { u"runningAtStop"_s, jobs.runningAtStop },
             { u"finished"_s, jobs.finished },
             { u"requeued"_s, jobs.requeued },
             { u"abandoned"_s, jobs.abandoned } };
}

QJsonObject toJson(const StopReport::Hook &hook)
{
    return { { u"name"_s, hook.name },
             { u"durationMs"_s, toJson(hook.duration) },
             { u"result"_s, hook.result } };
}

QJsonObject toJson(const StopReport::Slow &slow)
{
    return { { u"kind"_s, slow.kind },         { u"id"_s, slow.id },
             { u"label"_s, slow.label },       { u"outcome"_s, slow.outcome },
             { u"ageMs"_s, toJson(slow.age) }, { u"endedAt"_s, toJson(slow.endedAt) } };
}

template <typename T>
QJsonArray toJson(const QList<T> &rows)
{
    QJsonArray array;
    for (const T &row : rows)
        array.append(toJson(row));
    return array;
}

QString forPeople(std::chrono::milliseconds duration)
{
    const qint64 ms = duration.count();
    if (ms < 1'000)
        return u"%1 ms"_s.arg(ms);
    if (ms < 60'000)
        return u"%1 s"_s.arg(static_cast<double>(ms) / 1'000, 0, 'f', 2);
    return u"%1 min %2 s"_s.arg(ms / 60'000).arg(ms % 60'000 / 1'000);
}

QString forPeople(StopOutcome outcome)
{
    switch (outcome) {
    case StopOutcome::Clean:
        return u"stopped cleanly"_s;
    case StopOutcome::Incomplete:
        return u"stopped, but not everything was finished"_s;
    case StopOutcome::Forced:
        return u"was forced to stop"_s;
    case StopOutcome::Failed:
        return u"failed"_s;
    }
    return {};
}

QString summarizeRequests(const StopReport::Requests &requests)
{
    const qint64 all = requests.inFlightAtStop + requests.acceptedDuringStop;
    if (all == 0)
        return u"none were in flight"_s;
    QStringList ends{ u"%1 answered"_s.arg(requests.drained) };
    if (requests.cancelled > 0)
        ends << u"%1 cancelled at the deadline"_s.arg(requests.cancelled);
    if (requests.aborted > 0)
        ends << u"%1 broken off"_s.arg(requests.aborted);
    return u"%1 (%2 in flight at the stop, %3 accepted during it)"_s.arg(ends.join(u", "_s))
        .arg(requests.inFlightAtStop)
        .arg(requests.acceptedDuringStop);
}

QString summarizeJobs(const StopReport::Jobs &jobs)
{
    return u"%1 running: %2 finished, %3 queued again, %4 abandoned"_s.arg(jobs.runningAtStop)
        .arg(jobs.finished)
        .arg(jobs.requeued)
        .arg(jobs.abandoned);
}

template <typename T, typename Describe>
QString joined(const QList<T> &rows, Describe describeRow)
{
    QStringList texts;
    for (const T &row : rows)
        texts << describeRow(row);
    return texts.join(u", "_s);
}

QString summarizeSlowest(const QList<StopReport::Slow> &slowest)
{
    return joined(slowest.mid(0, kSlowestShown), [](const StopReport::Slow &slow) {
        return u"%1 (%2, %3)"_s.arg(printable(slow.label), forPeople(slow.age), slow.outcome);
    });
}

} // namespace

QJsonObject toJson(const StopReport &report)
{
    return {
        { u"reportVersion"_s, report.reportVersion },
        { u"name"_s, report.name },
        { u"instanceId"_s, report.instanceId },
        { u"version"_s, report.version },
        { u"cause"_s, toJson(report.cause) },
        { u"outcome"_s, QString(toWire(report.outcome)) },
        { u"exitCode"_s, report.exitCode },
        { u"requestedAt"_s, toJson(report.requestedAt) },
        { u"stoppedAt"_s, toJson(report.stoppedAt) },
        { u"phases"_s, toJson(report.phases) },
        { u"requests"_s, toJson(report.requests) },
        { u"jobs"_s, toJson(report.jobs) },
        { u"hooks"_s, toJson(report.hooks) },
        { u"slowest"_s, toJson(report.slowest) },
    };
}

QString summarize(const StopReport &report)
{
    std::chrono::milliseconds took{ 0 }; // not of the wall clock, which may be set meanwhile
    for (const StopReport::Phase &phase : report.phases)
        took += phase.duration;
    QStringList lines{ u"%1 %2 in %3 (exit code %4)"_s.arg(
        printable(report.name), forPeople(report.outcome), forPeople(took),
        QString::number(report.exitCode)) };
    lines << u"  asked by   "_s + describe(report.cause);
    lines << u"  requests   "_s + summarizeRequests(report.requests);
    if (report.jobs.runningAtStop > 0)
        lines << u"  jobs       "_s + summarizeJobs(report.jobs);
    if (!report.slowest.isEmpty())
        lines << u"  last done  "_s + summarizeSlowest(report.slowest);
    if (!report.hooks.isEmpty()) {
        lines << u"  hooks      "_s + joined(report.hooks, [](const StopReport::Hook &hook) {
                     return u"%1 %2 (%3)"_s.arg(printable(hook.name), hook.result,
                                                forPeople(hook.duration));
                 });
    }
    lines << u"  time       "_s + joined(report.phases, [](const StopReport::Phase &phase) {
                 return u"%1 %2"_s.arg(phase.name, forPeople(phase.duration));
             });
    return lines.join(u'\n');
}

} // namespace quiesce
