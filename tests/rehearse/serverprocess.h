// SPDX-License-Identifier: GPL-3.0-only
// ServerProcess: the server under rehearsal, from exec to the instant it is gone.
#pragma once

#include "common/result.h"
#include "tests/rehearse/eventloop.h"

#include <QString>
#include <QStringList>
#include <compare>
#include <memory>
#include <sys/types.h>

namespace quiesce::rehearse {

/// How a process ended: by its own code, or by a signal (then code is 0).
struct ExitStatus
{
    int code = 0;
    int signal = 0;

    friend auto operator<=>(const ExitStatus &, const ExitStatus &) = default;
};

/// A server in a process group of its own. It counts as gone when its first process is, as for a
/// container: others of the group that are still there then are killed. The first process dies with
/// this tool, even if the tool is killed.
///
/// Thread:  the one that started it: it is also what PR_SET_PDEATHSIG refers to.
class ServerProcess final
{
public:
    /// Returns once the program runs. An empty logFile discards its output.
    /// @error the program cannot be executed, or the log not be opened.
    static Result<std::unique_ptr<ServerProcess>, QString>
    start(EventLoop &loop, const QStringList &command, const QString &logFile);
    ServerProcess(const ServerProcess &) = delete;
    ServerProcess &operator=(const ServerProcess &) = delete;
    /// Blocks: until a server that still ran is dead.
    ~ServerProcess();

    /// To the server's first process only, as an orchestrator does.
    void sendSignal(int number);
    /// SIGKILL to all of its group. Order: not after it has exited.
    void killGroup();

    [[nodiscard]] bool hasExited() const { return m_hasExited; }
    /// When the kernel said so.
    [[nodiscard]] TimePoint exitedAt() const { return m_exitedAt; }
    [[nodiscard]] ExitStatus exitStatus() const { return m_exitStatus; }
    /// Whether others of its process group were still there then.
    [[nodiscard]] bool hasLeftProcesses() const { return m_hasLeftProcesses; }

private:
    ServerProcess(EventLoop &loop, pid_t pid, FileDescriptor pidfd);
    void reap();

    pid_t m_pid;
    FileDescriptor m_pidfd;
    Watch m_exitWatch;
    bool m_hasExited = false;
    bool m_hasLeftProcesses = false;
    TimePoint m_exitedAt;
    ExitStatus m_exitStatus;
};

/// Lets this process open as many descriptors as it may; servers start with the limit it had.
void raiseDescriptorLimit();

} // namespace quiesce::rehearse
