// SPDX-License-Identifier: GPL-3.0-only
// Settings that are each right but cannot hold together.
#pragma once

#include "common/settings.h"

#include <QList>
#include <QStringList>
#include <optional>

namespace quiesce {

struct Contradiction
{
    QStringList keys; ///< the settings involved; the first is the one to blame
    QString reason;
};

/// Everything in `settings` that contradicts something else in it.
[[nodiscard]] QList<Contradiction> findContradictions(const Settings &settings);

/// Why the longest stop does not fit into stop.budget, with the sum; nothing when it fits or no
/// budget is known. `hooks` is the sum of the stop hooks' time-outs: configuration alone takes
/// stop.hook_timeout once, and whoever has registered its hooks asks again with
/// StopHooks::longestRun().
[[nodiscard]] std::optional<QString> checkBudget(const StopSettings &stop,
                                                 std::chrono::milliseconds hooks);

} // namespace quiesce
