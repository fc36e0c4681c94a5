// SPDX-License-Identifier: GPL-3.0-only
// History: see the header.
#include "console/model/instance/history.h"

#include <algorithm>

namespace quiesce {

namespace {

float orNaN(const std::optional<double> &value)
{
    return value ? static_cast<float>(*value) : Sample::kUnknown;
}

} // namespace

bool History::add(const Stats &stats, qint64 at)
{
    // A count that has gone back is another process's; a clock that has gone back starts anew.
    if (!m_begin || at < m_begin->at || stats.requestsTotal < m_begin->requests) {
        m_begin = Counted{ .at = at, .requests = stats.requestsTotal };
        m_mostInFlight = stats.inFlight;
        return false;
    }
    m_mostInFlight = std::max(m_mostInFlight, stats.inFlight);
    const qint64 passed = at - m_begin->at;
    if (passed < kIntervalMs)
        return false;
    const auto requests = static_cast<float>(stats.requestsTotal - m_begin->requests);
    push({ .at = at,
           .inFlight = static_cast<float>(m_mostInFlight),
           .requestRate = requests * 1'000 / static_cast<float>(passed),
           .latencyP50 = orNaN(stats.latencyP50Ms),
           .latencyP99 = orNaN(stats.latencyP99Ms),
           .jobsRunning = static_cast<float>(stats.jobs.of(JobState::Running)),
           .jobsWaiting = static_cast<float>(stats.jobs.of(JobState::Queued)
                                             + stats.jobs.of(JobState::Scheduled)),
           .connections = static_cast<float>(stats.connectionsOpen) });
    m_begin = Counted{ .at = at, .requests = stats.requestsTotal };
    m_mostInFlight = stats.inFlight;
    return true;
}

void History::addGap(qint64 at)
{
    m_begin.reset();
    if (!m_samples.empty() && !m_samples.back().isGap())
        push({ .at = at });
}

std::optional<Sample> History::latest() const
{
    if (m_samples.empty() || m_samples.back().isGap())
        return std::nullopt;
    return m_samples.back();
}

void History::push(const Sample &sample)
{
    m_samples.push_back(sample);
    ++m_added;
    if (m_samples.size() > kKept)
        m_samples.pop_front();
}

} // namespace quiesce
