// SPDX-License-Identifier: GPL-3.0-only
// What the two sides of a handover say to each other, and how the new process finds its side.
#pragma once

#include <array>

namespace quiesce::handover {

/// Names the descriptors that the new process is started with: `control=3 traffic=4 admin=5 lock=6
/// instance=<uuid>`. Only from a program of ours to the next version of it, so it may grow, and
/// what is not understood is an error: the one before goes on then.
inline constexpr char kVariable[] = "QUIESCE_HANDOVER";

/// One byte a message, on a SOCK_SEQPACKET pair. That the other side is gone is the end of it.
enum class Message : char {
    Ready = 'r', ///< from the new one: it could serve now
    Go = 'g', ///< to the new one: serve
    Jobs = 'j', ///< to the new one: jobs in the store have changed
};

} // namespace quiesce::handover
