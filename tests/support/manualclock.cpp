// SPDX-License-Identifier: GPL-3.0-only
// ManualClock: time moved by hand.
#include "tests/support/manualclock.h"

#include "common/utc.h"

#include <QCoreApplication>
#include <utility>

namespace quiesce::test {

namespace {

/// One call delivers what is posted now; what that posts in turn needs the next.
constexpr int kTurns = 20;

void deliverQueuedCalls()
{
    for (int turn = 0; turn < kTurns; ++turn)
        QCoreApplication::sendPostedEvents();
}

} // namespace

class ManualClock::ManualAlarm final : public Alarm
{
public:
    ManualAlarm(ManualClock &clock, std::function<void()> work)
        : m_clock(clock)
        , m_work(std::move(work))
    { }
    ~ManualAlarm() override { clear(); }
    ManualAlarm(const ManualAlarm &) = delete;
    ManualAlarm &operator=(const ManualAlarm &) = delete;

    void setAt(SteadyTime when) override
    {
        clear();
        m_when = when;
        m_clock.m_set.append(this);
        if (when <= m_clock.now()) {
            QMetaObject::invokeMethod(
                &m_clock.m_eventLoop, [clock = &m_clock] { clock->advance({}); },
                Qt::QueuedConnection);
        }
    }
    void clear() override { m_clock.m_set.removeOne(this); }
    [[nodiscard]] bool isSet() const override
    {
        return m_clock.m_set.contains(const_cast<ManualAlarm *>(this));
    }
    [[nodiscard]] SteadyTime when() const { return m_when; }
    void ring()
    {
        clear();
        const std::function<void()> work = m_work; // the work may destroy this alarm
        work();
    }

private:
    ManualClock &m_clock;
    std::function<void()> m_work;
    SteadyTime m_when;
};

QDateTime ManualClock::utcNow() const
{
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
        m_sinceEpoch.load() - std::chrono::hours(1'000));
    return quiesce::utcAt(QDate(2026, 1, 2), QTime(3, 4, 5)).addMSecs(passed.count());
}

std::unique_ptr<Alarm> ManualClock::makeAlarm(std::function<void()> work)
{
    return std::make_unique<ManualAlarm>(*this, std::move(work));
}

void ManualClock::advance(std::chrono::milliseconds by)
{
    const SteadyTime until = now() + by;
    deliverQueuedCalls();
    while (ManualAlarm *due = nextDue(until)) {
        if (due->when() > now())
            m_sinceEpoch = due->when().time_since_epoch();
        due->ring();
        deliverQueuedCalls();
    }
    if (until > now())
        m_sinceEpoch = until.time_since_epoch();
}

ManualClock::ManualAlarm *ManualClock::nextDue(SteadyTime until) const
{
    ManualAlarm *next = nullptr;
    for (ManualAlarm *alarm : m_set) {
        if (alarm->when() <= until && (!next || alarm->when() < next->when()))
            next = alarm;
    }
    return next;
}

} // namespace quiesce::test
