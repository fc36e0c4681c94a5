// SPDX-License-Identifier: GPL-3.0-only
// One epoll set for many descriptors.
#include "service/http/poller.h"
#include "tests/support/rawclient.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <deque>
#include <functional>
#include <sys/socket.h>
#include <unistd.h>

using quiesce::Poller;
using quiesce::PollHandler;
using quiesce::test::eventually;

namespace {

/// One watched end of a socket pair; the other is the test's.
class Watched final : public PollHandler
{
public:
    explicit Watched(Poller &poller)
        : m_poller(poller)
    {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, m_ends) != 0
            || !poller.tryAdd(m_ends[0], EPOLLIN, this))
            qFatal("no socket pair");
    }
    ~Watched() override
    {
        leave();
        ::close(m_ends[0]);
        if (m_ends[1] >= 0)
            ::close(m_ends[1]);
    }
    Watched(const Watched &) = delete;
    Watched &operator=(const Watched &) = delete;

    void polled(std::uint32_t events) override
    {
        ++calls;
        lastEvents = events;
        if (onPolled)
            onPolled();
    }
    void leave() { m_poller.remove(m_ends[0], this); }
    void want(std::uint32_t events) { m_poller.modify(m_ends[0], events, this); }
    void write() { Q_UNUSED(::send(m_ends[1], "x", 1, MSG_NOSIGNAL)); }
    void read()
    {
        char byte;
        Q_UNUSED(::recv(m_ends[0], &byte, 1, 0));
    }
    void closeOther() { ::close(std::exchange(m_ends[1], -1)); }

    std::function<void()> onPolled;
    int calls = 0;
    std::uint32_t lastEvents = 0;

private:
    Poller &m_poller;
    int m_ends[2]{ -1, -1 };
};

} // namespace

class PollerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatCanBeRead();
    void tellsAgainUntilItIsRead();
    void tellsWhatWasAskedFor();
    void tellsOfTheEndUnasked();
    void aHandlerMayRemoveItself();
    void aHandlerMayRemoveAnotherOfTheSameBatch();
    void servesMoreThanABatchHolds();
    void leavesAnotherPollerItsTurnAfterABatch();
    void servesEachOfThoseThatAreAlwaysReady();
    void refusesWhatCannotBeWatched();
};

void PollerTest::tellsWhatCanBeRead()
{
    Poller poller;
    QSignalSpy batches(&poller, &Poller::batchDone);
    Watched a(poller);
    Watched b(poller);
    a.onPolled = [&] { a.read(); };
    a.write();
    QVERIFY(eventually([&] { return batches.size() == 1; }));
    QCOMPARE(a.calls, 1);
    QCOMPARE(a.lastEvents, std::uint32_t(EPOLLIN));
    QCOMPARE(b.calls, 0);
}

void PollerTest::tellsAgainUntilItIsRead()
{
    Poller poller;
    Watched a(poller);
    a.onPolled = [&] {
        if (a.calls == 3)
            a.read();
    };
    a.write();
    QVERIFY(eventually([&] { return a.calls == 3; }));
    QCoreApplication::processEvents();
    QCOMPARE(a.calls, 3);
}

void PollerTest::tellsWhatWasAskedFor()
{
    Poller poller;
    Watched a(poller);
    a.onPolled = [&] { a.want(0); };
    a.want(EPOLLOUT);
    QVERIFY(eventually([&] { return a.calls == 1; }));
    QCOMPARE(a.lastEvents, std::uint32_t(EPOLLOUT));
    a.write();
    QCoreApplication::processEvents();
    QCOMPARE(a.calls, 1);
}

void PollerTest::tellsOfTheEndUnasked()
{
    Poller poller;
    Watched a(poller);
    a.want(0);
    a.onPolled = [&] { a.leave(); };
    a.closeOther();
    QVERIFY(eventually([&] { return a.calls == 1; }));
    QVERIFY(a.lastEvents & EPOLLHUP);
}

void PollerTest::aHandlerMayRemoveItself()
{
    Poller poller;
    auto a = std::make_unique<Watched>(poller);
    int calls = 0;
    a->onPolled = [&] {
        ++calls;
        std::unique_ptr<Watched> gone = std::move(a); // destroys it, and this, at the end
        gone->onPolled = {};
    };
    const std::function<void()> work = a->onPolled; // survives its own removal
    a->onPolled = [&work] {
        const std::function<void()> kept = work;
        kept();
    };
    a->write();
    QVERIFY(eventually([&] { return calls == 1; }));
    QVERIFY(!a);
    QCoreApplication::processEvents();
    QCOMPARE(calls, 1);
}

void PollerTest::aHandlerMayRemoveAnotherOfTheSameBatch()
{
    Poller poller;
    QSignalSpy batches(&poller, &Poller::batchDone);
    std::vector<std::unique_ptr<Watched>> all;
    int calls = 0;
    for (int i = 0; i < 4; ++i) {
        all.push_back(std::make_unique<Watched>(poller));
        all.back()->onPolled = [&, i] {
            ++calls;
            for (int other = 0; other < 4; ++other) {
                if (other != i)
                    all[static_cast<size_t>(other)].reset();
            }
            all[static_cast<size_t>(i)]->read();
        };
    }
    for (const auto &one : all)
        one->write();
    QVERIFY(eventually([&] { return !batches.isEmpty(); }));
    QCoreApplication::processEvents();
    QCOMPARE(calls, 1); // whoever was first removed the others
}

void PollerTest::servesMoreThanABatchHolds()
{
    constexpr int kMany = Poller::kBatch + Poller::kBatch / 2;
    Poller poller;
    QSignalSpy batches(&poller, &Poller::batchDone);
    std::deque<Watched> all;
    int calls = 0;
    for (int i = 0; i < kMany; ++i) {
        Watched &one = all.emplace_back(poller);
        one.onPolled = [&] {
            ++calls;
            one.read();
        };
        one.write();
    }
    QVERIFY(eventually([&] { return calls == kMany; }));
    QCOMPARE(batches.size(), 2);
}

void PollerTest::leavesAnotherPollerItsTurnAfterABatch()
{
    Poller busy;
    Poller other;
    std::deque<Watched> all;
    int calls = 0;
    for (int i = 0; i < 4 * Poller::kBatch; ++i) {
        Watched &one = all.emplace_back(busy);
        one.onPolled = [&] { ++calls; }; // reads nothing: it is ready again at once
        one.write();
    }
    Watched operators(other);
    int callsBefore = -1;
    operators.onPolled = [&] {
        callsBefore = calls;
        operators.read();
    };
    operators.write();
    QVERIFY(eventually([&] { return operators.calls == 1; }));
    QVERIFY2(callsBefore <= Poller::kBatch, QByteArray::number(callsBefore).constData());
}

void PollerTest::servesEachOfThoseThatAreAlwaysReady()
{
    Poller poller;
    std::deque<Watched> all;
    for (int i = 0; i < 4 * Poller::kBatch; ++i)
        all.emplace_back(poller).write();
    const auto wasServed = [](const Watched &one) { return one.calls > 0; };
    QVERIFY(eventually([&] { return std::all_of(all.begin(), all.end(), wasServed); }));
    const auto [least, most] =
        std::minmax_element(all.begin(), all.end(),
                            [](const Watched &a, const Watched &b) { return a.calls < b.calls; });
    QVERIFY(most->calls - least->calls <= 1);
}

void PollerTest::refusesWhatCannotBeWatched()
{
    Poller poller;
    Watched a(poller);
    QVERIFY(!poller.tryAdd(-1, EPOLLIN, &a));
}

QTEST_GUILESS_MAIN(PollerTest)
#include "tst_poller.moc"
