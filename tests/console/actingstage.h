// SPDX-License-Identifier: GPL-3.0-only
// Instances in any condition, made by hand, and a sender whose commands the test finishes.
#pragma once

#include "console/model/acting/operations.h"
#include "console/model/instance/instance.h"

#include <QPointer>
#include <memory>

namespace quiesce::test {

inline InstanceSpec specNamed(const QString &name, Environment environment = Environment::None)
{
    InstanceSpec spec;
    spec.id = name;
    spec.name = name;
    spec.adminUrl = QUrl(QStringLiteral("http://127.0.0.1:9090"));
    spec.environment = environment;
    return spec;
}

inline void setLink(Instance &instance, LinkState state, const QString &reason = {},
                    std::optional<StopOutcome> outcome = {})
{
    LinkStatus link;
    link.state = state;
    link.reason = reason;
    link.outcome = outcome;
    instance.takeLink(link);
}

inline Stats statsIn(LifecycleState state, qint64 inFlight = 0, qint64 jobsRunning = 0)
{
    Stats stats;
    stats.state = state;
    stats.inFlight = inFlight;
    stats.jobs.of(JobState::Running) = jobsRunning;
    return stats;
}

inline StopView stopWith(std::chrono::milliseconds remaining)
{
    StopView stop;
    stop.requestedAt = QDateTime(QDate::currentDate(), QTime(14, 2, 0));
    stop.deadlineAt = QDateTime(QDate::currentDate(), QTime(14, 2, 30));
    stop.remaining = remaining;
    return stop;
}

/// Live, in `state`, with a stop under way where one is given.
inline void show(Instance &instance, const Stats &stats, const std::optional<StopView> &stop = {})
{
    setLink(instance, LinkState::Live);
    Snapshot snapshot;
    snapshot.name = instance.spec().name;
    snapshot.instanceId = QStringLiteral("process-1");
    snapshot.stop = stop;
    snapshot.stats = stats;
    if (stop)
        snapshot.stats.remaining = stop->remaining;
    instance.takeSnapshot(snapshot, false);
}

inline std::unique_ptr<Instance> serving(const QString &name,
                                         Environment environment = Environment::None)
{
    auto instance = std::make_unique<Instance>(specNamed(name, environment));
    show(*instance, statsIn(LifecycleState::Serving));
    return instance;
}

/// Keeps the commands it was asked for, each to be finished by the test.
struct FakeSender
{
    struct Sent
    {
        Instance *instance;
        CommandRequest request;
        QPointer<Command> command;
    };

    QObject owner;
    QList<Sent> sent;

    Operations::Send send()
    {
        return [this](Instance &instance, const CommandRequest &request) {
            auto *command = new Command(request, &owner);
            sent.append({ &instance, request, command });
            return command;
        };
    }
    void accept(qsizetype index, const std::optional<Snapshot> &snapshot = {})
    {
        CommandOutcome outcome;
        outcome.kind = CommandOutcome::Kind::Accepted;
        outcome.status = 202;
        outcome.snapshot = snapshot;
        sent[index].command->finish(outcome);
    }
    void refuse(qsizetype index, int status, const QString &code, const QString &detail = {})
    {
        CommandOutcome outcome;
        outcome.kind = CommandOutcome::Kind::Refused;
        outcome.status = status;
        outcome.code = code;
        outcome.detail = detail;
        sent[index].command->finish(outcome);
    }
};

} // namespace quiesce::test
