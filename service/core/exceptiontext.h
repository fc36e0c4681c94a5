// SPDX-License-Identifier: GPL-3.0-only
// What an exception says, for a log line or a job's error.
#pragma once

#include <QString>
#include <exception>

namespace quiesce {

/// what() of a std::exception, also of one that crossed a QFuture; else "unknown exception".
[[nodiscard]] QString textOf(const std::exception_ptr &exception);

} // namespace quiesce
