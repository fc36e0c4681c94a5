// SPDX-License-Identifier: GPL-3.0-only
// What an operator may not do, and what somebody else was quicker with: said, and nothing done.
#include "console/view/actions/operationbar.h"
#include "console/view/detail/stop/blockerview.h"
#include "console/view/detail/stop/stopbanner.h"
#include "tests/console/endtoend/consolestage.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/adminclient.h"

#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

const QStringList kPatient{ u"--lame-duck"_s, u"1h"_s, u"--grace"_s, u"1h"_s };
const QStringList kActions{ u"Quiesce"_s, u"Drain and stop"_s, u"Extend"_s,
                            u"Resume"_s,  u"Force"_s,          u"Rolling stop"_s };

qsizetype changesAskedOf(const ServiceProcess &service)
{
    return AdminClient(service).get("/audit").body["items"_L1].toArray().size();
}

/// A service that has a second token, which may only read, and a console that was given it.
class ReadOnly final
{
public:
    [[nodiscard]] bool open(const QStringList &flags)
    {
        const QString token = service.path(u"read-token"_s);
        service.writeFile(u"read-token"_s, "a-token-that-may-only-read-0123456789");
        QFile::setPermissions(token, QFile::ReadOwner | QFile::WriteOwner);
        service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, token);
        if (!startAs(service, u"api"_s, flags))
            return false;
        console.keep(service, { .name = u"api"_s, .tokenFile = token });
        return console.open() && console.showsAs(u"api"_s, u"Serving"_s);
    }

    ServiceProcess service;
    ConsoleStage console;
};

/// A stop is about to be confirmed.
class Asking final
{
public:
    [[nodiscard]] bool open()
    {
        if (!startAs(service, u"api"_s, kPatient))
            return false;
        console.keep(service, { .name = u"api"_s });
        if (!console.open() || !console.showsAs(u"api"_s, u"Serving"_s)
            || !console.clickButton(u"Drain and stop"_s))
            return false;
        dialog = console.dialog();
        confirm = buttonOf(dialog, u"confirm"_s);
        return type(fieldOf(dialog, u"Reason:"_s), u"update"_s) && confirm->isEnabled();
    }

    ServiceProcess service;
    ConsoleStage console;
    QDialog *dialog = nullptr;
    QPushButton *confirm = nullptr;
};

} // namespace

class WindowRefusalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoMayOnlyReadIsToldSo();
    void whoMayOnlyReadSeesAStopButCancelsNothing();
    void tellsOfARefusal();
    void aQuestionThatIsOverCannotBeConfirmed();
};

void WindowRefusalTest::whoMayOnlyReadIsToldSo()
{
    ReadOnly stage;
    QVERIFY(stage.open({}));
    for (const QString &action : kActions)
        QVERIFY(stage.console.isRefused(action, u"This token may only read."_s));
    QVERIFY(!click(stage.console.button(u"Drain and stop"_s)));
    QVERIFY(press(QKeySequence(u"Ctrl+Shift+S"_s)));
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(stage.console.button(u"Reconnect now"_s)->isEnabled());
    QCOMPARE(changesAskedOf(stage.service), 0);
}

void WindowRefusalTest::whoMayOnlyReadSeesAStopButCancelsNothing()
{
    ReadOnly stage;
    QVERIFY(stage.open(kPatient));
    LoopbackClient busy(stage.service.trafficPort());
    QVERIFY(busy.send(get("/work?ms=600000")));
    QVERIFY(stage.service.hasCaughtUp());
    QCOMPARE(AdminClient(stage.service).post("/stop", { { u"actor"_s, u"bob"_s } }).status, 202);
    QVERIFY(stage.console.showsAs(u"api"_s, u"Lame duck"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"Asked for by bob"_s));
    auto *table = stage.console.part<BlockerView>()->findChild<QTableView *>();
    QVERIFY(isSoonIn(table, u"GET /work"_s));
    QVERIFY(clickCell(table, table->model()->index(0, 0), {}, Qt::RightButton));
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    const QAction *cancel = menu->actions().constFirst();
    QCOMPARE(withoutMark(cancel->text()), u"Cancel this request…"_s);
    QVERIFY(!cancel->isEnabled());
    QVERIFY(cancel->toolTip().contains("with a token that may change it"_L1));
    menu->close();
    QCOMPARE(changesAskedOf(stage.service), 1);
    QVERIFY(busy.isSilent());
}

/// Somebody else is quicker, and the console has not heard of it when its button is clicked.
void WindowRefusalTest::tellsOfARefusal()
{
    Asking stage;
    QVERIFY(stage.open());
    QCOMPARE(AdminClient(stage.service).post("/stop", { { u"actor"_s, u"bob"_s } }).status, 202);
    QTest::mouseClick(stage.confirm, Qt::LeftButton); // the event loop has not turned since
    QVERIFY(stage.console.isUndisturbed());
    QVERIFY(isSoonIn(stage.console.part<OperationBar>(),
                     u"Refused (409 already-stopping): a stop is under way already."_s));
    QVERIFY(stage.console.showsAs(u"api"_s, u"Lame duck"_s));
    QVERIFY(isSoonIn(stage.console.part<StopBanner>(), u"Asked for by bob"_s));
    const QJsonArray audit = AdminClient(stage.service).get("/audit").body["items"_L1].toArray();
    QCOMPARE(audit.size(), 2);
    QCOMPARE(audit.first()["result"_L1].toString(), u"refused"_s);
}

void WindowRefusalTest::aQuestionThatIsOverCannotBeConfirmed()
{
    Asking stage;
    QVERIFY(stage.open());
    QCOMPARE(AdminClient(stage.service).post("/stop").status, 202);
    QVERIFY(isSoonIn(stage.dialog, u"Left out: A stop is under way already."_s));
    QVERIFY(!stage.confirm->isEnabled());
    QVERIFY(stage.confirm->toolTip().contains("A stop is under way already."_L1));
    QVERIFY(!click(stage.confirm));
    QVERIFY(click(buttonOf(stage.dialog, u"cancel"_s)));
    QVERIFY(stage.console.isUndisturbed());
    QCOMPARE(changesAskedOf(stage.service), 1);
}

QTEST_MAIN(WindowRefusalTest)
#include "tst_windowrefusal.moc"
