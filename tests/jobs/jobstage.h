// SPDX-License-Identifier: GPL-3.0-only
// JobStage: a queue with a lifecycle around it, jobs by name, and its whole event log.
#pragma once

#include "service/core/inflight.h"
#include "service/core/lifecycle.h"
#include "service/core/stophooks.h"
#include "service/core/stopnotice.h"
#include "service/jobs/jobqueue.h"
#include "tests/jobs/fakejobstore.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QPromise>

namespace quiesce::test {

/// Notes each change of a job and of the lifecycle with its time: "+1000 a succeeded 1/3".
///
/// Kinds: `quick` succeeds at once. `slow` notes "a begins" (with its checkpoint) and how it is
/// told to stop ("a told"), and ends when the test says so. `single` is a `slow` of which one runs.
class JobStage final : public QObject
{
    Q_OBJECT

public:
    explicit JobStage(const JobSettings &settings = {});
    ~JobStage() override;

    /// Opens the store and serves.
    void serve();
    void addKind(const QString &name, JobKind::Handler handler);
    /// The id of a job of that name. More of it may be set in `request`.
    QString submit(const QString &kind, const QString &name, JobRequest request = {});
    [[nodiscard]] QString id(const QString &name) const { return m_ids.value(name); }
    [[nodiscard]] Job job(const QString &name) const { return store->job(id(name)); }
    /// What a `slow` one has been given in its attempt under way.
    [[nodiscard]] const JobContext &context(const QString &name) { return m_contexts.at(name); }
    void finish(const QString &name, const JobOutcome &outcome = JobOutcome::success());
    void stop(std::chrono::milliseconds lameDuck = {});
    void force();
    /// Delivers what is queued, time standing still.
    void settle() { clock.advance({}); }
    void advance(std::chrono::milliseconds by) { clock.advance(by); }
    QStringList takeEvents() { return std::exchange(m_events, {}); }
    void note(const QString &event);
    /// "runningAtStop finished requeued abandoned" of the report.
    [[nodiscard]] QString reported() const;

    LogRecorder jobLog{ "quiesce.jobs" };
    LogRecorder lifecycleLog{ "quiesce.lifecycle" };
    LogRecorder hookLog{ "quiesce.hooks" };
    ManualClock clock;
    InFlight inFlight{ clock };
    QThreadPool hookPool;
    StopHooks hooks{ clock, hookPool };
    std::shared_ptr<StopNotice> notice = std::make_shared<StopNotice>();
    Lifecycle lifecycle;
    JobQueue queue;
    FakeJobStore *store = nullptr; ///< the queue's
    std::optional<StopReport> report; ///< of stopped()

private:
    void listen();
    [[nodiscard]] QFuture<JobOutcome> beginSlow(const JobContext &context);

    SteadyTime m_start = clock.now();
    QStringList m_events;
    QHash<QString, QString> m_ids; ///< by name
    std::map<QString, JobContext> m_contexts;
    std::map<QString, QPromise<JobOutcome>> m_promises;
    std::vector<std::unique_ptr<std::stop_callback<std::function<void()>>>> m_callbacks;
};

/// The name that submit() put into the payload.
[[nodiscard]] QString nameOf(const QJsonObject &payload);

} // namespace quiesce::test
