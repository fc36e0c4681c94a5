// SPDX-License-Identifier: GPL-3.0-only
// The codes of job errors.
#include "service/jobs/joberror.h"

namespace quiesce {

QLatin1StringView toWire(JobError::Kind kind)
{
    switch (kind) {
    case JobError::Kind::UnknownKind:
        return QLatin1StringView("unknown-kind");
    case JobError::Kind::BadPayload:
        return QLatin1StringView("bad-payload");
    case JobError::Kind::PayloadTooLarge:
        return QLatin1StringView("payload-too-large");
    case JobError::Kind::BadRequest:
        return QLatin1StringView("bad-request");
    case JobError::Kind::KeyReused:
        return QLatin1StringView("key-reused");
    case JobError::Kind::NotFound:
        return QLatin1StringView("no-such-job");
    case JobError::Kind::Ended:
        return QLatin1StringView("job-ended");
    case JobError::Kind::TooManyWaiting:
        return QLatin1StringView("too-many-waiting");
    case JobError::Kind::Unavailable:
        return QLatin1StringView("store-unavailable");
    }
    return QLatin1StringView("");
}

JobError toJobError(const StoreError &error)
{
    switch (error.kind) {
    case StoreError::Kind::NotFound:
        return { JobError::Kind::NotFound, error.reason };
    case StoreError::Kind::Ended:
        return { JobError::Kind::Ended, error.reason };
    case StoreError::Kind::KeyReused:
        return { JobError::Kind::KeyReused, error.reason };
    case StoreError::Kind::TooLarge:
        return { JobError::Kind::PayloadTooLarge, error.reason };
    case StoreError::Kind::Unavailable:
    case StoreError::Kind::LeaseLost:
    case StoreError::Kind::TooNew:
    case StoreError::Kind::Damaged:
        break;
    }
    return { JobError::Kind::Unavailable, error.reason };
}

} // namespace quiesce
