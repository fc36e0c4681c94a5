// SPDX-License-Identifier: GPL-3.0-only
// A server that speaks TLS: what its clients get, how it ends, and who is turned away.
#include "tests/http/httpstage.h"
#include "tests/support/tlsclient.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <array>
#include <deque>
#include <sys/socket.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using quiesce::test::Certificate;
using quiesce::test::CertificateFolder;
using quiesce::test::eventually;
using quiesce::test::get;
using quiesce::test::HttpStage;
using quiesce::test::LogRecorder;
using quiesce::test::post;
using quiesce::test::RawAnswer;
using quiesce::test::RawClient;
using quiesce::test::TlsClient;

namespace {

const QByteArray kHttp11 = QByteArray("\x08http/1.1");
const QByteArray kLast = QByteArray("Connection: close\r\n");

/// Where the authority's certificates are; a fresh one for each context.
class TlsStage final
{
public:
    enum class Clients : unsigned char { Anyone, WithCertificate };

    explicit TlsStage(Clients clients = Clients::Anyone, const LimitSettings &limits = {},
                      ConnectionHost::Role role = ConnectionHost::Role::Traffic)
        : http(limits, role)
    {
        present("first", clients);
    }

    void present(const QByteArray &name, Clients clients = Clients::Anyone)
    {
        const Certificate own({ .name = name });
        TlsFiles files{ folder.write(u"own.crt"_s, own.pem()),
                        folder.write(u"own.key"_s, own.keyPem()),
                        {} };
        if (clients == Clients::WithCertificate)
            files.clientAuthority = folder.write(u"ca.crt"_s, authority.pem());
        auto loaded = TlsContext::load(files);
        if (!loaded)
            qFatal("%s", qUtf8Printable(loaded.error().reason));
        http.server.setTls(loaded.takeValue());
    }
    [[nodiscard]] quint16 port() const { return http.port(); }

    CertificateFolder folder;
    Certificate authority{ { .name = "authority", .kind = Certificate::Kind::Authority } };
    HttpStage http;
};

} // namespace

class TlsServerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAndKeepsTheConnection_data();
    void answersAndKeepsTheConnection();
    void saysThatItIsHttps();
    void answersWhatCameInOneRecord();
    void answersARequestInManyRecords();
    void answersMorePipelinedRequestsThanATurnTakes();
    void carriesLargeBodiesBothWays_data();
    void carriesLargeBodiesBothWays();
    void readsOnAfterBackPressure();
    void choosesHttp11_data();
    void choosesHttp11();
    void refusesWhoOffersOtherProtocolsOnly();
    void refusesOldVersions_data();
    void refusesOldVersions();
    void refusesRenegotiation();
    void survivesKeyUpdates();
    void closesPlainHttp();
    void closesGarbage_data();
    void closesGarbage();
    void closesSpoiltRecords();
    void givesAHandshakeItsTimeOnly();
    void servesOthersDuringAFloodOfHalfHandshakes();
    void countsHandshakesAsConnections();
    void survivesAResetInTheHandshake_data();
    void survivesAResetInTheHandshake();
    void resumesSessions();
    void liveConnectionsOutlastANewCertificate();
    void asksForClientCertificates_data();
    void asksForClientCertificates();
    void knowsWhoTheClientIs();
    void saysGoodbyeBeforeClosing_data();
    void saysGoodbyeBeforeClosing();
    void saysGoodbyeToASlowReader_data();
    void saysGoodbyeToASlowReader();
    void takesEitherEndOfTheStream_data();
    void takesEitherEndOfTheStream();
    void answersAClientThatHasHalfClosed();
    void aDrainLetsAHandshakeComplete();
    void aDrainWaitsForAHandshakeOnlySoLong();
    void aDrainServesTheAcceptQueue();
    void aDrainWaitsForTheGoodbye();
    void whatIsCutIsReset();
    void becomesSmallAgain();
};

void TlsServerTest::answersAndKeepsTheConnection_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

void TlsServerTest::answersAndKeepsTheConnection()
{
    QFETCH(const int, version);
    TlsStage stage;
    TlsClient client(stage.port(), { .maxVersion = version });
    for (int i = 0; i < 3; ++i) {
        const std::optional<RawAnswer> answer = client.exchange(get("/hello"));
        QVERIFY(answer);
        QCOMPARE(answer->body, "Hello");
        QCOMPARE(answer->field("Connection"), "");
    }
    QCOMPARE(SSL_version(client.ssl()), version);
    QCOMPARE(client.exchange(post("/echo", "body"))->body, "body");
    QVERIFY(stage.http.hasConnections(1));
}

void TlsServerTest::saysThatItIsHttps()
{
    const TlsStage stage;
    QCOMPARE(stage.http.server.url(), u"https://127.0.0.1:%1"_s.arg(stage.port()));
}

void TlsServerTest::answersWhatCameInOneRecord()
{
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.send(get("/hello") + post("/echo", "2") + get("/hello")));
    for (const char *body : { "Hello", "2", "Hello" })
        QCOMPARE(client.answer().value_or(RawAnswer{}).body, body);
}

void TlsServerTest::answersARequestInManyRecords()
{
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.shakeHands());
    QByteArray wire;
    for (const char c : post("/echo", "many"))
        wire += client.encrypt(QByteArray(1, c));
    client.sendRaw(wire.first(33)); // a record in two pieces
    QCOMPARE(client.pending(), "");
    client.sendRaw(wire.sliced(33));
    QCOMPARE(client.answer().value_or(RawAnswer{}).body, "many");
}

void TlsServerTest::answersMorePipelinedRequestsThanATurnTakes()
{
    constexpr int kRequests = 3 * HttpConnection::kRequestsPerTurn + 1;
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.shakeHands());
    QByteArray wire;
    for (int i = 0; i < kRequests; ++i)
        wire += client.encrypt(post("/echo", QByteArray::number(i)));
    client.sendRaw(wire);
    for (int i = 0; i < kRequests; ++i)
        QCOMPARE(client.answer().value_or(RawAnswer{}).body, QByteArray::number(i));
}

void TlsServerTest::carriesLargeBodiesBothWays_data()
{
    answersAndKeepsTheConnection_data();
}

void TlsServerTest::carriesLargeBodiesBothWays()
{
    QFETCH(const int, version);
    QByteArray body(8 * 1024 * 1024, Qt::Uninitialized);
    QRandomGenerator random(7);
    random.fillRange(reinterpret_cast<quint32 *>(body.data()), body.size() / 4);
    TlsStage stage;
    TlsClient client(stage.port(), { .maxVersion = version });
    const std::optional<RawAnswer> answer = client.exchange(post("/echo", body));
    QVERIFY(answer);
    QVERIFY(answer->body == body);
    QCOMPARE(client.exchange(get("/hello"))->body, "Hello");
}

void TlsServerTest::readsOnAfterBackPressure()
{
    constexpr int kRequests = 4'000; // far more than is read ahead of an unanswered request
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.http.hasLaterCalls(1));
    QByteArray many;
    for (int i = 0; i < kRequests; ++i)
        many += post("/echo", QByteArray::number(i));
    client.sendSome(many);
    QVERIFY(client.pending().isEmpty());
    stage.http.later[0].answer("at last");
    QCOMPARE(client.answer().value_or(RawAnswer{}).body, "at last");
    for (int i = 0; i < kRequests; ++i)
        QCOMPARE(client.answer().value_or(RawAnswer{}).body, QByteArray::number(i));
}

void TlsServerTest::choosesHttp11_data()
{
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<QByteArray>("chosen");
    QTest::newRow("nothing offered") << QByteArray() << QByteArray();
    QTest::newRow("alone") << kHttp11 << QByteArray("http/1.1");
    QTest::newRow("behind h2") << "\x02h2" + kHttp11 << QByteArray("http/1.1");
}

void TlsServerTest::choosesHttp11()
{
    QFETCH(const QByteArray, offered);
    TlsStage stage;
    TlsClient client(stage.port(), { .protocols = offered });
    QVERIFY(client.shakeHands());
    const unsigned char *name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.ssl(), &name, &size);
    QTEST(QByteArray(reinterpret_cast<const char *>(name), size), "chosen");
}

void TlsServerTest::refusesWhoOffersOtherProtocolsOnly()
{
    TlsStage stage;
    TlsClient client(stage.port(), { .protocols = "\x02h2" });
    QVERIFY(!client.shakeHands());
    QVERIFY2(client.fault().contains(u"no application protocol"_s), qPrintable(client.fault()));
    QVERIFY(stage.http.hasConnections(0));
}

void TlsServerTest::refusesOldVersions_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.0") << TLS1_VERSION;
    QTest::newRow("TLS 1.1") << TLS1_1_VERSION;
}

void TlsServerTest::refusesOldVersions()
{
    QFETCH(const int, version);
    TlsStage stage;
    TlsClient client(stage.port(), { .maxVersion = version });
    QVERIFY(!client.shakeHands());
    QVERIFY2(client.fault().contains(u"protocol version"_s), qPrintable(client.fault()));
    QCOMPARE(client.ending(), "end");
    QVERIFY(stage.http.hasConnections(0));
}

void TlsServerTest::refusesRenegotiation()
{
    TlsStage stage;
    TlsClient client(stage.port(), { .maxVersion = TLS1_2_VERSION });
    QVERIFY(client.shakeHands());
    SSL_renegotiate(client.ssl());
    client.sendHello();
    QVERIFY(eventually([&] {
        client.pump();
        return !client.fault().isEmpty() || client.hasEnded();
    }));
    QVERIFY2(client.fault().contains(u"no renegotiation"_s), qPrintable(client.fault()));
    TlsClient other(stage.port());
    QCOMPARE(other.exchange(get("/hello"))->body, "Hello");
}

void TlsServerTest::survivesKeyUpdates()
{
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.shakeHands());
    for (int i = 0; i < 100; ++i) {
        SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
        client.sendHello();
    }
    QCOMPARE(client.exchange(get("/hello")).value_or(RawAnswer{}).body, "Hello");
}

void TlsServerTest::closesPlainHttp()
{
    const LogRecorder log("quiesce.tls");
    TlsStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(get("/hello")));
    QVERIFY(client.ending() != "open");
    QVERIFY(!client.pending().startsWith("HTTP"));
    QCOMPARE(log.lines(),
             QStringList{ u"debug: handshake failed peer=127.0.0.1 reason=\"http request\""_s });
    QVERIFY(stage.http.hasConnections(0));
}

void TlsServerTest::closesGarbage_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("zeros") << QByteArray(4'096, '\0');
    QTest::newRow("ones") << QByteArray(4'096, '\xff');
    QTest::newRow("a record that is too long")
        << QByteArray("\x16\x03\x01\xff\xff") + QByteArray(70'000, 'x');
    QTest::newRow("a hello of nothing") << QByteArray::fromHex("160301000401000000");
    QTest::newRow("an alert first") << QByteArray::fromHex("15030300020228");
    QTest::newRow("data first") << QByteArray::fromHex(
        "170303001000000000000000000000000000000000");
    QTest::newRow("SSL 2") << QByteArray::fromHex(
        "802e0100020015000000100100800200800300800400800500800600400700c0000102030405060708090a0b0c"
        "0d0e0f10");
    QRandomGenerator random(11);
    for (int i = 0; i < 20; ++i) {
        QByteArray bytes("\x16\x03\x01\x01\x00\x01\x00\x00\xfc\x03\x03", 11);
        for (int j = 0; j < 2'000; ++j)
            bytes += static_cast<char>(random.bounded(256));
        QTest::addRow("random %d", i) << bytes;
    }
}

void TlsServerTest::closesGarbage()
{
    QFETCH(const QByteArray, bytes);
    const LogRecorder log("quiesce.tls");
    TlsStage stage;
    RawClient client(stage.port());
    QVERIFY(client.send(bytes));
    QVERIFY(client.ending() != "open");
    QVERIFY(stage.http.hasConnections(0));
    QCOMPARE(log.lines().size(), 1);
    QCOMPARE(log.lines("debug"_L1).size(), 1);
}

void TlsServerTest::closesSpoiltRecords()
{
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.shakeHands());
    QByteArray wire = client.encrypt(get("/hello"));
    wire.back() = static_cast<char>(wire.back() ^ 1);
    client.sendRaw(wire);
    QVERIFY(client.ending() != "open");
    QVERIFY2(client.fault().contains(u"bad record mac"_s), qPrintable(client.fault()));
    QVERIFY(stage.http.hasConnections(0));
}

void TlsServerTest::givesAHandshakeItsTimeOnly()
{
    LimitSettings limits;
    limits.handshakeTimeout = 5s;
    TlsStage stage(TlsStage::Clients::Anyone, limits);
    RawClient silent(stage.port());
    TlsClient halfway(stage.port());
    halfway.sendHello();
    halfway.stopReading();
    TlsClient established(stage.port());
    QCOMPARE(established.exchange(get("/hello"))->body, "Hello");
    QVERIFY(stage.http.hasConnections(3));
    stage.http.clock.advance(5s - 1ms);
    QVERIFY(stage.http.hasConnections(3));
    stage.http.clock.advance(1ms);
    QVERIFY(stage.http.hasConnections(1));
    QCOMPARE(silent.ending(), "end");
    QCOMPARE(halfway.ending(), "end");
    stage.http.clock.advance(limits.keepAliveTimeout - 5s - 1ms); // its time is another
    QCOMPARE(established.exchange(get("/hello"))->body, "Hello");
}

void TlsServerTest::servesOthersDuringAFloodOfHalfHandshakes()
{
    TlsStage stage;
    TlsClient other(stage.port());
    QVERIFY(other.shakeHands());
    std::deque<TlsClient> flood;
    for (int i = 0; i < 300; ++i) {
        flood.emplace_back(stage.port());
        flood.back().sendHello();
        flood.back().stopReading();
    }
    QCOMPARE(other.exchange(get("/hello"))->body, "Hello");
    QVERIFY(stage.http.hasConnections(301));
    stage.http.clock.advance(LimitSettings{}.handshakeTimeout);
    QVERIFY(stage.http.hasConnections(1));
    QCOMPARE(other.exchange(get("/hello"))->body, "Hello");
}

void TlsServerTest::countsHandshakesAsConnections()
{
    LimitSettings limits;
    limits.maxConnections = 2;
    TlsStage stage(TlsStage::Clients::Anyone, limits);
    RawClient silent(stage.port());
    RawClient leaving(stage.port());
    QVERIFY(stage.http.hasConnections(2));
    TlsClient waiting(stage.port());
    QVERIFY(waiting.isConnected());
    waiting.sendHello();
    leaving.close();
    QVERIFY(waiting.shakeHands());
    QVERIFY(stage.http.hasConnections(2));
}

void TlsServerTest::survivesAResetInTheHandshake_data()
{
    QTest::addColumn<bool>("isAnswered");
    QTest::newRow("before the answer") << false;
    QTest::newRow("after the answer") << true;
}

void TlsServerTest::survivesAResetInTheHandshake()
{
    QFETCH(const bool, isAnswered);
    TlsStage stage;
    TlsClient client(stage.port());
    client.sendHello();
    if (isAnswered) {
        client.stopReading();
        QVERIFY(stage.http.hasConnections(1));
        TlsClient other(stage.port());
        QCOMPARE(other.exchange(get("/hello"))->body, "Hello");
    }
    client.reset();
    QVERIFY(stage.http.hasConnections(0));
    TlsClient other(stage.port());
    QCOMPARE(other.exchange(get("/hello"))->body, "Hello");
}

void TlsServerTest::resumesSessions()
{
    TlsStage stage;
    TlsClient first(stage.port());
    QCOMPARE(first.exchange(get("/hello"))->body, "Hello");
    SSL_SESSION *session = SSL_get1_session(first.ssl());
    TlsClient second(stage.port());
    SSL_set_session(second.ssl(), session);
    QCOMPARE(second.exchange(get("/hello"))->body, "Hello");
    QVERIFY(SSL_session_reused(second.ssl()));
    stage.present("second");
    TlsClient third(stage.port());
    SSL_set_session(third.ssl(), session);
    QCOMPARE(third.exchange(get("/hello"))->body, "Hello");
    QVERIFY(!SSL_session_reused(third.ssl()));
    SSL_SESSION_free(session);
}

void TlsServerTest::liveConnectionsOutlastANewCertificate()
{
    TlsStage stage;
    TlsClient live(stage.port());
    QCOMPARE(live.exchange(get("/hello"))->body, "Hello");
    QCOMPARE(live.serverName(), u"first"_s);
    stage.present("second");
    TlsClient fresh(stage.port());
    QCOMPARE(fresh.exchange(get("/hello"))->body, "Hello");
    QCOMPARE(fresh.serverName(), u"second"_s);
    QCOMPARE(live.exchange(get("/hello"))->body, "Hello");
}

void TlsServerTest::asksForClientCertificates_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("shown");
    QTest::addColumn<QString>("fault");
    for (const auto &[name, version] :
         { std::pair("TLS 1.2", TLS1_2_VERSION), std::pair("TLS 1.3", TLS1_3_VERSION) }) {
        const bool isOld = version == TLS1_2_VERSION;
        QTest::addRow("%s, none", name)
            << version << QByteArray()
            << (isOld ? u"handshake failure"_s : u"certificate required"_s);
        QTest::addRow("%s, its own authority", name)
            << version << QByteArray("stranger") << u"unknown ca"_s;
        QTest::addRow("%s, expired", name)
            << version << QByteArray("expired") << u"certificate expired"_s;
        QTest::addRow("%s, the right one", name) << version << QByteArray("operator") << QString();
    }
}

void TlsServerTest::asksForClientCertificates()
{
    QFETCH(const int, version);
    QFETCH(const QByteArray, shown);
    QFETCH(const QString, fault);
    TlsStage stage(TlsStage::Clients::WithCertificate, {}, ConnectionHost::Role::Operator);
    const bool isExpired = shown == "expired";
    const Certificate certificate({ .name = shown, .ends = isExpired ? -1min : 1h },
                                  shown == "stranger" ? nullptr : &stage.authority);
    TlsClient client(
        stage.port(),
        { .certificate = shown.isEmpty() ? nullptr : &certificate, .maxVersion = version });
    const std::optional<RawAnswer> answer = client.exchange(get("/hello"));
    QCOMPARE(answer.has_value(), fault.isEmpty());
    QVERIFY2(client.fault().contains(fault), qPrintable(client.fault()));
    QVERIFY(stage.http.hasConnections(fault.isEmpty() ? 1 : 0));
}

void TlsServerTest::knowsWhoTheClientIs()
{
    struct Observer final : TransportObserver
    {
        void readable() override { }
        void writable() override { }
        void broken() override { isBroken = true; }
        void established() override { isEstablished = true; }
        bool isEstablished = false;
        bool isBroken = false;
    } observer;
    TlsStage stage;
    const Certificate own({});
    const auto context = TlsContext::load(
        { stage.folder.write(u"a.crt"_s, own.pem()), stage.folder.write(u"a.key"_s, own.keyPem()),
          stage.folder.write(u"b.crt"_s, stage.authority.pem()) });
    ListeningSocket listening(stage.http.clock, stage.http.poller);
    QVERIFY(listening.tryListen({ u"127.0.0.1"_s, 0 }));
    TlsTurns turns;
    std::unique_ptr<TlsTransport> transport;
    connect(&listening, &ListeningSocket::accepted, this, [&](int descriptor) {
        transport =
            TlsTransport::tryMake(stage.http.poller, descriptor, context.value(), turns, observer);
    });
    const Certificate person({ .name = "ann\xc3\xa9" }, &stage.authority);
    TlsClient client(listening.endpoint().port, { .certificate = &person });
    QVERIFY(client.shakeHands());
    QVERIFY(eventually([&] { return observer.isEstablished; }));
    QCOMPARE(transport->peerIdentity(), u"anné"_s);
    client.reset();
    QVERIFY(eventually([&] { return observer.isBroken; }));
}

void TlsServerTest::saysGoodbyeBeforeClosing_data()
{
    answersAndKeepsTheConnection_data();
}

void TlsServerTest::saysGoodbyeBeforeClosing()
{
    QFETCH(const int, version);
    TlsStage stage;
    TlsClient asked(stage.port(), { .maxVersion = version });
    QCOMPARE(asked.exchange(get("/hello", kLast))->body, "Hello");
    QCOMPARE(asked.ending(), "close_notify");
    TlsClient idle(stage.port(), { .maxVersion = version });
    QCOMPARE(idle.exchange(get("/hello"))->body, "Hello");
    stage.http.clock.advance(LimitSettings{}.keepAliveTimeout);
    QCOMPARE(idle.ending(), "close_notify");
}

void TlsServerTest::saysGoodbyeToASlowReader_data()
{
    answersAndKeepsTheConnection_data();
}

void TlsServerTest::saysGoodbyeToASlowReader()
{
    QFETCH(const int, version);
    constexpr int kLarge = 16 * 1024 * 1024;
    TlsStage stage;
    TlsClient client(stage.port(), { .maxVersion = version, .receiveBuffer = 16 * 1024 });
    QVERIFY(client.shakeHands());
    client.stopReading();
    QVERIFY(client.send(get("/big/" + QByteArray::number(kLarge), kLast)));
    QVERIFY(eventually([&] { return stage.http.requestsInFlight() == 1; }));
    stage.http.clock.advance(LimitSettings{}.writeTimeout - 1ms);
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->body.size(), kLarge);
    QCOMPARE(client.ending(), "close_notify");
    QVERIFY(stage.http.becomesIdle());
}

void TlsServerTest::takesEitherEndOfTheStream_data()
{
    QTest::addColumn<bool>("isPolite");
    QTest::newRow("close_notify") << true;
    QTest::newRow("a bare FIN") << false;
}

void TlsServerTest::takesEitherEndOfTheStream()
{
    QFETCH(const bool, isPolite);
    TlsStage stage;
    TlsClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->body, "Hello");
    isPolite ? client.closeNotify() : client.halfClose();
    QCOMPARE(client.ending(), "close_notify");
    QVERIFY(stage.http.hasConnections(0));

    TlsClient truncating(stage.port());
    QVERIFY(truncating.send(post("/echo", "12345").chopped(1)));
    QVERIFY(eventually([&] { return stage.http.requestsInFlight() == 1; }));
    isPolite ? truncating.closeNotify() : truncating.halfClose();
    QVERIFY(stage.http.hasConnections(0));
    QVERIFY(truncating.pending().isEmpty());
}

void TlsServerTest::answersAClientThatHasHalfClosed()
{
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.shakeHands());
    client.sendSome(get("/later"));
    client.closeNotify();
    client.halfClose();
    QVERIFY(stage.http.hasLaterCalls(1));
    QCOMPARE(client.answer().value_or(RawAnswer{}).status, 100);
    stage.http.later[0].answer("still");
    QCOMPARE(client.answer().value_or(RawAnswer{}).body, "still");
    QCOMPARE(client.ending(), "close_notify");
}

void TlsServerTest::aDrainLetsAHandshakeComplete()
{
    TlsStage stage;
    QSignalSpy drained(&stage.http.inFlight, &InFlight::drained);
    TlsClient client(stage.port());
    client.sendHello();
    client.stopReading();
    QVERIFY(stage.http.hasConnections(1));
    stage.http.beginStop(1s);
    stage.http.inFlight.beginDrain();
    stage.http.clock.advance(900ms);
    QCOMPARE(stage.http.inFlight.count(WorkKind::Connection), 1);
    QCOMPARE(stage.http.inFlight.waitingOn(1).at(0).what.label, u"TLS handshake under way"_s);
    client.startReading();
    QVERIFY(client.shakeHands());
    const std::optional<RawAnswer> answer = client.exchange(get("/hello"));
    QVERIFY(answer);
    QCOMPARE(answer->body, "Hello");
    QCOMPARE(answer->field("Connection"), "close");
    QCOMPARE(client.ending(), "close_notify");
    QVERIFY(eventually([&] { return drained.size() == 1; }));
}

void TlsServerTest::aDrainWaitsForAHandshakeOnlySoLong()
{
    TlsStage stage;
    RawClient silent(stage.port());
    TlsClient halfway(stage.port());
    halfway.sendHello();
    halfway.stopReading();
    TlsClient other(stage.port()); // when it has been served, the hello has been answered
    QCOMPARE(other.exchange(get("/hello", kLast)).value_or(RawAnswer{}).body, "Hello");
    QVERIFY(stage.http.hasConnections(2));
    stage.http.beginStop(1s);
    stage.http.clock.advance(990ms);
    QCOMPARE(stage.http.inFlight.count(WorkKind::Connection), 2);
    stage.http.clock.advance(10ms);
    QVERIFY(stage.http.inFlight.isEmpty());
    QCOMPARE(silent.ending(), "end");
    QCOMPARE(halfway.ending(), "end");
}

void TlsServerTest::aDrainServesTheAcceptQueue()
{
    TlsStage stage;
    std::deque<TlsClient> waiting;
    for (int i = 0; i < 50; ++i) {
        waiting.emplace_back(stage.port()); // not accepted: the event loop has not turned
        waiting.back().sendHello();
    }
    stage.http.beginStop();
    for (TlsClient &client : waiting) {
        QCOMPARE(client.exchange(get("/hello")).value_or(RawAnswer{}).status, 200);
        QCOMPARE(client.ending(), "close_notify");
    }
    QVERIFY(stage.http.becomesIdle());
}

void TlsServerTest::aDrainWaitsForTheGoodbye()
{
    TlsStage stage;
    QSignalSpy drained(&stage.http.inFlight, &InFlight::drained);
    // Answers of every size around what the kernel takes: with some there is no room behind them.
    std::deque<TlsClient> clients;
    for (int size = 60'000; size < 300'000; size += 4'000) {
        std::array<int, 2> ends{};
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        stage.http.server.adopt(ends[0]);
        clients.emplace_back(quint16{ 0 }, TlsClient::Options{ .descriptor = ends[1] });
        QCOMPARE(clients.back().exchange(get("/hello")).value_or(RawAnswer{}).body, "Hello");
        clients.back().stopReading();
        QVERIFY(clients.back().send(get("/big/" + QByteArray::number(size), kLast)));
    }
    TlsClient other(stage.port());
    QCOMPARE(other.exchange(get("/hello", kLast)).value_or(RawAnswer{}).body, "Hello");
    stage.http.beginStop();
    stage.http.inFlight.beginDrain();
    stage.http.clock.advance(2s);
    int goodbyes = 0;
    for (const WaitingOn &waiting : stage.http.inFlight.waitingOn(100))
        goodbyes += waiting.what.label == u"end of the last answer being sent"_s ? 1 : 0;
    QVERIFY(goodbyes > 0);
    QCOMPARE(drained.size(), 0);
    for (TlsClient &client : clients) {
        QVERIFY(client.answer());
        QCOMPARE(client.ending(), "close_notify");
    }
    QVERIFY(eventually([&] { return drained.size() == 1; }));
}

void TlsServerTest::whatIsCutIsReset()
{
    TlsStage stage;
    TlsClient client(stage.port());
    QVERIFY(client.send(get("/later")));
    QVERIFY(stage.http.hasLaterCalls(1));
    stage.http.server.closeNow();
    QCOMPARE(client.ending(), "reset");
}

void TlsServerTest::becomesSmallAgain()
{
    TlsStage stage;
    TlsClient client(stage.port());
    QCOMPARE(client.exchange(get("/hello"))->body, "Hello");
    QCOMPARE(stage.http.exchangeSockets(), 1);
    stage.http.clock.advance(500ms);
    QVERIFY(eventually([&] { return stage.http.exchangeSockets() == 0; }));
    QCOMPARE(client.exchange(get("/hello"))->body, "Hello");
}

QTEST_GUILESS_MAIN(TlsServerTest)
#include "tst_tlsserver.moc"
