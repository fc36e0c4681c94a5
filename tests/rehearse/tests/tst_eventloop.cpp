// SPDX-License-Identifier: GPL-3.0-only
// Order of timers, and what may go away while an event is being handled.
#include "tests/rehearse/eventloop.h"

#include <QTest>
#include <array>
#include <optional>
#include <string>
#include <sys/epoll.h>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace quiesce::rehearse;

namespace {

struct Pipe
{
    Pipe()
    {
        int ends[2];
        if (::pipe(ends) == 0) {
            readEnd = FileDescriptor(ends[0]);
            writeEnd = FileDescriptor(ends[1]);
        }
    }
    void write() { QCOMPARE(::write(writeEnd.number(), "x", 1), ssize_t(1)); }

    FileDescriptor readEnd;
    FileDescriptor writeEnd;
};

} // namespace

class EventLoopTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firesTimersInTheOrderOfTheirInstants();
    void doesNotFireACancelledTimer();
    void givesUpAtTheDeadline();
    void asksBeforeItWaits();
    void tellsEachChangeOnce();
    void letsAWatchEndItself();
    void dropsEventsOfAWatchThatIsGone();
    void restartsATimerInItsOwnCallback();
};

void EventLoopTest::firesTimersInTheOrderOfTheirInstants()
{
    EventLoop loop;
    std::string log;
    Timer late(loop, [&] { log += "late "; });
    Timer early(loop, [&] { log += "early "; });
    const TimePoint now = Clock::now();
    late.startAt(now + 2ms);
    early.startAt(now + 1ms);
    QVERIFY(loop.runUntil([&] { return log.size() == 11; }));
    QCOMPARE(log, std::string("early late "));
    QVERIFY(Clock::now() >= now + 2ms);
}

void EventLoopTest::doesNotFireACancelledTimer()
{
    EventLoop loop;
    int fired = 0;
    int others = 0;
    Timer cancelled(loop, [&] { ++fired; });
    Timer other(loop, [&] { ++others; });
    cancelled.startIn(0ms);
    other.startIn(1ms);
    cancelled.cancel();
    QVERIFY(loop.runUntil([&] { return others == 1; }));
    QCOMPARE(fired, 0);
}

void EventLoopTest::givesUpAtTheDeadline()
{
    EventLoop loop;
    const TimePoint deadline = Clock::now() + 5ms;
    QVERIFY(!loop.runUntil([] { return false; }, deadline));
    QVERIFY(Clock::now() >= deadline);
}

void EventLoopTest::asksBeforeItWaits()
{
    EventLoop loop;
    QVERIFY(loop.runUntil([] { return true; }));
}

void EventLoopTest::tellsEachChangeOnce()
{
    EventLoop loop;
    Pipe pipe;
    int changes = 0;
    const Watch watch(loop, pipe.readEnd.number(), EPOLLIN, [&](std::uint32_t) { ++changes; });
    pipe.write();
    QVERIFY(loop.runUntil([&] { return changes == 1; }));
    QVERIFY(!loop.runUntil([&] { return changes > 1; }, Clock::now() + 5ms));
    pipe.write();
    QVERIFY(loop.runUntil([&] { return changes == 2; }));
}

void EventLoopTest::letsAWatchEndItself()
{
    EventLoop loop;
    Pipe pipe;
    int changes = 0;
    std::optional<Watch> watch;
    watch.emplace(loop, pipe.readEnd.number(), EPOLLIN, [&](std::uint32_t) {
        watch.reset();
        ++changes;
    });
    pipe.write();
    QVERIFY(loop.runUntil([&] { return changes == 1; }));
    pipe.write();
    QVERIFY(!loop.runUntil([&] { return changes > 1; }, Clock::now() + 5ms));
}

/// Two descriptors are ready in one batch; the first to be handled ends the other, and a third
/// takes over its place. Neither may get the event that was meant for the one that is gone.
void EventLoopTest::dropsEventsOfAWatchThatIsGone()
{
    EventLoop loop;
    std::array<Pipe, 3> pipes;
    std::array<std::optional<Watch>, 2> watches;
    std::optional<Watch> successor;
    int handled = 0;
    int strays = 0;
    for (std::size_t i = 0; i < watches.size(); ++i) {
        watches[i].emplace(loop, pipes[i].readEnd.number(), EPOLLIN, [&, i](std::uint32_t) {
            ++handled;
            watches[1 - i].reset();
            successor.emplace(loop, pipes[2].readEnd.number(), EPOLLIN,
                              [&](std::uint32_t) { ++strays; });
        });
    }
    pipes[0].write();
    pipes[1].write();
    QVERIFY(!loop.runUntil([&] { return handled > 1 || strays > 0; }, Clock::now() + 5ms));
    QCOMPARE(handled, 1);
}

void EventLoopTest::restartsATimerInItsOwnCallback()
{
    EventLoop loop;
    int fired = 0;
    std::optional<Timer> timer;
    timer.emplace(loop, [&] {
        if (++fired < 3)
            timer->startIn(0ms);
        else
            timer.reset();
    });
    timer->startIn(0ms);
    QVERIFY(loop.runUntil([&] { return fired == 3; }));
    QVERIFY(!timer);
}

QTEST_GUILESS_MAIN(EventLoopTest)
#include "tst_eventloop.moc"
