// SPDX-License-Identifier: GPL-3.0-only
// DemoService: a detached process, known by its runtime file and a pidfd.
#include "console/model/fleet/demoservice.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStandardPaths>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLogTailBytes = 4'096;

/// Of its own: neither the operator's settings for another quiesced, nor what a service manager
/// told the console.
QProcessEnvironment demoEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys()) {
        if (name.startsWith("QUIESCE_"_L1) || name.startsWith("LISTEN_"_L1)
            || name == "NOTIFY_SOCKET"_L1)
            environment.remove(name);
    }
    environment.insert(u"QUIESCE_SERVICE_NAME"_s, u"demo"_s);
    return environment;
}

} // namespace

DemoService::DemoService(const QString &folder, QString program, QObject *parent)
    : QObject(parent)
    , m_folder(QDir::cleanPath(QDir::current().absoluteFilePath(folder)))
    , m_program(std::move(program))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kStartTimeout);
    connect(&m_timer, &QTimer::timeout, this,
            [this] { fail(tr("The demo service was not ready in time. See %1.").arg(logFile())); });
}

DemoService::~DemoService() = default;

QString DemoService::findProgram(const QString &applicationDir)
{
    for (const QString &folder : { applicationDir, applicationDir + "/../service"_L1 }) {
        const QFileInfo program(folder + "/quiesced"_L1);
        if (program.isFile() && program.isExecutable())
            return QDir::cleanPath(program.absoluteFilePath());
    }
    return QStandardPaths::findExecutable(u"quiesced"_s);
}

bool DemoService::prepare()
{
    if (m_program.isEmpty()) {
        fail(tr("The program quiesced was found neither beside the console nor in PATH."));
        return false;
    }
    if (!QDir().mkpath(m_folder)) {
        fail(tr("%1 cannot be made.").arg(m_folder));
        return false;
    }
    return true;
}

void DemoService::start()
{
    if (m_state != State::Idle || !prepare())
        return;
    const QString anyPort = u"127.0.0.1:0"_s;
    QProcess process;
    process.setProgram(m_program);
    process.setArguments({ u"--listen"_s, anyPort, u"--admin-listen"_s, anyPort, u"--data-dir"_s,
                           dataDir(), u"--runtime-dir"_s, runtimeDir(), u"--log-format"_s,
                           u"text"_s });
    process.setProcessEnvironment(demoEnvironment());
    process.setWorkingDirectory(m_folder);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(logFile(), QIODevice::Truncate);
    if (!process.startDetached(&m_pid)) {
        fail(tr("%1 cannot be run: %2").arg(m_program, process.errorString()));
        return;
    }
    setState(State::Starting);
    m_timer.start();
    if (!watch(m_pid))
        takeEnd();
}

bool DemoService::watch(qint64 pid)
{
    m_pid = pid;
    m_process = ProcessWatch::open(pid);
    if (m_process)
        connect(m_process.get(), &ProcessWatch::ended, this, &DemoService::takeEnd,
                Qt::QueuedConnection); // which lets go of the watch
    return m_process != nullptr;
}

void DemoService::noteAppeared(const InstanceSpec &spec)
{
    const bool isOurs = spec.tokenFile == dataDir() + "/admin-token"_L1;
    if (!isOurs || m_state == State::Running || m_state == State::Stopping)
        return;
    if (spec.pid != m_pid && !watch(spec.pid)) // of an earlier console
        return;
    m_timer.stop();
    setState(State::Running);
}

void DemoService::stop()
{
    if (m_state != State::Running && m_state != State::Starting)
        return;
    m_timer.stop();
    if (m_process && m_process->terminate())
        setState(State::Stopping);
}

void DemoService::takeEnd()
{
    const bool wasStarting = m_state == State::Starting;
    m_process.reset();
    m_pid = 0;
    if (wasStarting)
        fail(tr("The demo service did not start: %1").arg(lastLogLine()));
    else
        setState(State::Idle);
}

void DemoService::fail(const QString &why)
{
    m_timer.stop();
    m_process.reset();
    m_pid = 0;
    setState(State::Idle);
    Q_EMIT failed(why);
}

void DemoService::setState(State state)
{
    if (std::exchange(m_state, state) != state)
        Q_EMIT stateChanged();
}

QString DemoService::lastLogLine() const
{
    QFile log(logFile());
    if (!log.open(QIODevice::ReadOnly))
        return log.errorString();
    log.seek(std::max<qint64>(0, log.size() - kLogTailBytes));
    const QString text = QString::fromUtf8(log.readAll()).trimmed();
    return text.isEmpty() ? tr("it said nothing in %1").arg(logFile()) : text.section(u'\n', -1);
}

} // namespace quiesce
