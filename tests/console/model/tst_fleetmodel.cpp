// SPDX-License-Identifier: GPL-3.0-only
// Tests of FleetModel: what it shows, and that it gathers what it tells.
#include "console/model/fleet/fleetmodel.h"
#include "tests/console/fleetstage.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace quiesce;
using namespace quiesce::fleetstage;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString text(const FleetModel &model, int row, FleetColumn column)
{
    return model.index(row, int(column)).data().toString();
}

QString tip(const FleetModel &model, int row, FleetColumn column)
{
    return model.index(row, int(column)).data(Qt::ToolTipRole).toString();
}

} // namespace

class FleetModelTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsAnInstanceThatServes();
    void showsHowLongAStopHasLeft();
    void showsNoNumbersOfOneThatHasGone();
    void saysWhyAnInstanceIsNotLive();
    void gathersManyUpdatesIntoOneChange();
    void tellsNeighboursAtOnceAndOnlyTheirColumns();
    void isQuietWhenNothingChanges();
    void saysThatAJobEngineFails();
    void countsTheFleetByGroup();
    void takesAnInstanceOnce();
    void losesTheRowOfAnInstanceThatIsDestroyed();
    void doesNotHearOfAnInstanceThatWasRemoved();
    void showsTheNewestEvent();
    void ticksAgesOnlyWhileItIsToldTo();
    void keepsTheTrendOfTheLastSamples();
    void flushesAHundredInstancesQuickly();
};

void FleetModelTest::showsAnInstanceThatServes()
{
    FleetModel model;
    const QAbstractItemModelTester tester(&model);
    Instance instance(spec(u"orders"_s, Environment::Production));
    goLive(instance);
    model.add(&instance);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(text(model, 0, FleetColumn::State), u"Serving"_s);
    QCOMPARE(text(model, 0, FleetColumn::Name), u"orders"_s);
    QCOMPARE(text(model, 0, FleetColumn::Environment), u"Production"_s);
    QCOMPARE(text(model, 0, FleetColumn::Ready), u"Yes"_s);
    QCOMPARE(text(model, 0, FleetColumn::InFlight), u"3"_s);
    QCOMPARE(text(model, 0, FleetColumn::Jobs), u"0 / 0"_s);
    QCOMPARE(text(model, 0, FleetColumn::Version), u"1.2.3"_s);
    QCOMPARE(text(model, 0, FleetColumn::Address), u"orders.example:9090"_s);
    QCOMPARE(model.index(0, 0).data(FleetModel::ToneRole).toInt(), int(Tone::Good));
}

void FleetModelTest::showsHowLongAStopHasLeft()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    beginStop(instance, 18s);
    model.add(&instance);
    QCOMPARE(text(model, 0, FleetColumn::State), u"Draining"_s);
    QCOMPARE(text(model, 0, FleetColumn::Ready), u"No"_s);
    QCOMPARE(text(model, 0, FleetColumn::Remaining), u"18 s left"_s);
    QVERIFY(tip(model, 0, FleetColumn::Remaining).startsWith(u"Waits for 4;"_s));
}

void FleetModelTest::showsNoNumbersOfOneThatHasGone()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    goLive(instance);
    setLink(instance, LinkState::Crashed);
    model.add(&instance);
    QCOMPARE(text(model, 0, FleetColumn::State), u"Crashed"_s);
    for (const FleetColumn column : { FleetColumn::Ready, FleetColumn::InFlight, FleetColumn::Jobs,
                                      FleetColumn::Connections, FleetColumn::Remaining })
        QCOMPARE(text(model, 0, column), QString());
    QCOMPARE(model.index(0, 0).data(FleetModel::IsLiveRole).toBool(), false);
}

void FleetModelTest::saysWhyAnInstanceIsNotLive()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    LinkStatus link;
    link.state = LinkState::Unreachable;
    link.reason = u"Connection refused"_s;
    link.since = QDateTime::currentDateTimeUtc();
    link.lastSeenAt = link.since.addSecs(-60);
    link.retryAt = link.since.addSecs(30);
    link.attempt = 2;
    instance.takeLink(link);
    model.add(&instance);
    const QString said = tip(model, 0, FleetColumn::State);
    QVERIFY(said.contains(u"Connection refused"_s));
    QVERIFY(said.contains(u"Last seen 1 min ago"_s));
    QVERIFY(said.contains(u"Retry in "_s));
    QVERIFY(said.contains(u"(attempt 3)"_s));
    QVERIFY(text(model, 0, FleetColumn::LastEvent).contains(u"Connection refused"_s));
}

void FleetModelTest::gathersManyUpdatesIntoOneChange()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    goLive(instance);
    model.add(&instance);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    for (int i = 1; i <= 1'000; ++i)
        setInFlight(instance, i);
    QCOMPARE(changed.count(), 0);
    QVERIFY(changed.wait());
    QCOMPARE(changed.count(), 1);
    QCOMPARE(text(model, 0, FleetColumn::InFlight), QLocale().toString(1'000));
}

void FleetModelTest::tellsNeighboursAtOnceAndOnlyTheirColumns()
{
    FleetModel model;
    std::vector<std::unique_ptr<Instance>> instances;
    for (int i = 0; i < 5; ++i) {
        instances.push_back(std::make_unique<Instance>(spec(u"i%1"_s.arg(i))));
        goLive(*instances.back());
        model.add(instances.back().get());
    }
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    for (const int i : { 0, 1, 4 })
        setInFlight(*instances[size_t(i)], 9);
    QVERIFY(changed.wait());
    QCOMPARE(changed.count(), 2);
    QCOMPARE(changed[0][0].toModelIndex().row(), 0);
    QCOMPARE(changed[0][1].toModelIndex().row(), 1);
    QCOMPARE(changed[1][0].toModelIndex().row(), 4);
    QCOMPARE(changed[0][0].toModelIndex().column(), int(FleetColumn::InFlight));
    QVERIFY(changed[0][1].toModelIndex().column() < int(FleetColumn::Address));
}

void FleetModelTest::isQuietWhenNothingChanges()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    goLive(instance);
    model.add(&instance);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(!changed.wait(300));
}

void FleetModelTest::saysThatAJobEngineFails()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    goLive(instance);
    model.add(&instance);
    QCOMPARE(text(model, 0, FleetColumn::Engine), QString()); // an older service
    Stats stats = instance.snapshot()->stats;
    stats.engine = JobEngine{ .store = u"postgresql"_s, .storeFault = {}, .broker = {} };
    stats.engine->broker = JobEngine::Broker{
        .name = u"rabbitmq"_s, .fault = {}, .sinceAt = {}, .depth = 12, .lag = {}, .held = 3
    };
    instance.takeStats(stats);
    QCOMPARE(text(model, 0, FleetColumn::Engine), u"PostgreSQL + RabbitMQ"_s);
    QCOMPARE(text(model, 0, FleetColumn::Jobs), u"0 / 0"_s);
    QVERIFY(tip(model, 0, FleetColumn::Engine).contains(u"12 waiting · 3 held here"_s));
    stats.engine->broker->fault = u"connection refused"_s;
    instance.takeStats(stats);
    QCOMPARE(text(model, 0, FleetColumn::Engine), u"PostgreSQL + RabbitMQ: failing"_s);
    QCOMPARE(text(model, 0, FleetColumn::Jobs), u"⚠ 0 / 0"_s);
    for (const FleetColumn column : { FleetColumn::Jobs, FleetColumn::Engine })
        QVERIFY(tip(model, 0, column).contains(u"RabbitMQ: connection refused"_s));
}

void FleetModelTest::countsTheFleetByGroup()
{
    FleetModel model;
    QCOMPARE(summaryText(model.summary()), u"0 services"_s);
    Instance serving(spec(u"a"_s));
    Instance draining(spec(u"b"_s));
    Instance lost(spec(u"c"_s));
    goLive(serving);
    beginStop(draining, 9s);
    setLink(lost, LinkState::Unreachable);
    model.add(&serving);
    QCOMPARE(summaryText(model.summary()), u"1 service: 1 serving"_s);
    model.add(&draining);
    model.add(&lost);
    QCOMPARE(summaryText(model.summary()), u"3 services: 1 serving, 1 stopping, 1 in trouble"_s);
    QCOMPARE(model.summary().worst, Tone::Bad);
    QSignalSpy counted(&model, &FleetModel::summaryChanged);
    goLive(lost);
    QVERIFY(counted.wait());
    QCOMPARE(model.summary().of(FleetGroup::Serving), 2);
    QCOMPARE(model.summary().of(FleetGroup::Trouble), 0);
    QCOMPARE(model.summary().worst, Tone::Busy);
}

void FleetModelTest::takesAnInstanceOnce()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    model.add(&instance);
    model.add(&instance);
    QCOMPARE(model.rowCount(), 1);
    model.remove(&instance);
    model.remove(&instance);
    QCOMPARE(model.rowCount(), 0);
}

void FleetModelTest::losesTheRowOfAnInstanceThatIsDestroyed()
{
    FleetModel model;
    const QAbstractItemModelTester tester(&model);
    auto first = std::make_unique<Instance>(spec(u"a"_s));
    Instance second(spec(u"b"_s));
    goLive(*first);
    model.add(first.get());
    model.add(&second);
    first.reset();
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.rowOf(&second), 0);
    QCOMPARE(model.summary().of(FleetGroup::Serving), 0);
}

void FleetModelTest::doesNotHearOfAnInstanceThatWasRemoved()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    goLive(instance);
    model.add(&instance);
    model.remove(&instance);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    setInFlight(instance, 8);
    goLive(instance, LifecycleState::LameDuck);
    QVERIFY(!changed.wait(300));
}

void FleetModelTest::showsTheNewestEvent()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    goLive(instance);
    model.add(&instance);
    AuditEvent refused;
    refused.at = QDateTime::currentDateTimeUtc();
    refused.action = u"resume"_s;
    refused.result = u"refused"_s;
    refused.code = u"past-no-return"_s;
    refused.cause.kind = StopCause::Kind::Api;
    refused.cause.actor = u"alice"_s;
    Q_EMIT instance.audited(refused);
    QCOMPARE(text(model, 0, FleetColumn::LastEvent),
             u"just now · Refused: resume for alice (past-no-return)"_s);
    setLink(instance, LinkState::Crashed);
    QCOMPARE(text(model, 0, FleetColumn::LastEvent), u"just now · Crashed"_s);
}

void FleetModelTest::ticksAgesOnlyWhileItIsToldTo()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    model.add(&instance);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setTicking(true);
    QCOMPARE(changed.count(), 1); // what stood still is shown at once
    QCOMPARE(changed[0][0].toModelIndex().column(), int(FleetColumn::LastEvent));
    QCOMPARE(changed[0][1].toModelIndex().column(), int(FleetColumn::LastEvent));
    QTRY_VERIFY(changed.count() >= 2);
    model.setTicking(false);
    changed.clear();
    QVERIFY(!changed.wait(1'500));
}

void FleetModelTest::keepsTheTrendOfTheLastSamples()
{
    FleetModel model;
    Instance instance(spec(u"orders"_s));
    goLive(instance);
    model.add(&instance);
    const auto trend = [&model] {
        const QModelIndex cell = model.index(0, int(FleetColumn::Trend));
        return cell.data(FleetModel::TrendRole).value<QList<float>>();
    };
    QCOMPARE(trend().size(), 0);
    // A sample is a second, so the stats are told again until there is one.
    QTRY_VERIFY((setInFlight(instance, 7), trend().size() == 1));
    QCOMPARE(trend().first(), 7.0F);
    setLink(instance, LinkState::Stale);
    QCOMPARE(trend().size(), 2);
    QVERIFY(std::isnan(trend().last()));
}

void FleetModelTest::flushesAHundredInstancesQuickly()
{
    FleetModel model;
    std::vector<std::unique_ptr<Instance>> instances;
    for (int i = 0; i < 100; ++i) {
        instances.push_back(std::make_unique<Instance>(spec(u"i%1"_s.arg(i))));
        goLive(*instances.back());
        model.add(instances.back().get());
    }
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    for (int update = 0; update < 4; ++update) {
        for (const auto &instance : instances)
            setInFlight(*instance, update);
    }
    QVERIFY(changed.wait());
    QCOMPARE(changed.count(), 1); // one signal for all of them: that is what makes it quick
}

QTEST_GUILESS_MAIN(FleetModelTest)
#include "tst_fleetmodel.moc"
