// SPDX-License-Identifier: GPL-3.0-only
// JobDispatch: how a job reaches a runner. The seam behind which brokers stand.
#pragma once

#include "service/jobs/jobstore.h"

namespace quiesce {

/// Brings claimed jobs to whoever has places for them. Where jobs are kept is JobStore's; a
/// dispatch only says when and which are claimed there, and every job it brings has its lease.
///
/// Thread:  the one it lives on.
/// Order:   setPlaces() whenever the free places change, halt() to end; setPlaces() begins anew.
/// Emits:   claimed() never inside a call; what it brings takes its places, until setPlaces() says
///          otherwise. idle() when isBusy() no longer holds.
class JobDispatch : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// So many of each kind, and so many of all together, could begin now.
    virtual void setPlaces(const QList<ClaimRequest::Places> &places, int limit) = 0;
    /// No more: what a claim under way still brings is queued again, its attempt not spent, and not
    /// told.
    virtual void halt() = 0;
    /// A new job is on stable storage: whoever may run it is to hear of it. `told` comes once, when
    /// they have or when they cannot now, and may come inside the call; the job is safe either way.
    virtual void announce(const Job &job, std::function<void()> told) = 0;
    /// A job that claimed() brought is not run here any more. `after`: as it then is on stable
    /// storage; none: it is another's.
    virtual void settle(const QString &jobId, const std::optional<Job> &after) = 0;
    /// Whether a claim is under way, or what it brought too late is on its way back.
    [[nodiscard]] virtual bool isBusy() const = 0;
    /// How many brought too late are not back on stable storage yet.
    [[nodiscard]] virtual int unreturned() const = 0;

Q_SIGNALS:
    void claimed(const QList<quiesce::Job> &jobs);
    void idle();

protected:
    /// Of which kinds there is no more to claim once the request has brought these jobs, fewer than
    /// its limit: those that gave less than they had places for.
    [[nodiscard]] static QStringList exhausted(const ClaimRequest &request, const QList<Job> &jobs);
};

} // namespace quiesce
