// SPDX-License-Identifier: GPL-3.0-only
// ServiceJobs: the jobs of a service: the queue, its store, its routes and its numbers together.
#pragma once

#include "service/http/events/streamevent.h"
#include "service/http/jobs/jobsapi.h"
#include "service/http/metrics/jobmeter.h"
#include "service/jobs/broker/makebrokerlink.h"
#include "service/jobs/jobqueue.h"

#include <QObject>
#include <QStringList>

namespace quiesce {

class EventHub;
class Health;
class HttpServer;
class StopHooks;

/// Puts jobs into a service, if it has any.
///
/// Thread:  event loop.
/// Owns:    the queue and what shows it; all of Host must outlive it.
/// Order:   kinds and store first; then open() once, when the traffic listener listens, if
/// isUsed(). A stop
///          closes the store after every hook.
/// Emits:   opened() or failed() once, after open().
/// Damage:  a store that is damaged has been set aside by its implementation. The service then
///          begins with an empty one, because work that waits for an operator is of no use to
///          anybody, and says so as loudly as it can: an error in the log, and a note in
///          /readyz?verbose until it is restarted.
class ServiceJobs final : public QObject
{
    Q_OBJECT

public:
    struct Host
    {
        Clock &clock;
        InFlight &inFlight;
        Lifecycle &lifecycle;
        StopHooks &hooks;
        std::shared_ptr<const StopNotice> notice;
        HttpServer &traffic;
        EventHub &events;
        Health &health;
    };

    ServiceJobs(const Host &host, const JobSettings &settings);

    /// Makes the store, a new one each time.
    using MakeStore = std::function<std::unique_ptr<JobStore>(Clock &clock)>;
    void setStore(MakeStore make) { m_makeStore = std::move(make); }

    /// Before open(): jobs are told of by this broker.
    void setBroker(const MakeBrokerLink &make);

    void use(); ///< also without a kind
    [[nodiscard]] bool isUsed() const { return m_isUsed; }
    /// `predecessor`: whose process shares its store with this one; empty: there is none.
    void open(const QString &owner, const QString &predecessor = {});

    [[nodiscard]] JobQueue &queue() { return m_queue; }
    [[nodiscard]] const JobQueue &queue() const { return m_queue; }
    [[nodiscard]] JobsApi &api() { return m_api; }
    [[nodiscard]] const JobsApi &api() const { return m_api; }
    [[nodiscard]] const JobMeter &meter() const { return m_meter; }

Q_SIGNALS:
    void opened();
    void failed(const quiesce::StoreError &error);

private:
    void wireLifecycle();
    void takeChange(const Job &job);
    void takeProgress(const Job &job);
    void publish(const Job &job, Coalescing::Kind kind);
    void logFault();
    void logBroker();
    void tryOpen();
    void takeOpened(const Result<int, StoreError> &opened);

    Host m_host;
    JobQueue m_queue;
    JobsApi m_api;
    JobMeter m_meter;
    MakeStore m_makeStore;
    QString m_owner;
    QString m_predecessor;
    QString m_damage; ///< why the store began empty
    bool m_isUsed = false;
    bool m_hasFault = false; ///< as the log has it
    QString m_brokerFault; ///< as the log has it
};

} // namespace quiesce
