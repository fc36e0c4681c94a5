// SPDX-License-Identifier: GPL-3.0-only
// StopClock: see the header.
#include "console/model/instance/stopclock.h"

#include <algorithm>

namespace quiesce {

using std::chrono::milliseconds;

namespace {

/// The service works its deadline out anew for each answer, from two clocks that it reads one
/// after the other: it trembles by some milliseconds.
constexpr qint64 kTremor = 100;

milliseconds totalOf(const StopView &stop)
{
    constexpr qint64 kStep = 10;
    if (!stop.requestedAt.isValid() || !stop.deadlineAt.isValid())
        return milliseconds(0);
    const qint64 total = std::max<qint64>(stop.requestedAt.msecsTo(stop.deadlineAt), 0);
    return milliseconds((total + kStep / 2) / kStep * kStep);
}

} // namespace

void StopClock::observe(const StopView *stop, qint64 now)
{
    if (!stop) {
        *this = {};
        return;
    }
    const qint64 endsAt = now + stop->remaining.count();
    const bool isSame = m_isRunning && stop->deadlineAt.isValid() == m_deadlineAt.isValid()
        && qAbs(m_deadlineAt.msecsTo(stop->deadlineAt)) < kTremor;
    if (isSame) {
        m_endsAt = std::min(m_endsAt, endsAt);
        return;
    }
    m_endsAt = endsAt;
    m_deadlineAt = stop->deadlineAt;
    m_total = totalOf(*stop);
    m_isRunning = true;
}

milliseconds StopClock::remaining(qint64 now) const
{
    return milliseconds(std::max<qint64>(m_endsAt - now, 0));
}

milliseconds StopClock::elapsed(qint64 now) const
{
    return std::max(m_total - milliseconds(m_endsAt - now), milliseconds(0));
}

milliseconds clockSkew(const Snapshot &snapshot, const QDateTime &now)
{
    const QDateTime theirs = snapshot.stop && snapshot.stop->deadlineAt.isValid()
            && snapshot.stop->remaining > milliseconds(0)
        ? snapshot.stop->deadlineAt.addMSecs(-snapshot.stop->remaining.count())
        : snapshot.startedAt.addMSecs(snapshot.stats.uptime.count());
    return milliseconds(theirs.isValid() ? now.msecsTo(theirs) : 0);
}

} // namespace quiesce
