// SPDX-License-Identifier: GPL-3.0-only
// The machine's clocks, and alarms on precise QTimers.
#include "service/core/clock.h"

#include <QTimer>
#include <algorithm>
#include <utility>

namespace quiesce {

namespace {

/// A QTimer counts in int milliseconds (24 days); a point further away is reached in several steps.
constexpr std::chrono::milliseconds kLongestStep = std::chrono::hours(24);

class SystemAlarm final : public Alarm
{
public:
    explicit SystemAlarm(std::function<void()> work)
        : m_work(std::move(work))
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.callOnTimeout(&m_timer, [this] { ringWhenDue(); });
    }

    void setAt(SteadyTime when) override
    {
        m_when = when;
        startStep();
    }
    void clear() override { m_timer.stop(); }
    [[nodiscard]] bool isSet() const override { return m_timer.isActive(); }

private:
    void startStep()
    {
        const auto wait =
            std::chrono::ceil<std::chrono::milliseconds>(m_when - std::chrono::steady_clock::now());
        m_timer.start(std::clamp(wait, std::chrono::milliseconds(0), kLongestStep));
    }

    void ringWhenDue()
    {
        if (std::chrono::steady_clock::now() < m_when) { // one step of several, or an early timer
            startStep();
            return;
        }
        const std::function<void()> work = m_work; // the work may destroy this alarm
        work();
    }

    std::function<void()> m_work;
    QTimer m_timer;
    SteadyTime m_when;
};

} // namespace

SteadyTime SystemClock::now() const
{
    return std::chrono::steady_clock::now();
}

QDateTime SystemClock::utcNow() const
{
    return QDateTime::currentDateTimeUtc();
}

std::unique_ptr<Alarm> SystemClock::makeAlarm(std::function<void()> work)
{
    return std::make_unique<SystemAlarm>(std::move(work));
}

} // namespace quiesce
