// SPDX-License-Identifier: GPL-3.0-only
// LeaseKeeper: the heartbeat by which a runner keeps what it runs.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/jobstore.h"

namespace quiesce {

/// Renews all leases with one call at each third of their duration, while there are any.
///
/// Thread:  event loop. Owns: its alarm.
/// Order:   begin() whenever there is a lease; it stops by itself. One renewal is under way at a
///          time; one that the store refuses is tried again a third later.
class LeaseKeeper final : public QObject
{
    Q_OBJECT

public:
    using Leases = std::function<QList<Lease>()>;

    LeaseKeeper(Clock &clock, JobStore &store, std::chrono::milliseconds lease, Leases leases,
                QObject *parent = nullptr);
    ~LeaseKeeper() override;

    void begin();

Q_SIGNALS:
    void lost(const QStringList &jobIds);
    void toCancel(const QStringList &jobIds); ///< with each renewal anew, while they are held
    void renewed(); ///< the store can be written

private:
    void renew();
    void takeReply(const Result<Renewal, StoreError> &reply);

    Clock &m_clock;
    JobStore &m_store;
    std::chrono::milliseconds m_lease;
    Leases m_leases;
    std::unique_ptr<Alarm> m_alarm;
    SteadyTime m_renewedAt; ///< when it was asked last
    bool m_isBeating = false;
};

} // namespace quiesce
