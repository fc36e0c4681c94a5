// SPDX-License-Identifier: GPL-3.0-only
// OutputBuffer: what a connection has to send, and how much of it is in the kernel.
#pragma once

#include <QByteArray>

namespace quiesce {

class Transport;

/// Bytes are appended at its end and flushed from its front.
///
/// Thread:  event loop. Owns: the bytes until the transport has taken all of them; then only
///          kKeptCapacity stays allocated, and after release() nothing.
/// Limits:  none of its own: whoever fills it looks at unsent().
class OutputBuffer final
{
public:
    static constexpr qsizetype kKeptCapacity = 16 * 1024;

    enum class Flushed : unsigned char {
        All, ///< nothing is left
        Some, ///< some went out; the transport will tell when it takes more
        Nothing, ///< as Some, but none went out
        Broken, ///< the transport is
    };

    /// To append to; bytes that are sent are gone from it only once all are.
    [[nodiscard]] QByteArray &bytes() { return m_bytes; }
    [[nodiscard]] qsizetype unsent() const { return m_bytes.size() - m_sent; }
    /// Writes what the transport takes, and adds that to `sentInAll`.
    [[nodiscard]] Flushed flush(Transport &transport, quint64 &sentInAll);
    void release();

private:
    QByteArray m_bytes;
    qsizetype m_sent = 0;
};

} // namespace quiesce
