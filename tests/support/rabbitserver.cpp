// SPDX-License-Identifier: GPL-3.0-only
// RabbitServer: see the header.
#include "tests/support/rabbitserver.h"

#include "tests/support/serverport.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

/// The wrapper in /usr/sbin wants to be root or rabbitmq; this one does not mind.
QString folderOfScripts()
{
    const QDir root(u"/usr/lib/rabbitmq/lib"_s);
    const QStringList versions = root.entryList({ u"rabbitmq_server-*"_s }, QDir::Dirs);
    return versions.isEmpty() ? QString() : root.filePath(versions.last() + u"/sbin"_s);
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qUtf8Printable(path));
}

} // namespace

RabbitServer::RabbitServer()
{
    for (quint16 *const port : { &m_port, &m_tlsPort, &m_distributionPort, &m_epmdPort }) {
        *port = serverPort();
        if (*port == 0)
            qFatal("no free port");
    }
    writeFiles();
}

RabbitServer::~RabbitServer()
{
    kill();
    m_epmd.kill();
    m_epmd.waitForFinished(kLongestWaitMs);
}

bool RabbitServer::isInstalled()
{
    return !folderOfScripts().isEmpty();
}

void RabbitServer::writeFiles()
{
    const Certificate authority({ .name = "authority", .kind = Certificate::Kind::Authority });
    const Certificate stranger({ .name = "stranger", .kind = Certificate::Kind::Authority });
    const Certificate own({}, &authority);
    static_cast<void>(m_certificates.write(u"authority.pem"_s, authority.pem()));
    static_cast<void>(m_certificates.write(u"stranger.pem"_s, stranger.pem()));
    const QString certificate = m_certificates.write(u"own.pem"_s, own.pem());
    const QString key = m_certificates.write(u"own.key"_s, own.keyPem());
    const QString text = uR"(listeners.tcp.1 = 127.0.0.1:%1
listeners.ssl.1 = 127.0.0.1:%2
ssl_options.cacertfile = %3
ssl_options.certfile = %4
ssl_options.keyfile = %5
ssl_options.verify = verify_none
ssl_options.fail_if_no_peer_cert = false
log.console = false
)"_s.arg(m_port)
                             .arg(m_tlsPort)
                             .arg(authorityFile(), certificate, key);
    write(m_folder.filePath(u"rabbitmq.conf"_s), text.toUtf8());
    for (const QString &name : { u"mnesia"_s, u"log"_s, u"home"_s })
        QDir(m_folder.path()).mkdir(name);
}

QProcessEnvironment RabbitServer::environment() const
{
    const auto file = [this](const QString &name) { return m_folder.filePath(name); };
    QProcessEnvironment made;
    made.insert(u"PATH"_s, u"/usr/sbin:/usr/bin:/sbin:/bin"_s);
    made.insert(u"LANG"_s, u"C.UTF-8"_s);
    made.insert(u"HOME"_s, file(u"home"_s)); // for its cookie
    made.insert(u"ERL_EPMD_PORT"_s, QString::number(m_epmdPort));
    made.insert(u"RABBITMQ_NODENAME"_s, u"rabbit@localhost"_s);
    made.insert(u"RABBITMQ_CONF_ENV_FILE"_s, u"/dev/null"_s);
    made.insert(u"RABBITMQ_CONFIG_FILE"_s, file(u"rabbitmq.conf"_s));
    made.insert(u"RABBITMQ_ADVANCED_CONFIG_FILE"_s, file(u"advanced.config"_s));
    made.insert(u"RABBITMQ_ENABLED_PLUGINS_FILE"_s, file(u"plugins"_s));
    made.insert(u"RABBITMQ_MNESIA_BASE"_s, file(u"mnesia"_s));
    made.insert(u"RABBITMQ_LOG_BASE"_s, file(u"log"_s));
    made.insert(u"RABBITMQ_PID_FILE"_s, file(u"pid"_s));
    made.insert(u"RABBITMQ_DIST_PORT"_s, QString::number(m_distributionPort));
    // Its script becomes the server then, instead of staying between the two of us.
    made.insert(u"RUNNING_UNDER_SYSTEMD"_s, u"true"_s);
    made.insert(u"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"_s,
                u"-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none"_s);
    return made;
}

void RabbitServer::launch(QProcess &process, const QString &program,
                          const QStringList &arguments) const
{
    process.setProcessEnvironment(environment());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setChildProcessModifier([] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setpgid(0, 0);
    });
    process.start(program, arguments);
}

bool RabbitServer::start()
{
    if (m_epmd.state() == QProcess::NotRunning) {
        launch(m_epmd, u"epmd"_s,
               { u"-address"_s, u"127.0.0.1"_s, u"-port"_s, QString::number(m_epmdPort) });
        if (!m_epmd.waitForStarted(kLongestWaitMs))
            return false;
    }
    m_output.clear();
    launch(m_server, folderOfScripts() + u"/rabbitmq-server"_s, {});
    const QDeadlineTimer deadline(kLongestWaitMs);
    while (!m_output.contains("completed with")
           && m_server.waitForReadyRead(static_cast<int>(deadline.remainingTime())))
        m_output += m_server.readAll();
    return m_output.contains("completed with");
}

void RabbitServer::signal(int number) const
{
    if (m_server.state() == QProcess::Running)
        ::kill(static_cast<pid_t>(-m_server.processId()), number);
}

void RabbitServer::stop()
{
    signal(SIGTERM);
    m_server.waitForFinished(kLongestWaitMs);
}

void RabbitServer::kill()
{
    signal(SIGKILL);
    m_server.waitForFinished(kLongestWaitMs);
}

/// One of its threads must take the signal before all of them stand still: on a busy machine the
/// others may do a lot until then.
void RabbitServer::freeze()
{
    if (m_server.state() != QProcess::Running)
        return;
    signal(SIGSTOP);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(m_server.processId()), &info, WSTOPPED | WEXITED | WNOWAIT);
}

void RabbitServer::thaw()
{
    signal(SIGCONT);
}

bool RabbitServer::control(const QStringList &arguments)
{
    QProcess process;
    launch(process, folderOfScripts() + u"/rabbitmqctl"_s, arguments);
    process.waitForFinished(kLongestWaitMs);
    m_output += process.readAll();
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

} // namespace quiesce::test
