// SPDX-License-Identifier: GPL-3.0-only
// QUIESCE_VERIFY_CLEAN_STOP and QUIESCE_VERIFY_STOP: what a StopTrial is held to.
#pragma once

#include "common/lifecycle/state.h"
#include "tests/kit/stoptrial.h"

#include <QTest>
#include <optional>

namespace quiesce::test {

/// What a stop without any loss may still differ in.
struct CleanStop
{
    /// The longest it may take, from the stop to the exit; Kubernetes' default if not said.
    std::chrono::milliseconds within = std::chrono::seconds(30);
    /// "name result" of each hook, in the order they ran; not looked at when none is given.
    std::optional<QStringList> hooks = {};
};

/// What any stop should have been.
struct StopExpectation
{
    StopOutcome outcome = StopOutcome::Clean;
    int exitCode = 0;
    std::chrono::milliseconds within = std::chrono::seconds(30);
    std::optional<QStringList> hooks = {};
    /// The states it should go through (wire names), beginning with the one it is in. Empty: not
    /// looked at, for a program that does not log them.
    QStringList states = { QStringLiteral("serving"), QStringLiteral("lame-duck"),
                           QStringLiteral("draining"), QStringLiteral("stopping"),
                           QStringLiteral("stopped") };
};

/// What was not as expected, for people; empty when all was. It names each request that was lost
/// and where it was, the states that came out of order with their times, how long the phases took
/// when that was too long, what the report says against what it should say, and the end of the log.
/// Finishes the trial.
///
/// Checked: each request met its Fate · states and the report's phases, in order · `within` · the
/// report: outcome, exit code, that its counts add up and tell as many cancelled and cut as were to
/// be, hooks, jobs finished and requeued, none abandoned · the exit code.
[[nodiscard]] QString faultOf(StopTrial &trial, const StopExpectation &expected);
[[nodiscard]] QString faultOf(StopTrial &trial, const CleanStop &expected = {});
/// The same of one request; empty when it met its fate.
[[nodiscard]] QString faultOf(const RequestEnd &request);

/// What is wrong with its exit code, in words; empty when it is this one. Waits for the exit.
[[nodiscard]] QString exitFaultOf(ServiceUnderTest &service, int exitCode);
/// Why a job does not count as queued again by a stop; empty when it does. The service must have
/// been started again: asks it for the job.
[[nodiscard]] QString requeueFaultOf(const ServiceUnderTest &service, const QByteArray &jobId);

struct SourceLine
{
    const char *file;
    int line;
};
/// False, and the test has failed with that message, when there is a fault.
[[nodiscard]] bool verify(const SourceLine &at, const QString &fault);
[[nodiscard]] bool verifyStop(const SourceLine &at, StopTrial &trial,
                              const StopExpectation &expected);
[[nodiscard]] bool verifyCleanStop(const SourceLine &at, StopTrial &trial,
                                   const CleanStop &expected = {});

} // namespace quiesce::test

/// QUIESCE_VERIFY_CLEAN_STOP(trial[, CleanStop]): stops the service when nobody has, lets
/// everything end, and fails the test, which returns, when anything was lost or not as it should
/// be.
#define QUIESCE_VERIFY_CLEAN_STOP(...)                                                             \
    do {                                                                                           \
        if (!quiesce::test::verifyCleanStop({ __FILE__, __LINE__ }, __VA_ARGS__))                  \
            return;                                                                                \
    } while (false)

/// QUIESCE_VERIFY_STOP(trial, StopExpectation): the same of a stop that should not be clean.
#define QUIESCE_VERIFY_STOP(...)                                                                   \
    do {                                                                                           \
        if (!quiesce::test::verifyStop({ __FILE__, __LINE__ }, __VA_ARGS__))                       \
            return;                                                                                \
    } while (false)

/// QUIESCE_VERIFY_EXIT_CODE(service, code): waits for its exit, and says what either code means.
#define QUIESCE_VERIFY_EXIT_CODE(service, exitCode)                                                \
    do {                                                                                           \
        if (!quiesce::test::verify({ __FILE__, __LINE__ },                                         \
                                   quiesce::test::exitFaultOf((service), (exitCode))))             \
            return;                                                                                \
    } while (false)

/// QUIESCE_VERIFY_JOB_REQUEUED(service, id): of a service started again, that its last stop has put
/// this job back into the queue.
#define QUIESCE_VERIFY_JOB_REQUEUED(service, jobId)                                                \
    do {                                                                                           \
        if (!quiesce::test::verify({ __FILE__, __LINE__ },                                         \
                                   quiesce::test::requeueFaultOf((service), (jobId))))             \
            return;                                                                                \
    } while (false)

/// QUIESCE_VERIFY_CANCELLED(answer): an answer that says that its request was told to give up.
#define QUIESCE_VERIFY_CANCELLED(answer)                                                           \
    do {                                                                                           \
        const quiesce::test::Answer &quiesceAnswer = (answer);                                     \
        QCOMPARE(quiesceAnswer.status, 503);                                                       \
        QCOMPARE(quiesceAnswer.code(), QByteArray("cancelled"));                                   \
        QVERIFY(quiesceAnswer.isComplete);                                                         \
        QVERIFY(quiesceAnswer.saysClose());                                                        \
    } while (false)
