// SPDX-License-Identifier: GPL-3.0-only
// TlsTransport by itself, over a socket pair whose buffers are small and exact: what its observer
// is told, and what OpenSSL wants in between.
#include "service/http/tls/tlstransport.h"
#include "tests/support/tlsclient.h"

#include <QTest>
#include <array>
#include <csignal>
#include <sys/socket.h>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::Certificate;
using quiesce::test::CertificateFolder;
using quiesce::test::eventually;
using quiesce::test::TlsClient;

namespace {

constexpr int kSmallBuffer = 16 * 1024;

/// Takes what comes, as HttpConnection does: one read() for each call.
class Recorder final : public TransportObserver
{
public:
    void readable() override
    {
        ++reads;
        std::array<char, 64 * 1024> buffer{};
        const ssize_t count = transport->read(buffer.data(), chunk);
        if (count > 0)
            received.append(buffer.data(), count);
        else if (count == 0)
            hasEnded = true;
        else if (count == Transport::kBroken)
            isBroken = true;
        transport->setInterest(isReading && !hasEnded && !isBroken, isWriting);
    }
    void writable() override
    {
        ++writes;
        isWriting = !unsent.isEmpty()
            && transport->write(unsent.constData(), static_cast<size_t>(unsent.size()))
                == Transport::kAgain;
        transport->setInterest(isReading, false);
    }
    void broken() override { isBroken = true; }
    void established() override { ++handshakes; }

    TlsTransport *transport = nullptr;
    QByteArray received;
    QByteArray unsent; ///< to be written when it is told that it can
    size_t chunk = 64 * size_t{ 1'024 };
    int handshakes = 0;
    int reads = 0;
    int writes = 0;
    bool isReading = true;
    bool isWriting = false;
    bool hasEnded = false;
    bool isBroken = false;
};

class Pair final
{
public:
    Pair()
    {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) != 0)
            qFatal("socketpair");
        ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &kSmallBuffer, sizeof kSmallBuffer);
        const Certificate own({});
        const auto context = TlsContext::load({ m_folder.write(u"a.crt"_s, own.pem()),
                                                m_folder.write(u"a.key"_s, own.keyPem()),
                                                {} });
        transport = TlsTransport::tryMake(poller, ends[0], context.value(), turns, observer);
        observer.transport = transport.get();
        client =
            std::make_unique<TlsClient>(quint16{ 0 }, TlsClient::Options{ .descriptor = ends[1] });
    }
    [[nodiscard]] bool shakeHands()
    {
        return client->shakeHands() && eventually([this] { return observer.handshakes == 1; });
    }
    /// Records of 1,000 bytes until the socket takes no more of them; how many it took.
    [[nodiscard]] int fill(int most)
    {
        const QByteArray bytes(1'000, 'x');
        int taken = 0;
        while (taken < most && transport->write(bytes.constData(), 1'000) == 1'000)
            ++taken;
        return taken;
    }

    Poller poller;
    TlsTurns turns;
    Recorder observer;
    std::unique_ptr<TlsTransport> transport;
    std::unique_ptr<TlsClient> client;

private:
    CertificateFolder m_folder;
};

int roomForRecords()
{
    Pair pair;
    if (!pair.shakeHands())
        return -1;
    pair.client->stopReading();
    return pair.fill(1'000);
}

} // namespace

class TlsTransportTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheEndOfTheHandshakeOnce();
    void movesNothingBeforeTheHandshake();
    void tellsAgainWhatWasNotTaken();
    void tellsNothingWhileNobodyWantsToRead();
    void tellsTheEndBehindTheData();
    void isNotToldOfHalfARecord();
    void tellsWhenItCanWriteAgain();
    void goesOnReadingWhenAnAnswerToAKeyUpdateWasBlocked_data();
    void goesOnReadingWhenAnAnswerToAKeyUpdateWasBlocked();
    void sendsTheGoodbyeWhenThereIsRoomForIt();
    void raisesNoSignalWhenTheClientHasGone();
    void mayBeDestroyedByItsObserver();
};

void TlsTransportTest::tellsTheEndOfTheHandshakeOnce()
{
    Pair pair;
    QVERIFY(!pair.transport->isEstablished());
    QVERIFY(pair.shakeHands());
    QVERIFY(pair.transport->isEstablished());
    QVERIFY(pair.client->send("x"));
    QVERIFY(eventually([&] { return pair.observer.received == "x"; }));
    QCOMPARE(pair.observer.handshakes, 1);
    QCOMPARE(pair.transport->peerIdentity(), QString());
}

void TlsTransportTest::movesNothingBeforeTheHandshake()
{
    Pair pair;
    std::array<char, 8> buffer{};
    QCOMPARE(pair.transport->read(buffer.data(), buffer.size()), Transport::kAgain);
    QCOMPARE(pair.transport->write(buffer.data(), buffer.size()), Transport::kAgain);
    QCOMPARE(pair.observer.reads, 0);
}

void TlsTransportTest::tellsAgainWhatWasNotTaken()
{
    Pair pair;
    QVERIFY(pair.shakeHands());
    pair.observer.chunk = 10;
    QVERIFY(pair.client->send(QByteArray(95, 'x')));
    QVERIFY(eventually([&] { return pair.observer.received.size() == 95; }));
    QCOMPARE(pair.observer.reads, 10);
}

void TlsTransportTest::tellsNothingWhileNobodyWantsToRead()
{
    Pair pair;
    QVERIFY(pair.shakeHands());
    pair.observer.chunk = 10;
    pair.observer.isReading = false;
    QVERIFY(pair.client->send(QByteArray(25, 'x')));
    QVERIFY(eventually([&] { return pair.observer.received.size() == 10; }));
    QCoreApplication::processEvents();
    QCOMPARE(pair.observer.reads, 1);
    pair.observer.isReading = true;
    pair.transport->setInterest(true, false);
    QCOMPARE(pair.observer.reads, 1); // never inside the call
    QVERIFY(eventually([&] { return pair.observer.received.size() == 25; }));
}

void TlsTransportTest::tellsTheEndBehindTheData()
{
    Pair pair;
    QVERIFY(pair.shakeHands());
    pair.client->sendSome("last");
    pair.client->closeNotify();
    QVERIFY(eventually([&] { return pair.observer.hasEnded; }));
    QCOMPARE(pair.observer.received, "last");
    QVERIFY(!pair.observer.isBroken);
}

void TlsTransportTest::isNotToldOfHalfARecord()
{
    Pair pair;
    QVERIFY(pair.shakeHands());
    const QByteArray record = pair.client->encrypt("whole");
    pair.client->sendRaw(record.chopped(1));
    QVERIFY(eventually([&] { return pair.observer.reads == 1; }));
    QCOMPARE(pair.turns.reads.size(), 0); // and nothing goes round in a circle until more comes
    pair.client->sendRaw(record.last(1));
    QVERIFY(eventually([&] { return pair.observer.received == "whole"; }));
    QCOMPARE(pair.observer.reads, 2);
}

void TlsTransportTest::tellsWhenItCanWriteAgain()
{
    Pair pair;
    QVERIFY(pair.shakeHands());
    pair.client->stopReading();
    const QByteArray bytes(1'000'000, 'y');
    qsizetype sent = 0;
    while (const ssize_t count = pair.transport->write(bytes.constData() + sent,
                                                       static_cast<size_t>(bytes.size() - sent))) {
        if (count < 0)
            break;
        sent += count;
    }
    QVERIFY(sent < bytes.size());
    pair.observer.isWriting = true;
    pair.transport->setInterest(true, true);
    QCOMPARE(pair.observer.writes, 0);
    pair.client->startReading();
    QVERIFY(eventually([&] {
        pair.client->pump();
        return pair.observer.writes == 1;
    }));
    const QByteArray moved = bytes.sliced(sent); // the same bytes from another place
    QVERIFY(pair.transport->write(moved.constData(), static_cast<size_t>(moved.size())) > 0);
}

void TlsTransportTest::goesOnReadingWhenAnAnswerToAKeyUpdateWasBlocked_data()
{
    QTest::addColumn<bool>("isWriting");
    QTest::newRow("a record of ours is partly out") << true;
    QTest::newRow("none is") << false;
}

void TlsTransportTest::goesOnReadingWhenAnAnswerToAKeyUpdateWasBlocked()
{
    QFETCH(const bool, isWriting);
    const int room = roomForRecords();
    Pair pair;
    QVERIFY(pair.shakeHands());
    pair.client->stopReading();
    QCOMPARE(pair.fill(isWriting ? room + 1 : room), room);
    pair.observer.unsent = isWriting ? QByteArray(1'000, 'x') : QByteArray();
    pair.observer.isWriting = isWriting;
    pair.transport->setInterest(true, isWriting);
    for (int i = 0; i < 3; ++i) { // each wants a record in return, for which there is no room
        SSL_key_update(pair.client->ssl(), SSL_KEY_UPDATE_REQUESTED);
        pair.client->sendHello();
    }
    pair.client->sendSome("behind");
    QVERIFY(eventually([&] { return isWriting || pair.observer.reads > 0; }));
    QCOMPARE(pair.observer.received, "");
    pair.client->startReading();
    QVERIFY(eventually([&] {
        pair.client->pump();
        return pair.observer.received == "behind" || pair.observer.isBroken;
    }));
    QVERIFY(!pair.observer.isBroken);
    QVERIFY(eventually([&] {
        pair.client->pump();
        return pair.client->pending().size() == (isWriting ? room + 1 : room) * 1'000;
    }));
}

void TlsTransportTest::sendsTheGoodbyeWhenThereIsRoomForIt()
{
    const int room = roomForRecords();
    Pair pair;
    QVERIFY(pair.shakeHands());
    pair.client->stopReading();
    QCOMPARE(pair.fill(room), room);
    QVERIFY(!pair.transport->tryShutdownWrite());
    QCOMPARE(pair.observer.writes, 0);
    QCOMPARE(pair.client->ending(), "close_notify");
    QCOMPARE(pair.client->pending().size(), room * 1'000);
    QVERIFY(eventually([&] { return pair.observer.writes == 1; }));
}

void TlsTransportTest::raisesNoSignalWhenTheClientHasGone()
{
    Pair pair;
    QVERIFY(pair.shakeHands());
    ::signal(SIGPIPE, SIG_DFL); // it would end the test
    pair.client.reset();
    const QByteArray bytes(1'000, 'x');
    QCOMPARE(pair.transport->write(bytes.constData(), 1'000), Transport::kBroken);
    QCOMPARE(pair.transport->write(bytes.constData(), 1'000), Transport::kBroken);
    QVERIFY(pair.transport->tryShutdownWrite());
    pair.transport.reset();
}

void TlsTransportTest::mayBeDestroyedByItsObserver()
{
    struct Destroyer final : TransportObserver
    {
        /// Reads first: closing over unread bytes would be a reset.
        void readable() override
        {
            char byte = 0;
            if (transport->read(&byte, 1) > 0)
                transport.reset();
        }
        void writable() override { transport.reset(); }
        void broken() override { transport.reset(); }
        void established() override
        {
            if (isDestroyedAtOnce)
                transport.reset();
        }
        std::unique_ptr<TlsTransport> transport;
        bool isDestroyedAtOnce = false;
    };
    for (const bool isDestroyedAtOnce : { false, true }) {
        const CertificateFolder folder;
        const Certificate own({});
        const auto context = TlsContext::load(
            { folder.write(u"a.crt"_s, own.pem()), folder.write(u"a.key"_s, own.keyPem()), {} });
        std::array<int, 2> ends{};
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        Poller poller;
        TlsTurns turns;
        Destroyer destroyer;
        destroyer.isDestroyedAtOnce = isDestroyedAtOnce;
        destroyer.transport =
            TlsTransport::tryMake(poller, ends[0], context.value(), turns, destroyer);
        TlsClient client(0, { .descriptor = ends[1] });
        QVERIFY(isDestroyedAtOnce ? client.shakeHands() : client.send("x"));
        QVERIFY(eventually([&] { return !destroyer.transport; }));
        QCOMPARE(client.ending(), "close_notify");
    }
}

QTEST_GUILESS_MAIN(TlsTransportTest)
#include "tst_tlstransport.moc"
