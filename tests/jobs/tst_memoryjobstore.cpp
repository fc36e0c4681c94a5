// SPDX-License-Identifier: GPL-3.0-only
// MemoryJobStore: the contract, and the fault that a test may inject.
#include "service/jobs/memoryjobstore.h"
#include "tests/jobs/jobstorecontract.h"

#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

class MemoryJobStoreTest final : public JobStoreContract
{
    Q_OBJECT

protected:
    std::unique_ptr<JobStore> makeStore(SteppedClock &clock) override
    {
        return std::make_unique<MemoryJobStore>(clock);
    }

private Q_SLOTS:
    void aFaultRefusesChangesUntilItIsOver();
};

void MemoryJobStoreTest::aFaultRefusesChangesUntilItIsOver()
{
    auto &memory = static_cast<MemoryJobStore &>(store());
    QSignalSpy changed(&memory, &JobStore::faultChanged);
    const QString id = driver().add();
    const Job job = driver().claim().value(0);
    memory.setFault(u"disk full"_s);
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(memory.fault(), u"disk full"_s);
    const auto refused = driver().submit(driver().newJob());
    QCOMPARE(refused.error().kind, StoreError::Kind::Unavailable);
    QCOMPARE(refused.error().reason, u"disk full"_s);
    QVERIFY(!driver().end(StoreDriver::leaseOf(job), succeeded()));
    QCOMPARE(driver().stateOf(id), JobState::Running); // reads go on
    memory.setFault({});
    QTRY_COMPARE(changed.count(), 2);
    QVERIFY(driver().end(StoreDriver::leaseOf(job), succeeded()));
    QCOMPARE(driver().list().value().jobs.size(), 1);
}

QTEST_GUILESS_MAIN(MemoryJobStoreTest)
#include "tst_memoryjobstore.moc"
