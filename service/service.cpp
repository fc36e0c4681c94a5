// SPDX-License-Identifier: GPL-3.0-only
// Service: see the header.
#include "service/service.h"

#include "common/logline.h"
#include "service/core/runonpool.h"
#include "service/eventpayloads.h"
#include "service/http/admin/openapi.h"
#include "service/jobs/makejobstore.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QUuid>

namespace quiesce {

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcService, "quiesce.service")

namespace {

constexpr int kHandlerThreadsAtLeast = 4; ///< handlers block there: not only as many as cores
constexpr int kHookThreads = 64; ///< hooks run one at a time, but one that hangs keeps its thread

/// Empty when nothing is to be kept.
QString inDataDir(const Settings &settings, const QString &name)
{
    const QString &dataDir = settings.service.dataDir;
    return dataDir.isEmpty() ? QString() : QDir(dataDir).filePath(name);
}

std::optional<QString> acceptFailure(const HttpServer &server)
{
    if (!server.listeningSocket().isShortOfDescriptors())
        return {};
    return QStringLiteral("out of file descriptors");
}

template <size_t N>
void logCertificate(const char (&listener)[N], const TlsContext *context)
{
    if (!context)
        return;
    const QString expiresAt = context->expiresAt().toString(Qt::ISODateWithMs);
    if (!context->warning().isEmpty()) {
        qCWarning(lcService).noquote() << LogLine("clients will refuse the certificate")
                                              .with("listener", listener)
                                              .with("reason", context->warning())
                                              .with("expiresAt", expiresAt)
                                              .toString();
    }
    qCInfo(lcService).noquote() << LogLine("certificate in use")
                                       .with("listener", listener)
                                       .with("subject", context->subject())
                                       .with("expiresAt", expiresAt)
                                       .toString();
}

} // namespace

Service::Service(const Settings &settings, const Identity &identity, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_instanceId(QUuid::createUuid().toString(QUuid::WithoutBraces))
    , m_inFlight(m_clock)
    , m_hooks(m_clock, m_hookPool)
    , m_notice(std::make_shared<StopNotice>())
    , m_lifecycle(
          m_clock, m_inFlight, m_hooks, *m_notice, settings.stop,
          { .name = identity.name, .instanceId = m_instanceId, .version = identity.version })
    , m_reports(inDataDir(settings, QStringLiteral("reports")))
    , m_stopMark({ m_clock, m_lifecycle, m_inFlight }, settings.service.dataDir, m_instanceId)
    , m_health(m_lifecycle)
    , m_events(m_clock,
               { .snapshot = [this] { return m_snapshot.toJson(); },
                 .stats = [this] { return m_snapshot.stats(); } })
    , m_traffic(ConnectionHost::Role::Traffic, { m_clock, m_trafficPoller, m_inFlight, m_notice },
                settings.limits, m_handlerPool)
    , m_admin(ConnectionHost::Role::Operator, { m_clock, m_adminPoller, m_inFlight, m_notice },
              settings.limits, m_handlerPool)
    , m_jobs({ m_clock, m_inFlight, m_lifecycle, m_hooks, m_notice, m_traffic, m_events, m_health },
             settings.jobs)
    , m_audit(m_clock, inDataDir(settings, QStringLiteral("audit.jsonl")))
    , m_snapshot({ .name = identity.name, .version = identity.version, .instanceId = m_instanceId },
                 { m_clock, m_lifecycle, m_inFlight, m_hooks, m_traffic, m_jobs.queue() })
    , m_graceWatch(m_clock, m_traffic.meter(), settings.stop.grace)
    , m_metrics(identity.version,
                { m_lifecycle, m_inFlight, m_traffic, m_admin, m_graceWatch, m_snapshot,
                  m_jobs.queue(), m_jobs.meter(), [this] { return operatorNumbers(); } })
    , m_adminApi({ m_lifecycle, m_inFlight, m_audit, m_snapshot })
    , m_adminJobs(m_audit)
{
    m_handlerPool.setMaxThreadCount(std::max(kHandlerThreadsAtLeast, QThread::idealThreadCount()));
    m_hookPool.setMaxThreadCount(kHookThreads);
    m_taskPool.setMaxThreadCount(kMaxBackgroundTasks);
    m_hooks.setDefaultTimeout(settings.stop.hookTimeout);
    m_health.addReadinessCheck(QStringLiteral("accepting"),
                               [this] { return acceptFailure(m_traffic); });
    m_health.addRoutes(m_traffic);
    m_health.addRoutes(m_admin);
    m_health.addNotes(QStringLiteral("grace"), [this] { return m_graceWatch.notes(); });
    m_adminApi.addRoutes(m_admin);
    m_adminJobs.addRoutes(m_admin);
    m_metrics.addRoute(m_admin);
    m_admin.adminEdge()->gate().setRules(settings.admin);
    m_jobs.api().gate().setAllowedHosts(settings.admin.allowedHosts);
    m_admin.stream(QByteArrayLiteral("/admin/v1/events"), m_events.route());
    m_jobs.setStore([path = inDataDir(settings, QStringLiteral("jobs.db"))](Clock &clock) {
        return makeJobStore(path, clock);
    });
    wireEvents();
    wireLifecycle();
}

Service::~Service()
{
    m_taskStop.request_stop();
    m_traffic.closeNow();
    m_admin.closeNow();
}

void Service::wireLifecycle()
{
    connect(&m_lifecycle, &Lifecycle::lameDuckBegan, this,
            [this] { m_traffic.beginLameDuck(m_settings.stop.linger); });
    connect(&m_lifecycle, &Lifecycle::resumed, this, [this] { m_traffic.endLameDuck(); });
    connect(&m_lifecycle, &Lifecycle::drainBegan, this, [this] {
        m_taskStop.request_stop();
        m_traffic.beginDrain();
    });
    connect(&m_lifecycle, &Lifecycle::stateChanged, this, [this](const StateChange &change) {
        if (change.to
            == LifecycleState::Stopping) { // also the way of a forced stop, without a drain
            m_taskStop.request_stop();
            m_traffic.closeNow();
        }
    });
    connect(&m_lifecycle, &Lifecycle::stopped, this, &Service::finish);
    connect(&m_jobs, &ServiceJobs::opened, this, [this] {
        if (m_isHeld)
            Q_EMIT prepared();
        else
            serve();
    });
    connect(&m_jobs, &ServiceJobs::failed, this, [this](const StoreError &error) {
        if (m_lifecycle.state() != LifecycleState::Starting)
            return; // told to stop meanwhile, and it will
        m_traffic.closeNow();
        m_admin.closeNow();
        Q_EMIT startFailed(error);
    });
}

void Service::wireEvents()
{
    connect(&m_lifecycle, &Lifecycle::stateChanged, &m_events, [this](const StateChange &change) {
        m_events.publish(QByteArrayLiteral("state"), statePayload(change));
    });
    connect(&m_inFlight, &InFlight::requestEnded, &m_events,
            [this](const StopReport::Slow &request) {
                if (m_events.isWanted()) // there may be thousands of them
                    m_events.publish(QByteArrayLiteral("request"), requestPayload(request));
            });
    connect(&m_audit, &AuditLog::recorded, &m_events, [this](const QJsonObject &entry) {
        m_events.publish(QByteArrayLiteral("audit"), entry);
    });
    connect(&m_lifecycle, &Lifecycle::deadlineExtended, &m_events,
            [this] { m_events.publish(QByteArrayLiteral("snapshot"), m_snapshot.toJson()); });
}

MetricsPage::Operators Service::operatorNumbers() const
{
    const EventHub::Counters &events = m_events.counters();
    MetricsPage::Operators numbers;
    numbers.subscribers = events.subscribers;
    numbers.events = events.published;
    numbers.dropped = events.dropped.toStdMap();
    numbers.subscribersCut = events.cut;
    const AdmissionGate &operators = m_admin.adminEdge()->gate();
    const JobsGate &jobs = m_jobs.api().gate();
    numbers.authFailures = operators.authFailures() + jobs.authFailures();
    numbers.throttledAnswers = operators.throttledAnswers() + jobs.throttledAnswers();
    return numbers;
}

void Service::background(const QString &name, std::function<void(std::stop_token)> work)
{
    Q_ASSERT(m_tasks.size() < kMaxBackgroundTasks);
    m_tasks.push_back({ name, std::move(work) });
}

void Service::job(const JobKind &kind)
{
    if (const Result<Done, QString> added = m_jobs.queue().tryAddKind(kind); !added)
        qFatal("The kind of job %s cannot be added: %s", qUtf8Printable(kind.name),
               qUtf8Printable(added.error()));
    m_jobs.use();
}

void Service::describeRoutes(const QByteArray &openApi)
{
    m_describedPaths =
        QJsonDocument::fromJson(openApi).object().value(QLatin1String("paths")).toObject();
}

Result<Done, QString> Service::start()
{
    if (Result<Done, QString> loaded = loadTls(); !loaded)
        return loaded;
    if (m_jobs.isUsed()) {
        m_jobs.api().addRoutes(m_traffic); // behind the program's own, which it does not slow
        m_adminJobs.setQueue(m_jobs.queue());
    }
    if (Result<Done, QString> opened = openListeners(); !opened)
        return opened;
    showReports();
    m_adminApi.setOpenApi(openApiOf(m_traffic, m_admin, m_describedPaths));
    if (m_isHeld)
        return Done{};
    startTasks();
    openJobs({});
    return Done{};
}

Result<Done, QString> Service::prepare(const QString &predecessor)
{
    m_isHeld = true;
    m_traffic.pauseListening();
    m_admin.pauseListening();
    if (Result<Done, QString> started = start(); !started)
        return started;
    openJobs(predecessor);
    return Done{};
}

void Service::serve()
{
    if (std::exchange(m_isHeld, false)) {
        m_traffic.resumeListening();
        m_admin.resumeListening();
        startTasks();
    }
    m_lifecycle.serve();
}

void Service::openJobs(const QString &predecessor)
{
    if (m_jobs.isUsed())
        m_jobs.open(m_instanceId, predecessor);
    else if (m_isHeld)
        QMetaObject::invokeMethod(this, &Service::prepared, Qt::QueuedConnection);
    else
        serve();
}

/// The admin listener first: a probe is answered as soon as there is anything to be asked.
Result<Done, QString> Service::openListeners()
{
    if (Result<Done, QString> opened = open(m_admin, m_settings.listen.admin, m_inherited.admin);
        !opened)
        return opened;
    Result<Done, QString> opened = open(m_traffic, m_settings.listen.traffic, m_inherited.traffic);
    if (!opened)
        m_admin.closeNow();
    return opened;
}

Result<Done, QString> Service::open(HttpServer &server, const Endpoint &endpoint,
                                    std::optional<InheritedSockets::Socket> &inherited)
{
    if (!inherited)
        return server.tryListen(endpoint);
    FileDescriptor descriptor = std::move(inherited->descriptor);
    inherited.reset();
    return server.tryAdopt(std::move(descriptor));
}

void Service::setListening(ListeningSocket::Use use)
{
    m_traffic.setListening(use);
    m_admin.setListening(use);
}

void Service::takeOver()
{
    m_jobs.queue().share(JobStore::Sharing::End, {});
    m_audit.refresh();
    showReports();
}

void Service::showReports()
{
    const QList<QJsonObject> reports = m_reports.read();
    m_adminApi.setReports(reports);
    m_metrics.setLastStop(reports.value(0));
    m_stopMark.warnOfEarlier(reports.value(0).value("instanceId"_L1).toString());
}

Result<Done, QString> Service::loadTls()
{
    if (m_hasTls)
        return Done{};
    const auto loaded = loadListenerTls(m_settings.tls);
    if (!loaded)
        return Failure{ loaded.error().first().key + QStringLiteral(": ")
                        + loaded.error().first().reason };
    apply(loaded.value());
    return Done{};
}

void Service::apply(const ListenerTls &tls)
{
    m_hasTls = true;
    m_traffic.setTls(tls.traffic);
    m_admin.setTls(tls.admin);
    logCertificate("traffic", tls.traffic.get());
    logCertificate("admin", tls.admin.get());
}

void Service::startTasks()
{
    for (Task &task : m_tasks) {
        auto run = [name = task.name, work = std::move(task.work), token = m_taskStop.get_token()] {
            try {
                work(token);
            } catch (const std::exception &thrown) {
                qCCritical(lcService).noquote() << LogLine("background task failed")
                                                       .with("task", name)
                                                       .with("what", QByteArrayView(thrown.what()))
                                                       .toString();
            }
        };
        m_inFlight.track(runOnPool(m_taskPool, std::move(run)), WorkKind::Task, task.name);
    }
    m_tasks.clear();
}

void Service::stop(const QString &reason)
{
    AuditEntry entry;
    entry.action = QStringLiteral("stop");
    entry.cause.reason = reason;
    const LifecycleResult stopping =
        m_lifecycle.tryStop({ .cause = entry.cause, .lameDuck = {}, .grace = {} });
    if (!stopping) // one is under way already, and then it is what was asked for
        entry.refusal = toWire(stopping.error());
    m_audit.record(entry);
}

void Service::apply(const LimitSettings &limits)
{
    m_settings.limits = limits;
    m_traffic.setLimits(limits);
    m_admin.setLimits(limits);
}

void Service::apply(const AdminSettings &admin)
{
    m_settings.admin = admin;
    m_admin.adminEdge()->gate().setRules(admin);
    m_jobs.api().gate().setAllowedHosts(admin.allowedHosts);
}

void Service::setCredentials(const Credentials &credentials)
{
    m_admin.adminEdge()->setCredentials(credentials);
}

bool Service::hasRunningThreads() const
{
    return m_handlerPool.activeThreadCount() > 0 || m_hookPool.activeThreadCount() > 0
        || m_taskPool.activeThreadCount() > 0 || m_jobs.queue().hasRunningThreads();
}

void Service::finish(const StopReport &report)
{
    if (const Result<QString, QString> written = m_reports.write(report); !written) {
        qCWarning(lcService).noquote()
            << LogLine("stop report not written").with("reason", written.error()).toString();
    }
    m_stopMark.remove();
    m_adminApi.addReport(toJson(report));
    connect(&m_events, &EventHub::finished, this, [this, report] {
        m_admin.closeNow();
        Q_EMIT stopped(report);
    });
    m_events.finish(QByteArrayLiteral("report"), toJson(report));
}

} // namespace quiesce
