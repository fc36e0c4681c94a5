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

constexpr int kVersionBits = 4;
constexpr uint kVersion = 7;

/// Milliseconds and a counter within them, as one number that only rises.
struct Ticks
{
    std::mutex mutex;
    quint64 last = 0;
};

Ticks &ticks()
{
    static Ticks all;
    return all;
}

quint64 nextTick(quint64 ms)
{
    Ticks &all = ticks();
    const std::scoped_lock lock(all.mutex);
    // Half the counter is random, so that two processes seldom meet; the rest leaves room to count.
    const quint64 start = QRandomGenerator::global()->bounded(quint32((kCounterMask + 1) / 2));
    all.last = std::max(all.last + 1, (ms << kCounterBits) | start);
    return all.last;
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

void keepJobIdsAbove(const QString &id)
{
    const QUuid uuid(id);
    if (uuid.data3 >> kCounterBits != kVersion) // QUuid::version() does not know 7
        return;
    const quint64 head =
        (quint64{ uuid.data1 } << 32) | (quint64{ uuid.data2 } << 16) | quint64{ uuid.data3 };
    const quint64 ms = head >> (kCounterBits + kVersionBits);
    Ticks &all = ticks();
    const std::scoped_lock lock(all.mutex);
    all.last = std::max(all.last, (ms << kCounterBits) | (head & kCounterMask));
}

void JobStore::openBeside(const QString &, const QString &, Reply<int> reply)
{
    share(Sharing::Begin, std::move(reply));
}

void JobStore::share(Sharing, Reply<int> reply)
{
    const auto refuse = [reply = std::move(reply)] {
        if (reply)
            reply(Failure{ StoreError{ StoreError::Kind::Unavailable,
                                       QStringLiteral("this job store cannot be shared") } });
    };
    QMetaObject::invokeMethod(this, refuse, Qt::QueuedConnection);
}

} // namespace quiesce
