// SPDX-License-Identifier: GPL-3.0-only
// JobStoreContract: what every store must do, as one suite that each implementation runs.
#pragma once

#include "tests/jobs/steppedclock.h"
#include "tests/jobs/storedriver.h"

#include <QObject>
#include <memory>

namespace quiesce::test {

/// A Qt Test object: a test program derives from it, makes its store, and gets all these tests.
/// A store must keep its jobs over close() and open() of the same object.
class JobStoreContract : public QObject
{
    Q_OBJECT

protected:
    /// A new and empty one.
    virtual std::unique_ptr<JobStore> makeStore(SteppedClock &clock) = 0;
    [[nodiscard]] SteppedClock &clock() { return *m_clock; }
    [[nodiscard]] JobStore &store() { return *m_store; }
    [[nodiscard]] StoreDriver &driver() { return *m_driver; }

private Q_SLOTS:
    void init();
    void cleanup();

    void refusesEverythingBeforeItIsOpenAndAfterItIsClosed();
    void repliesComeInOrderAndNeverInsideTheCall();
    void aReplyMayDestroyTheStore();

    void keepsAllOfANewJob();
    void aJobForLaterIsScheduled();
    void refusesAnIdTwiceAndOneThatIsNone();
    void aKnownKeyGivesItsJob_data();
    void aKnownKeyGivesItsJob();
    void aKeyIsKnownWithinOneBatch();
    void aKeyIsForgottenWithItsJob();
    void documentsAreBounded_data();
    void documentsAreBounded();
    void documentsOfEverySizeComeBack_data();
    void documentsOfEverySizeComeBack();
    void waitingCallsAreBounded();

    void claimsTheOldestFirst();
    void claimsWithinPlacesAndLimit();
    void claimsThoseItIsAskedFor();
    void claimsOfTheQueuedWhatWasDueByThen();
    void aScheduledJobIsClaimedWhenItsTimeHasCome();
    void tellsWhenTheNextIsDue();
    void whatIsDueHidesNothing();
    void saysWhenWorkWasAdded();

    void endsAsTold_data();
    void endsAsTold();
    void aRetryWaitsForItsTime();
    void failsWhenNoAttemptIsLeft();
    void aStopDoesNotSpendTheAttempt();
    void aCrashSpendsTheAttempt();
    void keepsTheNewestRequeuesOnly();
    void refusesASecondEnd();
    void refusesWhoDoesNotHoldTheLease_data();
    void refusesWhoDoesNotHoldTheLease();
    void renewTellsWhichLeasesAreLost();
    void renewTellsWhichJobsAreToBeCancelled();
    void resumesFromTheLastCheckpoint();
    void aLongErrorIsCut();

    void rescuesWhatRanWhenItClosed();
    void failsAPoisonJobAfterItsAttempts();

    void cancelsAtOnceWhatDoesNotRun();
    void marksARunningJobThatIsToBeCancelled();
    void aCancelledJobDoesNotGoBack_data();
    void aCancelledJobDoesNotGoBack();

    void listsNewestFirstByStateAndKind();
    void pagesStayStableWhileJobsComeAndGo();
    void outputIsKeptAndBounded();
    void prunesByAge();
    void prunesByCount();
    void countsAreWhatListSays();

    void aClockStepsBack_data();
    void aClockStepsBack();
    void idsRiseWhenTheClockStepsBack();

private:
    /// Claims one and ends it so; its id.
    QString runOne(const AttemptEnd &end);
    [[nodiscard]] QStringList idsOf(const QList<Job> &jobs) const;
    [[nodiscard]] JobCounts countByList();

    std::unique_ptr<SteppedClock> m_clock;
    std::unique_ptr<JobStore> m_store;
    std::unique_ptr<StoreDriver> m_driver;
};

} // namespace quiesce::test
