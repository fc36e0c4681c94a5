// SPDX-License-Identifier: GPL-3.0-only
// A stop report in words: who asked, what it took, what was cut; as text and as JSON.
#pragma once

#include "common/lifecycle/stopreport.h"
#include "console/model/instance/condition.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace quiesce {

/// One count of a report, with its name for people.
struct ReportTally
{
    QString name;
    qint64 count = 0;
};

/// "Lame duck" of `lame-duck`; a name that is unknown is given back as it is, made printable.
[[nodiscard]] QString phaseName(const QString &wire);
[[nodiscard]] QString phaseName(LifecycleState state);
/// "Finished" of `drained`, "OK" of `ok`: of requests and of hooks; unknown ones as they are.
[[nodiscard]] QString endName(const QString &wire);
/// Of one of the last to finish. A job that drained may have ended or been queued again: the tally
/// says how many did.
[[nodiscard]] QString endName(const StopReport::Slow &slow);
/// "120 ms", "12.3 s", "12 s", "2 min 5 s", "1 h 2 min".
[[nodiscard]] QString spanText(std::chrono::milliseconds span);

/// The condition that this stop left its instance in: its words, tone and icon.
[[nodiscard]] Condition conditionOf(const StopReport &report);
/// The sum of its phases: the wall clock may have been set meanwhile.
[[nodiscard]] std::chrono::milliseconds durationOf(const StopReport &report);
[[nodiscard]] bool isKnownVersion(const StopReport &report);

/// "SIGTERM from bash (pid 4711, uid 1000)", "SIGTERM from an unknown sender"; without the reason.
[[nodiscard]] QString whoAsked(const StopCause &cause);
/// "2 requests cancelled at the deadline and 1 job requeued"; says so when nothing was cut.
[[nodiscard]] QString whatWasCut(const StopReport &report);
/// Always the same ones in the same order, so that two reports can be compared.
[[nodiscard]] QList<ReportTally> talliesOf(const StopReport &report);
/// Empty when the version is known.
[[nodiscard]] QString versionNote(const StopReport &report);

/// All of it for a ticket or a mail: one fact a line.
[[nodiscard]] QString reportAsText(const StopReport &report);
/// The contract's keys, indented.
[[nodiscard]] QByteArray reportAsJson(const StopReport &report);

} // namespace quiesce
