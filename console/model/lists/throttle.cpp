// SPDX-License-Identifier: GPL-3.0-only
// Throttle: see the header.
#include "console/model/lists/throttle.h"

#include <utility>

namespace quiesce {

Throttle::Throttle(std::chrono::milliseconds period, QObject *parent)
    : QObject(parent)
{
    m_period.setSingleShot(true);
    m_period.setInterval(period);
    connect(&m_period, &QTimer::timeout, this, &Throttle::giveWay);
}

void Throttle::request()
{
    if (m_period.isActive()) {
        m_isWanted = true;
        return;
    }
    m_period.start();
    Q_EMIT due();
}

void Throttle::giveWay()
{
    if (!std::exchange(m_isWanted, false))
        return;
    m_period.start();
    Q_EMIT due();
}

} // namespace quiesce
