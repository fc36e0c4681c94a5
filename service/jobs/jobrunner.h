// SPDX-License-Identifier: GPL-3.0-only
// JobRunner: runs what the dispatch brings, as many at a time as there are places.
#pragma once

#include "common/lifecycle/stopreport.h"
#include "service/jobs/attemptbell.h"
#include "service/jobs/leasekeeper.h"
#include "service/jobs/runningjob.h"

#include <unordered_map>

namespace quiesce {

/// Owns the attempts under way and their places.
///
/// Thread:  event loop.
/// Owns:    its RunningJobs, the watchers of handlers left behind, the heartbeat.
/// Order:   start() and halt() in any order, any number of times.
/// Limits:  jobs.max_running handlers run, and as many of a kind as it says. A place is free when
///          the handler has returned; at most kMaxEnding ends wait for the store, and one that the
///          store could not keep takes its place back until it can. Handlers that were let go and
///          have not returned hold no place until they are as many as jobs.max_running.
/// Emits:   jobChanged() with each state that is on stable storage; settled() when the last of what
///          ran has ended.
class JobRunner final : public QObject, private RunningJob::Observer
{
    Q_OBJECT

public:
    static constexpr int kMaxEnding = 1'024;

    struct Host
    {
        Clock &clock;
        InFlight &inFlight;
        JobStore &store;
        JobDispatch &dispatch;
        JobKinds &kinds;
        std::shared_ptr<const StopNotice> notice;
        std::chrono::milliseconds cancelGrace;
        QString owner; ///< of the leases
    };

    JobRunner(const Host &host, const JobSettings &settings, QObject *parent = nullptr);
    ~JobRunner() override;

    /// From 0 to 1, for the jitter of retries.
    void setRandom(std::function<double()> random) { m_random = std::move(random); }

    void start();
    void halt();
    /// False: it does not run here (any more).
    bool tryCancel(const QString &id);
    /// None: it does not run here.
    [[nodiscard]] std::optional<Job> running(const QString &id) const;
    /// None: it does not run here, or has written nothing.
    [[nodiscard]] std::optional<JobOutput> output(const QString &id) const;
    [[nodiscard]] QStringList jobIds() const; ///< of those that run here
    [[nodiscard]] int count() const { return static_cast<int>(m_jobs.size()); }
    [[nodiscard]] bool isSettled() const { return m_jobs.empty(); }
    /// What the store could not keep, once more.
    void retryEnds();

    /// See JobsAtStop. beginTally() halts.
    void beginTally();
    void endTally();
    [[nodiscard]] StopReport::Jobs tally() const;

Q_SIGNALS:
    void jobChanged(const quiesce::Job &job);
    void jobProgressed(const quiesce::Job &job);
    void settled();

private:
    void phaseChanged(RunningJob &job, RunningJob::Phase from) override;
    void progressed(const Job &job) override { Q_EMIT jobProgressed(job); }
    void leftBehind(std::unique_ptr<RunningJob::Watcher> watcher) override;
    void ended(RunningJob &job, const Result<Job, StoreError> &end) override;
    void lostLease(RunningJob &job) override;

    void run(const Job &job);
    void remove(RunningJob &job);
    void account(const RunningJob &job, RunningJob::Phase phase, int by);
    void offerSoon();
    void offer();
    void dropLost(const QStringList &jobIds);
    [[nodiscard]] QList<Lease> leases() const;
    [[nodiscard]] QDateTime retryAt(int attempt) const;

    Host m_host;
    JobSettings m_settings;
    AttemptBell m_bell;
    RunningJob::World m_world;
    LeaseKeeper m_leases;
    std::function<double()> m_random;
    std::unordered_map<QString, std::shared_ptr<RunningJob>> m_jobs; ///< by id
    StopReport::Jobs m_tally; ///< of those that have ended since beginTally()
    int m_held = 0; ///< places
    int m_ending = 0;
    int m_leftBehind = 0;
    bool m_isHalted = true;
    bool m_isOffering = false; ///< offer() is on its way
};

} // namespace quiesce
