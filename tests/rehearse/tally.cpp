// SPDX-License-Identifier: GPL-3.0-only
// Sums and order statistics.
#include "tests/rehearse/tally.h"

#include <algorithm>
#include <cmath>

namespace quiesce::rehearse {

namespace {

constexpr std::size_t kMaxLossesKept = 64;
constexpr std::size_t kMaxPlacedLosses = 256;

} // namespace

Counts &Counts::operator+=(const Counts &other)
{
    sent += other.sent;
    answered += other.answered;
    created += other.created;
    clientErrors += other.clientErrors;
    serverErrors += other.serverErrors;
    lostReused += other.lostReused;
    lostFresh += other.lostFresh;
    truncated += other.truncated;
    malformed += other.malformed;
    refused += other.refused;
    unanswered += other.unanswered;
    refusedEarly += other.refusedEarly;
    closedIdle += other.closedIdle;
    localFaults += other.localFaults;
    return *this;
}

bool Ledger::tryBeginRequest()
{
    if (m_counts.sent >= m_budget)
        return false;
    ++m_counts.sent;
    return true;
}

void Ledger::answered(int status, TimePoint at)
{
    ++m_counts.answered;
    m_counts.created += status == 201;
    m_counts.clientErrors += status >= 400 && status < 500;
    m_counts.serverErrors += status >= 500;
    m_lastAnswerAt = at;
}

void Ledger::lost(const Loss &loss)
{
    switch (loss.kind) {
    case Loss::Kind::Reused:
        ++m_counts.lostReused;
        break;
    case Loss::Kind::Fresh:
        ++m_counts.lostFresh;
        break;
    case Loss::Kind::Truncated:
        ++m_counts.truncated;
        break;
    case Loss::Kind::Malformed:
        ++m_counts.malformed;
        break;
    }
    if (m_losses.size() < kMaxLossesKept)
        m_losses.push_back(loss);
}

void Ledger::refused()
{
    ++(m_isStopAsked ? m_counts.refused : m_counts.refusedEarly);
}

void Ledger::unanswered()
{
    refused();
    ++m_counts.unanswered;
}

void Distribution::add(Clock::duration sample)
{
    m_sorted.insert(std::ranges::upper_bound(m_sorted, sample), sample);
}

Clock::duration Distribution::percentile(double percent) const
{
    const auto rank = std::ceil(percent / 100 * static_cast<double>(m_sorted.size()));
    const auto index = std::max(rank, 1.0) - 1;
    return m_sorted[static_cast<std::size_t>(index)];
}

void Tally::add(const StopResult &stop)
{
    ++stops;
    killed += stop.ending == StopResult::Ending::Killed;
    endedEarly += stop.ending == StopResult::Ending::EndedEarly;
    leftProcessesBehind += stop.leftProcessesBehind;
    counts += stop.counts;
    ++exits[stop.exit];
    if (stop.signalToExit)
        signalToExit.add(*stop.signalToExit);
    if (stop.lastAnswerToExit)
        lastAnswerToExit.add(*stop.lastAnswerToExit);
    for (const Loss &loss : stop.losses) {
        if (losses.size() == kMaxPlacedLosses)
            return;
        losses.push_back({ .stop = stops, .loss = loss, .afterSignal = {} });
        if (stop.signalledAt)
            losses.back().afterSignal = loss.at - *stop.signalledAt;
    }
}

} // namespace quiesce::rehearse
