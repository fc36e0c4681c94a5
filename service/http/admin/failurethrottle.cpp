// SPDX-License-Identifier: GPL-3.0-only
// FailureThrottle: see the header.
#include "service/http/admin/failurethrottle.h"

#include "common/logline.h"

#include <QLoggingCategory>
#include <algorithm>

namespace quiesce {

Q_LOGGING_CATEGORY(lcAdmission, "quiesce.admission")

namespace {

constexpr int kMaxCount =
    FailureThrottle::kFreeFailures + static_cast<int>(FailureThrottle::kDelays.size());

} // namespace

QByteArray networkOf(const QHostAddress &peer)
{
    bool isV4 = false;
    const quint32 v4 = peer.toIPv4Address(&isV4);
    if (isV4)
        return QHostAddress(v4).toString().toLatin1();
    constexpr int kNetworkBytes = 8;
    Q_IPV6ADDR address = peer.toIPv6Address();
    std::fill(address.c + kNetworkBytes, address.c + sizeof address.c, quint8(0));
    return QHostAddress(address).toString().toLatin1() + "/64";
}

std::chrono::milliseconds FailureThrottle::failed(const QHostAddress &peer)
{
    const SteadyTime now = m_clock.now();
    Entry &entry = entryOf(peer, now);
    forgive(entry, now);
    entry.count = std::min(entry.count + 1, kMaxCount);
    ++entry.unlogged;
    if (entry.count <= kFreeFailures)
        return std::chrono::milliseconds(0);
    logIfDue(entry, now);
    return kDelays[static_cast<std::size_t>(entry.count - kFreeFailures - 1)];
}

FailureThrottle::Entry &FailureThrottle::entryOf(const QHostAddress &peer, SteadyTime now)
{
    const QByteArray network = networkOf(peer);
    if (const auto known = m_places.find(network); known != m_places.end()) {
        m_entries.splice(m_entries.end(), m_entries, known->second);
        return *known->second;
    }
    if (m_entries.size() == kMaxAddresses) {
        m_places.erase(m_entries.front().network);
        m_entries.pop_front();
    }
    m_entries.push_back({ .network = network, .forgivenUntil = now, .logAfter = now });
    m_places.emplace(network, std::prev(m_entries.end()));
    return m_entries.back();
}

void FailureThrottle::forgive(Entry &entry, SteadyTime now) const
{
    const auto forgiven = (now - entry.forgivenUntil) / kForgiveEvery;
    if (forgiven >= entry.count) {
        entry.count = 0;
        entry.forgivenUntil = now;
        return;
    }
    entry.count -= static_cast<int>(forgiven);
    entry.forgivenUntil += forgiven * kForgiveEvery;
}

void FailureThrottle::logIfDue(Entry &entry, SteadyTime now)
{
    if (now < entry.logAfter)
        return;
    entry.logAfter = now + kLogEvery;
    if (now - m_linesSince >= kLogEvery) {
        m_linesSince = now;
        m_lines = 0;
    }
    if (m_lines == kLogLines) // who has many addresses must not fill the log
        return;
    ++m_lines;
    qCWarning(lcAdmission).noquote() << LogLine("wrong tokens, answers held back")
                                            .with("address", entry.network)
                                            .with("failures", entry.unlogged)
                                            .toString();
    entry.unlogged = 0;
}

} // namespace quiesce
