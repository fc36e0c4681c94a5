// SPDX-License-Identifier: GPL-3.0-only
// GraceWatch: says when a stop's grace period is shorter than what the requests need.
#pragma once

#include "service/core/clock.h"

#include <QList>
#include <QString>
#include <chrono>
#include <memory>

namespace quiesce {

class HttpMeter;
struct RouteStats;

/// Warns of each route whose latency (p99 of the last minutes) exceeds stop.grace: a request of it
/// that begins right before a drain would be cancelled.
///
/// Thread:  event loop. Owns: an alarm, set only while there is something to warn of.
/// Limits:  a route is judged from kLeastSamples answers on (below a hundred, p99 is the slowest);
///          it looks kLookAfter a request that took more than grace has ended, and while it warns
///          each LatencyHistogram::kWindow, so that a warning ends when its cause is forgotten. One
///          log line when a warning begins and one when it ends. A grace of zero is meant so, and
///          not watched.
class GraceWatch final
{
public:
    static constexpr quint64 kLeastSamples = 20;
    static constexpr std::chrono::milliseconds kLookAfter{ 1'000 };

    struct Shortfall
    {
        QString route;
        std::chrono::milliseconds needed; ///< p99
        std::chrono::milliseconds missing; ///< needed, less the grace
    };

    GraceWatch(Clock &clock, HttpMeter &meter, std::chrono::milliseconds grace);

    [[nodiscard]] const QList<Shortfall> &shortfalls() const { return m_shortfalls; }
    /// One line each, for people.
    [[nodiscard]] QStringList notes() const;

private:
    void slowEnded();
    void look();
    [[nodiscard]] QList<Shortfall> find() const;

    Clock &m_clock;
    HttpMeter &m_meter;
    std::chrono::milliseconds m_grace;
    QList<Shortfall> m_shortfalls;
    std::unique_ptr<Alarm> m_alarm;
    bool m_isLookingSoon = false;
};

} // namespace quiesce
