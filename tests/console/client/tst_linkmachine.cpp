// SPDX-License-Identifier: GPL-3.0-only
// LinkMachine: every state after everything that can happen in it, without network or time.
#include "common/utc.h"
#include "console/client/link/linkmachine.h"
#include "tests/console/support/linkwatcher.h"

#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;

namespace {

using Why = StreamEnd::Why;

const QDateTime kNow = quiesce::utcFromMs(1'800'000'000'000);
const StreamEnd kClosed{ .why = Why::Closed, .status = 0, .reason = u"closed"_s };
const StreamEnd kRefused{ .why = Why::Refused, .status = 0, .reason = u"refused"_s };
const StreamEnd kNoAnswer{ .why = Why::NoAnswer, .status = 0, .reason = u"no route"_s };

StreamEnd rejected(int status)
{
    return { .why = Why::Rejected, .status = status, .reason = u"no"_s };
}

LinkMachine live()
{
    LinkMachine machine;
    machine.beginAttempt(kNow);
    machine.becomeLive(kNow);
    return machine;
}

LinkMachine stopped(std::optional<StopOutcome> outcome = StopOutcome::Clean)
{
    LinkMachine machine = live();
    machine.noteReport(outcome);
    machine.end(kClosed, false, kNow);
    return machine;
}

QString stateOf(const LinkMachine &machine)
{
    return test::toText(machine.status().state);
}

} // namespace

class LinkMachineTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesAnAttempt_data();
    void judgesAnAttempt();
    void crashesOnlyWhenItWasLive();
    void forgetsNoCrashBetweenTwoOutages();
    void staysStoppedWhateverDoesNotAnswer();
    void leavesStoppedForAnAnswerThatIsNo();
    void isStoppedAlsoWithAnOutcomeItDoesNotKnow();
    void countsItsFailures();
    void keepsSinceWhileItsStateStays();
};

void LinkMachineTest::judgesAnAttempt_data()
{
    QTest::addColumn<StreamEnd>("end");
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("isSlow");
    const auto row = [](const char *name, const StreamEnd &end, const char *state, bool isSlow) {
        QTest::newRow(name) << end << QString::fromLatin1(state) << isSlow;
    };
    row("refused", kRefused, "Unreachable", false);
    row("no answer", kNoAnswer, "Unreachable", false);
    row("closed", kClosed, "Unreachable", false);
    row("400", rejected(400), "Incompatible", true);
    row("401", rejected(401), "NotAuthorised", true);
    row("403", rejected(403), "NotAuthorised", true);
    row("404", rejected(404), "Incompatible", true);
    row("302", rejected(302), "Incompatible", true);
    row("429", rejected(429), "Unreachable", false);
    row("500", rejected(500), "Unreachable", false);
    row("503", rejected(503), "Unreachable", false);
    row("no stream", { .why = Why::NoStream, .status = 0, .reason = {} }, "Incompatible", true);
    row("faulty", { .why = Why::Faulty, .status = 0, .reason = {} }, "Incompatible", true);
    row("silent", { .why = Why::Silent, .status = 0, .reason = {} }, "Unreachable", false);
}

void LinkMachineTest::judgesAnAttempt()
{
    QFETCH(const StreamEnd, end);
    QFETCH(const QString, state);
    QFETCH(const bool, isSlow);
    LinkMachine machine;
    machine.beginAttempt(kNow);
    QCOMPARE(stateOf(machine), u"Connecting"_s);
    const RetryPace pace = machine.end(end, false, kNow);
    QCOMPARE(stateOf(machine), state);
    QCOMPARE(pace == RetryPace::Slow, isSlow);
    QCOMPARE(machine.status().reason, end.reason);
    machine.beginAttempt(kNow);
    QCOMPARE(stateOf(machine), state); // no flicker
}

void LinkMachineTest::crashesOnlyWhenItWasLive()
{
    LinkMachine machine = live();
    machine.end(kClosed, false, kNow);
    QCOMPARE(stateOf(machine), u"Connecting"_s);
    machine.end(kRefused, true, kNow); // its process still runs
    QCOMPARE(stateOf(machine), u"Unreachable"_s);
    machine.end(kRefused, false, kNow);
    QCOMPARE(stateOf(machine), u"Crashed"_s);
    machine.end(kNoAnswer, false, kNow);
    QCOMPARE(stateOf(machine), u"Crashed"_s);
    machine.becomeLive(kNow);
    QCOMPARE(stateOf(machine), u"Live"_s);
    machine.rest(kNow);
    machine.beginAttempt(kNow);
    machine.end(kRefused, false, kNow); // begun anew
    QCOMPARE(stateOf(machine), u"Unreachable"_s);
}

void LinkMachineTest::forgetsNoCrashBetweenTwoOutages()
{
    LinkMachine machine = live();
    machine.end(kClosed, false, kNow);
    machine.end(kNoAnswer, false, kNow); // the network, and then the service is seen to be gone
    QCOMPARE(stateOf(machine), u"Unreachable"_s);
    machine.end(kRefused, false, kNow);
    QCOMPARE(stateOf(machine), u"Crashed"_s);
}

void LinkMachineTest::staysStoppedWhateverDoesNotAnswer()
{
    LinkMachine machine = stopped();
    for (const StreamEnd &end : { kRefused, kNoAnswer, kClosed, rejected(502) }) {
        machine.beginAttempt(kNow);
        machine.end(end, false, kNow);
        QCOMPARE(stateOf(machine), u"Stopped"_s);
        QVERIFY(machine.status().outcome == StopOutcome::Clean);
    }
    QCOMPARE(machine.status().attempt, 4);
}

void LinkMachineTest::leavesStoppedForAnAnswerThatIsNo()
{
    LinkMachine machine = stopped();
    machine.end(rejected(401), false, kNow);
    QCOMPARE(stateOf(machine), u"NotAuthorised"_s);
    QVERIFY(!machine.status().outcome);
    machine.end(kRefused, false, kNow);
    QCOMPARE(stateOf(machine), u"Unreachable"_s); // its report has come: no crash
}

void LinkMachineTest::isStoppedAlsoWithAnOutcomeItDoesNotKnow()
{
    const LinkMachine machine = stopped(std::nullopt);
    QCOMPARE(stateOf(machine), u"Stopped"_s);
    QVERIFY(!machine.status().outcome);
}

void LinkMachineTest::countsItsFailures()
{
    LinkMachine machine;
    machine.beginAttempt(kNow);
    machine.end(kRefused, false, kNow);
    machine.end(rejected(401), false, kNow);
    QCOMPARE(machine.status().attempt, 2);
    machine.becomeLive(kNow);
    QCOMPARE(machine.status().attempt, 0);
    machine.end(kClosed, false, kNow);
    QCOMPARE(machine.status().attempt, 0); // the end of a live one is no failed attempt
}

void LinkMachineTest::keepsSinceWhileItsStateStays()
{
    LinkMachine machine;
    machine.beginAttempt(kNow);
    machine.end(kRefused, false, kNow.addSecs(1));
    machine.planRetry(kNow.addSecs(9));
    machine.beginAttempt(kNow.addSecs(9));
    QVERIFY(!machine.status().retryAt.isValid());
    machine.end(kNoAnswer, false, kNow.addSecs(10));
    QCOMPARE(machine.status().since, kNow.addSecs(1));
    QCOMPARE(machine.status().reason, u"no route"_s);
    machine.becomeLive(kNow.addSecs(11));
    machine.becomeStale(u"silent"_s, kNow.addSecs(12));
    QVERIFY(machine.hear(kNow.addSecs(13)));
    QVERIFY(!machine.hear(kNow.addSecs(14)));
    QCOMPARE(machine.status().since, kNow.addSecs(13));
    QCOMPARE(machine.status().lastSeenAt, kNow.addSecs(14));
}

QTEST_GUILESS_MAIN(LinkMachineTest)
#include "tst_linkmachine.moc"
