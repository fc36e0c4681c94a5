// SPDX-License-Identifier: GPL-3.0-only
// ServiceJobs: see the header.
#include "service/servicejobs.h"

#include "common/logline.h"
#include "service/core/lifecycle.h"
#include "service/core/stophooks.h"
#include "service/http/events/eventhub.h"
#include "service/http/healthroutes.h"
#include "service/http/httpserver.h"
#include "service/jobs/broker/brokerlink.h"

#include <QLoggingCategory>
#include <QPromise>

namespace quiesce {

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcServiceJobs, "quiesce.jobs")

ServiceJobs::ServiceJobs(const Host &host, const JobSettings &settings)
    : m_host(host)
    , m_queue({ host.clock, host.inFlight, host.lifecycle, host.notice }, settings)
    , m_api(m_queue, host.clock)
{
    connect(&m_queue, &JobQueue::jobChanged, this, &ServiceJobs::takeChange);
    connect(&m_queue, &JobQueue::jobProgressed, this, &ServiceJobs::takeProgress);
    connect(&m_queue, &JobQueue::faultChanged, this, &ServiceJobs::logFault);
}

void ServiceJobs::setBroker(const MakeBrokerLink &make)
{
    m_queue.setBroker(make(m_host.clock));
    connect(&m_queue, &JobQueue::brokerChanged, this, &ServiceJobs::logBroker);
    m_host.health.addNotes(u"broker"_s, [this] {
        const QString fault = m_queue.broker()->fault;
        return fault.isEmpty() ? QStringList() : QStringList{ fault };
    });
}

/// Without its broker the service goes on: jobs are found in the store.
void ServiceJobs::logBroker()
{
    const QString fault = m_queue.broker()->fault;
    if (m_queue.isClosed() || fault == m_brokerFault)
        return;
    m_brokerFault = fault;
    if (fault.isEmpty())
        qCInfo(lcServiceJobs).noquote() << LogLine("the broker tells of jobs").toString();
    else
        qCWarning(lcServiceJobs).noquote()
            << LogLine("jobs are told of by the store alone").with("reason", fault).toString();
}

void ServiceJobs::use()
{
    if (std::exchange(m_isUsed, true))
        return;
    m_host.health.addReadinessCheck(u"jobs"_s, [this]() -> std::optional<QString> {
        const QString fault = m_queue.fault();
        return fault.isEmpty() ? std::nullopt : std::optional(fault);
    });
    m_host.health.addNotes(
        u"jobs"_s, [this] { return m_damage.isEmpty() ? QStringList() : QStringList{ m_damage }; });
    m_host.hooks.addLast(u"jobs"_s, [this] {
        auto closed = std::make_shared<QPromise<void>>();
        closed->start();
        m_queue.close([closed] { closed->finish(); });
        return closed->future();
    });
    wireLifecycle();
}

void ServiceJobs::wireLifecycle()
{
    m_host.lifecycle.setJobs(&m_queue);
    connect(&m_host.lifecycle, &Lifecycle::lameDuckBegan, this,
            [this] { m_api.heldRefusals().beginStop(); });
    connect(&m_host.lifecycle, &Lifecycle::resumed, this,
            [this] { m_api.heldRefusals().endStop(); });
}

void ServiceJobs::takeChange(const Job &job)
{
    m_meter.changed(job);
    // Until somebody has subscribed nobody can have missed anything, and there may be thousands.
    if (m_host.events.isWanted())
        publish(job, Coalescing::Kind::Change);
}

void ServiceJobs::takeProgress(const Job &job)
{
    if (m_host.events.counters().subscribers > 0)
        publish(job, Coalescing::Kind::Progress);
}

/// A change that operators are not told of would leave them with a wrong picture for good; one that
/// is too large for an event goes without its documents, which GET /v1/jobs/{id} has.
void ServiceJobs::publish(const Job &job, Coalescing::Kind kind)
{
    if (m_host.lifecycle.state() == LifecycleState::Stopped)
        return;
    const QByteArray type = QByteArrayLiteral("job");
    const Coalescing coalescing{ .key = job.id.toLatin1(), .kind = kind };
    QJsonObject told = toJson(job);
    if (m_host.events.publish(type, told, coalescing))
        return;
    for (const QLatin1StringView document : { "payload"_L1, "checkpoint"_L1, "result"_L1 })
        told[document] = QJsonValue();
    told["isAbridged"_L1] = true;
    m_host.events.publish(type, told, coalescing);
}

/// That there is no open store before the start and after the stop is no fault.
void ServiceJobs::logFault()
{
    const QString fault = m_queue.isClosed() ? QString() : m_queue.fault();
    const bool hadFault = std::exchange(m_hasFault, !fault.isEmpty());
    if (m_hasFault)
        qCWarning(lcServiceJobs).noquote()
            << LogLine("new jobs cannot be kept").with("reason", fault).toString();
    else if (hadFault && !m_queue.isClosed())
        qCInfo(lcServiceJobs).noquote() << LogLine("new jobs can be kept").toString();
}

void ServiceJobs::open(const QString &owner, const QString &predecessor)
{
    m_owner = owner;
    m_predecessor = predecessor;
    m_meter.setKinds(m_queue.kinds());
    m_api.gate().setListener(m_host.traffic.listeningSocket().endpoint());
    tryOpen();
}

void ServiceJobs::tryOpen()
{
    const auto take = [this](const Result<int, StoreError> &opened) { takeOpened(opened); };
    if (m_predecessor.isEmpty())
        m_queue.open(m_makeStore(m_host.clock), m_owner, take);
    else
        m_queue.openBeside(m_makeStore(m_host.clock), m_owner, m_predecessor, take);
}

void ServiceJobs::takeOpened(const Result<int, StoreError> &opened)
{
    if (opened) {
        m_meter.rescued(opened.value());
        return Q_EMIT this->opened();
    }
    const StoreError &error = opened.error();
    if (error.kind == StoreError::Kind::Damaged && m_damage.isEmpty()) {
        m_damage = error.reason;
        qCCritical(lcServiceJobs).noquote()
            << LogLine("the job store was damaged, beginning with an empty one")
                   .with("reason", error.reason)
                   .toString();
        QMetaObject::invokeMethod(this, &ServiceJobs::tryOpen, Qt::QueuedConnection);
        return; // the queue is just telling of the store that this replaces
    }
    Q_EMIT failed(error);
}

} // namespace quiesce
