// SPDX-License-Identifier: GPL-3.0-only
// Service: the composition root. Everything a service that stops well is made of, put together.
#pragma once

#include "common/result.h"
#include "common/settings.h"
#include "service/core/auditlog.h"
#include "service/core/clock.h"
#include "service/core/inflight.h"
#include "service/core/lifecycle.h"
#include "service/core/reportstore.h"
#include "service/core/stophooks.h"
#include "service/core/stopmark.h"
#include "service/core/stopnotice.h"
#include "service/host/servicemanager.h"
#include "service/http/admin/adminapi.h"
#include "service/http/admin/adminjobs.h"
#include "service/http/admin/snapshot.h"
#include "service/http/events/eventhub.h"
#include "service/http/healthroutes.h"
#include "service/http/httpserver.h"
#include "service/http/metrics/gracewatch.h"
#include "service/http/metrics/metricspage.h"
#include "service/http/poller.h"
#include "service/http/tls/listenertls.h"
#include "service/jobs/jobhandler.h"
#include "service/servicejobs.h"

#include <QFutureSynchronizer>
#include <QObject>
#include <QThreadPool>
#include <stop_token>
#include <vector>

namespace quiesce {

/// An HTTP service with routes, stop hooks and background work, and a lifecycle that loses nothing.
///
///     quiesce::Service service(settings, { .name = "hello", .version = "1.0" });
///     service.route("/hello"_qs, Get, [] { return "Hello, World!"; });
///     service.onStop("flush"_qs, [&] { cache.flush(); });
///     if (auto started = service.start(); !started) …
///     …
///     service.stop("maintenance"_qs); // stopped() comes when everything is done
///
/// It knows neither signals nor arguments nor exit: that is Program, which most programs want.
///
/// Thread:  the thread it is made on, which must run an event loop; handlers are called there.
/// Owns:    everything it is made of. A program may hold several services.
/// Order:   routes, hooks and background work first, then start() once. Destroying a service that
///          has not stopped cuts whatever is in flight.
/// Blocks:  the destructor, until the handlers, hooks and tasks still on a thread return.
class Service final : public QObject
{
    Q_OBJECT

public:
    using Method = QHttpServerRequest::Method;
    using Methods = QHttpServerRequest::Methods;
    struct Identity
    {
        QString name;
        QString version;
    };
    static constexpr int kMaxBackgroundTasks = 64;

    Service(const Settings &settings, const Identity &identity, QObject *parent = nullptr);
    ~Service() override;

    /// Adds a route to the traffic listener; see HttpServer for what a handler may be.
    template <typename Handler>
    void route(const QString &pattern, Methods methods, Handler handler)
    {
        if (!m_traffic.route(pattern, methods, std::move(handler)))
            qFatal("The route %s does not fit its handler's parameters", qUtf8Printable(pattern));
    }
    /// The same for GET (and HEAD).
    template <typename Handler>
    void route(const QString &pattern, Handler handler)
    {
        route(pattern, Method::Get, std::move(handler));
    }
    /// Runs blocking work for a handler on a thread; return its future from the handler.
    template <typename Work>
    [[nodiscard]] auto onPool(Work work)
    {
        return m_traffic.onPool(std::move(work));
    }

    /// What to do between the last answer and the end, in reverse order of registration. A hook
    /// that returns void runs on a thread of its own, one that returns QFuture<void> on the event
    /// loop. A zero time-out means stop.hook_timeout.
    template <typename Hook>
    void onStop(const QString &name, Hook hook, std::chrono::milliseconds timeout = {})
    {
        if constexpr (std::is_void_v<std::invoke_result_t<Hook>>)
            m_hooks.addBlocking(name, std::move(hook), timeout);
        else
            m_hooks.addAsync(name, std::move(hook), timeout);
    }

    /// Work of the program's own beside the requests, on a thread from start() on. Its token is
    /// triggered when the drain begins, which waits for it like for a request.
    void background(const QString &name, std::function<void(std::stop_token)> work);

    /// A kind of job, done by `handler`: see jobHandler() for what it may be. From the first one on
    /// the service keeps jobs in its data directory (in memory when it has none, and they die with
    /// it), answers /v1/jobs on the traffic listener, and runs them.
    template <typename Handler>
    void job(const QString &kind, Handler handler)
    {
        JobKind made;
        made.name = kind;
        made.handler = onJobPool(std::move(handler));
        job(made);
    }
    void job(const JobKind &kind);
    /// The same without a kind: what earlier runs have left can be looked at.
    void serveJobs() { m_jobs.use(); }
    /// Runs a handler that blocks on a thread of the jobs' own, for a JobKind.
    template <typename Handler>
    [[nodiscard]] JobKind::Handler onJobPool(Handler handler)
    {
        return jobHandler(m_jobs.queue().pool(), std::move(handler));
    }
    /// Where jobs are kept instead of the default. Called by start(), and once more when what is
    /// there is damaged.
    void setJobStore(ServiceJobs::MakeStore make) { m_jobs.setStore(std::move(make)); }
    /// Before start(): instances hear of jobs by a broker.
    void setJobBroker(const MakeBrokerLink &make) { m_jobs.setBroker(make); }
    [[nodiscard]] JobQueue &jobs() { return m_jobs.queue(); }

    /// Describes routes of the traffic listener, for /admin/v1/openapi.json: an OpenAPI document,
    /// of whose `paths` those are shown that the program has.
    void describeRoutes(const QByteArray &openApi);

    /// Opens the listeners and serves; with jobs not before their store is open, which
    /// Lifecycle::stateChanged() or startFailed() tells later.
    /// @error for people; nothing is left open then.
    Result<Done, QString> start();
    /// Serves these instead of listening on the addresses of the settings, those that there are.
    /// Before start().
    void adopt(InheritedSockets sockets) { m_inherited = std::move(sockets); }
    /// The first half of start(), for a process that takes another's place while that one serves
    /// on the same sockets: nothing is accepted before serve(). prepared() tells when it can come.
    /// @param predecessor whose process shares its store of jobs with this one; empty: none does.
    /// @error as of start().
    Result<Done, QString> prepare(const QString &predecessor);
    void serve();
    /// The one before has gone: its report and its unfinished jobs are this one's now.
    void takeOver();
    /// Its listening sockets, for another process to serve as well; setListening() tells that one
    /// does, or not any more.
    struct ListeningDescriptors
    {
        int traffic;
        int admin;
    };
    [[nodiscard]] ListeningDescriptors listening() const
    {
        return { m_traffic.listeningSocket().descriptor(), m_admin.listeningSocket().descriptor() };
    }
    void setListening(ListeningSocket::Use use);
    [[nodiscard]] ListeningSocket::Use listeningUse() const
    {
        return m_traffic.listeningSocket().use();
    }
    /// By the traffic listener's clients and by its answers, so far.
    [[nodiscard]] quint64 bytesMoved() const
    {
        return m_traffic.meter().counts.bytesReceived + m_traffic.meter().counts.bytesSent;
    }
    [[nodiscard]] bool hasJobs() const { return m_jobs.isUsed(); }
    /// Another process serves the admin listener: none is accepted there any more.
    void letGoOfAdmin() { m_admin.letGo(); }
    /// A graceful stop that the program itself asks for. Nothing when one is under way.
    void stop(const QString &reason);

    [[nodiscard]] Lifecycle &lifecycle() { return m_lifecycle; }
    [[nodiscard]] const InFlight &inFlight() const { return m_inFlight; }
    [[nodiscard]] AuditLog &audit() { return m_audit; }
    [[nodiscard]] Health &health() { return m_health; }
    /// The event stream of the admin listener. What the program publishes there goes to operators.
    [[nodiscard]] EventHub &events() { return m_events; }
    [[nodiscard]] QString trafficUrl() const { return m_traffic.url(); }
    [[nodiscard]] QString adminUrl() const { return m_admin.url(); }
    [[nodiscard]] Endpoint trafficEndpoint() const
    {
        return m_traffic.listeningSocket().endpoint();
    }
    [[nodiscard]] Endpoint adminEndpoint() const { return m_admin.listeningSocket().endpoint(); }
    [[nodiscard]] const QString &instanceId() const { return m_instanceId; }
    /// Takes over what may change at run time: the limits.
    void apply(const LimitSettings &limits);
    /// The hosts the admin listener may be called, and what wants a token there.
    void apply(const AdminSettings &admin);
    /// The admin listener's tokens, from its next request on; event streams that were asked for
    /// with another one end (see Credentials::renewed). Without any it answers 401 to all that
    /// wants one. Program reads them from files; a program without it brings its own.
    void setCredentials(const Credentials &credentials);
    /// The token of /v1/jobs, likewise; none: nothing is asked for.
    void setJobsCredentials(const std::optional<Credentials> &credentials)
    {
        m_jobs.api().gate().setCredentials(credentials);
    }
    /// Certificates and keys already loaded: at the start instead of loading those of the settings,
    /// later for connections accepted from then on. Says in the log what is in use.
    void apply(const ListenerTls &tls);
    /// The longest that all stop hooks together may take.
    [[nodiscard]] std::chrono::milliseconds longestHooks() const { return m_hooks.longestRun(); }
    /// Whether a handler, hook, job or task is still on a thread, though it was let go, or the job
    /// store is still at work.
    [[nodiscard]] bool hasRunningThreads() const;

Q_SIGNALS:
    void prepared(); ///< after prepare(): serve() may come
    /// The store of jobs cannot be opened; everything is closed again, and it never serves.
    void startFailed(const quiesce::StoreError &error);
    /// The report is written, every subscriber of the event stream has it (or is not waited for),
    /// and every listener is closed. Emitted once, last.
    void stopped(const quiesce::StopReport &report);

private:
    struct Task
    {
        QString name;
        std::function<void(std::stop_token)> work;
    };

    void wireLifecycle();
    void wireEvents();
    [[nodiscard]] MetricsPage::Operators operatorNumbers() const;
    Result<Done, QString> loadTls();
    Result<Done, QString> openListeners();
    static Result<Done, QString> open(HttpServer &server, const Endpoint &endpoint,
                                      std::optional<InheritedSockets::Socket> &inherited);
    void openJobs(const QString &predecessor);
    void showReports();
    void startTasks();
    void finish(const StopReport &report);

    Settings m_settings;
    QString m_instanceId;
    SystemClock m_clock;
    QThreadPool m_handlerPool;
    QThreadPool m_hookPool; ///< of their own, so that handlers that block cannot hold up a hook
    QThreadPool m_taskPool;
    Poller m_trafficPoller;
    Poller m_adminPoller; ///< of its own, so that an operator never waits for more than one batch
    InFlight m_inFlight;
    StopHooks m_hooks;
    std::shared_ptr<StopNotice> m_notice;
    Lifecycle m_lifecycle;
    ReportStore m_reports;
    StopMark m_stopMark;
    Health m_health;
    EventHub m_events;
    HttpServer m_traffic;
    HttpServer m_admin;
    ServiceJobs m_jobs;
    AuditLog m_audit;
    Snapshot m_snapshot;
    GraceWatch m_graceWatch;
    MetricsPage m_metrics;
    AdminApi m_adminApi;
    AdminJobs m_adminJobs;
    QJsonObject m_describedPaths; ///< of the traffic listener
    InheritedSockets m_inherited; ///< not adopted yet
    bool m_isHeld = false; ///< serve() is yet to come
    bool m_hasTls = false; ///< what the settings say of TLS has been loaded
    std::vector<Task> m_tasks;
    std::stop_source m_taskStop;
};

} // namespace quiesce
