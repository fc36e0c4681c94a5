// SPDX-License-Identifier: GPL-3.0-only
// Rehearsal: the main job. Starts a server, loads it, stops it, says what that cost.
#pragma once

#include "tests/rehearse/interruption.h"
#include "tests/rehearse/load.h"

namespace quiesce::rehearse {

/// What a load without a stop came to.
struct LoadResult
{
    Counts counts;
    Clock::duration took{ 0 };
};

/// Order:   loop, interruption and options outlive it.
/// Blocks:  each call, running the loop, until what it stands for is over or interrupted.
class Rehearsal final
{
public:
    Rehearsal(EventLoop &loop, const Interruption &interruption, const Options &options);

    /// One start and stop on a port of its own.
    /// @error the server could not be started, was never ready, or the tool was interrupted.
    Result<StopResult, QString> rehearseStop();
    /// options.requests requests to a server that runs already.
    /// @error interrupted.
    Result<LoadResult, QString> makeLoad();

private:
    using Condition = std::function<bool()>;

    Result<Done, QString> awaitReady(const ServerProcess &server, const Target &target);
    void runLoad(Load &load, const ServerProcess &server);
    StopResult::Ending stop(ServerProcess &server);
    bool runUntil(const Condition &isDone, Clock::duration longest);

    EventLoop &m_loop;
    const Interruption &m_interruption;
    const Options &m_options;
    std::mt19937_64 m_random;
};

} // namespace quiesce::rehearse
