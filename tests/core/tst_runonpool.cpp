// SPDX-License-Identifier: GPL-3.0-only
// runOnPool: what it hands over and gives back, and that a sanitizer can follow the handover.
#include "service/core/runonpool.h"

#include <QTest>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

using namespace quiesce;

class RunOnPoolTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_pool = std::make_unique<QThreadPool>(); }

    void givesBackWhatWorkReturns();
    void givesBackWhatWorkThrows();
    void runsNothingThatWasCancelledBefore();
    void waitingThreadsSeeWhatTheyAreHanded();

private:
    std::unique_ptr<QThreadPool> m_pool;
};

void RunOnPoolTest::givesBackWhatWorkReturns()
{
    auto movableOnly = std::make_unique<int>(7);
    QCOMPARE(runOnPool(*m_pool, [held = std::move(movableOnly)] { return *held; }).result(), 7);
    bool hasRun = false;
    QFuture<void> nothing = runOnPool(*m_pool, [&hasRun] { hasRun = true; });
    nothing.waitForFinished();
    QVERIFY(m_pool->waitForDone());
    QVERIFY(hasRun);
}

void RunOnPoolTest::givesBackWhatWorkThrows()
{
    QFuture<int> failed = runOnPool(*m_pool, []() -> int { throw std::runtime_error("no"); });
    QVERIFY_THROWS_EXCEPTION(std::exception, failed.waitForFinished());
}

void RunOnPoolTest::runsNothingThatWasCancelledBefore()
{
    m_pool->setMaxThreadCount(1);
    std::atomic<bool> isLetGo = false;
    std::atomic<int> runs = 0;
    const auto watched = std::make_shared<int>();
    QFuture<void> first = runOnPool(*m_pool, [&] { isLetGo.wait(false); });
    QFuture<void> second = runOnPool(*m_pool, [&runs, watched] { ++runs; });
    second.cancel();
    isLetGo = true;
    isLetGo.notify_one();
    QVERIFY(m_pool->waitForDone());
    QCOMPARE(runs.load(), 0);
    QCOMPARE(watched.use_count(), 1L); // let go of, too
}

/// Its point is the run under ThreadSanitizer.
void RunOnPoolTest::waitingThreadsSeeWhatTheyAreHanded()
{
    constexpr int kTasks = 300;
    constexpr int kNumbers = 50;
    m_pool->setMaxThreadCount(2);
    for (int i = 0; i < kTasks; ++i) {
        std::vector<int> numbers(kNumbers, i); // fresh memory, written here and read there
        QFuture<int> sum = runOnPool(*m_pool, [numbers = std::move(numbers)] {
            return std::accumulate(numbers.begin(), numbers.end(), 0);
        });
        QCOMPARE(sum.result(), i * kNumbers);
    }
}

QTEST_APPLESS_MAIN(RunOnPoolTest)
#include "tst_runonpool.moc"
