// SPDX-License-Identifier: GPL-3.0-only
// Throttle: does something soon after it is asked to, and not too often.
#pragma once

#include "service/core/clock.h"

#include <functional>
#include <memory>

namespace quiesce {

/// Runs its work at once when the last run is long enough ago, else when it will be; asked many
/// times meanwhile, it runs once.
///
/// Thread: event loop. Owns: an alarm, made when first needed.
class Throttle final
{
public:
    enum class First : unsigned char { AtOnce, AfterPeriod };

    Throttle(Clock &clock, std::chrono::milliseconds period, First first,
             std::function<void()> work);

    /// May run the work inside this call.
    void poke();
    /// What is due later does not run any more.
    void clear();

private:
    void run();

    Clock &m_clock;
    std::chrono::milliseconds m_period;
    std::function<void()> m_work;
    std::unique_ptr<Alarm> m_alarm;
    SteadyTime m_next{}; ///< not before
};

} // namespace quiesce
