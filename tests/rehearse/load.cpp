// SPDX-License-Identifier: GPL-3.0-only
// Makes the clients' plans from the options and starts them spread out.
#include "tests/rehearse/load.h"

#include <algorithm>

namespace quiesce::rehearse {

namespace {

constexpr auto kSpreadPerClient = std::chrono::microseconds(100);

std::string busyRequest(const Options &options, const Target &target, Connection connection)
{
    if (options.method == Method::Get)
        return getRequest(target, target.path, connection);
    return options.jsonBody.isEmpty() ? postRequest(target, options.bodyBytes, connection)
                                      : jsonRequest(target, options.jsonBody, connection);
}

ClientPlan busyPlan(ClientPlan::Habit habit, const Options &options, const Target &target)
{
    const auto connection =
        habit == ClientPlan::Habit::FreshConnection ? Connection::Close : Connection::KeepAlive;
    return { .habit = habit,
             .address = target.address,
             .request = busyRequest(options, target, connection),
             .think = options.think };
}

Clock::duration uniformUpTo(Clock::duration most, std::mt19937_64 &random)
{
    return Clock::duration(std::uniform_int_distribution<Clock::rep>(0, most.count())(random));
}

} // namespace

Load::Load(EventLoop &loop, const Options &options, const Target &target, Ledger &ledger,
           std::mt19937_64 &random)
    : m_loop(loop)
    , m_ledger(ledger)
    , m_random(random)
    , m_keptAlivePlan(busyPlan(ClientPlan::Habit::KeepAlive, options, target))
    , m_freshPlan(busyPlan(ClientPlan::Habit::FreshConnection, options, target))
    , m_idlePlan(busyPlan(ClientPlan::Habit::AskOnce, options, target))
    , m_slowPlan{ .habit = ClientPlan::Habit::AskOnce,
                  .address = target.address,
                  .request =
                      getRequest(target, options.slowPath.toLatin1(), Connection::KeepAlive) }
{
    add(m_clients, m_keptAlivePlan, options.clients);
    add(m_clients, m_freshPlan, options.fresh);
    add(m_clients, m_idlePlan, options.idle);
    add(m_slowClients, m_slowPlan, options.inFlight);
}

void Load::add(Clients &to, const ClientPlan &plan, int count)
{
    for (int i = 0; i < count; ++i)
        to.push_back(std::make_unique<Client>(m_loop, plan, m_ledger, m_random));
}

void Load::begin()
{
    const auto spread = kSpreadPerClient * m_clients.size();
    for (const auto &client : m_clients)
        client->beginIn(uniformUpTo(spread, m_random));
}

void Load::beginSlowWithin(Clock::duration time)
{
    for (const auto &client : m_slowClients)
        client->beginIn(uniformUpTo(time, m_random));
}

void Load::serverGone()
{
    std::ranges::for_each(m_clients, [](const auto &client) { client->serverGone(); });
    std::ranges::for_each(m_slowClients, [](const auto &client) { client->serverGone(); });
}

void Load::giveUp()
{
    std::ranges::for_each(m_clients, [](const auto &client) { client->giveUp(); });
    std::ranges::for_each(m_slowClients, [](const auto &client) { client->giveUp(); });
}

bool Load::isBusy() const
{
    return std::ranges::all_of(m_clients, [](const auto &client) {
        return client->hasHadAnAnswer() || client->hasEnded();
    });
}

bool Load::hasEnded() const
{
    const auto ended = [](const auto &client) { return client->hasEnded(); };
    return std::ranges::all_of(m_clients, ended) && std::ranges::all_of(m_slowClients, ended);
}

} // namespace quiesce::rehearse
