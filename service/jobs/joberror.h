// SPDX-License-Identifier: GPL-3.0-only
// JobError: why the queue refused, with a code that clients may rely on.
#pragma once

#include "service/jobs/jobstore.h"

#include <QLatin1StringView>

namespace quiesce {

struct JobError
{
    enum class Kind : unsigned char {
        UnknownKind, ///< `unknown-kind`
        BadPayload, ///< `bad-payload`: its kind's check says why
        PayloadTooLarge, ///< `payload-too-large`: above jobs.max_payload_bytes
        BadRequest, ///< `bad-request`: time-out, attempts, time or key out of range
        KeyReused, ///< `key-reused`: the idempotency key came with another body
        NotFound, ///< `no-such-job`
        Ended, ///< `job-ended`
        TooManyWaiting, ///< `too-many-waiting`: JobQueue::kMaxWaiters wait already
        Unavailable, ///< `store-unavailable`: jobs cannot be kept or read now
    };
    Kind kind = Kind::Unavailable;
    QString reason; ///< for people
};

/// The code in the comment above, stable.
[[nodiscard]] QLatin1StringView toWire(JobError::Kind kind);
/// What a client may know of a store's refusal.
[[nodiscard]] JobError toJobError(const StoreError &error);

/// Comes exactly once, on the event loop, never inside the call that asked.
template <typename T>
using JobReply = std::function<void(Result<T, JobError>)>;

} // namespace quiesce
