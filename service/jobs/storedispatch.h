// SPDX-License-Identifier: GPL-3.0-only
// StoreDispatch: brings jobs to the runner right from the store.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/jobdispatch.h"
#include "service/jobs/lateclaims.h"

#include <QSet>
#include <memory>

namespace quiesce {

/// Claims when there are places and something may be due: told by JobStore::workAdded(), by an
/// alarm at JobStore::nextDueAt(), or by places of a kind that had none. It never asks in vain
/// twice, and one claim is under way at a time.
///
/// Thread:  event loop. Owns: nothing but its alarm; the store and the clock must outlive it.
/// Order:   after halt() what a claim under way still brings goes back; when that cannot be stored
///          it is tried again when the store's fault has gone, and with each further halt().
/// Limits:  a step of the wall clock is noticed within kLongestSleep; a claim refused without a
///          fault of the store is repeated after kRefusedWait.
class StoreDispatch final : public JobDispatch
{
    Q_OBJECT

public:
    static constexpr std::chrono::minutes kLongestSleep{ 1 };
    static constexpr std::chrono::seconds kRefusedWait{ 1 };
    /// When something has come due while a claim that did not bring it was under way.
    static constexpr std::chrono::milliseconds kShortestSleep{ 100 };

    StoreDispatch(Clock &clock, JobStore &store, QString owner, std::chrono::milliseconds lease,
                  QObject *parent = nullptr);
    ~StoreDispatch() override;

    void setPlaces(const QList<ClaimRequest::Places> &places, int limit) override;
    void halt() override;
    /// The store itself tells of new jobs.
    void announce(const Job &, std::function<void()> told) override { told(); }
    void settle(const QString &, const std::optional<Job> &) override { }
    [[nodiscard]] bool isBusy() const override { return m_isClaiming || unreturned() > 0; }
    [[nodiscard]] int unreturned() const override { return m_late.count(); }

private:
    [[nodiscard]] bool mayFind() const;
    void claimIfUseful();
    void claim();
    void takeReply(const ClaimRequest &request, Result<QList<Job>, StoreError> reply);
    void learn(const ClaimRequest &request, const QList<Job> &jobs);
    void sleep();
    void wake();
    void takeFault();

    Clock &m_clock;
    JobStore &m_store;
    LateClaims m_late;
    QString m_owner;
    std::chrono::milliseconds m_lease;
    std::unique_ptr<Alarm> m_alarm;
    QList<ClaimRequest::Places> m_places;
    int m_limit = 0;
    QSet<QString> m_dry; ///< kinds of which nothing is due that could be claimed
    QDateTime m_claimedAt; ///< when the last claim was asked
    bool m_isClaiming = false;
    bool m_wasAdded = false; ///< since the claim under way was asked
    bool m_isHalted = true;
};

} // namespace quiesce
