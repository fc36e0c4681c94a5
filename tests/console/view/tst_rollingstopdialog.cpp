// SPDX-License-Identifier: GPL-3.0-only
// A rolling stop as an operator sets it up, watches and aborts it.
#include "console/view/actions/dialogs/durationedit.h"
#include "console/view/actions/dialogs/rollingstopdialog.h"
#include "console/view/actions/dialogs/rollingtable.h"
#include "console/view/actions/tonebanner.h"
#include "tests/console/actingstage.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// Two instances and the dialog on them.
struct Rolling
{
    FakeSender sender;
    Operations operations{ sender.send() };
    std::unique_ptr<Instance> first;
    std::unique_ptr<Instance> second;
    QPointer<RollingStopDialog> dialog;

    explicit Rolling(Environment environment = Environment::None)
        : first(serving(u"first"_s, environment))
        , second(serving(u"second"_s))
    {
        dialog =
            new RollingStopDialog({ .actor = u"ada"_s,
                                    .reasonNeed = ReasonNeed::Optional,
                                    .permissionOf =
                                        [this](const Instance &instance) {
                                            return operations.permission(instance, Verb::Stop);
                                        },
                                    .send =
                                        [this](Instance *instance, const CommandRequest &request) {
                                            return operations.send(*instance, request);
                                        } },
                                  { first.get(), second.get() });
        dialog->show();
    }
    ~Rolling() { delete dialog; }

    [[nodiscard]] QPushButton *start() const
    {
        return dialog->findChild<QPushButton *>(u"start"_s);
    }
    [[nodiscard]] QPushButton *close() const
    {
        return dialog->findChild<QPushButton *>(u"close"_s);
    }
    [[nodiscard]] RollingTable *table() const { return dialog->findChild<RollingTable *>(); }
    [[nodiscard]] QString note() const { return dialog->findChild<ToneBanner *>()->text(); }
    [[nodiscard]] QString progress(int row) const
    {
        return table()->topLevelItem(row)->text(RollingTable::Progress);
    }
    [[nodiscard]] QLineEdit *typed() const
    {
        for (const QLabel *label : dialog->findChildren<QLabel *>()) {
            if (label->text() == "&Type to confirm:"_L1)
                return qobject_cast<QLineEdit *>(label->buddy());
        }
        return nullptr;
    }
};

void stopCleanly(Instance &instance)
{
    setLink(instance, LinkState::Stopped, {}, StopOutcome::Clean);
}

void succeed(Instance &instance)
{
    setLink(instance, LinkState::Live);
    Snapshot snapshot = *instance.snapshot();
    snapshot.instanceId = u"process-2"_s;
    snapshot.stop.reset();
    snapshot.stats = statsIn(LifecycleState::Serving);
    instance.takeSnapshot(snapshot, true);
}

} // namespace

class RollingStopDialogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closingIsTheDefault();
    void orderCanBeChanged();
    void marksWhatCannotBeStopped();
    void wantsTheNumberTypedInProduction();
    void aWaitThatIsNoTimeIsNotStarted();
    void showsEachRowToTheEnd();
    void tellsWhereItFailed();
    void abortAsksNothing();
    void cannotBeClosedWhileItRuns();
};

void RollingStopDialogTest::closingIsTheDefault()
{
    Rolling rolling;
    QVERIFY(QTest::qWaitForWindowActive(rolling.dialog));
    QVERIFY(rolling.start()->isEnabled());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_VERIFY(!rolling.dialog);
    QVERIFY(rolling.sender.sent.isEmpty());
}

void RollingStopDialogTest::orderCanBeChanged()
{
    Rolling rolling;
    RollingTable *table = rolling.table();
    QVERIFY(!table->canMove(RollingTable::Direction::Up));
    table->moveCurrent(RollingTable::Direction::Up);
    QCOMPARE(table->topLevelItem(0)->text(RollingTable::Name), u"first"_s);
    table->moveCurrent(RollingTable::Direction::Down);
    QVERIFY(!table->canMove(RollingTable::Direction::Down));
    QCOMPARE(table->topLevelItem(0)->text(RollingTable::Name), u"second"_s);
    rolling.start()->click();
    QTRY_COMPARE(rolling.sender.sent.size(), 1);
    QCOMPARE(rolling.sender.sent.first().instance, rolling.second.get());
    QCOMPARE(rolling.sender.sent.first().request.actor, u"ada"_s);
}

void RollingStopDialogTest::marksWhatCannotBeStopped()
{
    Rolling rolling;
    setLink(*rolling.first, LinkState::Crashed);
    QTRY_COMPARE(rolling.progress(0), u"Left out: It runs no more: Crashed."_s);
    setLink(*rolling.second, LinkState::Crashed);
    QTRY_VERIFY(!rolling.start()->isEnabled());
    QCOMPARE(rolling.note(), u"None of these can be stopped."_s);
    setLink(*rolling.second, LinkState::Live);
    QTRY_VERIFY(rolling.start()->isEnabled());
    rolling.start()->click();
    QCOMPARE(rolling.table()->topLevelItemCount(), 1);
    QCOMPARE(rolling.table()->topLevelItem(0)->text(RollingTable::Name), u"second"_s);
}

void RollingStopDialogTest::wantsTheNumberTypedInProduction()
{
    Rolling rolling(Environment::Production);
    QVERIFY(!rolling.start()->isEnabled());
    rolling.typed()->setText(u"stop 2"_s);
    QVERIFY(rolling.start()->isEnabled());
}

void RollingStopDialogTest::aWaitThatIsNoTimeIsNotStarted()
{
    Rolling rolling;
    auto *wait = rolling.dialog->findChild<DurationEdit *>();
    for (const QString &wrong : { QString(), u"0"_s, u"soon"_s }) {
        wait->setText(wrong);
        QVERIFY(!rolling.start()->isEnabled());
    }
    wait->setText(u"5m"_s);
    QVERIFY(rolling.start()->isEnabled());
}

void RollingStopDialogTest::showsEachRowToTheEnd()
{
    Rolling rolling;
    rolling.start()->click();
    QTRY_COMPARE(rolling.sender.sent.size(), 1);
    QCOMPARE(rolling.progress(0), u"Stopping"_s);
    QCOMPARE(rolling.progress(1), u"Waiting"_s);
    rolling.sender.accept(0);
    show(*rolling.first, statsIn(LifecycleState::Draining, 3), stopWith(12s));
    QTRY_COMPARE(rolling.progress(0),
                 u"Draining, 12 s left: 3 requests in flight and 0 jobs running."_s);
    stopCleanly(*rolling.first);
    QTRY_COMPARE(rolling.progress(0), u"Waiting for its successor"_s);
    QCOMPARE(rolling.sender.sent.size(), 1);
    succeed(*rolling.first);
    QTRY_COMPARE(rolling.sender.sent.size(), 2);
    QCOMPARE(rolling.progress(0), u"Done"_s);
    rolling.sender.accept(1);
    stopCleanly(*rolling.second);
    succeed(*rolling.second);
    QTRY_COMPARE(rolling.note(), u"2 of 2 stopped cleanly."_s);
    QVERIFY(rolling.start()->isHidden());
    QVERIFY(rolling.close()->isEnabled());
}

void RollingStopDialogTest::tellsWhereItFailed()
{
    Rolling rolling;
    rolling.start()->click();
    QTRY_COMPARE(rolling.sender.sent.size(), 1);
    rolling.sender.refuse(0, 409, u"already-stopping"_s, u"It stops already"_s);
    QTRY_VERIFY(rolling.close()->isEnabled());
    QVERIFY2(rolling.note().startsWith(u"0 of 2 stopped cleanly. first: "_s),
             qPrintable(rolling.note()));
    QVERIFY(rolling.progress(1).startsWith(u"Skipped"_s));
    QCOMPARE(rolling.sender.sent.size(), 1);
}

void RollingStopDialogTest::abortAsksNothing()
{
    Rolling rolling;
    rolling.start()->click();
    QTRY_COMPARE(rolling.sender.sent.size(), 1);
    QCOMPARE(rolling.start()->text(), u"&Abort"_s);
    rolling.start()->click();
    QTRY_COMPARE(rolling.note(), u"0 of 2 stopped cleanly."_s);
    stopCleanly(*rolling.first);
    succeed(*rolling.first);
    QTest::qWait(0);
    QCOMPARE(rolling.sender.sent.size(), 1);
    rolling.close()->click();
    QTRY_VERIFY(!rolling.dialog);
}

void RollingStopDialogTest::cannotBeClosedWhileItRuns()
{
    Rolling rolling;
    rolling.start()->click();
    QVERIFY(!rolling.close()->isEnabled());
    rolling.dialog->close();
    QTest::keyClick(rolling.dialog, Qt::Key_Escape);
    QVERIFY(rolling.dialog && rolling.dialog->isVisible());
    QCOMPARE(rolling.note(), u"It is under way: abort it before you close it."_s);
}

QTEST_MAIN(RollingStopDialogTest)
#include "tst_rollingstopdialog.moc"
