// SPDX-License-Identifier: GPL-3.0-only
// A stop report's facts in words.
#include "console/model/reports/reporttext.h"

#include "common/printable.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <limits>
#include <numeric>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

struct ReportText
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::ReportText)
};

/// For the plural: what no int holds is many.
int plural(qint64 count)
{
    return static_cast<int>(std::clamp<qint64>(count, 0, std::numeric_limits<int>::max()));
}

/// "2 min 5 s", "2 min".
QString inTwo(qint64 large, const QString &largeText, qint64 small, const QString &smallText)
{
    const QString first = largeText.arg(large);
    return small == 0 ? first : ReportText::tr("%1 %2").arg(first, smallText.arg(small));
}

QString senderText(const StopCause &cause)
{
    const QString command = printable(cause.senderCommand);
    const qint64 pid = cause.senderPid.value_or(0);
    if (pid <= 0 || (pid == 1 && command.isEmpty()))
        return ReportText::tr("an unknown sender");
    if (pid == 1) // names whoever started everything, so only its command says anything
        return command;
    const QString identity = cause.senderUid
        ? ReportText::tr("pid %1, uid %2").arg(pid).arg(*cause.senderUid)
        : ReportText::tr("pid %1").arg(pid);
    return command.isEmpty() ? identity : ReportText::tr("%1 (%2)").arg(command, identity);
}

QString callerText(const StopCause &cause)
{
    const QString who = cause.actor.isEmpty() ? ReportText::tr("An unnamed caller of the admin API")
                                              : printable(cause.actor);
    QStringList details;
    if (!cause.role.isEmpty())
        details << printable(cause.role);
    if (!cause.remoteAddress.isEmpty())
        details << ReportText::tr("from %1").arg(printable(cause.remoteAddress));
    return details.isEmpty()
        ? who
        : ReportText::tr("%1 (%2)").arg(who, details.join(ReportText::tr(", ")));
}

QStringList hooksThatDidNotEndWell(const StopReport &report)
{
    QStringList names;
    for (const StopReport::Hook &hook : report.hooks) {
        if (hook.result != "ok"_L1)
            names << printable(hook.name);
    }
    return names;
}

} // namespace

QString phaseName(LifecycleState state)
{
    switch (state) {
    case LifecycleState::Starting:
        return ReportText::tr("Starting");
    case LifecycleState::Serving:
        return ReportText::tr("Serving");
    case LifecycleState::LameDuck:
        return ReportText::tr("Lame duck");
    case LifecycleState::Draining:
        return ReportText::tr("Draining");
    case LifecycleState::Stopping:
        return ReportText::tr("Stopping");
    case LifecycleState::Stopped:
        return ReportText::tr("Stopped");
    }
    return {};
}

QString phaseName(const QString &wire)
{
    const std::optional<LifecycleState> state = lifecycleStateFromWire(wire);
    return state ? phaseName(*state) : printable(wire);
}

QString endName(const QString &wire)
{
    if (wire == "drained"_L1)
        return ReportText::tr("Answered");
    if (wire == "cancelled"_L1)
        return ReportText::tr("Cancelled");
    if (wire == "aborted"_L1)
        return ReportText::tr("Broken off");
    if (wire == "ok"_L1)
        return ReportText::tr("OK");
    if (wire == "failed"_L1)
        return ReportText::tr("Failed");
    if (wire == "timed-out"_L1)
        return ReportText::tr("Timed out");
    if (wire == "skipped"_L1)
        return ReportText::tr("Skipped");
    return printable(wire);
}

QString endName(const StopReport::Slow &slow)
{
    if (slow.outcome == "drained"_L1 && slow.kind != "request"_L1)
        return ReportText::tr("Ended");
    return endName(slow.outcome);
}

QString spanText(milliseconds span)
{
    const qint64 ms = std::max(span, 0ms).count();
    if (ms < 1'000)
        return ReportText::tr("%1 ms").arg(ms);
    const qint64 tenths = (ms + 50) / 100;
    if (tenths < 600) {
        const QString number =
            QLocale().toString(static_cast<double>(tenths) / 10, 'f', tenths % 10 == 0 ? 0 : 1);
        return ReportText::tr("%1 s").arg(number);
    }
    const qint64 seconds = (ms + 500) / 1'000;
    if (seconds < 3'600)
        return inTwo(seconds / 60, ReportText::tr("%1 min"), seconds % 60, ReportText::tr("%1 s"));
    return inTwo(seconds / 3'600, ReportText::tr("%1 h"), seconds % 3'600 / 60,
                 ReportText::tr("%1 min"));
}

Condition conditionOf(const StopReport &report)
{
    LinkStatus link;
    link.state = LinkState::Stopped;
    link.outcome = report.outcome;
    return conditionOf(link, LifecycleState::Stopped, false);
}

milliseconds durationOf(const StopReport &report)
{
    return std::accumulate(
        report.phases.begin(), report.phases.end(), 0ms,
        [](milliseconds sum, const StopReport::Phase &phase) { return sum + phase.duration; });
}

bool isKnownVersion(const StopReport &report)
{
    return report.reportVersion == StopReport::kVersion;
}

QString whoAsked(const StopCause &cause)
{
    switch (cause.kind) {
    case StopCause::Kind::Signal:
        return ReportText::tr("%1 from %2")
            .arg(cause.signal.isEmpty() ? ReportText::tr("A signal") : printable(cause.signal),
                 senderText(cause));
    case StopCause::Kind::Api:
        return callerText(cause);
    case StopCause::Kind::Internal:
        return ReportText::tr("The service itself");
    }
    return {};
}

QString whatWasCut(const StopReport &report)
{
    QStringList cut;
    const auto add = [&cut](qint64 count, const QString &text) {
        if (count > 0)
            cut << text;
    };
    add(report.requests.cancelled,
        ReportText::tr("%n request(s) cancelled at the deadline", nullptr,
                       plural(report.requests.cancelled)));
    add(report.requests.aborted,
        ReportText::tr("%n request(s) broken off", nullptr, plural(report.requests.aborted)));
    add(report.jobs.requeued,
        ReportText::tr("%n job(s) requeued", nullptr, plural(report.jobs.requeued)));
    add(report.jobs.abandoned,
        ReportText::tr("%n job(s) abandoned", nullptr, plural(report.jobs.abandoned)));
    const QStringList hooks = hooksThatDidNotEndWell(report);
    add(hooks.size(), ReportText::tr("%n hook(s) not done", nullptr, plural(hooks.size())));
    return cut.isEmpty() ? ReportText::tr("Nothing was cut") : QLocale().createSeparatedList(cut);
}

QList<ReportTally> talliesOf(const StopReport &report)
{
    const StopReport::Requests &requests = report.requests;
    const StopReport::Jobs &jobs = report.jobs;
    return { { ReportText::tr("Requests in flight at the stop"), requests.inFlightAtStop },
             { ReportText::tr("Requests accepted during it"), requests.acceptedDuringStop },
             { ReportText::tr("Requests answered"), requests.drained },
             { ReportText::tr("Requests cancelled"), requests.cancelled },
             { ReportText::tr("Requests broken off"), requests.aborted },
             { ReportText::tr("Jobs running at the stop"), jobs.runningAtStop },
             { ReportText::tr("Jobs finished"), jobs.finished },
             { ReportText::tr("Jobs requeued"), jobs.requeued },
             { ReportText::tr("Jobs abandoned"), jobs.abandoned } };
}

QString versionNote(const StopReport &report)
{
    if (isKnownVersion(report))
        return {};
    return ReportText::tr(
               "This report has version %1, which this console does not know: it may say "
               "more than is shown.")
        .arg(report.reportVersion);
}

} // namespace quiesce
