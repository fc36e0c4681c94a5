// SPDX-License-Identifier: GPL-3.0-only
// The lifecycle's names and its table of transitions, pair by pair.
#include "common/lifecycle/state.h"

#include <QTest>
#include <set>
#include <utility>

using namespace Qt::StringLiterals;
using quiesce::LifecycleState;
using quiesce::StopOutcome;

Q_DECLARE_METATYPE(quiesce::LifecycleState)
Q_DECLARE_METATYPE(quiesce::StopOutcome)

namespace {

constexpr std::array kStates{ LifecycleState::Starting, LifecycleState::Serving,
                              LifecycleState::LameDuck, LifecycleState::Draining,
                              LifecycleState::Stopping, LifecycleState::Stopped };

} // namespace

class StateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stateHasItsWireName_data();
    void stateHasItsWireName();
    void outcomeHasItsWireName_data();
    void outcomeHasItsWireName();
    void unknownNamesAreNoState_data();
    void unknownNamesAreNoState();
    void pairIsAllowedOrNot_data();
    void pairIsAllowedOrNot();
    void tableNamesEachTransitionOnce();
    void readinessGoesBackOnlyFromLameDuck();
};

void StateTest::stateHasItsWireName_data()
{
    QTest::addColumn<LifecycleState>("state");
    QTest::addColumn<QString>("name");
    QTest::newRow("starting") << LifecycleState::Starting << u"starting"_s;
    QTest::newRow("serving") << LifecycleState::Serving << u"serving"_s;
    QTest::newRow("lame duck") << LifecycleState::LameDuck << u"lame-duck"_s;
    QTest::newRow("draining") << LifecycleState::Draining << u"draining"_s;
    QTest::newRow("stopping") << LifecycleState::Stopping << u"stopping"_s;
    QTest::newRow("stopped") << LifecycleState::Stopped << u"stopped"_s;
}

void StateTest::stateHasItsWireName()
{
    QFETCH(LifecycleState, state);
    QFETCH(QString, name);
    QCOMPARE(QString(quiesce::toWire(state)), name);
    QVERIFY(quiesce::lifecycleStateFromWire(name) == state);
}

void StateTest::outcomeHasItsWireName_data()
{
    QTest::addColumn<StopOutcome>("outcome");
    QTest::addColumn<QString>("name");
    QTest::newRow("clean") << StopOutcome::Clean << u"clean"_s;
    QTest::newRow("incomplete") << StopOutcome::Incomplete << u"incomplete"_s;
    QTest::newRow("forced") << StopOutcome::Forced << u"forced"_s;
    QTest::newRow("failed") << StopOutcome::Failed << u"failed"_s;
}

void StateTest::outcomeHasItsWireName()
{
    QFETCH(StopOutcome, outcome);
    QFETCH(QString, name);
    QCOMPARE(QString(quiesce::toWire(outcome)), name);
    QVERIFY(quiesce::stopOutcomeFromWire(name) == outcome);
}

void StateTest::unknownNamesAreNoState_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("other case") << u"Serving"_s;
    QTest::newRow("beginning only") << u"serv"_s;
    QTest::newRow("longer") << u"stopped "_s;
    QTest::newRow("C++ name") << u"LameDuck"_s;
}

void StateTest::unknownNamesAreNoState()
{
    QFETCH(QString, name);
    QVERIFY(!quiesce::lifecycleStateFromWire(name));
    QVERIFY(!quiesce::stopOutcomeFromWire(name));
}

void StateTest::pairIsAllowedOrNot_data()
{
    using enum LifecycleState;
    const std::set<std::pair<LifecycleState, LifecycleState>> allowed{
        { Starting, Serving },  { Starting, Stopping }, { Serving, LameDuck },
        { Serving, Stopping },  { LameDuck, Serving },  { LameDuck, Draining },
        { LameDuck, Stopping }, { Draining, Stopping }, { Stopping, Stopped },
    };
    QTest::addColumn<LifecycleState>("from");
    QTest::addColumn<LifecycleState>("to");
    QTest::addColumn<bool>("isAllowed");
    for (const LifecycleState from : kStates) {
        for (const LifecycleState to : kStates) {
            const QString name =
                u"%1 to %2"_s.arg(QString(quiesce::toWire(from)), QString(quiesce::toWire(to)));
            QTest::newRow(qPrintable(name)) << from << to << allowed.contains({ from, to });
        }
    }
}

void StateTest::pairIsAllowedOrNot()
{
    QFETCH(LifecycleState, from);
    QFETCH(LifecycleState, to);
    QFETCH(bool, isAllowed);
    QCOMPARE(quiesce::isAllowed(from, to), isAllowed);
}

void StateTest::tableNamesEachTransitionOnce()
{
    std::set<std::pair<LifecycleState, LifecycleState>> seen;
    for (const quiesce::Transition &transition : quiesce::kTransitions)
        seen.insert({ transition.from, transition.to });
    QCOMPARE(seen.size(), quiesce::kTransitions.size());
    QCOMPARE(seen.size(), size_t(9));
}

void StateTest::readinessGoesBackOnlyFromLameDuck()
{
    int waysBack = 0;
    for (const quiesce::Transition &transition : quiesce::kTransitions) {
        if (transition.to < transition.from) {
            ++waysBack;
            QCOMPARE(QString(quiesce::toWire(transition.from)), u"lame-duck"_s);
            QCOMPARE(QString(quiesce::toWire(transition.to)), u"serving"_s);
        }
    }
    QCOMPARE(waysBack, 1);
}

QTEST_GUILESS_MAIN(StateTest)
#include "tst_state.moc"
