// SPDX-License-Identifier: GPL-3.0-only
// TimelineEntry: one thing that happened to an instance, kept as told and put into words when
// shown.
#pragma once

#include "console/client/linkstatus.h"
#include "console/client/snapshot.h"

#include <QJsonObject>
#include <QString>

namespace quiesce {

enum class EventKind : unsigned char { State, Request, Job, Log, Audit, Link, Gap, Report };
inline constexpr std::array kEventKinds{ EventKind::State, EventKind::Request, EventKind::Job,
                                         EventKind::Log,   EventKind::Audit,   EventKind::Link,
                                         EventKind::Gap,   EventKind::Report };

enum class EventSeverity : unsigned char { Info, Warning, Error };
inline constexpr std::array kEventSeverities{ EventSeverity::Info, EventSeverity::Warning,
                                              EventSeverity::Error };

/// What the fields beyond kind and severity mean is for entryOf() and textOf() alone.
struct TimelineEntry
{
    qint64 at = 0; ///< ms since the epoch, UTC; by the service's clock where the event tells it
    EventKind kind = EventKind::State;
    EventSeverity severity = EventSeverity::Info;
    quint8 code = 0; ///< an enum's value
    quint8 codeBefore = 0;
    qint64 number = 0;
    QString text;
    QString detail;
    QString actor; ///< for people; empty: nobody, or not known
    QJsonObject fields;
};

[[nodiscard]] TimelineEntry entryOf(const StateEvent &event);
/// `now`: these tell no time of their own.
[[nodiscard]] TimelineEntry entryOf(const RequestEvent &event, qint64 now);
[[nodiscard]] TimelineEntry entryOf(const Job &job, qint64 now);
[[nodiscard]] TimelineEntry entryOf(const LogEvent &event);
[[nodiscard]] TimelineEntry entryOf(const AuditEvent &event);
[[nodiscard]] TimelineEntry entryOf(const LinkStatus &link, qint64 now);
[[nodiscard]] TimelineEntry entryOf(const StopReport &report, qint64 now);
[[nodiscard]] TimelineEntry gapEntry(qint64 now);

/// One line, for people.
[[nodiscard]] QString textOf(const TimelineEntry &entry);
[[nodiscard]] QString eventKindText(EventKind kind);
[[nodiscard]] QString eventSeverityText(EventSeverity severity);
/// For files: `state`, `request` …; `info`, `warning`, `error`.
[[nodiscard]] QLatin1StringView toWire(EventKind kind);
[[nodiscard]] QLatin1StringView toWire(EventSeverity severity);
[[nodiscard]] QString lifecycleStateText(LifecycleState state);

} // namespace quiesce
