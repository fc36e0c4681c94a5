// SPDX-License-Identifier: GPL-3.0-only
// The stop report: what a stop did, as it is written to disk, streamed and shown.
#pragma once

#include "common/lifecycle/state.h"
#include "common/lifecycle/stopcause.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <chrono>

class QJsonObject;

namespace quiesce {

/// What a stop did. drained + cancelled + aborted = inFlightAtStop + acceptedDuringStop.
struct StopReport
{
    static constexpr int kVersion = 1;
    static constexpr int kSlowestKept = 20;

    struct Phase
    {
        QString name; ///< a state's wire name
        QDateTime startedAt; ///< UTC
        std::chrono::milliseconds duration{ 0 };
    };
    struct Requests
    {
        qint64 inFlightAtStop = 0;
        qint64 drained = 0; ///< completely answered
        qint64 cancelled = 0; ///< told to give up at the deadline, and answered so
        qint64 aborted = 0; ///< the client left, or the connection was cut
        qint64 acceptedDuringStop = 0;
    };
    struct Jobs
    {
        qint64 runningAtStop = 0;
        qint64 finished = 0;
        qint64 requeued = 0;
        qint64 abandoned = 0;
    };
    struct Hook
    {
        QString name;
        std::chrono::milliseconds duration{ 0 };
        QString result; ///< `ok`, `failed`, `timed-out`, `skipped`
    };
    struct Slow
    {
        QString kind; ///< as in `waitingOn`
        QString id;
        QString label;
        QString outcome; ///< `drained`, `cancelled`, `aborted`
        std::chrono::milliseconds age{ 0 }; ///< when it ended
        QDateTime endedAt; ///< UTC; invalid where a report of before does not say it
        QString method; ///< of a request; for the event stream, not in the report
        QString route; ///< likewise: the pattern, empty when none matched
    };

    QString name;
    QString instanceId;
    QString version;
    StopCause cause;
    StopOutcome outcome = StopOutcome::Clean;
    int exitCode = 0;
    QDateTime requestedAt; ///< UTC
    QDateTime stoppedAt; ///< UTC
    QList<Phase> phases;
    Requests requests;
    Jobs jobs;
    QList<Hook> hooks;
    QList<Slow> slowest; ///< the last kSlowestKept to finish, last first
    int reportVersion = kVersion; ///< as written: another than kVersion may say what is not here
};

[[nodiscard]] QJsonObject toJson(const StopReport &report);

/// A few lines for a terminal: outcome, who asked, what was drained, cut and how long it took.
[[nodiscard]] QString summarize(const StopReport &report);

} // namespace quiesce
