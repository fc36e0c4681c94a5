// SPDX-License-Identifier: GPL-3.0-only
// LateClaims: puts back the jobs that a claim brought when nobody here wanted them any more.
#pragma once

#include "service/jobs/jobstore.h"

namespace quiesce {

/// Queues such jobs again, their attempt not spent.
///
/// Thread:  the store's. Owns: nothing; the store must outlive it.
/// Order:   what the store could not put back is tried again when its fault has gone, and with each
///          retry().
/// Emits:   returned() once for each, never inside putBack(): it is on stable storage as that job
///          shows, or (none) another's.
class LateClaims final : public QObject
{
    Q_OBJECT

public:
    explicit LateClaims(JobStore &store, QObject *parent = nullptr);

    void putBack(const Lease &lease);
    void retry();
    /// How many are not back yet.
    [[nodiscard]] int count() const { return static_cast<int>(m_refused.size()) + m_returning; }

Q_SIGNALS:
    void returned(const QString &jobId, const std::optional<quiesce::Job> &job);

private:
    void take(const Lease &lease, const Result<Job, StoreError> &reply);

    JobStore &m_store;
    QList<Lease> m_refused; ///< to be put back, which the store could not
    int m_returning = 0; ///< of which the store is to say that they are back
};

} // namespace quiesce
