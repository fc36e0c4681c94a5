// SPDX-License-Identifier: GPL-3.0-only
// JobQueue: see the header.
#include "service/jobs/jobqueue.h"

#include "common/logline.h"
#include "service/core/exceptiontext.h"
#include "service/core/lifecycle.h"
#include "service/jobs/broker/brokerdispatch.h"
#include "service/jobs/jobkinds.h"
#include "service/jobs/jobretention.h"
#include "service/jobs/jobrunner.h"
#include "service/jobs/jobwaiters.h"
#include "service/jobs/storedispatch.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QPointer>
#include <QSet>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcQueue, "quiesce.jobs")

JobError notOpen()
{
    return { JobError::Kind::Unavailable, u"the job store is not open"_s };
}

/// Of all that makes a request this one, keys sorted as QJsonObject keeps them.
QByteArray fingerprintOf(const JobRequest &request)
{
    QJsonObject all{ { u"kind"_s, request.kind }, { u"payload"_s, request.payload } };
    if (request.timeout)
        all.insert(u"timeoutMs"_s, static_cast<qint64>(request.timeout->count()));
    if (request.maxAttempts)
        all.insert(u"maxAttempts"_s, *request.maxAttempts);
    if (request.runAt.isValid())
        all.insert(u"runAt"_s, request.runAt.toUTC().toString(Qt::ISODateWithMs));
    return QCryptographicHash::hash(QJsonDocument(all).toJson(QJsonDocument::Compact),
                                    QCryptographicHash::Sha256);
}

QString complaint(const JobKind::Check &check, const QJsonObject &payload)
{
    try {
        return check ? check(payload) : QString();
    } catch (...) {
        return textOf(std::current_exception());
    }
}

/// What is out of range; empty: nothing.
QString outOfRange(const JobRequest &request)
{
    using std::chrono::milliseconds;
    if (request.timeout
        && (*request.timeout <= milliseconds(0) || *request.timeout > JobQueue::kLongestTimeout))
        return u"the time-out is not between 1 ms and 30 days"_s;
    if (request.maxAttempts
        && (*request.maxAttempts < 1 || *request.maxAttempts > JobQueue::kMostAttempts))
        return u"the attempts are not between 1 and %1"_s.arg(JobQueue::kMostAttempts);
    if (request.idempotencyKey.size() > JobQueue::kMaxKeyBytes)
        return u"the idempotency key is longer than %1 bytes"_s.arg(JobQueue::kMaxKeyBytes);
    return {};
}

} // namespace

JobQueue::JobQueue(const Host &host, const JobSettings &settings, QObject *parent)
    : QObject(parent)
    , m_host(host)
    , m_settings(settings)
    , m_kinds(std::make_unique<JobKinds>(settings))
    , m_waiters(
          std::make_unique<JobWaiters>(host.clock, [this](const QString &id, JobReply<Job> reply) {
              get(id, std::move(reply));
          }))
{
    m_linkPatience = host.clock.makeAlarm([this] { tellClosed(); });
    m_pool.setMaxThreadCount(2 * settings.maxRunning);
    connect(&host.lifecycle, &Lifecycle::stateChanged, this, &JobQueue::follow);
}

JobQueue::~JobQueue()
{
    m_waiters.reset();
    m_runner.reset();
    m_dispatch.reset();
    m_retention.reset();
    m_store.reset();
}

/// Runs `then` with the store's answer unless the queue has gone meanwhile.
template <typename T, typename Then>
Reply<T> JobQueue::guarded(Then then)
{
    return [self = QPointer(this), then = std::move(then)](Result<T, StoreError> reply) {
        if (self)
            then(std::move(reply));
    };
}

template <typename T>
void JobQueue::refuse(const JobReply<T> &reply, const JobError &error)
{
    QMetaObject::invokeMethod(
        this, [reply, error] { reply(Failure{ error }); }, Qt::QueuedConnection);
}

namespace {

/// The store's answer as the queue's.
template <typename T>
Result<T, JobError> translated(Result<T, StoreError> reply)
{
    if (!reply)
        return Failure{ toJobError(reply.error()) };
    return reply.takeValue();
}

} // namespace

Result<Done, QString> JobQueue::tryAddKind(JobKind kind)
{
    Q_ASSERT(!m_store);
    return m_kinds->tryAdd(std::move(kind));
}

bool JobQueue::hasKinds() const
{
    return !m_kinds->isEmpty();
}

QStringList JobQueue::kinds() const
{
    return m_kinds->names();
}

void JobQueue::open(std::unique_ptr<JobStore> store, const QString &owner, const Reply<int> &reply)
{
    take(std::move(store), owner);
    m_store->open(owner, guarded<int>([this, reply](const Result<int, StoreError> &opened) {
                      takeOpened(opened, reply);
                  }));
}

void JobQueue::openBeside(std::unique_ptr<JobStore> store, const QString &owner,
                          const QString &predecessor, const Reply<int> &reply)
{
    take(std::move(store), owner);
    m_store->openBeside(owner, predecessor,
                        guarded<int>([this, reply](const Result<int, StoreError> &opened) {
                            takeOpened(opened, reply);
                        }));
}

void JobQueue::share(JobStore::Sharing how, const Reply<int> &reply)
{
    if (!m_isOpen || m_isClosing) {
        const auto refuse = [reply] {
            if (reply)
                reply(Failure{
                    StoreError{ StoreError::Kind::Unavailable, u"the job store is not open"_s } });
        };
        QMetaObject::invokeMethod(this, refuse, Qt::QueuedConnection);
        return;
    }
    m_store->share(how, guarded<int>([this, how, reply](const Result<int, StoreError> &shared) {
                       if (shared && how != JobStore::Sharing::Begin)
                           lookAt({});
                       if (reply)
                           reply(shared);
                   }));
}

void JobQueue::lookAt(const QStringList &ids)
{
    QStringList ours = m_waiters->jobIds() + m_runner->jobIds();
    if (!ids.isEmpty())
        ours.removeIf([known = QSet<QString>(ids.cbegin(), ids.cend())](const QString &id) {
            return !known.contains(id);
        });
    ours.removeDuplicates();
    for (const QString &id : ours) {
        m_store->get(id, guarded<Job>([this, id](const Result<Job, StoreError> &job) {
                         if (!job)
                             return;
                         if (hasEnded(job.value().state))
                             m_waiters->answer(id, translated(job));
                         else if (job.value().isCancelRequested)
                             m_runner->tryCancel(id);
                     }));
    }
}

void JobQueue::take(std::unique_ptr<JobStore> store, const QString &owner)
{
    Q_ASSERT(!m_isOpen && store);
    m_retention.reset(); // of an attempt that failed
    m_runner.reset();
    m_dispatch.reset();
    m_store = std::move(store);
    if (m_link)
        m_dispatch = std::make_unique<BrokerDispatch>(BrokerDispatch::Host{
            m_host.clock, *m_store, *m_link, owner, m_settings.lease, m_kinds->names() });
    else
        m_dispatch =
            std::make_unique<StoreDispatch>(m_host.clock, *m_store, owner, m_settings.lease);
    m_runner = std::make_unique<JobRunner>(
        JobRunner::Host{ m_host.clock, m_host.inFlight, *m_store, *m_dispatch, *m_kinds,
                         m_host.notice, m_host.lifecycle.settings().cancelGrace, owner },
        m_settings);
    m_retention = std::make_unique<JobRetention>(m_host.clock, *m_store, m_settings);
    wire();
}

void JobQueue::wire()
{
    connect(m_store.get(), &JobStore::faultChanged, this, &JobQueue::faultChanged);
    connect(m_store.get(), &JobStore::changedElsewhere, this, &JobQueue::lookAt);
    connect(m_runner.get(), &JobRunner::jobChanged, this, &JobQueue::takeChange);
    connect(m_runner.get(), &JobRunner::jobProgressed, this, &JobQueue::jobProgressed);
    connect(m_runner.get(), &JobRunner::settled, this, &JobQueue::closeWhenSettled);
    connect(m_dispatch.get(), &JobDispatch::idle, this, &JobQueue::closeWhenSettled);
}

void JobQueue::takeOpened(const Result<int, StoreError> &reply, const Reply<int> &tell)
{
    m_isOpen = reply.isOk();
    if (m_isOpen) {
        qCInfo(lcQueue).noquote()
            << LogLine("job store open").with("rescued", reply.value()).toString();
        if (!m_isClosing)
            m_retention->begin();
        if (m_link) {
            m_isLinkClosed = false;
            m_link->start(m_kinds->names());
        }
        startWhenServing();
    }
    m_isClosed = !m_isOpen;
    tell(reply);
}

void JobQueue::follow(const StateChange &change)
{
    if (change.to == LifecycleState::Serving)
        startWhenServing();
    else if (m_runner)
        m_runner->halt();
}

void JobQueue::startWhenServing()
{
    if (m_isOpen && !m_isClosing && m_host.lifecycle.state() == LifecycleState::Serving)
        m_runner->start();
}

void JobQueue::takeChange(const Job &job)
{
    if (hasEnded(job.state) && !m_waiters->isEmpty())
        m_waiters->answer(job.id, job);
    Q_EMIT jobChanged(job);
}

std::optional<JobError> JobQueue::refusal(const JobRequest &request) const
{
    if (!m_store)
        return notOpen();
    const JobKinds::Entry *kind = m_kinds->find(request.kind);
    if (!kind)
        return JobError{ JobError::Kind::UnknownKind,
                         u"there is no kind of job \"%1\""_s.arg(request.kind.left(64)) };
    if (const QString wrong = outOfRange(request); !wrong.isEmpty())
        return JobError{ JobError::Kind::BadRequest, wrong };
    const qsizetype size = QJsonDocument(request.payload).toJson(QJsonDocument::Compact).size();
    if (size > m_settings.maxPayloadBytes)
        return JobError{ JobError::Kind::PayloadTooLarge,
                         u"the payload has %1 bytes of at most %2"_s.arg(size).arg(
                             m_settings.maxPayloadBytes) };
    if (const QString wrong = complaint(kind->kind.check, request.payload); !wrong.isEmpty())
        return JobError{ JobError::Kind::BadPayload, wrong };
    return std::nullopt;
}

NewJob JobQueue::newJob(const JobRequest &request) const
{
    NewJob job{ .id = newJobId(m_host.clock.utcNow()),
                .kind = request.kind,
                .payload = request.payload,
                .maxAttempts =
                    request.maxAttempts.value_or(m_kinds->find(request.kind)->kind.maxAttempts),
                .timeout = request.timeout,
                .runAt = request.runAt,
                .idempotencyKey = request.idempotencyKey,
                .fingerprint = request.fingerprint };
    if (!job.idempotencyKey.isEmpty() && job.fingerprint.isEmpty())
        job.fingerprint = fingerprintOf(request);
    return job;
}

void JobQueue::submit(const JobRequest &request, JobReply<Submitted> reply)
{
    if (const std::optional<JobError> error = refusal(request)) {
        refuse(reply, *error);
        return;
    }
    m_store->submit(newJob(request),
                    guarded<Submitted>([this, reply = std::move(reply)](auto submitted) {
                        if (!submitted || !submitted.value().isNew) {
                            reply(translated(std::move(submitted)));
                            return;
                        }
                        const Job job = submitted.value().job;
                        takeChange(job);
                        m_dispatch->announce(job, [reply, job] { reply(Submitted{ job, true }); });
                    }));
}

Job JobQueue::withProgress(Job job) const
{
    if (job.state != JobState::Running)
        return job;
    const std::optional<Job> running = m_runner->running(job.id);
    if (running && running->attempt == job.attempt && running->progress)
        job.progress = running->progress;
    return job;
}

void JobQueue::get(const QString &id, JobReply<Job> reply)
{
    if (!m_store) {
        refuse(reply, notOpen());
        return;
    }
    m_store->get(id, guarded<Job>([this, reply = std::move(reply)](auto job) {
                     if (job)
                         reply(withProgress(job.takeValue()));
                     else
                         reply(Failure{ toJobError(job.error()) });
                 }));
}

JobQueue::WaitId JobQueue::waitFor(const QString &id, std::chrono::milliseconds timeout,
                                   JobReply<Job> reply)
{
    if (!m_store || m_isStopping || timeout <= std::chrono::milliseconds(0)) {
        get(id, std::move(reply));
        return 0;
    }
    if (m_waiters->count() >= kMaxWaiters) {
        refuse(reply,
               JobError{ JobError::Kind::TooManyWaiting,
                         u"%1 wait for jobs already"_s.arg(kMaxWaiters) });
        return 0;
    }
    const WaitId wait = m_waiters->add(id, timeout, std::move(reply));
    // It may have ended before anybody waited, or not be there at all.
    m_store->get(id, guarded<Job>([this, id](const Result<Job, StoreError> &job) {
                     if (!job || hasEnded(job.value().state))
                         m_waiters->answer(id, translated(job));
                 }));
    return wait;
}

void JobQueue::endWait(WaitId wait)
{
    m_waiters->remove(wait);
}

int JobQueue::waits() const
{
    return m_waiters->count();
}

void JobQueue::list(const JobQuery &query, JobReply<JobPage> reply)
{
    if (!m_store) {
        refuse(reply, notOpen());
        return;
    }
    m_store->list(query, guarded<JobPage>([this, reply = std::move(reply)](auto page) {
                      if (!page)
                          return reply(Failure{ toJobError(page.error()) });
                      JobPage shown = page.takeValue();
                      for (Job &job : shown.jobs)
                          job = withProgress(std::move(job));
                      reply(std::move(shown));
                  }));
}

void JobQueue::cancel(const QString &id, JobReply<Job> reply)
{
    if (!m_store) {
        refuse(reply, notOpen());
        return;
    }
    m_store->cancel(id, guarded<CancelResult>([this, reply = std::move(reply)](auto cancelled) {
                        if (!cancelled) {
                            reply(Failure{ toJobError(cancelled.error()) });
                            return;
                        }
                        const Job &job = cancelled.value().job;
                        if (hasEnded(job.state))
                            takeChange(job);
                        else
                            m_runner->tryCancel(job.id);
                        reply(withProgress(job));
                    }));
}

void JobQueue::output(const QString &id, JobReply<JobOutput> reply)
{
    if (!m_store) {
        refuse(reply, notOpen());
        return;
    }
    m_store->output(id, guarded<JobOutput>([this, id, reply = std::move(reply)](auto stored) {
                        if (const auto live = m_runner->output(id))
                            reply(*live);
                        else
                            reply(translated(std::move(stored)));
                    }));
}

void JobQueue::setBroker(std::unique_ptr<BrokerLink> link)
{
    Q_ASSERT(!m_store);
    m_link = std::move(link);
    connect(m_link.get(), &BrokerLink::factsChanged, this, &JobQueue::brokerChanged);
    connect(m_link.get(), &BrokerLink::garbled, this, [](const QString &what) {
        qCWarning(lcQueue).noquote()
            << LogLine("a broker's message was put aside").with("reason", what).toString();
    });
}

std::optional<BrokerFacts> JobQueue::broker() const
{
    return m_link ? std::optional(m_link->facts()) : std::nullopt;
}

JobCounts JobQueue::counts() const
{
    return m_store ? m_store->counts() : JobCounts{};
}

QString JobQueue::fault() const
{
    return m_store ? m_store->fault() : QString();
}

JobEngine JobQueue::engine() const
{
    JobEngine engine{ .store = m_store ? QString(m_store->engine()) : QString(),
                      .storeFault = fault(),
                      .broker = {} };
    if (m_link) {
        const BrokerFacts facts = m_link->facts();
        engine.broker = JobEngine::Broker{ .name = m_link->engine(),
                                           .fault = facts.fault,
                                           .sinceAt = facts.changedAt,
                                           .depth = facts.depth,
                                           .lag = facts.lag,
                                           .held = facts.held };
    }
    return engine;
}

void JobQueue::setRandom(std::function<double()> random)
{
    m_runner->setRandom(std::move(random));
}

void JobQueue::beginTally()
{
    m_isStopping = true;
    if (m_runner)
        m_runner->beginTally();
    m_waiters->giveAll();
}

void JobQueue::endTally()
{
    m_isStopping = false;
    if (m_runner)
        m_runner->endTally();
}

StopReport::Jobs JobQueue::tally() const
{
    return m_runner ? m_runner->tally() : StopReport::Jobs{};
}

void JobQueue::close(std::function<void()> closed)
{
    m_whenClosed.push_back(std::move(closed));
    if (isClosed()) {
        QMetaObject::invokeMethod(this, &JobQueue::tellClosed, Qt::QueuedConnection);
        return;
    }
    m_retention->end();
    m_runner->halt();
    m_runner->retryEnds();
    if (!std::exchange(m_isClosing, true))
        closeWhenSettled();
}

void JobQueue::closeWhenSettled()
{
    if (!m_isClosing || !m_runner->isSettled() || m_dispatch->isBusy())
        return;
    disconnect(m_dispatch.get(), &JobDispatch::idle, this, nullptr); // once
    disconnect(m_runner.get(), &JobRunner::settled, this, nullptr);
    if (!m_isLinkClosed)
        m_link->close([self = QPointer(this)] {
            if (!self)
                return;
            self->m_isLinkClosed = true;
            self->tellWhenClosed();
        });
    closeStore();
}

void JobQueue::closeStore()
{
    m_store->close(guarded<Done>([this](const Result<Done, StoreError> &reply) {
        if (!reply) // all that ran is on stable storage nevertheless: it was answered so
            qCWarning(lcQueue).noquote() << LogLine("job store not closed in order")
                                                .with("reason", reply.error().reason)
                                                .toString();
        m_isClosed = true;
        m_linkPatience->setAt(m_host.clock.now() + kLinkPatience);
        tellWhenClosed();
    }));
}

/// What the broker is told on leaving only makes others quicker.
void JobQueue::tellWhenClosed()
{
    if (m_isClosed && m_isLinkClosed) {
        m_linkPatience->clear();
        tellClosed();
    }
}

void JobQueue::tellClosed()
{
    for (const std::function<void()> &closed : std::exchange(m_whenClosed, {}))
        closed();
}

} // namespace quiesce
