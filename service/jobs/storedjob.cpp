// SPDX-License-Identifier: GPL-3.0-only
// The transitions of a job: see the header.
#include "service/jobs/storedjob.h"

#include "common/jobs/jobtext.h"

#include <QJsonDocument>
#include <QUuid>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Without NUL, which not every database takes in a text.
QString kept(const QString &error)
{
    return error.left(JobStore::kMaxErrorChars).replace(QChar::Null, QChar::ReplacementCharacter);
}

void releaseLease(StoredJob &stored)
{
    stored.job.owner.clear();
    stored.leasedUntil = {};
}

void finish(StoredJob &stored, JobState state, const QDateTime &now)
{
    releaseLease(stored);
    stored.backOff.reset();
    stored.job.state = state;
    stored.job.finishedAt = now;
}

/// Back into the queue, or cancelled if that was requested meanwhile.
void putBack(StoredJob &stored, JobState state, const QDateTime &now)
{
    if (stored.job.isCancelRequested) {
        finish(stored, JobState::Cancelled, now);
        return;
    }
    releaseLease(stored);
    stored.job.state = state;
}

void noteRequeue(Job &job, RequeueReason reason, const QDateTime &now)
{
    job.requeues.append({ now, reason });
    if (job.requeues.size() > Job::kMaxRequeues)
        job.requeues.removeFirst();
}

QString lastRequeueError(RequeueReason reason)
{
    return reason == RequeueReason::LeaseLost
        ? u"its lease was lost, and no attempts are left"_s
        : u"the process died while it ran, and no attempts are left"_s;
}

void requeue(StoredJob &stored, RequeueReason reason, const QDateTime &now)
{
    noteRequeue(stored.job, reason, now);
    if (reason == RequeueReason::Stop) {
        stored.job.attempt = std::max(stored.job.attempt - 1, 0);
    } else if (stored.job.attempt >= stored.job.maxAttempts && !stored.job.isCancelRequested) {
        stored.job.error = lastRequeueError(reason);
        finish(stored, JobState::Failed, now);
        return;
    }
    putBack(stored, JobState::Queued, now);
}

void end(StoredJob &stored, const AttemptEnd::Succeeded &how, const QDateTime &now)
{
    stored.job.result = how.result;
    finish(stored, JobState::Succeeded, now);
}

void end(StoredJob &stored, const AttemptEnd::Failed &how, const QDateTime &now)
{
    stored.job.error = kept(how.error);
    if (!how.retryAt || stored.job.attempt >= stored.job.maxAttempts) {
        finish(stored, JobState::Failed, now);
        return;
    }
    putBack(stored, JobState::Scheduled, now);
    if (hasEnded(stored.job.state))
        return;
    stored.job.runAt = how.retryAt->toUTC();
    stored.backOff = std::chrono::milliseconds(std::max<qint64>(now.msecsTo(*how.retryAt), 0));
}

void end(StoredJob &stored, const AttemptEnd::Cancelled &, const QDateTime &now)
{
    finish(stored, JobState::Cancelled, now);
}

void end(StoredJob &stored, const AttemptEnd::Requeued &how, const QDateTime &now)
{
    if (how.checkpoint)
        stored.job.checkpoint = how.checkpoint;
    requeue(stored, how.reason, now);
}

StoreError tooLarge(const QString &what, qsizetype limit)
{
    return { StoreError::Kind::TooLarge, u"%1 is larger than %2 bytes"_s.arg(what).arg(limit) };
}

CallSize within(qsizetype size, qsizetype limit, const QString &what)
{
    if (size > limit)
        return Failure{ tooLarge(what, limit) };
    return size;
}

CallSize documentSize(const QByteArray &bytes, const QString &what)
{
    return within(bytes.size(), JobStore::kMaxDocumentBytes, what);
}

} // namespace

StoredJob accepted(const NewJob &job, const QDateTime &now)
{
    StoredJob stored;
    stored.job.id = job.id;
    stored.job.kind = job.kind;
    stored.job.payload = job.payload;
    stored.job.maxAttempts = std::max(job.maxAttempts, 1);
    stored.job.timeout = job.timeout;
    stored.job.createdAt = now;
    stored.job.runAt = job.runAt.isValid() ? job.runAt.toUTC() : now;
    stored.job.state = stored.job.runAt > now ? JobState::Scheduled : JobState::Queued;
    stored.idempotencyKey = job.idempotencyKey;
    stored.fingerprint = job.fingerprint;
    return stored;
}

bool isDue(const StoredJob &stored, const QDateTime &now)
{
    // A queued one does not ask the clock, which may have been stepped back since it came.
    return stored.job.state == JobState::Queued
        || (stored.job.state == JobState::Scheduled && stored.job.runAt <= now);
}

void beginAttempt(StoredJob &stored, const ClaimRequest &request, const QDateTime &now)
{
    stored.job.owner = request.owner;
    stored.leasedUntil = now.addMSecs(request.lease.count());
    stored.backOff.reset();
    stored.job.state = JobState::Running;
    stored.job.attempt += 1;
    stored.job.startedAt = now;
}

bool isHeldBy(const StoredJob &stored, const Lease &lease)
{
    return stored.job.state == JobState::Running && stored.job.owner == lease.owner
        && stored.job.attempt == lease.attempt;
}

void keepCheckpoint(StoredJob &stored, const Checkpoint &checkpoint)
{
    stored.job.checkpoint = checkpoint.state;
    if (checkpoint.progress)
        stored.job.progress = checkpoint.progress;
}

void endAttempt(StoredJob &stored, const AttemptEnd &ended, const QDateTime &now)
{
    if (ended.progress)
        stored.job.progress = ended.progress;
    std::visit([&](const auto &how) { end(stored, how, now); }, ended.how);
}

void rescue(StoredJob &stored, RequeueReason reason, const QDateTime &now)
{
    requeue(stored, reason, now);
}

void cancel(StoredJob &stored, const QDateTime &now)
{
    stored.job.isCancelRequested = true;
    if (stored.job.state != JobState::Running)
        finish(stored, JobState::Cancelled, now);
}

bool bringForward(StoredJob &stored, const QDateTime &now)
{
    if (stored.job.state != JobState::Scheduled || !stored.backOff)
        return false;
    const QDateTime latest = now.addMSecs(stored.backOff->count());
    if (stored.job.runAt <= latest)
        return false;
    stored.job.runAt = latest;
    return true;
}

QByteArray toBytes(const QJsonObject &document)
{
    return QJsonDocument(document).toJson(QJsonDocument::Compact);
}

QByteArray toBytes(const QJsonValue &value)
{
    return toJsonText(value);
}

CallSize sizeOf(const NewJob &job)
{
    if (QUuid::fromString(job.id).isNull())
        return Failure{ unavailable(u"\"%1\" is no id of a job"_s.arg(job.id)) };
    for (const QByteArray &key : { job.idempotencyKey, job.fingerprint }) {
        if (auto size = within(key.size(), JobStore::kMaxKeyBytes, u"an idempotency key"_s); !size)
            return size;
    }
    return documentSize(toBytes(job.payload), u"the payload"_s);
}

CallSize sizeOf(const Checkpoint &checkpoint)
{
    return documentSize(toBytes(checkpoint.state), u"the checkpoint"_s);
}

CallSize sizeOf(const AttemptEnd &end)
{
    if (const auto *success = std::get_if<AttemptEnd::Succeeded>(&end.how))
        return documentSize(toBytes(success->result), u"the result"_s);
    const auto *requeued = std::get_if<AttemptEnd::Requeued>(&end.how);
    if (requeued && requeued->checkpoint)
        return documentSize(toBytes(*requeued->checkpoint), u"the checkpoint"_s);
    return 0;
}

CallSize sizeOf(const JobOutput &output)
{
    return within(output.bytes.size(), JobOutput::kMaxBytes, u"the output"_s);
}

StoreError notFound(const QString &id)
{
    return { StoreError::Kind::NotFound, u"there is no job %1"_s.arg(id) };
}

StoreError idTaken(const QString &id)
{
    return unavailable(u"there is a job %1 already"_s.arg(id));
}

StoreError alreadyEnded(const Job &job)
{
    return { StoreError::Kind::Ended,
             u"job %1 has ended: %2"_s.arg(job.id, QString(toWire(job.state))) };
}

StoreError leaseLost(const Lease &lease)
{
    return {
        StoreError::Kind::LeaseLost,
        u"attempt %1 of job %2 is not held by %3"_s.arg(lease.attempt).arg(lease.jobId, lease.owner)
    };
}

StoreError keyReused(const Job &job)
{
    return { StoreError::Kind::KeyReused,
             u"the idempotency key was used for job %1 with another body"_s.arg(job.id) };
}

StoreError unavailable(const QString &reason)
{
    return { StoreError::Kind::Unavailable, reason };
}

} // namespace quiesce
