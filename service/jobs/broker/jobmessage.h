// SPDX-License-Identifier: GPL-3.0-only
// JobMessage as bytes: what is in a message to a broker, the same for each of them.
#pragma once

#include "service/jobs/broker/brokerlink.h"

#include <QByteArray>
#include <QByteArrayView>

namespace quiesce {

/// `{"job":"<uuid>","kind":"…"}`.
[[nodiscard]] QByteArray toBytes(const JobMessage &message);
/// None: that is no message of ours. Further members are passed over, for newer versions.
///
/// Limits: kMaxMessageBytes; a kind as JobKinds would take it.
[[nodiscard]] std::optional<JobMessage> parseJobMessage(QByteArrayView bytes);
inline constexpr qsizetype kMaxMessageBytes = 4'096;

} // namespace quiesce
