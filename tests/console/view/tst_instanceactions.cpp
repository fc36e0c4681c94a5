// SPDX-License-Identifier: GPL-3.0-only
// The actions on a selection: enabled as the policy says, explaining when not, asking before.
#include "console/view/actions/dialogs/confirmdialog.h"
#include "console/view/actions/dialogs/rollingstopdialog.h"
#include "console/view/actions/instanceactions.h"
#include "tests/console/actingstage.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

constexpr std::array kVerbs{ Verb::Quiesce, Verb::Stop, Verb::Extend, Verb::Resume, Verb::Force };

struct Window
{
    FakeSender sender;
    Operations operations{ sender.send() };
    QWidget window;
    InstanceActions actions{ operations, &window };

    [[nodiscard]] bool isEnabled(Verb verb) const { return actions.action(verb)->isEnabled(); }
    [[nodiscard]] QString why(Verb verb) const { return actions.action(verb)->statusTip(); }
    template <typename Dialog>
    [[nodiscard]] Dialog *dialog() const
    {
        return window.findChild<Dialog *>();
    }
};

} // namespace

class InstanceActionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutASelectionNothingIsEnabled();
    void areEnabledAsThePolicySays();
    void followTheirInstances();
    void explainAReadOnlyToken();
    void showWhatIsPending();
    void tellHowManyOfASelection();
    void aVanishedInstanceLeavesTheSelection();
    void askBeforeTheyAct();
    void sendToEachOnce();
    void cancelWhatIsPointedAt();
    void rollASelection();
    void copyCurlCommands();
    void shortcutsHaveModifiersAndDiffer();
    void fillAMenu();
};

void InstanceActionsTest::withoutASelectionNothingIsEnabled()
{
    Window window;
    for (const Verb verb : kVerbs) {
        QVERIFY(!window.isEnabled(verb));
        QCOMPARE(window.why(verb), u"No instance is selected."_s);
    }
    QVERIFY(!window.actions.rollAction()->isEnabled());
    QVERIFY(!window.actions.reconnectAction()->isEnabled());
    QVERIFY(!window.actions.curlMenu()->isEnabled());
    window.actions.action(Verb::Stop)->trigger();
    QVERIFY(!window.dialog<ConfirmDialog>());
}

void InstanceActionsTest::areEnabledAsThePolicySays()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.actions.setSelection({ api.get() });
    for (const Verb verb : kVerbs)
        QCOMPARE(window.isEnabled(verb), verb != Verb::Extend && verb != Verb::Resume);
    QCOMPARE(window.why(Verb::Resume), u"It is serving already."_s);
    QVERIFY(window.actions.action(Verb::Resume)->toolTip().contains(u"It is serving already."_s));
}

void InstanceActionsTest::followTheirInstances()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.actions.setSelection({ api.get() });
    show(*api, statsIn(LifecycleState::Draining), stopWith(12s));
    QTRY_VERIFY(window.isEnabled(Verb::Extend));
    QCOMPARE(window.why(Verb::Resume), u"Past the point of no return: it is draining."_s);
    setLink(*api, LinkState::Unreachable, u"Connection refused"_s);
    QTRY_VERIFY(!window.isEnabled(Verb::Extend));
    QCOMPARE(window.why(Verb::Force), u"Not connected: Unreachable (Connection refused)."_s);
    window.actions.setSelection({});
    setLink(*api, LinkState::Live);
    QVERIFY(!window.isEnabled(Verb::Extend));
}

void InstanceActionsTest::explainAReadOnlyToken()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.actions.setSelection({ api.get() });
    api->takeRole(Role::Reader);
    QTRY_VERIFY(!window.isEnabled(Verb::Stop));
    QCOMPARE(window.why(Verb::Stop), u"This token may only read."_s);
    QVERIFY(!window.actions.rollAction()->isEnabled());
    QCOMPARE(window.actions.rollAction()->statusTip(), u"This token may only read."_s);
    QVERIFY(window.actions.reconnectAction()->isEnabled());
}

void InstanceActionsTest::showWhatIsPending()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.actions.setSelection({ api.get() });
    window.operations.send(*api, { .verb = Verb::Stop });
    QTRY_VERIFY(!window.isEnabled(Verb::Stop));
    QCOMPARE(window.why(Verb::Force), u"A command is under way: Drain and stop."_s);
    window.sender.refuse(0, 409, u"already-stopping"_s);
    QTRY_VERIFY(window.isEnabled(Verb::Stop));
}

void InstanceActionsTest::tellHowManyOfASelection()
{
    Window window;
    const auto first = serving(u"first"_s);
    const auto second = serving(u"second"_s);
    setLink(*second, LinkState::Crashed);
    window.actions.setSelection({ first.get(), second.get() });
    QVERIFY(window.isEnabled(Verb::Stop));
    QCOMPARE(window.why(Verb::Stop), u"Goes to 1 of the 2 selected."_s);
}

void InstanceActionsTest::aVanishedInstanceLeavesTheSelection()
{
    Window window;
    auto api = serving(u"api"_s);
    window.actions.setSelection({ api.get() });
    api.reset();
    QCOMPARE(window.actions.selection(), QList<Instance *>());
    window.actions.action(Verb::Stop)->trigger(); // before it has been told
    QVERIFY(!window.dialog<ConfirmDialog>());
    QTRY_VERIFY(!window.isEnabled(Verb::Stop));
}

void InstanceActionsTest::askBeforeTheyAct()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.actions.setDefaults({ .actor = u"ada"_s, .reasonNeed = ReasonNeed::Required });
    window.actions.setSelection({ api.get() });
    window.actions.action(Verb::Stop)->trigger();
    auto *dialog = window.dialog<ConfirmDialog>();
    QVERIFY(dialog && dialog->isVisible());
    QVERIFY(!dialog->findChild<QPushButton *>(u"confirm"_s)->isEnabled()); // a reason is required
    QVERIFY(window.sender.sent.isEmpty());
    dialog->findChild<QPushButton *>(u"cancel"_s)->click();
    QTRY_VERIFY(!window.dialog<ConfirmDialog>());
    QVERIFY(window.sender.sent.isEmpty());
}

void InstanceActionsTest::sendToEachOnce()
{
    Window window;
    const auto first = serving(u"first"_s);
    const auto second = serving(u"second"_s);
    window.actions.setDefaults({ .actor = u"ada"_s });
    window.actions.setSelection({ first.get(), second.get() });
    window.actions.action(Verb::Quiesce)->trigger();
    window.dialog<ConfirmDialog>()->findChild<QPushButton *>(u"confirm"_s)->click();
    QCOMPARE(window.sender.sent.size(), 2);
    QCOMPARE(window.sender.sent[0].instance, first.get());
    QCOMPARE(window.sender.sent[1].instance, second.get());
    QCOMPARE(window.sender.sent[0].request.verb, Verb::Quiesce);
    QCOMPARE(window.sender.sent[0].request.actor, u"ada"_s);
}

void InstanceActionsTest::cancelWhatIsPointedAt()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.actions.askToCancelJob(api.get(), u"job-7"_s);
    window.dialog<ConfirmDialog>()->findChild<QPushButton *>(u"confirm"_s)->click();
    QCOMPARE(window.sender.sent.size(), 1);
    QCOMPARE(window.sender.sent.first().request.verb, Verb::CancelJob);
    QCOMPARE(window.sender.sent.first().request.target, u"job-7"_s);
}

void InstanceActionsTest::rollASelection()
{
    Window window;
    const auto api = serving(u"api"_s);
    window.actions.setSelection({ api.get() });
    window.actions.rollAction()->trigger();
    const auto *dialog = window.dialog<RollingStopDialog>();
    QVERIFY(dialog && dialog->isVisible());
    QVERIFY(!dialog->isModal());
    QVERIFY(window.sender.sent.isEmpty());
}

void InstanceActionsTest::copyCurlCommands()
{
    Window window;
    const auto first = serving(u"first"_s);
    const auto second = serving(u"second"_s);
    window.actions.setSelection({ first.get(), second.get() });
    QCOMPARE(window.actions.curlMenu()->actions().size(), qsizetype(kVerbs.size()));
    window.actions.curlMenu()->actions().value(1)->trigger();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].endsWith(u"'http://127.0.0.1:9090/admin/v1/stop'"_s));
    QVERIFY(lines[1].contains(u"$TOKEN"_s));
}

void InstanceActionsTest::shortcutsHaveModifiersAndDiffer()
{
    Window window;
    QSet<QString> seen;
    const QList<QAction *> actions = window.window.actions();
    for (const QAction *action : actions) {
        const QKeyCombination keys = action->shortcut()[0];
        QVERIFY2(keys.keyboardModifiers() & Qt::ControlModifier, qPrintable(action->text()));
        seen.insert(action->shortcut().toString());
    }
    QCOMPARE(seen.size(), qsizetype(kVerbs.size()) + 2);
}

void InstanceActionsTest::fillAMenu()
{
    Window window;
    QMenu menu;
    window.actions.fill(&menu);
    QVERIFY(menu.actions().contains(window.actions.action(Verb::Force)));
    QVERIFY(menu.actions().contains(window.actions.curlMenu()->menuAction()));
    QVERIFY(menu.toolTipsVisible());
}

QTEST_MAIN(InstanceActionsTest)
#include "tst_instanceactions.moc"
