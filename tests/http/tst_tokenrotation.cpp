// SPDX-License-Identifier: GPL-3.0-only
// What new tokens do to connections and event streams whose clients have shown the old ones.
#include "service/http/events/eventhub.h"
#include "tests/http/httpstage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

const QByteArray kNewToken = "a-new-token-of-the-tests";
constexpr char kOperator[] = "operator-token-of-the-tests"; // as HttpStage has them
constexpr char kReader[] = "read-only-token-of-the-tests";

/// An admin listener with an event stream.
struct RotationStage final
{
    explicit RotationStage(const LimitSettings &limits = {})
        : http(limits, ConnectionHost::Role::Operator)
    {
        rotate(kOperator, kReader);
        http.server.stream("/events", hub.route());
    }
    ~RotationStage() { http.server.closeNow(); }

    void rotate(const QByteArray &operatorToken, const QByteArray &readToken)
    {
        credentials = credentials.renewed(operatorToken, readToken);
        http.server.adminEdge()->setCredentials(credentials);
    }
    [[nodiscard]] bool hasSubscribers(int count) const
    {
        return eventually([this, count] { return hub.counters().subscribers == count; });
    }

    HttpStage http;
    EventHub hub{ http.clock,
                  { .snapshot = [] { return QJsonObject(); },
                    .stats = [] { return QJsonObject(); } } };
    Credentials credentials;
};

/// A client whose stream has begun.
struct Listener final
{
    Listener(const RotationStage &stage, const QByteArray &token, int receiveBuffer = 0)
        : client(stage.http.port(), receiveBuffer)
    {
        const bool hasAsked = client.send(get("/events", bearer(token)));
        isOpen =
            hasAsked && eventually([this] { return client.pending().contains("event: snapshot"); });
    }
    [[nodiscard]] bool hears(RotationStage &stage, const char *type)
    {
        stage.hub.publish(type, {});
        return eventually([&] { return client.pending().contains(QByteArray("event: ") + type); });
    }
    /// With the last chunk, and then the end.
    [[nodiscard]] bool hasEndedInOrder()
    {
        return client.ending() == "end" && client.pending().endsWith("\r\n0\r\n\r\n");
    }

    RawClient client;
    bool isOpen = false;
};

} // namespace

class TokenRotationTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsTheStreamsOfATokenThatIsReplaced();
    void endsTheStreamsOfATokenThatIsRemoved();
    void disturbsNoStreamWhenTheTokensAreTheSame();
    void aTokenInAnotherRoleKeepsItsStream();
    void ofHttp10EndsWithTheClose();
    void endsBehindWhatWaitsForItsClient();
    void endsWithoutAClientThatTakesNothing();
    void whoComesBackNeedsATokenThatIsRight();
    void theKnownStayKnownByATokenThatStays();
};

void TokenRotationTest::endsTheStreamsOfATokenThatIsReplaced()
{
    RotationStage stage;
    Listener first(stage, kOperator);
    Listener second(stage, kOperator);
    Listener reader(stage, kReader);
    QVERIFY(first.isOpen && second.isOpen && reader.isOpen);
    QVERIFY(stage.hasSubscribers(3));
    stage.rotate(kNewToken, kReader);
    QVERIFY(stage.hasSubscribers(1));
    QVERIFY(reader.hears(stage, "audit"));
    for (Listener *ended : { &first, &second }) {
        QVERIFY(ended->hasEndedInOrder());
        QVERIFY(!ended->client.pending().contains("event: audit"));
    }
    QCOMPARE(stage.hub.counters().cut, 0U);
    QVERIFY(!reader.client.hasEnded());
}

void TokenRotationTest::endsTheStreamsOfATokenThatIsRemoved()
{
    RotationStage stage;
    Listener owner(stage, kOperator);
    Listener reader(stage, kReader);
    QVERIFY(owner.isOpen && reader.isOpen);
    stage.rotate(kOperator, {});
    QVERIFY(reader.hasEndedInOrder());
    QVERIFY(owner.hears(stage, "audit"));
    QCOMPARE(stage.hub.counters().subscribers, 1);
}

void TokenRotationTest::disturbsNoStreamWhenTheTokensAreTheSame()
{
    RotationStage stage;
    Listener owner(stage, kOperator);
    Listener reader(stage, kReader);
    QVERIFY(owner.isOpen && reader.isOpen);
    stage.rotate(kOperator, kReader);
    QVERIFY(owner.hears(stage, "audit") && reader.hears(stage, "audit"));
    QCOMPARE(stage.hub.counters().subscribers, 2);
}

void TokenRotationTest::aTokenInAnotherRoleKeepsItsStream()
{
    RotationStage stage;
    Listener owner(stage, kOperator);
    Listener reader(stage, kReader);
    QVERIFY(owner.isOpen && reader.isOpen);
    stage.rotate(kReader, kOperator);
    QVERIFY(owner.hears(stage, "audit") && reader.hears(stage, "audit"));
    QCOMPARE(stage.hub.counters().subscribers, 2);
    stage.rotate(kReader, {});
    QVERIFY(owner.hasEndedInOrder());
    QVERIFY(reader.hears(stage, "log"));
}

void TokenRotationTest::ofHttp10EndsWithTheClose()
{
    RotationStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.send("GET /events HTTP/1.0\r\nHost: t\r\n" + bearer() + "\r\n"));
    QVERIFY(stage.hasSubscribers(1));
    stage.rotate(kNewToken, kReader);
    QCOMPARE(client.ending(), "end");
    QVERIFY(client.pending().endsWith("\n\n"));
    QVERIFY(stage.hasSubscribers(0));
}

void TokenRotationTest::endsBehindWhatWaitsForItsClient()
{
    constexpr qsizetype kEach = 200'000;
    RotationStage stage;
    Listener slow(stage, kOperator, 4'096);
    QVERIFY(slow.isOpen);
    slow.client.stopReading();
    for (int i = 0; i < 4; ++i) // more than the kernel takes, less than it may be behind
        stage.hub.publish("log", { { u"filler"_s, QString(kEach, u'x') } });
    stage.rotate(kNewToken, kReader);
    QCOMPARE(stage.hub.counters().subscribers, 1); // not before its client has taken the end
    slow.client.startReading();
    QVERIFY(slow.hasEndedInOrder());
    QVERIFY(slow.client.pending().size() > kEach); // what was written comes whole
    QVERIFY(stage.hasSubscribers(0));
    QCOMPARE(stage.hub.counters().cut, 0U);
}

void TokenRotationTest::endsWithoutAClientThatTakesNothing()
{
    RotationStage stage;
    Listener deaf(stage, kOperator, 4'096);
    QVERIFY(deaf.isOpen);
    deaf.client.stopReading();
    for (int i = 0; i < 4; ++i)
        stage.hub.publish("log", { { u"filler"_s, QString(200'000, u'x') } });
    stage.rotate(kNewToken, kReader);
    stage.http.clock.advance(29'999ms);
    QCOMPARE(stage.hub.counters().subscribers, 1);
    stage.http.clock.advance(1ms);
    QVERIFY(stage.hasSubscribers(0));
}

void TokenRotationTest::whoComesBackNeedsATokenThatIsRight()
{
    RotationStage stage;
    Listener owner(stage, kOperator);
    QVERIFY(owner.isOpen);
    stage.rotate(kNewToken, kReader);
    QVERIFY(owner.hasEndedInOrder());
    RawClient again(stage.http.port());
    QCOMPARE(again.exchange(get("/events", bearer(kOperator)))->status, 401);
    QVERIFY(Listener(stage, kNewToken).isOpen);
}

void TokenRotationTest::theKnownStayKnownByATokenThatStays()
{
    LimitSettings room;
    room.maxAdminConnections = 4;
    RotationStage stage(room);
    Listener reader(stage, kReader); // asks nothing more, so it could not show its token again
    QVERIFY(reader.isOpen);
    RawClient probe(stage.http.port());
    QCOMPARE(probe.exchange(get("/admin", bearer(kReader)))->status, 200);
    QCOMPARE(probe.exchange(get("/livez"))->status, 200); // wants no token, and takes none away
    RawClient former(stage.http.port());
    QCOMPARE(former.exchange(get("/admin", bearer(kOperator)))->status, 200);
    RawClient stranger(stage.http.port());
    QCOMPARE(stranger.exchange(get("/livez"))->status, 200);
    stage.rotate(kNewToken, kReader);
    RawClient owner(stage.http.port());
    QCOMPARE(owner.exchange(get("/admin", bearer(kNewToken)))->status, 200);
    QCOMPARE(stranger.ending(), "end");
    RawClient another(stage.http.port());
    QCOMPARE(another.exchange(get("/admin", bearer(kNewToken)))->status, 200);
    QCOMPARE(former.ending(), "end");
    QVERIFY(reader.hears(stage, "audit"));
    QCOMPARE(probe.exchange(get("/admin", bearer(kReader)))->status, 200);
}

QTEST_GUILESS_MAIN(TokenRotationTest)
#include "tst_tokenrotation.moc"
