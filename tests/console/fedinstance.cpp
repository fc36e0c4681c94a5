// SPDX-License-Identifier: GPL-3.0-only
// What a test feeds an Instance by hand: see the header.
#include "tests/console/fedinstance.h"

namespace quiesce::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

QDateTime utcNow()
{
    return QDateTime::currentDateTimeUtc();
}

LinkStatus link(LinkState state, const QString &reason)
{
    LinkStatus link;
    link.state = state;
    link.since = utcNow();
    link.reason = reason;
    link.lastSeenAt = utcNow();
    return link;
}

InstanceSpec spec()
{
    InstanceSpec spec;
    spec.id = u"one"_s;
    spec.name = u"orders-1"_s;
    spec.adminUrl = QUrl(u"http://127.0.0.1:9090"_s);
    spec.environment = Environment::Production;
    return spec;
}

Stats stats(LifecycleState state, qint64 inFlight)
{
    Stats stats;
    stats.state = state;
    stats.uptime = 3h + 25min;
    stats.inFlight = inFlight;
    stats.connectionsOpen = inFlight + 4;
    stats.connectionsActive = inFlight;
    stats.predictedDrain = 3'200ms;
    return stats;
}

Snapshot snapshot(LifecycleState state, qint64 inFlight)
{
    Snapshot snapshot;
    snapshot.name = u"orders"_s;
    snapshot.version = u"0.1.0"_s;
    snapshot.instanceId = u"a1"_s;
    snapshot.pid = 4711;
    snapshot.host = u"node-7"_s;
    snapshot.stats = stats(state, inFlight);
    snapshot.startedAt = utcNow().addMSecs(-snapshot.stats.uptime.count());
    snapshot.stateSinceAt = utcNow().addSecs(-4);
    return snapshot;
}

QList<Blocker> blockers(int count, milliseconds oldest, int firstId)
{
    QList<Blocker> blockers;
    for (int i = 0; i < count; ++i) {
        Blocker blocker;
        blocker.kind = u"request"_s;
        blocker.id = QString::number(firstId + i);
        blocker.method = u"GET"_s;
        blocker.route = u"/work"_s;
        blocker.label = u"GET /work?ms=30000"_s;
        blocker.peer = u"10.0.0.7:50114"_s;
        blocker.age = oldest - 100ms * i;
        blockers.append(blocker);
    }
    return blockers;
}

StopCause cause()
{
    StopCause cause;
    cause.kind = StopCause::Kind::Api;
    cause.actor = u"alice"_s;
    cause.role = u"operator"_s;
    cause.remoteAddress = u"10.0.0.7"_s;
    cause.reason = u"deploy 7"_s;
    return cause;
}

StopView stopView(milliseconds elapsed, milliseconds total, const QList<Blocker> &waitingOn)
{
    StopView stop;
    stop.cause = cause();
    stop.requestedAt = utcNow().addMSecs(-elapsed.count());
    stop.deadlineAt = stop.requestedAt.addMSecs(total.count());
    stop.remaining = total - elapsed;
    stop.waitingOn = waitingOn;
    stop.waitingOnTotal = waitingOn.size();
    return stop;
}

StateEvent entered(LifecycleState from, LifecycleState to)
{
    return { .from = from, .to = to, .at = utcNow(), .cause = cause(), .deadlineAt = {} };
}

StopReport report(StopOutcome outcome)
{
    StopReport report;
    report.outcome = outcome;
    report.cause = cause();
    report.requestedAt = utcNow().addSecs(-27);
    report.stoppedAt = utcNow();
    report.phases = { { u"lame-duck"_s, report.requestedAt, 500ms },
                      { u"draining"_s, report.requestedAt, 25s },
                      { u"stopping"_s, report.requestedAt, 1'500ms } };
    report.requests.drained = 40;
    report.requests.cancelled = 3;
    report.requests.aborted = 1;
    return report;
}

Job job(const QString &id, JobState state)
{
    Job job;
    job.id = id;
    job.kind = u"digest"_s;
    job.state = state;
    job.maxAttempts = 3;
    job.createdAt = utcNow().addSecs(-90);
    return job;
}

} // namespace quiesce::test
