// SPDX-License-Identifier: GPL-3.0-only
// JobQueue: jobs as the HTTP API, the snapshot and an embedding program see them.
#pragma once

#include "common/jobs/jobengine.h"
#include "common/settings.h"
#include "service/core/clock.h"
#include "service/core/jobsatstop.h"
#include "service/jobs/broker/brokerfacts.h"
#include "service/jobs/joberror.h"
#include "service/jobs/jobkind.h"

#include <QThreadPool>
#include <memory>
#include <vector>

namespace quiesce {

class BrokerLink;
class InFlight;
class JobDispatch;
class JobKinds;
class JobRetention;
class JobRunner;
class JobWaiters;
class Lifecycle;
class StopNotice;
struct StateChange;

/// What a client asks for.
struct JobRequest
{
    QString kind;
    QJsonObject payload{};
    std::optional<std::chrono::milliseconds> timeout{}; ///< none: its kind's
    std::optional<int> maxAttempts{}; ///< none: its kind's
    QDateTime runAt{}; ///< invalid: now
    QByteArray idempotencyKey{}; ///< empty: none
    QByteArray fingerprint{}; ///< of the body; empty: made from what is above
};

/// Takes jobs in, has them run, and tells of them: the one door to jobs for everybody above.
///
/// Thread:  event loop.
/// Owns:    the store, the dispatch, the runner, the thread pool of blocking handlers.
/// Order:   tryAddKind() before open(), once. It follows the lifecycle by itself: jobs begin while
///          serving, none from lame duck on. close() when nothing runs any more.
/// Errors:  are values; every reply comes exactly once, never inside the call, and not any more
///          when the queue has been destroyed. Before open() all is `store-unavailable`.
/// Limits:  kMaxWaiters; JobStore::kMaxPending; see JobRunner for what runs.
class JobQueue final : public QObject, public JobsAtStop
{
    Q_OBJECT

public:
    static constexpr int kMaxWaiters = 1'024;
    static constexpr std::chrono::milliseconds kLongestTimeout = std::chrono::hours(30 * 24);
    static constexpr int kMostAttempts = 100;
    static constexpr std::chrono::milliseconds kLinkPatience{ 300 };
    static constexpr qsizetype kMaxKeyBytes = 255;

    /// What is around it and must outlive it.
    struct Host
    {
        Clock &clock;
        InFlight &inFlight;
        Lifecycle &lifecycle;
        std::shared_ptr<const StopNotice> notice;
    };

    JobQueue(const Host &host, const JobSettings &settings, QObject *parent = nullptr);
    ~JobQueue() override;

    /// @error what is wrong with its name, or that there is one of that name.
    Result<Done, QString> tryAddKind(JobKind kind);
    [[nodiscard]] bool hasKinds() const;
    [[nodiscard]] QStringList kinds() const; ///< sorted
    /// For handlers that block: 2 * jobs.max_running threads, since one that was let go may be left
    /// on its thread.
    [[nodiscard]] QThreadPool &pool() { return m_pool; }

    /// Before open(): who may run a job is told by this broker, which is connected to from then on
    /// and left when the queue closes.
    void setBroker(std::unique_ptr<BrokerLink> link);
    /// None: the store itself tells.
    [[nodiscard]] std::optional<BrokerFacts> broker() const;

    /// Opens the store and rescues what a dead process left; answers how many jobs that were. Asked
    /// once, and after an error again; what is asked of the queue meanwhile is answered in order.
    void open(std::unique_ptr<JobStore> store, const QString &owner, const Reply<int> &reply);
    /// The same beside a process that shares its store and has that owner.
    void openBeside(std::unique_ptr<JobStore> store, const QString &owner,
                    const QString &predecessor, const Reply<int> &reply);
    /// See JobStore::share(). After Look and End those who wait are told what has ended meanwhile.
    void share(JobStore::Sharing how, const Reply<int> &reply);
    /// Closed in order, or never opened: nothing of the store and the broker is at work any more.
    [[nodiscard]] bool isClosed() const { return !m_store || (m_isClosed && m_isLinkClosed); }
    /// Whether a handler that was let go is still on its thread, or the store may be at work.
    [[nodiscard]] bool hasRunningThreads() const
    {
        return m_pool.activeThreadCount() > 0 || !isClosed();
    }

    void submit(const JobRequest &request, JobReply<Submitted> reply);
    /// With the progress of this moment.
    void get(const QString &id, JobReply<Job> reply);
    using WaitId = quint64;
    /// The job when it has ended, when the time is up, or when a stop begins, whichever is first.
    WaitId waitFor(const QString &id, std::chrono::milliseconds timeout, JobReply<Job> reply);
    /// Nobody wants that reply any more, and it need not come; for one that has come, nothing.
    void endWait(WaitId wait);
    [[nodiscard]] int waits() const; ///< under way
    /// With the progress of this moment, too.
    void list(const JobQuery &query, JobReply<JobPage> reply);
    /// Cancelled, or running with isCancelRequested: then its handler has been told.
    void cancel(const QString &id, JobReply<Job> reply);
    /// While it runs here, what it has written up to this moment.
    void output(const QString &id, JobReply<JobOutput> reply);

    [[nodiscard]] JobCounts counts() const;
    /// Why new jobs cannot be kept at the moment; empty: they can. For readiness.
    [[nodiscard]] QString fault() const;
    /// What keeps the jobs and tells of them, and how both are.
    [[nodiscard]] JobEngine engine() const;
    /// From 0 to 1, for the jitter of retries; for tests. After open().
    void setRandom(std::function<double()> random);

    // The stop's side, for the Lifecycle and the hook that runs last.
    void beginTally() override;
    void endTally() override;
    [[nodiscard]] StopReport::Jobs tally() const override;
    /// Has no bound of its own: a full disk may hold it for ever. A broker that does not let go is
    /// waited for no longer than kLinkPatience once the store is closed.
    void close(std::function<void()> closed) override;

Q_SIGNALS:
    /// Each change of state, as it is on stable storage; not for progress.
    void jobChanged(const quiesce::Job &job);
    /// At most ten times a second a job.
    void jobProgressed(const quiesce::Job &job);
    void faultChanged();
    void brokerChanged();

private:
    void follow(const StateChange &change);
    void take(std::unique_ptr<JobStore> store, const QString &owner);
    void wire();
    /// Looks at what another instance has changed: none named: at all that somebody waits for, or
    /// that runs here.
    void lookAt(const QStringList &ids);
    void takeOpened(const Result<int, StoreError> &reply, const Reply<int> &tell);
    void takeChange(const Job &job);
    void startWhenServing();
    void closeWhenSettled();
    void closeStore();
    void tellWhenClosed();
    void tellClosed();
    [[nodiscard]] std::optional<JobError> refusal(const JobRequest &request) const;
    [[nodiscard]] NewJob newJob(const JobRequest &request) const;
    [[nodiscard]] Job withProgress(Job job) const;
    template <typename T>
    void refuse(const JobReply<T> &reply, const JobError &error);
    template <typename T, typename Then>
    [[nodiscard]] Reply<T> guarded(Then then);

    Host m_host;
    JobSettings m_settings;
    QThreadPool m_pool;
    std::unique_ptr<JobKinds> m_kinds;
    std::unique_ptr<BrokerLink> m_link; ///< null: the store itself tells of jobs
    std::unique_ptr<JobStore> m_store; ///< null before open(), and so are the next three
    std::unique_ptr<JobDispatch> m_dispatch;
    std::unique_ptr<JobRunner> m_runner;
    std::unique_ptr<JobRetention> m_retention;
    std::unique_ptr<JobWaiters> m_waiters;
    std::vector<std::function<void()>> m_whenClosed;
    bool m_isOpen = false; ///< open() has succeeded
    bool m_isStopping = false; ///< a stop has begun and was not taken back
    bool m_isClosing = false;
    bool m_isClosed = false; ///< the store is
    bool m_isLinkClosed = true; ///< not while there is a broker that was started
    std::unique_ptr<Alarm> m_linkPatience; ///< from when the store is closed
};

} // namespace quiesce
