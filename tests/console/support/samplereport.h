// SPDX-License-Identifier: GPL-3.0-only
// Stop reports for tests: a plain one, and one in which everything happened.
#pragma once

#include "common/lifecycle/stopreport.h"

namespace quiesce::test {

/// Clean, of a day in 2026, `minute` minutes into it; its instance is called after the minute.
[[nodiscard]] StopReport plainReport(int minute);

/// The same, but incomplete: requests of every end, hooks of every result, a lame duck of 0 ms.
[[nodiscard]] StopReport richReport(int minute);

} // namespace quiesce::test
