// SPDX-License-Identifier: GPL-3.0-only
// The exit codes of the contract, by the names sysexits.h gives them.
#pragma once

namespace quiesce {

enum ExitCode : int {
    kExitOk = 0, ///< clean
    kExitProbeFailed = 1, ///< of --probe alone: the running instance did not answer 200
    kExitUsage = 64, ///< EX_USAGE: an unknown flag, a missing value, a stray argument
    kExitUnavailable = 69, ///< EX_UNAVAILABLE: address in use, data directory not usable
    kExitIncomplete = 75, ///< EX_TEMPFAIL: stopped, but work was cancelled or cut, or a hook failed
    kExitConfiguration = 78, ///< EX_CONFIG: a wrong, unknown or contradictory setting
    kExitSignalBase = 128, ///< plus n: forced by a second signal n
};

} // namespace quiesce
