// SPDX-License-Identifier: GPL-3.0-only
// StoreDispatch: see the header.
#include "service/jobs/storedispatch.h"

#include <QPointer>
#include <algorithm>
#include <utility>

namespace quiesce {

StoreDispatch::StoreDispatch(Clock &clock, JobStore &store, QString owner,
                             std::chrono::milliseconds lease, QObject *parent)
    : JobDispatch(parent)
    , m_clock(clock)
    , m_store(store)
    , m_late(store)
    , m_owner(std::move(owner))
    , m_lease(lease)
    , m_alarm(clock.makeAlarm([this] { wake(); }))
{
    connect(&store, &JobStore::workAdded, this, [this] {
        m_wasAdded = true;
        m_dry.clear();
        claimIfUseful();
    });
    connect(&store, &JobStore::faultChanged, this, &StoreDispatch::takeFault);
    connect(&m_late, &LateClaims::returned, this, [this] {
        if (!isBusy())
            Q_EMIT idle();
    });
}

StoreDispatch::~StoreDispatch() = default;

void StoreDispatch::setPlaces(const QList<ClaimRequest::Places> &places, int limit)
{
    m_isHalted = false;
    m_places = places;
    m_limit = limit;
    claimIfUseful();
}

void StoreDispatch::halt()
{
    m_isHalted = true;
    m_dry.clear();
    m_alarm->clear();
    m_late.retry();
}

bool StoreDispatch::mayFind() const
{
    return std::any_of(m_places.cbegin(), m_places.cend(), [this](const auto &places) {
        return places.free > 0 && !m_dry.contains(places.kind);
    });
}

void StoreDispatch::claimIfUseful()
{
    if (!m_isHalted && !m_isClaiming && m_limit > 0 && mayFind())
        claim();
}

void StoreDispatch::claim()
{
    m_isClaiming = true;
    m_wasAdded = false;
    m_claimedAt = m_clock.utcNow();
    const ClaimRequest request{
        .owner = m_owner, .lease = m_lease, .places = m_places, .limit = m_limit
    };
    m_store.claim(request, [self = QPointer(this), request](Result<QList<Job>, StoreError> reply) {
        if (self)
            self->takeReply(request, std::move(reply));
    });
}

void StoreDispatch::takeReply(const ClaimRequest &request, Result<QList<Job>, StoreError> reply)
{
    m_isClaiming = false;
    const QList<Job> jobs = reply ? reply.takeValue() : QList<Job>();
    if (m_isHalted) {
        for (const Job &job : jobs)
            m_late.putBack({ .jobId = job.id, .owner = m_owner, .attempt = job.attempt });
    } else if (reply) {
        learn(request, jobs);
        if (!jobs.isEmpty()) {
            m_limit = 0; // they take places; how many are left is for setPlaces() to say
            Q_EMIT claimed(jobs);
        }
        claimIfUseful();
    } else if (m_store.fault().isEmpty()) { // else takeFault() comes
        m_alarm->setAt(m_clock.now() + kRefusedWait);
    }
    if (!isBusy())
        Q_EMIT idle();
}

void StoreDispatch::learn(const ClaimRequest &request, const QList<Job> &jobs)
{
    if (m_wasAdded || jobs.size() >= request.limit)
        return;
    for (const QString &kind : exhausted(request, jobs))
        m_dry.insert(kind);
    sleep();
}

/// Until the next one is due that was not when it was last asked.
void StoreDispatch::sleep()
{
    const std::optional<QDateTime> due = m_store.nextDueAt();
    if (!due || *due <= m_claimedAt) {
        m_alarm->clear();
        return;
    }
    std::chrono::milliseconds wait(m_clock.utcNow().msecsTo(*due));
    if (wait.count() <= 0)
        wait = kShortestSleep;
    m_alarm->setAt(m_clock.now() + std::min<std::chrono::milliseconds>(wait, kLongestSleep));
}

void StoreDispatch::wake()
{
    const std::optional<QDateTime> due = m_store.nextDueAt();
    if (due && *due > m_clock.utcNow()) {
        sleep();
        return;
    }
    m_dry.clear();
    claimIfUseful();
}

void StoreDispatch::takeFault()
{
    if (!m_store.fault().isEmpty())
        return;
    m_dry.clear();
    claimIfUseful();
}

} // namespace quiesce
