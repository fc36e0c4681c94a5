// SPDX-License-Identifier: GPL-3.0-only
// InstanceModels: a timeline that begins with the instance, blockers and jobs with the first look.
#include "console/model/instance/instancemodels.h"
#include "tests/console/fedinstance.h"

#include <QPointer>
#include <QSignalSpy>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QStringList kindsOf(const Timeline &timeline)
{
    QStringList kinds;
    for (int row = 0; row < timeline.rowCount(); ++row)
        kinds << toWire(timeline.entry(row).kind);
    return kinds;
}

RequestEvent requestEnd(const QString &id)
{
    RequestEvent event;
    event.id = id;
    event.outcome = u"drained"_s;
    return event;
}

} // namespace

class InstanceModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areTheSameForOneInstance();
    void writeDownWhatHappensThoughNobodyLooks();
    void writeDownOnlyNewStatesOfAJob();
    void writeDownNoAttemptToConnect();
    void followAStopFromTheFirstLook();
    void removeABlockerWhenItsRequestEnds();
    void removeABlockerWhenItsJobIsRequeued();
    void emptyTheBlockersAtTheReport();
    void keepLessWhileNobodyLooks();
    void tellWhenThereIsNoConnection();
    void goWithTheirInstance();
};

void InstanceModelsTest::areTheSameForOneInstance()
{
    Instance instance(spec());
    Instance other(spec());
    InstanceModels *models = InstanceModels::of(&instance);
    QCOMPARE(InstanceModels::of(&instance), models);
    QVERIFY(InstanceModels::of(&other) != models);
    QCOMPARE(models->jobs(), models->jobs());
}

void InstanceModelsTest::writeDownWhatHappensThoughNobodyLooks()
{
    Instance instance(spec());
    Timeline *timeline = InstanceModels::of(&instance)->timeline();
    instance.takeLink(link(LinkState::Live));
    instance.takeSnapshot(snapshot(LifecycleState::Serving), false);
    instance.takeState(entered(LifecycleState::Serving, LifecycleState::LameDuck));
    Q_EMIT instance.requestEnded(requestEnd(u"1"_s));
    Q_EMIT instance.logged({});
    Q_EMIT instance.audited({});
    instance.takeSnapshot(snapshot(LifecycleState::Serving), true);
    instance.takeReport(report(StopOutcome::Clean));
    QTRY_COMPARE(kindsOf(*timeline),
                 QStringList({ u"link"_s, u"state"_s, u"request"_s, u"log"_s, u"audit"_s, u"gap"_s,
                               u"report"_s }));
}

void InstanceModelsTest::writeDownOnlyNewStatesOfAJob()
{
    Instance instance(spec());
    Timeline *timeline = InstanceModels::of(&instance)->timeline();
    for (const JobState state : { JobState::Queued, JobState::Running, JobState::Running,
                                  JobState::Running, JobState::Succeeded })
        Q_EMIT instance.jobChanged(job(u"a"_s, state));
    QTRY_COMPARE(timeline->rowCount(), 3);
}

void InstanceModelsTest::writeDownNoAttemptToConnect()
{
    Instance instance(spec());
    Timeline *timeline = InstanceModels::of(&instance)->timeline();
    for (int attempt = 0; attempt < 5; ++attempt) {
        instance.takeLink(link(LinkState::Connecting));
        instance.takeLink(link(LinkState::Unreachable));
    }
    instance.takeLink(link(LinkState::Live));
    QTRY_COMPARE(timeline->rowCount(), 2);
    QCOMPARE(textOf(timeline->entry(1)), u"Connected"_s);
}

void InstanceModelsTest::followAStopFromTheFirstLook()
{
    Instance instance(spec());
    instance.takeLink(link(LinkState::Live));
    Snapshot stopping = snapshot(LifecycleState::Draining);
    stopping.stop = stopView(5s, 25s, blockers(3));
    instance.takeSnapshot(stopping, false);
    BlockerModel *model = InstanceModels::of(&instance)->blockers();
    QCOMPARE(model->rowCount(), 3);
    stopping.stop->waitingOn.removeFirst();
    stopping.stop->waitingOnTotal = 2;
    instance.takeSnapshot(stopping, false);
    QCOMPARE(model->rowCount(), 2);
}

void InstanceModelsTest::removeABlockerWhenItsRequestEnds()
{
    Instance instance(spec());
    Snapshot stopping = snapshot(LifecycleState::Draining);
    stopping.stop = stopView(5s, 25s, blockers(3));
    instance.takeSnapshot(stopping, false);
    BlockerModel *model = InstanceModels::of(&instance)->blockers();
    Q_EMIT instance.requestEnded(requestEnd(u"1"_s));
    QCOMPARE(model->rowCount(), 2);
    QCOMPARE(model->total(), 2);
}

void InstanceModelsTest::removeABlockerWhenItsJobIsRequeued()
{
    Instance instance(spec());
    Snapshot stopping = snapshot(LifecycleState::Draining);
    QList<Blocker> waitingOn = blockers(1);
    waitingOn.first().kind = u"job"_s;
    stopping.stop = stopView(5s, 25s, waitingOn);
    instance.takeSnapshot(stopping, false);
    BlockerModel *model = InstanceModels::of(&instance)->blockers();
    Q_EMIT instance.jobChanged(job(u"0"_s, JobState::Running));
    QCOMPARE(model->rowCount(), 1);
    Q_EMIT instance.jobChanged(job(u"0"_s, JobState::Queued));
    QCOMPARE(model->rowCount(), 0);
}

void InstanceModelsTest::emptyTheBlockersAtTheReport()
{
    Instance instance(spec());
    Snapshot stopping = snapshot(LifecycleState::Draining);
    stopping.stop = stopView(5s, 25s, blockers(3));
    instance.takeSnapshot(stopping, false);
    BlockerModel *model = InstanceModels::of(&instance)->blockers();
    instance.takeReport(report(StopOutcome::Incomplete));
    QCOMPARE(model->rowCount(), 0);
    QCOMPARE(model->total(), 0);
}

void InstanceModelsTest::keepLessWhileNobodyLooks()
{
    Instance instance(spec());
    InstanceModels *models = InstanceModels::of(&instance);
    const auto flood = [&instance] {
        for (int i = 0; i < 30'000; ++i)
            Q_EMIT instance.logged({});
    };
    flood();
    QVERIFY(models->timeline()->rowCount() <= InstanceModels::kNeverSeenRows);
    models->beginShowing();
    flood();
    QVERIFY(models->timeline()->rowCount() > 25'000);
    models->endShowing();
    QCOMPARE(models->timeline()->rowCount(), int(InstanceModels::kSeenRows));
}

void InstanceModelsTest::tellWhenThereIsNoConnection()
{
    Instance instance(spec());
    InstanceModels *models = InstanceModels::of(&instance);
    const QSignalSpy failed(models, &InstanceModels::jobsFailed);
    const QSignalSpy noOutput(models, &InstanceModels::outputFailed);
    models->refreshJobs();
    models->refreshJobs();
    models->fetchOutput(u"a"_s);
    QCOMPARE(failed.count(), 2);
    QCOMPARE(noOutput.count(), 1);
}

void InstanceModelsTest::goWithTheirInstance()
{
    auto instance = std::make_unique<Instance>(spec());
    const QPointer<InstanceModels> models = InstanceModels::of(instance.get());
    instance.reset();
    QVERIFY(!models);
}

QTEST_GUILESS_MAIN(InstanceModelsTest)
#include "tst_instancemodels.moc"
