// SPDX-License-Identifier: GPL-3.0-only
// StopTrial: one stop of a service with requests and jobs in flight, and what became of each.
#pragma once

#include "tests/kit/adminclient.h"
#include "tests/kit/serviceundertest.h"

#include <QElapsedTimer>
#include <functional>
#include <vector>

namespace quiesce::test {

/// Where in its life a request is when the stop begins.
enum class Moment : unsigned char {
    Connected, ///< connected, and nothing was sent; the request is not used
    Idle, ///< answered, and its connection kept alive
    HalfHead, ///< half of its head was sent; the rest comes during the drain
    HeadSent, ///< its head was sent; the whole body comes during the drain
    HalfBody, ///< its head and half of its body were sent; the rest comes during the drain
    InHandler, ///< sent, and not answered yet
    Pipelined, ///< as InHandler, and the same once more behind it on the same connection
    HalfRead, ///< its answer has begun to come, and is read during the drain
};
[[nodiscard]] QString describe(Moment moment); ///< "in its handler"

/// What must become of a request.
enum class Fate : unsigned char {
    Answered, ///< whole, with a status below 500. What was only connected or idle is closed
    Cancelled, ///< 503 `cancelled` at the deadline; half a head, which no request is yet: 408
    Cut, ///< its connection ends without a whole answer
};

/// What must become of a job that runs when the stop begins.
enum class JobFate : unsigned char {
    Finished, ///< within the grace
    Requeued, ///< queued again, without an attempt spent
};

/// What became of one request.
struct RequestEnd
{
    Moment moment = Moment::InHandler;
    Fate fate = Fate::Answered; ///< the one that was to be
    QByteArray name = {}; ///< "GET /slow"
    Answer answer = {}; ///< status 0: none
    bool wasTooEarly = false; ///< answered before the stop: nothing was tested
    bool saidClose = false; ///< the last answer on its connection said `Connection: close`
    LoopbackClient::End end = LoopbackClient::End::Open; ///< of the connection
    std::chrono::milliseconds after{ 0 }; ///< the stop, when that was known
};

/// What became of all of it.
struct StopEnd
{
    QList<RequestEnd> requests;
    qint64 jobsToFinish = 0;
    qint64 jobsToRequeue = 0;
    int exitCode = -1; ///< as ServiceUnderTest::waitForExit()
    std::chrono::milliseconds took{ 0 }; ///< from the stop until the exit was seen
    QDateTime requestedAt; ///< UTC
    QList<StateSeen> states; ///< since the stop
    QJsonObject report;
    QByteArrayList logTail; ///< the last kLogLines lines
};

/// Puts requests and jobs where they are to be, stops the service, lets everything end and says
/// what became of it; QUIESCE_VERIFY_CLEAN_STOP() judges that.
///
///     StopTrial trial(service);
///     QVERIFY(trial.put(Moment::InHandler, get("/slow")));
///     QVERIFY(trial.put(Moment::HalfHead, get("/hello")));
///     QUIESCE_VERIFY_CLEAN_STOP(trial, { .within = 5s });
///
/// Thread:  the test's.
/// Owns:    its connections; the service is the caller's and must outlive it.
/// Order:   put() and submitJob() on a running service, then one stop, then finish() (which the
///          macros call, and which stops the service when nobody has).
/// Blocks:  each call, at most some kLongestWait.
/// Limits:  HTTP without TLS; jobs without a token. An answer meant for HalfRead must be larger
///          than what the kernel holds for a connection, some megabytes.
class StopTrial final
{
public:
    static constexpr qsizetype kLogLines = 20;

    explicit StopTrial(ServiceUnderTest &service)
        : m_service(service)
    { }

    /// So many of it, on a connection each. Returns when the service has read what was sent. False
    /// when one could not be brought there.
    [[nodiscard]] bool put(Moment moment, const QByteArray &request = {},
                           Fate fate = Fate::Answered, int count = 1);
    /// Returns its id when the job runs; empty when it does not.
    [[nodiscard]] QByteArray submitJob(const QByteArray &kind, const QByteArray &payload = "{}",
                                       JobFate fate = JobFate::Requeued);

    /// As ServiceUnderTest::requestStop().
    void stop();
    /// In the caller's way, which must tell the service to stop: another signal, a request.
    void stop(const std::function<void()> &tell);
    /// By the admin API: `lameDuckMs`, `graceMs`, `reason`, `actor`. Status 202 when taken.
    [[nodiscard]] AdminAnswer stopByApi(const QJsonObject &options = {});
    /// Moves the deadline of the stop under way. Status 200 when granted.
    [[nodiscard]] AdminAnswer extend(std::chrono::milliseconds by) const;
    /// By the admin API. Status 202 when taken.
    [[nodiscard]] AdminAnswer force();

    /// Sends what is missing, reads every answer, and waits for the exit; the same again later.
    const StopEnd &finish();
    [[nodiscard]] ServiceUnderTest &service() { return m_service; }

private:
    struct Placed
    {
        LoopbackClient client;
        QByteArray rest; ///< of the request, still to be sent
        RequestEnd end;
    };

    [[nodiscard]] bool tryPlace(Moment moment, const QByteArray &request, Fate fate);
    void beginStop();
    void sendRests();
    void readEnd(Placed &placed) const;
    [[nodiscard]] std::chrono::milliseconds elapsed() const;

    ServiceUnderTest &m_service;
    std::vector<Placed> m_placed;
    StopEnd m_end;
    QElapsedTimer m_sinceStop; ///< valid once it has begun
    qsizetype m_statesBefore = 0;
    bool m_isFinished = false;
};

} // namespace quiesce::test
