// SPDX-License-Identifier: GPL-3.0-only
// The routes /v1/jobs on a server of its own, with jobs in memory and a clock moved by hand: how
// long each answer takes, and what is left when its client does not want it any more.
#include "service/core/lifecycle.h"
#include "service/core/stophooks.h"
#include "service/http/jobs/jobsapi.h"
#include "service/jobs/memoryjobstore.h"
#include "tests/http/httpstage.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;
using namespace std::chrono_literals;

namespace {

const QByteArray kToken = "jobs-token-of-the-unit-tests";

/// A server with jobs that end when the test says so.
class JobsStage final
{
public:
    explicit JobsStage(const LimitSettings &limits = {})
        : http(limits)
    {
        [[maybe_unused]] const auto added =
            queue.tryAddKind({ .name = u"later"_s,
                               .handler =
                                   [this](const JobContext &) {
                                       running.emplace_back();
                                       running.back().start();
                                       return running.back().future();
                                   },
                               .check = {} });
        Q_ASSERT(added);
        api.addRoutes(http.server);
        api.gate().setListener(http.server.listeningSocket().endpoint());
        api.gate().setAllowedHosts({ u"t"_s }); // as get() and post() call it
        auto kept = std::make_unique<MemoryJobStore>(http.clock);
        store = kept.get();
        queue.open(std::move(kept), u"stage"_s, [this](const Result<int, StoreError> &opened) {
            if (opened)
                lifecycle.serve();
        });
        settle();
    }
    /// What is under way refers to the queue.
    ~JobsStage() { http.server.closeNow(); }
    JobsStage(const JobsStage &) = delete;
    JobsStage &operator=(const JobsStage &) = delete;

    void settle() { http.clock.advance(0ms); }
    [[nodiscard]] QByteArray submit(RawClient &client)
    {
        const auto answer = client.exchange(
            post("/v1/jobs", R"({"kind":"later"})", "Content-Type: application/json\r\n"));
        return answer ? QJsonDocument::fromJson(answer->body)["id"_L1].toString().toLatin1()
                      : QByteArray();
    }
    [[nodiscard]] bool hasWaits(int count)
    {
        return eventually([this, count] { return queue.waits() == count; });
    }

    HttpStage http;
    QThreadPool hookPool;
    StopHooks hooks{ http.clock, hookPool };
    std::shared_ptr<StopNotice> notice = std::make_shared<StopNotice>();
    Lifecycle lifecycle{ http.clock, http.inFlight,  hooks,
                         *notice,    StopSettings{}, { u"t"_s, u"stage"_s, u"1"_s } };
    std::deque<QPromise<JobOutcome>> running;
    JobQueue queue{ { http.clock, http.inFlight, lifecycle, notice }, JobSettings{} };
    JobsApi api{ queue, http.clock };
    MemoryJobStore *store = nullptr; ///< the queue's
};

QString stateOf(const std::optional<RawAnswer> &answer)
{
    return answer ? QJsonDocument::fromJson(answer->body)["state"_L1].toString() : QString();
}

} // namespace

class JobsApiTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersASubmissionWithTheJob();
    void refusesWhileTheStoreCannotKeepJobs();
    void aWaitEndsWithItsTime();
    void aWaitEndsBeforeTheRequestTimeout();
    void aClientThatLeavesTakesItsWaitAlong();
    void anOperatorEndsAWait();
    void refusesOneWaitTooMany();
    void holdsBackWrongTokensAndAnswersThemAllWhenAStopBegins();
};

void JobsApiTest::answersASubmissionWithTheJob()
{
    JobsStage stage;
    RawClient client(stage.http.port());
    const QByteArray id = stage.submit(client);
    QCOMPARE(id.size(), 36);
    QCOMPARE(stateOf(client.exchange(get("/v1/jobs/" + id))).isEmpty(), false);
    QVERIFY(eventually([&] { return stage.http.requestsInFlight() == 0; }));
}

void JobsApiTest::refusesWhileTheStoreCannotKeepJobs()
{
    JobsStage stage;
    stage.store->setFault(u"no space left on device"_s);
    RawClient client(stage.http.port());
    for (int i = 0; i < 2; ++i) { // the first finds out, the second is told
        const auto answer = client.exchange(
            post("/v1/jobs", R"({"kind":"later"})", "Content-Type: application/json\r\n"));
        QVERIFY(answer);
        QCOMPARE(answer->status, 503);
        QCOMPARE(answer->code(), QByteArray("store-unavailable"));
        QCOMPARE(answer->field("Retry-After"), QByteArray("1"));
    }
    QVERIFY(!stage.queue.fault().isEmpty());
    stage.store->setFault({});
    QVERIFY(!stage.submit(client).isEmpty());
}

void JobsApiTest::aWaitEndsWithItsTime()
{
    JobsStage stage;
    RawClient client(stage.http.port());
    const QByteArray id = stage.submit(client);
    client.send(get("/v1/jobs/" + id + "?wait=10s"));
    QVERIFY(stage.hasWaits(1));
    stage.http.clock.advance(10s - 1ms);
    client.pull();
    QCOMPARE(client.pending(), QByteArray());
    stage.http.clock.advance(1ms);
    QCOMPARE(stateOf(client.answer()), u"running"_s);
    QCOMPARE(stage.queue.waits(), 0);
}

void JobsApiTest::aWaitEndsBeforeTheRequestTimeout()
{
    JobsStage stage; // limits.request_timeout is one minute
    RawClient client(stage.http.port());
    const QByteArray id = stage.submit(client);
    client.send(get("/v1/jobs/" + id + "?wait=24h"));
    QVERIFY(stage.hasWaits(1));
    stage.http.clock.advance(58s);
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QCOMPARE(stateOf(answer), u"running"_s);
}

void JobsApiTest::aClientThatLeavesTakesItsWaitAlong()
{
    JobsStage stage;
    RawClient client(stage.http.port());
    const QByteArray id = stage.submit(client);
    RawClient leaving(stage.http.port());
    leaving.send(get("/v1/jobs/" + id + "?wait=10s"));
    QVERIFY(stage.hasWaits(1));
    leaving.reset();
    QVERIFY(stage.hasWaits(0));
    QCOMPARE(stage.http.requestsInFlight(), 0);
}

void JobsApiTest::anOperatorEndsAWait()
{
    JobsStage stage;
    RawClient client(stage.http.port());
    const QByteArray id = stage.submit(client);
    client.send(get("/v1/jobs/" + id + "?wait=10s"));
    QVERIFY(stage.hasWaits(1));
    stage.http.inFlight.tryCancel(WorkKind::Request,
                                  stage.http.inFlight.requests(0, 1).first().what.id);
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QCOMPARE(answer->code(), QByteArray("cancelled"));
    QCOMPARE(stage.queue.waits(), 0);
}

void JobsApiTest::refusesOneWaitTooMany()
{
    LimitSettings limits;
    limits.maxInFlight = 2 * JobQueue::kMaxWaiters;
    JobsStage stage(limits);
    RawClient client(stage.http.port());
    const QByteArray id = stage.submit(client);
    const QString jobId = QString::fromLatin1(id);
    for (int i = 0; i < JobQueue::kMaxWaiters; ++i)
        stage.queue.waitFor(jobId, 10s, [](const Result<Job, JobError> &) {});
    const auto answer = client.exchange(get("/v1/jobs/" + id + "?wait=10s"));
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QCOMPARE(answer->code(), QByteArray("too-many-waiting"));
}

void JobsApiTest::holdsBackWrongTokensAndAnswersThemAllWhenAStopBegins()
{
    constexpr std::size_t kHeld = 3;
    JobsStage stage;
    stage.api.gate().setCredentials(Credentials(kToken, {}));
    std::deque<RawClient> guessers;
    for (std::size_t i = 0; i < FailureThrottle::kFreeFailures + kHeld; ++i) {
        guessers.emplace_back(stage.http.port());
        guessers.back().send(get("/v1/jobs", bearer("a-guess")));
    }
    QVERIFY(eventually([&] { return stage.api.heldRefusals().count() == kHeld; }));
    RawClient known(stage.http.port());
    const auto answer = known.exchange(get("/v1/jobs", bearer(kToken)));
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    stage.http.clock.advance(FailureThrottle::kDelays[0]);
    QCOMPARE(stage.api.heldRefusals().count(), kHeld - 1);
    stage.api.heldRefusals().beginStop();
    QCOMPARE(stage.api.heldRefusals().count(), std::size_t(0));
    for (RawClient &guesser : guessers) {
        const auto refused = guesser.answer();
        QVERIFY(refused);
        QCOMPARE(refused->status, 401);
        QVERIFY(!refused->field("WWW-Authenticate").isEmpty());
    }
}

QTEST_GUILESS_MAIN(JobsApiTest)
#include "tst_jobsapi.moc"
