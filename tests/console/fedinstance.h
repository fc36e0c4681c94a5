// SPDX-License-Identifier: GPL-3.0-only
// What a test feeds an Instance by hand: links, snapshots, states, blockers and reports.
#pragma once

#include "console/model/instance/instance.h"

namespace quiesce::test {

using std::chrono::milliseconds;

[[nodiscard]] QDateTime utcNow();
[[nodiscard]] InstanceSpec spec();
[[nodiscard]] LinkStatus link(LinkState state, const QString &reason = {});
[[nodiscard]] Stats stats(LifecycleState state, qint64 inFlight = 0);
[[nodiscard]] Snapshot snapshot(LifecycleState state, qint64 inFlight = 0);
/// Of ages that fall by a tenth of a second from `oldest`.
[[nodiscard]] QList<Blocker> blockers(int count, milliseconds oldest = std::chrono::seconds(20),
                                      int firstId = 0);
[[nodiscard]] StopCause cause();
[[nodiscard]] StopView stopView(milliseconds elapsed, milliseconds total,
                                const QList<Blocker> &waitingOn);
[[nodiscard]] StateEvent entered(LifecycleState from, LifecycleState to);
[[nodiscard]] StopReport report(StopOutcome outcome);
[[nodiscard]] Job job(const QString &id, JobState state);

} // namespace quiesce::test
