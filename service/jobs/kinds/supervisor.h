// SPDX-License-Identifier: GPL-3.0-only
// The supervisor: a process between the service and a command, so that no process of a command
// outlives the command, a stop, or the service.
#pragma once

#include <chrono>
#include <sys/resource.h>
#include <sys/types.h>

namespace quiesce {

/// Everything the child needs, made ready before fork(): afterwards nothing may be allocated.
struct CommandLaunch
{
    const char *program = nullptr;
    char *const *arguments = nullptr; ///< argv, null-terminated
    char *const *environment = nullptr; ///< envp, null-terminated
    const char *workingDir = nullptr;
    int control = -1; ///< the supervisor's end of a SOCK_SEQPACKET pair
    int standardInput = -1; ///< all of them above 2
    int standardOutput = -1;
    int standardError = -1;
    rlim_t memoryBytes = RLIM_INFINITY;
    rlim_t cpuSeconds = RLIM_INFINITY;
    rlim_t fileBytes = RLIM_INFINITY;
    std::chrono::milliseconds killAfter{ 0 }; ///< from SIGTERM to SIGKILL
};

/// What the supervisor tells over its control socket, one message each, in this order: Started or
/// NotStarted; after Started one Ended.
struct SupervisorReport
{
    enum class Kind : int { Started, NotStarted, Ended };
    /// What could not be done before the program ran.
    enum class Step : int { Fork, WorkingDir, Limits, Streams, Execute };

    Kind kind = Kind::Started;
    Step step = Step::Fork; ///< of NotStarted
    int error = 0; ///< of NotStarted: errno
    pid_t pid = 0; ///< of Started: the command's, its session's and its group's
    int status = 0; ///< of Ended: as of waitpid()
    bool hasSurvivors = false; ///< of Ended: a process could not be killed in time
    long cpuMilliseconds = 0; ///< of Ended: the command's and its reaped descendants'
    long peakKiB = 0; ///< of Ended: the largest of them
};

/// The one message to it: end the command. The socket's end means: kill everything, at once.
inline constexpr char kSupervisorStop = 'T';

/// The longest that the supervisor goes on killing what is left of a command. What survives it can
/// only be waiting in the kernel, with SIGKILL pending, or forking faster than it can be found.
inline constexpr std::chrono::seconds kKillPatience{ 10 };

/// Runs in the child of a fork() by a process with threads, and never returns: it starts the
/// command, waits, and exits 0 once no process of the command is left.
///
/// Thread:  the only one of its process. Every call in it is async-signal-safe (signal-safety(7));
///          it allocates nothing.
/// Order:   it closes every descriptor but those of the launch first, and blocks every signal, so
///          that only SIGKILL and its control socket can end it.
/// How:     being a child subreaper it inherits every descendant whose parent ends, daemons too
///          (PR_SET_CHILD_SUBREAPER, prctl(2)). The command gets its own session and group, no new
///          privileges (so that nothing below it runs as somebody else, whom it could not kill),
///          and SIGKILL should the supervisor itself be killed. When the command has ended, or the
///          service has, it kills all descendants found in /proc (proc(5)) until none is left.
/// Limits:  kMaxDoomed processes are killed a round, as many rounds as it takes in kKillPatience.
[[noreturn]] void runSupervisor(const CommandLaunch &launch);

} // namespace quiesce
