// SPDX-License-Identifier: GPL-3.0-only
// JobDispatch: what every dispatch learns from a claim.
#include "service/jobs/jobdispatch.h"

#include <QHash>

namespace quiesce {

QStringList JobDispatch::exhausted(const ClaimRequest &request, const QList<Job> &jobs)
{
    QHash<QString, int> brought;
    for (const Job &job : jobs)
        ++brought[job.kind];
    QStringList kinds;
    for (const ClaimRequest::Places &places : request.places) {
        if (brought.value(places.kind) < places.free)
            kinds << places.kind;
    }
    return kinds;
}

} // namespace quiesce
