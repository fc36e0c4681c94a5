// SPDX-License-Identifier: GPL-3.0-only
// Load: all clients of one stop.
#pragma once

#include "tests/rehearse/client.h"
#include "tests/rehearse/options.h"
#include "tests/rehearse/target.h"

#include <memory>
#include <vector>

namespace quiesce::rehearse {

/// The kept-alive clients, the fresh ones, the idle ones, and the few that wait for a slow answer.
///
/// Order:   loop, ledger and random outlive it.
class Load final
{
public:
    Load(EventLoop &loop, const Options &options, const Target &target, Ledger &ledger,
         std::mt19937_64 &random);
    Load(const Load &) = delete;
    Load &operator=(const Load &) = delete;

    /// All but the slow ones, spread over a little time so that they do not overrun the backlog.
    void begin();
    /// The slow ones, each at a random moment within that time.
    void beginSlowWithin(Clock::duration time);
    void serverGone();
    void giveUp();

    /// Every client that has begun has had its first answer, or has ended.
    [[nodiscard]] bool isBusy() const;
    [[nodiscard]] bool hasEnded() const;

private:
    using Clients = std::vector<std::unique_ptr<Client>>;

    void add(Clients &to, const ClientPlan &plan, int count);

    EventLoop &m_loop;
    Ledger &m_ledger;
    std::mt19937_64 &m_random;
    ClientPlan m_keptAlivePlan;
    ClientPlan m_freshPlan;
    ClientPlan m_idlePlan;
    ClientPlan m_slowPlan;
    Clients m_clients;
    Clients m_slowClients;
};

} // namespace quiesce::rehearse
