// SPDX-License-Identifier: GPL-3.0-only
// A real listening socket on loopback: queue, bursts, pauses, out of descriptors, and a close that
// loses nobody.
#include "service/http/listeningsocket.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"
#include "tests/support/rawclient.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <deque>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::Endpoint;
using quiesce::FileDescriptor;
using quiesce::ListeningSocket;
using quiesce::Poller;
using quiesce::SystemClock;
using quiesce::test::eventually;
using quiesce::test::LogRecorder;
using quiesce::test::ManualClock;
using quiesce::test::RawClient;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kMayBeWithoutDescriptors = false; // UBSan's check of a dynamic type opens a pipe
#else
constexpr bool kMayBeWithoutDescriptors = true;
#endif

/// Leaves the process as it found it, also when a test fails.
class DescriptorLimit final
{
public:
    DescriptorLimit() { ::getrlimit(RLIMIT_NOFILE, &m_before); }
    ~DescriptorLimit() { restore(); }
    DescriptorLimit(const DescriptorLimit &) = delete;
    DescriptorLimit &operator=(const DescriptorLimit &) = delete;

    /// No descriptor but those open now.
    void allowNoMore()
    {
        const int lowestFree = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
        ::close(lowestFree);
        const rlimit none{ .rlim_cur = static_cast<rlim_t>(lowestFree),
                           .rlim_max = m_before.rlim_max };
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    void restore() { ::setrlimit(RLIMIT_NOFILE, &m_before); }

private:
    rlimit m_before{};
};

/// Connects over and over, a connection at a time, until it is refused. Each that succeeds waits
/// for one byte.
class Caller final
{
public:
    explicit Caller(quint16 port)
        : m_thread([this, port] { callUntilRefused(port); })
    { }
    ~Caller() { m_thread.join(); }
    Caller(const Caller &) = delete;
    Caller &operator=(const Caller &) = delete;

    std::atomic<int> served = 0;
    std::atomic<int> lost = 0;
    std::atomic<bool> isRefused = false;

private:
    void callUntilRefused(quint16 port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        while (!isRefused) {
            const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address)
                != 0) {
                isRefused = true;
            } else {
                char byte = 0;
                ++(::recv(descriptor, &byte, 1, 0) == 1 ? served : lost);
            }
            ::close(descriptor);
        }
    }

    std::thread m_thread; ///< last: it uses the others
};

} // namespace

class ListeningSocketTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void hasARealPortOnceItListens();
    void refusesAnAddressInUse();
    void refusesWhatIsNoAddress();
    void handsOverNonBlockingDescriptors();
    void acceptsABurstAndKeepsTheOrder();
    void pausedItAcceptsNothing();
    void outOfDescriptorsItTriesAgainLater();
    void closingServesTheQueueAndSaysSoOnce();
    void closingWhilePausedServesTheQueue();
    void closingOutOfDescriptorsWaitsForThem();
    void servesASocketThatListensAlready();
    void adoptsNothingButAListeningTcpSocket_data();
    void adoptsNothingButAListeningTcpSocket();
    void aSharedOneGoesOnWhenItCloses();
    void abortClosesAtOnceWithoutASignal();
    void closingLosesNoneOfThoseWhoConnectAllTheTime();

private:
    [[nodiscard]] bool listens();
    [[nodiscard]] quint16 port() const { return m_socket->endpoint().port; }
    [[nodiscard]] bool accepts(int count)
    {
        return eventually([&] { return static_cast<int>(m_accepted.size()) == count; });
    }

    ManualClock m_clock;
    std::unique_ptr<Poller> m_poller;
    std::unique_ptr<ListeningSocket> m_socket;
    std::unique_ptr<QSignalSpy> m_closed;
    std::vector<int> m_accepted;
};

void ListeningSocketTest::init()
{
    m_poller = std::make_unique<Poller>();
    m_socket = std::make_unique<ListeningSocket>(m_clock, *m_poller);
    m_closed = std::make_unique<QSignalSpy>(m_socket.get(), &ListeningSocket::closed);
    connect(m_socket.get(), &ListeningSocket::accepted, this,
            [this](int descriptor) { m_accepted.push_back(descriptor); });
}

void ListeningSocketTest::cleanup()
{
    m_socket.reset();
    m_poller.reset();
    for (const int descriptor : std::exchange(m_accepted, {}))
        ::close(descriptor);
    QCOMPARE(m_clock.alarmsSet(), 0);
}

bool ListeningSocketTest::listens()
{
    return bool(m_socket->tryListen({ u"127.0.0.1"_s, 0 }));
}

void ListeningSocketTest::hasARealPortOnceItListens()
{
    QVERIFY(!m_socket->isListening());
    QVERIFY(listens());
    QVERIFY(m_socket->isListening());
    QVERIFY(port() > 0);
    QCOMPARE(m_socket->endpoint().address, u"127.0.0.1"_s);
}

void ListeningSocketTest::refusesAnAddressInUse()
{
    QVERIFY(listens());
    ListeningSocket second(m_clock, *m_poller);
    const auto result = second.tryListen({ u"127.0.0.1"_s, port() });
    QVERIFY(!result);
    QVERIFY2(result.error().contains(u"127.0.0.1"_s)
                 && result.error().contains(QString::number(port()))
                 && result.error().contains(u"Address already in use"_s),
             qPrintable(result.error()));
    QVERIFY(!second.isListening());
}

void ListeningSocketTest::refusesWhatIsNoAddress()
{
    const auto result = m_socket->tryListen({ u"localhost"_s, 0 });
    QVERIFY(!result);
    QVERIFY(result.error().contains(u"not an IP address"_s));
}

void ListeningSocketTest::handsOverNonBlockingDescriptors()
{
    QVERIFY(listens());
    const RawClient client(port());
    QVERIFY(accepts(1));
    QVERIFY(::fcntl(m_accepted[0], F_GETFL) & O_NONBLOCK);
    QVERIFY(::fcntl(m_accepted[0], F_GETFD) & FD_CLOEXEC);
}

void ListeningSocketTest::acceptsABurstAndKeepsTheOrder()
{
    constexpr int kMany = 3 * ListeningSocket::kBurst;
    QVERIFY(listens());
    std::deque<RawClient> clients;
    for (int i = 0; i < kMany; ++i) {
        clients.emplace_back(port());
        QVERIFY(clients.back().isConnected()); // the queue has them: nobody accepts yet
        QVERIFY(clients.back().send(QByteArray::number(i)));
    }
    QVERIFY(accepts(kMany));
    for (int i = 0; i < kMany; ++i) {
        QByteArray sent(8, 0);
        const ssize_t count = ::recv(m_accepted[static_cast<size_t>(i)], sent.data(), 8, 0);
        QCOMPARE(sent.first(count), QByteArray::number(i));
    }
}

void ListeningSocketTest::pausedItAcceptsNothing()
{
    QVERIFY(listens());
    m_socket->pause();
    m_socket->pause();
    const RawClient client(port());
    QVERIFY(client.isConnected());
    for (int i = 0; i < 10; ++i)
        QCoreApplication::processEvents();
    QCOMPARE(m_accepted.size(), 0U);
    m_socket->resume();
    m_socket->resume();
    QVERIFY(accepts(1));
}

void ListeningSocketTest::outOfDescriptorsItTriesAgainLater()
{
    if (!kMayBeWithoutDescriptors)
        QSKIP("UndefinedBehaviorSanitizer needs descriptors of its own");
    const LogRecorder log("quiesce.listener");
    QVERIFY(listens());
    DescriptorLimit limit;
    const RawClient client(port());
    limit.allowNoMore();
    QVERIFY(eventually([&] { return m_socket->isShortOfDescriptors(); }));
    QCOMPARE(m_accepted.size(), 0U);
    QCOMPARE(log.lines("warning"_L1).size(), 1);
    limit.restore();
    m_clock.advance(ListeningSocket::kPause - 1ms);
    QCoreApplication::processEvents();
    QCOMPARE(m_accepted.size(), 0U);
    m_clock.advance(1ms);
    QVERIFY(accepts(1));
    QVERIFY(!m_socket->isShortOfDescriptors());
}

void ListeningSocketTest::closingServesTheQueueAndSaysSoOnce()
{
    QVERIFY(listens());
    std::deque<RawClient> clients;
    for (int i = 0; i < 100; ++i)
        clients.emplace_back(port());
    m_socket->beginClose();
    m_socket->beginClose();
    QVERIFY(m_socket->isListening());
    QCOMPARE(m_closed->size(), 0);
    m_clock.advance(ListeningSocket::kSettle);
    QCOMPARE(m_accepted.size(), 100U);
    QCOMPARE(m_closed->size(), 1);
    QVERIFY(!m_socket->isListening());
    QVERIFY(!RawClient(port()).isConnected());
}

void ListeningSocketTest::closingWhilePausedServesTheQueue()
{
    QVERIFY(listens());
    m_socket->pause();
    const RawClient client(port());
    m_socket->beginClose();
    m_clock.advance(ListeningSocket::kSettle);
    QCOMPARE(m_accepted.size(), 1U);
    QCOMPARE(m_closed->size(), 1);
}

void ListeningSocketTest::closingOutOfDescriptorsWaitsForThem()
{
    if (!kMayBeWithoutDescriptors)
        QSKIP("UndefinedBehaviorSanitizer needs descriptors of its own");
    const LogRecorder log("quiesce.listener");
    QVERIFY(listens());
    DescriptorLimit limit;
    const RawClient client(port());
    m_socket->beginClose();
    limit.allowNoMore();
    m_clock.advance(ListeningSocket::kSettle);
    m_clock.advance(ListeningSocket::kPause);
    QCOMPARE(m_closed->size(), 0);
    limit.restore();
    m_clock.advance(ListeningSocket::kPause);
    QCOMPARE(m_accepted.size(), 1U);
    QCOMPARE(m_closed->size(), 1);
    QVERIFY(!log.lines().isEmpty());
}

void ListeningSocketTest::servesASocketThatListensAlready()
{
    QVERIFY(listens());
    const quint16 bound = port();
    ListeningSocket adopted(m_clock, *m_poller);
    std::vector<int> taken;
    connect(&adopted, &ListeningSocket::accepted, this, [&](int fd) { taken.push_back(fd); });
    m_socket->pause();
    QVERIFY(adopted.tryAdopt(FileDescriptor(::dup(m_socket->descriptor()))));
    QCOMPARE(adopted.endpoint(), (Endpoint{ u"127.0.0.1"_s, bound }));
    QCOMPARE(adopted.use(), ListeningSocket::Use::Shared);
    RawClient client(bound);
    QVERIFY(eventually([&] { return taken.size() == 1; }));
    QVERIFY(::fcntl(taken.front(), F_GETFL) & O_NONBLOCK);
    QVERIFY(::fcntl(adopted.descriptor(), F_GETFD) & FD_CLOEXEC);
    ::close(taken.front());
}

void ListeningSocketTest::adoptsNothingButAListeningTcpSocket_data()
{
    QTest::addColumn<int>("family");
    QTest::addColumn<int>("type");
    QTest::newRow("a TCP socket that does not listen") << AF_INET << int(SOCK_STREAM);
    QTest::newRow("UDP") << AF_INET << int(SOCK_DGRAM);
    QTest::newRow("a local socket") << AF_UNIX << int(SOCK_STREAM);
}

void ListeningSocketTest::adoptsNothingButAListeningTcpSocket()
{
    QFETCH(const int, family);
    QFETCH(const int, type);
    const auto adopted = m_socket->tryAdopt(FileDescriptor(::socket(family, type, 0)));
    QVERIFY(!adopted);
    QCOMPARE(adopted.error(), u"not a listening TCP socket"_s);
    QVERIFY(!m_socket->isListening());
}

/// What another process would accept: here the test itself, by a descriptor of its own.
void ListeningSocketTest::aSharedOneGoesOnWhenItCloses()
{
    QVERIFY(listens());
    const FileDescriptor other(::dup(m_socket->descriptor()));
    m_socket->setUse(ListeningSocket::Use::Shared);
    RawClient early(port());
    m_socket->beginClose();
    m_clock.advance({});
    QCOMPARE(m_closed->count(), 1);
    QCOMPARE(m_accepted.size(), size_t(1)); // what waited was accepted
    RawClient late(m_socket->endpoint().port);
    QVERIFY(late.isConnected()); // no filter drops its SYN
    const FileDescriptor taken(::accept(other.get(), nullptr, nullptr));
    QVERIFY(taken.isOpen());
}

void ListeningSocketTest::abortClosesAtOnceWithoutASignal()
{
    QVERIFY(listens());
    RawClient client(port());
    m_socket->beginClose();
    m_socket->abort();
    QVERIFY(!m_socket->isListening());
    m_clock.advance(1s);
    QCOMPARE(m_closed->size(), 0);
    QCOMPARE(client.ending(), "reset");
}

void ListeningSocketTest::closingLosesNoneOfThoseWhoConnectAllTheTime()
{
    constexpr int kStops = 3;
    constexpr int kCallers = 4;
    SystemClock clock;
    for (int stop = 0; stop < kStops; ++stop) {
        ListeningSocket socket(clock, *m_poller);
        QSignalSpy closed(&socket, &ListeningSocket::closed);
        connect(&socket, &ListeningSocket::accepted, this, [](int descriptor) {
            Q_UNUSED(::send(descriptor, "x", 1, MSG_NOSIGNAL));
            ::close(descriptor);
        });
        QVERIFY(socket.tryListen({ u"127.0.0.1"_s, 0 }));
        std::deque<Caller> callers;
        for (int i = 0; i < kCallers; ++i)
            callers.emplace_back(socket.endpoint().port);
        const auto all = [&](auto holds) {
            return std::all_of(callers.begin(), callers.end(), holds);
        };
        QVERIFY(eventually([&] { return all([](const Caller &c) { return c.served > 20; }); }));
        socket.beginClose();
        QVERIFY(eventually([&] { return closed.size() == 1; }));
        QVERIFY(
            eventually([&] { return all([](const Caller &c) { return c.isRefused.load(); }); }));
        for (const Caller &caller : callers)
            QCOMPARE(caller.lost.load(), 0);
    }
}

QTEST_GUILESS_MAIN(ListeningSocketTest)
#include "tst_listeningsocket.moc"
