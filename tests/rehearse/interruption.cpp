// SPDX-License-Identifier: GPL-3.0-only
// One signalfd; the first signal counts.
#include "tests/rehearse/interruption.h"

#include <csignal>
#include <sys/epoll.h>
#include <sys/signalfd.h>

namespace quiesce::rehearse {

namespace {

FileDescriptor blockAndOpen()
{
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGHUP);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    return FileDescriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

} // namespace

Interruption::Interruption(EventLoop &loop)
    : m_signals(blockAndOpen())
    , m_watch(loop, m_signals.number(), EPOLLIN, [this](std::uint32_t) { read(); })
{ }

void Interruption::read()
{
    signalfd_siginfo info{};
    while (::read(m_signals.number(), &info, sizeof info) == sizeof info) {
        if (m_signal == 0)
            m_signal = static_cast<int>(info.ssi_signo);
    }
}

} // namespace quiesce::rehearse
