// SPDX-License-Identifier: GPL-3.0-only
// LoopWatch: see the header.
#include "tests/bench/console/loopwatch.h"

#include <algorithm>

namespace quiesce::bench {

namespace {

constexpr std::chrono::milliseconds kBeat{ 4 };

} // namespace

LoopWatch::LoopWatch(QObject *parent)
    : QObject(parent)
{
    m_beat.setTimerType(Qt::PreciseTimer);
    m_beat.setInterval(kBeat);
    connect(&m_beat, &QTimer::timeout, this, &LoopWatch::note);
    m_sinceBeat.start();
    m_beat.start();
}

void LoopWatch::note()
{
    const double passed = static_cast<double>(m_sinceBeat.nsecsElapsed()) / 1e6;
    m_sinceBeat.restart();
    m_late.push_back(std::max(0.0, passed - static_cast<double>(kBeat.count())));
}

double LoopWatch::quantile(double p)
{
    if (m_sinceBeat.elapsed() > kBeat.count()) // the stall that is not over yet
        note();
    if (m_late.empty())
        return 0;
    std::vector<double> sorted = m_late;
    const auto at = static_cast<std::ptrdiff_t>(p * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
    return sorted[static_cast<size_t>(at)];
}

} // namespace quiesce::bench
