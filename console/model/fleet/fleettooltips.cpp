// SPDX-License-Identifier: GPL-3.0-only
// FleetCells: the tool tips, which tell what a cell has no room for.
#include "console/model/fleet/fleetcells.h"
#include "console/model/instance/enginetext.h"
#include "console/model/words/wording.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace quiesce {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::FleetCells)
};

void addRetry(QStringList &lines, const FleetRow &row)
{
    const LinkStatus &link = row.instance.link();
    if (!link.retryAt.isValid())
        return;
    const std::chrono::milliseconds wait(std::max<qint64>(row.now.msecsTo(link.retryAt), 0));
    lines.append(Text::tr("Retry in %1 (attempt %2)")
                     .arg(lengthText(std::chrono::ceil<std::chrono::seconds>(wait)))
                     .arg(link.attempt + 1));
}

QString stateToolTip(const FleetRow &row)
{
    const LinkStatus &link = row.instance.link();
    QStringList lines{ conditionText(row.instance.condition()) };
    if (!link.reason.isEmpty())
        lines.append(link.reason);
    const bool isLive = link.state == LinkState::Live;
    const QDateTime since =
        isLive && row.instance.snapshot() ? row.instance.snapshot()->stateSinceAt : link.since;
    if (since.isValid())
        lines.append(Text::tr("Since %1").arg(momentText(since)));
    if (!isLive)
        lines.append(link.lastSeenAt.isValid()
                         ? Text::tr("Last seen %1, %2")
                               .arg(ageText(link.lastSeenAt, row.now), momentText(link.lastSeenAt))
                         : Text::tr("Never seen"));
    addRetry(lines, row);
    return lines.join(u'\n');
}

QString nameToolTip(const Instance &instance)
{
    QStringList lines{ instance.displayName() };
    if (!instance.spec().group.isEmpty())
        lines.append(Text::tr("Group %1").arg(instance.spec().group));
    if (const auto &snapshot = instance.snapshot())
        lines.append(
            Text::tr("Process %1 on %2").arg(QString::number(snapshot->pid), snapshot->host));
    if (instance.spec().isReadOnly)
        lines.append(Text::tr("Read-only from here"));
    return lines.join(u'\n');
}

QString engineToolTip(const Stats &stats)
{
    if (!stats.engine)
        return {};
    QStringList lines{ storeChipText(*stats.engine) };
    if (const auto &broker = stats.engine->broker)
        lines << brokerChipText(*broker) << brokerFigures(*broker);
    return (lines + engineFaults(*stats.engine)).join(u'\n');
}

QString jobsToolTip(const Stats &stats)
{
    QStringList lines{ Text::tr("%1 running, %2 queued, %3 for later, %4 failed")
                           .arg(QLocale().toString(stats.jobs.of(JobState::Running)),
                                QLocale().toString(stats.jobs.of(JobState::Queued)),
                                QLocale().toString(stats.jobs.of(JobState::Scheduled)),
                                QLocale().toString(stats.jobs.of(JobState::Failed))) };
    if (stats.engine)
        lines += engineFaults(*stats.engine);
    return lines.join(u'\n');
}

QString remainingToolTip(const Instance &instance)
{
    if (!instance.stop())
        return Text::tr("How long a drain that began now would take, as predicted");
    return Text::tr("Waits for %1; the deadline is %2")
        .arg(QLocale().toString(instance.stop()->waitingOnTotal),
             momentText(instance.stop()->deadlineAt));
}

QString snapshotToolTip(const Instance &instance, const Snapshot &snapshot, FleetColumn column)
{
    const QLocale locale;
    switch (column) {
    case FleetColumn::InFlight:
    case FleetColumn::Trend:
        return Text::tr("%1 in flight, the oldest for %2")
            .arg(locale.toString(snapshot.stats.inFlight),
                 lengthText(snapshot.stats.oldestInFlight));
    case FleetColumn::Jobs:
        return jobsToolTip(snapshot.stats);
    case FleetColumn::Engine:
        return engineToolTip(snapshot.stats);
    case FleetColumn::Connections:
        return Text::tr("%1 open: %2 active, %3 idle")
            .arg(locale.toString(snapshot.stats.connectionsOpen),
                 locale.toString(snapshot.stats.connectionsActive),
                 locale.toString(snapshot.stats.connectionsIdle));
    case FleetColumn::Rate:
        return Text::tr("%1 requests since it has started")
            .arg(locale.toString(snapshot.stats.requestsTotal));
    case FleetColumn::Remaining:
        return remainingToolTip(instance);
    case FleetColumn::Uptime:
        return Text::tr("Started %1").arg(momentText(snapshot.startedAt));
    default:
        return {};
    }
}

} // namespace

QString fleetHeaderToolTip(FleetColumn column)
{
    switch (column) {
    case FleetColumn::Ready:
        return Text::tr("Whether it wants new work");
    case FleetColumn::InFlight:
        return Text::tr("Requests accepted and not yet completely answered");
    case FleetColumn::Trend:
        return Text::tr("In flight over the last 60 samples, one a second");
    case FleetColumn::Jobs:
        return Text::tr("Jobs running / waiting");
    case FleetColumn::Engine:
        return Text::tr("What keeps its jobs, and who tells it which to run");
    case FleetColumn::Rate:
        return Text::tr("Requests answered a second");
    case FleetColumn::Remaining:
        return Text::tr("While stopping: until the deadline; "
                        "else how long a drain would take, as predicted");
    default:
        return fleetHeader(column);
    }
}

QString fleetToolTip(const FleetRow &row, FleetColumn column)
{
    switch (column) {
    case FleetColumn::State:
    case FleetColumn::Ready:
        return stateToolTip(row);
    case FleetColumn::Name:
        return nameToolTip(row.instance);
    case FleetColumn::LastEvent:
        return Text::tr("%1\n%2").arg(row.last.text, momentText(row.last.at));
    case FleetColumn::Address:
        return row.instance.spec().adminUrl.toDisplayString();
    default:
        return row.instance.snapshot()
            ? snapshotToolTip(row.instance, *row.instance.snapshot(), column)
            : QString();
    }
}

} // namespace quiesce
