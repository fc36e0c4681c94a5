// SPDX-License-Identifier: GPL-3.0-only
// StoredJob: all that a store keeps of a job, and what each call of JobStore makes of it.
#pragma once

#include "service/jobs/jobstore.h"

namespace quiesce {

/// A job and what the outside does not see of it.
struct StoredJob
{
    Job job;
    QDateTime leasedUntil;
    /// A retry's: how long after the failure. Kept so that a clock stepped back does not lengthen
    /// it.
    std::optional<std::chrono::milliseconds> backOff;
    QByteArray idempotencyKey;
    QByteArray fingerprint;
};

/// The transitions of a job, the same for every store: pure functions of the job and the time,
/// without storage. Each is told what holds already, and checks nothing that its comment does not
/// say.

/// What is kept of a new job. `now` is its createdAt, and its runAt when it has none.
[[nodiscard]] StoredJob accepted(const NewJob &job, const QDateTime &now);
/// Queued, or scheduled and due.
[[nodiscard]] bool isDue(const StoredJob &stored, const QDateTime &now);
void beginAttempt(StoredJob &stored, const ClaimRequest &request, const QDateTime &now);
[[nodiscard]] bool isHeldBy(const StoredJob &stored, const Lease &lease);
void keepCheckpoint(StoredJob &stored, const Checkpoint &checkpoint);
/// Of a running one.
void endAttempt(StoredJob &stored, const AttemptEnd &end, const QDateTime &now);
/// Of a running one whose owner cannot live any more, or has lost its lease.
void rescue(StoredJob &stored, RequeueReason reason, const QDateTime &now);
/// Of one that has not ended.
void cancel(StoredJob &stored, const QDateTime &now);
/// A retry whose back-off would now take longer than it was meant to, since the clock stepped back,
/// is brought forward. Whether it was.
bool bringForward(StoredJob &stored, const QDateTime &now);

/// Compact JSON; the form whose size the limits speak of.
[[nodiscard]] QByteArray toBytes(const QJsonObject &document);
[[nodiscard]] QByteArray toBytes(const QJsonValue &value);

/// How many bytes a call has to keep, or that it is beyond JobStore's limits.
using CallSize = Result<qsizetype, StoreError>;
[[nodiscard]] CallSize sizeOf(const NewJob &job);
[[nodiscard]] CallSize sizeOf(const Checkpoint &checkpoint);
[[nodiscard]] CallSize sizeOf(const AttemptEnd &end);
[[nodiscard]] CallSize sizeOf(const JobOutput &output);

[[nodiscard]] StoreError notFound(const QString &id);
[[nodiscard]] StoreError idTaken(const QString &id);
[[nodiscard]] StoreError alreadyEnded(const Job &job);
[[nodiscard]] StoreError leaseLost(const Lease &lease);
[[nodiscard]] StoreError keyReused(const Job &job);
[[nodiscard]] StoreError unavailable(const QString &reason);

} // namespace quiesce
