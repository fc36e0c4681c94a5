// SPDX-License-Identifier: GPL-3.0-only
// What is read from librdkafka's statistics: whether a broker is connected, partitions, the lag.
#pragma once

#include <QByteArrayView>
#include <QHash>
#include <QString>
#include <optional>

namespace quiesce {

struct KafkaStats
{
    bool isConnected = false; ///< at least one broker
    QHash<QString, int> partitions; ///< topic → how many it has, of the topics it knows
    /// Of the partitions assigned: messages behind the last offset that was stored. As of the last
    /// fetch of each, so it stands still while one is paused. None: no partition is known well.
    std::optional<qint64> lag;
};

/// @param json as a stats event has it; what cannot be read counts as not there.
[[nodiscard]] KafkaStats parseKafkaStats(QByteArrayView json);

} // namespace quiesce
