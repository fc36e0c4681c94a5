// SPDX-License-Identifier: GPL-3.0-only
// TimelineEntry: its words.
#include "common/jobs/jobtext.h"
#include "common/printable.h"
#include "console/model/instance/condition.h"
#include "console/model/lists/jobmodel.h"
#include "console/model/lists/timelineentry.h"
#include "console/model/words/wording.h"

#include <QCoreApplication>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::TimelineText)
};

QString stateText(const TimelineEntry &entry)
{
    const QString from = lifecycleStateText(static_cast<LifecycleState>(entry.codeBefore));
    const QString to = lifecycleStateText(static_cast<LifecycleState>(entry.code));
    return entry.text.isEmpty() ? Text::tr("%1 → %2", "state before → state").arg(from, to)
                                : Text::tr("%1 → %2: %3", "state before → state: reason")
                                      .arg(from, to, printable(entry.text));
}

QString requestText(const TimelineEntry &entry)
{
    const QString what = printable(entry.text);
    const QString age = lengthText(milliseconds(entry.number));
    if (entry.detail == "drained"_L1)
        return Text::tr("%1 answered after %2", "request, age").arg(what, age);
    if (entry.detail == "cancelled"_L1)
        return Text::tr("%1 cancelled after %2", "request, age").arg(what, age);
    return Text::tr("%1 cut off after %2", "request, age").arg(what, age);
}

QString fieldText(const QJsonValue &value)
{
    return value.isString() ? value.toString() : QString::fromUtf8(toJsonText(value));
}

QString logText(const TimelineEntry &entry)
{
    QString text = entry.text;
    for (auto field = entry.fields.begin(); field != entry.fields.end(); ++field)
        text += u' ' + field.key() + u'=' + fieldText(field.value());
    return entry.detail.isEmpty() ? printable(text) : printable(entry.detail + u": "_s + text);
}

QString linkText(const TimelineEntry &entry)
{
    if (static_cast<LinkState>(entry.code) == LinkState::Live)
        return Text::tr("Connected");
    LinkStatus link;
    link.state = static_cast<LinkState>(entry.code);
    const QString condition = link.state == LinkState::Stopped
        ? Text::tr("It has stopped and closed the connection")
        : conditionText(conditionOf(link, LifecycleState::Starting, false));
    return entry.text.isEmpty() ? condition
                                : Text::tr("%1: %2", "state of the connection: reason")
                                      .arg(condition, printable(entry.text));
}

QString reportText(const TimelineEntry &entry)
{
    LinkStatus link;
    link.state = LinkState::Stopped;
    link.outcome = static_cast<StopOutcome>(entry.code);
    const QString how = conditionText(conditionOf(link, LifecycleState::Stopped, true));
    return entry.number == 0
        ? Text::tr("%1: nothing was cut off", "outcome of a stop").arg(how)
        : Text::tr("%1: %n request(s) cancelled or cut off", "outcome of a stop", int(entry.number))
              .arg(how);
}

} // namespace

QString textOf(const TimelineEntry &entry)
{
    switch (entry.kind) {
    case EventKind::State:
        return stateText(entry);
    case EventKind::Request:
        return requestText(entry);
    case EventKind::Job:
        return Text::tr("%1 %2: %3", "kind, id, state of a job")
            .arg(printable(entry.text), printable(entry.detail),
                 jobStateText(static_cast<JobState>(entry.code)));
    case EventKind::Log:
        return logText(entry);
    case EventKind::Audit:
        return Text::tr("%1: %2", "action: result")
            .arg(printable(entry.text), printable(entry.detail));
    case EventKind::Link:
        return linkText(entry);
    case EventKind::Gap:
        return Text::tr("Events may be missing here");
    case EventKind::Report:
        return reportText(entry);
    }
    return {};
}

QString eventKindText(EventKind kind)
{
    switch (kind) {
    case EventKind::State:
        return Text::tr("State");
    case EventKind::Request:
        return Text::tr("Request");
    case EventKind::Job:
        return Text::tr("Job");
    case EventKind::Log:
        return Text::tr("Log");
    case EventKind::Audit:
        return Text::tr("Audit");
    case EventKind::Link:
        return Text::tr("Link");
    case EventKind::Gap:
        return Text::tr("Gap");
    case EventKind::Report:
        return Text::tr("Report");
    }
    return {};
}

QString eventSeverityText(EventSeverity severity)
{
    switch (severity) {
    case EventSeverity::Info:
        return Text::tr("Info");
    case EventSeverity::Warning:
        return Text::tr("Warning");
    case EventSeverity::Error:
        return Text::tr("Error");
    }
    return {};
}

QLatin1StringView toWire(EventKind kind)
{
    static constexpr std::array kNames{ "state"_L1, "request"_L1, "job"_L1, "log"_L1,
                                        "audit"_L1, "link"_L1,    "gap"_L1, "report"_L1 };
    static_assert(kNames.size() == kEventKinds.size());
    return kNames[static_cast<size_t>(kind)];
}

QLatin1StringView toWire(EventSeverity severity)
{
    static constexpr std::array kNames{ "info"_L1, "warning"_L1, "error"_L1 };
    static_assert(kNames.size() == kEventSeverities.size());
    return kNames[static_cast<size_t>(severity)];
}

QString lifecycleStateText(LifecycleState state)
{
    switch (state) {
    case LifecycleState::Starting:
        return Text::tr("Starting");
    case LifecycleState::Serving:
        return Text::tr("Serving");
    case LifecycleState::LameDuck:
        return Text::tr("Lame duck");
    case LifecycleState::Draining:
        return Text::tr("Draining");
    case LifecycleState::Stopping:
        return Text::tr("Stopping");
    case LifecycleState::Stopped:
        return Text::tr("Stopped");
    }
    return {};
}

} // namespace quiesce
