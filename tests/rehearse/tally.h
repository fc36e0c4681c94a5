// SPDX-License-Identifier: GPL-3.0-only
// What is counted: the ledger of one stop, and the tally over all of them.
#pragma once

#include "tests/rehearse/eventloop.h"
#include "tests/rehearse/serverprocess.h"

#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace quiesce::rehearse {

/// One request ends in exactly one of answered, lost, truncated and malformed, so that
/// sent = answered + lostReused + lostFresh + truncated + malformed once every client has ended.
struct Counts
{
    qint64 sent = 0; ///< on an established connection, begun to be written
    qint64 answered = 0; ///< completely, whatever the status
    qint64 created = 0; ///< of answered: 201
    qint64 clientErrors = 0; ///< of answered: 4xx
    qint64 serverErrors = 0; ///< of answered: 5xx
    qint64 lostReused = 0; ///< not a byte of an answer, on a connection that had answered before
    qint64 lostFresh = 0; ///< the same on a new connection
    qint64 truncated = 0; ///< an answer begun and not finished
    qint64 malformed = 0; ///< an answer that is not HTTP
    qint64 refused = 0; ///< connect refused after the signal: no loss
    qint64 unanswered = 0; ///< of refused: nobody had answered the SYN when the server left
    qint64 refusedEarly = 0; ///< connect refused before the signal
    qint64 closedIdle = 0; ///< connections the server closed while their client was thinking
    qint64 localFaults =
        0; ///< sockets this machine could not give: the figures are not to be trusted

    /// Everything a client of the server had to miss.
    [[nodiscard]] qint64 failures() const
    {
        return lostReused + lostFresh + truncated + malformed + refusedEarly;
    }
    Counts &operator+=(const Counts &other);
    friend bool operator==(const Counts &, const Counts &) = default;
};

/// Why and when a request got no complete answer.
struct Loss
{
    enum class Kind : unsigned char { Reused, Fresh, Truncated, Malformed };
    enum class Reason : unsigned char { Reset, EndOfStream, NoAnswer, NotHttp };

    Kind kind = Kind::Reused;
    Reason reason = Reason::Reset;
    TimePoint at;
};

/// What the clients of one stop write down.
///
/// Limits:  counts every loss, keeps the circumstances of the first 64.
class Ledger final
{
public:
    /// No more than so many requests are begun; unlimited unless said.
    void setBudget(qint64 requests) { m_budget = requests; }
    /// From here on a refused connect is no loss.
    void stopAsked() { m_isStopAsked = true; }

    /// Counts a request as sent, unless the budget is used up.
    [[nodiscard]] bool tryBeginRequest();
    void answered(int status, TimePoint at);
    void lost(const Loss &loss);
    void refused();
    void unanswered();
    void closedIdle() { ++m_counts.closedIdle; }
    void localFault() { ++m_counts.localFaults; }

    [[nodiscard]] const Counts &counts() const { return m_counts; }
    [[nodiscard]] const std::vector<Loss> &losses() const { return m_losses; }
    [[nodiscard]] std::optional<TimePoint> lastAnswerAt() const { return m_lastAnswerAt; }

private:
    Counts m_counts;
    std::vector<Loss> m_losses;
    std::optional<TimePoint> m_lastAnswerAt;
    qint64 m_budget = std::numeric_limits<qint64>::max();
    bool m_isStopAsked = false;
};

/// One stop, from the first request to the end of the process.
struct StopResult
{
    enum class Ending : unsigned char {
        Exited, ///< after the signal, by itself
        Killed, ///< by us: it had not left within --timeout
        EndedEarly, ///< before the signal
    };

    Counts counts;
    std::vector<Loss> losses;
    Ending ending = Ending::Exited;
    ExitStatus exit;
    bool leftProcessesBehind = false; ///< others of its process group outlived it
    std::optional<TimePoint> signalledAt;
    std::optional<Clock::duration> signalToExit; ///< only of Ending::Exited
    std::optional<Clock::duration> lastAnswerToExit; ///< also only when there was an answer
};

/// Durations, asked for their order statistics.
class Distribution final
{
public:
    void add(Clock::duration sample);
    [[nodiscard]] bool isEmpty() const { return m_sorted.empty(); }
    [[nodiscard]] std::size_t count() const { return m_sorted.size(); }
    /// The nearest-rank percentile: 0 the least, 100 the greatest. Not for an empty one.
    [[nodiscard]] Clock::duration percentile(double percent) const;

private:
    std::vector<Clock::duration> m_sorted;
};

/// A loss with its place in the whole.
struct PlacedLoss
{
    int stop = 0; ///< counted from 1
    Loss loss;
    std::optional<Clock::duration> afterSignal; ///< none: there was no signal; negative: before it
};

/// The sum of all stops so far.
///
/// Limits:  keeps the circumstances of the first 256 losses.
struct Tally
{
    void add(const StopResult &stop);

    int stops = 0;
    int killed = 0;
    int endedEarly = 0;
    int leftProcessesBehind = 0;
    Counts counts;
    std::map<ExitStatus, int> exits;
    Distribution signalToExit;
    Distribution lastAnswerToExit;
    std::vector<PlacedLoss> losses;
};

} // namespace quiesce::rehearse
