// SPDX-License-Identifier: GPL-3.0-only
// UnixSignals: turns Unix signals into Qt signals through socketpairs; the rest of the program sees
// an intent, never a number.
#pragma once

#include "common/lifecycle/stopcause.h"

#include <QObject>
#include <chrono>
#include <memory>

namespace quiesce {

/// What a signal asks for.
enum class SignalIntent : unsigned char {
    Stop, ///< the first SIGTERM or SIGINT
    Force, ///< one more, 200 ms or more after the first
    Reload, ///< SIGHUP
    Replace, ///< SIGUSR2
};

/// Catches SIGTERM, SIGINT, SIGHUP and SIGUSR2, and reports each as an intent. Ignores SIGPIPE, and
/// SIGXFSZ, which would kill a service whose file has reached a limit: the write fails all the
/// same.
///
/// Thread:  made, used and destroyed on the event-loop thread, before any other thread is started:
///          it blocks the signals in the calling thread (threads made later inherit that) and lets
///          one thread of its own take them, so no other system call is ever interrupted.
/// Limits:  one instance a process. The handler does nothing but write the siginfo and the time to
///          a socketpair of that signal, so a flood of one signal cannot hide another's first; when
///          the socketpair is full, the time of the last is kept (its sender is not), so that a
///          flood cannot hide a Force either. SIGHUPs waiting at once are one Reload,
///          SIGUSR2s one Replace.
///          Intents are judged by the time of arrival, also after a hung event loop.
///          A signal meant for one thread alone (raise(), pthread_kill()) waits there for ever,
///          because it is blocked: send it to the process, kill(getpid(), …).
/// Order:   the previous dispositions and the mask are restored on destruction; a signal that came
///          too late to be reported is dropped, so that it cannot kill a process that has stopped
///          well. After ignoreAfterwards() they are left ignored instead.
class UnixSignals final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kForceAfter{ 200 };

    explicit UnixSignals(QObject *parent = nullptr);
    ~UnixSignals() override;

    /// Forgets the first stop signal, so that after a resume the next one is a first again.
    void forgetStop();
    /// For a process whose exit code is decided: none of the signals may change it between the
    /// destruction and the process's end, where each would kill again.
    void ignoreAfterwards();

    /// For a child between fork() and exec(): default dispositions and the signals unblocked, since
    /// a child inherits the blocked mask and what is ignored. Async-signal-safe; fits
    /// QProcess::setChildProcessModifier().
    static void resetInChild();

Q_SIGNALS:
    void received(quiesce::SignalIntent intent, const quiesce::StopCause &cause);

private:
    struct Private;
    std::unique_ptr<Private> d; // pimpl: keeps <csignal> and the socketpairs out of every includer
};

} // namespace quiesce
