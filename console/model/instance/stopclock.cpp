// SPDX-License-Identifier: GPL-3.0-only
// StopClock: see the header.
#include "console/model/instance/stopclock.h"

#include <algorithm>

namespace quiesce {

using std::chrono::milliseconds;

void StopClock::observe(const StopView *stop, qint64 now)
{
    if (!stop) {
        *this = {};
        return;
    }
    const qint64 endsAt = now + stop->remaining.count();
    const bool hasMoved = !m_isRunning || stop->deadlineAt != m_deadlineAt;
    m_endsAt = hasMoved ? endsAt : std::min(m_endsAt, endsAt);
    m_deadlineAt = stop->deadlineAt;
    m_total = milliseconds(stop->requestedAt.isValid() && stop->deadlineAt.isValid()
                               ? std::max<qint64>(stop->requestedAt.msecsTo(stop->deadlineAt), 0)
                               : 0);
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
