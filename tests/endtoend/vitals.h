// SPDX-License-Identifier: GPL-3.0-only
// Vitals: what a process under test holds, as the kernel counts it.
#pragma once

#include <QtGlobal>

namespace quiesce::test {

/// From /proc; -1 where the process is gone.
struct Vitals
{
    qint64 residentKiB = -1; ///< VmRSS
    qsizetype descriptors = -1; ///< of any kind
};

[[nodiscard]] Vitals vitalsOf(qint64 pid);

/// Whether the programs under test are built with a sanitizer.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

/// A bound for memory that also holds of a build whose sanitizer keeps what was freed.
[[nodiscard]] constexpr qint64 boundKiB(qint64 kib)
{
    return kIsSanitized ? kib * 4 + 300 * 1'024 : kib;
}

} // namespace quiesce::test
