// SPDX-License-Identifier: GPL-3.0-only
// LateClaims: see the header.
#include "service/jobs/lateclaims.h"

#include "common/logline.h"

#include <QLoggingCategory>
#include <QPointer>
#include <utility>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcDispatch, "quiesce.jobs")

} // namespace

LateClaims::LateClaims(JobStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
    connect(&store, &JobStore::faultChanged, this, [this] {
        if (m_store.fault().isEmpty())
            retry();
    });
}

void LateClaims::putBack(const Lease &lease)
{
    ++m_returning;
    m_store.endAttempt(lease, { AttemptEnd::Requeued{ RequeueReason::Stop, {} }, {} },
                       [self = QPointer(this), lease](const Result<Job, StoreError> &reply) {
                           if (self)
                               self->take(lease, reply);
                       });
}

void LateClaims::take(const Lease &lease, const Result<Job, StoreError> &reply)
{
    --m_returning;
    if (!reply && reply.error().kind == StoreError::Kind::Unavailable) {
        m_refused.append(lease);
        qCWarning(lcDispatch).noquote() << LogLine("claimed job not put back yet")
                                               .with("job", lease.jobId)
                                               .with("reason", reply.error().reason)
                                               .toString();
        return;
    }
    Q_EMIT returned(lease.jobId, reply ? std::optional(reply.value()) : std::nullopt);
}

void LateClaims::retry()
{
    for (const Lease &lease : std::exchange(m_refused, {}))
        putBack(lease);
}

} // namespace quiesce
