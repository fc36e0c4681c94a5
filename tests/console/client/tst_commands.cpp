// SPDX-License-Identifier: GPL-3.0-only
// Commands and looks: what goes out, and the one thing that becomes of each.
#include "tests/console/support/fakeservice.h"
#include "tests/console/support/linkwatcher.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Kind = CommandOutcome::Kind;

QByteArray raw(const QByteArray &head, const QByteArray &body = {})
{
    return "HTTP/1.1 " + head + "\r\nConnection: close\r\n\r\n" + body;
}

/// A client that is live at a fake, and the outcomes of what it is told.
class Desk final
{
public:
    explicit Desk(const LinkTiming &timing = shortTiming())
        : watcher(service.spec(), timing)
    {
        watcher.start(FakeService::token());
        if (!watcher.hears(u"role operator"_s))
            qFatal("not live");
    }
    /// Waits for its outcome.
    CommandOutcome send(const CommandRequest &request)
    {
        QList<CommandOutcome> outcomes;
        Command *command = watcher.client.send(request);
        QObject::connect(command, &Command::finished, &watcher,
                         [&](const CommandOutcome &outcome) { outcomes.append(outcome); });
        if (!outcomes.isEmpty())
            qFatal("finished inside the call");
        QSignalSpy gone(command, &QObject::destroyed);
        if (!gone.wait(60'000) || outcomes.size() != 1)
            qFatal("%d outcomes", int(outcomes.size()));
        return outcomes.first();
    }

    FakeService service;
    LinkWatcher watcher;
};

template <typename T>
struct Fetched
{
    QList<T> values;
    QList<FetchError> errors;

    [[nodiscard]] InstanceClient::Then<T> then()
    {
        return [this](const Result<T, FetchError> &result) {
            if (result)
                values.append(result.value());
            else
                errors.append(result.error());
        };
    }
    [[nodiscard]] qsizetype count() const { return values.size() + errors.size(); }
};

} // namespace

class CommandsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsOnlyTheFieldsThatApply_data();
    void sendsOnlyTheFieldsThatApply();
    void isAcceptedWithTheSnapshot();
    void isRefusedWithTheReason();
    void failsWhenTheAnswerIsNone_data();
    void failsWhenTheAnswerIsNone();
    void failsInTime();
    void failsWhenNobodyListens();
    void isNotSentTwice();
    void neverFollowsARedirect();
    void failsBeyondSoManyAtATime();
    void failsWhenItsClientGoes();
    void failsBeforeTheStart();
    void learnsThatItMayOnlyRead();
    void looksAgainAfterAChange();
    void readsAPage();
    void asksForAPage();
    void saysWhyThereIsNone_data();
    void saysWhyThereIsNone();
    void takesNoEndlessAnswer();
    void readsOutputAndReadiness();
    void callsNobodyWhoHasGone();
};

void CommandsTest::sendsOnlyTheFieldsThatApply_data()
{
    QTest::addColumn<CommandRequest>("request");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const CommandRequest &request, const char *line,
                        const char *body) {
        QTest::newRow(name) << request << QByteArray(line) << QByteArray(body);
    };
    CommandRequest all{ .verb = Verb::Quiesce,
                        .target = u"a/b c"_s,
                        .actor = u"ann"_s,
                        .reason = u"because"_s,
                        .lameDuck = 1s,
                        .grace = 0s,
                        .by = 5s };
    const auto of = [&all](Verb verb) {
        all.verb = verb;
        return all;
    };
    const char *who = R"({"actor":"ann","reason":"because"})";
    row("quiesce", of(Verb::Quiesce), "POST /admin/v1/quiesce", who);
    row("resume", of(Verb::Resume), "POST /admin/v1/resume", who);
    row("force", of(Verb::Force), "POST /admin/v1/force", who);
    row("stop", of(Verb::Stop), "POST /admin/v1/stop",
        R"({"actor":"ann","graceMs":0,"lameDuckMs":1000,"reason":"because"})");
    row("extend", of(Verb::Extend), "POST /admin/v1/extend",
        R"({"actor":"ann","byMs":5000,"reason":"because"})");
    row("a request", of(Verb::CancelRequest), "DELETE /admin/v1/requests/a%2Fb%20c", who);
    row("a job", of(Verb::CancelJob), "DELETE /admin/v1/jobs/a%2Fb%20c", who);
    row("a plain stop", CommandRequest{ .verb = Verb::Stop }, "POST /admin/v1/stop", "{}");
}

void CommandsTest::sendsOnlyTheFieldsThatApply()
{
    QFETCH(const CommandRequest, request);
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, body);
    Desk desk;
    (void)desk.send(request);
    const QByteArray target = line.mid(line.indexOf(' ') + 1);
    const FakeRequest sent = desk.service.lastRequest(target);
    QCOMPARE(sent.method + ' ' + sent.target, line);
    QCOMPARE(sent.body, body);
    QCOMPARE(sent.fields.value("content-type"), "application/json");
    QCOMPARE(sent.fields.value("authorization"), "Bearer " + FakeService::token());
}

void CommandsTest::isAcceptedWithTheSnapshot()
{
    Desk desk;
    desk.service.answer("POST", "/admin/v1/stop", 202, fakeStopSnapshot(2));
    const CommandOutcome outcome = desk.send({ .verb = Verb::Stop });
    QVERIFY(outcome.kind == Kind::Accepted);
    QCOMPARE(outcome.status, 202);
    QVERIFY(outcome.snapshot && outcome.snapshot->stop);
    desk.service.answer("DELETE", "/admin/v1/jobs/j", 202, { { u"id"_s, u"j"_s } });
    const CommandOutcome job = desk.send({ .verb = Verb::CancelJob, .target = u"j"_s });
    QVERIFY(job.kind == Kind::Accepted && !job.snapshot);
}

void CommandsTest::isRefusedWithTheReason()
{
    Desk desk;
    desk.service.refuse("POST", "/admin/v1/resume", 409, u"past-no-return"_s, u"Too late."_s);
    const CommandOutcome outcome = desk.send({ .verb = Verb::Resume });
    QVERIFY(outcome.kind == Kind::Refused);
    QCOMPARE(outcome.status, 409);
    QCOMPARE(outcome.code, u"past-no-return"_s);
    QCOMPARE(outcome.detail, u"Too late."_s);
}

void CommandsTest::failsWhenTheAnswerIsNone_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("isRefused");
    QTest::newRow("closed") << QByteArray() << false;
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH\r\n\r\n") << false;
    QTest::newRow("half a head") << QByteArray("HTTP/1.1 202 Acc") << false;
    QTest::newRow("a portal's page")
        << raw("200 OK\r\nContent-Type: text/html", "<h1>Log in</h1>") << false;
    QTest::newRow("not JSON") << raw("200 OK\r\nContent-Type: application/json", "{") << false;
    QTest::newRow("half a body") << raw(
        "202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 99", "{}")
                                 << false;
    QTest::newRow("a gateway's 502") << raw("502 Bad Gateway", "oops") << false;
    QTest::newRow("a plain 404") << raw("404 Not Found", "oops") << true;
    QTest::newRow("a plain 401") << raw("401 Unauthorized\r\nWWW-Authenticate: Basic realm=x")
                                 << true;
}

void CommandsTest::failsWhenTheAnswerIsNone()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, isRefused);
    Desk desk;
    desk.service.answerRaw("POST", "/admin/v1/quiesce", answer);
    const CommandOutcome outcome = desk.send({ .verb = Verb::Quiesce });
    QVERIFY(outcome.kind == (isRefused ? Kind::Refused : Kind::Failed));
    QVERIFY(!outcome.code.isEmpty());
    QVERIFY(!outcome.detail.isEmpty());
    QVERIFY(!outcome.detail.contains(QString::fromLatin1(FakeService::token())));
}

void CommandsTest::failsInTime()
{
    LinkTiming timing = shortTiming();
    timing.answerTimeout = 200ms;
    Desk desk(timing);
    desk.service.playDead();
    const CommandOutcome outcome = desk.send({ .verb = Verb::Force });
    QVERIFY(outcome.kind == Kind::Failed);
    QCOMPARE(outcome.code, u"TimeoutError"_s);
    QCOMPARE(outcome.status, 0);
}

void CommandsTest::failsWhenNobodyListens()
{
    Desk desk;
    desk.service.goAway();
    const CommandOutcome outcome = desk.send({ .verb = Verb::Stop });
    QVERIFY(outcome.kind == Kind::Failed);
    QVERIFY(!outcome.detail.isEmpty());
}

/// Qt sends a request again when the server closes without an answer; an extension must not be
/// made twice.
void CommandsTest::isNotSentTwice()
{
    Desk desk;
    desk.service.answerRaw("POST", "/admin/v1/extend", {});
    desk.service.answerRaw("DELETE", "/admin/v1/requests/7", {});
    const CommandOutcome extend = desk.send({ .verb = Verb::Extend, .by = 5s });
    QVERIFY(extend.kind == Kind::Failed);
    QCOMPARE(desk.service.countRequests("/admin/v1/extend"), 1);
    const CommandOutcome cancel = desk.send({ .verb = Verb::CancelRequest, .target = u"7"_s });
    QVERIFY(cancel.kind == Kind::Failed);
    QCOMPARE(desk.service.countRequests("/admin/v1/requests/7"), 1);
}

void CommandsTest::neverFollowsARedirect()
{
    Desk desk;
    const FakeService elsewhere;
    for (const char *status : { "302 Found", "307 Temporary Redirect" }) {
        desk.service.answerRaw("POST", "/admin/v1/stop",
                               raw(QByteArray(status) + "\r\nContent-Length: 0\r\nLocation: "
                                   + elsewhere.spec().adminUrl.toEncoded() + "/steal"));
        const CommandOutcome outcome = desk.send({ .verb = Verb::Stop });
        QVERIFY(outcome.kind == Kind::Failed);
        QCOMPARE(outcome.code, u"redirect"_s);
        QVERIFY(outcome.detail.contains(u"/steal"_s));
    }
    QCOMPARE(elsewhere.connectionCount(), 0);
}

void CommandsTest::failsBeyondSoManyAtATime()
{
    Desk desk;
    desk.service.playDead();
    int finished = 0;
    for (int i = 0; i < InstanceClient::kMaxCommands; ++i) {
        QObject::connect(desk.watcher.client.send({ .verb = Verb::Stop }), &Command::finished,
                         &desk.watcher, [&finished] { ++finished; });
    }
    const CommandOutcome outcome = desk.send({ .verb = Verb::Stop });
    QVERIFY(outcome.kind == Kind::Failed);
    QCOMPARE(outcome.code, u"too-many"_s);
    QCOMPARE(finished, 0);
    desk.watcher.client.stop();
    QCOMPARE(finished, InstanceClient::kMaxCommands);
}

void CommandsTest::failsWhenItsClientGoes()
{
    FakeService service;
    auto client = std::make_unique<InstanceClient>(service.spec(), shortTiming());
    client->setToken(Secret(FakeService::token()));
    client->start();
    service.playDead();
    QList<CommandOutcome> outcomes;
    connect(client->send({ .verb = Verb::Stop }), &Command::finished, this,
            [&](const CommandOutcome &outcome) { outcomes.append(outcome); });
    client.reset();
    QCOMPARE(outcomes.size(), 1);
    QVERIFY(outcomes.first().kind == Kind::Failed);
}

void CommandsTest::failsBeforeTheStart()
{
    const FakeService service;
    InstanceClient client(service.spec(), shortTiming());
    QSignalSpy finished(client.send({ .verb = Verb::Stop }), &Command::finished);
    QCOMPARE(finished.size(), 0);
    QVERIFY(finished.wait());
    const auto outcome = finished.first().first().value<CommandOutcome>();
    QVERIFY(outcome.kind == Kind::Failed);
    QCOMPARE(outcome.code, u"not-connected"_s);
}

void CommandsTest::learnsThatItMayOnlyRead()
{
    Desk desk;
    desk.service.refuse("POST", "/admin/v1/stop", 403, u"read-only"_s, u"It may only read."_s);
    const CommandOutcome outcome = desk.send({ .verb = Verb::Stop });
    QVERIFY(outcome.kind == Kind::Refused);
    QVERIFY(desk.watcher.client.role() == Role::Reader);
}

void CommandsTest::looksAgainAfterAChange()
{
    Desk desk;
    desk.watcher.forget();
    desk.service.answer("POST", "/admin/v1/extend", 200, fakeStopSnapshot(0));
    desk.service.setSnapshot(fakeStopSnapshot(0));
    QVERIFY(desk.send({ .verb = Verb::Extend, .by = 1s }).kind == Kind::Accepted);
    QVERIFY(desk.watcher.hears(u"snapshot draining"_s));
}

void CommandsTest::readsAPage()
{
    Desk desk;
    const QJsonArray rows{ QJsonObject{ { u"kind"_s, u"request"_s }, { u"id"_s, u"1"_s } },
                           QJsonObject{ { u"nonsense"_s, 1 } }, 7,
                           QJsonObject{ { u"kind"_s, u"request"_s }, { u"id"_s, u"2"_s } } };
    desk.service.answer("GET", "/admin/v1/requests", 200,
                        { { u"items"_s, rows }, { u"next"_s, u"2"_s } });
    Fetched<Page<Blocker>> fetched;
    desk.watcher.client.fetchRequests(&desk.watcher, fetched.then());
    QCOMPARE(fetched.count(), 0);
    QTRY_COMPARE(fetched.count(), 1);
    QCOMPARE(fetched.values.value(0).items.size(), 2);
    QCOMPARE(fetched.values.value(0).next, u"2"_s);
}

void CommandsTest::asksForAPage()
{
    Desk desk;
    Fetched<Page<Job>> fetched;
    desk.watcher.client.fetchJobs(&desk.watcher, fetched.then(), 50, u"a&b+c"_s);
    QTRY_COMPARE(fetched.count(), 1);
    QCOMPARE(desk.service.lastRequest("/admin/v1/jobs").target,
             "/admin/v1/jobs?limit=50&after=a%26b%2Bc");
    QCOMPARE(fetched.errors.value(0).status, 404); // a service without that route
    QCOMPARE(fetched.errors.value(0).code, u"not-found"_s);
}

void CommandsTest::saysWhyThereIsNone_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("code");
    QTest::newRow("closed") << QByteArray() << u"RemoteHostClosedError"_s;
    QTest::newRow("no list") << raw("200 OK\r\nContent-Type: application/json", "{}")
                             << u"bad-answer"_s;
    QTest::newRow("a page") << raw("200 OK\r\nContent-Type: text/html", "{\"items\":[]}")
                            << u"bad-answer"_s;
    QTest::newRow("a redirect") << raw("301 Moved\r\nLocation: http://[::1]:1/") << u"redirect"_s;
    QTest::newRow("an error") << raw("500 Oops", "no JSON") << u"http-500"_s;
}

void CommandsTest::saysWhyThereIsNone()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QString, code);
    Desk desk;
    desk.service.answerRaw("GET", "/admin/v1/reports", answer);
    Fetched<Page<StopReport>> fetched;
    desk.watcher.client.fetchReports(&desk.watcher, fetched.then());
    QTRY_COMPARE(fetched.count(), 1);
    QCOMPARE(fetched.errors.value(0).code, code);
    QVERIFY(!fetched.errors.value(0).detail.isEmpty());
}

void CommandsTest::takesNoEndlessAnswer()
{
    Desk desk;
    const QByteArray endless(InstanceClient::kMaxAnswerBytes + 1, ' ');
    desk.service.answerRaw("GET", "/admin/v1/audit",
                           raw("200 OK\r\nContent-Type: application/json", endless));
    Fetched<Page<AuditEvent>> fetched;
    desk.watcher.client.fetchAudit(&desk.watcher, fetched.then());
    QTRY_COMPARE_WITH_TIMEOUT(fetched.count(), 1, 60'000);
    QCOMPARE(fetched.errors.value(0).code, u"too-large"_s);
}

void CommandsTest::readsOutputAndReadiness()
{
    Desk desk;
    desk.service.answerRaw("GET", "/admin/v1/jobs/j%2F1/output",
                           raw("200 OK\r\nContent-Type: text/plain", "line\n"));
    desk.service.answerRaw("GET", "/readyz",
                           raw("503 No\r\nContent-Type: text/plain", "lame-duck\n"));
    Fetched<QByteArray> output;
    Fetched<QString> readiness;
    desk.watcher.client.fetchJobOutput(u"j/1"_s, &desk.watcher, output.then());
    desk.watcher.client.fetchReadiness(&desk.watcher, readiness.then());
    QTRY_COMPARE(output.count() + readiness.count(), 2);
    QCOMPARE(output.values.value(0), "line\n");
    QCOMPARE(readiness.values.value(0), u"lame-duck\n"_s);
    QVERIFY(desk.service.lastRequest("/readyz").target.startsWith("/readyz?verbose"));
    QVERIFY(!desk.service.lastRequest("/readyz").fields.contains("authorization"));
}

void CommandsTest::callsNobodyWhoHasGone()
{
    Desk desk;
    Fetched<Page<Job>> gone;
    Fetched<Page<Job>> stays;
    {
        QObject context;
        desk.watcher.client.fetchJobs(&context, gone.then());
    }
    desk.watcher.client.fetchJobs(&desk.watcher, stays.then());
    QTRY_COMPARE(stays.count(), 1);
    QTRY_COMPARE(desk.service.countRequests("/admin/v1/jobs"), 2);
    desk.watcher.client.stop();
    QCOMPARE(gone.count(), 0);
}

QTEST_GUILESS_MAIN(CommandsTest)
#include "tst_commands.moc"
