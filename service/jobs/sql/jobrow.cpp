// SPDX-License-Identifier: GPL-3.0-only
// Columns to members and back.
#include "service/jobs/sql/jobrow.h"

#include "common/utc.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUuid>

namespace quiesce {

namespace {

/// In the order in which the statements select them.
enum Column : int {
    Id,
    Kind,
    State,
    Attempt,
    MaxAttempts,
    TimeoutMs,
    CreatedAt,
    RunAt,
    StartedAt,
    FinishedAt,
    Owner,
    LeasedUntil,
    CancelRequested,
    Progress,
    Requeues,
    Error,
    IdempotencyKey,
    Fingerprint,
    Spilled,
    PayloadJson,
    CheckpointJson,
    ResultJson,
    BackOffMs,
};

std::optional<std::chrono::milliseconds> duration(const QVariant &ms)
{
    return ms.isNull() ? std::nullopt : std::optional(std::chrono::milliseconds(ms.toLongLong()));
}

/// [[ms, reason], …], the reason as a number.
QList<Job::Requeue> requeuesOf(const QVariant &json)
{
    QList<Job::Requeue> requeues;
    if (json.isNull())
        return requeues;
    const QJsonArray rows = QJsonDocument::fromJson(json.toByteArray()).array();
    for (const QJsonValue row : rows)
        requeues.append({ fromMs(row[0].toInteger()), static_cast<RequeueReason>(row[1].toInt()) });
    return requeues;
}

/// A document that stands by itself only inside an array; see toBytes().
QJsonValue valueOf(const QByteArray &bytes)
{
    return QJsonDocument::fromJson('[' + bytes + ']').array().at(0);
}

Job readJob(const Statement &row)
{
    Job job;
    job.id = idOf(row.value(Id));
    job.kind = row.value(Kind).toString();
    job.state = static_cast<JobState>(row.value(State).toInt());
    if (const QVariant progress = row.value(Progress); !progress.isNull())
        job.progress = progress.toDouble();
    job.attempt = row.value(Attempt).toInt();
    job.maxAttempts = row.value(MaxAttempts).toInt();
    job.timeout = duration(row.value(TimeoutMs));
    job.requeues = requeuesOf(row.value(Requeues));
    job.error = row.value(Error).toString();
    job.createdAt = fromMs(row.value(CreatedAt));
    job.runAt = fromMs(row.value(RunAt));
    job.startedAt = fromMs(row.value(StartedAt));
    job.finishedAt = fromMs(row.value(FinishedAt));
    job.owner = row.value(Owner).toString();
    job.isCancelRequested = row.value(CancelRequested).toInt() != 0;
    return job;
}

} // namespace

JobRow readRow(const Statement &row)
{
    const int spilled = row.value(Spilled).toInt();
    const auto document = [&](Column column, Part part) {
        return RowDocument{ row.value(column).toByteArray(), (spilled & bitOf(part)) != 0 };
    };
    StoredJob stored;
    stored.job = readJob(row);
    stored.leasedUntil = fromMs(row.value(LeasedUntil));
    stored.backOff = duration(row.value(BackOffMs));
    stored.idempotencyKey = row.value(IdempotencyKey).toByteArray();
    stored.fingerprint = row.value(Fingerprint).toByteArray();
    return { std::move(stored), document(PayloadJson, Part::Payload),
             document(CheckpointJson, Part::Checkpoint), document(ResultJson, Part::Result) };
}

void decodeDocuments(JobRow &row)
{
    Job &job = row.stored.job;
    job.payload = QJsonDocument::fromJson(row.payload.bytes).object();
    if (!row.checkpoint.bytes.isNull())
        job.checkpoint = QJsonDocument::fromJson(row.checkpoint.bytes).object();
    if (!row.result.bytes.isNull())
        job.result = valueOf(row.result.bytes);
}

QByteArray toKey(const QString &id)
{
    const QUuid uuid = QUuid::fromString(id);
    return uuid.isNull() ? QByteArray() : uuid.toRfc4122();
}

QString idOf(const QVariant &key)
{
    return QUuid::fromRfc4122(key.toByteArray()).toString(QUuid::WithoutBraces);
}

QVariant toMs(const QDateTime &at)
{
    return at.isValid() ? QVariant(at.toMSecsSinceEpoch()) : QVariant();
}

QDateTime fromMs(const QVariant &ms)
{
    return ms.isNull() ? QDateTime() : utcFromMs(ms.toLongLong());
}

QVariant toRow(const QList<Job::Requeue> &requeues)
{
    if (requeues.isEmpty())
        return {};
    QJsonArray rows;
    for (const Job::Requeue &requeue : requeues)
        rows.append(QJsonArray{ requeue.at.toMSecsSinceEpoch(), static_cast<int>(requeue.reason) });
    return QJsonDocument(rows).toJson(QJsonDocument::Compact);
}

} // namespace quiesce
