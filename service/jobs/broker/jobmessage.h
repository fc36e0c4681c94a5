// SPDX-License-Identifier: GPL-3.0-only
// JobMessage as bytes: what is in a message to a broker, the same for each of them.
#pragma once

#include "common/result.h"
#include "service/jobs/broker/brokerlink.h"

#include <QByteArray>
#include <QByteArrayView>

namespace quiesce {

/// Longer ones are not looked at: ours are far below.
inline constexpr qsizetype kMaxMessageBytes = 4'096;

/// `{"job":"<uuid>","kind":"…"}`.
[[nodiscard]] QByteArray toBytes(const JobMessage &message);
/// Of the queue or topic of that kind. Further members are passed over: a newer version may add
/// some.
///
/// @error what is wrong with it, for people; of another's bytes nothing that does not print.
[[nodiscard]] Result<JobMessage, QString> parseJobMessage(QByteArrayView bytes,
                                                          const QString &kindOfQueue);

} // namespace quiesce
