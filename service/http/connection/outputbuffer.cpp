// SPDX-License-Identifier: GPL-3.0-only
// OutputBuffer: see the header.
#include "service/http/connection/outputbuffer.h"

#include "service/http/transport.h"

namespace quiesce {

OutputBuffer::Flushed OutputBuffer::flush(Transport &transport, quint64 &sentInAll)
{
    const qsizetype sentBefore = m_sent;
    while (m_sent < m_bytes.size()) {
        const ssize_t count = transport.write(m_bytes.constData() + m_sent,
                                              static_cast<size_t>(m_bytes.size() - m_sent));
        if (count == Transport::kBroken)
            return Flushed::Broken;
        if (count == Transport::kAgain)
            return m_sent > sentBefore ? Flushed::Some : Flushed::Nothing;
        m_sent += count;
        sentInAll += static_cast<quint64>(count);
    }
    m_sent = 0;
    if (m_bytes.capacity() > kKeptCapacity)
        m_bytes = {};
    else
        m_bytes.resize(0);
    return Flushed::All;
}

void OutputBuffer::release()
{
    m_bytes = {};
    m_sent = 0;
}

} // namespace quiesce
