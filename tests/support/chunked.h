// SPDX-License-Identifier: GPL-3.0-only
// Chunked: takes a chunked body apart, strictly, as it comes.
#pragma once

#include <QByteArray>

namespace quiesce::test {

/// Chunks without extensions and without trailers, as a stream of ours is written.
class Chunked final
{
public:
    /// The body that these bytes complete.
    [[nodiscard]] QByteArray feed(const QByteArray &bytes)
    {
        m_rest.append(bytes);
        QByteArray body;
        while (!m_hasEnded && !m_isFaulty && takeChunk(body)) { }
        m_isFaulty = m_isFaulty || (m_hasEnded && !m_rest.isEmpty());
        return body;
    }
    [[nodiscard]] bool hasEnded() const { return m_hasEnded; } ///< with the last chunk
    [[nodiscard]] bool isFaulty() const { return m_isFaulty; }

private:
    bool takeChunk(QByteArray &body)
    {
        const qsizetype lineEnd = m_rest.indexOf("\r\n");
        if (lineEnd < 0)
            return false;
        bool isNumber = false;
        const qsizetype size = m_rest.first(lineEnd).toLongLong(&isNumber, 16);
        const qsizetype whole = lineEnd + 2 + size + 2;
        m_isFaulty = !isNumber || size < 0
            || (m_rest.size() >= whole && m_rest.sliced(whole - 2, 2) != "\r\n");
        if (m_isFaulty || m_rest.size() < whole)
            return false;
        body.append(m_rest.sliced(lineEnd + 2, size));
        m_rest.remove(0, whole);
        m_hasEnded = size == 0;
        return true;
    }

    QByteArray m_rest;
    bool m_hasEnded = false;
    bool m_isFaulty = false;
};

} // namespace quiesce::test
