// SPDX-License-Identifier: GPL-3.0-only
// The question before a change in the real window: what sends nothing, what sends once, and what
// production asks for.
#include "console/view/window/productionbanner.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

class Stage final
{
public:
    [[nodiscard]] bool open(Environment environment = Environment::None)
    {
        if (!startAs(service, u"api"_s, { u"--lame-duck"_s, u"1h"_s }))
            return false;
        console.keep(service, { .name = u"shop"_s, .environment = environment });
        return console.open() && console.showsAs(u"shop"_s, u"Serving"_s);
    }
    /// The question before a stop, with all that it asks for but the name.
    [[nodiscard]] QDialog *askToStop()
    {
        QDialog *dialog = console.clickButton(u"Drain and stop"_s) ? console.dialog() : nullptr;
        return type(fieldOf(dialog, u"Reason:"_s), u"update"_s) ? dialog : nullptr;
    }
    /// Everything that was asked of it, refused or not, the newest first.
    [[nodiscard]] QStringList audit() const
    {
        QStringList actions;
        const QJsonObject list = AdminClient(service).get("/audit").body;
        for (const QJsonValue entry : list["items"_L1].toArray())
            actions.append(entry["action"_L1].toString());
        return actions;
    }

    ServiceProcess service;
    ConsoleStage console;
};

enum class Way : unsigned char { CancelButton, Escape, Enter };

} // namespace

class WindowConfirmTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsNothingWhenItIsLeft_data();
    void sendsNothingWhenItIsLeft();
    void sendsOnceHoweverOftenItIsClicked();
    void wantsTheNameOfWhatIsInProduction();
    void typesNoNameWhereNobodyWantsIt();
    void asksInTheWayThatWasPreferred();
};

void WindowConfirmTest::sendsNothingWhenItIsLeft_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("by Cancel") << Way::CancelButton;
    QTest::newRow("by Escape") << Way::Escape;
    QTest::newRow("by Enter, blindly") << Way::Enter;
}

void WindowConfirmTest::sendsNothingWhenItIsLeft()
{
    QFETCH(Way, way);
    Stage stage;
    QVERIFY(stage.open());
    QVERIFY(stage.console.clickButton(u"Drain and stop"_s));
    QDialog *dialog = stage.console.dialog();
    QVERIFY(dialog);
    if (way == Way::CancelButton)
        QVERIFY(click(buttonOf(dialog, u"cancel"_s)));
    else
        QVERIFY(press(way == Way::Escape ? Qt::Key_Escape : Qt::Key_Return));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.showsAs(u"shop"_s, u"Serving"_s));
    QCOMPARE(stage.audit(), QStringList());
    QVERIFY(AdminClient(stage.service).get("/state").body["stop"_L1].isNull());
}

void WindowConfirmTest::sendsOnceHoweverOftenItIsClicked()
{
    Stage stage;
    QVERIFY(stage.open());
    QDialog *dialog = stage.askToStop();
    QVERIFY(dialog);
    QPushButton *confirm = buttonOf(dialog, u"confirm"_s);
    QVERIFY(confirm->isVisible() && confirm->isEnabled());
    for (int i = 0; i < 3; ++i) // quicker than anything can follow; also once it is hidden
        QTest::mouseClick(confirm, Qt::LeftButton);
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.showsAs(u"shop"_s, u"Lame duck"_s));
    QVERIFY(stage.console.isRefused(u"Drain and stop"_s, u"A stop is under way already."_s));
    QCOMPARE(stage.audit(), QStringList{ u"stop"_s });
}

void WindowConfirmTest::wantsTheNameOfWhatIsInProduction()
{
    Stage stage;
    QVERIFY(stage.open(Environment::Production));
    QVERIFY(isSoonIn(stage.console.part<ProductionBanner>(), u"Production: shop"_s));
    QDialog *dialog = stage.askToStop();
    QVERIFY(isSoonIn(dialog, u"shop | Production | Serving"_s));
    QPushButton *confirm = buttonOf(dialog, u"confirm"_s);
    QVERIFY(isSoonIn(dialog, u"This is production: type “shop” to confirm."_s));
    QVERIFY(!confirm->isEnabled());
    QVERIFY(!click(confirm));
    QLineEdit *typed = fieldOf(dialog, u"Type to confirm:"_s);
    QVERIFY(type(typed, u"Shop"_s));
    QVERIFY(!confirm->isEnabled());
    QVERIFY(press(Qt::Key_Return)); // in a field it does nothing
    QVERIFY(dialog->isVisible());
    QCOMPARE(stage.audit(), QStringList());
    QVERIFY(type(typed, u"shop"_s));
    QVERIFY(confirm->isEnabled());
    QVERIFY(click(confirm));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.showsAs(u"shop"_s, u"Lame duck"_s));
    QCOMPARE(stage.audit(), QStringList{ u"stop"_s });
}

void WindowConfirmTest::typesNoNameWhereNobodyWantsIt()
{
    Stage stage;
    QVERIFY(stage.open(Environment::Staging));
    QVERIFY(!stage.console.part<ProductionBanner>()->isVisible());
    QDialog *dialog = stage.askToStop();
    QVERIFY(isSoonIn(dialog, u"shop | Staging | Serving"_s));
    QVERIFY(!fieldOf(dialog, u"Type to confirm:"_s)->isVisible());
    QVERIFY(buttonOf(dialog, u"confirm"_s)->isEnabled());
}

void WindowConfirmTest::asksInTheWayThatWasPreferred()
{
    Stage stage;
    QVERIFY(stage.open(Environment::Production));
    QVERIFY(press(QKeySequence(u"Ctrl+,"_s)));
    QDialog *preferences = stage.console.dialog();
    QVERIFY(preferences);
    for (const QString &text : { u"reason"_s, u"name"_s }) {
        for (QCheckBox *box : preferences->findChildren<QCheckBox *>()) {
            if (withoutMark(box->text()).contains(text) && box->isChecked())
                QVERIFY(click(box));
        }
    }
    QVERIFY(click(preferences->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.clickButton(u"Drain and stop"_s));
    const QDialog *dialog = stage.console.dialog();
    QVERIFY(isSoonIn(dialog, u"Drain and stop shop?"_s));
    QVERIFY(!fieldOf(dialog, u"Type to confirm:"_s)->isVisible());
    QVERIFY(click(buttonOf(dialog, u"confirm"_s))); // neither a reason nor a name
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.showsAs(u"shop"_s, u"Lame duck"_s));
    QVERIFY(stage.console.clickButton(u"Extend"_s));
    QCOMPARE(fieldOf(stage.console.dialog(), u"Extend by:"_s)->text(), u"30s"_s);
}

QTEST_MAIN(WindowConfirmTest)
#include "tst_windowconfirm.moc"
