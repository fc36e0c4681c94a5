// SPDX-License-Identifier: GPL-3.0-only
// ServiceProcess by QProcess, with signals by kill(2), so that the test process is their sender.
#include "tests/endtoend/serviceprocess.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>
#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

int toMs(const QDeadlineTimer &deadline)
{
    return static_cast<int>(deadline.remainingTime());
}

QProcessEnvironment cleanEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys()) {
        if (name.startsWith("QUIESCE_"_L1))
            environment.remove(name);
    }
    return environment;
}

bool hasFields(const QJsonObject &record, const QJsonObject &wanted)
{
    const QJsonObject fields = record["fields"_L1].toObject();
    for (auto field = wanted.begin(); field != wanted.end(); ++field) {
        if (fields[field.key()] != field.value())
            return false;
    }
    return true;
}

} // namespace

ServiceProcess::ServiceProcess(const QString &program)
    : m_environment(cleanEnvironment())
{
    m_process.setProgram(program.isEmpty() ? QStringLiteral(QUIESCED_PROGRAM) : program);
}

ServiceProcess::~ServiceProcess()
{
    const bool wasRunning = isRunning();
    m_process.kill(); // by its pid, and nothing when it has ended
    m_process.waitForFinished(int(kLongestWait.count()));
    if (!QTest::currentTestFailed())
        return;
    readAll();
    const QString end = wasRunning ? u"was still running"_s
        : m_process.exitStatus() == QProcess::NormalExit
        ? u"exit code %1"_s.arg(m_process.exitCode())
        : u"killed by signal %1"_s.arg(m_process.exitCode());
    qWarning().noquote() << m_process.program() << m_process.arguments().join(u' ') << end
                         << QString::fromUtf8("\nits log:\n" + m_errors);
}

void ServiceProcess::setEnvironment(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
}

void ServiceProcess::launch(const QStringList &arguments)
{
    m_output.clear();
    m_errors.clear();
    m_process.setArguments(arguments);
    m_process.setProcessEnvironment(m_environment);
    m_process.setChildProcessModifier([this] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (m_beforeExec)
            m_beforeExec();
    });
    m_process.start();
    m_pid = m_process.processId();
}

QStringList ServiceProcess::ownDirectories() const
{
    return { u"--data-dir"_s, dataDir(), u"--runtime-dir"_s, path(u"run"_s) };
}

bool ServiceProcess::start(const QStringList &flags)
{
    static const QRegularExpression ready(
        uR"(^quiesced ready traffic=https?://127\.0\.0\.1:(\d+) admin=https?://127\.0\.0\.1:(\d+) pid=(\d+)\n)"_s);
    const QStringList ports{ u"--listen"_s, u"127.0.0.1:0"_s, u"--admin-listen"_s,
                             u"127.0.0.1:0"_s };
    launch(ports + ownDirectories() + flags);
    const QDeadlineTimer deadline(kLongestWait);
    m_process.setReadChannel(QProcess::StandardOutput);
    while (!m_output.contains('\n') && m_process.waitForReadyRead(toMs(deadline)))
        readAll();
    const auto match = ready.match(QString::fromUtf8(m_output));
    m_trafficPort = match.captured(1).toUShort();
    m_adminPort = match.captured(2).toUShort();
    return match.hasMatch() && match.captured(3).toLongLong() == pid();
}

ServiceProcess::Finished ServiceProcess::run(const QStringList &arguments)
{
    launch(arguments);
    const int exitCode = waitForExit();
    return { exitCode, m_output, m_errors };
}

QString ServiceProcess::runtimeFile() const
{
    return path(u"run/%1.json"_s.arg(pid()));
}

void ServiceProcess::writeFile(const QString &name, const QByteArray &content) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qUtf8Printable(path(name)));
}

void ServiceProcess::signal(int number) const
{
    if (m_process.processId() > 0) // not reaped yet, so it is still its pid
        ::kill(static_cast<pid_t>(m_pid), number);
}

void ServiceProcess::freeze() const
{
    signal(SIGSTOP);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid()), &info, WSTOPPED | WNOWAIT);
}

void ServiceProcess::thaw() const
{
    signal(SIGCONT);
}

bool ServiceProcess::hasCaughtUp() const
{
    return askAfresh(m_trafficPort, get("/livez")).status == 200;
}

void ServiceProcess::say(const QByteArray &line)
{
    m_process.write(line + '\n');
    m_process.waitForBytesWritten(int(kLongestWait.count()));
}

qsizetype ServiceProcess::openSockets() const
{
    const QFileInfoList descriptors =
        QDir(u"/proc/%1/fd"_s.arg(m_pid)).entryInfoList(QDir::AllEntries | QDir::System);
    return std::count_if(descriptors.begin(), descriptors.end(), [](const QFileInfo &descriptor) {
        return descriptor.symLinkTarget().contains("/socket:["_L1);
    });
}

int ServiceProcess::waitForExit()
{
    const bool isGone = m_process.state() == QProcess::NotRunning
        || m_process.waitForFinished(int(kLongestWait.count()));
    readAll();
    return isGone && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

void ServiceProcess::readAll()
{
    m_output += m_process.readAllStandardOutput();
    m_errors += m_process.readAllStandardError();
}

QByteArray ServiceProcess::output()
{
    readAll();
    return m_output;
}

QList<QJsonObject> ServiceProcess::log()
{
    readAll();
    QList<QJsonObject> records;
    const QByteArray whole = m_errors.left(m_errors.lastIndexOf('\n'));
    for (const QByteArray &line : whole.split('\n')) {
        if (!whole.isEmpty())
            records.append(QJsonDocument::fromJson(line).object());
    }
    return records;
}

qsizetype ServiceProcess::countLog(const QString &message, const QJsonObject &fields)
{
    const QList<QJsonObject> records = log();
    return std::count_if(records.begin(), records.end(), [&](const QJsonObject &record) {
        return record["message"_L1] == message && hasFields(record, fields);
    });
}

bool ServiceProcess::waitForLog(const QString &message, const QJsonObject &fields)
{
    const QDeadlineTimer deadline(kLongestWait);
    m_process.setReadChannel(QProcess::StandardError);
    while (countLog(message, fields) == 0) {
        if (!m_process.waitForReadyRead(toMs(deadline)))
            return countLog(message, fields) > 0;
    }
    return true;
}

bool ServiceProcess::waitForState(const QString &state)
{
    return waitForLog(u"state changed"_s, { { u"to"_s, state } });
}

QStringList ServiceProcess::transitions()
{
    QStringList all;
    for (const QJsonObject &record : log()) {
        const QJsonObject fields = record["fields"_L1].toObject();
        if (record["message"_L1] == "state changed"_L1)
            all.append(fields["from"_L1].toString() + u' ' + fields["to"_L1].toString());
    }
    return all;
}

QStringList ServiceProcess::reportFiles() const
{
    const QDir reports(dataDir() + "/reports"_L1);
    QStringList files;
    for (const QString &name : reports.entryList(QDir::Files | QDir::Hidden))
        files.append(reports.filePath(name));
    return files;
}

QJsonObject ServiceProcess::report() const
{
    const QStringList files = reportFiles();
    QFile file(files.value(0));
    if (files.size() != 1 || !file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

QString ServiceProcess::tally() const
{
    const QJsonObject requests = report()["requests"_L1].toObject();
    const auto count = [&](QLatin1StringView name) {
        return QString::number(requests[name].toInteger(-1));
    };
    return u"%1+%2 = %3+%4+%5"_s.arg(count("inFlightAtStop"_L1), count("acceptedDuringStop"_L1),
                                     count("drained"_L1), count("cancelled"_L1),
                                     count("aborted"_L1));
}

} // namespace quiesce::test
