// SPDX-License-Identifier: GPL-3.0-only
// RunningJob: one attempt of one job, from its claim until its end is on stable storage.
#pragma once

#include "service/core/workitem.h"
#include "service/jobs/attemptlink.h"
#include "service/jobs/jobkinds.h"
#include "service/jobs/throttle.h"
#include "service/jobs/verdict.h"

#include <QFutureWatcher>
#include <memory>

namespace quiesce {

class InFlight;

/// Calls the handler, tells it when to give up, lets go of it when it does not, and has the store
/// keep how it ended. In flight until that is durable, but for cut(), after which it goes on alone.
///
/// Thread:  event loop. Owns: its link, its alarms, and the watcher of its handler's future, which
///          goes to the observer when the handler is let go.
/// Order:   begin() or putDown(), once.
/// Limits:  progress is passed on every kProgressPeriod, output written every kOutputPeriod and at
///          the end.
class RunningJob final : public WorkItem,
                         public std::enable_shared_from_this<RunningJob>,
                         private AttemptLink::Listener
{
public:
    static constexpr std::chrono::milliseconds kProgressPeriod{ 100 };
    static constexpr std::chrono::seconds kOutputPeriod{ 5 };

    using Watcher = QFutureWatcher<JobOutcome>;
    enum class Phase : unsigned char {
        Running, ///< its handler has not returned
        Ending, ///< the store is to keep how it ended
        Refused, ///< the store could not: see retryEnd()
    };

    /// Who is told. Every call comes from the event loop; ended() and lostLease() may destroy it.
    class Observer
    {
    public:
        virtual ~Observer() = default;
        virtual void phaseChanged(RunningJob &job, Phase from) = 0;
        virtual void progressed(const Job &job) = 0;
        /// Let go, but it has not returned: `watcher` is asked to cancel and will finish some time.
        virtual void leftBehind(std::unique_ptr<Watcher> watcher) = 0;
        /// The job as it then is, or why nobody will keep this end: the job is another's.
        virtual void ended(RunningJob &job, const Result<Job, StoreError> &end) = 0;
        virtual void lostLease(RunningJob &job) = 0;
    };

    /// What is around it and outlives it.
    struct World
    {
        QObject &context; ///< whose event loop everything runs on
        AttemptBell &bell;
        Clock &clock;
        InFlight &inFlight;
        JobStore &store;
        Observer &observer;
        std::shared_ptr<const StopNotice> notice;
        std::chrono::milliseconds cancelGrace; ///< from the stop token to being let go
        std::function<QDateTime(int attempt)> retryAt;
    };

    RunningJob(const World &world, JobKinds::Entry &kind, Job job, const QString &owner);
    ~RunningJob() override;

    void begin();
    /// Queues it again without having called its handler.
    void putDown();
    /// Somebody has cancelled it: its handler is told, and let go when it does not return.
    void cancel();
    /// Another holds it now: the handler is let go, whatever it says is dropped. Not in flight any
    /// more.
    void dropLease();
    /// When phase() is Refused: once more.
    void retryEnd();

    [[nodiscard]] Phase phase() const { return m_phase; }
    [[nodiscard]] const Lease &lease() const { return m_lease; }
    [[nodiscard]] JobKinds::Entry &kindEntry() const { return m_kind; }
    [[nodiscard]] const AttemptEnd &end() const { return m_end; }
    /// As far as it is known here, with the progress of this moment.
    [[nodiscard]] Job job() const;
    /// None: it has written nothing.
    [[nodiscard]] std::optional<JobOutput> output() const;

    [[nodiscard]] WorkDescription describe() const override;
    /// By the times its kind took lately. One that has kept a checkpoint may be put down any time.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    expectedLeft(std::chrono::milliseconds age) const override;
    void requestCancel() override;
    void cut() override;

private:
    [[nodiscard]] AttemptLink::Listener &listener()
    {
        return *this;
    } ///< make_shared may not see it
    void keepsCame() override;
    void progressCame() override { m_progressThrottle.poke(); }
    void outputCame() override;

    [[nodiscard]] std::chrono::milliseconds timeout() const;
    [[nodiscard]] JobContext::Facts contextFacts() const;
    [[nodiscard]] AttemptFacts attemptFacts() const;
    [[nodiscard]] QFuture<JobOutcome> callHandler();
    void watch(const QFuture<JobOutcome> &future);
    void ringAt(SteadyTime when);
    void ring();
    void takeReturn();
    void conclude(const JobOutcome &outcome);
    void letGo();
    void leaveBehind();
    void endAs(AttemptEnd end);
    void moveTo(Phase phase);
    void storeEnd();
    void writeOutput();
    void passOn(const AttemptLink::Keep &keep);
    void takeKept(const QJsonObject &state, const Result<Done, StoreError> &reply);
    void endTooLarge();
    void takeEnd(const Result<Job, StoreError> &reply);

    const World &m_world;
    JobKinds::Entry &m_kind;
    Job m_job;
    Lease m_lease;
    std::shared_ptr<AttemptLink> m_link;
    std::optional<JobContext> m_context; ///< from begin() on
    std::stop_token m_noticeAtBegin;
    std::unique_ptr<Watcher> m_watcher; ///< null when the handler had returned at once
    std::unique_ptr<Alarm> m_alarm; ///< its time-out, then the end of its grace
    Throttle m_progressThrottle;
    Throttle m_outputThrottle;
    std::optional<QJsonObject> m_unkept; ///< a checkpoint that the store refused
    AttemptEnd m_end; ///< from Ending on
    Phase m_phase = Phase::Running;
    GiveUp m_told = GiveUp::No;
    bool m_hasCheckpoint = false; ///< of this attempt
    bool m_hasOutput = false;
    bool m_isOutputStored = true;
};

} // namespace quiesce
