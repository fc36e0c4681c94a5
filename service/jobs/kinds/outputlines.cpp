// SPDX-License-Identifier: GPL-3.0-only
// OutputLines: see the header.
#include "service/jobs/kinds/outputlines.h"

#include <algorithm>

namespace quiesce {

void OutputLines::add(QByteArrayView bytes, const std::function<void(const QByteArray &)> &take)
{
    while (!bytes.isEmpty()) {
        const auto end =
            std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
        const qsizetype length = end - bytes.begin();
        m_line.append(bytes.first(std::min(length, kMaxBytes - m_line.size())));
        if (end == bytes.end())
            return;
        if (!m_line.isEmpty())
            take(m_line);
        m_line.clear();
        bytes = bytes.sliced(length + 1);
    }
}

} // namespace quiesce
