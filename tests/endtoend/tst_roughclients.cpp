// SPDX-License-Identifier: GPL-3.0-only
// Clients that leave whenever they like and say whatever they like, in great numbers.
#include "tests/endtoend/serviceprocess.h"

#include <QRandomGenerator>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

constexpr quint32 kSeed = 20'260'101;
constexpr int kBurst = 100; ///< at once; a service that has caught up has room for the next
const QByteArray kHead = "Host: test\r\nUser-Agent: rough\r\n";

/// What a client has sent when it leaves.
QByteArrayList lastWords()
{
    return {
        "",
        "GET /work?ms=50 HTTP/1.1\r\n" + kHead + "\r\n",
        "GET /wor",
        "GET /work?ms=50 HTTP/1.1\r\n" + kHead,
        "POST /echo HTTP/1.1\r\n" + kHead + "Content-Length: 100\r\n\r\n" + QByteArray(50, 'b'),
        "POST /echo HTTP/1.1\r\n" + kHead + "Transfer-Encoding: chunked\r\n\r\n20\r\nhalf",
        "POST /echo HTTP/1.1\r\n" + kHead + "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n",
        "GET /work?ms=50 HTTP/1.1\r\n" + kHead + "\r\nGET /work?ms=50 HTTP/1.1\r\n" + kHead
            + "\r\n",
        "GET /hello HTTP/1.1\r\n" + kHead + "\r\n",
        "GET /work?ms=50 HTTP/1.0\r\n\r\n",
        "HEAD /work?ms=50 HTTP/1.1\r\n" + kHead + "\r\n",
        "GET /work?ms=5&mode=cpu HTTP/1.1\r\n" + kHead + "\r\n"
    };
}

QByteArray noise(QRandomGenerator &random, int atMost)
{
    QByteArray bytes(random.bounded(1, atMost), '\0');
    for (char &byte : bytes)
        byte = static_cast<char>(random.bounded(256));
    return bytes;
}

/// A request with some of its bytes replaced.
QByteArray damaged(QRandomGenerator &random)
{
    const QByteArrayList words = lastWords();
    QByteArray bytes = words[random.bounded(1, int(words.size()))];
    for (int i = random.bounded(1, 5); i > 0; --i)
        bytes[random.bounded(int(bytes.size()))] = static_cast<char>(random.bounded(256));
    return bytes;
}

} // namespace

class RoughClientsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenThousandLeaveMidRequest();
    void garbageOnBothListenersIsSurvived();
    void manyLeaveInTheMiddleOfAStop();
};

void RoughClientsTest::tenThousandLeaveMidRequest()
{
    QRandomGenerator random(kSeed);
    const QByteArrayList words = lastWords();
    ServiceProcess service;
    QVERIFY(service.start());
    const qsizetype sockets = service.openSockets();
    QVERIFY(sockets >= 2);
    for (int left = 0; left < 10'000; left += kBurst) {
        std::vector<LoopbackClient> clients;
        for (int i = 0; i < kBurst; ++i) {
            clients.emplace_back(service.trafficPort());
            QVERIFY(clients.back().isConnected());
            clients.back().sendSome(words[random.bounded(int(words.size()))]);
            if (random.bounded(2) == 0) // at once, perhaps before it was accepted
                random.bounded(2) == 0 ? clients.back().reset() : clients.back().close();
        }
        QVERIFY(service.hasCaughtUp());
        for (LoopbackClient &client : clients) {
            if (client.isConnected())
                random.bounded(2) == 0 ? client.reset() : client.close();
        }
    }
    QCOMPARE(askAfresh(service.trafficPort(), get("/work?ms=100")).body, QByteArray("done"));
    QTRY_VERIFY_WITH_TIMEOUT(service.openSockets() == sockets, int(kLongestWait.count()));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.tally(), u"0+0 = 0+0+0"_s); // none of theirs was left
    QCOMPARE(service.countLog(u"handler threw"_s), 0);
}

void RoughClientsTest::garbageOnBothListenersIsSurvived()
{
    QRandomGenerator random(kSeed);
    ServiceProcess service;
    QVERIFY(service.start());
    const qsizetype sockets = service.openSockets();
    QVERIFY(sockets >= 2);
    for (int round = 0; round < 40; ++round) {
        std::vector<LoopbackClient> clients;
        for (int i = 0; i < kBurst / 2; ++i) {
            clients.emplace_back(i % 2 == 0 ? service.trafficPort() : service.adminPort());
            QVERIFY(clients.back().isConnected());
            clients.back().sendSome(i % 4 < 2 ? noise(random, 4'096) : damaged(random));
            if (random.bounded(2) == 0)
                clients.back().sendSome(noise(random, 16 * 1'024));
        }
        QVERIFY(service.hasCaughtUp());
    }
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(service.openSockets() == sockets, int(kLongestWait.count()));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
}

void RoughClientsTest::manyLeaveInTheMiddleOfAStop()
{
    QRandomGenerator random(kSeed);
    const QByteArrayList words = lastWords();
    ServiceProcess service;
    QVERIFY(service.start({ u"--grace"_s, u"10m"_s }));
    std::vector<LoopbackClient> clients;
    for (int i = 0; i < 800; ++i) {
        clients.emplace_back(service.trafficPort());
        QVERIFY(clients.back().isConnected());
        clients.back().sendSome(words[random.bounded(int(words.size()))]);
    }
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    for (LoopbackClient &client : clients)
        random.bounded(2) == 0 ? client.reset() : client.close();
    QCOMPARE(service.waitForExit(), 0);
    const QJsonObject requests = service.report()["requests"_L1].toObject();
    const auto count = [&](QLatin1StringView name) { return requests[name].toInteger(-1); };
    QVERIFY(count("inFlightAtStop"_L1) > 0);
    QCOMPARE(count("cancelled"_L1), 0);
    QCOMPARE(count("drained"_L1) + count("aborted"_L1),
             count("inFlightAtStop"_L1) + count("acceptedDuringStop"_L1));
}

QTEST_GUILESS_MAIN(RoughClientsTest)
#include "tst_roughclients.moc"
