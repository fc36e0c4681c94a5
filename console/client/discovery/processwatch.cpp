// SPDX-License-Identifier: GPL-3.0-only
// ProcessWatch by pidfd_open(2): readable from the moment the process has ended.
#include "console/client/discovery/processwatch.h"

#include <QSocketNotifier>
#include <csignal>
#include <limits>
#include <unistd.h>

extern "C" { // glibc 2.36 has forgotten it
#include <sys/pidfd.h>
}

namespace quiesce {

std::unique_ptr<ProcessWatch> ProcessWatch::open(qint64 pid)
{
    if (pid <= 0 || pid > std::numeric_limits<pid_t>::max())
        return nullptr;
    const int descriptor = ::pidfd_open(static_cast<pid_t>(pid), 0);
    return descriptor < 0 ? nullptr : std::unique_ptr<ProcessWatch>(new ProcessWatch(descriptor));
}

ProcessWatch::ProcessWatch(int descriptor)
    : m_descriptor(descriptor)
    , m_notifier(new QSocketNotifier(descriptor, QSocketNotifier::Read, this))
{
    connect(m_notifier, &QSocketNotifier::activated, this, [this] {
        m_notifier->setEnabled(false);
        Q_EMIT ended();
    });
}

ProcessWatch::~ProcessWatch()
{
    m_notifier->setEnabled(false); // before its descriptor can be another's
    ::close(m_descriptor);
}

bool ProcessWatch::terminate() const
{
    return ::pidfd_send_signal(m_descriptor, SIGTERM, nullptr, 0) == 0;
}

} // namespace quiesce
