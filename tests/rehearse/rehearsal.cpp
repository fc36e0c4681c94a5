// SPDX-License-Identifier: GPL-3.0-only
// The steps of a stop, one after the other; the loop runs inside each.
#include "tests/rehearse/rehearsal.h"

#include "tests/rehearse/readiness.h"

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace quiesce::rehearse {

namespace {

/// The slow requests begin within the first part of this time before the signal: the rest lets them
/// reach their handlers.
constexpr Clock::duration kSlowLead = 100ms;
constexpr Clock::duration kSlowBegin = 80ms;
/// What a dead server has sent is in our sockets already; more time means a socket that leaked.
constexpr Clock::duration kAftermath = 1s;

QStringList withPort(QStringList command, quint16 port)
{
    return command.replaceInStrings(kPortPlaceholder, QString::number(port));
}

StopResult resultOf(const Ledger &ledger, const ServerProcess &server, StopResult::Ending ending,
                    std::optional<TimePoint> signalledAt)
{
    StopResult result{ .counts = ledger.counts(),
                       .losses = ledger.losses(),
                       .ending = ending,
                       .exit = server.exitStatus(),
                       .leftProcessesBehind = server.hasLeftProcesses(),
                       .signalledAt = signalledAt,
                       .signalToExit = {},
                       .lastAnswerToExit = {} };
    if (ending != StopResult::Ending::Exited)
        return result;
    result.signalToExit = server.exitedAt() - *signalledAt;
    // An answer may be read after the exit was seen, in the same breath: that is no time at all.
    if (const auto answeredAt = ledger.lastAnswerAt())
        result.lastAnswerToExit = std::max(server.exitedAt() - *answeredAt, Clock::duration{ 0 });
    return result;
}

} // namespace

Rehearsal::Rehearsal(EventLoop &loop, const Interruption &interruption, const Options &options)
    : m_loop(loop)
    , m_interruption(interruption)
    , m_options(options)
    , m_random(options.seed)
{ }

Result<StopResult, QString> Rehearsal::rehearseStop()
{
    const auto port = pickFreePort();
    if (!port)
        return Failure{ port.error() };
    const Target target = Target::fromUrl(m_options.url, port.value()).takeValue();
    auto started =
        ServerProcess::start(m_loop, withPort(m_options.command, port.value()), m_options.logFile);
    if (!started)
        return Failure{ started.error() };
    const std::unique_ptr<ServerProcess> server = started.takeValue();
    if (auto ready = awaitReady(*server, target); !ready)
        return Failure{ ready.error() };

    Ledger ledger;
    Load load(m_loop, m_options, target, ledger, m_random);
    runLoad(load, *server);
    ledger.stopAsked();
    std::optional<TimePoint> signalledAt;
    auto ending = StopResult::Ending::EndedEarly;
    if (!server->hasExited()) {
        signalledAt = Clock::now();
        ending = stop(*server);
    }
    load.serverGone();
    runUntil([&] { return load.hasEnded(); }, kAftermath);
    load.giveUp();
    if (m_interruption.hasCome())
        return Failure{ u"interrupted"_s };
    return resultOf(ledger, *server, ending, signalledAt);
}

Result<LoadResult, QString> Rehearsal::makeLoad()
{
    const Target target = Target::fromUrl(m_options.url, 0).takeValue();
    Ledger ledger;
    ledger.setBudget(m_options.requests);
    Load load(m_loop, m_options, target, ledger, m_random);
    const TimePoint begun = Clock::now();
    load.begin();
    runUntil([&] { return load.hasEnded(); }, Clock::duration::max());
    if (m_interruption.hasCome())
        return Failure{ u"interrupted"_s };
    return LoadResult{ .counts = ledger.counts(), .took = Clock::now() - begun };
}

Result<Done, QString> Rehearsal::awaitReady(const ServerProcess &server, const Target &target)
{
    const QByteArray path =
        m_options.readyPath.isEmpty() ? target.path : m_options.readyPath.toLatin1();
    const Readiness readiness(m_loop,
                              { .habit = ClientPlan::Habit::AskOnce,
                                .address = target.address,
                                .request = getRequest(target, path, Connection::Close) },
                              m_random);
    const bool isKnown =
        runUntil([&] { return readiness.isReady() || server.hasExited(); }, m_options.startTimeout);
    if (m_interruption.hasCome())
        return Failure{ u"interrupted"_s };
    if (server.hasExited())
        return Failure{ u"it ended before it was ready"_s };
    if (!isKnown && readiness.hasAnswered())
        return Failure{ u"it answered %1 with 500 or more for too long"_s.arg(
            QString::fromLatin1(path)) };
    if (!isKnown)
        return Failure{ u"it did not answer in time"_s };
    return Done{};
}

/// From the first client to the moment of the signal.
void Rehearsal::runLoad(Load &load, const ServerProcess &server)
{
    load.begin();
    runUntil([&] { return load.isBusy() || server.hasExited(); }, m_options.startTimeout);
    std::uniform_int_distribution<Duration::rep> settle(m_options.settle.min.count(),
                                                        m_options.settle.max.count());
    runUntil([&] { return server.hasExited(); }, Duration(settle(m_random)));
    if (m_options.inFlight > 0) {
        load.beginSlowWithin(kSlowBegin);
        runUntil([&] { return server.hasExited(); }, kSlowLead);
    }
}

StopResult::Ending Rehearsal::stop(ServerProcess &server)
{
    const auto hasExited = [&] { return server.hasExited(); };
    server.sendSignal(m_options.signal);
    if (runUntil(hasExited, m_options.timeout) && server.hasExited())
        return StopResult::Ending::Exited;
    server.killGroup();
    m_loop.runUntil(hasExited);
    return StopResult::Ending::Killed;
}

/// Also comes back when the tool is interrupted.
bool Rehearsal::runUntil(const Condition &isDone, Clock::duration longest)
{
    const TimePoint deadline =
        longest == Clock::duration::max() ? TimePoint::max() : Clock::now() + longest;
    return m_loop.runUntil([&] { return m_interruption.hasCome() || isDone(); }, deadline);
}

} // namespace quiesce::rehearse
