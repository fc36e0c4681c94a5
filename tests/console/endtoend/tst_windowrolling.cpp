// SPDX-License-Identifier: GPL-3.0-only
// Two services are stopped one after another from the window: to the end, not to it, and not again.
#include "console/view/actions/dialogs/rollingtable.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"

#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// Two services, both selected, and the dialog that stops them in turn.
class Stage final
{
public:
    [[nodiscard]] bool open(const QStringList &flags)
    {
        if (!startAs(first, u"first"_s, flags) || !startAs(second, u"second"_s, flags))
            return false;
        console.keep(first, { .name = u"first"_s });
        console.keep(second, { .name = u"second"_s });
        return console.open() && console.showsAs(u"first"_s, u"Serving"_s)
            && console.showsAs(u"second"_s, u"Serving"_s)
            && console.choose({ u"first"_s, u"second"_s });
    }
    /// Begins, in this order.
    [[nodiscard]] bool begin()
    {
        if (!console.clickButton(u"Rolling stop"_s))
            return false;
        dialog = console.dialog();
        return isSoonIn(dialog, u"1 | first"_s) && isSoonIn(dialog, u"2 | second"_s)
            && type(fieldOf(dialog, u"Reason:"_s), u"new version"_s)
            && click(buttonOf(dialog, u"start"_s));
    }
    /// It runs as it did, and nobody has asked it for anything.
    [[nodiscard]] static bool isUntouched(const ServiceProcess &service)
    {
        const AdminClient admin(service);
        return admin.get("/state").body["state"_L1].toString() == "serving"_L1
            && admin.get("/audit").body["items"_L1].toArray().isEmpty();
    }
    [[nodiscard]] bool isSoonAt(const QString &name, const QString &progress) const
    {
        const bool isSo = isSoon([&] {
            const QStringList rows = rowsIn(dialog->findChild<RollingTable *>()).split(u'\n');
            return std::any_of(rows.begin(), rows.end(), [&](const QString &row) {
                return row.contains(name) && row.section(u" | "_s, -1).startsWith(progress);
            });
        });
        if (!isSo)
            qWarning().noquote() << name << "is not at" << progress << "in\n" << textIn(dialog);
        return isSo;
    }

    ServiceProcess first;
    ServiceProcess second;
    ConsoleStage console;
    QPointer<QDialog> dialog;
};

} // namespace

class WindowRollingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wantsAReasonBeforeItBegins();
    void stopsTheSecondOnceTheFirstHasASuccessor();
    void asksBeforeItIsLeftInTheMiddle();
    void stopsNoOtherOnceItIsAborted();
    void endsAtTheFirstThatDoesNotStopCleanly();
};

void WindowRollingTest::wantsAReasonBeforeItBegins()
{
    Stage stage;
    QVERIFY(stage.open({}));
    QVERIFY(stage.console.clickButton(u"Rolling stop"_s));
    QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Stop 2 instances, one after another"_s));
    QVERIFY(isSoonIn(dialog, u"Give a reason."_s));
    QVERIFY(!buttonOf(dialog, u"start"_s)->isEnabled());
    QVERIFY(buttonOf(dialog, u"close"_s)->isDefault());
    QVERIFY(press(Qt::Key_Escape));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(Stage::isUntouched(stage.first));
    QVERIFY(Stage::isUntouched(stage.second));
}

void WindowRollingTest::stopsTheSecondOnceTheFirstHasASuccessor()
{
    Stage stage;
    QVERIFY(stage.open({}));
    QVERIFY(stage.begin());
    QVERIFY(stage.isSoonAt(u"first"_s, u"Waiting for its successor"_s));
    QVERIFY(stage.isSoonAt(u"second"_s, u"Waiting"_s));
    QVERIFY(!buttonOf(stage.dialog, u"close"_s)->isEnabled());
    QCOMPARE(stage.first.waitForExit(), 0);
    QVERIFY(stage.console.showsAs(u"first"_s, u"Stopped cleanly"_s));
    QVERIFY(Stage::isUntouched(stage.second));

    QVERIFY(startAs(stage.first, u"first"_s));
    QVERIFY(stage.isSoonAt(u"first"_s, u"Done"_s));
    QVERIFY(stage.isSoonAt(u"second"_s, u"Waiting for its successor"_s));
    QCOMPARE(stage.second.waitForExit(), 0);
    QVERIFY(startAs(stage.second, u"second"_s));
    QVERIFY(stage.isSoonAt(u"second"_s, u"Done"_s));
    QVERIFY(isSoonIn(stage.dialog, u"2 of 2 stopped cleanly."_s));
    QCOMPARE(stage.first.report()["cause"_L1]["reason"_L1].toString(), u"new version"_s);
    QCOMPARE(stage.second.report()["cause"_L1]["reason"_L1].toString(), u"new version"_s);

    QVERIFY(click(buttonOf(stage.dialog, u"close"_s)));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.showsAs(u"first"_s, u"Serving"_s));
    QVERIFY(stage.console.showsAs(u"second"_s, u"Serving"_s));
    for (const ServiceProcess *service : { &stage.first, &stage.second })
        QCOMPARE(AdminClient(*service).get("/audit").body["items"_L1].toArray().size(), 1);
}

void WindowRollingTest::asksBeforeItIsLeftInTheMiddle()
{
    Stage stage;
    QVERIFY(stage.open({}));
    QVERIFY(stage.begin());
    QVERIFY(stage.isSoonAt(u"first"_s, u"Waiting for its successor"_s));
    MainWindow &window = stage.console.window();
    window.close();
    window.close(); // asked once
    QCOMPARE(window.findChildren<QMessageBox *>().size(), 1);
    QPointer<QMessageBox> box = window.findChild<QMessageBox *>();
    QVERIFY(isSoonIn(box, u"A rolling stop is under way."_s));
    QVERIFY(click(box->button(QMessageBox::Cancel)));
    QTRY_VERIFY(!box);
    QVERIFY(window.isVisible());
    QVERIFY(stage.isSoonAt(u"first"_s, u"Waiting for its successor"_s)); // it goes on

    window.close();
    box = window.findChild<QMessageBox *>();
    QVERIFY(isSoonIn(box, u"A rolling stop is under way."_s));
    for (QAbstractButton *button : box->buttons()) {
        if (box->buttonRole(button) == QMessageBox::DestructiveRole)
            QVERIFY(click(button));
    }
    QTRY_VERIFY(!window.isVisible());
    QVERIFY(Stage::isUntouched(stage.second));
}

void WindowRollingTest::stopsNoOtherOnceItIsAborted()
{
    Stage stage;
    QVERIFY(stage.open({ u"--grace"_s, u"1h"_s }));
    LoopbackClient busy(stage.first.trafficPort());
    QVERIFY(busy.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf"));
    QVERIFY(stage.first.hasCaughtUp());
    QVERIFY(stage.begin());
    QVERIFY(stage.isSoonAt(u"first"_s, u"Draining"_s));
    QVERIFY(press(Qt::Key_Escape)); // closes nothing that runs
    QVERIFY(isSoonIn(stage.dialog, u"It is under way: abort it before you close it."_s));
    QPushButton *abort = buttonOf(stage.dialog, u"start"_s);
    QCOMPARE(withoutMark(abort->text()), u"Abort"_s);
    QVERIFY(click(abort));
    QVERIFY(isSoonIn(stage.dialog, u"Aborted"_s));
    QVERIFY(stage.isSoonAt(u"first"_s, u"Left as it is"_s));
    QVERIFY(stage.isSoonAt(u"second"_s, u"Skipped: aborted"_s));
    QVERIFY(click(buttonOf(stage.dialog, u"close"_s)));
    QVERIFY(stage.console.isUndisturbed());
    QCOMPARE(ask(busy, "half").body, QByteArray("halfhalf")); // what was under way goes on
    QVERIFY(stage.console.showsAs(u"first"_s, u"Stopped cleanly"_s));
    QCOMPARE(stage.first.waitForExit(), 0);
    QVERIFY(Stage::isUntouched(stage.second));
}

void WindowRollingTest::endsAtTheFirstThatDoesNotStopCleanly()
{
    Stage stage;
    QVERIFY(stage.open({ u"--grace"_s, u"1s"_s }));
    LoopbackClient busy(stage.first.trafficPort());
    QVERIFY(busy.send(get("/work?ms=600000")));
    QVERIFY(stage.first.hasCaughtUp());
    QVERIFY(stage.begin());
    QVERIFY(stage.isSoonAt(u"first"_s, u"Failed: its stop was incomplete"_s));
    QVERIFY(stage.isSoonAt(u"second"_s, u"Skipped: an earlier one failed"_s));
    QVERIFY(isSoonIn(stage.dialog, u"Ended by a failure"_s));
    QVERIFY(isSoonIn(stage.dialog, u"0 of 2 stopped cleanly."_s));
    QVERIFY(stage.console.showsAs(u"first"_s, u"Stopped, incomplete"_s));
    QCOMPARE(stage.first.waitForExit(), 75);
    QVERIFY(startAs(stage.first, u"first"_s));
    QVERIFY(stage.console.showsAs(u"first"_s, u"Serving"_s));
    QVERIFY(Stage::isUntouched(stage.second)); // nor does a late successor set it going again
}

QTEST_MAIN(WindowRollingTest)
#include "tst_windowrolling.moc"
