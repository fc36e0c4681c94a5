// SPDX-License-Identifier: GPL-3.0-only
// Tests of FleetFilter: words, groups and the order of rows.
#include "console/model/fleet/fleetfilter.h"
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

struct Stage
{
    FleetModel fleet;
    FleetFilter filter{ &fleet };
    std::vector<std::unique_ptr<Instance>> instances;

    Instance &add(const QString &name, Environment environment = Environment::None)
    {
        instances.push_back(std::make_unique<Instance>(spec(name, environment)));
        fleet.add(instances.back().get());
        return *instances.back();
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < filter.rowCount(); ++row)
            names.append(filter.index(row, int(FleetColumn::Name)).data().toString());
        return names;
    }
};

} // namespace

class FleetFilterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsEveryWordInAnyColumn_data();
    void findsEveryWordInAnyColumn();
    void showsAnyOfTheChosenGroups();
    void tellsWhichRowsASearchTakesAndGivesBack();
    void followsAnInstanceOutOfItsGroup();
    void putsTheMostUrgentFirst();
    void ordersNamesByTheirNumbers();
    void ordersNumbersAsNumbersAndTiesByName();
    void mapsBothWays();
};

void FleetFilterTest::findsEveryWordInAnyColumn_data()
{
    QTest::addColumn<QString>("search");
    QTest::addColumn<QStringList>("names");
    const QStringList all{ u"billing"_s, u"orders"_s };
    QTest::newRow("nothing") << QString() << all;
    QTest::newRow("blanks") << u"  \t "_s << all;
    QTest::newRow("part of a name, in any case") << u"ORD"_s << QStringList{ u"orders"_s };
    QTest::newRow("environment") << u"prod"_s << QStringList{ u"billing"_s };
    QTest::newRow("address") << u"orders.example"_s << QStringList{ u"orders"_s };
    QTest::newRow("state") << u"serving"_s << QStringList{ u"orders"_s };
    QTest::newRow("version") << u"1.2.3"_s << QStringList{ u"orders"_s };
    QTest::newRow("two words of two columns") << u"serving order"_s << QStringList{ u"orders"_s };
    QTest::newRow("two words, one wrong") << u"serving billing"_s << QStringList();
    QTest::newRow("no pattern") << u".*"_s << QStringList();
    QTest::newRow("huge") << QString(100'000, u'x') << QStringList();
}

void FleetFilterTest::findsEveryWordInAnyColumn()
{
    QFETCH(const QString, search);
    QFETCH(const QStringList, names);
    Stage stage;
    goLive(stage.add(u"orders"_s));
    setLink(stage.add(u"billing"_s, Environment::Production), LinkState::Unreachable);
    stage.filter.sort(int(FleetColumn::Name));
    stage.filter.setSearch(search);
    QCOMPARE(stage.names(), names);
    stage.filter.setSearch({});
    QCOMPARE(stage.filter.rowCount(), 2);
}

void FleetFilterTest::showsAnyOfTheChosenGroups()
{
    Stage stage;
    goLive(stage.add(u"a"_s));
    beginStop(stage.add(u"b"_s), 9s);
    setLink(stage.add(u"c"_s), LinkState::Unreachable);
    setLink(stage.add(u"d"_s), LinkState::Stopped); // without an outcome: failed
    stage.filter.sort(int(FleetColumn::Name));
    stage.filter.setGroups(FleetGroup::Serving);
    QCOMPARE(stage.names(), QStringList{ u"a"_s });
    stage.filter.setGroups(FleetGroup::Serving | FleetGroup::Stopping);
    QCOMPARE(stage.names(), (QStringList{ u"a"_s, u"b"_s }));
    stage.filter.setGroups(FleetGroup::Trouble);
    QCOMPARE(stage.names(), (QStringList{ u"c"_s, u"d"_s }));
    QVERIFY(stage.filter.isFiltering());
    stage.filter.setGroups({});
    QCOMPARE(stage.filter.rowCount(), 4);
    QVERIFY(!stage.filter.isFiltering());
}

/// By rows, not as a new layout: the list keeps its choice, the page sees that it is empty.
void FleetFilterTest::tellsWhichRowsASearchTakesAndGivesBack()
{
    Stage stage;
    stage.add(u"a"_s);
    stage.add(u"b"_s);
    stage.filter.sort(int(FleetColumn::Name));
    const QSignalSpy removed(&stage.filter, &QAbstractItemModel::rowsRemoved);
    const QSignalSpy inserted(&stage.filter, &QAbstractItemModel::rowsInserted);
    const QSignalSpy laidOut(&stage.filter, &QAbstractItemModel::layoutChanged);
    stage.filter.setSearch(u"nowhere"_s);
    QCOMPARE(removed.size(), 1);
    stage.filter.setSearch({});
    QCOMPARE(inserted.size(), 1);
    stage.filter.setGroups(FleetGroup::Serving);
    QCOMPARE(removed.size(), 2);
    QCOMPARE(laidOut.size(), 0);
}

void FleetFilterTest::followsAnInstanceOutOfItsGroup()
{
    Stage stage;
    const QAbstractItemModelTester tester(&stage.filter);
    Instance &instance = stage.add(u"a"_s);
    goLive(instance);
    stage.filter.setGroups(FleetGroup::Serving);
    QCOMPARE(stage.filter.rowCount(), 1);
    beginStop(instance, 9s);
    QTRY_COMPARE(stage.filter.rowCount(), 0);
    goLive(instance);
    QTRY_COMPARE(stage.filter.rowCount(), 1);
}

void FleetFilterTest::putsTheMostUrgentFirst()
{
    Stage stage;
    stage.add(u"connecting"_s);
    goLive(stage.add(u"serving"_s));
    goLive(stage.add(u"quiesced"_s), LifecycleState::LameDuck);
    beginStop(stage.add(u"draining"_s), 9s);
    setLink(stage.add(u"crashed"_s), LinkState::Crashed);
    stage.filter.sort(int(FleetColumn::State));
    QCOMPARE(
        stage.names(),
        (QStringList{ u"crashed"_s, u"quiesced"_s, u"draining"_s, u"serving"_s, u"connecting"_s }));
}

void FleetFilterTest::ordersNamesByTheirNumbers()
{
    Stage stage;
    for (const QString &name : { u"api-10"_s, u"api-2"_s, u"API-1"_s })
        stage.add(name);
    stage.filter.sort(int(FleetColumn::Name));
    QCOMPARE(stage.names(), (QStringList{ u"API-1"_s, u"api-2"_s, u"api-10"_s }));
}

void FleetFilterTest::ordersNumbersAsNumbersAndTiesByName()
{
    Stage stage;
    const std::initializer_list<std::pair<QString, int>> rows{ { u"c"_s, 9 },
                                                               { u"b"_s, 10 },
                                                               { u"a"_s, 9 } };
    for (const auto &[name, count] : rows) {
        Instance &instance = stage.add(name);
        goLive(instance);
        setInFlight(instance, count);
    }
    stage.filter.sort(int(FleetColumn::InFlight), Qt::DescendingOrder);
    QCOMPARE(stage.names(), (QStringList{ u"b"_s, u"a"_s, u"c"_s }));
    stage.filter.sort(int(FleetColumn::InFlight), Qt::AscendingOrder);
    QCOMPARE(stage.names(), (QStringList{ u"a"_s, u"c"_s, u"b"_s }));
}

void FleetFilterTest::mapsBothWays()
{
    Stage stage;
    Instance &hidden = stage.add(u"hidden"_s);
    Instance &shown = stage.add(u"shown"_s);
    stage.filter.setSearch(u"shown"_s);
    QCOMPARE(stage.filter.instanceAt(stage.filter.indexOf(&shown)), &shown);
    QVERIFY(!stage.filter.indexOf(&hidden).isValid());
    QCOMPARE(stage.filter.instanceAt({}), nullptr);
}

QTEST_GUILESS_MAIN(FleetFilterTest)
#include "tst_fleetfilter.moc"
