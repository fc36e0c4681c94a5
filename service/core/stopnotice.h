// SPDX-License-Identifier: GPL-3.0-only
// The soft notice: work in flight learns that a stop has begun and until when it may go on.
#pragma once

#include "service/core/clock.h"

#include <mutex>
#include <optional>
#include <stop_token>

namespace quiesce {

/// What every request, job and background task shares with the lifecycle: "a stop has begun, the
/// deadline is D". It asks nothing; the stop token proper comes at the deadline.
///
/// Thread: everything from any thread. begin(), moveDeadline() and undo() are the Lifecycle's.
class StopNotice final
{
public:
    /// Triggered when a stop begins. After undo() (resume) a new token is handed out; whoever was
    /// told stays told.
    [[nodiscard]] std::stop_token token() const;
    [[nodiscard]] bool hasBegun() const;
    /// When what is in flight will be cancelled; none while no stop has begun. Extending moves it.
    [[nodiscard]] std::optional<SteadyTime> deadline() const;

    /// Sets the deadline, then triggers the token: its callbacks run here and see the deadline.
    /// Once begun, it only moves the deadline.
    void begin(SteadyTime deadline);
    /// Does nothing while no stop has begun.
    void moveDeadline(SteadyTime deadline);
    void undo();

private:
    mutable std::mutex m_mutex;
    std::stop_source m_source;
    std::optional<SteadyTime> m_deadline;
};

} // namespace quiesce
