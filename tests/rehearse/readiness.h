// SPDX-License-Identifier: GPL-3.0-only
// Readiness: asks a starting server until it answers.
#pragma once

#include "tests/rehearse/client.h"

namespace quiesce::rehearse {

/// Makes one request after the other until one is answered with less than 500. Between two tries it
/// waits 1 ms at first and twice as long each time, up to 50 ms.
///
/// Order:   loop and random outlive it.
class Readiness final
{
public:
    Readiness(EventLoop &loop, ClientPlan plan, std::mt19937_64 &random);

    [[nodiscard]] bool isReady() const { return m_isReady; }
    /// Tells apart, for a message, a server that never listened from one that is not ready.
    [[nodiscard]] bool hasAnswered() const { return m_hasAnswered; }

private:
    /// One try: its own ledger, since it is not part of the load.
    struct Attempt
    {
        Attempt(EventLoop &loop, const ClientPlan &plan, std::mt19937_64 &random)
            : client(loop, plan, ledger, random)
        { }
        Ledger ledger;
        Client client;
    };

    void check();

    EventLoop &m_loop;
    ClientPlan m_plan;
    std::mt19937_64 &m_random;
    Timer m_timer;
    std::optional<Attempt> m_attempt;
    Clock::duration m_pause = std::chrono::milliseconds(1);
    bool m_isReady = false;
    bool m_hasAnswered = false;
};

} // namespace quiesce::rehearse
