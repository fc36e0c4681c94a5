// SPDX-License-Identifier: GPL-3.0-only
// The admin listener as a whole: who gets in, what the others are told and when, who makes room.
#include "tests/http/httpstage.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::ConnectionHost;
using quiesce::Credentials;
using quiesce::LimitSettings;
using quiesce::test::bearer;
using quiesce::test::eventually;
using quiesce::test::get;
using quiesce::test::HttpStage;
using quiesce::test::post;
using quiesce::test::RawAnswer;
using quiesce::test::RawClient;

namespace {

const QByteArray kPlain = R"(Bearer realm="quiesce")";
const QByteArray kInvalid = R"(Bearer realm="quiesce", error="invalid_token")";
const QByteArray kWrong = "a-wrong-token-of-the-tests";

struct AdminStage final
{
    explicit AdminStage(const LimitSettings &limits = {})
        : stage(limits, ConnectionHost::Role::Operator)
        , edge(*stage.server.adminEdge())
    { }
    /// Presents so many wrong tokens, and lets the time pass for which they are held.
    [[nodiscard]] bool fail(int times)
    {
        RawClient guesser(stage.port());
        for (int i = 0; i < times; ++i) {
            const quint64 before = edge.gate().authFailures();
            const quint64 heldBefore = edge.gate().throttledAnswers();
            if (!guesser.send(get("/admin", bearer(kWrong)))
                || !eventually([&] { return edge.gate().authFailures() > before; }))
                return false;
            if (edge.gate().throttledAnswers() > heldBefore)
                stage.clock.advance(quiesce::FailureThrottle::kDelays.back());
            if (!guesser.answer())
                return false;
        }
        return true;
    }

    HttpStage stage;
    quiesce::AdminEdge &edge;
};

LimitSettings roomFor(int connections)
{
    LimitSettings limits;
    limits.maxAdminConnections = connections;
    return limits;
}

} // namespace

class AdminListenerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersToTheLetter_data();
    void answersToTheLetter();
    void tellsTheHandlerTheRole_data();
    void tellsTheHandlerTheRole();
    void hidesTheTokenFromTheHandler();
    void protectsEverythingWithoutCredentials();
    void takesNewTokensOnLiveConnections();
    void refusesTwoAuthorizationFields();
    void closesWhenABodyIsToCome_data();
    void closesWhenABodyIsToCome();
    void takesBodiesUpToABound();
    void answersGoodAndBadInTheirOrder();
    void holdsTheAnswerOfAFailingRequestBack();
    void readsNothingWhileItHoldsBack();
    void servesTheOperatorWhileGuessersWait();
    void isNotWokenByWhoIsHeld();
    void aHeldGuesserMayLeave();
    void answersWhoIsHeldWhenItCloses();
    void theLongestWaitingStrangerMakesRoom();
    void aFullHouseOfStrangersNeverKeepsTheOperatorOut();
    void theKnownGoOnlyWhenAllAreKnown();
    void newTokensMakeStrangersOfTheKnown();
    void heldAnswersAndUnreadOnesMakeRoomToo();
    void trafficIsNotGuarded();
};

void AdminListenerTest::answersToTheLetter_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("challenge");
    const auto row = [](const char *name, const QByteArray &request, int status,
                        const char *code = "", const QByteArray &challenge = {}) {
        QTest::newRow(name) << request << status << QByteArray(code) << challenge;
    };
    const QByteArray read = bearer(HttpStage::kReadToken);
    row("operator reads", get("/admin", bearer()), 200);
    row("operator changes", post("/admin", "{}", bearer()), 200);
    row("reader reads", get("/admin", read), 200);
    row("reader changes", post("/admin", "{}", read), 403, "read-only");
    row("reader changes nothing there", post("/unknown", "{}", read), 403, "read-only");
    row("no token", get("/admin"), 401, "unauthorized", kPlain);
    row("no token, nothing there", get("/unknown"), 401, "unauthorized", kPlain);
    row("token, nothing there", get("/unknown", bearer()), 404, "not-found");
    row("no token, wrong method", "PUT /admin HTTP/1.1\r\nHost: t\r\n\r\n", 401, "unauthorized",
        kPlain);
    row("token, wrong method", "PUT /admin HTTP/1.1\r\nHost: t\r\n" + bearer() + "\r\n", 405,
        "method-not-allowed");
    row("wrong token", get("/admin", bearer(kWrong)), 401, "unauthorized", kInvalid);
    row("probe", get("/livez"), 200);
    row("probe with a wrong token", get("/livez", bearer(kWrong)), 200);
    row("metrics", get("/metrics"), 200);
    row("probe by an odd spelling", get("/%6civez"), 401, "unauthorized", kPlain);
    row("odd spelling and token", get("/%6civez", bearer()), 200);
    row("origin", get("/livez", "Origin: http://t\r\n"), 403, "origin-not-allowed");
    row("origin and token", get("/admin", "Origin: null\r\n" + bearer()), 403,
        "origin-not-allowed");
    row("host", "GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, "host-not-allowed");
    row("own address", "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200);
    row("no host", "GET /livez HTTP/1.0\r\n\r\n", 403, "host-not-allowed");
}

void AdminListenerTest::answersToTheLetter()
{
    QFETCH(const QByteArray, request);
    QFETCH(const int, status);
    QFETCH(const QByteArray, code);
    QFETCH(const QByteArray, challenge);
    AdminStage admin;
    RawClient client(admin.stage.port());
    const std::optional<RawAnswer> answer = client.exchange(request);
    QVERIFY(answer);
    QCOMPARE(answer->status, status);
    QCOMPARE(answer->code(), code);
    QCOMPARE(answer->field("WWW-Authenticate"), challenge);
    QCOMPARE(answer->head.toLower().count("www-authenticate"), challenge.isEmpty() ? 0 : 1);
    QCOMPARE(answer->field("Content-Type") == "application/problem+json", status >= 400);
    if (!request.startsWith("GET") || request.contains("HTTP/1.0"))
        return;
    // HEAD is told the same, without the body, on a connection that stays.
    const std::optional<RawAnswer> head = client.exchange("HEAD" + request.sliced(3));
    QVERIFY(head);
    QCOMPARE(head->status, status);
    QCOMPARE(head->field("Content-Length"), answer->field("Content-Length"));
    QCOMPARE(head->field("WWW-Authenticate"), challenge);
    QCOMPARE(client.exchange(get("/livez"))->body, "ok");
}

void AdminListenerTest::tellsTheHandlerTheRole_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("role");
    QTest::newRow("operator") << bearer() << QByteArray("operator");
    QTest::newRow("read") << bearer(HttpStage::kReadToken) << QByteArray("read");
}

void AdminListenerTest::tellsTheHandlerTheRole()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const QByteArray, role);
    AdminStage admin;
    RawClient client(admin.stage.port());
    QCOMPARE(client.exchange(get("/role", fields))->body, role);
    QCOMPARE(client.exchange(get("/livez"))->status, 200);
    QCOMPARE(client.exchange(get("/role"))->status, 401); // a connection keeps no rights
}

void AdminListenerTest::hidesTheTokenFromTheHandler()
{
    AdminStage admin;
    QByteArray seen;
    QVERIFY(admin.stage.server.route(
        u"/fields"_s, QHttpServerRequest::Method::Get, [&seen](const QHttpServerRequest &request) {
            for (const auto &[name, value] : quiesce::qtcompat::fieldsOf(request))
                seen += name + '=' + value + ' ';
            return "seen";
        }));
    RawClient client(admin.stage.port());
    QCOMPARE(client.exchange(get("/fields", bearer() + "X-Other: 1\r\n"))->body, "seen");
    QVERIFY2(seen.contains("1 ") && !seen.contains(HttpStage::kOperatorToken), seen.constData());
}

void AdminListenerTest::protectsEverythingWithoutCredentials()
{
    AdminStage admin;
    admin.edge.setCredentials(Credentials());
    RawClient client(admin.stage.port());
    QCOMPARE(client.exchange(get("/admin", bearer()))->status, 401);
    QCOMPARE(client.exchange(get("/admin", "Authorization: Bearer \r\n"))->status, 401);
    QCOMPARE(client.exchange(get("/livez"))->status, 200);
}

void AdminListenerTest::takesNewTokensOnLiveConnections()
{
    AdminStage admin;
    RawClient client(admin.stage.port());
    QCOMPARE(client.exchange(get("/admin", bearer()))->status, 200);
    admin.edge.setCredentials(Credentials("another-operator-token", {}));
    QCOMPARE(client.exchange(get("/admin", bearer()))->status, 401);
    QCOMPARE(client.exchange(get("/admin", bearer(HttpStage::kReadToken)))->status, 401);
    QCOMPARE(client.exchange(get("/role", bearer("another-operator-token")))->body, "operator");
}

void AdminListenerTest::refusesTwoAuthorizationFields()
{
    AdminStage admin;
    for (const QByteArray &first : { bearer(), bearer(kWrong), QByteArray("Authorization:\r\n") }) {
        RawClient client(admin.stage.port());
        const std::optional<RawAnswer> answer = client.exchange(get("/admin", first + bearer()));
        QVERIFY(answer);
        QCOMPARE(answer->status, 400);
        QCOMPARE(answer->code(), "bad-authorization");
        QCOMPARE(client.ending(), "end");
    }
}

void AdminListenerTest::closesWhenABodyIsToCome_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    QTest::newRow("length") << QByteArray("Content-Length: 10\r\n") << 401;
    QTest::newRow("too long") << QByteArray("Content-Length: 100000000\r\n") << 401;
    QTest::newRow("chunks") << QByteArray("Transfer-Encoding: chunked\r\n") << 401;
    QTest::newRow("expectation") << QByteArray("Content-Length: 10\r\nExpect: 100-continue\r\n")
                                 << 401;
    QTest::newRow("read-only") << "Content-Length: 10\r\n" + bearer(HttpStage::kReadToken) << 403;
    QTest::newRow("origin") << QByteArray("Content-Length: 10\r\nOrigin: x\r\n") << 403;
}

void AdminListenerTest::closesWhenABodyIsToCome()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const int, status);
    AdminStage admin;
    RawClient client(admin.stage.port());
    const std::optional<RawAnswer> answer =
        client.exchange("POST /later HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n");
    QVERIFY(answer);
    QCOMPARE(answer->status, status); // and no 100 before it
    QCOMPARE(answer->field("Connection"), "close");
    QVERIFY(client.send("0123456789"));
    client.halfClose();
    QCOMPARE(client.ending(), "end");
    QCOMPARE(admin.stage.later.size(), std::size_t(0));
}

void AdminListenerTest::takesBodiesUpToABound()
{
    AdminStage admin;
    const QByteArray most(ConnectionHost::kMaxAdminBody, 'x');
    RawClient client(admin.stage.port());
    QCOMPARE(client.exchange(post("/echo", most, bearer()))->body, most);
    QCOMPARE(client.exchange(post("/echo", most + 'x', bearer()))->status, 413);
    QCOMPARE(client.ending(), "end");
}

void AdminListenerTest::answersGoodAndBadInTheirOrder()
{
    AdminStage admin;
    RawClient client(admin.stage.port());
    QVERIFY(client.send(get("/admin", bearer()) + get("/admin") + get("/livez")
                        + post("/admin", "body", bearer(kWrong)) + get("/unknown", bearer())
                        + post("/echo", "chunk", bearer(HttpStage::kReadToken))
                        + post("/echo", "last", bearer())));
    QList<int> statuses;
    for (int i = 0; i < 6; ++i)
        statuses.append(client.answer()->status);
    QCOMPARE(statuses, (QList<int>{ 200, 401, 200, 401, 404, 403 }));
    QCOMPARE(client.answer()->body, "last");
}

void AdminListenerTest::holdsTheAnswerOfAFailingRequestBack()
{
    AdminStage admin;
    QVERIFY(admin.fail(5));
    QCOMPARE(admin.edge.gate().throttledAnswers(), quint64(0));
    for (const std::chrono::milliseconds delay : quiesce::FailureThrottle::kDelays) {
        const quint64 before = admin.edge.gate().throttledAnswers();
        RawClient client(admin.stage.port());
        QVERIFY(client.send(get("/admin", bearer(kWrong))));
        QVERIFY(eventually([&] { return admin.edge.gate().throttledAnswers() > before; }));
        admin.stage.clock.advance(delay - 1ms);
        client.pull();
        QCOMPARE(client.pending(), QByteArray());
        admin.stage.clock.advance(1ms);
        QCOMPARE(client.answer()->status, 401);
        QCOMPARE(client.exchange(get("/livez"))->status, 200);
    }
}

void AdminListenerTest::readsNothingWhileItHoldsBack()
{
    AdminStage admin;
    QVERIFY(admin.fail(7));
    const quint64 before = admin.edge.gate().throttledAnswers();
    RawClient client(admin.stage.port());
    QVERIFY(client.send(get("/admin", bearer(kWrong)) + get("/hello", bearer())));
    QVERIFY(eventually([&] { return admin.edge.gate().throttledAnswers() > before; }));
    qsizetype sent = 0;
    const QByteArray flood = get("/livez").repeated(500'000);
    QVERIFY(!client.sendSome(flood, &sent)); // it is the kernel that is full
    QCOMPARE(client.pending(), QByteArray());
    admin.stage.clock.advance(5s);
    QCOMPARE(client.answer()->status, 401);
    QCOMPARE(client.answer()->body, "Hello"); // what came behind it is served then
    QCOMPARE(client.answer()->body, "ok");
}

void AdminListenerTest::servesTheOperatorWhileGuessersWait()
{
    AdminStage admin;
    QVERIFY(admin.fail(12));
    std::vector<std::unique_ptr<RawClient>> guessers;
    for (int i = 0; i < 100; ++i) {
        guessers.push_back(std::make_unique<RawClient>(admin.stage.port()));
        QVERIFY(guessers.back()->send(get("/admin", bearer(kWrong))));
    }
    QVERIFY(eventually([&] { return admin.edge.gate().authFailures() == 112; }));
    RawClient operatorClient(admin.stage.port()); // the same address; no time passes for it
    for (int i = 0; i < 10; ++i)
        QCOMPARE(operatorClient.exchange(get("/admin", bearer()))->status, 200);
    QCOMPARE(operatorClient.exchange(get("/admin"))->status, 401); // nothing was guessed
    QCOMPARE(guessers.front()->pending(), QByteArray());
    admin.stage.clock.advance(5s);
    for (const auto &guesser : guessers)
        QCOMPARE(guesser->answer()->status, 401);
}

void AdminListenerTest::isNotWokenByWhoIsHeld()
{
    AdminStage admin;
    QVERIFY(admin.fail(12));
    QVERIFY(admin.stage.hasConnections(0));
    RawClient client(admin.stage.port());
    QVERIFY(client.send(get("/admin", bearer(kWrong))));
    QVERIFY(eventually([&] { return admin.edge.gate().authFailures() == 13; }));
    QCoreApplication::processEvents();
    const QSignalSpy batches(&admin.stage.poller, &quiesce::Poller::batchDone);
    QVERIFY(client.send(get("/livez")));
    client.halfClose(); // an end of stream that is asked for is told at every turn
    for (int turn = 0; turn < 50; ++turn)
        QCoreApplication::processEvents();
    QCOMPARE(batches.count(), 0);
    admin.stage.clock.advance(5s);
    QCOMPARE(client.answer()->status, 401);
    QCOMPARE(client.answer()->body, "ok");
    QVERIFY(admin.stage.hasConnections(0));
}

void AdminListenerTest::aHeldGuesserMayLeave()
{
    AdminStage admin;
    QVERIFY(admin.fail(12));
    const auto guess = [&](auto leave) {
        const quint64 before = admin.edge.gate().authFailures();
        RawClient client(admin.stage.port());
        QVERIFY(client.send(get("/admin", bearer(kWrong))));
        QVERIFY(eventually([&] { return admin.edge.gate().authFailures() > before; }));
        leave(client);
    };
    guess([](RawClient &client) { client.reset(); });
    QVERIFY(admin.stage.hasConnections(0));
    guess([](RawClient &client) { client.close(); }); // seen once it may be read again
    admin.stage.clock.advance(5s);
    QVERIFY(admin.stage.hasConnections(0));
}

void AdminListenerTest::answersWhoIsHeldWhenItCloses()
{
    AdminStage admin;
    QVERIFY(admin.fail(12));
    RawClient client(admin.stage.port());
    QVERIFY(client.send(get("/admin", bearer(kWrong))));
    QVERIFY(eventually([&] { return admin.edge.gate().authFailures() == 13; }));
    admin.stage.server.closeNow();
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 401);
    QCOMPARE(answer->field("Connection"), "close");
    QCOMPARE(client.ending(), "end");
    QCOMPARE(admin.stage.server.connectionCount(), 0);
}

void AdminListenerTest::theLongestWaitingStrangerMakesRoom()
{
    AdminStage admin(roomFor(3));
    RawClient first(admin.stage.port());
    RawClient second(admin.stage.port());
    QVERIFY(admin.stage.hasConnections(2));
    RawClient third(admin.stage.port());
    QVERIFY(admin.stage.hasConnections(3));
    QCOMPARE(first.exchange(get("/livez"))->status, 200); // heard from after the second
    RawClient fourth(admin.stage.port());
    QCOMPARE(second.ending(), "end");
    QCOMPARE(fourth.exchange(get("/livez"))->status, 200);
    QCOMPARE(first.exchange(get("/livez"))->status, 200);
    QCOMPARE(third.exchange(get("/livez"))->status, 200);
    QCOMPARE(admin.edge.evictions(), quint64(1));
}

void AdminListenerTest::aFullHouseOfStrangersNeverKeepsTheOperatorOut()
{
    AdminStage admin(roomFor(128));
    RawClient known(admin.stage.port());
    QCOMPARE(known.exchange(get("/admin", bearer()))->status, 200);
    std::vector<std::unique_ptr<RawClient>> strangers;
    for (int i = 0; i < 500; ++i) {
        strangers.push_back(std::make_unique<RawClient>(admin.stage.port()));
        QVERIFY(strangers.back()->send(i % 2 == 0 ? QByteArray("GET /adm") : get("/admin")));
        if (i % 50 != 0)
            continue;
        RawClient fresh(admin.stage.port());
        QCOMPARE(fresh.exchange(get("/admin", bearer()))->status, 200);
        QCOMPARE(known.exchange(get("/admin", bearer()))->status, 200);
        QVERIFY(admin.stage.server.connectionCount() <= 128);
    }
    QVERIFY(admin.edge.evictions() > 300);
}

void AdminListenerTest::theKnownGoOnlyWhenAllAreKnown()
{
    AdminStage admin(roomFor(2));
    RawClient older(admin.stage.port());
    QCOMPARE(older.exchange(get("/admin", bearer()))->status, 200);
    RawClient stranger(admin.stage.port());
    QVERIFY(admin.stage.hasConnections(2));
    RawClient newer(admin.stage.port());
    QCOMPARE(stranger.ending(), "end");
    QCOMPARE(newer.exchange(post("/admin", "x", bearer(HttpStage::kReadToken)))->status, 403);
    QCOMPARE(older.exchange(get("/livez"))->status, 200); // known, and now the last heard of
    RawClient last(admin.stage.port());
    QCOMPARE(newer.ending(), "end");
    QCOMPARE(last.exchange(get("/admin", bearer()))->status, 200);
    QCOMPARE(older.exchange(get("/admin", bearer()))->status, 200);
}

void AdminListenerTest::newTokensMakeStrangersOfTheKnown()
{
    AdminStage admin(roomFor(2));
    RawClient thief(admin.stage.port());
    QCOMPARE(thief.exchange(get("/admin", bearer()))->status, 200);
    admin.edge.setCredentials(Credentials("another-operator-token", {}));
    RawClient owner(admin.stage.port());
    QCOMPARE(owner.exchange(get("/admin", bearer("another-operator-token")))->status, 200);
    RawClient another(admin.stage.port());
    QCOMPARE(another.exchange(get("/livez"))->status, 200);
    QCOMPARE(thief.ending(), "end");
    QCOMPARE(owner.exchange(get("/livez"))->status, 200);
}

void AdminListenerTest::heldAnswersAndUnreadOnesMakeRoomToo()
{
    AdminStage admin(roomFor(2));
    QVERIFY(admin.stage.server.route(u"/startupz"_s, QHttpServerRequest::Method::Get,
                                     [] { return QByteArray(16 * 1024 * 1024, 'x'); }));
    QVERIFY(admin.fail(12));
    QVERIFY(admin.stage.hasConnections(0));
    RawClient held(admin.stage.port());
    QVERIFY(held.send(get("/admin", bearer(kWrong))));
    QVERIFY(eventually([&] { return admin.edge.gate().authFailures() == 13; }));
    RawClient unread(admin.stage.port(), 4'096);
    unread.stopReading();
    QVERIFY(unread.send(get("/startupz")));
    QVERIFY(admin.stage.hasConnections(2));
    RawClient first(admin.stage.port());
    QCOMPARE(first.exchange(get("/admin", bearer()))->status, 200);
    QCOMPARE(held.ending(), "reset");
    QCOMPARE(held.pending(), QByteArray());
    RawClient second(admin.stage.port());
    QCOMPARE(second.exchange(get("/admin", bearer()))->status, 200);
    QCOMPARE(unread.ending(), "reset");
    QCOMPARE(first.exchange(get("/livez"))->status, 200);
}

void AdminListenerTest::trafficIsNotGuarded()
{
    HttpStage stage;
    QVERIFY(!stage.server.adminEdge());
    RawClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello", "Origin: http://x\r\n" + bearer(kWrong)))->body,
             "Hello");
    QCOMPARE(client.exchange(get("/role", bearer()))->body, "");
}

QTEST_GUILESS_MAIN(AdminListenerTest)
#include "tst_adminlistener.moc"
