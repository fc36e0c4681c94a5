// SPDX-License-Identifier: GPL-3.0-only
// Cuts a fuzzer's bytes into the pieces in which a connection gets them.
#pragma once

#include <QByteArrayView>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace quiesce::test {

/// Hands out the bytes in pieces whose lengths are taken from the bytes themselves, from their end
/// backwards: so every seed is just what a client would send.
class Pieces final
{
public:
    explicit Pieces(QByteArrayView bytes)
        : m_bytes(bytes)
        , m_lengthAt(bytes.size())
    { }

    [[nodiscard]] bool isEmpty() const { return m_taken == m_bytes.size(); }
    QByteArrayView take()
    {
        m_lengthAt = m_lengthAt > 0 ? m_lengthAt - 1 : m_bytes.size() - 1;
        const qsizetype wanted = 1 + static_cast<unsigned char>(m_bytes[m_lengthAt]);
        const QByteArrayView piece =
            m_bytes.sliced(m_taken, std::min(wanted, m_bytes.size() - m_taken));
        m_taken += piece.size();
        return piece;
    }

private:
    QByteArrayView m_bytes;
    qsizetype m_lengthAt;
    qsizetype m_taken = 0;
};

/// Ends the process, which is what the fuzzer calls a finding.
inline void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

} // namespace quiesce::test
