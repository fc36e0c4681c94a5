// SPDX-License-Identifier: GPL-3.0-only
// BlockerModel: rows that follow what a stop waits for, with no more signals than there is news.
#include "console/model/lists/blockermodel.h"
#include "tests/console/cputime.h"
#include "tests/console/fedinstance.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class BlockerModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void listsTheOldestFirst();
    void saysNothingWhenNothingIsNew();
    void removesOneRowForOneThatIsGone();
    void insertsWhatIsNewInItsPlace();
    void changesTheRowWhoseLabelHas();
    void takesTheSameIdOfAnotherKindForAnother();
    void passesOverOneThatIsNamedTwice();
    void movesScatteredRowsTogetherAndKeepsSelections();
    void insertsScatteredRowsInOrder();
    void removesAnEndedOneAtOnceAndFurtherOnesTogether();
    void countsAnEndedOneThatWasNotShown();
    void keepsNoMoreThanItsBound();
    void ticksAgesWithOneSignal();
    void isFastEnoughForTenThousandRowsASecond();

private:
    [[nodiscard]] QStringList ids() const;

    std::unique_ptr<BlockerModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::unique_ptr<QSignalSpy> m_inserted;
    std::unique_ptr<QSignalSpy> m_removed;
    std::unique_ptr<QSignalSpy> m_changed;
    std::unique_ptr<QSignalSpy> m_moved;
    std::unique_ptr<QSignalSpy> m_reset;
};

void BlockerModelTest::init()
{
    m_model = std::make_unique<BlockerModel>();
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    m_model->setBlockers(blockers(5), 5, 1'000);
    m_inserted = std::make_unique<QSignalSpy>(m_model.get(), &BlockerModel::rowsInserted);
    m_removed = std::make_unique<QSignalSpy>(m_model.get(), &BlockerModel::rowsRemoved);
    m_changed = std::make_unique<QSignalSpy>(m_model.get(), &BlockerModel::dataChanged);
    m_moved = std::make_unique<QSignalSpy>(m_model.get(), &BlockerModel::layoutChanged);
    m_reset = std::make_unique<QSignalSpy>(m_model.get(), &BlockerModel::modelReset);
}

void BlockerModelTest::cleanup()
{
    QCOMPARE(m_reset->count(), 0);
}

QStringList BlockerModelTest::ids() const
{
    QStringList ids;
    for (int row = 0; row < m_model->rowCount(); ++row)
        ids << m_model->blocker(row).id;
    return ids;
}

void BlockerModelTest::listsTheOldestFirst()
{
    QList<Blocker> mixed = blockers(4);
    std::swap(mixed[0], mixed[3]);
    m_model->setBlockers(mixed, 4, 1'000);
    QCOMPARE(ids(), QStringList({ u"0"_s, u"1"_s, u"2"_s, u"3"_s }));
    const QModelIndex age = m_model->index(0, BlockerModel::AgeColumn);
    QCOMPARE(age.data().toString(), u"20 s"_s);
}

void BlockerModelTest::saysNothingWhenNothingIsNew()
{
    m_model->setBlockers(blockers(5, 25s), 5, 6'000);
    QCOMPARE(m_inserted->count() + m_removed->count() + m_changed->count() + m_moved->count(), 0);
}

void BlockerModelTest::removesOneRowForOneThatIsGone()
{
    QList<Blocker> rest = blockers(5);
    rest.removeAt(2);
    m_model->setBlockers(rest, 4, 1'000);
    QCOMPARE(m_removed->count(), 1);
    QCOMPARE(m_removed->at(0).at(1).toInt(), 2);
    QCOMPARE(m_removed->at(0).at(2).toInt(), 2);
    QCOMPARE(m_inserted->count() + m_changed->count() + m_moved->count(), 0);
    QCOMPARE(ids(), QStringList({ u"0"_s, u"1"_s, u"3"_s, u"4"_s }));
}

void BlockerModelTest::insertsWhatIsNewInItsPlace()
{
    QList<Blocker> more = blockers(5) + blockers(2, 1s, 100);
    more.prepend(blockers(1, 1h, 50).first());
    m_model->setBlockers(more, 8, 1'000);
    QCOMPARE(m_inserted->count(), 2);
    QCOMPARE(m_inserted->at(0).at(1).toInt(), 0);
    QCOMPARE(m_inserted->at(1).at(1).toInt(), 6);
    QCOMPARE(m_inserted->at(1).at(2).toInt(), 7);
    QCOMPARE(m_removed->count() + m_changed->count() + m_moved->count(), 0);
}

void BlockerModelTest::changesTheRowWhoseLabelHas()
{
    QList<Blocker> changed = blockers(5);
    changed[1].route = u"/other"_s;
    m_model->setBlockers(changed, 5, 1'000);
    QCOMPARE(m_changed->count(), 1);
    QCOMPARE(m_changed->at(0).at(0).toModelIndex().row(), 1);
    QCOMPARE(m_changed->at(0).at(1).toModelIndex().row(), 1);
    QCOMPARE(m_model->index(1, BlockerModel::WhatColumn).data().toString(), u"GET /other"_s);
}

void BlockerModelTest::takesTheSameIdOfAnotherKindForAnother()
{
    QList<Blocker> both = blockers(1);
    both.append(both.first());
    both.last().kind = u"job"_s;
    m_model->setBlockers(both, 2, 1'000);
    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->index(1, BlockerModel::KindColumn).data().toString(), u"Job"_s);
}

void BlockerModelTest::passesOverOneThatIsNamedTwice()
{
    m_model->setBlockers(blockers(3) + blockers(3), 3, 1'000);
    QCOMPARE(ids(), QStringList({ u"0"_s, u"1"_s, u"2"_s }));
}

void BlockerModelTest::movesScatteredRowsTogetherAndKeepsSelections()
{
    m_model->setBlockers(blockers(100), 100, 1'000);
    const QPersistentModelIndex kept = m_model->index(51, 0);
    const QPersistentModelIndex gone = m_model->index(50, 0);
    m_removed->clear();
    QList<Blocker> odd;
    for (const Blocker &blocker : blockers(100)) {
        if (blocker.id.toInt() % 2 == 1)
            odd.append(blocker);
    }
    m_model->setBlockers(odd, 50, 1'000);
    QCOMPARE(m_removed->count(), 1);
    QCOMPARE(m_moved->count(), 1);
    QCOMPARE(kept.row(), 25);
    QCOMPARE(m_model->blocker(kept.row()).id, u"51"_s);
    QVERIFY(!gone.isValid());
}

void BlockerModelTest::insertsScatteredRowsInOrder()
{
    QList<Blocker> odd;
    for (const Blocker &blocker : blockers(100)) {
        if (blocker.id.toInt() % 2 == 1)
            odd.append(blocker);
    }
    m_model->setBlockers(odd, 50, 1'000);
    const QPersistentModelIndex kept = m_model->index(25, 0);
    m_inserted->clear();
    m_model->setBlockers(blockers(100), 100, 1'000);
    QCOMPARE(m_inserted->count(), 1);
    QCOMPARE(kept.row(), 51);
    for (int row = 0; row < 100; ++row)
        QCOMPARE(m_model->blocker(row).id, QString::number(row));
}

void BlockerModelTest::removesAnEndedOneAtOnceAndFurtherOnesTogether()
{
    m_model->remove(u"request"_s, u"0"_s);
    QCOMPARE(m_removed->count(), 1);
    QCOMPARE(m_model->total(), 4);
    m_model->remove(u"request"_s, u"1"_s);
    m_model->remove(u"request"_s, u"2"_s);
    QCOMPARE(m_removed->count(), 1);
    QVERIFY(m_removed->wait(5'000));
    QCOMPARE(m_removed->count(), 2); // both in one
    QCOMPARE(ids(), QStringList({ u"3"_s, u"4"_s }));
    QCOMPARE(m_model->total(), 2);
}

void BlockerModelTest::countsAnEndedOneThatWasNotShown()
{
    m_model->setBlockers(blockers(5), 9, 1'000);
    QCOMPARE(m_model->more(), 4);
    m_model->remove(u"request"_s, u"unknown"_s);
    QCOMPARE(m_model->more(), 3);
    QCOMPARE(m_model->rowCount(), 5);
}

void BlockerModelTest::keepsNoMoreThanItsBound()
{
    m_model->setBlockers(blockers(int(BlockerModel::kMaxRows) + 10, 2h), 20'000, 1'000);
    QCOMPARE(m_model->rowCount(), int(BlockerModel::kMaxRows));
    QCOMPARE(m_model->more(), 20'000 - BlockerModel::kMaxRows);
}

void BlockerModelTest::ticksAgesWithOneSignal()
{
    m_model->tick(2'000);
    QCOMPARE(m_changed->count(), 1);
    QCOMPARE(m_model->index(0, BlockerModel::AgeColumn).data().toString(), u"21 s"_s);
}

void BlockerModelTest::isFastEnoughForTenThousandRowsASecond()
{
    m_tester.reset(); // it looks at every row
    QSortFilterProxyModel sorted;
    sorted.setSourceModel(m_model.get());
    sorted.sort(BlockerModel::IdColumn);
    const QList<Blocker> all = blockers(10'000, 2h);
    QList<Blocker> rest;
    for (const Blocker &blocker : all) {
        if (blocker.id.toInt() % 3 != 0)
            rest.append(blocker);
    }
    m_model->setBlockers(all, 10'000, 1'000);
    const qint64 begin = cpuMs();
    m_model->setBlockers(rest, rest.size(), 2'000);
    const qint64 updated = cpuMs();
    m_model->tick(3'000);
    const qint64 ticked = cpuMs();
    qInfo("update %lld ms, tick %lld ms", updated - begin, ticked - updated);
    QCOMPARE(sorted.rowCount(), int(rest.size()));
    QCOMPARE(m_model->blocker(0).id, rest.first().id);
    QVERIFY(updated - begin < 500 && ticked - updated < 500);
}

QTEST_GUILESS_MAIN(BlockerModelTest)
#include "tst_blockermodel.moc"
