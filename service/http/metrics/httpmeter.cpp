// SPDX-License-Identifier: GPL-3.0-only
// HttpMeter: see the header.
#include "service/http/metrics/httpmeter.h"

#include <algorithm>

namespace quiesce {

void DurationCounts::add(double seconds)
{
    const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
    ++buckets[static_cast<size_t>(bound - kBounds.begin())];
    sum += seconds;
    ++count;
}

HttpMeter::HttpMeter()
{
    addRoute(QStringLiteral("(unmatched)"));
}

RouteStats &HttpMeter::addRoute(const QString &pattern)
{
    for (RouteStats &route : m_routes) { // one pattern may be added once a method
        if (route.pattern == pattern)
            return route;
    }
    m_routes.emplace_back();
    m_routes.back().pattern = pattern;
    return m_routes.back();
}

void HttpMeter::answered(RouteStats &route, int status, SteadyTime::duration took, SteadyTime now)
{
    const auto latency = std::chrono::duration_cast<LatencyHistogram::Duration>(took);
    route.latencies.add(latency, now);
    m_recent.add(latency, now);
    const int statusClass = std::clamp(status / 100, 1, static_cast<int>(route.byClass.size()));
    route.byClass[static_cast<size_t>(statusClass - 1)].add(
        std::chrono::duration<double>(took).count());
    if (took >= m_slowFrom)
        m_look();
}

void HttpMeter::countRefusal(const QByteArray &code)
{
    if (m_refusals.size() < kMaxRefusalCodes || m_refusals.contains(code))
        ++m_refusals[code];
}

void HttpMeter::watchSlow(SteadyTime::duration from, std::function<void()> look)
{
    m_slowFrom = from;
    m_look = std::move(look);
}

} // namespace quiesce
