// SPDX-License-Identifier: GPL-3.0-only
// StopClock: how far a stop is, counted on between two words from the service.
#pragma once

#include "console/client/snapshot.h"

namespace quiesce {

/// Counts on the console's monotonic clock from what the service says remains, so that neither
/// side's wall clock matters. What remains only shrinks, unless the deadline itself has moved: a
/// word that was long under way would else set it back.
///
/// Thread:  event loop. Units: `now` is ms of one monotonic clock.
class StopClock final
{
public:
    /// As it is known now; null: no stop is under way.
    void observe(const StopView *stop, qint64 now);

    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] std::chrono::milliseconds remaining(qint64 now) const; ///< until the deadline
    [[nodiscard]] std::chrono::milliseconds elapsed(qint64 now) const;
    /// From the request to the deadline, with what it was extended by; zero: not known.
    [[nodiscard]] std::chrono::milliseconds total() const { return m_total; }

private:
    bool m_isRunning = false;
    QDateTime m_deadlineAt; ///< by the service's clock, only to tell that it has moved
    std::chrono::milliseconds m_total{ 0 };
    qint64 m_endsAt = 0;
};

/// By how much the service's wall clock is ahead of ours (behind: below zero), at the moment when
/// the snapshot's stats came.
[[nodiscard]] std::chrono::milliseconds clockSkew(const Snapshot &snapshot, const QDateTime &now);
/// Above this people are told.
inline constexpr std::chrono::milliseconds kNotableSkew{ 2'000 };

} // namespace quiesce
