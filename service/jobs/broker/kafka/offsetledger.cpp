// SPDX-License-Identifier: GPL-3.0-only
// OffsetLedger: see the header.
#include "service/jobs/broker/kafka/offsetledger.h"

#include <algorithm>

namespace quiesce {

bool OffsetLedger::handOut(qint64 offset)
{
    if (offset <= m_last)
        return false;
    m_last = offset;
    m_entries.push_back({ .offset = offset });
    return true;
}

std::optional<qint64> OffsetLedger::settle(qint64 offset)
{
    const auto found =
        std::lower_bound(m_entries.begin(), m_entries.end(), offset,
                         [](const Entry &entry, qint64 wanted) { return entry.offset < wanted; });
    if (found == m_entries.end() || found->offset != offset)
        return std::nullopt;
    found->isSettled = true;
    std::optional<qint64> next;
    while (!m_entries.empty() && m_entries.front().isSettled) {
        next = m_entries.front().offset + 1;
        m_entries.pop_front();
    }
    return next;
}

} // namespace quiesce
