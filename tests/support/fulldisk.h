// SPDX-License-Identifier: GPL-3.0-only
// FullDisk: what a full disk does to this process, as long as it lives.
#pragma once

#include <csignal>
#include <sys/resource.h>

namespace quiesce::test {

/// Makes every file that this process writes full at that size, as a full disk does.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
    {
        m_previousSignal = ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_previous);
        const rlimit limit{ bytes, m_previous.rlim_max };
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_previous);
        ::signal(SIGXFSZ, m_previousSignal);
    }
    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;

private:
    rlimit m_previous{};
    sighandler_t m_previousSignal = nullptr;
};

} // namespace quiesce::test
