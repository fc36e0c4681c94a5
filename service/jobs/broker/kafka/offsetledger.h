// SPDX-License-Identifier: GPL-3.0-only
// OffsetLedger: how far one partition may be committed while its messages are answered in any
// order.
#pragma once

#include <QtGlobal>
#include <deque>
#include <optional>

namespace quiesce {

/// Kafka keeps one number a partition: all before it was consumed. So an answer counts only when
/// everything before it was answered too, and a job that takes long holds back the commits of those
/// behind it: after a crash they come again, and the store's claim drops them.
///
/// Limits: kMaxOpen offsets are kept; when isFull(), no more are to be fetched until the first one
///         is settled. handOut() still takes what was on its way.
class OffsetLedger final
{
public:
    static constexpr qsizetype kMaxOpen = 16'384;

    /// False: it was handed out before, and is passed over. Offsets may have gaps.
    [[nodiscard]] bool handOut(qint64 offset);
    /// The offset that may now be committed (the first one not settled), when that moved. An offset
    /// that was never handed out, or is settled already, moves nothing.
    std::optional<qint64> settle(qint64 offset);

    [[nodiscard]] bool isFull() const { return open() >= kMaxOpen; }
    /// From the first one not settled to the last one handed out, those settled between included.
    [[nodiscard]] qsizetype open() const { return static_cast<qsizetype>(m_entries.size()); }

private:
    struct Entry
    {
        qint64 offset = 0;
        bool isSettled = false;
    };
    std::deque<Entry> m_entries; ///< by offset; the first one is not settled
    qint64 m_last = -1; ///< the last one handed out
};

} // namespace quiesce
