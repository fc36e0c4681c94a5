// SPDX-License-Identifier: GPL-3.0-only
// The line on stdout by which whoever started the service learns that it is ready, and where.
#pragma once

#include <QString>

namespace quiesce {

/// `quiesced ready traffic=http://127.0.0.1:8080 admin=http://127.0.0.1:9090 pid=4711`, without a
/// newline. The URLs are those really listened on, with no port 0 any more.
[[nodiscard]] QString readyLine(const QString &trafficUrl, const QString &adminUrl, qint64 pid);

} // namespace quiesce
