// SPDX-License-Identifier: GPL-3.0-only
// Stop hooks: in reverse order, each in its time, none in the way of another.
#include "common/readyfuture.h"
#include "service/core/stophooks.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QPromise>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>
#include <stdexcept>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::StopHooks;
using quiesce::StopReport;
using quiesce::test::LogRecorder;
using quiesce::test::ManualClock;

class StopHooksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void withoutHooksItFinishesQueued();
    void runsInReverseOrderOneAfterTheOther();
    void blockingHooksRunOnThePool();
    void aFailureDoesNotStopTheOthers_data();
    void aFailureDoesNotStopTheOthers();
    void aLateHookIsLeftBehind();
    void aHookThatComesAfterItsTimeChangesNothing();
    void aBlockingHookThatNeverGotAThreadNeverRuns();
    void eachHookHasItsOwnTime();
    void longestRunIsTheSumOfAllTimeouts();
    void tellsWhichHookRunsAndForHowLong();
    void skippingLetsGoOfTheRunningOne();
    void skippingBeforeTheRunSkipsAll();
    void skippingAfterTheRunChangesNothing();
    void aHookMaySkipTheRestItself_data();
    void aHookMaySkipTheRestItself();
    void finishesOnceForARunInWhichEverythingHappens();

private:
    void addReady(const QString &name);
    /// Waits for the end of a run whose hooks need no time.
    bool waitForFinish() { return !m_finished->isEmpty() || m_finished->wait(); }
    [[nodiscard]] QStringList results() const;

    ManualClock m_clock;
    std::unique_ptr<QThreadPool> m_pool;
    std::unique_ptr<StopHooks> m_hooks;
    std::unique_ptr<QSignalSpy> m_finished;
    std::unique_ptr<LogRecorder> m_log;
    QStringList m_ran;
};

void StopHooksTest::init()
{
    m_ran.clear();
    m_pool = std::make_unique<QThreadPool>();
    m_hooks = std::make_unique<StopHooks>(m_clock, *m_pool);
    m_finished = std::make_unique<QSignalSpy>(m_hooks.get(), &StopHooks::finished);
    m_log = std::make_unique<LogRecorder>("quiesce.hooks");
}

void StopHooksTest::cleanup()
{
    m_finished.reset();
    m_hooks.reset();
    m_pool.reset();
    m_log.reset();
    QCOMPARE(m_clock.alarmsSet(), 0);
}

void StopHooksTest::addReady(const QString &name)
{
    m_hooks->addAsync(name, [this, name] {
        m_ran << name;
        return quiesce::readyFuture();
    });
}

QStringList StopHooksTest::results() const
{
    QStringList results;
    for (const StopReport::Hook &hook : m_hooks->results())
        results << u"%1 %2 %3"_s.arg(hook.name, hook.result).arg(hook.duration.count());
    return results;
}

void StopHooksTest::withoutHooksItFinishesQueued()
{
    m_hooks->run();
    QCOMPARE(m_finished->count(), 0);
    QVERIFY(waitForFinish());
    QCOMPARE(m_finished->count(), 1);
    QVERIFY(m_hooks->allSucceeded());
    QCOMPARE(m_hooks->results().size(), 0);
}

void StopHooksTest::runsInReverseOrderOneAfterTheOther()
{
    QPromise<void> second;
    addReady(u"first"_s);
    m_hooks->addAsync(u"second"_s, [&] {
        m_ran << u"second"_s;
        second.start();
        return second.future();
    });
    addReady(u"third"_s);
    QVERIFY(!m_hooks->allSucceeded()); // none has run
    m_hooks->run();
    QTRY_COMPARE(m_ran, (QStringList{ u"third"_s, u"second"_s }));
    m_clock.advance(30ms);
    QCOMPARE(m_ran.size(), 2); // the first waits for the second
    second.finish();
    QVERIFY(waitForFinish());
    QCOMPARE(m_ran, (QStringList{ u"third"_s, u"second"_s, u"first"_s }));
    QCOMPARE(results(), (QStringList{ u"third ok 0"_s, u"second ok 30"_s, u"first ok 0"_s }));
    QVERIFY(m_hooks->allSucceeded());
    QCOMPARE(m_log->lines().size(), 0);
}

void StopHooksTest::blockingHooksRunOnThePool()
{
    std::atomic<QThread *> ranOn = nullptr;
    m_hooks->addBlocking(u"flush"_s, [&] { ranOn = QThread::currentThread(); });
    m_hooks->run();
    QVERIFY(waitForFinish());
    QVERIFY(ranOn.load());
    QVERIFY(ranOn.load() != thread());
    QCOMPARE(results(), QStringList{ u"flush ok 0"_s });
}

void StopHooksTest::aFailureDoesNotStopTheOthers_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("reason");
    QTest::newRow("a blocking hook throws") << u"blocking"_s << u"\"no space\""_s;
    QTest::newRow("a blocking hook throws what is no exception")
        << u"int"_s << u"\"unknown exception\""_s;
    QTest::newRow("an asynchronous hook throws at once") << u"at once"_s << u"\"no space\""_s;
    QTest::newRow("its future fails") << u"future"_s << u"\"no space\""_s;
    QTest::newRow("its future is cancelled") << u"cancelled"_s << u"cancelled"_s;
    QTest::newRow("its future is none") << u"none"_s << u"cancelled"_s;
}

void StopHooksTest::aFailureDoesNotStopTheOthers()
{
    QFETCH(QString, kind);
    QFETCH(QString, reason);
    addReady(u"other"_s);
    if (kind == u"blocking"_s) {
        m_hooks->addBlocking(u"bad"_s, [] { throw std::runtime_error("no space"); });
    } else if (kind == u"int"_s) {
        m_hooks->addBlocking(u"bad"_s, [] { throw 7; });
    } else {
        m_hooks->addAsync(u"bad"_s, [kind]() -> QFuture<void> {
            if (kind == u"at once"_s)
                throw std::runtime_error("no space");
            if (kind == u"none"_s)
                return {};
            QPromise<void> promise;
            promise.start();
            if (kind == u"future"_s)
                promise.setException(std::make_exception_ptr(std::runtime_error("no space")));
            else
                promise.future().cancel();
            promise.finish();
            return promise.future();
        });
    }
    m_hooks->run();
    QVERIFY(waitForFinish());
    QCOMPARE(results(), (QStringList{ u"bad failed 0"_s, u"other ok 0"_s }));
    QVERIFY(!m_hooks->allSucceeded());
    QCOMPARE(m_log->lines(),
             QStringList{ u"warning: stop hook failed hook=bad reason="_s + reason });
}

void StopHooksTest::aLateHookIsLeftBehind()
{
    QPromise<void> late;
    late.start();
    addReady(u"other"_s);
    m_hooks->addAsync(
        u"late"_s, [&] { return late.future(); }, 500ms);
    m_hooks->run();
    m_clock.advance(499ms);
    QCOMPARE(m_hooks->results().size(), 0);
    m_clock.advance(1ms);
    QVERIFY(waitForFinish());
    QCOMPARE(results(), (QStringList{ u"late timed-out 500"_s, u"other ok 0"_s }));
    QVERIFY(late.isCanceled()); // it has been asked
    QVERIFY(!m_hooks->allSucceeded());
    QCOMPARE(m_log->lines(),
             QStringList{ u"warning: stop hook failed hook=late reason=\"timed out\""_s });
    late.finish();
}

void StopHooksTest::aHookThatComesAfterItsTimeChangesNothing()
{
    QPromise<void> late;
    QPromise<void> current;
    late.start();
    current.start();
    m_hooks->addAsync(u"current"_s, [&] { return current.future(); });
    m_hooks->addAsync(
        u"late"_s, [&] { return late.future(); }, 10ms);
    m_hooks->run();
    m_clock.advance(10ms);
    late.finish();
    QCoreApplication::processEvents();
    QCOMPARE(m_hooks->current(), u"current"_s);
    current.finish();
    QVERIFY(waitForFinish());
    QCOMPARE(results(), (QStringList{ u"late timed-out 10"_s, u"current ok 0"_s }));
}

void StopHooksTest::aBlockingHookThatNeverGotAThreadNeverRuns()
{
    QSemaphore busy;
    std::atomic<int> ran = 0;
    m_pool->setMaxThreadCount(1);
    m_pool->start([&] { busy.acquire(); });
    m_hooks->addBlocking(u"queued"_s, [&] { ++ran; });
    m_hooks->run();
    m_clock.advance(2s);
    QVERIFY(waitForFinish());
    QCOMPARE(results(), QStringList{ u"queued timed-out 2000"_s });
    busy.release();
    m_pool->waitForDone();
    QCOMPARE(ran.load(), 0);
}

void StopHooksTest::eachHookHasItsOwnTime()
{
    QPromise<void> never;
    never.start();
    m_hooks->setDefaultTimeout(300ms);
    m_hooks->addAsync(u"a"_s, [&] { return never.future(); });
    m_hooks->addAsync(
        u"b"_s, [&] { return never.future(); }, 700ms);
    m_hooks->run();
    m_clock.advance(10s);
    QVERIFY(waitForFinish());
    QCOMPARE(m_hooks->results().size(), 2);
    QCOMPARE(m_hooks->results().at(0).duration, 700ms);
}

void StopHooksTest::longestRunIsTheSumOfAllTimeouts()
{
    QCOMPARE(m_hooks->longestRun(), 0ms);
    addReady(u"default"_s);
    m_hooks->addBlocking(
        u"own"_s, [] {}, 750ms);
    QCOMPARE(m_hooks->longestRun(), 2'750ms);
    m_hooks->setDefaultTimeout(100ms);
    QCOMPARE(m_hooks->longestRun(), 850ms);
    m_hooks->run();
    QVERIFY(waitForFinish());
}

void StopHooksTest::tellsWhichHookRunsAndForHowLong()
{
    QPromise<void> flush;
    flush.start();
    m_hooks->addAsync(u"flush"_s, [&] { return flush.future(); });
    QCOMPARE(m_hooks->current(), QString());
    QCOMPARE(m_hooks->currentAge(), 0ms);
    m_hooks->run();
    m_clock.advance(120ms);
    QCOMPARE(m_hooks->current(), u"flush"_s);
    QCOMPARE(m_hooks->currentAge(), 120ms);
    flush.finish();
    QVERIFY(waitForFinish());
    QCOMPARE(m_hooks->current(), QString());
    QCOMPARE(m_hooks->currentAge(), 0ms);
}

void StopHooksTest::skippingLetsGoOfTheRunningOne()
{
    QPromise<void> running;
    running.start();
    addReady(u"first"_s);
    m_hooks->addAsync(u"second"_s, [&] { return running.future(); });
    addReady(u"third"_s);
    m_hooks->run();
    QTRY_COMPARE(m_hooks->current(), u"second"_s);
    m_clock.advance(5ms);
    m_hooks->skipRest();
    QCOMPARE(m_finished->count(), 0);
    running.finish();
    QVERIFY(waitForFinish());
    QCOMPARE(results(),
             (QStringList{ u"third ok 0"_s, u"second skipped 5"_s, u"first skipped 0"_s }));
    QCOMPARE(m_ran, QStringList{ u"third"_s });
    QVERIFY(!m_hooks->allSucceeded());
}

void StopHooksTest::skippingBeforeTheRunSkipsAll()
{
    addReady(u"a"_s);
    addReady(u"b"_s);
    m_hooks->skipRest();
    QCOMPARE(results(), (QStringList{ u"b skipped 0"_s, u"a skipped 0"_s }));
    QCoreApplication::processEvents();
    QCOMPARE(m_finished->count(), 0); // nothing ran, nothing finishes
    m_hooks->run();
    QVERIFY(waitForFinish());
    QCOMPARE(m_ran, QStringList());
    QCOMPARE(m_hooks->results().size(), 2);
}

void StopHooksTest::skippingAfterTheRunChangesNothing()
{
    addReady(u"a"_s);
    m_hooks->run();
    QVERIFY(waitForFinish());
    m_hooks->skipRest();
    QCoreApplication::processEvents();
    QCOMPARE(m_finished->count(), 1);
    QCOMPARE(results(), QStringList{ u"a ok 0"_s });
}

void StopHooksTest::aHookMaySkipTheRestItself_data()
{
    QTest::addColumn<bool>("alsoThrows");
    QTest::newRow("and returns") << false;
    QTest::newRow("and throws") << true;
}

void StopHooksTest::aHookMaySkipTheRestItself()
{
    QFETCH(bool, alsoThrows);
    addReady(u"other"_s);
    m_hooks->addAsync(u"forcing"_s, [&] {
        m_hooks->skipRest();
        if (alsoThrows)
            throw std::runtime_error("after all");
        return quiesce::readyFuture();
    });
    m_hooks->run();
    QVERIFY(waitForFinish());
    QCoreApplication::processEvents();
    QCOMPARE(m_finished->count(), 1);
    QCOMPARE(results(), (QStringList{ u"forcing skipped 0"_s, u"other skipped 0"_s }));
}

void StopHooksTest::finishesOnceForARunInWhichEverythingHappens()
{
    QPromise<void> never;
    never.start();
    addReady(u"ready"_s);
    m_hooks->addAsync(
        u"late"_s, [&] { return never.future(); }, 1ms);
    m_hooks->addBlocking(u"throwing"_s, [] { throw std::runtime_error("no"); });
    m_hooks->addBlocking(u"blocking"_s, [] {});
    m_hooks->run();
    QTRY_COMPARE(m_hooks->current(), u"late"_s);
    m_clock.advance(1ms);
    QVERIFY(waitForFinish());
    m_clock.advance(1h);
    QCOMPARE(m_finished->count(), 1);
    QCOMPARE(results(),
             (QStringList{ u"blocking ok 0"_s, u"throwing failed 0"_s, u"late timed-out 1"_s,
                           u"ready ok 0"_s }));
}

QTEST_GUILESS_MAIN(StopHooksTest)
#include "tst_stophooks.moc"
