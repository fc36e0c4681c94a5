// SPDX-License-Identifier: GPL-3.0-only
// The service's side: pipes, fork, notifiers, and what the supervisor reports.
#include "service/jobs/kinds/commandprocess.h"

#include <QFile>
#include <QMetaObject>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <vector>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kAboveStreams = 3;

QString systemReason(int error)
{
    return QString::fromStdString(std::generic_category().message(error));
}

/// Some other part of the program may have closed a standard stream; a pipe must not become one.
FileDescriptor aboveStreams(int fd)
{
    if (fd < 0 || fd >= kAboveStreams)
        return FileDescriptor(fd);
    const FileDescriptor low(fd);
    return FileDescriptor(::fcntl(fd, F_DUPFD_CLOEXEC, kAboveStreams));
}

/// argv or envp: pointers into texts that stay where they are.
class Strings final
{
public:
    explicit Strings(const QStringList &texts)
    {
        for (const QString &text : texts)
            m_texts.push_back(QFile::encodeName(text));
        for (QByteArray &text : m_texts)
            m_pointers.push_back(text.data());
        m_pointers.push_back(nullptr);
    }
    [[nodiscard]] char *const *data() const { return m_pointers.data(); }

private:
    std::vector<QByteArray> m_texts;
    std::vector<char *> m_pointers;
};

rlim_t limitOf(qint64 value)
{
    return value > 0 ? static_cast<rlim_t>(value) : RLIM_INFINITY;
}

qint64 inSeconds(milliseconds duration)
{
    return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

/// Forks with every signal blocked, so that no handler of the service's ever runs in the child.
pid_t forkSupervisor(const CommandLaunch &launch)
{
    sigset_t all;
    sigset_t former;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &former);
    const pid_t pid = ::fork();
    if (pid == 0)
        runSupervisor(launch);
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &former, nullptr);
    errno = error;
    return pid;
}

/// Nobody tries again to run what is not there.
bool isTransient(int error)
{
    return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE
        || error == ETXTBSY || error == EINTR || error == EIO;
}

QString describe(const SupervisorReport &report)
{
    const QString reason = systemReason(report.error);
    switch (report.step) {
    case SupervisorReport::Step::Fork:
        return u"no process could be made for it: %1"_s.arg(reason);
    case SupervisorReport::Step::WorkingDir:
        return u"its working folder cannot be entered: %1"_s.arg(reason);
    case SupervisorReport::Step::Limits:
        return u"its limits cannot be set: %1"_s.arg(reason);
    case SupervisorReport::Step::Streams:
        return u"its streams cannot be set: %1"_s.arg(reason);
    case SupervisorReport::Step::Execute:
        return u"it cannot be executed: %1"_s.arg(reason);
    }
    return reason;
}

void take(const SupervisorReport &report, CommandEnd &end)
{
    switch (report.kind) {
    case SupervisorReport::Kind::Started:
        break;
    case SupervisorReport::Kind::NotStarted:
        end.how = CommandEnd::How::NotStarted;
        end.reason = describe(report);
        end.isTransient = isTransient(report.error);
        break;
    case SupervisorReport::Kind::Ended:
        end.how = WIFEXITED(report.status) ? CommandEnd::How::Exited : CommandEnd::How::Killed;
        end.code = WIFEXITED(report.status) ? WEXITSTATUS(report.status) : WTERMSIG(report.status);
        end.hasSurvivors = report.hasSurvivors;
        end.cpu = milliseconds(report.cpuMilliseconds);
        end.peakBytes = qint64{ report.peakKiB } * 1'024;
        break;
    }
}

} // namespace

CommandProcess::CommandProcess(QObject *parent)
    : QObject(parent)
{ }

CommandProcess::~CommandProcess()
{
    if (m_supervisor < 0)
        return;
    m_control.close();
    for (Reader &reader : m_readers) {
        reader.notifier.reset();
        reader.fd.close();
    }
    pollfd end{ .fd = m_supervisorFd.get(), .events = POLLIN, .revents = 0 };
    const auto wait = std::chrono::duration_cast<milliseconds>(kAbandonWait);
    ::poll(&end, 1, static_cast<int>(wait.count()));
    ::waitpid(m_supervisor, nullptr, WNOHANG);
}

void CommandProcess::start(const Spec &spec)
{
    Q_ASSERT(m_supervisor < 0 && !m_control.isOpen());
    CommandLaunch launch;
    QString fault = openChannels(launch);
    if (fault.isEmpty())
        fault = fork(spec, launch);
    for (FileDescriptor &fd : m_childEnds)
        fd.close();
    if (fault.isEmpty())
        listen();
    else
        failLater(fault);
}

void CommandProcess::requestStop()
{
    if (m_control.isOpen())
        ::send(m_control.get(), &kSupervisorStop, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

QString CommandProcess::openChannels(CommandLaunch &launch)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return systemReason(errno);
    m_control = aboveStreams(ends[0]);
    m_childEnds[0] = aboveStreams(ends[1]);
    m_childEnds[1] = aboveStreams(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    for (size_t i = 0; i < m_readers.size(); ++i) {
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return systemReason(errno);
        m_readers[i].fd = aboveStreams(ends[0]);
        m_childEnds[2 + i] = aboveStreams(ends[1]);
        ::fcntl(m_readers[i].fd.get(), F_SETFL, O_NONBLOCK);
    }
    for (const FileDescriptor &fd : m_childEnds) {
        if (!fd.isOpen())
            return systemReason(errno);
    }
    launch.control = m_childEnds[0].get();
    launch.standardInput = m_childEnds[1].get();
    launch.standardOutput = m_childEnds[2].get();
    launch.standardError = m_childEnds[3].get();
    return {};
}

QString CommandProcess::fork(const Spec &spec, CommandLaunch &launch)
{
    const QByteArray program = QFile::encodeName(spec.program);
    const QByteArray workingDir = QFile::encodeName(spec.workingDir);
    const Strings arguments(QStringList{ spec.program } + spec.arguments);
    const Strings environment(spec.environment);
    launch.program = program.constData();
    launch.arguments = arguments.data();
    launch.environment = environment.data();
    launch.workingDir = workingDir.constData();
    launch.memoryBytes = limitOf(spec.memory);
    launch.cpuSeconds = limitOf(inSeconds(spec.cpu));
    launch.fileBytes = limitOf(spec.maxFileBytes);
    launch.killAfter = spec.killAfter;
    m_supervisor = forkSupervisor(launch);
    if (m_supervisor < 0)
        return systemReason(errno);
    m_supervisorFd = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, m_supervisor, 0U)));
    if (m_supervisorFd.isOpen())
        return {};
    const QString reason = systemReason(errno);
    m_control.close(); // the supervisor sees it and goes
    ::waitpid(std::exchange(m_supervisor, -1), nullptr, 0);
    return reason;
}

void CommandProcess::listen()
{
    for (const Stream stream : { Stream::Output, Stream::Error }) {
        Reader &reader = m_readers[static_cast<size_t>(stream)];
        reader.notifier = std::make_unique<QSocketNotifier>(reader.fd.get(), QSocketNotifier::Read);
        connect(reader.notifier.get(), &QSocketNotifier::activated, this, [this, stream] {
            if (!readSome(stream))
                m_readers[static_cast<size_t>(stream)].notifier->setEnabled(false);
        });
    }
    m_endNotifier = std::make_unique<QSocketNotifier>(m_supervisorFd.get(), QSocketNotifier::Read);
    connect(m_endNotifier.get(), &QSocketNotifier::activated, this, &CommandProcess::takeEnd);
}

/// False at the end of the stream.
bool CommandProcess::readSome(Stream stream)
{
    QByteArray bytes(kReadBytes, Qt::Uninitialized);
    ssize_t size = 0;
    do {
        size = ::read(m_readers[static_cast<size_t>(stream)].fd.get(), bytes.data(),
                      static_cast<size_t>(bytes.size()));
    } while (size < 0 && errno == EINTR);
    if (size <= 0)
        return size < 0 && errno == EAGAIN; // a notifier may well have fired for nothing
    bytes.truncate(size);
    Q_EMIT output(stream, bytes);
    return true;
}

/// Everybody who could still write is dead: what is there is all there will be.
void CommandProcess::drain(Stream stream)
{
    const int fd = m_readers[static_cast<size_t>(stream)].fd.get();
    const qsizetype most = ::fcntl(fd, F_GETPIPE_SZ);
    for (qsizetype read = 0; read <= most; read += kReadBytes) {
        pollfd ready{ .fd = fd, .events = POLLIN, .revents = 0 };
        if (::poll(&ready, 1, 0) <= 0 || (ready.revents & POLLIN) == 0 || !readSome(stream))
            return;
    }
}

void CommandProcess::takeEnd()
{
    m_endNotifier->setEnabled(false);
    ::waitpid(m_supervisor, nullptr, WNOHANG);
    m_supervisor = -1;
    for (Reader &reader : m_readers)
        reader.notifier->setEnabled(false);
    drain(Stream::Output);
    drain(Stream::Error);
    const CommandEnd end = readReports();
    m_control.close();
    for (Reader &reader : m_readers)
        reader.fd.close();
    Q_EMIT ended(end);
}

CommandEnd CommandProcess::readReports() const
{
    CommandEnd end;
    SupervisorReport report;
    pid_t command = 0;
    while (::recv(m_control.get(), &report, sizeof report, MSG_DONTWAIT) == sizeof report) {
        if (report.kind == SupervisorReport::Kind::Started)
            command = report.pid;
        take(report, end);
    }
    if (end.how == CommandEnd::How::Lost && command > 0)
        ::kill(-command, SIGKILL); // the command itself the kernel has killed with its parent
    return end;
}

void CommandProcess::failLater(const QString &reason)
{
    m_control.close();
    CommandEnd end;
    end.how = CommandEnd::How::NotStarted;
    end.reason = u"no process could be made for it: %1"_s.arg(reason);
    end.isTransient = true;
    QMetaObject::invokeMethod(
        this, [this, end] { Q_EMIT ended(end); }, Qt::QueuedConnection);
}

} // namespace quiesce
