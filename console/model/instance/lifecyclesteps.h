// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStep: how far an instance is on its way from starting to stopped, step by step.
#pragma once

#include "console/model/instance/instance.h"

namespace quiesce {

struct LifecycleStep
{
    enum class Mark : unsigned char {
        Ahead,
        Active,
        Paused, ///< quiesced: it stays here until it is resumed or stopped
        Done,
        Skipped, ///< never entered: forced past it
        Warned, ///< the end, but not as it should be
        Failed, ///< it crashed here, or the stop failed
    };
    LifecycleState state = LifecycleState::Starting;
    Mark mark = Mark::Ahead;
    std::optional<std::chrono::milliseconds> took; ///< so far, of an active one
    QString name;
    QString note; ///< "Quiesced", "Incomplete", "Crashed"; mostly empty

    friend bool operator==(const LifecycleStep &, const LifecycleStep &) = default;
};

/// One for each state, in order. `now`: by the service's clock.
[[nodiscard]] QList<LifecycleStep> lifecycleSteps(const Instance &instance, const QDateTime &now);
/// "done", "under way" …
[[nodiscard]] QString markText(LifecycleStep::Mark mark);
/// All of it in a sentence a step, for a screen reader.
[[nodiscard]] QString spokenText(const QList<LifecycleStep> &steps);

} // namespace quiesce
