// SPDX-License-Identifier: GPL-3.0-only
// BrokerDispatch: see the header.
#include "service/jobs/broker/brokerdispatch.h"

#include "common/logline.h"

#include <QLoggingCategory>
#include <QPointer>
#include <algorithm>
#include <utility>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcDispatch, "quiesce.jobs")

using Answer = BrokerLink::Answer;

} // namespace

BrokerDispatch::BrokerDispatch(Host host, QObject *parent)
    : JobDispatch(parent)
    , m_host(std::move(host))
    , m_held(m_host.link)
    , m_late(m_host.store)
    , m_sweeps(m_host.clock, m_host.store)
    , m_alarm(m_host.clock.makeAlarm([this] { claimIfUseful(); }))
    , m_heldAlarm(m_host.clock.makeAlarm([this] { expireHeld(); }))
    , m_hadBroker(hasBroker())
{
    follow();
}

BrokerDispatch::~BrokerDispatch() = default;

void BrokerDispatch::follow()
{
    connect(&m_host.store, &JobStore::workAdded, this, [this] {
        if (!hasBroker()) {
            m_wasAdded = true;
            m_dry.clear();
            claimIfUseful();
        }
        plan();
    });
    connect(&m_host.store, &JobStore::faultChanged, this, &BrokerDispatch::takeStoreFault);
    connect(&m_host.link, &BrokerLink::delivered, this, &BrokerDispatch::take);
    connect(&m_host.link, &BrokerLink::dropped, this, [this] { m_held.forgetAll(); });
    connect(&m_host.link, &BrokerLink::factsChanged, this, &BrokerDispatch::takeLinkFacts);
    connect(&m_late, &LateClaims::returned, this,
            [this](const QString &jobId, const std::optional<Job> &job) {
                settle(jobId, job);
                tellIdle();
            });
}

void BrokerDispatch::setPlaces(const QList<ClaimRequest::Places> &places, int limit)
{
    m_places = places;
    m_limit = limit;
    welcome();
    claimIfUseful();
}

/// As many deliveries as there are places when nothing runs: to ask for as many as are free would
/// have the broker told of each job that begins and ends.
void BrokerDispatch::welcome()
{
    bool isMore = std::exchange(m_isHalted, false);
    for (const ClaimRequest::Places &row : m_places) {
        int &most = m_welcome[row.kind];
        const int free = std::min(row.free, m_limit);
        isMore = isMore || free > most;
        most = std::max(most, free);
    }
    if (isMore)
        m_host.link.want(m_welcome);
}

void BrokerDispatch::halt()
{
    m_late.retry();
    m_alarm->clear();
    if (std::exchange(m_isHalted, true))
        return;
    m_dry.clear();
    m_notBefore.reset();
    m_held.forgetWaiting();
    m_isHalting = true;
    m_host.link.halt(m_held.inUse(), [self = QPointer(this)] {
        if (self)
            self->takeHalted();
    });
}

void BrokerDispatch::takeHalted()
{
    m_isHalting = false;
    tellIdle();
}

void BrokerDispatch::tellIdle()
{
    if (!isBusy())
        Q_EMIT idle();
}

bool BrokerDispatch::isDue(const Job &job) const
{
    return (job.state == JobState::Queued || job.state == JobState::Scheduled)
        && job.runAt <= m_host.clock.utcNow();
}

void BrokerDispatch::announce(const Job &job, std::function<void()> told)
{
    if (!isDue(job) || !hasBroker()) {
        told();
        return;
    }
    m_host.link.publish({ .jobId = job.id, .kind = job.kind },
                        [self = QPointer(this), told = std::move(told)](bool) {
                            if (self)
                                told();
                        });
}

void BrokerDispatch::settle(const QString &jobId, const std::optional<Job> &after)
{
    const quint64 tag = m_held.end(jobId);
    const auto answer = [self = QPointer(this), tag](Answer how) {
        if (self && tag != 0)
            self->m_host.link.answer(tag, how);
    };
    if (!after || !isDue(*after)) {
        answer(Answer::Done);
        return;
    }
    // Anew rather than back: that would count as one of the failures that make it poison.
    m_host.link.publish({ .jobId = after->id, .kind = after->kind },
                        [answer](bool isKept) { answer(isKept ? Answer::Done : Answer::Back); });
}

void BrokerDispatch::take(const Delivery &delivery)
{
    if (m_isHalted) {
        m_host.link.answer(delivery.tag, Answer::Back);
    } else if (!m_host.kinds.contains(delivery.message.kind)) {
        qCWarning(lcDispatch).noquote() << LogLine("message of an unknown kind put aside")
                                               .with("job", delivery.message.jobId)
                                               .with("kind", delivery.message.kind)
                                               .toString();
        m_host.link.answer(delivery.tag, Answer::Poison);
    } else {
        m_held.take(delivery, m_host.clock.now());
        watchHeld();
        claimSoon();
    }
}

/// Once for all that is delivered in one turn of the event loop.
void BrokerDispatch::claimSoon()
{
    if (std::exchange(m_isClaimPosted, true))
        return;
    const auto claimNow = [this] {
        m_isClaimPosted = false;
        claimIfUseful();
    };
    QMetaObject::invokeMethod(this, claimNow, Qt::QueuedConnection);
}

bool BrokerDispatch::mayFind() const
{
    return std::any_of(m_places.cbegin(), m_places.cend(), [this](const auto &places) {
        return places.free > 0 && !m_dry.contains(places.kind);
    });
}

void BrokerDispatch::claimIfUseful()
{
    const bool mayClaim = !m_isHalted && !m_isClaiming && m_limit > 0
        && m_host.store.fault().isEmpty() && (!m_notBefore || *m_notBefore <= m_host.clock.now());
    if (mayClaim) {
        m_notBefore.reset();
        // A sweep first: an unbroken stream of deliveries would hold it up for ever.
        const QStringList ids = isSweepDue() ? QStringList() : m_held.choose(m_places, m_limit);
        if (!ids.isEmpty())
            claim(static_cast<int>(ids.size()), ids, {});
        else if (mayFind())
            sweep();
    }
    plan();
}

bool BrokerDispatch::isSweepDue()
{
    m_sweeps.look();
    const std::optional<SteadyTime> next = m_sweeps.next(age());
    if (next && *next <= m_host.clock.now()) {
        m_dry.clear();
        return mayFind();
    }
    return false;
}

std::chrono::milliseconds BrokerDispatch::age() const
{
    return hasBroker() ? kSweepAge : std::chrono::milliseconds(0);
}

void BrokerDispatch::sweep()
{
    m_sweeps.look();
    m_sweeps.begin();
    claim(m_limit, {},
          hasBroker() ? m_host.clock.utcNow().addMSecs(-kSweepAge.count()) : QDateTime());
}

void BrokerDispatch::claim(int limit, const QStringList &ids, const QDateTime &queuedBefore)
{
    m_isClaiming = true;
    m_wasAdded = false;
    m_sweeps.look();
    const ClaimRequest request{ .owner = m_host.owner,
                                .lease = m_host.lease,
                                .places = m_places,
                                .limit = limit,
                                .ids = ids,
                                .queuedBefore = queuedBefore };
    m_host.store.claim(
        request, [self = QPointer(this), request](const Result<QList<Job>, StoreError> &reply) {
            if (self)
                self->takeReply(request, reply);
        });
}

void BrokerDispatch::takeReply(const ClaimRequest &request,
                               const Result<QList<Job>, StoreError> &reply)
{
    m_isClaiming = false;
    m_sweeps.look();
    if (reply) {
        if (request.ids.isEmpty() && !m_isHalted)
            learn(request, reply.value());
        takeJobs(reply.value());
    } else {
        m_held.failClaim();
        if (m_host.store.fault().isEmpty()) // else takeStoreFault() comes
            m_notBefore = m_host.clock.now() + kRefusedWait;
    }
    if (m_isHalted)
        m_held.giveBack();
    else
        claimIfUseful();
    tellIdle();
}

void BrokerDispatch::takeJobs(const QList<Job> &jobs)
{
    for (const Job &job : jobs)
        m_held.run(job.id, m_host.clock.now());
    m_held.endClaim();
    if (m_isHalted) {
        for (const Job &job : jobs)
            m_late.putBack({ .jobId = job.id, .owner = m_host.owner, .attempt = job.attempt });
    } else if (!jobs.isEmpty()) {
        m_limit = 0; // they take places; how many are left is for setPlaces() to say
        Q_EMIT claimed(jobs);
    }
}

void BrokerDispatch::learn(const ClaimRequest &request, const QList<Job> &jobs)
{
    if (m_wasAdded || jobs.size() >= request.limit)
        return;
    for (const QString &kind : exhausted(request, jobs))
        m_dry.insert(kind);
    const bool isAll = std::all_of(m_host.kinds.cbegin(), m_host.kinds.cend(),
                                   [this](const QString &kind) { return m_dry.contains(kind); });
    if (isAll)
        m_sweeps.complete();
}

void BrokerDispatch::plan()
{
    m_sweeps.look();
    const bool hasPlaces = m_limit > 0
        && std::any_of(m_places.cbegin(), m_places.cend(),
                       [](const auto &places) { return places.free > 0; });
    std::optional<SteadyTime> when;
    if (!m_isHalted && !m_isClaiming && hasPlaces && m_host.store.fault().isEmpty())
        when = m_notBefore ? m_notBefore : m_sweeps.next(age());
    if (when)
        m_alarm->setAt(*when);
    else
        m_alarm->clear();
}

void BrokerDispatch::watchHeld()
{
    if (!m_heldAlarm->isSet())
        m_heldAlarm->setAt(m_host.clock.now() + HeldDeliveries::kLongestHeld);
}

void BrokerDispatch::expireHeld()
{
    m_held.expire(m_host.clock.now());
    if (const std::optional<SteadyTime> oldest = m_held.oldest())
        m_heldAlarm->setAt(std::max(*oldest + HeldDeliveries::kLongestHeld,
                                    m_host.clock.now() + std::chrono::seconds(1)));
}

void BrokerDispatch::takeStoreFault()
{
    if (m_host.store.fault().isEmpty()) {
        m_dry.clear();
        claimIfUseful();
    }
    plan();
}

/// Of what nobody will be told now, somebody must look for at once.
void BrokerDispatch::takeLinkFacts()
{
    const bool had = std::exchange(m_hadBroker, hasBroker());
    if (had && !m_hadBroker) {
        m_dry.clear();
        claimIfUseful();
    } else if (had != m_hadBroker) {
        plan();
    }
}

} // namespace quiesce
