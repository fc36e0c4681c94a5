// SPDX-License-Identifier: GPL-3.0-only
// A broker only tells who should look, and the store is the truth: what is claimed when, how each
// delivery is answered, and what happens without the broker.
#include "service/jobs/broker/brokerdispatch.h"
#include "tests/jobs/fakebrokerlink.h"
#include "tests/jobs/fakejobstore.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

using Places = QList<ClaimRequest::Places>;

struct Stage
{
    Stage()
    {
        store.open(u"i-1"_s, [](const Result<int, StoreError> &) {});
        QObject::connect(&dispatch, &JobDispatch::claimed, &dispatch, [this](const auto &jobs) {
            for (const Job &job : jobs) {
                events << job.id;
                running.insert(job.id, job);
            }
        });
        QObject::connect(&dispatch, &JobDispatch::idle, &dispatch, [this] { events << u"idle"_s; });
        turn();
        store.takeCalls();
    }
    void turn() { clock.advance({}); }
    Job add(const QString &id, const QString &kind = u"a"_s, std::chrono::milliseconds in = 0ms)
    {
        NewJob job;
        job.id = id;
        job.kind = kind;
        job.maxAttempts = 3;
        job.runAt = clock.utcNow().addMSecs(in.count());
        store.submit(job, [](const Result<Submitted, StoreError> &) {});
        return store.job(id);
    }
    void offer(const Places &places, int limit)
    {
        dispatch.setPlaces(places, limit);
        turn();
    }
    /// Offers eight places of kind a; what is asked until then is forgotten.
    void open()
    {
        offer({ { u"a"_s, 8 } }, 8);
        forget();
    }
    void forget()
    {
        events.clear();
        link.takeCalls();
        store.takeCalls();
    }
    quint64 deliver(const QString &id, const QString &kind = u"a"_s)
    {
        const quint64 tag = link.deliver(id, kind);
        turn();
        return tag;
    }
    /// Adds a job that a message then brings; the message's tag.
    quint64 begin(const QString &id)
    {
        add(id);
        return deliver(id);
    }
    /// Ends its attempt in the store and tells the dispatch, as the runner does.
    void end(const QString &id, const AttemptEnd &how)
    {
        const Lease lease{ id, u"i-1"_s, running.value(id).attempt };
        store.endAttempt(lease, how, [this, id](const Result<Job, StoreError> &job) {
            dispatch.settle(id, job ? std::optional(job.value()) : std::nullopt);
        });
        turn();
    }
    QStringList take() { return std::exchange(events, {}); }
    QStringList claims() { return store.takeCalls().filter(u"claim"_s); }

    LogRecorder log{ "quiesce.jobs" };
    ManualClock clock;
    FakeJobStore store{ clock };
    FakeBrokerLink link;
    BrokerDispatch dispatch{ { clock, store, link, u"i-1"_s, 30s, { u"a"_s, u"b"_s } } };
    QHash<QString, Job> running;
    QStringList events;
};

const AttemptEnd kSucceeded{ AttemptEnd::Succeeded{ {} }, {} };
const AttemptEnd kStopped{ AttemptEnd::Requeued{ RequeueReason::Stop, {} }, {} };

} // namespace

class BrokerDispatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void announcesWhatIsDueOnceTheBrokerHasIt();
    void announcesNothingThatIsScheduledNorToADeadBroker();
    void welcomesAsManyAsThereWereEverPlaces();
    void claimsWhatIsDelivered();
    void claimsAllOfOneTurnAtOnce();
    void holdsWhatHasNoPlace();
    void answersWhatCannotBeClaimed();
    void putsAsideAKindWithoutAHandler();
    void answersOnceTheStateIsStored();
    void publishesAnewBeforeItAnswers();
    void givesBackWhatCouldNotBePublishedAnew();
    void publishesARetryOnlyWhenItIsDue();
    void answersADuplicateAtOnce();
    void adoptsARedeliveryOfWhatRuns();
    void forgetsDeliveriesOfALostConnection();
    void runsOnWhenTheConnectionIsLostDuringItsClaim();
    void answersEarlyWhatRunsForLong();
    void givesBackWhatWaitsForLong();
    void sweepsWhatNoMessageBrought();
    void sweepsWhatWasRescuedSoon();
    void sweepsWhatComesDue();
    void sweepsAllThatCameDueTogether();
    void goesOnSweepingWhileThereIsMore();
    void sweepsBesideAStreamOfDeliveries();
    void bindsADeliveryToWhatTheSweepClaimed();
    void asksForNothingWhileNothingIsQueued();
    void asksNoMoreOftenThanTheSweepMay();
    void claimsAtOnceWithoutABroker();
    void claimsWhatCameDuringAClaimWithoutABroker();
    void runsDueJobsOnTimeWithoutABroker();
    void haltsTheLinkAndKeepsWhatRuns();
    void putsBackAndPublishesWhatCameTooLate();
    void putsBackOnceTheStoreCan();
    void givesBackWhatAFailedClaimHeldAtAHalt();
    void isIdleOnlyWhenTheLinkHasHalted();
    void beginsAnewAfterAHalt();
    void claimsAgainWhenTheStoresFaultIsOver();
    void claimsAgainAfterARefusalWithoutAFault();
};

void BrokerDispatchTest::announcesWhatIsDueOnceTheBrokerHasIt()
{
    Stage stage;
    int told = 0;
    stage.dispatch.announce(stage.add(u"1"_s), [&] { ++told; });
    stage.turn();
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"publish 1"_s });
    QCOMPARE(told, 0);
    stage.link.confirm();
    QCOMPARE(told, 1);
    stage.dispatch.announce(stage.add(u"2"_s), [&] { ++told; });
    stage.link.confirm(false);
    QCOMPARE(told, 2);
}

void BrokerDispatchTest::announcesNothingThatIsScheduledNorToADeadBroker()
{
    Stage stage;
    int told = 0;
    stage.dispatch.announce(stage.add(u"1"_s, u"a"_s, 1s), [&] { ++told; });
    QCOMPARE(told, 1);
    stage.link.setFault(u"dead"_s);
    stage.dispatch.announce(stage.add(u"2"_s), [&] { ++told; });
    QCOMPARE(told, 2);
    QCOMPARE(stage.link.takeCalls(), QStringList());
}

void BrokerDispatchTest::welcomesAsManyAsThereWereEverPlaces()
{
    Stage stage;
    stage.offer({ { u"a"_s, 4 } }, 8);
    stage.offer({ { u"a"_s, 3 } }, 7);
    stage.offer({ { u"a"_s, 4 }, { u"b"_s, 9 } }, 2);
    stage.offer({ { u"b"_s, 9 } }, 6);
    QCOMPARE(stage.link.takeCalls(),
             (QStringList{ u"want a=4"_s, u"want a=4 b=2"_s, u"want a=4 b=6"_s }));
}

void BrokerDispatchTest::claimsWhatIsDelivered()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.add(u"2"_s);
    stage.turn();
    QCOMPARE(stage.take(), QStringList()); // nobody was told
    stage.deliver(u"2"_s);
    QCOMPARE(stage.claims(), QStringList{ u"claim 1 of 2"_s });
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
    QCOMPARE(stage.link.takeCalls(), QStringList()); // it runs: no answer yet
}

void BrokerDispatchTest::claimsAllOfOneTurnAtOnce()
{
    Stage stage;
    stage.open();
    for (const QString &id : { u"1"_s, u"2"_s, u"3"_s }) {
        stage.add(id);
        stage.link.deliver(id);
    }
    stage.turn();
    QCOMPARE(stage.claims(), QStringList{ u"claim 3 of 1,2,3"_s });
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"2"_s, u"3"_s, u"idle"_s }));
}

void BrokerDispatchTest::holdsWhatHasNoPlace()
{
    Stage stage;
    stage.offer({ { u"a"_s, 1 }, { u"b"_s, 8 } }, 8);
    stage.forget();
    for (const QString &id : { u"1"_s, u"2"_s, u"3"_s })
        stage.add(id, id == u"3"_s ? u"b"_s : u"a"_s);
    stage.link.deliver(u"1"_s);
    stage.link.deliver(u"2"_s);
    stage.link.deliver(u"3"_s, u"b"_s);
    stage.turn();
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"3"_s, u"idle"_s }));
    stage.offer({ { u"b"_s, 7 } }, 6);
    QCOMPARE(stage.take(), QStringList());
    stage.offer({ { u"a"_s, 1 } }, 6);
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
    QCOMPARE(stage.link.takeCalls(), QStringList());
}

void BrokerDispatchTest::answersWhatCannotBeClaimed()
{
    Stage stage;
    stage.open();
    stage.deliver(u"not there"_s);
    stage.begin(u"1"_s);
    stage.end(u"1"_s, kSucceeded);
    stage.offer({ { u"a"_s, 8 } }, 8);
    stage.deliver(u"1"_s); // it has ended
    QCOMPARE(stage.link.takeCalls(), (QStringList{ u"done 1"_s, u"done 2"_s, u"done 3"_s }));
}

void BrokerDispatchTest::putsAsideAKindWithoutAHandler()
{
    Stage stage;
    stage.open();
    stage.deliver(u"1"_s, u"unknown"_s);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"poison 1"_s });
    QCOMPARE(stage.claims(), QStringList());
    QCOMPARE(stage.log.lines("warning"_L1).size(), 1);
}

void BrokerDispatchTest::answersOnceTheStateIsStored()
{
    Stage stage;
    stage.open();
    const quint64 tag = stage.begin(u"1"_s);
    stage.store.hold();
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList());
    stage.store.release();
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"done %1"_s.arg(tag) });
}

void BrokerDispatchTest::publishesAnewBeforeItAnswers()
{
    Stage stage;
    stage.open();
    stage.begin(u"1"_s);
    stage.end(u"1"_s, kStopped);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"publish 1"_s });
    stage.link.confirm();
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"done 1"_s });
}

void BrokerDispatchTest::givesBackWhatCouldNotBePublishedAnew()
{
    Stage stage;
    stage.open();
    stage.begin(u"1"_s);
    stage.end(u"1"_s, kStopped);
    stage.link.confirm(false);
    QCOMPARE(stage.link.takeCalls(), (QStringList{ u"publish 1"_s, u"back 1"_s }));
}

void BrokerDispatchTest::publishesARetryOnlyWhenItIsDue()
{
    Stage stage;
    stage.open();
    for (const QString &id : { u"1"_s, u"2"_s }) {
        stage.add(id);
        stage.link.deliver(id);
    }
    stage.turn();
    const QDateTime now = stage.clock.utcNow();
    stage.end(u"1"_s, { AttemptEnd::Failed{ u"no"_s, now.addSecs(5) }, {} });
    stage.end(u"2"_s, { AttemptEnd::Failed{ u"no"_s, now }, {} });
    stage.link.confirm();
    QCOMPARE(stage.link.takeCalls(), (QStringList{ u"done 1"_s, u"publish 2"_s, u"done 2"_s }));
}

void BrokerDispatchTest::answersADuplicateAtOnce()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.link.deliver(u"1"_s);
    stage.link.deliver(u"1"_s); // while the first waits
    stage.turn();
    stage.deliver(u"1"_s); // while it runs
    QCOMPARE(stage.link.takeCalls(), (QStringList{ u"done 2"_s, u"done 3"_s }));
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"done 1"_s });
}

void BrokerDispatchTest::adoptsARedeliveryOfWhatRuns()
{
    Stage stage;
    stage.open();
    stage.begin(u"1"_s);
    stage.link.drop();
    stage.link.setFault({});
    const quint64 again = stage.deliver(u"1"_s);
    QCOMPARE(stage.link.takeCalls(), QStringList());
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"done %1"_s.arg(again) });
}

void BrokerDispatchTest::forgetsDeliveriesOfALostConnection()
{
    Stage stage;
    stage.offer({ { u"a"_s, 1 } }, 1);
    stage.forget();
    stage.add(u"1"_s);
    stage.link.deliver(u"1"_s);
    stage.link.deliver(u"2"_s);
    stage.turn();
    stage.link.drop();
    stage.end(u"1"_s, kSucceeded);
    stage.link.setFault({});
    stage.offer({ { u"a"_s, 1 } }, 1);
    QCOMPARE(stage.link.takeCalls(), QStringList());
    QVERIFY(stage.store.takeCalls().filter(u" of 2"_s).isEmpty());
}

void BrokerDispatchTest::runsOnWhenTheConnectionIsLostDuringItsClaim()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.store.hold();
    stage.deliver(u"1"_s);
    stage.link.drop();
    stage.store.release();
    stage.turn();
    QVERIFY(stage.take().contains(u"1"_s));
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList());
}

void BrokerDispatchTest::answersEarlyWhatRunsForLong()
{
    Stage stage;
    stage.open();
    const quint64 tag = stage.begin(u"1"_s);
    stage.clock.advance(HeldDeliveries::kLongestHeld - 1ms);
    QCOMPARE(stage.link.takeCalls(), QStringList());
    stage.clock.advance(1ms);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"done %1"_s.arg(tag) });
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList());
    stage.clock.advance(1h);
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void BrokerDispatchTest::givesBackWhatWaitsForLong()
{
    Stage stage;
    stage.offer({ { u"a"_s, 1 } }, 1);
    stage.forget();
    stage.add(u"1"_s);
    stage.add(u"2"_s);
    stage.link.deliver(u"1"_s);
    stage.link.deliver(u"2"_s);
    stage.clock.advance(HeldDeliveries::kLongestHeld);
    QCOMPARE(stage.link.takeCalls(), (QStringList{ u"done 1"_s, u"back 2"_s }));
}

void BrokerDispatchTest::sweepsWhatNoMessageBrought()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.clock.advance(BrokerDispatch::kSweepAge - 1ms);
    QCOMPARE(stage.claims(), QStringList());
    stage.clock.advance(1ms);
    QCOMPARE(stage.claims(), QStringList{ u"claim 8"_s });
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList());
}

void BrokerDispatchTest::sweepsWhatWasRescuedSoon()
{
    Stage stage;
    stage.open();
    stage.clock.advance(1h);
    stage.add(u"1"_s, u"a"_s, -1min); // due for long, and queued only now
    stage.clock.advance(SweepPlan::kFirstLook);
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
}

void BrokerDispatchTest::sweepsWhatComesDue()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s, u"a"_s, 10s);
    stage.clock.advance(10s - 1ms);
    QCOMPARE(stage.claims(), QStringList());
    stage.clock.advance(1ms); // nobody was told of it, so nobody need be waited for
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
}

/// The store speaks of the first only, and of none that came due before a claim of another.
void BrokerDispatchTest::sweepsAllThatCameDueTogether()
{
    Stage stage;
    stage.offer({ { u"a"_s, 8 }, { u"b"_s, 1 } }, 8);
    stage.forget();
    stage.add(u"1"_s, u"a"_s, 10s);
    stage.add(u"2"_s, u"a"_s, 11s);
    stage.add(u"3"_s, u"a"_s, 1h);
    stage.clock.advance(10'500ms);
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
    stage.offer({ { u"a"_s, 7 }, { u"b"_s, 1 } }, 7);
    stage.take();
    stage.add(u"now"_s);
    stage.deliver(u"now"_s);
    QCOMPARE(stage.take(), (QStringList{ u"now"_s, u"idle"_s }));
    stage.clock.advance(1s); // the second comes due while there is no place
    QCOMPARE(stage.take(), QStringList());
    stage.offer({ { u"a"_s, 6 }, { u"b"_s, 1 } }, 6);
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
    stage.offer({ { u"a"_s, 5 }, { u"b"_s, 1 } }, 5);
    stage.clock.advance(10s);
    stage.forget();
    stage.clock.advance(30min);
    QCOMPARE(stage.claims(), QStringList()); // the one of in an hour is no reason to ask
}

void BrokerDispatchTest::goesOnSweepingWhileThereIsMore()
{
    Stage stage;
    stage.offer({ { u"a"_s, 2 } }, 2);
    for (const QString &id : { u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s })
        stage.add(id);
    stage.clock.advance(SweepPlan::kFirstLook);
    stage.forget();
    stage.clock.advance(SweepPlan::kEvery);
    stage.offer({ { u"a"_s, 2 } }, 2);
    stage.offer({ { u"a"_s, 2 } }, 2);
    QCOMPARE(
        stage.take(),
        (QStringList{ u"1"_s, u"2"_s, u"idle"_s, u"3"_s, u"4"_s, u"idle"_s, u"5"_s, u"idle"_s }));
}

void BrokerDispatchTest::sweepsBesideAStreamOfDeliveries()
{
    Stage stage;
    stage.offer({ { u"a"_s, 1 } }, 1);
    stage.add(u"lost"_s);
    stage.forget();
    for (int i = 0; i < 5; ++i) {
        const QString id = QString::number(i);
        stage.clock.advance(500ms);
        stage.add(id);
        stage.link.deliver(id);
        stage.offer({ { u"a"_s, 1 } }, 1);
    }
    QVERIFY(stage.take().contains(u"lost"_s));
}

void BrokerDispatchTest::bindsADeliveryToWhatTheSweepClaimed()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.clock.advance(SweepPlan::kFirstLook);
    stage.forget();
    stage.store.hold();
    stage.clock.advance(SweepPlan::kEvery);
    const quint64 tag = stage.deliver(u"1"_s); // waits for the claim under way
    stage.store.release();
    stage.turn();
    QCOMPARE(stage.claims(), QStringList{ u"claim 8"_s });
    stage.forget();
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"done %1"_s.arg(tag) });
}

void BrokerDispatchTest::asksForNothingWhileNothingIsQueued()
{
    Stage stage;
    stage.open();
    stage.clock.advance(24h);
    QCOMPARE(stage.claims(), QStringList());
    QCOMPARE(stage.clock.alarmsSet(), 0);
    for (int i = 0; i < 10; ++i)
        stage.offer({ { u"a"_s, 8 } }, 8);
    QCOMPARE(stage.claims(), QStringList());
}

void BrokerDispatchTest::asksNoMoreOftenThanTheSweepMay()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s, u"not here"_s);
    stage.clock.advance(60s);
    QCOMPARE(stage.claims().size(), 60s / SweepPlan::kEvery);
    stage.link.setFault(u"dead"_s);
    stage.forget();
    stage.clock.advance(60s);
    QVERIFY(stage.claims().size() <= 60s / SweepPlan::kEvery);
    stage.offer({}, 8);
    stage.forget();
    stage.clock.advance(60s); // without places there is nothing to ask for
    QCOMPARE(stage.claims(), QStringList());
}

void BrokerDispatchTest::claimsAtOnceWithoutABroker()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.turn();
    QCOMPARE(stage.take(), QStringList());
    stage.link.setFault(u"dead"_s);
    stage.turn();
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
    stage.offer({ { u"a"_s, 7 } }, 7);
    stage.forget();
    stage.add(u"2"_s);
    stage.turn();
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
}

void BrokerDispatchTest::claimsWhatCameDuringAClaimWithoutABroker()
{
    Stage stage;
    stage.open();
    stage.link.setFault(u"dead"_s);
    stage.turn();
    stage.forget();
    stage.store.hold();
    stage.offer({ { u"a"_s, 8 }, { u"b"_s, 1 } }, 8);
    QCOMPARE(stage.claims().size(), 1);
    stage.add(u"1"_s);
    stage.turn();
    stage.store.release();
    stage.turn();
    QVERIFY(stage.take().contains(u"1"_s));
}

void BrokerDispatchTest::runsDueJobsOnTimeWithoutABroker()
{
    Stage stage;
    stage.open();
    stage.link.setFault(u"dead"_s);
    stage.add(u"1"_s, u"a"_s, 1s);
    stage.add(u"2"_s, u"a"_s, 2s);
    stage.turn();
    stage.forget();
    stage.clock.advance(1s);
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s }));
    stage.offer({ { u"a"_s, 7 } }, 7);
    stage.take();
    stage.clock.advance(1s);
    QCOMPARE(stage.take(), (QStringList{ u"2"_s, u"idle"_s }));
}

void BrokerDispatchTest::haltsTheLinkAndKeepsWhatRuns()
{
    Stage stage;
    stage.offer({ { u"a"_s, 1 } }, 1);
    stage.add(u"1"_s);
    stage.add(u"2"_s);
    stage.link.deliver(u"1"_s);
    stage.link.deliver(u"2"_s);
    stage.turn();
    stage.forget();
    stage.dispatch.halt();
    stage.dispatch.halt();
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"halt 1"_s });
    stage.deliver(u"3"_s); // was under way
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"back 3"_s });
    stage.clock.advance(1min);
    QCOMPARE(stage.claims(), QStringList());
    stage.end(u"1"_s, kSucceeded);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"done 1"_s });
}

void BrokerDispatchTest::putsBackAndPublishesWhatCameTooLate()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.store.hold();
    stage.deliver(u"1"_s);
    stage.dispatch.halt();
    stage.link.finishHalt();
    stage.store.release();
    stage.turn();
    QCOMPARE(stage.store.job(u"1"_s).state, JobState::Queued);
    QCOMPARE(stage.store.job(u"1"_s).attempt, 0);
    stage.link.confirm();
    QCOMPARE(stage.link.takeCalls(), (QStringList{ u"halt 1"_s, u"publish 1"_s, u"done 1"_s }));
    QCOMPARE(stage.take(), QStringList{ u"idle"_s });
}

void BrokerDispatchTest::putsBackOnceTheStoreCan()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.store.hold();
    stage.deliver(u"1"_s);
    stage.dispatch.halt();
    stage.link.finishHalt();
    stage.store.setFault(u"disk full"_s);
    stage.store.release();
    stage.turn();
    QCOMPARE(stage.dispatch.unreturned(), 1);
    QCOMPARE(stage.take(), QStringList());
    stage.store.setFault({});
    stage.turn();
    QCOMPARE(stage.dispatch.unreturned(), 0);
    QCOMPARE(stage.take(), QStringList{ u"idle"_s });
}

void BrokerDispatchTest::givesBackWhatAFailedClaimHeldAtAHalt()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.store.hold();
    stage.store.refuseNext(1);
    stage.deliver(u"1"_s);
    stage.dispatch.halt();
    stage.store.release();
    QCOMPARE(stage.link.takeCalls(), (QStringList{ u"halt 1"_s, u"back 1"_s }));
}

void BrokerDispatchTest::isIdleOnlyWhenTheLinkHasHalted()
{
    Stage stage;
    stage.dispatch.halt(); // never begun: nothing to halt
    QVERIFY(!stage.dispatch.isBusy());
    stage.open();
    QVERIFY(!stage.dispatch.isBusy());
    stage.dispatch.halt();
    QVERIFY(stage.dispatch.isBusy());
    stage.link.finishHalt();
    QVERIFY(!stage.dispatch.isBusy());
    QCOMPARE(stage.take(), QStringList{ u"idle"_s });
}

void BrokerDispatchTest::beginsAnewAfterAHalt()
{
    Stage stage;
    stage.open();
    stage.dispatch.halt();
    stage.link.finishHalt();
    stage.add(u"1"_s);
    stage.clock.advance(10s);
    stage.forget();
    stage.offer({ { u"a"_s, 8 } }, 8);
    QCOMPARE(stage.link.takeCalls(), QStringList{ u"want a=8"_s });
    QCOMPARE(stage.take(), (QStringList{ u"1"_s, u"idle"_s })); // due for long
}

void BrokerDispatchTest::claimsAgainWhenTheStoresFaultIsOver()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.turn();
    stage.store.setFault(u"disk full"_s);
    stage.deliver(u"1"_s);
    stage.clock.advance(1min);
    QCOMPARE(stage.claims(), QStringList());
    stage.store.setFault({});
    stage.turn();
    QVERIFY(stage.take().contains(u"1"_s));
    QCOMPARE(stage.link.takeCalls(), QStringList());
}

void BrokerDispatchTest::claimsAgainAfterARefusalWithoutAFault()
{
    Stage stage;
    stage.open();
    stage.add(u"1"_s);
    stage.store.refuseNext(1);
    stage.deliver(u"1"_s);
    QCOMPARE(stage.claims().size(), 1);
    stage.clock.advance(BrokerDispatch::kRefusedWait);
    QVERIFY(stage.take().contains(u"1"_s));
    QCOMPARE(stage.link.takeCalls(), QStringList());
}

QTEST_GUILESS_MAIN(BrokerDispatchTest)
#include "tst_brokerdispatch.moc"
