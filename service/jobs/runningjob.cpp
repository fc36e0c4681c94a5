// SPDX-License-Identifier: GPL-3.0-only
// RunningJob: see the header.
#include "service/jobs/runningjob.h"

#include "common/logline.h"
#include "service/core/inflight.h"
#include "service/core/stopnotice.h"

#include <QLoggingCategory>
#include <utility>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcRunning, "quiesce.jobs")

using std::chrono::milliseconds;

} // namespace

RunningJob::RunningJob(const World &world, JobKinds::Entry &kind, Job job, const QString &owner)
    : WorkItem(WorkKind::Job)
    , m_world(world)
    , m_kind(kind)
    , m_job(std::move(job))
    , m_lease{ .jobId = m_job.id, .owner = owner, .attempt = m_job.attempt }
    , m_link(std::make_shared<AttemptLink>(world.bell, listener()))
    , m_progressThrottle(world.clock, kProgressPeriod, Throttle::First::AtOnce,
                         [this] {
                             m_job.progress = m_link->takeProgress();
                             m_world.observer.progressed(m_job);
                         })
    , m_outputThrottle(world.clock, kOutputPeriod, Throttle::First::AfterPeriod,
                       [this] { writeOutput(); })
{ }

RunningJob::~RunningJob()
{
    m_link->detach();
    if (m_context && m_phase == Phase::Running)
        m_context->requestStop();
    m_world.inFlight.end(*this, WorkOutcome::Aborted); // does nothing to one that is done
}

void RunningJob::begin()
{
    m_world.inFlight.begin(*this);
    m_noticeAtBegin = m_world.notice->token();
    m_context.emplace(contextFacts(), m_link, m_world.notice);
    const QFuture<JobOutcome> future = callHandler();
    if (m_phase == Phase::Running && future.isFinished()) {
        conclude(outcomeOf(future));
        return;
    }
    watch(future);
    if (m_phase != Phase::Running) // its handler has forced the stop, and with that itself
        leaveBehind();
    else if (timeout() > milliseconds(0))
        ringAt(m_world.clock.now() + timeout());
}

void RunningJob::putDown()
{
    m_world.inFlight.begin(*this);
    endAs({ AttemptEnd::Requeued{ RequeueReason::Stop, {} }, {} });
}

milliseconds RunningJob::timeout() const
{
    return m_job.timeout.value_or(m_kind.kind.timeout);
}

JobContext::Facts RunningJob::contextFacts() const
{
    JobContext::Facts facts{ .id = m_job.id,
                             .kind = m_job.kind,
                             .payload = m_job.payload,
                             .attempt = m_job.attempt,
                             .maxAttempts = m_job.maxAttempts,
                             .checkpoint = m_job.checkpoint,
                             .deadline = {} };
    if (timeout() > milliseconds(0))
        facts.deadline = m_world.clock.now() + timeout();
    return facts;
}

AttemptFacts RunningJob::attemptFacts() const
{
    return { .told = m_told,
             .mayPutDown = m_noticeAtBegin.stop_requested() || m_world.notice->hasBegun(),
             .timeout = timeout(),
             .retryAt = [this] { return m_world.retryAt(m_job.attempt); } };
}

QFuture<JobOutcome> RunningJob::callHandler()
{
    try {
        return m_kind.kind.handler(*m_context);
    } catch (...) {
        return QtFuture::makeExceptionalFuture<JobOutcome>(std::current_exception());
    }
}

void RunningJob::watch(const QFuture<JobOutcome> &future)
{
    m_watcher = std::make_unique<Watcher>();
    QObject::connect(m_watcher.get(), &Watcher::finished, &m_world.context,
                     [this] { takeReturn(); });
    m_watcher->setFuture(future);
}

void RunningJob::ringAt(SteadyTime when)
{
    if (!m_alarm)
        m_alarm = m_world.clock.makeAlarm([this] { ring(); });
    m_alarm->setAt(when);
}

void RunningJob::ring()
{
    if (m_told == GiveUp::TimedOut || m_told == GiveUp::Cancelled) {
        letGo();
        return;
    }
    m_told = GiveUp::TimedOut;
    ringAt(m_world.clock.now() + m_world.cancelGrace);
    m_context->requestStop();
}

void RunningJob::cancel()
{
    if (m_phase != Phase::Running)
        return;
    m_job.isCancelRequested = true;
    if (std::exchange(m_told, GiveUp::Cancelled) == GiveUp::No)
        ringAt(m_world.clock.now() + m_world.cancelGrace);
    m_context->requestStop();
}

void RunningJob::requestCancel()
{
    if (m_phase != Phase::Running || m_told != GiveUp::No)
        return;
    m_told = GiveUp::Stop;
    m_alarm.reset(); // a time-out after the stop's deadline spends nothing
    m_context->requestStop();
}

void RunningJob::cut()
{
    requestCancel();
    if (m_phase == Phase::Running)
        letGo();
    // Its end is on its way to the store, and whether it arrives is for the report's `jobs` to say.
    m_world.inFlight.end(*this, WorkOutcome::Drained);
}

void RunningJob::dropLease()
{
    m_link->detach();
    const bool wasRunning = m_phase == Phase::Running;
    moveTo(Phase::Ending);
    if (m_context)
        m_context->requestStop();
    if (wasRunning)
        leaveBehind();
    m_world.inFlight.end(*this, WorkOutcome::Drained);
}

void RunningJob::takeReturn()
{
    const QFuture<JobOutcome> future = m_watcher->future();
    m_watcher.release()->deleteLater(); // it is the one calling
    conclude(outcomeOf(future));
}

void RunningJob::conclude(const JobOutcome &outcome)
{
    const SteadyTime now = m_world.clock.now();
    if (m_told == GiveUp::No)
        m_kind.times.add(std::chrono::duration_cast<std::chrono::microseconds>(now - since()), now);
    endAs(verdictOn(outcome, attemptFacts()));
}

void RunningJob::letGo()
{
    qCWarning(lcRunning).noquote() << LogLine("handler let go")
                                          .with("job", m_job.id)
                                          .with("kind", m_job.kind)
                                          .with("attempt", m_job.attempt)
                                          .toString();
    const AttemptEnd end = verdictOnCut(attemptFacts());
    leaveBehind();
    endAs(end);
}

void RunningJob::leaveBehind()
{
    if (!m_watcher) // begin() has not got that far
        return;
    QObject::disconnect(m_watcher.get(), nullptr, &m_world.context, nullptr);
    m_world.observer.leftBehind(std::move(m_watcher));
}

void RunningJob::endAs(AttemptEnd end)
{
    m_alarm.reset();
    m_progressThrottle.clear();
    m_outputThrottle.clear();
    keepsCame(); // those asked before it ended
    m_end = std::move(end);
    m_end.progress = m_link->progress();
    m_link->detach();
    moveTo(Phase::Ending);
    storeEnd();
}

void RunningJob::moveTo(Phase phase)
{
    const Phase from = std::exchange(m_phase, phase);
    m_world.observer.phaseChanged(*this, from);
}

void RunningJob::storeEnd()
{
    if (!m_isOutputStored || m_link->hasNewOutput())
        writeOutput();
    if (auto *requeued = std::get_if<AttemptEnd::Requeued>(&m_end.how))
        requeued->checkpoint = m_unkept;
    m_world.store.endAttempt(m_lease, m_end,
                             [self = weak_from_this()](const Result<Job, StoreError> &reply) {
                                 if (const auto job = self.lock())
                                     job->takeEnd(reply);
                             });
}

void RunningJob::retryEnd()
{
    if (m_phase != Phase::Refused)
        return;
    moveTo(Phase::Ending);
    storeEnd();
}

void RunningJob::takeEnd(const Result<Job, StoreError> &reply)
{
    if (!reply && reply.error().kind == StoreError::Kind::Unavailable) {
        qCWarning(lcRunning).noquote() << LogLine("end of a job not kept yet")
                                              .with("job", m_job.id)
                                              .with("reason", reply.error().reason)
                                              .toString();
        moveTo(Phase::Refused);
        return;
    }
    if (!reply && reply.error().kind == StoreError::Kind::TooLarge
        && std::holds_alternative<AttemptEnd::Succeeded>(m_end.how)) {
        endTooLarge();
        return;
    }
    m_world.inFlight.end(*this, WorkOutcome::Drained);
    m_world.observer.ended(*this, reply);
}

/// Another attempt would give the same; and to say nothing would leave it running in the store.
void RunningJob::endTooLarge()
{
    m_end.how = AttemptEnd::Failed{ QStringLiteral("its result is larger than the store keeps"),
                                    std::nullopt };
    storeEnd();
}

void RunningJob::outputCame()
{
    m_hasOutput = true;
    m_isOutputStored = false;
    m_outputThrottle.poke();
}

void RunningJob::writeOutput()
{
    m_isOutputStored = true;
    m_world.store.setOutput(m_lease, m_link->takeOutput(),
                            [self = weak_from_this()](const Result<Done, StoreError> &reply) {
                                const auto job = self.lock();
                                if (job && !reply)
                                    job->m_isOutputStored = false;
                            });
}

void RunningJob::keepsCame()
{
    for (const AttemptLink::Keep &keep : m_link->takeKeeps())
        passOn(keep);
}

void RunningJob::passOn(const AttemptLink::Keep &keep)
{
    m_world.store.checkpoint(
        m_lease, { keep.state, m_link->progress() },
        [self = weak_from_this(), keep](const Result<Done, StoreError> &reply) {
            keep.answer(reply.isOk());
            if (const auto job = self.lock())
                job->takeKept(keep.state, reply);
        });
}

void RunningJob::takeKept(const QJsonObject &state, const Result<Done, StoreError> &reply)
{
    if (reply) {
        m_hasCheckpoint = true;
        m_job.checkpoint = state;
        m_unkept.reset();
    } else if (reply.error().kind == StoreError::Kind::Unavailable) {
        m_unkept = state;
    } else if (reply.error().kind == StoreError::Kind::LeaseLost && m_phase == Phase::Running) {
        m_world.observer.lostLease(*this);
    }
}

Job RunningJob::job() const
{
    Job job = m_job;
    job.progress = m_link->progress();
    return job;
}

std::optional<JobOutput> RunningJob::output() const
{
    return m_hasOutput || m_link->hasNewOutput() ? std::optional(m_link->output()) : std::nullopt;
}

WorkDescription RunningJob::describe() const
{
    WorkDescription what;
    what.id = m_job.id;
    what.label = m_job.kind;
    return what;
}

std::optional<milliseconds> RunningJob::expectedLeft(milliseconds age) const
{
    if (m_phase != Phase::Running || m_hasCheckpoint)
        return milliseconds(0);
    const auto left = m_kind.times.left(age, 0.99, m_world.clock.now());
    return left ? std::optional(std::chrono::ceil<milliseconds>(*left)) : std::nullopt;
}

} // namespace quiesce
