// SPDX-License-Identifier: GPL-3.0-only
// FIPS 180-4, section 6.2.
#include "service/jobs/kinds/resumablesha256.h"

#include <QtEndian>
#include <algorithm>
#include <bit>
#include <cstring>

namespace quiesce {

namespace {

constexpr size_t kBlockBytes = 64;
constexpr size_t kLengthAt = 56; // where the last block holds the length
constexpr std::array<uint32_t, 64> kRound{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

std::array<uint32_t, 64> scheduleOf(const unsigned char *block)
{
    std::array<uint32_t, 64> w{};
    for (size_t i = 0; i < 16; ++i)
        w[i] = qFromBigEndian<uint32_t>(block + 4 * i);
    for (size_t i = 16; i < 64; ++i) {
        const uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
        const uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    return w;
}

} // namespace

void ResumableSha256::addBlock(const unsigned char *block)
{
    const std::array<uint32_t, 64> w = scheduleOf(block);
    auto [a, b, c, d, e, f, g, h] = m_words;
    for (size_t i = 0; i < 64; ++i) {
        const uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
        const uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + kRound[i] + w[i];
        const uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
        const uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    const std::array<uint32_t, 8> last{ a, b, c, d, e, f, g, h };
    for (size_t i = 0; i < m_words.size(); ++i)
        m_words[i] += last[i];
}

void ResumableSha256::add(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const size_t used = m_count % kBlockBytes;
        const qsizetype taken = std::min(bytes.size(), static_cast<qsizetype>(kBlockBytes - used));
        std::memcpy(m_block.data() + used, bytes.data(), static_cast<size_t>(taken));
        m_count += static_cast<uint64_t>(taken);
        bytes = bytes.sliced(taken);
        if (m_count % kBlockBytes == 0)
            addBlock(m_block.data());
    }
}

QByteArray ResumableSha256::result() const
{
    ResumableSha256 last = *this;
    const size_t used = m_count % kBlockBytes;
    const size_t end = used < kLengthAt ? kLengthAt : kLengthAt + kBlockBytes;
    QByteArray padding(static_cast<qsizetype>(end - used + 8), '\0');
    padding[0] = static_cast<char>(0x80);
    qToBigEndian<uint64_t>(m_count * 8, padding.data() + (end - used));
    last.add(padding);
    QByteArray digest(32, Qt::Uninitialized);
    for (size_t i = 0; i < m_words.size(); ++i)
        qToBigEndian(last.m_words[i], digest.data() + 4 * i);
    return digest;
}

QByteArray ResumableSha256::state() const
{
    QByteArray bytes(40, Qt::Uninitialized);
    for (size_t i = 0; i < m_words.size(); ++i)
        qToBigEndian(m_words[i], bytes.data() + 4 * i);
    qToBigEndian(m_count, bytes.data() + 32);
    return bytes.append(reinterpret_cast<const char *>(m_block.data()),
                        static_cast<qsizetype>(m_count % kBlockBytes));
}

std::optional<ResumableSha256> ResumableSha256::fromState(const QByteArray &state)
{
    if (state.size() < 40)
        return {};
    ResumableSha256 hash;
    for (size_t i = 0; i < hash.m_words.size(); ++i)
        hash.m_words[i] = qFromBigEndian<uint32_t>(state.constData() + 4 * i);
    hash.m_count = qFromBigEndian<uint64_t>(state.constData() + 32);
    const QByteArrayView waiting = QByteArrayView(state).sliced(40);
    if (static_cast<uint64_t>(waiting.size()) != hash.m_count % kBlockBytes)
        return {};
    std::copy(waiting.begin(), waiting.end(), hash.m_block.begin());
    return hash;
}

} // namespace quiesce
