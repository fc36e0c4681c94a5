// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStage: a Lifecycle with everything around it, its whole event log, and ways to bring it
// into each situation.
#pragma once

#include "service/core/inflight.h"
#include "service/core/lifecycle.h"
#include "service/core/stophooks.h"
#include "service/core/stopnotice.h"
#include "tests/support/fakework.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QPromise>
#include <QStringList>
#include <QThreadPool>
#include <deque>

namespace quiesce::test {

/// Notes every signal of the Lifecycle with its time: "+1000 lame-duck > draining".
class LifecycleStage final : public QObject
{
    Q_OBJECT

public:
    explicit LifecycleStage(const StopSettings &settings = {});
    ~LifecycleStage() override;

    /// `starting`, `told while starting`, `serving`, `quiesced`, `lame duck`, `draining`,
    /// `cancelling`, `stopping`, `stopped`. A request holds the drain in those that need it.
    void reach(const QString &situation);

    FakeWork &begin(WorkKind kind = WorkKind::Request,
                    const QString &label = QStringLiteral("GET /work"));
    /// A hook that ends only when its promise is finished.
    QPromise<void> &addHangingHook(const QString &name);
    /// Delivers what is queued, time standing still.
    void settle() { clock.advance({}); }
    /// What has happened since the last take.
    QStringList takeEvents() { return std::exchange(m_events, {}); }
    void note(const QString &event);

    LogRecorder log{ "quiesce.lifecycle" };
    ManualClock clock;
    InFlight inFlight{ clock };
    QThreadPool pool;
    StopHooks hooks{ clock, pool };
    StopNotice notice;
    Lifecycle lifecycle;
    std::optional<StopReport> report; ///< of stopped()

private:
    void listen();

    SteadyTime m_start = clock.now();
    QStringList m_events;
    std::deque<FakeWork> m_items;
    std::deque<QPromise<void>> m_hanging;
};

[[nodiscard]] StopCause bySignal(int number = 15);
[[nodiscard]] StopCause byActor(const QString &actor);
/// "ok" or the contract's code.
[[nodiscard]] QString told(const LifecycleResult &result);

} // namespace quiesce::test
