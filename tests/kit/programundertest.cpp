// SPDX-License-Identifier: GPL-3.0-only
// ProgramUnderTest by QProcess, with signals by kill(2), so that the test process is their sender.
#include "tests/kit/programundertest.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
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

ProgramUnderTest::ProgramUnderTest(const QString &program)
    : m_environment(cleanEnvironment())
{
    m_process.setProgram(program);
}

ProgramUnderTest::~ProgramUnderTest()
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

void ProgramUnderTest::setEnvironment(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
}

void ProgramUnderTest::launch(const QStringList &arguments)
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

QByteArray ProgramUnderTest::operatorToken() const
{
    QFile file(QDir(dataDir()).filePath(u"admin-token"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

QStringList ProgramUnderTest::ownDirectories() const
{
    return { u"--data-dir"_s, dataDir(), u"--runtime-dir"_s, path(u"run"_s) };
}

bool ProgramUnderTest::start(const QStringList &flags)
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

ProgramUnderTest::Finished ProgramUnderTest::run(const QStringList &arguments)
{
    launch(arguments);
    const int exitCode = waitForExit();
    return { exitCode, m_output, m_errors };
}

QString ProgramUnderTest::runtimeFile() const
{
    return path(u"run/%1.json"_s.arg(pid()));
}

void ProgramUnderTest::writeFile(const QString &name, const QByteArray &content) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qUtf8Printable(path(name)));
}

void ProgramUnderTest::signal(int number) const
{
    if (m_process.processId() > 0) // not reaped yet, so it is still its pid
        ::kill(static_cast<pid_t>(m_pid), number);
}

void ProgramUnderTest::requestStop()
{
    signal(SIGTERM);
}

void ProgramUnderTest::freeze() const
{
    signal(SIGSTOP);
    siginfo_t info{}; // nobody can refuse that signal, and of one that has ended this is an error
    ::waitid(P_PID, static_cast<id_t>(pid()), &info, WSTOPPED | WNOWAIT);
}

void ProgramUnderTest::thaw() const
{
    signal(SIGCONT);
}

void ProgramUnderTest::say(const QByteArray &line)
{
    m_process.write(line + '\n');
    m_process.waitForBytesWritten(int(kLongestWait.count()));
}

qsizetype ProgramUnderTest::openSockets() const
{
    const QFileInfoList descriptors =
        QDir(u"/proc/%1/fd"_s.arg(m_pid)).entryInfoList(QDir::AllEntries | QDir::System);
    return std::count_if(descriptors.begin(), descriptors.end(), [](const QFileInfo &descriptor) {
        return descriptor.symLinkTarget().contains("/socket:["_L1);
    });
}

int ProgramUnderTest::waitForExit()
{
    const bool isGone = m_process.state() == QProcess::NotRunning
        || m_process.waitForFinished(int(kLongestWait.count()));
    readAll();
    return isGone && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

void ProgramUnderTest::readAll()
{
    m_output += m_process.readAllStandardOutput();
    m_errors += m_process.readAllStandardError();
}

QByteArray ProgramUnderTest::output()
{
    readAll();
    return m_output;
}

QList<QJsonObject> ProgramUnderTest::log()
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

qsizetype ProgramUnderTest::countLog(const QString &message, const QJsonObject &fields)
{
    const QList<QJsonObject> records = log();
    return std::count_if(records.begin(), records.end(), [&](const QJsonObject &record) {
        return record["message"_L1] == message && hasFields(record, fields);
    });
}

bool ProgramUnderTest::waitForLog(const QString &message, const QJsonObject &fields)
{
    const QDeadlineTimer deadline(kLongestWait);
    m_process.setReadChannel(QProcess::StandardError);
    while (countLog(message, fields) == 0) {
        if (!m_process.waitForReadyRead(toMs(deadline)))
            return countLog(message, fields) > 0;
    }
    return true;
}

bool ProgramUnderTest::waitForState(const QString &state)
{
    return waitForLog(u"state changed"_s, { { u"to"_s, state } });
}

QList<StateSeen> ProgramUnderTest::states()
{
    QList<StateSeen> all;
    for (const QJsonObject &record : log()) {
        const QJsonObject fields = record["fields"_L1].toObject();
        if (record["message"_L1] == "state changed"_L1)
            all.append(
                { .from = fields["from"_L1].toString(),
                  .to = fields["to"_L1].toString(),
                  .at = QDateTime::fromString(record["at"_L1].toString(), Qt::ISODateWithMs) });
    }
    return all;
}

QByteArrayList ProgramUnderTest::logTail(qsizetype lines)
{
    readAll();
    const QByteArrayList all = m_errors.trimmed().split('\n');
    return all.mid(std::max<qsizetype>(0, all.size() - lines));
}

QStringList ProgramUnderTest::reportFiles() const
{
    const QDir reports(dataDir() + "/reports"_L1);
    QStringList files;
    for (const QString &name : reports.entryList(QDir::Files | QDir::Hidden))
        files.append(reports.filePath(name));
    return files;
}

QJsonObject ProgramUnderTest::report() const
{
    const QStringList files = reportFiles();
    QFile file(files.value(0));
    if (files.size() != 1 || !file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

} // namespace quiesce::test
