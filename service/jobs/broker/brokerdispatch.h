// SPDX-License-Identifier: GPL-3.0-only
// BrokerDispatch: brings jobs to the runner when a broker's message says so.
#pragma once

#include "service/jobs/broker/helddeliveries.h"
#include "service/jobs/broker/sweepplan.h"
#include "service/jobs/jobdispatch.h"
#include "service/jobs/lateclaims.h"

#include <QSet>

namespace quiesce {

/// The store is the truth; a message only tells somebody to look there for a job. A delivery is
/// answered once its job's state is on stable storage. What no message brings (it was lost, the
/// broker is down, a time has come, a dead instance's job was rescued) is swept from the store.
///
/// Thread:  event loop.
/// Owns:    nothing but its alarms and what goes back; all in Host must outlive it. Starting and
///          closing the link is its owner's.
/// Order:   see JobDispatch. halt() gives back at once what waits for a place, and keeps the
///          deliveries of what runs until settle(); one claim is under way at a time.
/// Limits:  a scheduled job begins when it comes due, or has a place. A queued one that nobody was
///          told of begins kSweepAge later, or up to SweepPlan::kEvery after that; while the link
///          has a fault, at once. A delivery is held for at
///          most HeldDeliveries::kLongestHeld. A claim refused without a fault of the store is
///          repeated after kRefusedWait.
class BrokerDispatch final : public JobDispatch
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kSweepAge{ 2'000 };
    static constexpr std::chrono::seconds kRefusedWait{ 1 };

    struct Host
    {
        Clock &clock;
        JobStore &store;
        BrokerLink &link;
        QString owner; ///< of the leases
        std::chrono::milliseconds lease;
        QStringList kinds; ///< that have a handler here
    };

    explicit BrokerDispatch(Host host, QObject *parent = nullptr);
    ~BrokerDispatch() override;

    void setPlaces(const QList<ClaimRequest::Places> &places, int limit) override;
    void halt() override;
    void announce(const Job &job, std::function<void()> told) override;
    void settle(const QString &jobId, const std::optional<Job> &after) override;
    [[nodiscard]] bool isBusy() const override
    {
        return m_isClaiming || m_isHalting || unreturned() > 0;
    }
    [[nodiscard]] int unreturned() const override { return m_late.count(); }

private:
    void follow();
    void welcome();
    void take(const Delivery &delivery);
    void claimSoon();
    void claimIfUseful();
    [[nodiscard]] bool mayFind() const;
    [[nodiscard]] bool isSweepDue();
    void sweep();
    void claim(int limit, const QStringList &ids, const QDateTime &queuedBefore);
    void takeReply(const ClaimRequest &request, const Result<QList<Job>, StoreError> &reply);
    void learn(const ClaimRequest &request, const QList<Job> &jobs);
    void takeJobs(const QList<Job> &jobs);
    void plan();
    void watchHeld();
    void expireHeld();
    void takeHalted();
    void takeStoreFault();
    void takeLinkFacts();
    void tellIdle();
    [[nodiscard]] bool hasBroker() const { return m_host.link.facts().fault.isEmpty(); }
    [[nodiscard]] std::chrono::milliseconds age() const;
    [[nodiscard]] bool isDue(const Job &job) const;

    Host m_host;
    HeldDeliveries m_held;
    LateClaims m_late;
    SweepPlan m_sweeps;
    std::unique_ptr<Alarm> m_alarm; ///< for the next sweep, or after a refusal
    std::unique_ptr<Alarm> m_heldAlarm;
    QList<ClaimRequest::Places> m_places;
    int m_limit = 0;
    QHash<QString, int> m_welcome; ///< the most places that each kind had
    QSet<QString> m_dry; ///< kinds of which nothing that may be swept is left
    std::optional<SteadyTime> m_notBefore; ///< the store has refused
    bool m_hadBroker = true;
    bool m_wasAdded = false; ///< without a broker, since the claim under way was asked
    bool m_isClaiming = false;
    bool m_isClaimPosted = false; ///< claimIfUseful() is on its way
    bool m_isHalted = true;
    bool m_isHalting = false; ///< the link has not said that it has
};

} // namespace quiesce
