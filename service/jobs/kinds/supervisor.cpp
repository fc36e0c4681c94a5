// SPDX-License-Identifier: GPL-3.0-only
// After fork(): only async-signal-safe calls, nothing of Qt, no allocation.
#include "service/jobs/kinds/supervisor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quiesce {

namespace {

using Report = SupervisorReport;
using std::chrono::milliseconds;

constexpr size_t kMaxDoomed = 16'384;
constexpr size_t kDirectoryBytes = 32 * 1'024;
constexpr int kFirstAfterStreams = 3;
constexpr int kRoundPauseMs = 2; ///< between two rounds of killing
constexpr rlim_t kUsualFileLimit = 1'024;
constexpr rlim_t kCpuAfterWarning = 2; ///< seconds from SIGXCPU to SIGKILL

/// Of getdents64(2); the C library's readdir() may allocate.
struct DirectoryEntry
{
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1]; ///< and more, to its NUL
};

struct Supervision
{
    int control = -1;
    int childSignals = -1;
    pid_t command = -1;
    bool hasEnded = false; ///< the command itself
    bool isServiceGone = false;
    milliseconds killAfter{ 0 };
    milliseconds killAt{ -1 }; ///< on the monotonic clock; -1: not told to end
    Report end;
};

/// Static, because the stack of whoever forked may be small.
std::array<pid_t, kMaxDoomed> s_doomed;
alignas(DirectoryEntry) std::array<char, kDirectoryBytes> s_directory;

milliseconds now()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return milliseconds(time.tv_sec * 1'000 + time.tv_nsec / 1'000'000);
}

void tell(int control, const Report &report)
{
    while (::send(control, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) { }
}

/// What the child of the supervisor says over a pipe that exec closes.
struct Misfortune
{
    Report::Step step;
    int error;
};

[[noreturn]] void giveUp(int pipe, Report::Step step)
{
    const Misfortune what{ step, errno };
    [[maybe_unused]] const ssize_t written = ::write(pipe, &what, sizeof what);
    ::_exit(127);
}

bool limitTo(int resource, rlim_t soft, rlim_t hard)
{
    rlimit now{};
    ::getrlimit(static_cast<__rlimit_resource>(resource), &now);
    const rlimit wanted{ std::min(soft, now.rlim_max), std::min(hard, now.rlim_max) };
    return ::setrlimit(static_cast<__rlimit_resource>(resource), &wanted) == 0;
}

bool setLimits(const CommandLaunch &launch)
{
    const rlim_t cpuHard =
        launch.cpuSeconds == RLIM_INFINITY ? RLIM_INFINITY : launch.cpuSeconds + kCpuAfterWarning;
    // The service raises its own file limit; programs that select() expect the usual one.
    return limitTo(RLIMIT_NOFILE, kUsualFileLimit, RLIM_INFINITY) && limitTo(RLIMIT_CORE, 0, 0)
        && limitTo(RLIMIT_FSIZE, launch.fileBytes, launch.fileBytes)
        && limitTo(RLIMIT_CPU, launch.cpuSeconds, cpuHard)
        && limitTo(RLIMIT_AS, launch.memoryBytes, launch.memoryBytes);
}

void resetSignals()
{
    struct sigaction byDefault
    { };
    byDefault.sa_handler = SIG_DFL;
    for (int number = 1; number <= SIGRTMAX; ++number) // fails for those that nobody can change
        ::sigaction(number, &byDefault, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool placeStreams(const CommandLaunch &launch)
{
    return ::dup2(launch.standardInput, STDIN_FILENO) >= 0
        && ::dup2(launch.standardOutput, STDOUT_FILENO) >= 0
        && ::dup2(launch.standardError, STDERR_FILENO) >= 0;
}

[[noreturn]] void execute(const CommandLaunch &launch, pid_t supervisor, int pipe)
{
    ::setsid();
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != supervisor) // it died before that was asked for
        ::_exit(127);
    if (::chdir(launch.workingDir) != 0)
        giveUp(pipe, Report::Step::WorkingDir);
    if (!placeStreams(launch))
        giveUp(pipe, Report::Step::Streams);
    resetSignals();
    if (!setLimits(launch)) // late: with little address space left nothing but exec is sure to work
        giveUp(pipe, Report::Step::Limits);
    ::execve(launch.program, launch.arguments, launch.environment);
    giveUp(pipe, Report::Step::Execute);
}

/// Only what the supervisor needs stays open: not the service's sockets, files and locks. The
/// standard streams stay taken, so that no descriptor made later becomes one of the command's.
void closeAllBut(const CommandLaunch &launch)
{
    for (int fd = 0; fd < kFirstAfterStreams; ++fd)
        ::dup2(launch.standardInput, fd);
    std::array kept{ launch.control, launch.standardInput, launch.standardOutput,
                     launch.standardError };
    std::sort(kept.begin(), kept.end());
    unsigned first = kFirstAfterStreams;
    for (const int fd : kept) {
        const auto number = static_cast<unsigned>(fd);
        if (number > first)
            ::syscall(SYS_close_range, first, number - 1, 0U);
        first = number + 1;
    }
    ::syscall(SYS_close_range, first, ~0U, 0U);
}

void closeStreams(const CommandLaunch &launch)
{
    for (const int fd : { launch.standardInput, launch.standardOutput, launch.standardError })
        ::close(fd);
}

void takeOrder(Supervision &all)
{
    char order = 0;
    const ssize_t size = ::recv(all.control, &order, sizeof order, MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        all.isServiceGone = true;
        return;
    }
    if (size != sizeof order || order != kSupervisorStop || all.killAt >= milliseconds(0))
        return;
    all.killAt = now() + all.killAfter;
    ::kill(-all.command, SIGTERM);
    ::kill(-all.command, SIGCONT); // one that is halted could not take it
}

/// Until the program runs or will not; true when it could not be run and `what` says why. A child
/// that hangs on the way, say in a dead network file system, must not keep a stop waiting.
bool hasFailedToRun(int pipe, Supervision &all, Misfortune &what)
{
    std::array<pollfd, 2> events{ { { pipe, POLLIN, 0 }, { all.control, POLLIN, 0 } } };
    while (events[0].revents == 0) {
        ::poll(events.data(), events.size(), -1);
        if (events[0].revents != 0 || events[1].revents == 0)
            continue; // it runs already: an order that came since is for watch()
        takeOrder(all);
        if (all.isServiceGone || all.killAt >= milliseconds(0)) {
            ::kill(all.command, SIGKILL);
            break;
        }
    }
    return ::read(pipe, &what, sizeof what) == sizeof what;
}

/// False: it did not start, and that has been told.
bool startCommand(const CommandLaunch &launch, Supervision &all)
{
    int pipe[2] = { -1, -1 };
    const pid_t supervisor = ::getpid();
    all.command = ::pipe2(pipe, O_CLOEXEC) == 0 ? ::_Fork() : -1;
    if (all.command == 0)
        execute(launch, supervisor, pipe[1]);
    Misfortune what{ Report::Step::Fork, errno };
    ::close(pipe[1]);
    closeStreams(launch);
    Report report;
    report.pid = all.command;
    if (all.command < 0 || hasFailedToRun(pipe[0], all, what)) {
        report.kind = Report::Kind::NotStarted;
        report.step = what.step;
        report.error = what.error;
    }
    ::close(pipe[0]);
    tell(all.control, report);
    return report.kind == Report::Kind::Started;
}

void noteEnd(Supervision &all, int status, const rusage &usage)
{
    all.hasEnded = true;
    all.end.status = status;
    all.end.peakKiB = usage.ru_maxrss;
    all.end.cpuMilliseconds = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000
        + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1'000;
}

/// Reaps whatever has ended; false when no child is left at all.
bool reap(Supervision &all)
{
    for (;;) {
        int status = 0;
        rusage usage{};
        const pid_t pid = ::wait4(-1, &status, WNOHANG | __WALL, &usage);
        if (pid == all.command && pid > 0)
            noteEnd(all, status, usage);
        if (pid == 0)
            return true;
        if (pid < 0 && errno != EINTR)
            return false;
    }
}

/// 0 for what is no process.
pid_t toPid(const char *name)
{
    pid_t pid = 0;
    for (; *name >= '0' && *name <= '9'; ++name)
        pid = pid * 10 + (*name - '0');
    return *name == '\0' ? pid : 0;
}

/// From /proc/PID/stat: "pid (command name) state ppid …"; the name may hold anything.
pid_t parentOf(const char *name, int proc)
{
    std::array<char, 32> path{};
    size_t length = 0;
    for (; name[length] != '\0' && length < 16; ++length)
        path[length] = name[length];
    for (const char c : { '/', 's', 't', 'a', 't' })
        path[length++] = c;
    const int fd = ::openat(proc, path.data(), O_RDONLY | O_CLOEXEC);
    std::array<char, 512> text{};
    const ssize_t size = fd < 0 ? -1 : ::read(fd, text.data(), text.size() - 1);
    ::close(fd);
    ssize_t at = size;
    while (at > 0 && text[at] != ')')
        --at;
    if (at <= 0 || at + 4 >= size)
        return 0;
    pid_t parent = 0;
    for (at += 4; text[at] >= '0' && text[at] <= '9'; ++at)
        parent = parent * 10 + (text[at] - '0');
    return parent;
}

/// The descriptor makes sure that the process looked at is the one killed, though its number may be
/// used again at any time.
bool killIfChildOf(pid_t pid, const char *name, int proc, pid_t parent)
{
    const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
    if (process < 0)
        return false;
    const bool isSame = parentOf(name, proc) == parent;
    if (isSame)
        ::syscall(SYS_pidfd_send_signal, process, SIGKILL, nullptr, 0U);
    ::close(process);
    return isSame;
}

/// A descendant in /proc is mostly listed after its parent; one that is not is found once its
/// parent is dead, being a child of the supervisor by then.
void killDescendants(pid_t self)
{
    const int proc = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    size_t count = 0;
    long size = 0;
    while ((size = ::syscall(SYS_getdents64, proc, s_directory.data(), s_directory.size())) > 0) {
        for (long at = 0; at < size;) {
            const auto *entry = reinterpret_cast<const DirectoryEntry *>(s_directory.data() + at);
            at += entry->length;
            const pid_t pid = toPid(entry->name);
            if (pid <= 0 || pid == self)
                continue;
            const pid_t parent = parentOf(entry->name, proc);
            const bool isDescendant = parent == self
                || std::binary_search(s_doomed.data(), s_doomed.data() + count, parent);
            if (isDescendant && killIfChildOf(pid, entry->name, proc, parent)
                && count < s_doomed.size())
                s_doomed[count++] = pid; // in ascending order, as /proc lists them
        }
    }
    ::close(proc);
}

void killTree(Supervision &all)
{
    const milliseconds giveUpAt = now() + kKillPatience;
    const pid_t self = ::getpid();
    while (reap(all)) {
        if (now() >= giveUpAt) {
            all.end.hasSurvivors = true;
            return;
        }
        if (!all.hasEnded) // not reaped, so its number is still its and its group's
            ::kill(-all.command, SIGKILL);
        killDescendants(self);
        pollfd child{ .fd = all.childSignals, .events = POLLIN, .revents = 0 };
        ::poll(&child, 1, kRoundPauseMs);
        signalfd_siginfo taken{};
        [[maybe_unused]] const ssize_t got = ::read(all.childSignals, &taken, sizeof taken);
    }
}

/// Until the command has ended, should end no later than now, or the service is gone.
void watch(Supervision &all)
{
    while (!all.isServiceGone && reap(all) && !all.hasEnded) {
        const bool isTold = all.killAt >= milliseconds(0);
        const milliseconds left = isTold ? all.killAt - now() : milliseconds(-1);
        if (isTold && left <= milliseconds(0))
            return;
        std::array<pollfd, 2> events{ { { all.control, POLLIN, 0 },
                                        { all.childSignals, POLLIN, 0 } } };
        // A day at a time fits the int; past it the loop looks again.
        ::poll(events.data(), events.size(),
               isTold ? static_cast<int>(std::min(left, milliseconds(86'400'000)).count()) : -1);
        if (events[0].revents != 0)
            takeOrder(all);
        if (events[1].revents != 0) {
            signalfd_siginfo taken{};
            [[maybe_unused]] const ssize_t got = ::read(all.childSignals, &taken, sizeof taken);
        }
    }
}

} // namespace

void runSupervisor(const CommandLaunch &launch)
{
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    struct sigaction byDefault // were it ignored, children would be reaped unseen
    { };
    byDefault.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &byDefault, nullptr);
    closeAllBut(launch);
    ::setsid();
    ::prctl(PR_SET_NAME, "command-watch", 0, 0, 0);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    [[maybe_unused]] const int isMoved = ::chdir("/");

    Supervision supervision;
    supervision.control = launch.control;
    supervision.killAfter = launch.killAfter;
    sigset_t childOnly;
    sigemptyset(&childOnly);
    sigaddset(&childOnly, SIGCHLD);
    supervision.childSignals = ::signalfd(-1, &childOnly, SFD_CLOEXEC | SFD_NONBLOCK);
    if (!startCommand(launch, supervision))
        ::_exit(0);
    watch(supervision);
    killTree(supervision);
    supervision.end.kind = Report::Kind::Ended;
    tell(supervision.control, supervision.end);
    ::_exit(0);
}

} // namespace quiesce
