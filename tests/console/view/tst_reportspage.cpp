// SPDX-License-Identifier: GPL-3.0-only
// ReportsPage: selecting, comparing, and what it says when there is nothing to show.
#include "console/view/reports/facttable.h"
#include "console/view/reports/phasechart.h"
#include "console/view/reports/reportspage.h"
#include "console/view/reports/reportview.h"
#include "tests/console/support/samplereport.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableView>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::plainReport;
using quiesce::test::richReport;

namespace {

/// A page whose instance answers with what the test sets, in the next turn or not at all.
class Shown final
{
public:
    Shown()
        : page(nullptr, fetch())
    {
        page.resize(1'400, 800);
        page.show();
    }

    QTableView &table() { return *page.findChild<QTableView *>(); }
    QString placeholder()
    {
        auto *stack = page.findChild<QStackedWidget *>();
        auto *label = qobject_cast<QLabel *>(stack->currentWidget());
        return label ? label->text() : QString();
    }
    QList<ReportView *> views()
    {
        QList<ReportView *> visible;
        for (ReportView *view : page.findChildren<ReportView *>()) {
            if (view->isVisible())
                visible << view;
        }
        std::sort(visible.begin(), visible.end(), [this](QWidget *a, QWidget *b) {
            return a->mapTo(&page, QPoint()).x() < b->mapTo(&page, QPoint()).x();
        });
        return visible;
    }
    QPushButton &button(QWidget &within, const QString &text)
    {
        for (QPushButton *button : within.findChildren<QPushButton *>()) {
            if (button->text() == text)
                return *button;
        }
        qFatal("no button %s", qPrintable(text));
    }
    void click(int row, Qt::KeyboardModifiers modifiers = {})
    {
        const QRect cell = table().visualRect(table().model()->index(row, 0));
        QTest::mouseClick(table().viewport(), Qt::LeftButton, modifiers, cell.center());
    }
    bool says(QWidget &within, const QString &text)
    {
        for (const QLabel *label : within.findChildren<QLabel *>()) {
            if (label->isVisibleTo(&within) && label->text().contains(text))
                return true;
        }
        return false;
    }
    void answer(const Result<Page<StopReport>, FetchError> &result) { m_then(result); }

    bool isThere = true;
    int asked = 0;
    Instance instance{ InstanceSpec{} };
    ReportsPage page;

private:
    ReportSource::Fetch fetch()
    {
        return [this](const Instance &, QObject *, const ReportSource::Then &then) {
            m_then = then;
            ++asked;
            return isThere;
        };
    }

    ReportSource::Then m_then;
};

const Page<StopReport> kThree{ .items = { richReport(30), plainReport(20), plainReport(10) },
                               .next = {} };

} // namespace

class ReportsPageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysThatThereIsNoInstance();
    void saysThatItAsksAndThatThereIsNone();
    void saysWhyItFailed();
    void showsTheNewestByItself();
    void showsTheOneThatIsClicked();
    void comparesTwoToOneScale();
    void comparesWithThePreviousAtAClick();
    void threeAreTooMany();
    void aNewReportIsShownUnlessAnotherIsLookedAt();
    void refreshAsksAgainAndKeepsWhatIsShownOnFailure();
    void copiesAsTextAndAsJson();
    void saysThatAVersionIsUnknown();
    void anotherInstanceHasOtherReports();
};

void ReportsPageTest::saysThatThereIsNoInstance()
{
    Shown shown;
    QCOMPARE(shown.placeholder(), u"No instance is selected"_s);
    QVERIFY(!shown.button(shown.page, u"&Refresh"_s).isEnabled());
}

void ReportsPageTest::saysThatItAsksAndThatThereIsNone()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    QTRY_COMPARE(shown.placeholder(), u"Asking for reports…"_s);
    shown.answer(Page<StopReport>{});
    QTRY_VERIFY(shown.placeholder().startsWith("No stop has been reported yet"_L1));
    QVERIFY(shown.button(shown.page, u"&Refresh"_s).isEnabled());
}

void ReportsPageTest::saysWhyItFailed()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(Failure{ FetchError{ .status = 0, .code = {}, .detail = u"Host not found"_s } });
    QTRY_VERIFY(shown.placeholder().contains("Host not found"_L1));
    shown.answer(Failure{ FetchError{ .status = 503, .code = {}, .detail = {} } });
    QTRY_VERIFY(shown.placeholder().contains("503"_L1));
}

void ReportsPageTest::showsTheNewestByItself()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QTRY_COMPARE(shown.views().size(), 1);
    QVERIFY(shown.says(*shown.views().first(), u"Stopped, incomplete in 23.6 s"_s));
    QVERIFY(shown.says(*shown.views().first(), u"m.ortega"_s));
    QVERIFY(shown.says(*shown.views().first(), u"change 8841"_s));
    QVERIFY(shown.says(shown.page, u"3 report"_s));
}

void ReportsPageTest::showsTheOneThatIsClicked()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QTRY_COMPARE(shown.views().size(), 1);
    shown.click(1);
    QTRY_VERIFY(shown.says(*shown.views().first(), u"Stopped cleanly in 13.8 s"_s));
    QVERIFY(shown.says(*shown.views().first(), u"unknown sender"_s));
    QVERIFY(shown.says(*shown.views().first(), u"Nothing was cut"_s));
}

void ReportsPageTest::comparesTwoToOneScale()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QTRY_COMPARE(shown.views().size(), 1);
    shown.click(0);
    shown.click(2, Qt::ControlModifier);
    QTRY_COMPARE(shown.views().size(), 2);
    ReportView &earlier = *shown.views().first();
    ReportView &later = *shown.views().last();
    QTRY_VERIFY(shown.says(earlier, u"Stopped cleanly"_s));
    QVERIFY(shown.says(later, u"Stopped, incomplete"_s));
    const auto perSecond = [](ReportView &view, qsizetype phase, double seconds) {
        return view.findChild<PhaseChart *>()->segments()[phase].width / seconds;
    };
    QTRY_VERIFY(std::abs(perSecond(earlier, 1, 8.4) / perSecond(later, 1, 20) - 1) < 0.03);
    const auto *tallies = later.findChild<FactTable *>();
    QCOMPARE(tallies->columnCount(), 3);
    QCOMPARE(tallies->item(0, 2)->text(), u"+19"_s); // 61 against 42
    QCOMPARE(tallies->item(1, 2)->text(), u"−11"_s); // 4 against 15
    QCOMPARE(tallies->item(3, 2)->text(), u"+3"_s);
    QCOMPARE(earlier.findChild<FactTable *>()->columnCount(), 2);
}

void ReportsPageTest::comparesWithThePreviousAtAClick()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QPushButton &compare = shown.button(shown.page, u"Com&pare with previous"_s);
    QTRY_VERIFY(compare.isEnabled());
    QTest::mouseClick(&compare, Qt::LeftButton);
    QTRY_COMPARE(shown.views().size(), 2);
    QVERIFY(!compare.isEnabled());
    shown.click(2);
    QTRY_COMPARE(shown.views().size(), 1);
    QVERIFY(!compare.isEnabled()); // there is none before it
}

void ReportsPageTest::threeAreTooMany()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    shown.table().selectAll();
    QTRY_VERIFY(shown.placeholder().contains("no more than two"_L1));
    shown.table().clearSelection();
    QTRY_VERIFY(shown.placeholder().startsWith("Select a report"_L1));
}

void ReportsPageTest::aNewReportIsShownUnlessAnotherIsLookedAt()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QTRY_COMPARE(shown.views().size(), 1);
    shown.instance.takeReport(plainReport(40));
    QTRY_VERIFY(shown.says(*shown.views().first(), u"instance-40"_s));
    shown.click(2);
    QTRY_VERIFY(shown.says(*shown.views().first(), u"instance-20"_s));
    shown.instance.takeReport(plainReport(50));
    QTRY_COMPARE(shown.table().model()->rowCount(), 5);
    QCoreApplication::processEvents();
    QVERIFY(shown.says(*shown.views().first(), u"instance-20"_s));
}

void ReportsPageTest::refreshAsksAgainAndKeepsWhatIsShownOnFailure()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QPushButton &refresh = shown.button(shown.page, u"&Refresh"_s);
    QTRY_VERIFY(refresh.isEnabled());
    QTest::mouseClick(&refresh, Qt::LeftButton);
    QCOMPARE(shown.asked, 2);
    QTRY_VERIFY(!refresh.isEnabled());
    shown.answer(Failure{ FetchError{ .status = 0, .code = {}, .detail = u"cut off"_s } });
    QTRY_VERIFY(shown.says(shown.page, u"Not up to date: cut off"_s));
    QCOMPARE(shown.views().size(), 1);
}

void ReportsPageTest::copiesAsTextAndAsJson()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QTRY_COMPARE(shown.views().size(), 1);
    const QMenu *menu = shown.button(*shown.views().first(), u"&Copy"_s).menu();
    QCOMPARE(menu->actions().size(), 2);
    menu->actions().first()->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains("Exit code: 75"_L1));
    menu->actions().last()->trigger();
    const QJsonObject json =
        QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).object();
    QCOMPARE(json.value("instanceId"_L1).toString(), u"instance-30"_s);
}

void ReportsPageTest::saysThatAVersionIsUnknown()
{
    StopReport report = plainReport(1);
    report.reportVersion = 9;
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(Page<StopReport>{ .items = { report }, .next = {} });
    QTRY_COMPARE(shown.views().size(), 1);
    QVERIFY(shown.says(*shown.views().first(), u"version 9"_s));
    shown.instance.takeReport(plainReport(1));
    QTRY_VERIFY(!shown.says(*shown.views().first(), u"version 9"_s));
}

void ReportsPageTest::anotherInstanceHasOtherReports()
{
    Shown shown;
    shown.page.setInstance(&shown.instance);
    shown.answer(kThree);
    QTRY_COMPARE(shown.views().size(), 1);
    Instance other({});
    shown.page.setInstance(&other);
    QTRY_COMPARE(shown.views().size(), 0);
    QCOMPARE(shown.table().model()->rowCount(), 0);
    shown.page.setInstance(nullptr);
    QTRY_COMPARE(shown.placeholder(), u"No instance is selected"_s);
}

QTEST_MAIN(ReportsPageTest)
#include "tst_reportspage.moc"
