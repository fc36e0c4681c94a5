// SPDX-License-Identifier: GPL-3.0-only
// Verdict: what becomes of an attempt, from how its handler ended and what it had been told.
#pragma once

#include "service/jobs/jobcontext.h"
#include "service/jobs/jobstore.h"

namespace quiesce {

/// Why a handler's stop token was triggered. Cancelled replaces the other two, of which the first
/// to come stays: a stop never makes an attempt spent.
enum class GiveUp : unsigned char {
    No,
    Stop, ///< the stop's deadline has come
    TimedOut, ///< its own
    Cancelled, ///< by somebody
};

struct AttemptFacts
{
    GiveUp told = GiveUp::No;
    bool mayPutDown = false; ///< a stop has begun: being interrupted is what it was asked for
    std::chrono::milliseconds timeout{ 0 };
    std::function<QDateTime()> retryAt; ///< when the next may begin; asked when this one failed
};

/// What a handler said, and what follows.
///
/// cancelled: cancelled, whatever it says. Otherwise success counts however late, and so does a
/// final failure. Any other end after the stop's deadline, and Interrupted once a stop has begun,
/// queues it again with its attempt given back; after its time-out, or without such a reason, the
/// attempt has failed.
[[nodiscard]] AttemptEnd verdictOn(const JobOutcome &outcome, const AttemptFacts &facts);
/// The same for a handler that was let go without having returned.
[[nodiscard]] AttemptEnd verdictOnCut(const AttemptFacts &facts);

/// The outcome of a finished future; an exception, a cancelled or an empty one is a failure.
[[nodiscard]] JobOutcome outcomeOf(QFuture<JobOutcome> future);

/// How long to wait before attempt `attempt` + 1: full jitter over an exponential back-off.
/// `random` is from 0 to 1.
[[nodiscard]] std::chrono::milliseconds retryDelay(int attempt, std::chrono::milliseconds base,
                                                   std::chrono::milliseconds cap, double random);

} // namespace quiesce
