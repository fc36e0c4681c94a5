// SPDX-License-Identifier: GPL-3.0-only
// fork and exec by hand: QProcess has neither a pidfd nor an instant of exit to offer.
#include "tests/rehearse/serverprocess.h"

#include <QFile>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <vector>

using namespace Qt::StringLiterals;

namespace quiesce::rehearse {

namespace {

rlimit originalDescriptorLimit{ 0, 0 };

/// What the child needs, prepared before the fork: after it, only async-signal-safe calls are made.
class Launch final
{
public:
    Launch(const QStringList &command, int output)
        : m_output(output)
        , m_parent(::getpid())
    {
        for (const QString &word : command)
            m_words.push_back(QFile::encodeName(word).toStdString());
        for (std::string &word : m_words)
            m_arguments.push_back(word.data());
        m_arguments.push_back(nullptr);
    }

    [[noreturn]] void runInChild(int errorPipe)
    {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != m_parent) // it died before the line above
            ::_exit(127);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        if (originalDescriptorLimit.rlim_max != 0)
            ::setrlimit(RLIMIT_NOFILE, &originalDescriptorLimit);
        const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::dup2(input, STDIN_FILENO);
        ::dup2(m_output, STDOUT_FILENO);
        ::dup2(m_output, STDERR_FILENO);
        ::execvp(m_arguments.front(), m_arguments.data());
        const int error = errno;
        [[maybe_unused]] const auto written = ::write(errorPipe, &error, sizeof error);
        ::_exit(127);
    }

private:
    std::vector<std::string> m_words;
    std::vector<char *> m_arguments;
    int m_output;
    pid_t m_parent;
};

FileDescriptor openOutput(const QString &logFile)
{
    if (logFile.isEmpty())
        return FileDescriptor(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    return FileDescriptor(::open(QFile::encodeName(logFile).constData(),
                                 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
}

/// By syscall(2): the declarations of <sys/pidfd.h> in glibc 2.36 do not link from C++.
int openPidfd(pid_t pid)
{
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

/// The errno of a failed exec; 0 when the exec has closed the pipe.
int execError(int readEnd)
{
    int error = 0;
    ssize_t got = 0;
    do
        got = ::read(readEnd, &error, sizeof error);
    while (got < 0 && errno == EINTR);
    return got == sizeof error ? error : 0;
}

} // namespace

Result<std::unique_ptr<ServerProcess>, QString>
ServerProcess::start(EventLoop &loop, const QStringList &command, const QString &logFile)
{
    const FileDescriptor output = openOutput(logFile);
    if (!output.isOpen())
        return Failure{ u"%1: %2"_s.arg(logFile, qt_error_string(errno)) };
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return Failure{ u"no pipe: "_s + qt_error_string(errno) };
    const FileDescriptor readEnd(ends[0]);
    FileDescriptor writeEnd(ends[1]);

    Launch launch(command, output.number());
    const pid_t pid = ::fork();
    if (pid == 0)
        launch.runInChild(writeEnd.number());
    if (pid < 0)
        return Failure{ u"no process: "_s + qt_error_string(errno) };
    writeEnd.close();
    ::setpgid(pid, pid); // both sides do it: whoever is first
    FileDescriptor pidfd(openPidfd(pid));
    const int error = pidfd.isOpen() ? execError(readEnd.number()) : errno;
    if (error != 0) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return Failure{ u"%1: %2"_s.arg(command.first(), qt_error_string(error)) };
    }
    return std::unique_ptr<ServerProcess>(new ServerProcess(loop, pid, std::move(pidfd)));
}

ServerProcess::ServerProcess(EventLoop &loop, pid_t pid, FileDescriptor pidfd)
    : m_pid(pid)
    , m_pidfd(std::move(pidfd))
    , m_exitWatch(loop, m_pidfd.number(), EPOLLIN, [this, &loop](std::uint32_t) {
        if (m_hasExited) // a pidfd may tell again, of the reaping itself
            return;
        m_exitedAt = loop.wokenAt();
        reap();
    })
{ }

ServerProcess::~ServerProcess()
{
    if (!m_hasExited) {
        killGroup();
        reap();
    }
}

void ServerProcess::sendSignal(int number)
{
    if (!m_hasExited)
        ::syscall(SYS_pidfd_send_signal, m_pidfd.number(), number, nullptr, 0);
}

void ServerProcess::killGroup()
{
    ::kill(-m_pid, SIGKILL);
}

void ServerProcess::reap()
{
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) { }
    m_hasExited = true;
    m_hasLeftProcesses = ::kill(-m_pid, SIGKILL) == 0; // at once: later the id may be another's
    m_exitStatus = { .code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                     .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0 };
}

void raiseDescriptorLimit()
{
    if (::getrlimit(RLIMIT_NOFILE, &originalDescriptorLimit) != 0)
        return;
    rlimit raised = originalDescriptorLimit;
    raised.rlim_cur = raised.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &raised);
}

} // namespace quiesce::rehearse
