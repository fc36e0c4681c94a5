// SPDX-License-Identifier: GPL-3.0-only
// The soft notice: told once, with the deadline, and taken back by a resume.
#include "service/core/stopnotice.h"

#include <QTest>
#include <atomic>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using quiesce::SteadyTime;
using quiesce::StopNotice;

namespace {

const SteadyTime kDeadline{ 1h };

} // namespace

class StopNoticeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysNothingBeforeAStop();
    void tellsOfTheStopAndItsDeadline();
    void aCallbackAlreadySeesTheDeadline();
    void aMovedDeadlineIsSeenWithoutATokenOfItsOwn();
    void cannotMoveADeadlineThatIsNotThere();
    void undoHandsOutAFreshTokenAndWhoWasToldStaysTold();
    void undoWithoutAStopKeepsTheTokensThatAreOut();
    void beginningTwiceTellsOnce();
    void maySpeakWithManyThreadsAtOnce();
};

void StopNoticeTest::saysNothingBeforeAStop()
{
    const StopNotice notice;
    QVERIFY(!notice.hasBegun());
    QVERIFY(!notice.deadline());
    QVERIFY(notice.token().stop_possible());
    QVERIFY(!notice.token().stop_requested());
}

void StopNoticeTest::tellsOfTheStopAndItsDeadline()
{
    StopNotice notice;
    const std::stop_token token = notice.token();
    notice.begin(kDeadline);
    QVERIFY(notice.hasBegun());
    QVERIFY(notice.deadline() == kDeadline);
    QVERIFY(token.stop_requested());
    QVERIFY(notice.token().stop_requested());
}

void StopNoticeTest::aCallbackAlreadySeesTheDeadline()
{
    StopNotice notice;
    std::optional<SteadyTime> seen;
    const std::stop_callback callback(notice.token(), [&] { seen = notice.deadline(); });
    notice.begin(kDeadline);
    QVERIFY(seen == kDeadline);
}

void StopNoticeTest::aMovedDeadlineIsSeenWithoutATokenOfItsOwn()
{
    StopNotice notice;
    notice.begin(kDeadline);
    notice.moveDeadline(kDeadline + 5s);
    QVERIFY(notice.deadline() == kDeadline + 5s);
}

void StopNoticeTest::cannotMoveADeadlineThatIsNotThere()
{
    StopNotice notice;
    notice.moveDeadline(kDeadline);
    QVERIFY(!notice.hasBegun());
    QVERIFY(!notice.token().stop_requested());
}

void StopNoticeTest::undoHandsOutAFreshTokenAndWhoWasToldStaysTold()
{
    StopNotice notice;
    const std::stop_token told = notice.token();
    notice.begin(kDeadline);
    notice.undo();
    QVERIFY(!notice.hasBegun());
    QVERIFY(!notice.deadline());
    QVERIFY(told.stop_requested());
    const std::stop_token fresh = notice.token();
    QVERIFY(!fresh.stop_requested());
    notice.begin(kDeadline + 1s);
    QVERIFY(fresh.stop_requested());
    QVERIFY(notice.deadline() == kDeadline + 1s);
}

void StopNoticeTest::undoWithoutAStopKeepsTheTokensThatAreOut()
{
    StopNotice notice;
    const std::stop_token token = notice.token();
    notice.undo();
    notice.begin(kDeadline);
    QVERIFY(token.stop_requested());
}

void StopNoticeTest::beginningTwiceTellsOnce()
{
    StopNotice notice;
    int told = 0;
    const std::stop_callback callback(notice.token(), [&] { ++told; });
    notice.begin(kDeadline);
    notice.begin(kDeadline + 1s);
    QCOMPARE(told, 1);
    QVERIFY(notice.deadline() == kDeadline + 1s);
}

void StopNoticeTest::maySpeakWithManyThreadsAtOnce()
{
    StopNotice notice;
    std::atomic<int> told = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            const std::stop_token token = notice.token();
            while (!token.stop_requested())
                std::this_thread::yield();
            told += notice.deadline().has_value() ? 1 : 0;
        });
    }
    notice.begin(kDeadline);
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(told.load(), 4);
}

QTEST_GUILESS_MAIN(StopNoticeTest)
#include "tst_stopnotice.moc"
