// SPDX-License-Identifier: GPL-3.0-only
// When jobs are claimed and when not: places, work, time, faults, and the end of it.
#include "service/jobs/storedispatch.h"
#include "tests/jobs/fakejobstore.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

struct Stage
{
    Stage()
    {
        store.open(u"i-1"_s, [](const Result<int, StoreError> &) {});
        QObject::connect(&dispatch, &JobDispatch::claimed, &dispatch, [this](const auto &jobs) {
            for (const Job &job : jobs)
                events << job.id;
        });
        QObject::connect(&dispatch, &JobDispatch::idle, &dispatch, [this] { events << u"idle"_s; });
        settle();
        store.takeCalls();
    }
    void settle() { clock.advance({}); }
    void add(const QString &id, const QString &kind = u"a"_s, std::chrono::milliseconds in = 0ms)
    {
        NewJob job;
        job.id = id;
        job.kind = kind;
        job.maxAttempts = 3;
        job.runAt = clock.utcNow().addMSecs(in.count());
        store.submit(job, [](const Result<Submitted, StoreError> &) {});
    }
    void offer(const QList<ClaimRequest::Places> &places, int limit)
    {
        dispatch.setPlaces(places, limit);
        settle();
    }
    QStringList take() { return std::exchange(events, {}); }
    /// Claims since the last take.
    int claims() { return static_cast<int>(store.takeCalls().filter(u"claim"_s).size()); }

    LogRecorder log{ "quiesce.jobs" };
    ManualClock clock;
    FakeJobStore store{ clock };
    StoreDispatch dispatch{ clock, store, u"i-1"_s, 30s };
    QStringList events;
};

} // namespace

class StoreDispatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void claimsNothingWithoutPlaces();
    void bringsWhatIsThereUpToTheLimit();
    void claimsWhenWorkIsAdded();
    void neverAsksInVainTwice();
    void asksAgainForAKindThatHadNoPlace();
    void claimsWhatBecomesDue();
    void aKindWithoutPlacesHidesNothing();
    void looksAtTheClockEachMinuteOfALongWait();
    void putsBackWhatComesAfterTheHalt();
    void putsBackOnceTheStoreCan();
    void beginsAnewAfterAHalt();
    void goesOnWhenAFaultIsOver();
    void goesOnAfterARefusalWithoutAFault();
};

void StoreDispatchTest::claimsNothingWithoutPlaces()
{
    Stage stage;
    stage.add(u"1"_s);
    stage.settle();
    stage.offer({}, 8);
    stage.offer({ { u"a"_s, 8 } }, 0);
    QCOMPARE(stage.claims(), 0);
    QCOMPARE(stage.take(), QStringList());
}

void StoreDispatchTest::bringsWhatIsThereUpToTheLimit()
{
    Stage stage;
    for (const QString &id : { u"1"_s, u"2"_s, u"3"_s })
        stage.add(id);
    stage.settle();
    stage.offer({ { u"a"_s, 8 } }, 2);
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"2"_s, u"idle"_s }));
    QCOMPARE(stage.claims(), 1);
    stage.offer({ { u"a"_s, 6 } }, 1);
    QCOMPARE(stage.take(), (QStringList{ u"3"_s, u"idle"_s }));
}

void StoreDispatchTest::claimsWhenWorkIsAdded()
{
    Stage stage;
    stage.offer({ { u"a"_s, 8 } }, 8);
    QCOMPARE(stage.take(), QStringList{ u"idle"_s });
    stage.add(u"1"_s);
    stage.settle();
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
}

void StoreDispatchTest::neverAsksInVainTwice()
{
    Stage stage;
    for (int i = 0; i < 10; ++i)
        stage.offer({ { u"a"_s, 8 }, { u"b"_s, 8 } }, 8);
    QCOMPARE(stage.claims(), 1);
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void StoreDispatchTest::asksAgainForAKindThatHadNoPlace()
{
    Stage stage;
    stage.add(u"1"_s, u"a"_s);
    stage.add(u"2"_s, u"b"_s);
    stage.settle();
    stage.offer({ { u"a"_s, 4 } }, 8);
    stage.offer({ { u"a"_s, 3 } }, 7);
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
    QCOMPARE(stage.claims(), 1);
    stage.offer({ { u"a"_s, 3 }, { u"b"_s, 1 } }, 7);
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
    QCOMPARE(stage.claims(), 1);
}

void StoreDispatchTest::claimsWhatBecomesDue()
{
    Stage stage;
    stage.offer({ { u"a"_s, 8 } }, 8);
    stage.add(u"1"_s, u"a"_s, 10s);
    stage.add(u"2"_s, u"a"_s, 10min);
    stage.settle();
    stage.take();
    stage.claims();
    stage.clock.advance(9'999ms);
    QCOMPARE(stage.take(), QStringList());
    QCOMPARE(stage.claims(), 0);
    stage.clock.advance(1ms);
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
    stage.offer({ { u"a"_s, 7 } }, 7);
    stage.clock.advance(9min);
    QCOMPARE(stage.claims(), 1);
    stage.clock.advance(1min);
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
}

void StoreDispatchTest::aKindWithoutPlacesHidesNothing()
{
    Stage stage;
    stage.add(u"1"_s, u"full"_s);
    stage.add(u"2"_s, u"a"_s, 5s);
    stage.settle();
    stage.offer({ { u"a"_s, 8 } }, 8);
    stage.take();
    stage.clock.advance(5s);
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
}

void StoreDispatchTest::looksAtTheClockEachMinuteOfALongWait()
{
    Stage stage;
    stage.add(u"1"_s, u"a"_s, 24h);
    stage.settle();
    stage.offer({ { u"a"_s, 8 } }, 8);
    QCOMPARE(stage.clock.alarmsSet(), 1);
    stage.take();
    stage.store.takeCalls();
    stage.clock.advance(StoreDispatch::kLongestSleep * 3);
    QCOMPARE(stage.claims(), 0); // it looked at the clock, and did not ask the store
    QCOMPARE(stage.clock.alarmsSet(), 1);
}

void StoreDispatchTest::putsBackWhatComesAfterTheHalt()
{
    Stage stage;
    stage.add(u"1"_s);
    stage.settle();
    stage.dispatch.setPlaces({ { u"a"_s, 8 } }, 8);
    QVERIFY(stage.dispatch.isBusy());
    stage.dispatch.halt();
    stage.settle();
    QCOMPARE(stage.take(), QStringList{ u"idle"_s });
    QCOMPARE(stage.store.job(u"1"_s).state, JobState::Queued);
    QCOMPARE(stage.store.job(u"1"_s).attempt, 0);
    QCOMPARE(stage.store.job(u"1"_s).requeues.last().reason, RequeueReason::Stop);
    QVERIFY(!stage.dispatch.isBusy());
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void StoreDispatchTest::putsBackOnceTheStoreCan()
{
    Stage stage;
    stage.add(u"1"_s);
    stage.settle();
    stage.dispatch.setPlaces({ { u"a"_s, 8 } }, 8);
    stage.dispatch.halt();
    stage.store.setFault(u"disk full"_s);
    stage.settle();
    QCOMPARE(stage.dispatch.unreturned(), 1);
    QCOMPARE(stage.take(), QStringList());
    stage.store.setFault({});
    stage.settle();
    QCOMPARE(stage.dispatch.unreturned(), 0);
    QCOMPARE(stage.take(), QStringList{ u"idle"_s });
    QCOMPARE(stage.store.job(u"1"_s).state, JobState::Queued);
}

void StoreDispatchTest::beginsAnewAfterAHalt()
{
    Stage stage;
    stage.offer({ { u"a"_s, 8 } }, 8);
    stage.dispatch.halt();
    stage.add(u"1"_s);
    stage.settle();
    stage.take();
    stage.offer({ { u"a"_s, 8 } }, 8);
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
}

void StoreDispatchTest::goesOnWhenAFaultIsOver()
{
    Stage stage;
    stage.add(u"1"_s);
    stage.settle();
    stage.store.setFault(u"disk full"_s);
    stage.offer({ { u"a"_s, 8 } }, 8);
    QCOMPARE(stage.claims(), 1);
    stage.clock.advance(1h);
    QCOMPARE(stage.claims(), 0);
    stage.store.setFault({});
    stage.settle();
    QCOMPARE(stage.take(), (QStringList{ u"idle"_s, u"1"_s, u"idle"_s }));
}

void StoreDispatchTest::goesOnAfterARefusalWithoutAFault()
{
    Stage stage;
    stage.add(u"1"_s);
    stage.settle();
    stage.store.refuseNext(1);
    stage.offer({ { u"a"_s, 8 } }, 8);
    QCOMPARE(stage.claims(), 1);
    stage.clock.advance(StoreDispatch::kRefusedWait);
    QCOMPARE(stage.take(), (QStringList{ u"idle"_s, u"1"_s, u"idle"_s }));
}

QTEST_GUILESS_MAIN(StoreDispatchTest)
#include "tst_storedispatch.moc"
