// SPDX-License-Identifier: GPL-3.0-only
// Program: see the header.
#include "service/program.h"

#include "common/logline.h"
#include "service/core/exitcodes.h"
#include "service/host/admintoken.h"
#include "service/host/configuration/contradictions.h"
#include "service/host/readyline.h"

#include <QLoggingCategory>
#include <QProcessEnvironment>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <unistd.h>

namespace quiesce {

Q_LOGGING_CATEGORY(lcProgram, "quiesce.program")

namespace {

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

EarlyExit exitOf(const TokenFault &fault)
{
    const bool isConfiguration = fault.kind == TokenFault::Kind::Unusable;
    return { isConfiguration ? kExitConfiguration : kExitUnavailable, fault.reason };
}

} // namespace

Program::Program(int &argc, char **argv, const About &about)
    : m_app(withoutGlib(argc), argv)
    , m_name(about.name)
{
    giveLargeBlocksBack();
    QCoreApplication::setApplicationName(about.name);
    QCoreApplication::setApplicationVersion(about.version);
    Result<Configuration, EarlyExit> loaded =
        Configuration::load({ .arguments = QCoreApplication::arguments(),
                              .environment = QProcessEnvironment::systemEnvironment(),
                              .name = about.name,
                              .version = about.version,
                              .check = [this](const Settings &s) { return checkTls(s); } });
    if (loaded) {
        m_configuration = loaded.takeValue();
        m_settings = m_configuration->settings();
    } else {
        m_earlyExit = loaded.error();
    }
    m_service = std::make_unique<Service>(
        m_settings, Service::Identity{ .name = m_settings.service.name, .version = about.version });
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
    m_exitCode = QCoreApplication::exec();
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

std::optional<QString> Program::openDataDir()
{
    m_fileLimit = raiseFileLimit();
    m_service->apply(fitTo(m_fileLimit, m_settings.limits));
    Result<DataDir, QString> dataDir = DataDir::open(m_settings.service.dataDir);
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
    if (const Result<Done, QString> started = m_service->start(); !started)
        return started.error();
    return {};
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
