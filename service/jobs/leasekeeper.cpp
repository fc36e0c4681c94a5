// SPDX-License-Identifier: GPL-3.0-only
// LeaseKeeper: see the header.
#include "service/jobs/leasekeeper.h"

#include "common/logline.h"

#include <QLoggingCategory>
#include <QPointer>
#include <utility>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcLeases, "quiesce.jobs")

} // namespace

LeaseKeeper::LeaseKeeper(Clock &clock, JobStore &store, std::chrono::milliseconds lease,
                         Leases leases, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_store(store)
    , m_lease(lease)
    , m_leases(std::move(leases))
    , m_alarm(clock.makeAlarm([this] { renew(); }))
{ }

LeaseKeeper::~LeaseKeeper() = default;

void LeaseKeeper::begin()
{
    if (std::exchange(m_isBeating, true))
        return;
    m_alarm->setAt(m_clock.now() + m_lease / 3);
}

void LeaseKeeper::renew()
{
    const QList<Lease> leases = m_leases();
    m_isBeating = !leases.isEmpty();
    if (!m_isBeating)
        return;
    m_renewedAt = m_clock.now();
    m_store.renew(leases, m_lease,
                  [self = QPointer(this)](const Result<Renewal, StoreError> &reply) {
                      if (self)
                          self->takeReply(reply);
                  });
}

void LeaseKeeper::takeReply(const Result<Renewal, StoreError> &reply)
{
    m_alarm->setAt(m_renewedAt + m_lease / 3);
    if (!reply) {
        qCWarning(lcLeases).noquote()
            << LogLine("leases not renewed").with("reason", reply.error().reason).toString();
        return;
    }
    const QStringList &isLost = reply.value().lost;
    const QStringList &isToCancel = reply.value().toCancel;
    if (!isLost.isEmpty())
        Q_EMIT lost(isLost);
    if (!isToCancel.isEmpty())
        Q_EMIT toCancel(isToCancel);
    Q_EMIT renewed();
}

} // namespace quiesce
