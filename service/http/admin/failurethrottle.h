// SPDX-License-Identifier: GPL-3.0-only
// FailureThrottle: slows whoever keeps presenting wrong tokens, with bounded memory.
#pragma once

#include "service/core/clock.h"

#include <QHostAddress>
#include <array>
#include <list>
#include <unordered_map>

namespace quiesce {

/// Counts wrong tokens by address (an IPv6 one by its /64, which one client has whole) and says how
/// long the answer to the next is held back.
///
/// It only ever slows failing answers. A right token is not asked about here, whatever others at
/// its address do: nobody can lock an operator out. What keeps a token from being guessed is its
/// length; this keeps guessing from costing us more than the guesser.
///
/// Thread:  event loop only.
/// Owns:    the counts. One is forgiven each kForgiveEvery.
/// Limits:  kMaxAddresses, the least recently failing forgotten first; kLogLines a minute in all.
class FailureThrottle final
{
public:
    static constexpr std::size_t kMaxAddresses = 4'096;
    static constexpr int kFreeFailures = 5;
    static constexpr std::chrono::seconds kForgiveEvery{ 10 };
    static constexpr std::chrono::seconds kLogEvery{ 60 }; ///< for one address
    static constexpr int kLogLines = 30; ///< in kLogEvery, for all addresses together
    /// Of the first failure past the free ones, the second, …; the last for all that follow.
    static constexpr std::array<std::chrono::milliseconds, 7> kDelays = [] {
        using std::chrono::milliseconds;
        return std::array{ milliseconds(100),  milliseconds(200),   milliseconds(400),
                           milliseconds(800),  milliseconds(1'600), milliseconds(3'200),
                           milliseconds(5'000) };
    }();

    explicit FailureThrottle(Clock &clock)
        : m_clock(clock)
    { }

    /// Notes a failure. Returns how long its answer is to be held back: one of kDelays, or none.
    [[nodiscard]] std::chrono::milliseconds failed(const QHostAddress &peer);
    [[nodiscard]] std::size_t addressCount() const { return m_places.size(); }

private:
    struct Entry
    {
        QByteArray network;
        int count = 0; ///< what is not yet forgiven, at most as many as make a difference
        quint64 unlogged = 0; ///< since the last line
        SteadyTime forgivenUntil; ///< up to when `count` is right
        SteadyTime logAfter;
    };

    Entry &entryOf(const QHostAddress &peer, SteadyTime now);
    void forgive(Entry &entry, SteadyTime now) const;
    void logIfDue(Entry &entry, SteadyTime now);

    Clock &m_clock;
    std::list<Entry> m_entries; ///< the least recently failing first
    std::unordered_map<QByteArray, std::list<Entry>::iterator> m_places;
    SteadyTime m_linesSince{};
    int m_lines = 0;
};

/// The address as counted: IPv4 (also when mapped) whole, IPv6 as its first 64 bits.
[[nodiscard]] QByteArray networkOf(const QHostAddress &peer);

} // namespace quiesce
