// SPDX-License-Identifier: GPL-3.0-only
// SteppedClock: a clock moved by hand whose wall time can also be stepped, as by an operator.
#pragma once

#include "tests/support/manualclock.h"

namespace quiesce::test {

/// ManualClock, but utcNow() can be set back and forth while the monotonic time goes on.
class SteppedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime now() const override { return m_manual.now(); }
    [[nodiscard]] QDateTime utcNow() const override
    {
        return m_manual.utcNow().addMSecs(m_stepMs.load());
    }
    [[nodiscard]] std::unique_ptr<Alarm> makeAlarm(std::function<void()> work) override
    {
        return m_manual.makeAlarm(std::move(work));
    }

    void advance(std::chrono::milliseconds by) { m_manual.advance(by); }
    void step(std::chrono::milliseconds by) { m_stepMs += by.count(); }
    [[nodiscard]] int alarmsSet() const { return m_manual.alarmsSet(); }

private:
    ManualClock m_manual;
    std::atomic<qint64> m_stepMs{ 0 };
};

} // namespace quiesce::test
