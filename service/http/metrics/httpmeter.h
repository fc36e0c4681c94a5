// SPDX-License-Identifier: GPL-3.0-only
// HttpMeter: what the connections of one listener count.
#pragma once

#include "service/core/latencyhistogram.h"

#include <QByteArray>
#include <QString>
#include <array>
#include <deque>
#include <functional>
#include <map>

namespace quiesce {

/// How long requests took, for a Prometheus histogram: since the start, with fixed bounds.
struct DurationCounts
{
    /// In seconds: those OpenTelemetry advises for http.server.request.duration, and two more for
    /// what a grace period has to do with.
    static constexpr std::array kBounds{ 0.005, 0.01, 0.025, 0.05, 0.075, 0.1,  0.25, 0.5,
                                         0.75,  1.0,  2.5,   5.0,  7.5,   10.0, 30.0, 60.0 };

    std::array<quint64, kBounds.size() + 1> buckets{}; ///< not cumulative; the last: beyond
    double sum = 0; ///< seconds
    quint64 count = 0;

    void add(double seconds);
};

/// What one route has seen.
struct RouteStats
{
    QString pattern; ///< "(unmatched)" for requests without a route
    LatencyHistogram latencies; ///< of the last minutes
    std::array<DurationCounts, 5> byClass; ///< 1xx to 5xx
};

/// Counters of one listener. Plain numbers, because only the event loop touches them.
///
/// Thread:  event loop. Owns: the statistics of each route, whose addresses stay.
/// Limits:  as many series as there are routes and refusal codes; at most kMaxRefusalCodes of
/// these.
class HttpMeter final
{
public:
    static constexpr size_t kMaxRefusalCodes = 64;
    static constexpr std::chrono::seconds kRecent{ 5 };

    struct Counts
    {
        quint64 requests = 0; ///< begun, but for health probes
        quint64 rejected = 0; ///< 503 because of limits.max_in_flight or max_body_memory
        quint64 cancelled = 0; ///< answered 503 because they were told to give up
        quint64 aborted = 0; ///< the client left, or they were cut
        quint64 timedOut = 0; ///< 504, limits.request_timeout
        quint64 accepted = 0; ///< connections
        quint64 bytesReceived = 0;
        quint64 bytesSent = 0;
        // How requests were protected from a stop.
        quint64 toldToClose = 0; ///< answers that say Connection: close only because of a stop
        quint64 lingered = 0; ///< idle connections that a drain waited for
        quint64 lingeredAnswered = 0; ///< of those, which sent one more request
        int active = 0; ///< connections with a request under way
    };

    HttpMeter();

    Counts counts;

    RouteStats &addRoute(const QString &pattern);
    [[nodiscard]] const std::deque<RouteStats> &routes() const { return m_routes; }
    [[nodiscard]] RouteStats &unmatched() { return m_routes.front(); }
    /// A request of this route was answered completely.
    void answered(RouteStats &route, int status, SteadyTime::duration took, SteadyTime now);
    /// Of all routes together, those answered in the last kRecent to twice that.
    [[nodiscard]] const LatencyHistogram &recentLatencies() const { return m_recent; }

    void countRefusal(const QByteArray &code);
    [[nodiscard]] const std::map<QByteArray, quint64> &refusals() const { return m_refusals; }

    /// `look` is called after each answer that took at least `from`.
    void watchSlow(SteadyTime::duration from, std::function<void()> look);

private:
    std::deque<RouteStats> m_routes;
    LatencyHistogram m_recent{ kRecent };
    std::map<QByteArray, quint64> m_refusals;
    SteadyTime::duration m_slowFrom = SteadyTime::duration::max();
    std::function<void()> m_look;
};

} // namespace quiesce
