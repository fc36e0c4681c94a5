// SPDX-License-Identifier: GPL-3.0-only
// How a request for jobs is read, and the queue's reply shown, on either listener.
#pragma once

#include "common/jobs/jobpage.h"
#include "service/http/jobs/submission.h"
#include "service/http/pendinganswer.h"
#include "service/jobs/joberror.h"

class QUrlQuery;

namespace quiesce {

/// Reads `state`, `kind`, `limit` (kMaxJobPage at most) and `after`; others are passed over.
/// @error 400 `bad-parameter`
[[nodiscard]] Result<JobQuery, Refusal> jobQueryOf(const QUrlQuery &query);

/// What shows the queue's reply to whoever asked, if somebody still wants it.
template <typename T, typename Show>
[[nodiscard]] JobReply<T> shown(const std::shared_ptr<PendingAnswer> &answer, Show show)
{
    return [answer, show](const Result<T, JobError> &result) {
        if (answer->isAnswered()) // by a time-out, a stop, or nobody is there any more
            return;
        if (result)
            answer->answer(show(result.value()));
        else
            answer->answer(refusalOf(result.error()));
    };
}

} // namespace quiesce
