// SPDX-License-Identifier: GPL-3.0-only
// Jobs as their clients know them: the real process, by HTTP, through stops and crashes.
#include "tests/endtoend/eventlistener.h"
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"

#include <QFile>
#include <QSet>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

const QStringList kPatient{ u"--grace"_s, u"10m"_s };

bool isHalfDone(const QJsonObject &job)
{
    return job["progress"_L1].toDouble() == 0.5;
}

QStringList reasonsOf(const QJsonObject &job)
{
    QStringList reasons;
    for (const QJsonValue requeue : job["requeues"_L1].toArray())
        reasons.append(requeue["reason"_L1].toString());
    return reasons;
}

} // namespace

class JobsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_service.reset(); } // its log is told of the test that failed

    void takesAJobThroughItsLife();
    void listsNewestFirstAPageAtATime();
    void keepsTheOutputWithinItsBound();
    void tellsOperatorsOfEachChange();
    void tellsOperatorsOfAJobTooLargeForAnEvent();
    void countsThemForOperators();
    void theSameKeyGivesTheSameJobHoweverManyAsk();
    void cancelsWhatWaitsAndTellsWhatRuns();
    void aWaitEndsWithItsJob();
    void aWaitEndsWhenAStopBegins();
    void aWaitEndsBeforeTheRequestTimeout();
    void aStopQueuesWhatRunsAndTheNextStartResumesIt();
    void aCrashSpendsTheAttemptAndLosesNothing();
    void aJobThatKillsTheProcessFails();
    void takesJobsInLameDuckAndKeepsThem();
    void namesTheJobsThatAStopWaitsFor();

private:
    [[nodiscard]] QStringList runs() const;

    std::unique_ptr<ServiceProcess> m_service;
};

void JobsTest::init()
{
    m_service = std::make_unique<ServiceProcess>(QStringLiteral(JOBSUBJECT_PROGRAM));
    m_service->setEnvironment(u"SUBJECT_RUNS"_s, m_service->path(u"runs"_s));
}

QStringList JobsTest::runs() const
{
    QFile file(m_service->path(u"runs"_s));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromLatin1(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
}

void JobsTest::takesAJobThroughItsLife()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const JobAnswer submitted = client.submit("echo", R"({"text":"ä"})");
    QCOMPARE(submitted.status, 201);
    QCOMPARE(submitted.fields.value("location"), "/v1/jobs/" + submitted.id());
    QCOMPARE(submitted.fields.value("content-type"), QByteArray("application/json"));
    QCOMPARE(submitted.state(), u"queued"_s);
    QVERIFY(submitted.body["startedAt"_L1].isNull());
    const JobAnswer ended = client.await(submitted.id());
    QCOMPARE(ended.status, 200);
    QCOMPARE(ended.state(), u"succeeded"_s);
    QCOMPARE(ended.body["result"_L1]["text"_L1].toString(), u"ä"_s);
    QCOMPARE(ended.body["attempt"_L1].toInt(), 1);
    QVERIFY(ended.body["error"_L1].isNull());
    QVERIFY(!ended.body["finishedAt"_L1].isNull());
    QCOMPARE(ended.body.keys(), submitted.body.keys());
    QCOMPARE(client.get(submitted.id()).body, ended.body);
    const JobAnswer late = client.ask("DELETE", "/v1/jobs/" + submitted.id());
    QCOMPARE(late.status, 409);
    QCOMPARE(late.code(), u"job-ended"_s);
    const JobAnswer failed = client.await(client.submit("fail").id());
    QCOMPARE(failed.state(), u"failed"_s);
    QCOMPARE(failed.body["error"_L1].toString(), u"it cannot be done"_s);
}

void JobsTest::listsNewestFirstAPageAtATime()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    QList<QByteArray> ids;
    for (int i = 0; i < 5; ++i)
        ids.prepend(client.submit(i == 2 ? "fail" : "echo").id());
    for (const QByteArray &id : std::as_const(ids))
        QVERIFY(!client.await(id).state().isEmpty());
    const auto idsOf = [&](const QByteArray &query) {
        QList<QByteArray> found;
        const QJsonObject page = client.ask("GET", "/v1/jobs" + query).body;
        for (const QJsonValue item : page["items"_L1].toArray())
            found.append(item["id"_L1].toString().toLatin1());
        found.append(page["next"_L1].toString().toLatin1());
        return found;
    };
    QCOMPARE(idsOf({}), ids + QList<QByteArray>{ QByteArray() });
    QCOMPARE(idsOf("?limit=2"), ids.first(2) + ids.mid(1, 1));
    QCOMPARE(idsOf("?limit=2&after=" + ids[1]), ids.mid(2, 2) + ids.mid(3, 1));
    QCOMPARE(idsOf("?limit=2&after=" + ids[3]), ids.last(1) + QList<QByteArray>{ QByteArray() });
    QCOMPARE(idsOf("?state=failed"), ids.mid(2, 1) + QList<QByteArray>{ QByteArray() });
    QCOMPARE(idsOf("?kind=fail&state=failed"), idsOf("?kind=fail"));
    QCOMPARE(idsOf("?state=running"), QList<QByteArray>{ QByteArray() });
}

void JobsTest::keepsTheOutputWithinItsBound()
{
    constexpr qsizetype kKept = 256 * 1'024;
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const QByteArray few = client.submit("write", R"({"bytes":3})").id();
    QCOMPARE(client.await(few).state(), u"succeeded"_s);
    const JobAnswer all = client.ask("GET", "/v1/jobs/" + few + "/output");
    QCOMPARE(all.text, QByteArray("xxxend"));
    QCOMPARE(all.fields.value("quiesce-output-dropped"), QByteArray("0"));
    QCOMPARE(all.fields.value("x-content-type-options"), QByteArray("nosniff"));
    const QByteArray many = client.submit("write", R"({"bytes":300000})").id();
    QCOMPARE(client.await(many).state(), u"succeeded"_s);
    const JobAnswer last = client.ask("GET", "/v1/jobs/" + many + "/output");
    QCOMPARE(last.text.size(), kKept);
    QVERIFY(last.text.endsWith("xend"));
    QCOMPARE(last.fields.value("quiesce-output-dropped").toLongLong(), 300'003 - kKept);
    const QByteArray none = client.submit("echo").id();
    QCOMPARE(client.await(none).state(), u"succeeded"_s);
    QCOMPARE(client.ask("GET", "/v1/jobs/" + none + "/output").text, QByteArray());
}

void JobsTest::tellsOperatorsOfEachChange()
{
    QVERIFY(m_service->start());
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    const QByteArray id = JobsClient(*m_service).submit("echo").id();
    QVERIFY(waitForJob(events, id,
                       [](const QJsonObject &job) { return job["state"_L1] == "succeeded"_L1; }));
    QStringList states;
    for (const QJsonObject &job : events.payloads("job"))
        states.append(job["state"_L1].toString());
    QCOMPARE(states, (QStringList{ u"queued"_s, u"running"_s, u"succeeded"_s }));
    QCOMPARE(events.payloads("job").last(), JobsClient(*m_service).get(id).body);
}

void JobsTest::tellsOperatorsOfAJobTooLargeForAnEvent()
{
    QVERIFY(m_service->start());
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    // Its result has its payload twice, so that all of it is beyond one event.
    const QByteArray payload = R"({"text":")" + QByteArray(255 * 1'024, 'x') + R"("})";
    const QByteArray id = JobsClient(*m_service).submit("twice", payload).id();
    QVERIFY(!id.isEmpty());
    QVERIFY(waitForJob(events, id,
                       [](const QJsonObject &job) { return job["state"_L1] == "succeeded"_L1; }));
    const QJsonObject told = events.payloads("job").last();
    QVERIFY(told["isAbridged"_L1].toBool());
    QVERIFY(told["payload"_L1].isNull());
    QVERIFY(told["result"_L1].isNull());
    QCOMPARE(JobsClient(*m_service).get(id).body["result"_L1]["text"_L1].toString().size(),
             255 * 1'024);
}

void JobsTest::countsThemForOperators()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    for (const char *kind : { "echo", "echo", "fail" })
        QVERIFY(!client.await(client.submit(kind).id()).state().isEmpty());
    QCOMPARE(client.submit("echo", "{},\"runAt\":\"2100-01-01T00:00:00Z\"").state(),
             u"scheduled"_s);
    const QJsonObject jobs = AdminClient(*m_service).get("/state").body["jobs"_L1].toObject();
    QCOMPARE(jobs["succeeded"_L1].toInt(), 2);
    QCOMPARE(jobs["failed"_L1].toInt(), 1);
    QCOMPARE(jobs["scheduled"_L1].toInt(), 1);
    const QByteArray metrics = askAfresh(m_service->adminPort(), get("/metrics")).body;
    for (const char *line :
         { "quiesce_jobs{state=\"succeeded\"} 2\n",
           "quiesce_jobs_submitted_total{kind=\"echo\"} 3\n",
           "quiesce_jobs_submitted_total{kind=\"die\"} 0\n",
           "quiesce_jobs_finished_total{kind=\"echo\",outcome=\"succeeded\"} 2\n",
           "quiesce_jobs_finished_total{kind=\"fail\",outcome=\"failed\"} 1\n",
           "quiesce_job_run_duration_seconds_count{kind=\"echo\"} 2\n",
           "quiesce_job_requeues_total{reason=\"crash\"} 0\n", "quiesce_job_store_fault 0\n" })
        QVERIFY2(metrics.contains(line), metrics.constData());
}

void JobsTest::theSameKeyGivesTheSameJobHoweverManyAsk()
{
    constexpr int kClients = 32;
    QVERIFY(m_service->start());
    const QByteArray key = "Idempotency-Key: order-4711\r\n";
    std::vector<LoopbackClient> clients;
    for (int i = 0; i < kClients; ++i) {
        clients.emplace_back(m_service->trafficPort());
        QVERIFY(clients.back().send(
            JobsClient::submission(R"({"kind":"once","payload":{"n":1}})", key)));
    }
    QSet<QByteArray> ids;
    int created = 0;
    for (LoopbackClient &client : clients) {
        const JobAnswer answer = toJobAnswer(client.readAnswer());
        QVERIFY(answer.status == 201 || answer.status == 200);
        QCOMPARE(answer.fields.value("location"), "/v1/jobs/" + answer.id());
        created += answer.status == 201 ? 1 : 0;
        ids.insert(answer.id());
    }
    QCOMPARE(created, 1);
    QCOMPARE(ids.size(), 1);
    const JobsClient client(*m_service);
    QCOMPARE(client.await(*ids.begin()).state(), u"succeeded"_s);
    QCOMPARE(runs().size(), 1);
    QCOMPARE(client.submit("once", R"({ "n": 1 })", key).status,
             200); // the same, written otherwise
    const JobAnswer other = client.submit("once", R"({"n":2})", key);
    QCOMPARE(other.status, 422);
    QCOMPARE(other.code(), u"key-reused"_s);
    QCOMPARE(client.submit("once", R"({"n":1})", "Idempotency-Key: order-4712\r\n").status, 201);
}

void JobsTest::cancelsWhatWaitsAndTellsWhatRuns()
{
    QVERIFY(m_service->start(kPatient));
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    const JobsClient client(*m_service);
    const QByteArray waiting = client.submit("echo", "{},\"runAt\":\"2100-01-01T00:00:00Z\"").id();
    const JobAnswer cancelled = client.ask("DELETE", "/v1/jobs/" + waiting);
    QCOMPARE(cancelled.status, 202);
    QCOMPARE(cancelled.state(), u"cancelled"_s);
    const QByteArray running = client.submit("half").id();
    QVERIFY(waitForJob(events, running, isHalfDone));
    const JobAnswer told = client.ask("DELETE", "/v1/jobs/" + running);
    QCOMPARE(told.status, 202);
    QCOMPARE(client.await(running).state(), u"cancelled"_s);
    QCOMPARE(client.ask("DELETE", "/v1/jobs/" + running).status, 409);
}

void JobsTest::aWaitEndsWithItsJob()
{
    QVERIFY(m_service->start(kPatient));
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    const JobsClient client(*m_service);
    const QByteArray id = client.submit("half").id();
    QVERIFY(waitForJob(events, id, isHalfDone));
    const JobAnswer impatient = client.get(id, "?wait=1ms");
    QCOMPARE(impatient.status, 200);
    QCOMPARE(impatient.state(), u"running"_s);
    QCOMPARE(impatient.body["progress"_L1].toDouble(), 0.5);
    LoopbackClient waiting(m_service->trafficPort());
    QVERIFY(waiting.send(get("/v1/jobs/" + id + "?wait=50s")));
    LoopbackClient leaving(m_service->trafficPort());
    QVERIFY(leaving.send(get("/v1/jobs/" + id + "?wait=50s")));
    QVERIFY(m_service->hasCaughtUp());
    leaving.reset();
    QVERIFY(waiting.isSilent());
    QCOMPARE(client.ask("DELETE", "/v1/jobs/" + id).status, 202);
    QCOMPARE(toJobAnswer(waiting.readAnswer()).state(), u"cancelled"_s);
}

void JobsTest::aWaitEndsWhenAStopBegins()
{
    QVERIFY(m_service->start(kPatient));
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    const JobsClient client(*m_service);
    const QByteArray id = client.submit("half").id();
    QVERIFY(waitForJob(events, id, isHalfDone));
    LoopbackClient waiting(m_service->trafficPort());
    QVERIFY(waiting.send(get("/v1/jobs/" + id + "?wait=50s")));
    QVERIFY(m_service->hasCaughtUp());
    m_service->signal(SIGTERM);
    const JobAnswer answer = toJobAnswer(waiting.readAnswer());
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.state() == u"running"_s || answer.state() == u"queued"_s);
    QCOMPARE(m_service->waitForExit(), 0);
}

void JobsTest::aWaitEndsBeforeTheRequestTimeout()
{
    m_service->setEnvironment(u"QUIESCE_LIMITS_REQUEST_TIMEOUT"_s, u"800ms"_s);
    QVERIFY(m_service->start(kPatient));
    const JobsClient client(*m_service);
    const QByteArray id = client.submit("half").id();
    const JobAnswer answer = client.get(id, "?wait=24h");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.state(), u"running"_s);
}

void JobsTest::aStopQueuesWhatRunsAndTheNextStartResumesIt()
{
    QVERIFY(m_service->start(kPatient));
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    const QByteArray id = JobsClient(*m_service).submit("half", R"({"name":"a"})").id();
    QVERIFY(waitForJob(events, id, isHalfDone));
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0); // safely queued again is clean
    QCOMPARE(m_service->report()["jobs"_L1].toObject(),
             (QJsonObject{ { u"runningAtStop"_s, 1 },
                           { u"finished"_s, 0 },
                           { u"requeued"_s, 1 },
                           { u"abandoned"_s, 0 } }));
    QVERIFY(m_service->start());
    const JobAnswer job = JobsClient(*m_service).await(id);
    QCOMPARE(job.state(), u"succeeded"_s);
    QCOMPARE(job.body["result"_L1]["resumed"_L1]["half"_L1].toString(), u"a"_s);
    QCOMPARE(job.body["attempt"_L1].toInt(), 1); // not spent
    QCOMPARE(reasonsOf(job.body), QStringList{ u"stop"_s });
    const QByteArray metrics = askAfresh(m_service->adminPort(), get("/metrics")).body;
    QVERIFY(metrics.contains("quiesce_last_stop_jobs{outcome=\"requeued\"} 1\n"));
}

void JobsTest::aCrashSpendsTheAttemptAndLosesNothing()
{
    constexpr int kOthers = 20;
    QVERIFY(m_service->start(kPatient));
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    const JobsClient client(*m_service);
    const QByteArray running = client.submit("half", R"({"name":"a"})").id();
    QVERIFY(waitForJob(events, running, isHalfDone));
    QSet<QString> accepted;
    for (int i = 0; i < kOthers; ++i) {
        const JobAnswer answer = client.submit("once");
        QCOMPARE(answer.status, 201);
        accepted.insert(QString::fromLatin1(answer.id()));
    }
    m_service->signal(SIGKILL);
    QCOMPARE(m_service->waitForExit(), -1);
    QVERIFY(m_service->start());
    const JobsClient again(*m_service);
    const JobAnswer job = again.await(running);
    QCOMPARE(job.state(), u"succeeded"_s);
    QCOMPARE(job.body["result"_L1]["resumed"_L1]["half"_L1].toString(), u"a"_s);
    QCOMPARE(job.body["attempt"_L1].toInt(), 2);
    QCOMPARE(reasonsOf(job.body), QStringList{ u"crash"_s });
    for (const QString &id : std::as_const(accepted))
        QCOMPARE(again.await(id.toLatin1()).state(), u"succeeded"_s);
    const QStringList ran = runs(); // one that was cut between its line and its end ran twice
    QCOMPARE(QSet<QString>(ran.begin(), ran.end()), accepted);
    const QJsonObject jobs = AdminClient(*m_service).get("/state").body["jobs"_L1].toObject();
    QCOMPARE(jobs["succeeded"_L1].toInt(), kOthers + 1);
}

void JobsTest::aJobThatKillsTheProcessFails()
{
    QVERIFY(m_service->start());
    const QByteArray id = JobsClient(*m_service).submit("die", "{},\"maxAttempts\":2").id();
    QCOMPARE(m_service->waitForExit(), -1);
    static_cast<void>(m_service->start()); // may be killed again before it says that it is ready
    QCOMPARE(m_service->waitForExit(), -1);
    QVERIFY(m_service->start());
    const JobAnswer job = JobsClient(*m_service).get(id);
    QCOMPARE(job.state(), u"failed"_s);
    QCOMPARE(job.body["attempt"_L1].toInt(), 2);
    QVERIFY(!job.body["error"_L1].toString().isEmpty());
}

void JobsTest::takesJobsInLameDuckAndKeepsThem()
{
    QVERIFY(m_service->start());
    QCOMPARE(AdminClient(*m_service).post("/quiesce").status, 202);
    const JobAnswer submitted = JobsClient(*m_service).submit("once");
    QCOMPARE(submitted.status, 201);
    QCOMPARE(JobsClient(*m_service).get(submitted.id(), "?wait=1ms").state(), u"queued"_s);
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0);
    QCOMPARE(runs(), QStringList());
    QVERIFY(m_service->start());
    QCOMPARE(JobsClient(*m_service).await(submitted.id()).state(), u"succeeded"_s);
    QCOMPARE(runs().size(), 1);
}

void JobsTest::namesTheJobsThatAStopWaitsFor()
{
    QVERIFY(m_service->start(kPatient));
    EventListener events(*m_service);
    QVERIFY(events.waitFor("snapshot"));
    const JobsClient client(*m_service);
    const QByteArray id = client.submit("stubborn").id();
    QVERIFY(waitForJob(events, id, isHalfDone));
    m_service->signal(SIGTERM);
    QVERIFY(m_service->waitForState(u"draining"_s));
    const AdminClient admin(*m_service);
    QJsonObject row;
    for (const QJsonValue blocker : admin.get("/state").body["stop"_L1]["waitingOn"_L1].toArray()) {
        if (blocker["kind"_L1] == "job"_L1)
            row = blocker.toObject();
    }
    QCOMPARE(row["id"_L1].toString().toLatin1(), id);
    QCOMPARE(row["label"_L1].toString(), u"stubborn"_s);
    QVERIFY(row.contains("ageMs"_L1));
    QCOMPARE(admin.post("/force").status, 202);
    QCOMPARE(m_service->waitForExit(), 75);
}

QTEST_GUILESS_MAIN(JobsTest)
#include "tst_jobs.moc"
