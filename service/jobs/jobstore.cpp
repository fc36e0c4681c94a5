// SPDX-License-Identifier: GPL-3.0-only
// What every job store shares: new ids.
#include "service/jobs/jobstore.h"

#include <QRandomGenerator>
#include <QUuid>
#include <algorithm>
#include <array>
#include <mutex>

namespace quiesce {

namespace {

constexpr int kCounterBits = 12;
constexpr quint64 kCounterMask = (quint64{ 1 } << kCounterBits) - 1;
constexpr int kTimeBits = 48;

/// Milliseconds and a counter within them, as one number that only rises.
quint64 nextTick(quint64 ms)
{
    static std::mutex mutex;
    static quint64 last = 0;
    const std::scoped_lock lock(mutex);
    // Half the counter is random, so that two processes seldom meet; the rest leaves room to count.
    const quint64 start = QRandomGenerator::global()->bounded(quint32((kCounterMask + 1) / 2));
    last = std::max(last + 1, (ms << kCounterBits) | start);
    return last;
}

} // namespace

QString newJobId(const QDateTime &now)
{
    const quint64 tick =
        nextTick(static_cast<quint64>(std::max<qint64>(now.toMSecsSinceEpoch(), 0)));
    const quint64 ms = (tick >> kCounterBits) & ((quint64{ 1 } << kTimeBits) - 1);
    const quint64 random = QRandomGenerator::global()->generate64();
    std::array<uchar, 8> tail{};
    for (size_t i = 0; i < tail.size(); ++i)
        tail.at(i) = static_cast<uchar>(random >> (8 * i));
    tail[0] = static_cast<uchar>((tail[0] & 0x3fU) | 0x80U); // the variant of RFC 9562
    const QUuid id(static_cast<uint>(ms >> 16), static_cast<ushort>(ms),
                   static_cast<ushort>(0x7000U | (tick & kCounterMask)), tail[0], tail[1], tail[2],
                   tail[3], tail[4], tail[5], tail[6], tail[7]);
    return id.toString(QUuid::WithoutBraces);
}

} // namespace quiesce
