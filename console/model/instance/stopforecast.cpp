// SPDX-License-Identifier: GPL-3.0-only
// StopForecast: see the header.
#include "console/model/instance/stopforecast.h"

#include "console/model/words/wording.h"

#include <QCoreApplication>
#include <algorithm>
#include <limits>

namespace quiesce {

using std::chrono::milliseconds;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::StopForecast)
};

int pluralOf(qint64 count)
{
    return int(std::min<qint64>(count, std::numeric_limits<int>::max()));
}

StopForecast::Verdict verdictOf(const Stats &stats, milliseconds remaining)
{
    if (stats.state >= LifecycleState::Stopping
        || (stats.state == LifecycleState::Draining && stats.inFlight == 0
            && stats.jobs.of(JobState::Running) == 0))
        return StopForecast::Verdict::OnlyHooks;
    if (remaining == milliseconds(0))
        return StopForecast::Verdict::Overdue;
    return stats.predictedDrain <= remaining ? StopForecast::Verdict::MakesIt
                                             : StopForecast::Verdict::FallsShort;
}

} // namespace

Tone StopForecast::tone() const
{
    switch (verdict) {
    case Verdict::MakesIt:
    case Verdict::OnlyHooks:
        return Tone::Good;
    case Verdict::FallsShort:
        return Tone::Warning;
    case Verdict::Overdue:
        break;
    }
    return Tone::Bad;
}

StopForecast stopForecast(const StopClock &clock, const Stats &stats, qint64 now)
{
    return { .verdict = verdictOf(stats, clock.remaining(now)),
             .takes = stats.predictedDrain,
             .total = clock.total(),
             .inFlight = stats.inFlight };
}

QString forecastText(const StopForecast &forecast)
{
    switch (forecast.verdict) {
    case StopForecast::Verdict::MakesIt:
        return Text::tr("Will make it: about %1 left of %2")
            .arg(lengthText(forecast.takes), lengthText(forecast.total));
    case StopForecast::Verdict::FallsShort:
        return Text::tr("Will not make it: up to %n request(s) would be cancelled", nullptr,
                        pluralOf(forecast.inFlight));
    case StopForecast::Verdict::Overdue:
        return Text::tr("The deadline has passed: %n request(s) are being cancelled", nullptr,
                        pluralOf(forecast.inFlight));
    case StopForecast::Verdict::OnlyHooks:
        break;
    }
    return Text::tr("Nothing is in flight any more: finishing");
}

QString stopNowText(const Stats &stats)
{
    return Text::tr("A stop now would take about %1").arg(lengthText(stats.predictedDrain));
}

QString outcomeText(const StopReport &report)
{
    LinkStatus link;
    link.state = LinkState::Stopped;
    link.outcome = report.outcome;
    milliseconds took{ 0 };
    for (const StopReport::Phase &phase : report.phases)
        took += phase.duration;
    return Text::tr("%1 after %2: %3 answered, %4 cancelled, %5 cut off", "outcome, length, counts")
        .arg(conditionText(conditionOf(link, LifecycleState::Stopped, true)), lengthText(took))
        .arg(report.requests.drained)
        .arg(report.requests.cancelled)
        .arg(report.requests.aborted);
}

} // namespace quiesce
