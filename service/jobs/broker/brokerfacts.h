// SPDX-License-Identifier: GPL-3.0-only
// BrokerFacts: what a broker tells of itself.
#pragma once

#include <QDateTime>
#include <QString>
#include <optional>

namespace quiesce {

/// What a broker tells of itself, for readiness, the metrics and the console.
struct BrokerFacts
{
    QString fault; ///< why nothing can be sent or received now; empty: it can
    std::optional<qint64> depth; ///< messages that wait, of all kinds; none: not known
    std::optional<qint64> lag; ///< messages that were not consumed yet (Kafka); none: not known
    int held = 0; ///< deliveries that were not answered yet
    QDateTime changedAt; ///< UTC; when the fault last changed
};

} // namespace quiesce
