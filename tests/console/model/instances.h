// SPDX-License-Identifier: GPL-3.0-only
// Instances fed by hand: what a client would tell them, in a word each.
#pragma once

#include "console/model/instance/instance.h"

namespace quiesce::test {

inline InstanceSpec specAt(int port, const QString &name = {})
{
    InstanceSpec spec;
    spec.adminUrl = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port));
    spec.id = spec.adminUrl.toString();
    spec.name = name;
    return spec;
}

inline Snapshot snapshotOf(const QString &instanceId,
                           LifecycleState state = LifecycleState::Serving)
{
    Snapshot snapshot;
    snapshot.name = QStringLiteral("orders");
    snapshot.instanceId = instanceId;
    snapshot.stats.state = state;
    return snapshot;
}

inline void setLink(Instance &instance, LinkState state, const QString &reason = {})
{
    LinkStatus link;
    link.state = state;
    link.reason = reason;
    instance.takeLink(link);
}

inline void serve(Instance &instance, const QString &instanceId)
{
    instance.takeSnapshot(snapshotOf(instanceId), false);
    setLink(instance, LinkState::Live);
}

/// The last report, and then the end of the line.
inline void endWith(Instance &instance, StopOutcome outcome)
{
    StopReport report;
    report.instanceId = instance.snapshot()->instanceId;
    report.outcome = outcome;
    instance.takeReport(report);
    LinkStatus link;
    link.state = LinkState::Stopped;
    link.outcome = outcome;
    instance.takeLink(link);
}

} // namespace quiesce::test
