// SPDX-License-Identifier: GPL-3.0-only
// Program: see the header.
#include "service/program.h"

#include "common/endpoint.h"
#include "common/logline.h"
#include "service/core/exitcodes.h"
#include "service/host/admintoken.h"
#include "service/host/configuration/contradictions.h"
#include "service/host/handover/predecessor.h"
#include "service/host/readyline.h"
#include "service/jobs/postgresql/postgresjobstore.h"
#include "service/managerreports.h"
#include "service/probe.h"
#include "service/replacement.h"

#include <QDir>
#include <QFile>
#include <QLoggingCategory>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <unistd.h>

namespace quiesce {

Q_LOGGING_CATEGORY(lcProgram, "quiesce.program")

namespace {

/// Where this program was started from, links not followed: a deployment that moves a link, or
/// replaces the file, means what is there then.
QString pathOf(const char *name)
{
    const QString given = QFile::decodeName(name);
    if (given.contains(QLatin1Char('/')))
        return QDir::cleanPath(QDir::current().absoluteFilePath(given));
    const QString found = QStandardPaths::findExecutable(given);
    return found.isEmpty() ? QFile::symLinkTarget(QStringLiteral("/proc/self/exe")) : found;
}

/// A headless service has no use for GLib's main loop: Qt's own costs less at every turn.
int &withoutGlib(int &argc)
{
    if (!qEnvironmentVariableIsSet("QT_NO_GLIB"))
        qputenv("QT_NO_GLIB", "1");
    return argc;
}

/// Blocks of this size and more are mapped each by itself, so that the system has them back when
/// they are freed. Left alone, glibc raises the limit to the largest block freed so far
/// (mallopt(3), M_MMAP_THRESHOLD) and keeps the megabytes of bodies and answers in its heap for
/// good.
void giveLargeBlocksBack()
{
    constexpr int kMappedFrom = 1024 * 1024;
    ::mallopt(M_MMAP_THRESHOLD, kMappedFrom);
}

void print(std::FILE *stream, const QString &text)
{
    std::fputs(text.toUtf8().constData(), stream);
    std::fflush(stream);
}

/// Empty without a file, and with one that gives none, which is a fault then.
Secret passwordOf(const QString &file, const QString &key, QList<Contradiction> &faults)
{
    if (file.isEmpty())
        return {};
    Result<Secret, TokenFault> password = readPassword(file);
    if (password)
        return password.takeValue();
    faults.append({ { key }, password.error().reason });
    return {};
}

EarlyExit exitOf(const TokenFault &fault)
{
    const bool isConfiguration = fault.kind == TokenFault::Kind::Unusable;
    return { isConfiguration ? kExitConfiguration : kExitUnavailable, fault.reason };
}

} // namespace

Program::Program(int &argc, char **argv, const About &about)
    : m_path(pathOf(argv[0]))
    , m_app(withoutGlib(argc), argv)
    , m_name(about.name)
{
    giveLargeBlocksBack();
    QCoreApplication::setApplicationName(about.name);
    QCoreApplication::setApplicationVersion(about.version);
    Result<InheritedSockets, QString> inherited = takeInherited();
    InheritedSockets sockets = inherited ? inherited.takeValue() : InheritedSockets{};
    Result<Configuration, EarlyExit> loaded = Configuration::load(inputs(about, sockets));
    if (loaded && !inherited) {
        m_earlyExit = EarlyExit{ kExitUnavailable,
                                 about.name + QStringLiteral(": %1\n").arg(inherited.error()) };
    } else if (loaded) {
        m_configuration = loaded.takeValue();
        m_settings = m_configuration->settings();
        if (const QString &asked = m_configuration->probe(); !asked.isEmpty())
            m_earlyExit = probe(std::exchange(m_settings, {}), asked);
    } else {
        m_earlyExit = loaded.error();
    }
    m_service = std::make_unique<Service>(
        m_settings, Service::Identity{ .name = m_settings.service.name, .version = about.version });
    m_service->adopt(std::move(sockets));
    if (m_database)
        m_service->setJobStore([database = m_database](Clock &clock) {
            return std::make_unique<PostgresJobStore>(database, clock);
        });
    if (m_broker)
        m_service->setJobBroker(m_broker);
}

/// Those of the process whose place this one takes, else the service manager's.
Result<InheritedSockets, QString> Program::takeInherited()
{
    Result<std::unique_ptr<Predecessor>, QString> predecessor = Predecessor::take();
    if (!predecessor)
        return Failure{ predecessor.error() };
    m_predecessor = predecessor.takeValue();
    return m_predecessor ? m_predecessor->takeSockets() : takeManagersSockets();
}

Configuration::Inputs Program::inputs(const About &about, const InheritedSockets &sockets)
{
    QMap<QString, QString> inherited;
    if (sockets.traffic)
        inherited.insert(QStringLiteral("listen.traffic"),
                         formatEndpoint(sockets.traffic->endpoint));
    if (sockets.admin)
        inherited.insert(QStringLiteral("listen.admin"), formatEndpoint(sockets.admin->endpoint));
    return { .arguments = QCoreApplication::arguments(),
             .environment = QProcessEnvironment::systemEnvironment(),
             .name = about.name,
             .version = about.version,
             .inherited = inherited,
             .check = [this](const Settings &settings) {
                 return checkTls(settings) + checkStore(settings) + checkBroker(settings);
             } };
}

Program::~Program() = default;

int Program::run()
{
    if (m_earlyExit) {
        print(m_earlyExit->code == kExitOk ? stdout : stderr, m_earlyExit->text);
        return m_earlyExit->code;
    }
    m_logging = std::make_unique<Logging>(m_settings.log, QProcessEnvironment::systemEnvironment(),
                                          STDERR_FILENO);
    m_logRelay = std::make_unique<LogRelay>(*m_logging, m_service->events());
    if (const auto wrong = checkBudget(m_settings.stop, m_service->longestHooks()))
        return refuse(kExitConfiguration, *wrong);
    if (const std::optional<QString> failure = openDataDir())
        return refuse(kExitUnavailable, *failure);
    if (const std::optional<EarlyExit> failure = takeTokens())
        return refuse(failure->code, failure->text);
    if (const std::optional<QString> failure = open())
        return refuse(kExitUnavailable, *failure);
    if (QCoreApplication::applicationPid() == 1)
        m_orphans.emplace();
    m_exitCode = QCoreApplication::exec();
    m_signals.ignoreAfterwards();
    m_runtimeFile.reset();
    if (!m_service->hasRunningThreads())
        return m_exitCode;
    // What was let go would still hold up every destructor, for as long as it likes.
    qCWarning(lcProgram).noquote() << LogLine("leaving work behind that would not stop")
                                          .with("exitCode", m_exitCode)
                                          .toString();
    std::fflush(nullptr);
    std::_Exit(m_exitCode);
}

/// The files are read once, here: what was checked is what will be used.
QList<Contradiction> Program::checkTls(const Settings &settings)
{
    const auto loaded = loadListenerTls(settings.tls);
    if (loaded) {
        m_tls = loaded.value();
        return {};
    }
    QList<Contradiction> reasons;
    for (const TlsRefusal &refusal : loaded.error())
        reasons.append({ { refusal.key }, refusal.reason });
    return reasons;
}

/// The password is read once, here.
QList<Contradiction> Program::checkStore(const Settings &settings)
{
    if (settings.jobs.store != JobSettings::Store::Postgresql || settings.jobs.database.isEmpty())
        return {};
    Result<PostgresOptions, QString> parsed = parsePostgresOptions(settings.jobs.database);
    if (!parsed)
        return { { { QStringLiteral("jobs.database") }, parsed.error() } };
    PostgresOptions options = parsed.takeValue();
    options.lease = settings.jobs.lease;
    QList<Contradiction> faults;
    options.password = passwordOf(settings.jobs.databasePasswordFile,
                                  QStringLiteral("jobs.database_password_file"), faults);
    m_database = std::make_shared<const PostgresOptions>(std::move(options));
    return faults;
}

QList<Contradiction> Program::checkBroker(const Settings &settings)
{
    if (settings.jobs.dispatch == JobSettings::Dispatch::Store || settings.jobs.broker.isEmpty())
        return {};
    QList<Contradiction> faults;
    Secret password = passwordOf(settings.jobs.brokerPasswordFile,
                                 QStringLiteral("jobs.broker_password_file"), faults);
    Result<MakeBrokerLink, QString> made = makeBrokerLink(settings.jobs, std::move(password));
    if (made)
        m_broker = made.takeValue();
    else
        faults.append({ { QStringLiteral("jobs.broker") }, made.error() });
    return faults;
}

std::optional<QString> Program::openDataDir()
{
    m_fileLimit = raiseFileLimit();
    m_service->apply(fitTo(m_fileLimit, m_settings.limits));
    const QString &path = m_settings.service.dataDir;
    Result<DataDir, QString> dataDir =
        m_predecessor ? DataDir::adopt(path, m_predecessor->takeLock()) : DataDir::open(path);
    if (!dataDir)
        return dataDir.error();
    m_dataDir = dataDir.takeValue();
    if (const auto token = ensureAdminToken(m_settings.admin.tokenFile); !token)
        return token.error();
    return {};
}

std::optional<EarlyExit> Program::takeTokens()
{
    const Result<AdminTokens, TokenFault> tokens = readAdminTokens(m_settings.admin);
    if (!tokens)
        return exitOf(tokens.error());
    const Result<Secret, TokenFault> jobsToken = readJobsToken(m_settings.jobs, tokens.value());
    if (!jobsToken)
        return exitOf(jobsToken.error());
    m_service->setJobsCredentials(jobsToken.value().isEmpty()
                                      ? std::nullopt
                                      : std::optional(Credentials(jobsToken.value().view(), {})));
    const QByteArrayView operatorToken = tokens.value().operatorToken.view();
    const QByteArrayView readToken = tokens.value().readToken.view();
    if (m_credentials.areOf(operatorToken, readToken))
        return {};
    // Who has shown a token that stays right is still known, and keeps its event stream.
    m_credentials = m_credentials.renewed(operatorToken, readToken);
    m_service->setCredentials(m_credentials);
    return {};
}

std::optional<QString> Program::open()
{
    connect(&m_signals, &UnixSignals::received, this, &Program::takeSignal);
    connect(&m_service->lifecycle(), &Lifecycle::resumed, &m_signals, &UnixSignals::forgetStop);
    connect(m_service.get(), &Service::stopped, this, [this](const StopReport &report) {
        showReport(report);
        QCoreApplication::exit(report.exitCode);
    });
    connect(&m_service->lifecycle(), &Lifecycle::stateChanged, this, &Program::follow);
    connect(m_service.get(), &Service::startFailed, this, &Program::giveUp);
    m_service->apply(m_tls);
    wireManager();
    wireReplacement();
    wirePredecessor();
    const Result<Done, QString> started = m_predecessor
        ? m_service->prepare(m_dataDir->isShared() ? m_predecessor->instanceId() : QString())
        : m_service->start();
    return started ? std::nullopt : std::optional(started.error());
}

void Program::wireManager()
{
    if (!hasManager())
        return;
    m_manager = std::make_unique<ManagerReports>(
        ManagerReports::Parts{ m_clock, m_service->lifecycle(), m_service->inFlight(),
                               [this] { return m_service->bytesMoved(); },
                               [this] { return m_service->longestHooks(); }, notifyManager },
        managersWatchdog());
    connect(&m_service->jobs(), &JobQueue::jobProgressed, m_manager.get(),
            &ManagerReports::noteProgress);
    connect(&m_service->jobs(), &JobQueue::jobChanged, m_manager.get(),
            &ManagerReports::noteProgress);
}

void Program::wireReplacement()
{
    m_replacement =
        std::make_unique<Replacement>(*m_service, *m_dataDir,
                                      Replacement::Program{ m_path, QCoreApplication::arguments(),
                                                            m_settings.service.handoverTimeout });
    connect(m_replacement.get(), &Replacement::handingOver, this, [this](qint64 pid) {
        if (m_manager)
            m_manager->giveUpTo(pid);
    });
    connect(m_replacement.get(), &Replacement::replaced, this, &Program::leaveTo);
    connect(m_replacement.get(), &Replacement::failed, this,
            [this](const QString &, const StopCause &cause) {
                recordReplacement(cause, QStringLiteral("successor-failed"));
            });
}

void Program::wirePredecessor()
{
    if (!m_predecessor)
        return;
    connect(m_service.get(), &Service::prepared, this, [this] {
        m_isPrepared = true;
        if (m_predecessor) // else it was told to stop meanwhile, and the other has gone
            m_predecessor->sayReady();
        serveInItsPlace();
    });
    connect(m_predecessor.get(), &Predecessor::told, this, [this] {
        m_wasTold = true;
        serveInItsPlace();
    });
    connect(m_predecessor.get(), &Predecessor::jobsChanged, this, [this] {
        if (m_service->hasJobs())
            m_service->jobs().share(JobStore::Sharing::Look, {});
    });
    connect(m_predecessor.get(), &Predecessor::gone, this, [this] {
        m_isAlone = true;
        takeItsRest();
    });
    m_predecessor->follow();
}

/// Told before it could is possible, too: when the one before has died.
void Program::serveInItsPlace()
{
    if (!m_isPrepared || !std::exchange(m_wasTold, false))
        return;
    m_dataDir->sign();
    m_service->serve();
    takeItsRest();
}

/// Once it serves, which one that died at the wrong moment had not told it yet.
void Program::takeItsRest()
{
    if (m_service->lifecycle().state() == LifecycleState::Starting
        || !std::exchange(m_isAlone, false))
        return;
    m_predecessor.release()->deleteLater(); // it is just telling
    m_service->takeOver();
    if (const std::optional<StopCause> cause = std::exchange(m_deferred, {}))
        replace(*cause);
}

void Program::recordReplacement(const StopCause &cause, const QString &refusal)
{
    AuditEntry entry;
    entry.action = QStringLiteral("replace");
    entry.cause = cause;
    entry.refusal = refusal;
    m_service->audit().record(entry);
}

void Program::replace(const StopCause &cause)
{
    if (m_predecessor && m_service->lifecycle().state() == LifecycleState::Serving) {
        m_deferred = cause;
        qCInfo(lcProgram).noquote()
            << LogLine("replacement waits until the process before has left").toString();
        return;
    }
    const auto begun = m_replacement->tryBegin(cause);
    if (begun)
        return; // how it ends is recorded then
    const QString refusal = Replacement::toWire(begun.error());
    recordReplacement(cause, refusal);
    qCWarning(lcProgram).noquote() << LogLine("not replaced").with("code", refusal).toString();
}

/// No lame duck: at this address the new process serves already.
void Program::leaveTo(qint64 pid, const StopCause &cause)
{
    StopCause replaced = cause;
    replaced.reason = QStringLiteral("replaced by pid %1").arg(pid);
    recordReplacement(replaced, {});
    m_service->letGoOfAdmin();
    // Not refused: it was serving.
    static_cast<void>(m_service->lifecycle().tryStop(
        { .cause = replaced, .lameDuck = std::chrono::milliseconds(0), .grace = {} }));
}

/// Ready is what it is once it serves: with jobs only when their store is open.
void Program::follow(const StateChange &change)
{
    if (change.from != LifecycleState::Starting || change.to != LifecycleState::Serving)
        return;
    writeRuntimeFile();
    announceReady();
}

void Program::giveUp(const StoreError &error)
{
    const bool isConfiguration = error.kind == StoreError::Kind::TooNew;
    QCoreApplication::exit(
        refuse(isConfiguration ? kExitConfiguration : kExitUnavailable, error.reason));
}

void Program::writeRuntimeFile()
{
    Result<RuntimeFile, QString> file =
        RuntimeFile::write(m_settings.service.runtimeDir,
                           { .pid = QCoreApplication::applicationPid(),
                             .name = m_settings.service.name,
                             .instanceId = m_service->instanceId(),
                             .trafficUrl = m_service->trafficUrl(),
                             .adminUrl = m_service->adminUrl(),
                             .tokenFile = m_settings.admin.tokenFile });
    if (file)
        m_runtimeFile.emplace(file.takeValue());
    else // nobody finds it by itself, but it serves
        qCWarning(lcProgram).noquote()
            << LogLine("no runtime file").with("reason", file.error()).toString();
}

void Program::announceReady()
{
    qCInfo(lcProgram).noquote() << LogLine("ready")
                                       .with("name", m_settings.service.name)
                                       .with("instanceId", m_service->instanceId())
                                       .with("traffic", m_service->trafficUrl())
                                       .with("admin", m_service->adminUrl())
                                       .toString();
    print(stdout,
          readyLine(m_service->trafficUrl(), m_service->adminUrl(),
                    QCoreApplication::applicationPid())
              + QLatin1Char('\n'));
}

void Program::takeSignal(SignalIntent intent, const StopCause &cause)
{
    AuditEntry entry;
    entry.cause = cause;
    switch (intent) {
    case SignalIntent::Stop: {
        entry.action = QStringLiteral("stop");
        const LifecycleResult stopping =
            m_service->lifecycle().tryStop({ .cause = cause, .lameDuck = {}, .grace = {} });
        if (!stopping)
            entry.refusal = toWire(stopping.error());
        break;
    }
    case SignalIntent::Force:
        entry.action = QStringLiteral("force");
        m_service->lifecycle().force(cause);
        break;
    case SignalIntent::Replace:
        return replace(cause);
    case SignalIntent::Reload:
        entry.action = QStringLiteral("reload");
        if (!tryReload())
            entry.refusal = QStringLiteral("bad-configuration");
        break;
    }
    m_service->audit().record(entry);
}

bool Program::tryReload()
{
    if (m_manager)
        m_manager->reloading();
    const bool isReloaded = tryReloadSettings();
    if (m_manager)
        m_manager->reloaded();
    return isReloaded;
}

bool Program::tryReloadSettings()
{
    const Result<ReloadedSettings, QStringList> reloaded = m_configuration->reload();
    if (!reloaded) {
        for (const QString &error : reloaded.error())
            qCWarning(lcProgram).noquote()
                << LogLine("configuration not reloaded").with("error", error).toString();
        return false;
    }
    m_settings = reloaded.value().settings;
    m_logging->setLevel(m_settings.log.level);
    m_service->apply(fitTo(m_fileLimit, m_settings.limits));
    m_service->apply(m_settings.admin);
    m_service->apply(m_tls);
    const bool haveTokens = tryReloadTokens();
    qCInfo(lcProgram).noquote() << LogLine("configuration reloaded")
                                       .with("changed",
                                             reloaded.value().changed.join(QLatin1Char(',')))
                                       .with("needRestart",
                                             reloaded.value().needRestart.join(QLatin1Char(',')))
                                       .toString();
    return haveTokens;
}

/// Whether or not a setting has changed: that the files have is what a signal after a rotation
/// says.
bool Program::tryReloadTokens()
{
    if (const std::optional<EarlyExit> failure = takeTokens()) {
        qCWarning(lcProgram).noquote()
            << LogLine("admin tokens not reloaded").with("error", failure->text).toString();
        return false;
    }
    qCInfo(lcProgram).noquote() << LogLine("admin tokens reloaded").toString();
    return true;
}

/// A person who stopped it at a terminal sees at once what the stop did.
void Program::showReport(const StopReport &report) const
{
    const bool isText = m_settings.log.format != LogSettings::Format::Json;
    if (isText && ::isatty(STDERR_FILENO))
        print(stderr, summarize(report) + QLatin1Char('\n'));
}

int Program::refuse(int code, const QString &reason) const
{
    print(stderr, QStringLiteral("%1: %2\n").arg(m_name, reason));
    return code;
}

} // namespace quiesce
