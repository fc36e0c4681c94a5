// SPDX-License-Identifier: GPL-3.0-only
// How a JobMessage is written into a Kafka record, and read back.
#pragma once

#include "common/result.h"
#include "service/jobs/broker/brokerlink.h"

#include <QByteArray>

namespace quiesce {

/// Longer values are not looked at: ours are far below.
constexpr qsizetype kMaxKafkaValue = 4'096;

/// `{"jobId":"…","kind":"…"}`
[[nodiscard]] QByteArray kafkaValue(const JobMessage &message);

/// Fields that are not known are passed over, so that a newer version may add some.
/// @error what is wrong with it, for people; of another's bytes nothing that does not print.
[[nodiscard]] Result<JobMessage, QString> parseKafkaValue(QByteArrayView value,
                                                          const QString &kindOfTopic);

} // namespace quiesce
