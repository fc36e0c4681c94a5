// SPDX-License-Identifier: GPL-3.0-only
// Configured commands as kinds of jobs.
#pragma once

#include "common/jobs/commandsettings.h"
#include "service/jobs/jobkind.h"

#include <QProcessEnvironment>

namespace quiesce {

/// The kind that the operator has configured: the payload's fields make the arguments, and the
/// program is run with them, without a shell.
///
/// Succeeds when the program exits 0. Result: `{"exitCode", "cpuMs", "peakMemoryBytes",
/// "outputBytes"}`. Fails with the exit code or signal and the last line that it wrote to stderr;
/// for good when the exit code is one of finalExitCodes, when the program cannot be executed at
/// all, or when a path in the payload is not below its roots.
///
/// Output: both streams, in the order in which they are read, go to the job's output. Past
/// maxOutputBytes the command is stopped and the attempt fails for good.
///
/// Stop: at the stop token, and with OnStop::Terminate when a stop begins, SIGTERM goes to the
/// command's group, and killAfter later SIGKILL to every process of it; it is over, with
/// JobOutcome::interrupted(), when none is left. One that exits 0 after SIGTERM is interrupted,
/// too: nobody can tell whether it was done. An interrupted command starts anew at its next
/// attempt, unless it has a resumePattern: then what that captured last is its checkpoint
/// `{"resume": …}`, and stands in the placeholder {resume}. Checkpoints are made one at a time;
/// when many lines come, the last one counts.
///
/// No process of it outlives the command, its stop, or the service; see runSupervisor().
///
/// Thread:  event loop. Destroying the last copy of the kind, there, kills what still runs.
/// Blocks:  to find the paths of a payload, as long as their file system does.
/// Limits:  see CommandProcess and OutputLines.
[[nodiscard]] JobKind commandKind(const CommandSettings &command,
                                  const QProcessEnvironment &environment);

} // namespace quiesce
