// SPDX-License-Identifier: GPL-3.0-only
// JobRunner: places, attempts, and what becomes of them.
#include "service/jobs/jobrunner.h"

#include "common/logline.h"

#include <QLoggingCategory>
#include <QRandomGenerator>
#include <algorithm>
#include <utility>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcRunner, "quiesce.jobs")

using Phase = RunningJob::Phase;

} // namespace

JobRunner::JobRunner(const Host &host, const JobSettings &settings, QObject *parent)
    : QObject(parent)
    , m_host(host)
    , m_settings(settings)
    , m_world{ .context = *this,
               .bell = m_bell,
               .clock = host.clock,
               .inFlight = host.inFlight,
               .store = host.store,
               .observer = *this,
               .notice = host.notice,
               .cancelGrace = host.cancelGrace,
               .retryAt = [this](int attempt) { return retryAt(attempt); } }
    , m_leases(host.clock, host.store, settings.lease, [this] { return leases(); })
    , m_random([] { return QRandomGenerator::global()->generateDouble(); })
{
    connect(&host.dispatch, &JobDispatch::claimed, this, [this](const QList<Job> &jobs) {
        for (const Job &job : jobs)
            run(job);
        offerSoon();
    });
    connect(&host.store, &JobStore::faultChanged, this, [this] {
        if (m_host.store.fault().isEmpty())
            retryEnds();
    });
    connect(&m_leases, &LeaseKeeper::lost, this, &JobRunner::dropLost);
    connect(&m_leases, &LeaseKeeper::toCancel, this, [this](const QStringList &jobIds) {
        for (const QString &id : jobIds)
            tryCancel(id);
    });
    connect(&m_leases, &LeaseKeeper::renewed, this, &JobRunner::retryEnds);
}

JobRunner::~JobRunner()
{
    m_isHalted = true;
    m_jobs.clear();
}

void JobRunner::start()
{
    m_isHalted = false;
    offerSoon();
}

void JobRunner::halt()
{
    m_isHalted = true;
    m_host.dispatch.halt();
}

/// Once for all that happens in one turn of the event loop: one claim then fills all places.
void JobRunner::offerSoon()
{
    if (m_isHalted || std::exchange(m_isOffering, true))
        return;
    QMetaObject::invokeMethod(this, &JobRunner::offer, Qt::QueuedConnection);
}

void JobRunner::offer()
{
    m_isOffering = false;
    if (m_isHalted)
        return;
    const int surplus = std::max(m_leftBehind - m_settings.maxRunning, 0);
    const int limit = std::min(m_settings.maxRunning - m_held - surplus, kMaxEnding - m_ending);
    m_host.dispatch.setPlaces(m_host.kinds.freePlaces(), std::max(limit, 0));
}

void JobRunner::run(const Job &job)
{
    JobKinds::Entry *kind = m_host.kinds.find(job.kind);
    Q_ASSERT_X(kind, "JobRunner", "only kinds with a handler are offered places");
    if (const auto older = m_jobs.find(job.id); older != m_jobs.end())
        lostLease(*older->second);
    const auto running = std::make_shared<RunningJob>(m_world, *kind, job, m_host.owner);
    m_jobs.emplace(job.id, running);
    account(*running, Phase::Running, 1);
    m_leases.begin();
    Q_EMIT jobChanged(job);
    if (m_isHalted) // by a slot, or by the handler of one brought with it
        running->putDown();
    else
        running->begin();
}

void JobRunner::account(const RunningJob &job, Phase phase, int by)
{
    if (phase == Phase::Ending) {
        m_ending += by;
        return;
    }
    m_held += by;
    job.kindEntry().held += by;
}

void JobRunner::phaseChanged(RunningJob &job, Phase from)
{
    account(job, from, -1);
    account(job, job.phase(), 1);
    offerSoon();
}

void JobRunner::leftBehind(std::unique_ptr<RunningJob::Watcher> watcher)
{
    ++m_leftBehind;
    RunningJob::Watcher *left = watcher.release();
    left->setParent(this);
    connect(left, &RunningJob::Watcher::finished, this, [this, left] {
        --m_leftBehind;
        left->deleteLater();
        offerSoon();
    });
    left->cancel(); // one that still waits for a thread never begins then
}

void JobRunner::ended(RunningJob &job, const Result<Job, StoreError> &end)
{
    const bool isRequeued = !end || std::holds_alternative<AttemptEnd::Requeued>(job.end().how);
    ++(isRequeued ? m_tally.requeued : m_tally.finished);
    if (!end) {
        qCWarning(lcRunner).noquote() << LogLine("end of a job dropped: it is another's")
                                             .with("job", job.lease().jobId)
                                             .with("attempt", job.lease().attempt)
                                             .with("reason", end.error().reason)
                                             .toString();
    }
    const QString id = job.lease().jobId;
    remove(job);
    m_host.dispatch.settle(id, end ? std::optional(end.value()) : std::nullopt);
    if (end)
        Q_EMIT jobChanged(end.value());
    if (isSettled())
        Q_EMIT settled();
}

void JobRunner::lostLease(RunningJob &job)
{
    qCWarning(lcRunner).noquote() << LogLine("lease lost")
                                         .with("job", job.lease().jobId)
                                         .with("attempt", job.lease().attempt)
                                         .toString();
    ++m_tally.requeued; // whoever took it has queued it again
    job.dropLease();
    const QString id = job.lease().jobId;
    remove(job);
    m_host.dispatch.settle(id, std::nullopt);
    if (isSettled())
        Q_EMIT settled();
}

void JobRunner::remove(RunningJob &job)
{
    account(job, job.phase(), -1);
    m_jobs.erase(m_jobs.find(job.lease().jobId));
    if (m_ending == kMaxEnding - 1)
        offerSoon();
}

void JobRunner::dropLost(const QStringList &jobIds)
{
    for (const QString &id : jobIds) {
        if (const auto job = m_jobs.find(id); job != m_jobs.end())
            lostLease(*job->second);
    }
}

void JobRunner::retryEnds()
{
    if (m_held == 0)
        return;
    for (const auto &[id, job] : m_jobs)
        job->retryEnd();
}

bool JobRunner::tryCancel(const QString &id)
{
    const auto job = m_jobs.find(id);
    if (job == m_jobs.end())
        return false;
    job->second->cancel();
    return true;
}

std::optional<Job> JobRunner::running(const QString &id) const
{
    const auto job = m_jobs.find(id);
    return job == m_jobs.end() ? std::nullopt : std::optional(job->second->job());
}

std::optional<JobOutput> JobRunner::output(const QString &id) const
{
    const auto job = m_jobs.find(id);
    return job == m_jobs.end() ? std::nullopt : job->second->output();
}

void JobRunner::beginTally()
{
    halt();
    m_tally = {};
}

void JobRunner::endTally()
{
    m_tally = {};
}

StopReport::Jobs JobRunner::tally() const
{
    StopReport::Jobs tally = m_tally;
    tally.abandoned = count() + m_host.dispatch.unreturned();
    tally.runningAtStop = tally.finished + tally.requeued + tally.abandoned;
    return tally;
}

QStringList JobRunner::jobIds() const
{
    QStringList ids;
    ids.reserve(count());
    for (const auto &[id, job] : m_jobs)
        ids.append(id);
    return ids;
}

QList<Lease> JobRunner::leases() const
{
    QList<Lease> leases;
    leases.reserve(count());
    for (const auto &[id, job] : m_jobs)
        leases.append(job->lease());
    return leases;
}

QDateTime JobRunner::retryAt(int attempt) const
{
    const auto delay = retryDelay(attempt, m_settings.retryBase, m_settings.retryCap, m_random());
    return m_host.clock.utcNow().addMSecs(delay.count());
}

} // namespace quiesce
