// SPDX-License-Identifier: GPL-3.0-only
// Tests of FleetPage: what an operator clicks and types there.
#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/fleetpage.h"
#include "console/view/fleet/fleettable.h"
#include "tests/console/fleetstage.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace quiesce;
using namespace quiesce::fleetstage;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

struct Stage
{
    FleetModel fleet;
    std::vector<std::unique_ptr<Instance>> instances;
    FleetPage page{ &fleet };

    explicit Stage(const QStringList &names = {})
    {
        for (const QString &name : names) {
            instances.push_back(std::make_unique<Instance>(spec(name)));
            goLive(*instances.back());
            fleet.add(instances.back().get());
        }
        page.resize(1'200, 500);
        page.show();
    }
    [[nodiscard]] FleetTable *table() const { return page.findChild<FleetTable *>(); }
    [[nodiscard]] QLineEdit *search() const { return page.findChild<QLineEdit *>(); }
    [[nodiscard]] Instance *instance(int i) const { return instances[size_t(i)].get(); }
    void clickRow(int row, Qt::KeyboardModifiers modifiers = {}) const
    {
        const QModelIndex index = table()->model()->index(row, int(FleetColumn::Name));
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, modifiers,
                          table()->visualRect(index).center());
    }
    /// The one that is seen and whose text has this in it.
    template <typename Button>
    [[nodiscard]] Button *button(const QString &text) const
    {
        for (Button *button : page.findChildren<Button *>()) {
            if (button->isVisible() && button->text().contains(text))
                return button;
        }
        return nullptr;
    }
    [[nodiscard]] bool says(const QString &text) const
    {
        const QList<QLabel *> labels = page.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
            return label->isVisible() && label->text() == text;
        });
    }
};

} // namespace

class FleetPageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void offersADemoWhenNothingRuns();
    void choosesTheOnlyInstanceByItself();
    void tellsWhichRowWasClicked();
    void goesThroughRowsByKeys();
    void tellsAllThatIsSelected();
    void searchesAsOneTypes();
    void saysThatNothingMatchesAndClears();
    void filtersByAChipWithItsCount();
    void keepsTheChosenOneWhenAFilterHidesIt();
    void choosesNobodyElseWhenTheChosenOneGoes();
    void copiesTheSelectedRows();
    void remembersItsColumns();
    void refusesAForeignHeader_data();
    void refusesAForeignHeader();
};

void FleetPageTest::offersADemoWhenNothingRuns()
{
    const Stage stage;
    QVERIFY(!stage.table()->isVisible());
    QVERIFY(!stage.search()->isVisible());
    QSignalSpy demo(&stage.page, &FleetPage::demoWanted);
    QSignalSpy add(&stage.page, &FleetPage::addWanted);
    QTest::mouseClick(stage.button<QPushButton>(u"demo"_s), Qt::LeftButton);
    QTest::mouseClick(stage.button<QPushButton>(u"connection"_s), Qt::LeftButton);
    QCOMPARE(demo.count(), 1);
    QCOMPARE(add.count(), 1);
}

void FleetPageTest::choosesTheOnlyInstanceByItself()
{
    const Stage stage({ u"a"_s, u"b"_s });
    QCOMPARE(stage.page.chosen(), stage.instance(0));
}

void FleetPageTest::tellsWhichRowWasClicked()
{
    const Stage stage({ u"a"_s, u"b"_s, u"c"_s });
    QSignalSpy activated(&stage.page, &FleetPage::instanceActivated);
    stage.clickRow(1);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].value<Instance *>(), stage.instance(1));
    stage.clickRow(1);
    QCOMPARE(activated.count(), 1);
}

void FleetPageTest::goesThroughRowsByKeys()
{
    Stage stage({ u"a"_s, u"b"_s, u"c"_s });
    stage.page.activateWindow();
    stage.page.focusSearch();
    QTRY_VERIFY(stage.search()->hasFocus());
    QTest::keyClick(stage.search(), Qt::Key_Down);
    QTRY_VERIFY(stage.table()->hasFocus());
    QTest::keyClick(stage.table(), Qt::Key_Down);
    QCOMPARE(stage.page.chosen(), stage.instance(1));
    QTest::keyClick(stage.table(), Qt::Key_End);
    QCOMPARE(stage.page.chosen(), stage.instance(2));
}

void FleetPageTest::tellsAllThatIsSelected()
{
    const Stage stage({ u"a"_s, u"b"_s, u"c"_s });
    QSignalSpy selected(&stage.page, &FleetPage::selectionChanged);
    stage.clickRow(0);
    stage.clickRow(2, Qt::ControlModifier);
    QCOMPARE(selected.last()[0].value<QList<Instance *>>().size(), 2);
    QCOMPARE(stage.page.selection().size(), 2);
}

void FleetPageTest::searchesAsOneTypes()
{
    const Stage stage({ u"orders"_s, u"billing"_s, u"mailer"_s });
    QVERIFY(stage.says(u"3 of 3 shown"_s));
    QTest::keyClicks(stage.search(), u"ill"_s);
    QCOMPARE(stage.table()->model()->rowCount(), 1);
    QVERIFY(stage.says(u"1 of 3 shown"_s));
    QTest::keyClick(stage.search(), Qt::Key_Backspace);
    QTest::keyClick(stage.search(), Qt::Key_Backspace);
    QTest::keyClick(stage.search(), Qt::Key_Backspace);
    QCOMPARE(stage.table()->model()->rowCount(), 3);
}

void FleetPageTest::saysThatNothingMatchesAndClears()
{
    const Stage stage({ u"orders"_s, u"billing"_s });
    QTest::keyClicks(stage.search(), u"nobody"_s);
    QVERIFY(!stage.table()->isVisible());
    QVERIFY(stage.says(u"0 of 2 match"_s));
    QTest::mouseClick(stage.button<QPushButton>(u"lear"_s), Qt::LeftButton);
    QVERIFY(stage.table()->isVisible());
    QCOMPARE(stage.search()->text(), QString());
}

void FleetPageTest::filtersByAChipWithItsCount()
{
    const Stage stage({ u"a"_s, u"b"_s, u"c"_s });
    setLink(*stage.instance(1), LinkState::Crashed);
    QTRY_VERIFY(stage.button<QToolButton>(u"Trouble 1"_s));
    QVERIFY(stage.button<QToolButton>(u"Serving 2"_s));
    QTest::mouseClick(stage.button<QToolButton>(u"Trouble 1"_s), Qt::LeftButton);
    QCOMPARE(stage.table()->model()->rowCount(), 1);
    QTest::mouseClick(stage.button<QToolButton>(u"Serving 2"_s), Qt::LeftButton);
    QCOMPARE(stage.table()->model()->rowCount(), 3);
}

void FleetPageTest::keepsTheChosenOneWhenAFilterHidesIt()
{
    const Stage stage({ u"orders"_s, u"billing"_s, u"mailer"_s });
    stage.table()->choose(stage.instance(1));
    QSignalSpy activated(&stage.page, &FleetPage::instanceActivated);
    QTest::keyClicks(stage.search(), u"orders"_s);
    QTRY_VERIFY(stage.page.selection().isEmpty()); // nothing is acted on unseen
    QCOMPARE(stage.page.chosen(), stage.instance(1));
    stage.search()->clear();
    QTRY_COMPARE(stage.page.selection(), QList<Instance *>{ stage.instance(1) });
    QCOMPARE(activated.count(), 0);
}

void FleetPageTest::choosesNobodyElseWhenTheChosenOneGoes()
{
    Stage stage({ u"a"_s, u"b"_s, u"c"_s });
    stage.clickRow(1);
    QSignalSpy activated(&stage.page, &FleetPage::instanceActivated);
    stage.fleet.remove(stage.instance(1));
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].value<Instance *>(), nullptr);
    QTRY_VERIFY(stage.page.selection().isEmpty());
    QCOMPARE(stage.page.chosen(), nullptr);
    QCOMPARE(activated.count(), 1);
}

void FleetPageTest::copiesTheSelectedRows()
{
    Stage stage({ u"a"_s, u"b"_s });
    stage.page.activateWindow();
    stage.clickRow(1);
    QTRY_VERIFY(stage.table()->hasFocus());
    QTest::keySequence(stage.table(), QKeySequence::Copy);
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.startsWith(u"Serving\tb\t"_s), qPrintable(copied));
    QCOMPARE(copied.count(u'\n'), 0);
}

void FleetPageTest::remembersItsColumns()
{
    Stage first({ u"a"_s });
    QHeaderView *header = first.table()->header();
    header->moveSection(header->visualIndex(int(FleetColumn::Rate)), 0);
    header->setSectionHidden(int(FleetColumn::Jobs), true);
    header->resizeSection(int(FleetColumn::Name), 321);
    first.table()->sortByColumn(int(FleetColumn::InFlight), Qt::DescendingOrder);
    Stage second({ u"a"_s });
    QVERIFY(second.page.restoreHeader(first.page.saveHeader()));
    header = second.table()->header();
    QCOMPARE(header->visualIndex(int(FleetColumn::Rate)), 0);
    QVERIFY(header->isSectionHidden(int(FleetColumn::Jobs)));
    QCOMPARE(header->sectionSize(int(FleetColumn::Name)), 321);
    QCOMPARE(header->sortIndicatorSection(), int(FleetColumn::InFlight));
    second.page.resetHeader();
    QCOMPARE(header->visualIndex(int(FleetColumn::Rate)), int(FleetColumn::Rate));
    QVERIFY(!header->isSectionHidden(int(FleetColumn::Jobs)));
    QCOMPARE(header->sortIndicatorSection(), int(FleetColumn::State));
}

void FleetPageTest::refusesAForeignHeader_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("garbage") << QByteArray("no header at all");
    QTest::newRow("huge") << QByteArray(1'000'000, '\x51');
    QTest::newRow("cut") << Stage().page.saveHeader().first(20);
}

void FleetPageTest::refusesAForeignHeader()
{
    QFETCH(const QByteArray, state);
    Stage stage({ u"a"_s });
    const QByteArray before = stage.page.saveHeader();
    QVERIFY(!stage.page.restoreHeader(state));
    QCOMPARE(stage.page.saveHeader(), before);
}

QTEST_MAIN(FleetPageTest)
#include "tst_fleetpage.moc"
