// SPDX-License-Identifier: GPL-3.0-only
// The routes /v1/jobs towards strangers: every refusal, the token, and web pages on the same
// machine.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"

#include <QFile>
#include <QTest>
#include <csignal>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

const QByteArray kToken = "jobs-token-of-the-end-to-end-test";
const QByteArray kNewToken = "rotated-jobs-token-of-the-end-to-end-test";
const QByteArray kNoJob = "/v1/jobs/01890a5d-ac96-774b-bcce-b302099a8057";
const QString kTokenVariable = u"QUIESCE_JOBS_TOKEN_FILE"_s;

QByteArray bearer(const QByteArray &token)
{
    return "Authorization: Bearer " + token + "\r\n";
}

void writeToken(const ServiceProcess &service, const QByteArray &token)
{
    service.writeFile(u"jobs-token"_s, token + '\n');
    if (::chmod(QFile::encodeName(service.path(u"jobs-token"_s)).constData(), 0600) != 0)
        qFatal("cannot chmod the token");
}

} // namespace

class JobsAccessTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_service.reset(); } // its log is told of the test that failed

    void refuses_data();
    void refuses();
    void wantsJson();
    void refusesAPayloadBeyondItsBound();
    void refusesWhatItsKindRefuses();
    void saysWhichMethodsThereAre();
    void answersHeadLikeGet();
    void isNotForWebPages();
    void wantsItsToken();
    void takesANewTokenBySighup();
    void slowsWhoeverGuesses();
    void refusesAnOperatorsToken();
    void refusesATokenFileThatIsNotSecret();

private:
    std::unique_ptr<ServiceProcess> m_service;
};

void JobsAccessTest::init()
{
    m_service = std::make_unique<ServiceProcess>(QStringLiteral(JOBSUBJECT_PROGRAM));
}

void JobsAccessTest::refuses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("names");
    const auto post = [](const char *name, const QByteArray &body, int status, const QString &code,
                         const QString &names) {
        QTest::newRow(name) << QByteArray("POST") << QByteArray("/v1/jobs") << body << status
                            << code << names;
    };
    const auto other = [](const QByteArray &method, const QByteArray &target, int status,
                          const QString &code, const QString &names) {
        QTest::newRow((method + ' ' + target).constData())
            << method << target << QByteArray() << status << code << names;
    };
    post("half an object", R"({"kind":)", 400, u"bad-json"_s, u"Byte"_s);
    post("a list", "[]", 400, u"bad-json"_s, u"object"_s);
    post("no kind", "{}", 422, u"bad-field"_s, u"kind"_s);
    post("a kind that is a number", R"({"kind":1})", 422, u"bad-field"_s, u"kind"_s);
    post("an unknown kind", R"({"kind":"nothing"})", 422, u"unknown-kind"_s, u"nothing"_s);
    post("an unknown field", R"({"kind":"echo","prio":1})", 422, u"unknown-field"_s, u"prio"_s);
    post("a payload that is a list", R"({"kind":"echo","payload":[]})", 422, u"bad-field"_s,
         u"payload"_s);
    post("a payload its kind refuses", R"({"kind":"picky","payload":{"ok":0}})", 422,
         u"bad-payload"_s, u"ok must be true"_s);
    post("no time", R"({"kind":"echo","timeoutMs":0})", 422, u"bad-field"_s, u"timeoutMs"_s);
    post("too much time", R"({"kind":"echo","timeoutMs":2592000001})", 422, u"bad-field"_s,
         u"timeoutMs"_s);
    post("no attempt", R"({"kind":"echo","maxAttempts":0})", 422, u"bad-field"_s, u"maxAttempts"_s);
    post("half an attempt", R"({"kind":"echo","maxAttempts":1.5})", 422, u"bad-field"_s,
         u"maxAttempts"_s);
    post("a time without offset", R"({"kind":"echo","runAt":"2100-01-01T00:00:00"})", 422,
         u"bad-field"_s, u"runAt"_s);
    post("a time that is none", R"({"kind":"echo","runAt":"tomorrow"})", 422, u"bad-field"_s,
         u"runAt"_s);
    other("GET", kNoJob, 404, u"no-such-job"_s, {});
    other("GET", kNoJob + "?wait=1s", 404, u"no-such-job"_s, {});
    other("GET", kNoJob + "/output", 404, u"no-such-job"_s, {});
    other("DELETE", kNoJob, 404, u"no-such-job"_s, {});
    other("GET", "/v1/jobs/nonsense", 404, u"no-such-job"_s, {});
    other("GET", "/v1/jobs/", 404, u"not-found"_s, {});
    other("GET", "/v1/jobs/a/b/c", 404, u"not-found"_s, {});
    other("GET", kNoJob + "?wait=soon", 400, u"bad-parameter"_s, u"wait"_s);
    other("GET", kNoJob + "?wait=-1s", 400, u"bad-parameter"_s, u"wait"_s);
    other("GET", "/v1/jobs?state=odd", 400, u"bad-parameter"_s, u"state"_s);
    other("GET", "/v1/jobs?limit=0", 400, u"bad-parameter"_s, u"limit"_s);
    other("GET", "/v1/jobs?limit=101", 400, u"bad-parameter"_s, u"limit"_s);
    other("GET", "/v1/jobs?after=" + QByteArray(200, 'x'), 400, u"bad-parameter"_s, u"after"_s);
}

void JobsAccessTest::refuses()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    QVERIFY(m_service->start());
    const JobAnswer answer = JobsClient(*m_service).ask(method, target, body);
    QTEST(answer.status, "status");
    QTEST(answer.code(), "code");
    QCOMPARE(answer.fields.value("content-type"), QByteArray("application/problem+json"));
    QFETCH(const QString, names);
    QVERIFY2(answer.body["detail"_L1].toString().contains(names), answer.text.constData());
}

void JobsAccessTest::wantsJson()
{
    QVERIFY(m_service->start());
    const Answer form =
        askAfresh(m_service->trafficPort(), post("/v1/jobs", "{\"kind\":\"echo\"}"));
    QCOMPARE(form.status, 415);
    QCOMPARE(form.code(), QByteArray("unsupported-media-type"));
}

void JobsAccessTest::refusesAPayloadBeyondItsBound()
{
    m_service->setEnvironment(u"QUIESCE_JOBS_MAX_PAYLOAD_BYTES"_s, u"1KiB"_s);
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const auto payload = [](int bytes) { // with what is around the text
        return R"({"t":")" + QByteArray(bytes - 8, 'x') + R"("})";
    };
    QCOMPARE(client.submit("echo", payload(1'024)).status, 201);
    const JobAnswer beyond = client.submit("echo", payload(1'025));
    QCOMPARE(beyond.status, 413);
    QCOMPARE(beyond.code(), u"payload-too-large"_s);
}

void JobsAccessTest::refusesWhatItsKindRefuses()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    QCOMPARE(client.submit("picky").code(), u"bad-payload"_s);
    QCOMPARE(client.submit("picky", R"({"ok":true})").status, 201);
    const JobAnswer longKey =
        client.submit("echo", "{}", "Idempotency-Key: " + QByteArray(256, 'k') + "\r\n");
    QCOMPARE(longKey.status, 422);
    QCOMPARE(longKey.code(), u"bad-request"_s);
}

void JobsAccessTest::saysWhichMethodsThereAre()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const JobAnswer all = client.ask("PUT", "/v1/jobs");
    QCOMPARE(all.status, 405);
    QCOMPARE(all.fields.value("allow"), QByteArray("GET, HEAD, POST"));
    QCOMPARE(client.ask("POST", kNoJob).fields.value("allow"), QByteArray("GET, HEAD, DELETE"));
    QCOMPARE(client.ask("DELETE", kNoJob + "/output").fields.value("allow"),
             QByteArray("GET, HEAD"));
}

void JobsAccessTest::answersHeadLikeGet()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const QByteArray id = client.submit("echo").id();
    const JobAnswer ended = client.await(id);
    LoopbackClient asking(m_service->trafficPort());
    QVERIFY(asking.send("HEAD /v1/jobs/" + id
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    const QByteArray head = asking.readToEnd();
    QVERIFY(head.startsWith("HTTP/1.1 200 OK\r\n"));
    QVERIFY(head.toLower().contains("content-length: " + QByteArray::number(ended.text.size())));
    QVERIFY(head.endsWith("\r\n\r\n"));
}

void JobsAccessTest::isNotForWebPages()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    for (const char *origin :
         { "Origin: http://localhost\r\n", "Origin: null\r\n", "Origin:\r\n" }) {
        const JobAnswer answer = client.submit("echo", "{}", origin);
        QCOMPARE(answer.status, 403);
        QCOMPARE(answer.code(), u"origin-not-allowed"_s);
    }
    const auto asHost = [&](const QByteArray &host) {
        return askAfresh(m_service->trafficPort(),
                         "GET /v1/jobs HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    };
    const QByteArray port = QByteArray::number(m_service->trafficPort());
    QCOMPARE(asHost("127.0.0.1:" + port).status, 200);
    QCOMPARE(asHost("localhost").status, 200);
    for (const QByteArray &host :
         { QByteArray("rebound.example"), QByteArray("localhost:1"), QByteArray("127.0.0.2") }) {
        QCOMPARE(asHost(host).status, 403);
        QCOMPARE(asHost(host).code(), QByteArray("host-not-allowed"));
    }
    // All else on this listener is as open as ever.
    QCOMPARE(askAfresh(m_service->trafficPort(),
                       "GET /hello HTTP/1.1\r\nHost: rebound.example\r\nOrigin: null\r\n\r\n")
                 .status,
             200);
}

void JobsAccessTest::wantsItsToken()
{
    writeToken(*m_service, kToken);
    m_service->setEnvironment(kTokenVariable, m_service->path(u"jobs-token"_s));
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const JobAnswer stranger = client.submit("echo");
    QCOMPARE(stranger.status, 401);
    QCOMPARE(stranger.code(), u"unauthorized"_s);
    QCOMPARE(stranger.fields.value("www-authenticate"), QByteArray(R"(Bearer realm="quiesce")"));
    QCOMPARE(client.submit("echo", "{}", bearer(kNewToken)).status, 401);
    QCOMPARE(client.submit("echo", "{}", bearer(AdminClient(*m_service).token())).status, 401);
    const JobAnswer known = client.submit("echo", "{}", bearer(kToken));
    QCOMPARE(known.status, 201);
    for (const QByteArray &target : { QByteArray("/v1/jobs"), "/v1/jobs/" + known.id(),
                                      "/v1/jobs/" + known.id() + "/output" }) {
        QCOMPARE(client.ask("GET", target).status, 401);
        QCOMPARE(client.ask("GET", target, {}, bearer(kToken)).status, 200);
    }
    QCOMPARE(client.ask("DELETE", "/v1/jobs/" + known.id()).status, 401);
    QCOMPARE(askAfresh(m_service->trafficPort(), get("/hello")).status, 200);
}

void JobsAccessTest::takesANewTokenBySighup()
{
    writeToken(*m_service, kToken);
    m_service->setEnvironment(kTokenVariable, m_service->path(u"jobs-token"_s));
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    writeToken(*m_service, kNewToken);
    m_service->signal(SIGHUP);
    QVERIFY(m_service->waitForLog(u"admin tokens reloaded"_s));
    QCOMPARE(client.ask("GET", "/v1/jobs", {}, bearer(kToken)).status, 401);
    QCOMPARE(client.ask("GET", "/v1/jobs", {}, bearer(kNewToken)).status, 200);
    writeToken(*m_service, "short");
    m_service->signal(SIGHUP);
    QVERIFY(m_service->waitForLog(u"admin tokens not reloaded"_s));
    QCOMPARE(client.ask("GET", "/v1/jobs", {}, bearer(kNewToken)).status, 200);
}

void JobsAccessTest::slowsWhoeverGuesses()
{
    constexpr int kGuesses = 8;
    writeToken(*m_service, kToken);
    m_service->setEnvironment(kTokenVariable, m_service->path(u"jobs-token"_s));
    QVERIFY(m_service->start({ u"--grace"_s, u"10m"_s }));
    std::vector<LoopbackClient> guessers;
    for (int i = 0; i < kGuesses; ++i) {
        guessers.emplace_back(m_service->trafficPort());
        QVERIFY(guessers.back().send("GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\n"
                                     + bearer(kNewToken) + "\r\n"));
    }
    QVERIFY(m_service->hasCaughtUp());
    const JobsClient client(*m_service);
    QCOMPARE(client.ask("GET", "/v1/jobs", {}, bearer(kToken)).status, 200); // is not slowed
    for (LoopbackClient &guesser : guessers)
        QCOMPARE(guesser.readAnswer().status, 401);
    const QByteArray metrics = askAfresh(m_service->adminPort(), get("/metrics")).body;
    QVERIFY(metrics.contains("quiesce_auth_failures_total 8\n"));
    QVERIFY(metrics.contains("quiesce_auth_throttled_total 3\n"));
}

void JobsAccessTest::refusesAnOperatorsToken()
{
    QVERIFY(m_service->start());
    const QByteArray operatorToken = AdminClient(*m_service).token();
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0);
    writeToken(*m_service, operatorToken);
    m_service->setEnvironment(kTokenVariable, m_service->path(u"jobs-token"_s));
    QVERIFY(!m_service->start());
    QCOMPARE(m_service->waitForExit(), 78);
}

void JobsAccessTest::refusesATokenFileThatIsNotSecret()
{
    m_service->writeFile(u"jobs-token"_s, kToken);
    if (::chmod(QFile::encodeName(m_service->path(u"jobs-token"_s)).constData(), 0644) != 0)
        qFatal("cannot chmod the token");
    m_service->setEnvironment(kTokenVariable, m_service->path(u"jobs-token"_s));
    QVERIFY(!m_service->start());
    QCOMPARE(m_service->waitForExit(), 78);
}

QTEST_GUILESS_MAIN(JobsAccessTest)
#include "tst_jobsaccess.moc"
