// SPDX-License-Identifier: GPL-3.0-only
// HeldDeliveries: what the broker has given and awaits an answer for, and with which job each goes.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/broker/brokerlink.h"
#include "service/jobs/jobstore.h"

#include <deque>

namespace quiesce {

/// A delivery waits for a place, is being claimed, or goes with a job that runs here. Of each job
/// one is held; a second one is answered at once, for it says nothing new.
///
/// Thread:  event loop. Owns: nothing; the link must outlive it.
/// Order:   take() → choose() → run() for what was claimed, then endClaim() → end(). Jobs that were
///          claimed without a delivery take part from run() on, and get one that comes later.
/// Limits:  as many wait as the link was told are welcome. None is held for longer than
///          kLongestHeld, once expire() is called.
class HeldDeliveries final
{
public:
    /// RabbitMQ closes a channel that has waited for an answer for 30 minutes, whatever the reason.
    static constexpr std::chrono::minutes kLongestHeld{ 20 };

    explicit HeldDeliveries(BrokerLink &link);

    void take(const Delivery &delivery, SteadyTime now);
    /// The jobs of those waiting, oldest first, that fit; they are being claimed from now on.
    [[nodiscard]] QStringList choose(const QList<ClaimRequest::Places> &places, int limit);
    /// That job was claimed, and runs here.
    void run(const QString &jobId, SteadyTime now);
    /// What was chosen and does not run here needs nobody.
    void endClaim();
    /// What was chosen waits again: the store did not say.
    void failClaim();
    /// That job does not run here any more. Its delivery, which the caller answers; 0: none.
    [[nodiscard]] quint64 end(const QString &jobId);

    /// Of those being claimed, and of the jobs that run here.
    [[nodiscard]] QList<quint64> inUse() const;
    /// For others, those that wait.
    void giveBack();
    /// Those that wait are the broker's again, by BrokerLink::halt().
    void forgetWaiting() { m_waiting.clear(); }
    /// All are the broker's again: the connection was lost.
    void forgetAll();
    /// Answers early for what would be held too long: a job that runs has its lease, one that waits
    /// may find a place elsewhere.
    void expire(SteadyTime now);
    /// Since when the oldest is held; none: none is.
    [[nodiscard]] std::optional<SteadyTime> oldest() const;
    [[nodiscard]] bool hasWaiting() const { return !m_waiting.empty(); }

private:
    struct Held
    {
        quint64 tag = 0; ///< 0: there is none, or it has been answered
        JobMessage message;
        SteadyTime since;
    };
    [[nodiscard]] bool isPending(const QString &jobId) const;
    [[nodiscard]] quint64 takePending(const QString &jobId);

    BrokerLink &m_link;
    std::deque<Held> m_waiting;
    std::deque<Held> m_claiming;
    QHash<QString, Held> m_running; ///< by job; those without a delivery too
};

} // namespace quiesce
