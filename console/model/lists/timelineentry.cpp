// SPDX-License-Identifier: GPL-3.0-only
// TimelineEntry: what is kept of each event.
#include "console/model/lists/timelineentry.h"

#include "console/model/instance/causetext.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

EventSeverity severityOf(LinkState state)
{
    switch (state) {
    case LinkState::Stale:
    case LinkState::NeedsToken:
        return EventSeverity::Warning;
    case LinkState::Unreachable:
    case LinkState::NotAuthorised:
    case LinkState::Incompatible:
    case LinkState::Crashed:
        return EventSeverity::Error;
    case LinkState::Idle:
    case LinkState::Connecting:
    case LinkState::Live:
    case LinkState::Stopped:
        break;
    }
    return EventSeverity::Info;
}

EventSeverity severityOf(StopOutcome outcome)
{
    if (outcome == StopOutcome::Clean)
        return EventSeverity::Info;
    return outcome == StopOutcome::Failed ? EventSeverity::Error : EventSeverity::Warning;
}

} // namespace

TimelineEntry entryOf(const StateEvent &event)
{
    return { .at = event.at.toMSecsSinceEpoch(),
             .kind = EventKind::State,
             .code = static_cast<quint8>(event.to),
             .codeBefore = static_cast<quint8>(event.from),
             .text = event.cause ? event.cause->reason : QString(),
             .detail = {},
             .actor = event.cause ? askedByText(*event.cause) : QString(),
             .fields = {} };
}

TimelineEntry entryOf(const RequestEvent &event, qint64 now)
{
    return { .at = now,
             .kind = EventKind::Request,
             .severity =
                 event.outcome == "drained"_L1 ? EventSeverity::Info : EventSeverity::Warning,
             .number = event.age.count(),
             .text = event.method.isEmpty() ? event.route : event.method + u' ' + event.route,
             .detail = event.outcome,
             .actor = {},
             .fields = {} };
}

TimelineEntry entryOf(const Job &job, qint64 now)
{
    return { .at = now,
             .kind = EventKind::Job,
             .severity = job.state == JobState::Failed ? EventSeverity::Error : EventSeverity::Info,
             .code = static_cast<quint8>(job.state),
             .text = job.kind,
             .detail = job.id,
             .actor = {},
             .fields = {} };
}

TimelineEntry entryOf(const LogEvent &event)
{
    return { .at = event.at.toMSecsSinceEpoch(),
             .kind = EventKind::Log,
             .severity =
                 event.level == "warning"_L1 ? EventSeverity::Warning : EventSeverity::Error,
             .text = event.message,
             .detail = event.category,
             .actor = {},
             .fields = event.fields };
}

TimelineEntry entryOf(const AuditEvent &event)
{
    return { .at = event.at.toMSecsSinceEpoch(),
             .kind = EventKind::Audit,
             .severity = event.code.isEmpty() ? EventSeverity::Info : EventSeverity::Warning,
             .text = event.target.isEmpty() ? event.action : event.action + u' ' + event.target,
             .detail = event.code.isEmpty() ? event.result : event.code,
             .actor = causeText(event.cause),
             .fields = {} };
}

TimelineEntry entryOf(const LinkStatus &link, qint64 now)
{
    return { .at = now,
             .kind = EventKind::Link,
             .severity = severityOf(link.state),
             .code = static_cast<quint8>(link.state),
             .text = link.reason,
             .detail = {},
             .actor = {},
             .fields = {} };
}

TimelineEntry entryOf(const StopReport &report, qint64 now)
{
    return { .at = report.stoppedAt.isValid() ? report.stoppedAt.toMSecsSinceEpoch() : now,
             .kind = EventKind::Report,
             .severity = severityOf(report.outcome),
             .code = static_cast<quint8>(report.outcome),
             .number = report.requests.cancelled + report.requests.aborted,
             .text = {},
             .detail = {},
             .actor = askedByText(report.cause),
             .fields = {} };
}

TimelineEntry gapEntry(qint64 now)
{
    return { .at = now,
             .kind = EventKind::Gap,
             .severity = EventSeverity::Warning,
             .text = {},
             .detail = {},
             .actor = {},
             .fields = {} };
}

} // namespace quiesce
