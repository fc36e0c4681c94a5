// SPDX-License-Identifier: GPL-3.0-only
// BodyMemory: how many bytes of request bodies one listener holds, and how many it may.
#pragma once

#include <QtGlobal>
#include <utility>

namespace quiesce {

/// What has arrived counts, not what was announced: else a client could take all of it by promises.
///
/// Thread:  event loop. Must outlive its shares.
/// Limits:  one more read of a connection may lie in memory while it is asked for. A limit that
///          is lowered below what is held takes nothing away.
class BodyMemory final
{
public:
    explicit BodyMemory(qint64 limit)
        : m_limit(limit)
    { }
    BodyMemory(const BodyMemory &) = delete;
    BodyMemory &operator=(const BodyMemory &) = delete;

    void setLimit(qint64 limit) { m_limit = limit; }
    [[nodiscard]] qint64 held() const { return m_held; }
    /// Always for nothing.
    [[nodiscard]] bool hasRoomFor(qint64 more) const
    {
        return more <= 0 || more <= m_limit - m_held;
    }

    /// What one request holds of it; given back when it goes.
    class Share final
    {
    public:
        explicit Share(BodyMemory &memory)
            : m_memory(memory)
        { }
        ~Share() { giveBack(); }
        Share(const Share &) = delete;
        Share &operator=(const Share &) = delete;

        /// False when there is no room for that much; the share is then what it was.
        [[nodiscard]] bool tryGrowTo(qint64 bytes)
        {
            if (!m_memory.hasRoomFor(bytes - m_bytes))
                return false;
            m_memory.m_held += bytes - std::exchange(m_bytes, bytes);
            return true;
        }
        void giveBack() { m_memory.m_held -= std::exchange(m_bytes, 0); }
        [[nodiscard]] qint64 bytes() const { return m_bytes; }

    private:
        BodyMemory &m_memory;
        qint64 m_bytes = 0;
    };

private:
    qint64 m_limit;
    qint64 m_held = 0;
};

} // namespace quiesce
