// SPDX-License-Identifier: GPL-3.0-only
// Verdict: see the header.
#include "service/jobs/verdict.h"

#include "service/core/exceptiontext.h"

#include <algorithm>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

AttemptEnd ended(decltype(AttemptEnd::how) how)
{
    return { std::move(how), {} };
}

AttemptEnd requeued()
{
    return ended(AttemptEnd::Requeued{ RequeueReason::Stop, {} });
}

AttemptEnd timedOut(const AttemptFacts &facts)
{
    return ended(AttemptEnd::Failed{ u"timed out after %1 ms"_s.arg(facts.timeout.count()),
                                     facts.retryAt() });
}

AttemptEnd verdictOn(const JobOutcome::Failure &failure, const AttemptFacts &facts)
{
    if (failure.isFinal)
        return ended(AttemptEnd::Failed{ failure.error, {} });
    if (facts.told == GiveUp::TimedOut)
        return timedOut(facts);
    if (facts.told == GiveUp::Stop)
        return requeued();
    return ended(AttemptEnd::Failed{ failure.error, facts.retryAt() });
}

AttemptEnd verdictOnInterrupted(const AttemptFacts &facts)
{
    if (facts.told == GiveUp::TimedOut)
        return timedOut(facts);
    if (facts.told == GiveUp::Stop || facts.mayPutDown)
        return requeued();
    return ended(AttemptEnd::Failed{ u"interrupted, though no stop had begun"_s, facts.retryAt() });
}

} // namespace

AttemptEnd verdictOn(const JobOutcome &outcome, const AttemptFacts &facts)
{
    if (facts.told == GiveUp::Cancelled)
        return ended(AttemptEnd::Cancelled{});
    if (const auto *success = std::get_if<JobOutcome::Success>(&outcome.how))
        return ended(AttemptEnd::Succeeded{ success->result });
    if (const auto *failure = std::get_if<JobOutcome::Failure>(&outcome.how))
        return verdictOn(*failure, facts);
    return verdictOnInterrupted(facts);
}

AttemptEnd verdictOnCut(const AttemptFacts &facts)
{
    if (facts.told == GiveUp::Cancelled)
        return ended(AttemptEnd::Cancelled{});
    return facts.told == GiveUp::TimedOut ? timedOut(facts) : requeued();
}

JobOutcome outcomeOf(QFuture<JobOutcome> future)
{
    try {
        future.waitForFinished(); // it is finished: this only throws what was thrown
    } catch (...) {
        return JobOutcome::failure(textOf(std::current_exception()));
    }
    if (future.resultCount() > 0)
        return future.result();
    return JobOutcome::failure(future.isCanceled() ? u"its handler was cancelled"_s
                                                   : u"its handler gave no outcome"_s);
}

std::chrono::milliseconds retryDelay(int attempt, std::chrono::milliseconds base,
                                     std::chrono::milliseconds cap, double random)
{
    constexpr int kMostDoublings = 60;
    const double doublings = std::clamp(attempt - 1, 0, kMostDoublings);
    const double longest = std::min(static_cast<double>(base.count()) * std::exp2(doublings),
                                    static_cast<double>(cap.count()));
    return std::chrono::milliseconds(std::llround(longest * std::clamp(random, 0.0, 1.0)));
}

} // namespace quiesce
