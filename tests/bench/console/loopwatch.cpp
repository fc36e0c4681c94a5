// SPDX-License-Identifier: GPL-3.0-only
// LoopWatch: see the header.
#include "tests/bench/console/loopwatch.h"

#include <QAbstractEventDispatcher>
#include <algorithm>

namespace quiesce::bench {

LoopWatch::LoopWatch(QObject *parent)
    : QObject(parent)
{
    m_sinceAwake.start();
    const QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] { m_sinceAwake.restart(); });
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
            [this] { m_busy.push_back(static_cast<double>(m_sinceAwake.nsecsElapsed()) / 1e6); });
}

double LoopWatch::quantile(double p) const
{
    if (m_busy.empty())
        return 0;
    std::vector<double> sorted = m_busy;
    const auto at = static_cast<std::ptrdiff_t>(p * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
    return sorted[static_cast<size_t>(at)];
}

} // namespace quiesce::bench
