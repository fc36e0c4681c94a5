// SPDX-License-Identifier: GPL-3.0-only
// JobModel and JobFilter: jobs from lists and events in one table, bounded, by state.
#include "console/model/lists/jobfilter.h"
#include "console/model/lists/jobmodel.h"
#include "tests/console/fedinstance.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;

class JobModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addsAndChangesByRows();
    void gathersEventsToTenASecond();
    void letsNoOlderListUndoAnEnd();
    void takesTheNewerWordOfAList();
    void keepsTheLastOfOneThatIsNamedTwice();
    void dropsEndedOnesFirst();
    void dropsTheOldestWhenNoneHasEnded();
    void showsOnlyTheStatesAskedFor();
    void saysProgressAndAttempts();
    void saysWhichInstanceRunsIt();
};

void JobModelTest::addsAndChangesByRows()
{
    JobModel model;
    const QAbstractItemModelTester tester(&model);
    const QSignalSpy inserted(&model, &JobModel::rowsInserted);
    const QSignalSpy changed(&model, &JobModel::dataChanged);
    const QSignalSpy reset(&model, &JobModel::modelReset);
    model.takePage({ job(u"a"_s, JobState::Queued), job(u"b"_s, JobState::Queued) });
    QCOMPARE(inserted.count(), 1);
    model.takeJob(job(u"b"_s, JobState::Running));
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 1);
    QCOMPARE(model.job(model.rowOf(u"b"_s)).state, JobState::Running);
    QCOMPARE(model.rowOf(u"c"_s), -1);
    QCOMPARE(reset.count(), 0);
}

void JobModelTest::gathersEventsToTenASecond()
{
    JobModel model;
    model.takePage({ job(u"a"_s, JobState::Queued) });
    QSignalSpy changed(&model, &JobModel::dataChanged);
    for (int i = 1; i <= 50; ++i) {
        Job running = job(u"a"_s, JobState::Running);
        running.progress = i / 50.0;
        model.takeJob(running);
    }
    QCOMPARE(changed.count(), 1);
    QVERIFY(changed.wait(5'000));
    QCOMPARE(changed.count(), 2);
    QCOMPARE(model.job(0).progress, 1.0);
}

void JobModelTest::letsNoOlderListUndoAnEnd()
{
    JobModel model;
    model.takeJob(job(u"a"_s, JobState::Succeeded));
    model.takePage({ job(u"a"_s, JobState::Running) });
    QCOMPARE(model.job(0).state, JobState::Succeeded);
}

void JobModelTest::takesTheNewerWordOfAList()
{
    JobModel model;
    model.takeJob(job(u"a"_s, JobState::Running));
    Job requeued = job(u"a"_s, JobState::Queued);
    requeued.requeues.append({ .at = utcNow(), .reason = RequeueReason::Stop });
    model.takePage({ requeued });
    QCOMPARE(model.job(0).state, JobState::Queued);
    QCOMPARE(model.index(0, JobModel::RequeuesColumn).data().toString(), u"1"_s);
}

void JobModelTest::keepsTheLastOfOneThatIsNamedTwice()
{
    JobModel model;
    model.takePage({ job(u"a"_s, JobState::Queued), job(u"a"_s, JobState::Running) });
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.job(0).state, JobState::Running);
}

void JobModelTest::dropsEndedOnesFirst()
{
    JobModel model;
    QList<Job> jobs;
    for (int i = 0; i < JobModel::kMaxRows; ++i)
        jobs.append(job(QString::number(i), i % 2 ? JobState::Succeeded : JobState::Running));
    model.takePage(jobs);
    QCOMPARE(model.rowCount(), int(JobModel::kMaxRows));
    model.takePage({ job(u"one more"_s, JobState::Queued) });
    QCOMPARE(model.rowCount(), int(JobModel::kMaxRows - JobModel::kRoom));
    QCOMPARE(model.rowOf(u"1"_s), -1);
    QVERIFY(model.rowOf(u"0"_s) >= 0);
    const int last = model.rowOf(u"one more"_s);
    QCOMPARE(model.job(last).id, u"one more"_s);
}

void JobModelTest::dropsTheOldestWhenNoneHasEnded()
{
    JobModel model;
    QList<Job> jobs;
    for (int i = 0; i <= JobModel::kMaxRows; ++i)
        jobs.append(job(QString::number(i), JobState::Queued));
    model.takePage(jobs);
    QCOMPARE(model.rowCount(), int(JobModel::kMaxRows - JobModel::kRoom));
    QCOMPARE(model.job(0).id, QString::number(JobModel::kRoom + 1));
}

void JobModelTest::showsOnlyTheStatesAskedFor()
{
    JobModel model;
    JobFilter filter;
    filter.setSourceModel(&model);
    model.takePage({ job(u"a"_s, JobState::Queued), job(u"b"_s, JobState::Failed) });
    QCOMPARE(filter.rowCount(), 2);
    const QSignalSpy removed(&filter, &QAbstractItemModel::rowsRemoved);
    filter.setStates({ JobState::Failed });
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(removed.size(), 1);
    model.takeJob(job(u"a"_s, JobState::Failed));
    QCOMPARE(filter.rowCount(), 2);
    filter.setStates({});
    QCOMPARE(filter.rowCount(), 2);
}

void JobModelTest::saysProgressAndAttempts()
{
    JobModel model;
    Job running = job(u"a"_s, JobState::Running);
    running.progress = 0.425;
    running.attempt = 2;
    running.checkpoint = QJsonObject{ { u"chunk"_s, 7 } };
    model.takePage({ running });
    const auto text = [&model](int column) { return model.index(0, column).data().toString(); };
    QCOMPARE(text(JobModel::ProgressColumn), u"42 %"_s);
    QCOMPARE(text(JobModel::AttemptColumn), u"2 of 3"_s);
    QCOMPARE(text(JobModel::CheckpointColumn), u"{\"chunk\":7}"_s);
    QCOMPARE(text(JobModel::StateColumn), u"Running"_s);
}

void JobModelTest::saysWhichInstanceRunsIt()
{
    JobModel model;
    model.setOwnerNames(
        [](const QString &id) { return id == "5f1c2a3b-known"_L1 ? u"orders-2"_s : QString(); });
    Job known = job(u"a"_s, JobState::Running);
    known.owner = u"5f1c2a3b-known"_s;
    Job stranger = job(u"b"_s, JobState::Running);
    stranger.owner = u"0a1b2c3d-stranger"_s;
    model.takePage({ known, stranger, job(u"c"_s, JobState::Queued) });
    const auto held = [&model](int row) {
        return model.index(row, JobModel::OwnerColumn).data().toString();
    };
    QCOMPARE(held(0), u"orders-2"_s);
    QCOMPARE(held(1), u"0a1b2c3d"_s);
    QCOMPARE(held(2), QString());
    const QString tip = model.index(1, JobModel::OwnerColumn).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(u"0a1b2c3d-stranger"_s), qPrintable(tip));
    model.takeJob(job(u"a"_s, JobState::Succeeded));
    QCOMPARE(held(0), QString());
}

QTEST_GUILESS_MAIN(JobModelTest)
#include "tst_jobmodel.moc"
