// SPDX-License-Identifier: GPL-3.0-only
// The question before a change, answered as an operator would: blindly, wrongly, and in earnest.
#include "console/view/actions/dialogs/confirmdialog.h"
#include "console/view/actions/dialogs/durationedit.h"
#include "console/view/actions/dialogs/targettable.h"
#include "console/view/actions/tonebanner.h"
#include "tests/console/actingstage.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// An open dialog, and what it has confirmed.
class Asked final
{
public:
    Asked(const CommandRequest &request, const QList<Instance *> &targets,
          ReasonNeed need = ReasonNeed::Optional, NameNeed nameNeed = NameNeed::InProduction)
    {
        const auto permissionOf = [verb = request.verb](const Instance &instance) {
            return ActionPolicy::judge(Standing::of(instance), verb);
        };
        dialog = new ConfirmDialog({ .request = request,
                                     .reasonNeed = need,
                                     .nameNeed = nameNeed,
                                     .permissionOf = permissionOf },
                                   targets);
        QObject::connect(dialog, &ConfirmDialog::confirmed, &context,
                         [this](const QList<Instance *> &to, const CommandRequest &what) {
                             ++count;
                             confirmed = to;
                             asked = what;
                         });
        dialog->open();
    }
    ~Asked() { delete dialog; }

    [[nodiscard]] QPushButton *button(const QString &name) const
    {
        return dialog->findChild<QPushButton *>(name);
    }
    [[nodiscard]] QPushButton *confirm() const { return button(u"confirm"_s); }
    [[nodiscard]] TargetTable *table() const { return dialog->findChild<TargetTable *>(); }
    /// The field behind a label with this mnemonic text.
    [[nodiscard]] QLineEdit *field(const QString &label) const
    {
        for (const QLabel *candidate : dialog->findChildren<QLabel *>()) {
            if (candidate->text() == label)
                return qobject_cast<QLineEdit *>(candidate->buddy());
        }
        return nullptr;
    }
    [[nodiscard]] QLineEdit *typed() const { return field(u"&Type to confirm:"_s); }
    [[nodiscard]] bool shows(const QString &text) const
    {
        for (const QLabel *label : dialog->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    }

    QObject context;
    QPointer<ConfirmDialog> dialog;
    int count = 0;
    QList<Instance *> confirmed;
    CommandRequest asked;
};

} // namespace

class ConfirmDialogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesVerbAndTarget();
    void cancelIsTheDefault_data();
    void cancelIsTheDefault();
    void enterInAFieldConfirmsNothing();
    void enterOnTheButtonConfirms();
    void confirmsOnce();
    void carriesWhatWasFilledIn();
    void aTimeThatIsNoneIsNotConfirmed_data();
    void aTimeThatIsNoneIsNotConfirmed();
    void extendsByTheButtons();
    void aReasonMayBeRequired();
    void savingWorkNeedsNoReason();
    void productionWantsTheNameTyped();
    void productionWantsNothingTypedWhereThatWasChosen();
    void productionLetsWorkBeSavedWithoutTyping();
    void manyInProductionWantTheirNumberTyped();
    void listsExactlyTheTargets();
    void fitsASmallScreenAtTwiceTheFont();
    void numbersFollow();
    void aChangedStateDisablesAndExplains();
    void leavesOutThoseItNoLongerAppliesTo();
    void whatVanishesIsNotConfirmed();
    void hostileNamesStayText();
};

void ConfirmDialogTest::namesVerbAndTarget()
{
    const auto api = serving(u"orders-1"_s, Environment::Staging);
    Asked asked({ .verb = Verb::Stop }, { api.get() });
    QCOMPARE(asked.dialog->windowTitle(), u"Drain and stop orders-1?"_s);
    QCOMPARE(asked.confirm()->text(), u"&Drain and stop"_s);
    const QTreeWidgetItem *row = asked.table()->topLevelItem(0);
    QCOMPARE(row->text(TargetTable::Name), u"orders-1"_s);
    QCOMPARE(row->text(TargetTable::Environment), u"Staging"_s);
    QCOMPARE(row->text(TargetTable::State), u"Serving"_s);
    QVERIFY(!asked.shows(u"Production"_s));
    QVERIFY(asked.typed()->isHidden());
}

void ConfirmDialogTest::cancelIsTheDefault_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::newRow("enter") << Qt::Key_Return;
    QTest::newRow("escape") << Qt::Key_Escape;
    QTest::newRow("space") << Qt::Key_Space;
}

void ConfirmDialogTest::cancelIsTheDefault()
{
    QFETCH(const Qt::Key, key);
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Force }, { api.get() });
    QVERIFY(QTest::qWaitForWindowActive(asked.dialog));
    QVERIFY(asked.confirm()->isEnabled());
    QCOMPARE(QApplication::focusWidget(), asked.button(u"cancel"_s));
    QTest::keyClick(QApplication::focusWidget(), key);
    QTRY_VERIFY(!asked.dialog);
    QCOMPARE(asked.count, 0);
}

void ConfirmDialogTest::enterInAFieldConfirmsNothing()
{
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Stop }, { api.get() });
    QVERIFY(QTest::qWaitForWindowActive(asked.dialog));
    QLineEdit *reason = asked.field(u"Reas&on:"_s);
    reason->setFocus();
    QTest::keyClicks(reason, u"deploy"_s);
    QTest::keyClick(reason, Qt::Key_Return);
    QVERIFY(asked.dialog && asked.dialog->isVisible());
    QCOMPARE(asked.count, 0);
    QCOMPARE(QApplication::focusWidget(), asked.field(u"&Asked by:"_s));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Enter);
    QVERIFY(asked.dialog && asked.dialog->isVisible());
    QCOMPARE(asked.count, 0);
}

void ConfirmDialogTest::enterOnTheButtonConfirms()
{
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Stop }, { api.get() });
    QVERIFY(QTest::qWaitForWindowActive(asked.dialog));
    asked.confirm()->setFocus();
    QTest::keyClick(asked.confirm(), Qt::Key_Return);
    QCOMPARE(asked.count, 1);
    QTRY_VERIFY(!asked.dialog);
}

void ConfirmDialogTest::confirmsOnce()
{
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Stop }, { api.get() });
    asked.confirm()->click();
    if (asked.dialog)
        asked.confirm()->click();
    QCOMPARE(asked.confirmed, QList<Instance *>{ api.get() });
    QTRY_VERIFY(!asked.dialog);
    QVERIFY(asked.count >= 1);
}

void ConfirmDialogTest::carriesWhatWasFilledIn()
{
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Stop, .actor = u"ada"_s }, { api.get() });
    QVERIFY(asked.shows(u"Lame duck and grace are the service's own"_s));
    asked.field(u"&Lame duck:"_s)->setText(u"5"_s);
    asked.field(u"&Grace:"_s)->setText(u"1m 30s"_s);
    asked.field(u"Reas&on:"_s)->setText(u" deploy 7 "_s);
    QVERIFY(asked.shows(u"Lame duck 5 s, then up to 1 min 30 s to finish."_s));
    QCOMPARE(asked.field(u"&Asked by:"_s)->text(), u"ada"_s);
    asked.field(u"&Asked by:"_s)->setText(u"grace"_s);
    asked.confirm()->click();
    QCOMPARE(asked.asked.verb, Verb::Stop);
    QCOMPARE(asked.asked.lameDuck, 5s);
    QCOMPARE(asked.asked.grace, 90s);
    QCOMPARE(asked.asked.reason, u"deploy 7"_s);
    QCOMPARE(asked.asked.actor, u"grace"_s);
}

void ConfirmDialogTest::aTimeThatIsNoneIsNotConfirmed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isFine");
    const auto row = [](const char *text, bool isFine) {
        QTest::newRow(text) << QString::fromLatin1(text) << isFine;
    };
    row("", true);
    row("  ", true);
    row("0", true);
    row("250 ms", true);
    row("1h 2m 3s", true);
    row("30 S", true);
    row("-5s", false);
    row("5x", false);
    row("s", false);
    row("5s later", false);
    row("1.5s", false);
    row("99999999999999999999", false);
    row("999999999h", true); // the service says how long is too long
}

void ConfirmDialogTest::aTimeThatIsNoneIsNotConfirmed()
{
    QFETCH(const QString, text);
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Stop }, { api.get() });
    asked.field(u"&Grace:"_s)->setText(text);
    QTEST(asked.confirm()->isEnabled(), "isFine");
    QTEST(!asked.shows(u"The grace is no time"_s), "isFine");
}

void ConfirmDialogTest::extendsByTheButtons()
{
    const auto api = serving(u"api"_s);
    show(*api, statsIn(LifecycleState::Draining, 3), stopWith(12s));
    Asked asked({ .verb = Verb::Extend }, { api.get() });
    QVERIFY(asked.shows(u"from 14:02:30 to 14:02:40 (remaining 12 s → 22 s)"_s));
    const auto buttons = asked.dialog->findChildren<QToolButton *>();
    QCOMPARE(buttons.size(), 4);
    buttons[2]->click();
    QVERIFY(asked.shows(u"(remaining 12 s → 1 min 12 s)"_s));
    asked.field(u"Extend &by:"_s)->clear();
    QVERIFY(!asked.confirm()->isEnabled());
    buttons[1]->click();
    asked.confirm()->click();
    QCOMPARE(asked.asked.by, 30s);
}

void ConfirmDialogTest::aReasonMayBeRequired()
{
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Stop }, { api.get() }, ReasonNeed::Required);
    QVERIFY(!asked.confirm()->isEnabled());
    QVERIFY(asked.shows(u"Give a reason."_s));
    asked.field(u"Reas&on:"_s)->setText(u"   "_s);
    QVERIFY(!asked.confirm()->isEnabled());
    asked.field(u"Reas&on:"_s)->setText(u"deploy"_s);
    QVERIFY(asked.confirm()->isEnabled());
    QVERIFY(!asked.shows(u"Give a reason."_s));
}

void ConfirmDialogTest::savingWorkNeedsNoReason()
{
    const auto api = serving(u"api"_s);
    show(*api, statsIn(LifecycleState::LameDuck), stopWith(12s));
    Asked asked({ .verb = Verb::Resume }, { api.get() }, ReasonNeed::Required);
    QVERIFY(asked.confirm()->isEnabled());
}

void ConfirmDialogTest::productionWantsTheNameTyped()
{
    const auto api = serving(u"orders-1"_s, Environment::Production);
    Asked asked({ .verb = Verb::Stop }, { api.get() });
    QVERIFY(asked.shows(u"Production"_s));
    QVERIFY(asked.shows(u"This is production: type “orders-1” to confirm."_s));
    QVERIFY(!asked.confirm()->isEnabled());
    QTest::keyClicks(asked.typed(), u"orders-"_s);
    QVERIFY(!asked.confirm()->isEnabled());
    QTest::keyClicks(asked.typed(), u"1"_s);
    QVERIFY(asked.confirm()->isEnabled());
    QTest::keyClicks(asked.typed(), u"1"_s);
    QVERIFY(!asked.confirm()->isEnabled());
}

void ConfirmDialogTest::productionWantsNothingTypedWhereThatWasChosen()
{
    const auto api = serving(u"orders-1"_s, Environment::Production);
    Asked asked({ .verb = Verb::Stop }, { api.get() }, ReasonNeed::Optional, NameNeed::Never);
    QVERIFY(asked.shows(u"Production"_s));
    QVERIFY(asked.typed()->isHidden());
    QVERIFY(asked.confirm()->isEnabled());
}

void ConfirmDialogTest::productionLetsWorkBeSavedWithoutTyping()
{
    const auto api = serving(u"orders-1"_s, Environment::Production);
    show(*api, statsIn(LifecycleState::Draining, 3), stopWith(12s));
    Asked asked({ .verb = Verb::Extend }, { api.get() });
    QVERIFY(asked.shows(u"Production"_s));
    QVERIFY(asked.confirm()->isEnabled());
}

void ConfirmDialogTest::manyInProductionWantTheirNumberTyped()
{
    const auto first = serving(u"orders-1"_s, Environment::Production);
    const auto second = serving(u"orders-2"_s, Environment::Staging);
    const auto third = serving(u"orders-3"_s);
    Asked asked({ .verb = Verb::Stop }, { first.get(), second.get(), third.get() });
    QCOMPARE(asked.dialog->windowTitle(), u"Drain and stop 3 instances?"_s);
    asked.typed()->setText(u"stop 2"_s);
    QVERIFY(!asked.confirm()->isEnabled());
    asked.typed()->setText(u"stop 3"_s);
    QVERIFY(asked.confirm()->isEnabled());

    setLink(*third, LinkState::Crashed); // what was typed was for three
    QTRY_VERIFY(!asked.confirm()->isEnabled());
    QVERIFY(asked.shows(u"type “stop 2” to confirm"_s));
}

void ConfirmDialogTest::listsExactlyTheTargets()
{
    std::vector<std::unique_ptr<Instance>> fleet;
    QList<Instance *> targets;
    for (int i = 0; i < 50; ++i) {
        fleet.push_back(serving(u"api-%1"_s.arg(i)));
        targets.append(fleet.back().get());
    }
    Asked asked({ .verb = Verb::Quiesce }, targets);
    QCOMPARE(asked.table()->topLevelItemCount(), 50);
    for (int i = 0; i < 50; ++i)
        QCOMPARE(asked.table()->topLevelItem(i)->text(TargetTable::Name), u"api-%1"_s.arg(i));
    QVERIFY(asked.dialog->height() < 1'000);
    asked.confirm()->click();
    QCOMPARE(asked.confirmed, targets);
}

/// With room for a title bar and a panel.
void ConfirmDialogTest::fitsASmallScreenAtTwiceTheFont()
{
    const QFont usual = QApplication::font();
    const auto restore = qScopeGuard([usual] { QApplication::setFont(usual); });
    QFont large = usual;
    large.setPointSizeF(usual.pointSizeF() * 2);
    QApplication::setFont(large);
    std::vector<std::unique_ptr<Instance>> fleet;
    QList<Instance *> targets;
    for (int i = 0; i < 8; ++i) {
        fleet.push_back(serving(u"api-%1"_s.arg(i), Environment::Production));
        targets.append(fleet.back().get());
    }
    Asked asked({ .verb = Verb::Stop }, targets, ReasonNeed::Required);
    QVERIFY(asked.typed()->isVisible());
    const QSize least = asked.dialog->minimumSizeHint();
    QVERIFY2(least.height() <= 700, qPrintable(QString::number(least.height())));
    QVERIFY2(least.width() <= 1'280, qPrintable(QString::number(least.width())));
}

void ConfirmDialogTest::numbersFollow()
{
    const auto api = serving(u"api"_s);
    Asked asked({ .verb = Verb::Force }, { api.get() });
    QVERIFY(asked.shows(u"No request is in flight now."_s));
    Stats stats = statsIn(LifecycleState::Serving, 12, 2);
    stats.oldestInFlight = 3'200ms;
    api->takeStats(stats);
    QTRY_VERIFY(asked.shows(u"Cuts 12 requests now (the oldest 3.2 s)."_s));
    QVERIFY(asked.shows(u"2 jobs go back to the queue"_s));
}

void ConfirmDialogTest::aChangedStateDisablesAndExplains()
{
    const auto api = serving(u"api"_s);
    show(*api, statsIn(LifecycleState::LameDuck), stopWith(12s));
    Asked asked({ .verb = Verb::Resume }, { api.get() });
    QVERIFY(asked.confirm()->isEnabled());
    show(*api, statsIn(LifecycleState::Draining), stopWith(12s));
    asked.confirm()->click(); // before the dialog has followed
    QCOMPARE(asked.count, 0);
    QVERIFY(asked.dialog->isVisible());
    QVERIFY(!asked.confirm()->isEnabled());
    QVERIFY(asked.shows(u"Past the point of no return: it is draining."_s));
    show(*api, statsIn(LifecycleState::LameDuck), stopWith(12s));
    QTRY_VERIFY(asked.confirm()->isEnabled());
}

void ConfirmDialogTest::leavesOutThoseItNoLongerAppliesTo()
{
    const auto first = serving(u"first"_s);
    const auto second = serving(u"second"_s);
    Asked asked({ .verb = Verb::Stop }, { first.get(), second.get() });
    show(*first, statsIn(LifecycleState::Draining), stopWith(12s));
    const QTreeWidgetItem *row = asked.table()->topLevelItem(0);
    QTRY_COMPARE(row->text(TargetTable::Note), u"Left out: A stop is under way already."_s);
    QCOMPARE(asked.dialog->windowTitle(), u"Drain and stop second?"_s);
    asked.confirm()->click();
    QCOMPARE(asked.confirmed, QList<Instance *>{ second.get() });
}

void ConfirmDialogTest::whatVanishesIsNotConfirmed()
{
    auto first = serving(u"first"_s);
    auto second = serving(u"second"_s);
    Asked asked({ .verb = Verb::Stop }, { first.get(), second.get() });
    first.reset();
    QCOMPARE(asked.table()->topLevelItem(0)->text(TargetTable::Note),
             u"Left out: No longer known here."_s);
    second.reset();
    QVERIFY(!asked.confirm()->isEnabled());
    QVERIFY(asked.shows(u"No longer known here."_s));
    asked.confirm()->click();
    QCOMPARE(asked.count, 0);
}

void ConfirmDialogTest::hostileNamesStayText()
{
    const QString name = u"<img src='file:///etc/passwd'>%1 %n & <b>x</b>"_s;
    const auto api = serving(name, Environment::Production);
    Asked asked({ .verb = Verb::Stop }, { api.get() });
    QCOMPARE(asked.dialog->windowTitle(), u"Drain and stop %1?"_s.arg(name));
    for (const QLabel *label : asked.dialog->findChildren<QLabel *>()) {
        if (label->text().contains(u"<img"_s))
            QCOMPARE(label->textFormat(), Qt::PlainText);
    }
    asked.typed()->setText(name);
    QVERIFY(asked.confirm()->isEnabled());
}

QTEST_MAIN(ConfirmDialogTest)
#include "tst_confirmdialog.moc"
