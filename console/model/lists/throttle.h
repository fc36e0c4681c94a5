// SPDX-License-Identifier: GPL-3.0-only
// Throttle: gathers what comes often into work that is done seldom.
#pragma once

#include <QObject>
#include <QTimer>
#include <chrono>

namespace quiesce {

/// Thread:  event loop.
/// Emits:   due() inside the first request() for a period; for all that come within the period
///          after it once, when it is over. So what is asked for is always done, within a period.
class Throttle final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kDefaultPeriod{ 100 };

    explicit Throttle(std::chrono::milliseconds period = kDefaultPeriod, QObject *parent = nullptr);

    void request();
    /// What was asked for has been done by other means.
    void forget() { m_isWanted = false; }

Q_SIGNALS:
    void due();

private:
    void giveWay();

    QTimer m_period;
    bool m_isWanted = false;
};

} // namespace quiesce
