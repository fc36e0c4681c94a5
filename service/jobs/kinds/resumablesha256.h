// SPDX-License-Identifier: GPL-3.0-only
// ResumableSha256: SHA-256 whose state can be put down and taken up again.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <array>
#include <cstdint>
#include <optional>

namespace quiesce {

/// SHA-256 (FIPS 180-4) over anything that comes in pieces. Neither Qt's nor OpenSSL's current
/// interface lets a hash be saved half-way; this one is small and slow (some 200 MB/s), which is
/// plenty for a list of digests. Whole chunks are hashed by OpenSSL.
class ResumableSha256 final
{
public:
    /// 8 words of state, the count of bytes, and the bytes of an unfinished block.
    static constexpr qsizetype kMaxStateBytes = 8 * 4 + 8 + 63;

    void add(QByteArrayView bytes);
    [[nodiscard]] QByteArray result() const; ///< 32 bytes; more may be added afterwards

    [[nodiscard]] QByteArray state() const;
    /// Nothing: no such state.
    [[nodiscard]] static std::optional<ResumableSha256> fromState(const QByteArray &state);

private:
    void addBlock(const unsigned char *block);

    std::array<uint32_t, 8> m_words{ 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    uint64_t m_count = 0; ///< of bytes
    std::array<unsigned char, 64> m_block{}; ///< its first m_count % 64 bytes wait
};

} // namespace quiesce
