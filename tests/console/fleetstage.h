// SPDX-License-Identifier: GPL-3.0-only
// Instances without a client, brought into any condition by hand, for tests of the fleet.
#pragma once

#include "console/model/instance/instance.h"

namespace quiesce::fleetstage {

inline InstanceSpec spec(const QString &name, Environment environment = Environment::None)
{
    using namespace Qt::StringLiterals;
    InstanceSpec spec;
    spec.id = name;
    spec.name = name;
    spec.adminUrl = QUrl(u"http://%1.example:9090"_s.arg(name));
    spec.environment = environment;
    return spec;
}

inline Snapshot snapshot(LifecycleState state = LifecycleState::Serving)
{
    using namespace Qt::StringLiterals;
    Snapshot snapshot;
    snapshot.name = u"service"_s;
    snapshot.version = u"1.2.3"_s;
    snapshot.instanceId = u"i-1"_s;
    snapshot.startedAt = QDateTime::currentDateTimeUtc().addSecs(-100);
    snapshot.stateSinceAt = snapshot.startedAt;
    snapshot.stats.state = state;
    snapshot.stats.inFlight = 3;
    return snapshot;
}

inline void setLink(Instance &instance, LinkState state, const QString &reason = {})
{
    LinkStatus link;
    link.state = state;
    link.since = QDateTime::currentDateTimeUtc();
    link.reason = reason;
    instance.takeLink(link);
}

/// Live in that state.
inline void goLive(Instance &instance, LifecycleState state = LifecycleState::Serving)
{
    setLink(instance, LinkState::Live);
    instance.takeSnapshot(snapshot(state), false);
}

/// Live, with a stop under way that has so long left.
inline void beginStop(Instance &instance, std::chrono::milliseconds left)
{
    Snapshot stopping = snapshot(LifecycleState::Draining);
    stopping.stop = StopView{};
    stopping.stop->remaining = left;
    stopping.stop->deadlineAt = QDateTime::currentDateTimeUtc().addMSecs(left.count());
    stopping.stop->waitingOnTotal = 4;
    setLink(instance, LinkState::Live);
    instance.takeSnapshot(stopping, false);
}

inline void setInFlight(Instance &instance, qint64 count)
{
    Stats stats = instance.snapshot()->stats;
    stats.inFlight = count;
    instance.takeStats(stats);
}

} // namespace quiesce::fleetstage
