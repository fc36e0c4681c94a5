// SPDX-License-Identifier: GPL-3.0-only
// Client: one closed-loop HTTP client that never retries and says how each request ended.
#pragma once

#include "tests/rehearse/eventloop.h"
#include "tests/rehearse/responsereader.h"
#include "tests/rehearse/tally.h"

#include <netinet/in.h>
#include <optional>
#include <random>
#include <string>

namespace quiesce::rehearse {

/// What a client does: connect, ask, read the answer, think, ask again.
struct ClientPlan
{
    enum class Habit : unsigned char {
        KeepAlive, ///< one connection for as long as the server keeps it
        FreshConnection, ///< a new one for each request
        AskOnce, ///< one request; the connection then stays open until the server closes it
    };

    Habit habit = Habit::KeepAlive;
    sockaddr_in address{};
    std::string request; ///< the bytes of each request
    Clock::duration think{ 0 }; ///< each pause is uniform in 0…think
};

/// Runs its plan until a connect is refused, the budget is used up, or serverGone().
///
/// Whether the server has closed an idle connection is looked up right before each request, so that
/// a request counts as lost only if the close had not reached this machine's socket by then.
/// Order:   plan, ledger and random outlive it.
class Client final
{
public:
    Client(EventLoop &loop, const ClientPlan &plan, Ledger &ledger, std::mt19937_64 &random);

    void beginIn(Clock::duration delay) { m_thinkTimer.startIn(delay); }
    /// The server's process has ended: a thinking client ends, as does one whose SYN nobody took;
    /// one that waits for an answer still takes what is on its way.
    void serverGone();
    /// Ends; a request that is still waiting is lost.
    void giveUp();

    [[nodiscard]] bool hasHadAnAnswer() const { return m_hasHadAnAnswer; }
    [[nodiscard]] bool hasEnded() const { return m_state == State::Ended; }

private:
    enum class StreamEnd : unsigned char { NotInSight, InSight };
    enum class State : unsigned char { New, Connecting, Asking, Thinking, Finished, Ended };

    void connect();
    void connectFailed(int error);
    void socketChanged(std::uint32_t events);
    void finishConnect();
    void proceed();
    void ask();
    void writeMore();
    void readMore(StreamEnd end);
    void readWhileIdle();
    void answered();
    void streamEnded(Loss::Reason reason);
    void lost(Loss::Reason reason);
    void think();
    void closeSocket();
    void end();

    EventLoop &m_loop;
    const ClientPlan &m_plan;
    Ledger &m_ledger;
    std::mt19937_64 &m_random;
    Timer m_thinkTimer;
    FileDescriptor m_socket;
    std::optional<Watch> m_watch; // after m_socket: goes first
    ResponseReader m_reader;
    std::size_t m_unwritten = 0;
    State m_state = State::New;
    bool m_isReused = false;
    bool m_hasHadAnAnswer = false;
    bool m_isServerGone = false;
};

} // namespace quiesce::rehearse
