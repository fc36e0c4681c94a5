// SPDX-License-Identifier: GPL-3.0-only
// JobsAtStop: what the lifecycle must know of jobs, which are a layer above it.
#pragma once

#include "common/lifecycle/stopreport.h"

#include <functional>

namespace quiesce {

/// The jobs' part in a stop beside what InFlight does for each of them.
///
/// Thread: event loop.
class JobsAtStop
{
public:
    virtual ~JobsAtStop() = default;

    /// A stop has begun: from now on no job begins, and what becomes of those running is counted.
    /// Begins anew when one is under way. endTally() (resume) forgets.
    virtual void beginTally() = 0;
    virtual void endTally() = 0;
    /// finished + requeued + abandoned = runningAtStop. What is not on stable storage yet counts as
    /// abandoned, so this is exact when the stop is over.
    [[nodiscard]] virtual StopReport::Jobs tally() const = 0;
    /// Makes the end of every attempt durable, also of those that were cut, then closes the store.
    /// `closed` comes once for each call, queued, however often it is asked.
    virtual void close(std::function<void()> closed) = 0;
};

} // namespace quiesce
