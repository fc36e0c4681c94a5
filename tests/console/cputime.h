// SPDX-License-Identifier: GPL-3.0-only
// The processor's time of this thread: what a test measures where others use the machine too.
#pragma once

#include <QtGlobal>
#include <ctime>

namespace quiesce::test {

inline qint64 cpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return qint64{ time.tv_sec } * 1'000 + time.tv_nsec / 1'000'000;
}

} // namespace quiesce::test
