// SPDX-License-Identifier: GPL-3.0-only
// How many jobs an answer of the list of jobs holds.
#pragma once

namespace quiesce {

inline constexpr int kUsualJobPage = 50; ///< when nothing is said
inline constexpr int kMaxJobPage = 100; ///< who asks for more is refused

} // namespace quiesce
