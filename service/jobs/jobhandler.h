// SPDX-License-Identifier: GPL-3.0-only
// jobHandler(): makes a kind's handler of what a program would naturally write.
#pragma once

#include "service/core/runonpool.h"
#include "service/jobs/jobkind.h"

#include <concepts>
#include <utility>

namespace quiesce {

/// `work` takes a JobContext and returns a QFuture<JobOutcome>; or it may block, then it runs on a
/// thread of `pool` and returns a JobOutcome, or a result that makes a success: a QJsonObject, a
/// QJsonValue, or nothing. An exception fails the attempt.
template <typename Work>
[[nodiscard]] JobKind::Handler jobHandler(QThreadPool &pool, Work work)
{
    using Returned = std::invoke_result_t<Work, const JobContext &>;
    if constexpr (std::same_as<Returned, QFuture<JobOutcome>>) {
        return work;
    } else {
        return [&pool, work = std::move(work)](const JobContext &context) {
            return runOnPool(pool, [work, context]() -> JobOutcome {
                if constexpr (std::same_as<Returned, JobOutcome>) {
                    return work(context);
                } else if constexpr (std::is_void_v<Returned>) {
                    work(context);
                    return JobOutcome::success();
                } else {
                    return JobOutcome::success(work(context));
                }
            });
        };
    }
}

} // namespace quiesce
