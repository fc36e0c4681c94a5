// SPDX-License-Identifier: GPL-3.0-only
// What is in flight: counted exactly, waited for once, told to give up, cut, tallied.
#include "common/readyfuture.h"
#include "service/core/inflight.h"
#include "tests/support/fakework.h"
#include "tests/support/manualclock.h"

#include <QPromise>
#include <QSignalSpy>
#include <QTest>
#include <QtConcurrentRun>
#include <deque>
#include <stdexcept>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::InFlight;
using quiesce::StopReport;
using quiesce::WorkKind;
using quiesce::WorkOutcome;
using quiesce::test::FakeWork;
using quiesce::test::ManualClock;

namespace {

/// A promise of which InFlight holds the future, as a task begun.
template <typename T>
struct Tracked
{
    explicit Tracked(InFlight &inFlight, const QString &label = u"task"_s)
    {
        promise.start();
        inFlight.track(promise.future(), WorkKind::Task, label);
    }
    QPromise<T> promise;
};

qint64 accountedFor(const StopReport::Requests &requests)
{
    return requests.drained + requests.cancelled + requests.aborted;
}

qint64 counted(const StopReport::Requests &requests)
{
    return requests.inFlightAtStop + requests.acceptedDuringStop;
}

} // namespace

class InFlightTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void countsEachKindForItself();
    void endingTwiceCountsOnce();
    void anItemMayBeginAgain();
    void namesWhatItWaitsForOldestFirst();
    void keepsItsOrderWhateverEndsFirst_data();
    void keepsItsOrderWhateverEndsFirst();
    void oldestAgeIsOfItsKind();

    void drainedComesQueuedWhenNothingIsInFlight();
    void drainedComesOnceWhenTheLastEnds();
    void drainedIsPutOffByWhatBeginsBeforeItIsDelivered();
    void drainedIsNotSentAfterEndDrain();
    void drainedComesOnceForEachBeginDrain();
    void beginningADrainTwiceIsOneDrain();
    void emptyingWithoutADrainSaysNothing();

    void cancelTellsEachOnceAndTakesNoneOut();
    void cutEndsEach();
    void whatEndsMeanwhileIsPassedOver_data();
    void whatEndsMeanwhileIsPassedOver();
    void whatBeginsMeanwhileIsLeftAlone();
    void cuttingInsideACancelIsSafe();
    void itemsMayBeDeletedWhileBeingCut();

    void holdsAFutureUntilItIsFinished();
    void aFutureFinishedOnAnotherThreadEndsHere();
    void aFutureFinishedBeforeTrackingEndsAtTheNextTurn();
    void aFailedFutureCountsAsDone();
    void aFutureItsOwnSideCancelledCountsAsDone();
    void theDeadlineCancelsAFuture();
    void aCancelAfterTheFutureFinishedDoesNotSpoilIt();
    void aCutFutureIsLetGo();
    void trackingLeavesTheFuturesContinuationToItsOwner();
    void destructionLetsGoOfEverything();

    void tallyCountsByOutcome_data();
    void tallyCountsByOutcome();
    void tallyTellsBeforeFromDuring();
    void tallyLeavesOtherKindsOutOfRequests();
    void tallyBeginsAnew();
    void endTallyForgets();
    void tallyAddsUpAfterAnyMixture();
    void lostWorkIsThatOfRequestsJobsAndTasks_data();
    void lostWorkIsThatOfRequestsJobsAndTasks();
    void keepsTheLastTwentyToFinishLastFirst();
    void saysWhenEachOfTheLastEnded();
    void tellsTheEndOfEachRequestDuringATally();

private:
    FakeWork &begin(WorkKind kind = WorkKind::Request, const QString &label = u"GET /work"_s);
    [[nodiscard]] int drainedNow();
    [[nodiscard]] QStringList waitingLabels() const;

    ManualClock m_clock;
    std::unique_ptr<InFlight> m_inFlight;
    std::deque<FakeWork> m_items;
    std::unique_ptr<QSignalSpy> m_drained;
};

void InFlightTest::init()
{
    m_inFlight = std::make_unique<InFlight>(m_clock);
    m_drained = std::make_unique<QSignalSpy>(m_inFlight.get(), &InFlight::drained);
}

void InFlightTest::cleanup()
{
    m_items.clear();
    m_drained.reset();
    m_inFlight.reset();
}

FakeWork &InFlightTest::begin(WorkKind kind, const QString &label)
{
    FakeWork &item = m_items.emplace_back(*m_inFlight, kind, label);
    item.begin();
    return item;
}

int InFlightTest::drainedNow()
{
    QCoreApplication::processEvents();
    return static_cast<int>(m_drained->count());
}

QStringList InFlightTest::waitingLabels() const
{
    QStringList labels;
    for (const quiesce::WaitingOn &row : m_inFlight->waitingOn(100))
        labels << row.what.label;
    return labels;
}

void InFlightTest::countsEachKindForItself()
{
    QVERIFY(m_inFlight->isEmpty());
    begin(WorkKind::Request);
    begin(WorkKind::Request).end();
    FakeWork &job = begin(WorkKind::Job);
    begin(WorkKind::Listener);
    QCOMPARE(m_inFlight->count(WorkKind::Request), 1);
    QCOMPARE(m_inFlight->count(WorkKind::Job), 1);
    QCOMPARE(m_inFlight->count(WorkKind::Task), 0);
    QCOMPARE(m_inFlight->count(WorkKind::Connection), 0);
    QCOMPARE(m_inFlight->count(WorkKind::Listener), 1);
    QVERIFY(job.isInFlight());
    for (FakeWork &item : m_items)
        item.end();
    QVERIFY(m_inFlight->isEmpty());
    QVERIFY(!job.isInFlight());
    QCOMPARE(m_inFlight->count(WorkKind::Request), 0);
}

void InFlightTest::endingTwiceCountsOnce()
{
    m_inFlight->beginTally();
    FakeWork &item = begin();
    item.end(WorkOutcome::Drained);
    item.end(WorkOutcome::Aborted);
    QCOMPARE(m_inFlight->count(WorkKind::Request), 0);
    QCOMPARE(m_inFlight->requestTally().drained, 1);
    QCOMPARE(m_inFlight->requestTally().aborted, 0);
    QVERIFY(!m_inFlight->hasLostWork());
}

void InFlightTest::anItemMayBeginAgain()
{
    FakeWork &item = begin(WorkKind::Request, u"first"_s);
    begin(WorkKind::Request, u"second"_s);
    m_clock.advance(3s);
    item.end();
    item.begin();
    QCOMPARE(m_inFlight->count(WorkKind::Request), 2);
    QCOMPARE(waitingLabels(), (QStringList{ u"second"_s, u"first"_s }));
    QCOMPARE(m_inFlight->waitingOn(2).at(1).age, 0ms);
}

void InFlightTest::namesWhatItWaitsForOldestFirst()
{
    begin(WorkKind::Request, u"oldest"_s);
    m_clock.advance(250ms);
    begin(WorkKind::Job, u"middle"_s);
    begin(WorkKind::Task, u"newest"_s);
    const QList<quiesce::WaitingOn> rows = m_inFlight->waitingOn(2);
    QCOMPARE(rows.size(), 2);
    QCOMPARE(rows[0].what.label, u"oldest"_s);
    QCOMPARE(rows[0].what.id, u"id of oldest"_s);
    QCOMPARE(rows[0].age, 250ms);
    QCOMPARE(QString(toWire(rows[1].kind)), u"job"_s);
    QCOMPARE(rows[1].age, 0ms);
    QCOMPARE(m_inFlight->waitingOn(0).size(), 0);
    QCOMPARE(m_inFlight->waitingOn(100).size(), 3);
}

void InFlightTest::keepsItsOrderWhateverEndsFirst_data()
{
    QTest::addColumn<int>("ended");
    QTest::addColumn<QStringList>("left");
    QTest::newRow("oldest") << 0 << QStringList{ u"1"_s, u"2"_s, u"3"_s };
    QTest::newRow("in between") << 1 << QStringList{ u"0"_s, u"2"_s, u"3"_s };
    QTest::newRow("newest") << 2 << QStringList{ u"0"_s, u"1"_s, u"3"_s };
}

void InFlightTest::keepsItsOrderWhateverEndsFirst()
{
    QFETCH(int, ended);
    QFETCH(QStringList, left);
    for (int i = 0; i < 3; ++i)
        begin(WorkKind::Request, QString::number(i));
    m_items[static_cast<size_t>(ended)].end();
    begin(WorkKind::Request, u"3"_s);
    QCOMPARE(waitingLabels(), left);
}

void InFlightTest::oldestAgeIsOfItsKind()
{
    QCOMPARE(m_inFlight->oldestAge(WorkKind::Request), 0ms);
    begin(WorkKind::Connection);
    m_clock.advance(100ms);
    FakeWork &oldest = begin(WorkKind::Request);
    m_clock.advance(20ms);
    begin(WorkKind::Request);
    m_clock.advance(3ms);
    QCOMPARE(m_inFlight->oldestAge(WorkKind::Request), 23ms);
    QCOMPARE(m_inFlight->oldestAge(WorkKind::Connection), 123ms);
    QCOMPARE(m_inFlight->oldestAge(WorkKind::Job), 0ms);
    oldest.end();
    QCOMPARE(m_inFlight->oldestAge(WorkKind::Request), 3ms);
}

void InFlightTest::drainedComesQueuedWhenNothingIsInFlight()
{
    m_inFlight->beginDrain();
    QCOMPARE(m_drained->count(), 0);
    QCOMPARE(drainedNow(), 1);
    QCOMPARE(drainedNow(), 1);
}

void InFlightTest::drainedComesOnceWhenTheLastEnds()
{
    FakeWork &first = begin();
    FakeWork &last = begin(WorkKind::Connection);
    m_inFlight->beginDrain();
    first.end();
    QCOMPARE(drainedNow(), 0);
    last.end();
    QCOMPARE(m_drained->count(), 0);
    QCOMPARE(drainedNow(), 1);
}

void InFlightTest::drainedIsPutOffByWhatBeginsBeforeItIsDelivered()
{
    FakeWork &first = begin();
    m_inFlight->beginDrain();
    first.end();
    FakeWork &late = begin();
    QCOMPARE(drainedNow(), 0);
    late.end();
    first.begin();
    first.end();
    QCOMPARE(drainedNow(), 1);
}

void InFlightTest::drainedIsNotSentAfterEndDrain()
{
    m_inFlight->beginDrain();
    m_inFlight->endDrain();
    QCOMPARE(drainedNow(), 0);
    begin().end();
    QCOMPARE(drainedNow(), 0);
}

void InFlightTest::drainedComesOnceForEachBeginDrain()
{
    m_inFlight->beginDrain();
    m_inFlight->endDrain();
    m_inFlight->beginDrain();
    QCOMPARE(drainedNow(), 1);
    begin().end();
    QCOMPARE(drainedNow(), 1);
    m_inFlight->beginDrain();
    QCOMPARE(drainedNow(), 2);
}

void InFlightTest::beginningADrainTwiceIsOneDrain()
{
    FakeWork &item = begin();
    m_inFlight->beginDrain();
    m_inFlight->beginDrain();
    item.end();
    QCOMPARE(drainedNow(), 1);
}

void InFlightTest::emptyingWithoutADrainSaysNothing()
{
    begin().end();
    QCOMPARE(drainedNow(), 0);
}

void InFlightTest::cancelTellsEachOnceAndTakesNoneOut()
{
    for (int i = 0; i < 3; ++i)
        begin();
    m_items[1].end();
    m_inFlight->cancelAll();
    QCOMPARE(m_items[0].cancels, 1);
    QCOMPARE(m_items[1].cancels, 0);
    QCOMPARE(m_items[2].cancels, 1);
    QCOMPARE(m_items[0].cuts, 0);
    QCOMPARE(m_inFlight->count(WorkKind::Request), 2);
}

void InFlightTest::cutEndsEach()
{
    for (int i = 0; i < 3; ++i)
        begin();
    m_inFlight->beginDrain();
    m_inFlight->cutAll();
    QVERIFY(m_inFlight->isEmpty());
    for (const FakeWork &item : m_items)
        QCOMPARE(item.cuts, 1);
    QCOMPARE(drainedNow(), 1);
}

void InFlightTest::whatEndsMeanwhileIsPassedOver_data()
{
    QTest::addColumn<QList<int>>("ending"); // these end while the second of five is told
    QTest::addColumn<QList<int>>("told");
    QTest::newRow("itself") << QList<int>{ 1 } << QList<int>{ 1, 1, 1, 1, 1 };
    QTest::newRow("the next") << QList<int>{ 2 } << QList<int>{ 1, 1, 0, 1, 1 };
    QTest::newRow("the one before") << QList<int>{ 0 } << QList<int>{ 1, 1, 1, 1, 1 };
    QTest::newRow("itself and the next two")
        << QList<int>{ 3, 2, 1 } << QList<int>{ 1, 1, 0, 0, 1 };
    QTest::newRow("all") << QList<int>{ 0, 1, 2, 3, 4 } << QList<int>{ 1, 1, 0, 0, 0 };
}

void InFlightTest::whatEndsMeanwhileIsPassedOver()
{
    QFETCH(QList<int>, ending);
    QFETCH(QList<int>, told);
    for (int i = 0; i < 5; ++i)
        begin();
    m_items[1].onCancel = [&] {
        for (const int i : ending)
            m_items[static_cast<size_t>(i)].end(WorkOutcome::Cancelled);
    };
    m_inFlight->cancelAll();
    QList<int> seen;
    for (const FakeWork &item : m_items)
        seen << item.cancels;
    QCOMPARE(seen, told);
    QCOMPARE(m_inFlight->count(WorkKind::Request), 5 - static_cast<int>(ending.size()));
}

void InFlightTest::whatBeginsMeanwhileIsLeftAlone()
{
    FakeWork &item = begin();
    FakeWork late(*m_inFlight);
    item.onCut = [&] {
        item.end(WorkOutcome::Aborted);
        late.begin();
        item.begin(); // as a connection does that goes on to its next request
    };
    m_inFlight->cutAll();
    QCOMPARE(item.cuts, 1);
    QCOMPARE(late.cuts, 0);
    QCOMPARE(m_inFlight->count(WorkKind::Request), 2);
}

void InFlightTest::cuttingInsideACancelIsSafe()
{
    for (int i = 0; i < 4; ++i)
        begin();
    m_items[1].onCancel = [&] { m_inFlight->cutAll(); };
    m_inFlight->cancelAll();
    QVERIFY(m_inFlight->isEmpty());
    QCOMPARE(m_items[0].cancels + m_items[1].cancels, 2);
    QCOMPARE(m_items[2].cancels + m_items[3].cancels, 0);
    for (const FakeWork &item : m_items)
        QCOMPARE(item.cuts, 1);
}

void InFlightTest::itemsMayBeDeletedWhileBeingCut()
{
    auto first = std::make_unique<FakeWork>(*m_inFlight);
    auto second = std::make_unique<FakeWork>(*m_inFlight);
    auto third = std::make_unique<FakeWork>(*m_inFlight);
    for (FakeWork *item : { first.get(), second.get(), third.get() })
        item->begin();
    first->onCut = [&] {
        second.reset(); // its destructor ends it
        first->end(WorkOutcome::Aborted);
    };
    m_inFlight->cutAll();
    QVERIFY(m_inFlight->isEmpty());
    QCOMPARE(third->cuts, 1);
}

void InFlightTest::holdsAFutureUntilItIsFinished()
{
    Tracked<int> task(*m_inFlight, u"index the mail"_s);
    QCOMPARE(m_inFlight->count(WorkKind::Task), 1);
    QCOMPARE(waitingLabels(), QStringList{ u"index the mail"_s });
    m_inFlight->beginDrain();
    QCOMPARE(drainedNow(), 0);
    task.promise.addResult(7);
    task.promise.finish();
    QTRY_COMPARE(m_inFlight->count(WorkKind::Task), 0);
    QCOMPARE(drainedNow(), 1);
}

void InFlightTest::aFutureFinishedOnAnotherThreadEndsHere()
{
    m_inFlight->beginTally();
    QThreadPool pool;
    for (int i = 0; i < 20; ++i)
        m_inFlight->track(QtConcurrent::run(&pool, [] { return 1; }), WorkKind::Task, u"task"_s);
    QCOMPARE(m_inFlight->count(WorkKind::Task), 20);
    m_inFlight->beginDrain();
    QVERIFY(m_drained->wait());
    QCOMPARE(m_inFlight->count(WorkKind::Task), 0);
    QVERIFY(!m_inFlight->hasLostWork());
}

void InFlightTest::aFutureFinishedBeforeTrackingEndsAtTheNextTurn()
{
    m_inFlight->track(quiesce::readyFuture(), WorkKind::Task, u"task"_s);
    QCOMPARE(m_inFlight->count(WorkKind::Task), 1);
    QTRY_COMPARE(m_inFlight->count(WorkKind::Task), 0);
}

void InFlightTest::aFailedFutureCountsAsDone()
{
    m_inFlight->beginTally();
    Tracked<void> task(*m_inFlight);
    task.promise.setException(std::make_exception_ptr(std::runtime_error("no")));
    task.promise.finish();
    QTRY_COMPARE(m_inFlight->count(WorkKind::Task), 0);
    QVERIFY(!m_inFlight->hasLostWork());
    QCOMPARE(m_inFlight->slowest().value(0).outcome, u"drained"_s);
}

void InFlightTest::aFutureItsOwnSideCancelledCountsAsDone()
{
    m_inFlight->beginTally();
    Tracked<void> task(*m_inFlight);
    task.promise.future().cancel();
    task.promise.finish();
    QTRY_COMPARE(m_inFlight->count(WorkKind::Task), 0);
    QVERIFY(!m_inFlight->hasLostWork());
}

void InFlightTest::theDeadlineCancelsAFuture()
{
    m_inFlight->beginTally();
    Tracked<void> task(*m_inFlight);
    m_inFlight->cancelAll();
    QVERIFY(task.promise.isCanceled());
    QCOMPARE(m_inFlight->count(WorkKind::Task), 1); // asked, but not gone yet
    task.promise.finish();
    QTRY_COMPARE(m_inFlight->count(WorkKind::Task), 0);
    QVERIFY(m_inFlight->hasLostWork());
    QCOMPARE(m_inFlight->slowest().value(0).outcome, u"cancelled"_s);
}

void InFlightTest::aCancelAfterTheFutureFinishedDoesNotSpoilIt()
{
    m_inFlight->beginTally();
    Tracked<void> cancelled(*m_inFlight);
    cancelled.promise.finish();
    m_inFlight->cancelAll(); // the news of its end is still on its way
    Tracked<void> cut(*m_inFlight);
    cut.promise.finish();
    m_inFlight->cutAll();
    QCOMPARE(m_inFlight->count(WorkKind::Task), 0);
    QCoreApplication::processEvents();
    QCOMPARE(m_inFlight->slowest().size(), 2);
    QCOMPARE(m_inFlight->slowest().at(0).outcome, u"drained"_s);
    QCOMPARE(m_inFlight->slowest().at(1).outcome, u"drained"_s);
    QVERIFY(!m_inFlight->hasLostWork());
}

void InFlightTest::aCutFutureIsLetGo()
{
    m_inFlight->beginTally();
    Tracked<void> task(*m_inFlight);
    m_inFlight->cutAll();
    QVERIFY(m_inFlight->isEmpty());
    QVERIFY(m_inFlight->hasLostWork());
    QVERIFY(task.promise.isCanceled());
    task.promise.finish();
    QCoreApplication::processEvents();
    QCOMPARE(m_inFlight->slowest().size(), 1);
    QCOMPARE(m_inFlight->slowest().at(0).outcome, u"aborted"_s);
}

void InFlightTest::trackingLeavesTheFuturesContinuationToItsOwner()
{
    QPromise<int> promise;
    promise.start();
    int seen = 0;
    promise.future().then(this, [&](int value) { seen = value; });
    m_inFlight->track(promise.future(), WorkKind::Task, u"task"_s);
    promise.addResult(7);
    promise.finish();
    QTRY_COMPARE(m_inFlight->count(WorkKind::Task), 0);
    QTRY_COMPARE(seen, 7);
}

void InFlightTest::destructionLetsGoOfEverything()
{
    Tracked<void> task(*m_inFlight);
    FakeWork &item = begin();
    m_inFlight.reset();
    QVERIFY(!item.isInFlight());
    m_items.clear();
    task.promise.finish();
    QCoreApplication::processEvents();
    QVERIFY(!task.promise.isCanceled());
}

void InFlightTest::tallyCountsByOutcome_data()
{
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QList<qint64>>("drainedCancelledAborted");
    QTest::addColumn<QString>("wire");
    QTest::newRow("drained") << int(WorkOutcome::Drained) << QList<qint64>{ 1, 0, 0 }
                             << u"drained"_s;
    QTest::newRow("cancelled") << int(WorkOutcome::Cancelled) << QList<qint64>{ 0, 1, 0 }
                               << u"cancelled"_s;
    QTest::newRow("aborted") << int(WorkOutcome::Aborted) << QList<qint64>{ 0, 0, 1 }
                             << u"aborted"_s;
    QTest::newRow("client left") << int(WorkOutcome::ClientLeft) << QList<qint64>{ 0, 0, 1 }
                                 << u"aborted"_s;
}

void InFlightTest::tallyCountsByOutcome()
{
    QFETCH(int, outcome);
    QFETCH(QList<qint64>, drainedCancelledAborted);
    QFETCH(QString, wire);
    FakeWork &item = begin();
    m_inFlight->beginTally();
    item.end(static_cast<WorkOutcome>(outcome));
    const StopReport::Requests &requests = m_inFlight->requestTally();
    QCOMPARE((QList<qint64>{ requests.drained, requests.cancelled, requests.aborted }),
             drainedCancelledAborted);
    QCOMPARE(m_inFlight->slowest().value(0).outcome, wire);
}

void InFlightTest::tallyTellsBeforeFromDuring()
{
    begin().end(); // before: counts nowhere
    FakeWork &before = begin();
    m_inFlight->beginTally();
    FakeWork &during = begin();
    QCOMPARE(m_inFlight->requestTally().inFlightAtStop, 1);
    QCOMPARE(m_inFlight->requestTally().acceptedDuringStop, 1);
    before.end();
    during.end();
    QCOMPARE(m_inFlight->requestTally().drained, 2);
    QCOMPARE(m_inFlight->requestTally().inFlightAtStop, 1);
}

void InFlightTest::tallyLeavesOtherKindsOutOfRequests()
{
    begin(WorkKind::Job);
    begin(WorkKind::Connection);
    m_inFlight->beginTally();
    begin(WorkKind::Task);
    for (FakeWork &item : m_items)
        item.end();
    QCOMPARE(counted(m_inFlight->requestTally()), 0);
    QCOMPARE(accountedFor(m_inFlight->requestTally()), 0);
    QCOMPARE(m_inFlight->slowest().size(), 2); // the job and the task
}

void InFlightTest::tallyBeginsAnew()
{
    FakeWork &still = begin();
    m_inFlight->beginTally();
    begin().end(WorkOutcome::Aborted);
    m_inFlight->beginTally();
    QCOMPARE(m_inFlight->requestTally().inFlightAtStop, 1);
    QCOMPARE(m_inFlight->requestTally().acceptedDuringStop, 0);
    QCOMPARE(m_inFlight->requestTally().aborted, 0);
    QCOMPARE(m_inFlight->slowest().size(), 0);
    QVERIFY(!m_inFlight->hasLostWork());
    still.end();
    QCOMPARE(m_inFlight->requestTally().drained, 1);
}

void InFlightTest::endTallyForgets()
{
    QSignalSpy ended(m_inFlight.get(), &InFlight::requestEnded);
    FakeWork &item = begin();
    m_inFlight->beginTally();
    begin().end(WorkOutcome::Aborted);
    m_inFlight->endTally();
    item.end();
    begin().end();
    QCOMPARE(counted(m_inFlight->requestTally()), 0);
    QCOMPARE(accountedFor(m_inFlight->requestTally()), 0);
    QCOMPARE(m_inFlight->slowest().size(), 0);
    QVERIFY(!m_inFlight->hasLostWork());
    QCOMPARE(ended.count(), 1);
}

void InFlightTest::tallyAddsUpAfterAnyMixture()
{
    constexpr std::array kOutcomes{ WorkOutcome::Drained, WorkOutcome::Cancelled,
                                    WorkOutcome::Aborted, WorkOutcome::ClientLeft };
    for (int i = 0; i < 40; ++i) {
        begin();
        if (i == 20)
            m_inFlight->beginTally();
        if (i % 3 == 0) {
            const size_t chosen = static_cast<size_t>(i);
            m_items[chosen / 2].end(kOutcomes[chosen % kOutcomes.size()]);
        }
    }
    m_inFlight->cutAll();
    const StopReport::Requests &requests = m_inFlight->requestTally();
    QVERIFY(requests.inFlightAtStop > 0);
    QCOMPARE(requests.acceptedDuringStop, 19);
    QCOMPARE(accountedFor(requests), counted(requests));
}

void InFlightTest::lostWorkIsThatOfRequestsJobsAndTasks_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<bool>("isLost");
    constexpr std::array kOutcomes{ WorkOutcome::Drained, WorkOutcome::Cancelled,
                                    WorkOutcome::Aborted, WorkOutcome::ClientLeft };
    for (int kind = 0; kind < quiesce::kWorkKinds; ++kind) {
        const bool isWork = kind <= int(WorkKind::Task);
        for (const WorkOutcome outcome : kOutcomes) {
            const bool isBad = outcome == WorkOutcome::Cancelled || outcome == WorkOutcome::Aborted;
            QTest::addRow("%s %d", toWire(static_cast<WorkKind>(kind)).data(), int(outcome))
                << kind << int(outcome) << (isWork && isBad);
        }
    }
}

void InFlightTest::lostWorkIsThatOfRequestsJobsAndTasks()
{
    QFETCH(int, kind);
    QFETCH(int, outcome);
    QFETCH(bool, isLost);
    m_inFlight->beginTally();
    begin(static_cast<WorkKind>(kind)).end(static_cast<WorkOutcome>(outcome));
    QCOMPARE(m_inFlight->hasLostWork(), isLost);
}

void InFlightTest::keepsTheLastTwentyToFinishLastFirst()
{
    m_inFlight->beginTally();
    for (int i = 0; i < 25; ++i) {
        FakeWork &item = begin(WorkKind::Request, QString::number(i));
        m_clock.advance(std::chrono::milliseconds(i));
        item.end();
    }
    const QList<StopReport::Slow> slowest = m_inFlight->slowest();
    QCOMPARE(slowest.size(), StopReport::kSlowestKept);
    QCOMPARE(slowest.first().label, u"24"_s);
    QCOMPARE(slowest.first().id, u"id of 24"_s);
    QCOMPARE(slowest.first().kind, u"request"_s);
    QCOMPARE(slowest.first().age, 24ms);
    QCOMPARE(slowest.last().label, u"5"_s);
}

void InFlightTest::saysWhenEachOfTheLastEnded()
{
    const QDateTime start = m_clock.utcNow();
    FakeWork &longer = begin(WorkKind::Request, u"longer"_s);
    FakeWork &shorter = begin(WorkKind::Job, u"shorter"_s);
    m_inFlight->beginTally();
    m_clock.advance(2s);
    shorter.end();
    m_clock.advance(3s);
    longer.end(WorkOutcome::Cancelled);
    const QList<StopReport::Slow> slowest = m_inFlight->slowest();
    QCOMPARE(slowest.size(), 2);
    QCOMPARE(slowest.first().endedAt, start.addSecs(5));
    QCOMPARE(slowest.last().endedAt, start.addSecs(2));
    QCOMPARE(slowest.last().endedAt.timeSpec(), Qt::UTC);
}

void InFlightTest::tellsTheEndOfEachRequestDuringATally()
{
    QStringList ended;
    connect(m_inFlight.get(), &InFlight::requestEnded, this,
            [&](const StopReport::Slow &request) { ended << request.label + request.outcome; });
    begin(WorkKind::Request, u"early "_s).end();
    m_inFlight->beginTally();
    begin(WorkKind::Request, u"a "_s).end();
    begin(WorkKind::Job, u"b "_s).end();
    begin(WorkKind::Request, u"c "_s).end(WorkOutcome::ClientLeft);
    QCOMPARE(ended, (QStringList{ u"a drained"_s, u"c aborted"_s }));
}

QTEST_GUILESS_MAIN(InFlightTest)
#include "tst_inflight.moc"
