// SPDX-License-Identifier: GPL-3.0-only
// The line that tells what becomes of a change: it follows the instance, not the click.
#include "console/view/actions/operationbar.h"
#include "console/view/actions/operationhistory.h"
#include "console/view/actions/tonebanner.h"
#include "tests/console/actingstage.h"

#include <QLabel>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

struct Window
{
    FakeSender sender;
    Operations operations{ sender.send() };
    QWidget window;
    OperationBar *bar = new OperationBar(operations, &window);

    Window()
    {
        (new QVBoxLayout(&window))->addWidget(bar);
        window.resize(900, 200);
        window.show();
    }
    [[nodiscard]] const ToneBanner *banner() const { return bar->findChild<ToneBanner *>(); }
    [[nodiscard]] bool shows(const QString &text) const
    {
        for (const QLabel *label : bar->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    }
};

} // namespace

class OperationBarTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isHiddenUntilSomethingIsAsked();
    void followsTheLastOperation();
    void countsTheOthers();
    void isDismissedUntilTheNext();
    void showsTheHistory();
    void fitsAnyWidth();
};

void OperationBarTest::isHiddenUntilSomethingIsAsked()
{
    Window window;
    QVERIFY(!window.bar->isVisible());
    const auto api = serving(u"api"_s);
    window.operations.send(*api, { .verb = Verb::Stop });
    QVERIFY(window.bar->isVisible());
    QVERIFY(window.shows(u"api · Drain and stop · Asked; no answer yet."_s));
}

void OperationBarTest::followsTheLastOperation()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.operations.send(*api, { .verb = Verb::Stop });
    QCOMPARE(window.banner()->tone(), Tone::Busy);
    window.sender.accept(0);
    QVERIFY(window.banner()->text().endsWith(u"Accepted."_s));
    show(*api, statsIn(LifecycleState::Draining, 3), stopWith(12s));
    QVERIFY(window.banner()->text().contains(u"Draining, 12 s left: 3 requests in flight"_s));
    setLink(*api, LinkState::Stopped, {}, StopOutcome::Incomplete);
    QVERIFY(window.banner()->text().endsWith(u"Stopped, incomplete."_s));
    QCOMPARE(window.banner()->tone(), Tone::Warning);
}

void OperationBarTest::countsTheOthers()
{
    Window window;
    const auto first = serving(u"first"_s);
    const auto second = serving(u"second"_s);
    const auto third = serving(u"third"_s);
    window.operations.send(*first, { .verb = Verb::Stop });
    QVERIFY(!window.shows(u"under way"_s));
    window.operations.send(*second, { .verb = Verb::Stop });
    QVERIFY(window.shows(u"1 other under way"_s));
    window.operations.send(*third, { .verb = Verb::Stop });
    QVERIFY(window.shows(u"2 others under way"_s));
    window.sender.refuse(0, 401, {});
    QVERIFY(window.shows(u"1 other under way"_s));
    QVERIFY(window.banner()->text().startsWith(u"third · "_s));
}

void OperationBarTest::isDismissedUntilTheNext()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.operations.send(*api, { .verb = Verb::Stop });
    for (QToolButton *button : window.bar->findChildren<QToolButton *>()) {
        if (button->text() == "Dis&miss"_L1)
            button->click();
    }
    QVERIFY(!window.bar->isVisible());
    window.sender.accept(0);
    QVERIFY(!window.bar->isVisible());
    window.operations.send(*api, { .verb = Verb::Force });
    QVERIFY(window.bar->isVisible());
}

void OperationBarTest::showsTheHistory()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.operations.send(*api, { .verb = Verb::Stop });
    window.sender.refuse(0, 401, {});
    window.operations.send(*api, { .verb = Verb::Quiesce });
    window.bar->showHistory();
    auto *history = window.bar->findChild<OperationHistory *>();
    QVERIFY(history && history->isVisible());
    const auto *view = history->findChild<QTreeView *>();
    QCOMPARE(view->model()->rowCount(), 2);
    QCOMPARE(view->model()->index(0, OperationLog::Action).data().toString(), u"Quiesce"_s);
    QTest::keyClick(history, Qt::Key_Escape);
    QTRY_VERIFY(!window.bar->findChild<OperationHistory *>());
}

void OperationBarTest::fitsAnyWidth()
{
    Window window;
    const auto api = serving(QString(500, u'w'));
    window.operations.send(*api, { .verb = Verb::Stop });
    window.window.resize(500, 200);
    QTRY_COMPARE(window.window.width(), 500);
    QVERIFY(window.banner()->text().size() > 500);
}

QTEST_MAIN(OperationBarTest)
#include "tst_operationbar.moc"
