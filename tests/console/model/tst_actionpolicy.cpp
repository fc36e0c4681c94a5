// SPDX-License-Identifier: GPL-3.0-only
// Which change may be asked for: every condition, verb and role, and each reason why not.
#include "console/model/acting/actionpolicy.h"
#include "tests/console/actingstage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

constexpr std::array kVerbs{ Verb::Quiesce, Verb::Resume,        Verb::Stop,     Verb::Extend,
                             Verb::Force,   Verb::CancelRequest, Verb::CancelJob };
constexpr int kConditions = static_cast<int>(Condition::Incompatible) + 1;

/// The verbs' letters in the order of kVerbs; '-' where it is refused.
struct Row
{
    Condition condition;
    bool hasStop;
    const char *granted;
};
constexpr std::array kRows{
    Row{ Condition::Connecting, false, "-------" },
    Row{ Condition::Starting, false, "--S-FCJ" },
    Row{ Condition::Starting, true, "---EFCJ" },
    Row{ Condition::Serving, false, "Q-S-FCJ" },
    Row{ Condition::Quiesced, false, "-RS-FCJ" },
    Row{ Condition::LameDuck, true, "-R-EFCJ" },
    Row{ Condition::Draining, true, "---EFCJ" },
    Row{ Condition::Draining, false, "---EFCJ" }, // the event came before the snapshot
    Row{ Condition::Stopping, true, "----F--" },
    Row{ Condition::StoppedClean, true, "-------" },
    Row{ Condition::StoppedIncomplete, true, "-------" },
    Row{ Condition::StoppedForced, true, "-------" },
    Row{ Condition::StoppedFailed, true, "-------" },
    Row{ Condition::Crashed, false, "-------" },
    Row{ Condition::Unreachable, false, "-------" },
    Row{ Condition::NotAuthorised, false, "-------" },
    Row{ Condition::NeedsToken, false, "-------" },
    Row{ Condition::Incompatible, false, "-------" },
};

Standing standing(Condition condition, bool hasStop = false)
{
    Standing made;
    made.condition = condition;
    made.lastKnown = condition;
    made.hasStop = hasStop;
    return made;
}

QString granted(const Standing &standing)
{
    QString letters;
    for (size_t i = 0; i < kVerbs.size(); ++i) {
        const bool isGranted = ActionPolicy::judge(standing, kVerbs[i]).isGranted();
        letters += isGranted ? QChar::fromLatin1("QRSEFCJ"[i]) : u'-';
    }
    return letters;
}

QString refusal(const Standing &standing, Verb verb)
{
    return ActionPolicy::judge(standing, verb).refusal;
}

} // namespace

class ActionPolicyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void grantsWhatMakesSense_data();
    void grantsWhatMakesSense();
    void theTableHasEveryCondition();
    void aReaderIsGrantedNothing_data();
    void aReaderIsGrantedNothing();
    void whatIsMarkedReadOnlyIsGrantedNothing();
    void aStaleOneIsJudgedByWhatWasLastHeard();
    void oneCommandOfTheLifecycleAtATime();
    void saysWhyNot_data();
    void saysWhyNot();
    void readsTheStandingOfAnInstance();
    void dividesASelectionInItsOrder();
    void everyVerbHasAName();
};

void ActionPolicyTest::grantsWhatMakesSense_data()
{
    QTest::addColumn<Condition>("condition");
    QTest::addColumn<bool>("hasStop");
    QTest::addColumn<QString>("expected");
    for (const Row &row : kRows) {
        QTest::addRow("%s%s", qPrintable(conditionText(row.condition)),
                      row.hasStop ? ", with a stop" : "")
            << row.condition << row.hasStop << QString::fromLatin1(row.granted);
    }
}

void ActionPolicyTest::grantsWhatMakesSense()
{
    QFETCH(const Condition, condition);
    QFETCH(const bool, hasStop);
    QFETCH(const QString, expected);
    Standing made = standing(condition, hasStop);
    QCOMPARE(granted(made), expected);
    made.role = Role::Operator;
    QCOMPARE(granted(made), expected);
}

void ActionPolicyTest::theTableHasEveryCondition()
{
    QSet<int> seen{ static_cast<int>(Condition::Stale) }; // has a test of its own
    for (const Row &row : kRows)
        seen.insert(static_cast<int>(row.condition));
    QCOMPARE(seen.size(), kConditions);
}

void ActionPolicyTest::aReaderIsGrantedNothing_data()
{
    grantsWhatMakesSense_data();
}

void ActionPolicyTest::aReaderIsGrantedNothing()
{
    QFETCH(const Condition, condition);
    QFETCH(const bool, hasStop);
    QFETCH(const QString, expected);
    Standing made = standing(condition, hasStop);
    made.role = Role::Reader;
    QCOMPARE(granted(made), u"-------"_s);
    if (expected != "-------"_L1) // else that it has gone says more
        QCOMPARE(refusal(made, Verb::Stop), u"This token may only read."_s);
}

void ActionPolicyTest::whatIsMarkedReadOnlyIsGrantedNothing()
{
    Standing made = standing(Condition::Serving);
    made.role = Role::Operator;
    made.isReadOnly = true;
    QCOMPARE(granted(made), u"-------"_s);
    QCOMPARE(refusal(made, Verb::Quiesce), u"Marked read-only in this console."_s);
}

void ActionPolicyTest::aStaleOneIsJudgedByWhatWasLastHeard()
{
    for (const Row &row : kRows) {
        const bool wasLive =
            row.condition >= Condition::Starting && row.condition <= Condition::Stopping;
        Standing made = standing(Condition::Stale, row.hasStop);
        made.lastKnown = row.condition;
        QCOMPARE(granted(made), QString::fromLatin1(wasLive ? row.granted : "-------"));
    }
}

void ActionPolicyTest::oneCommandOfTheLifecycleAtATime()
{
    Standing made = standing(Condition::Serving);
    made.pending = Verb::Stop;
    QCOMPARE(granted(made), u"-----CJ"_s);
    QCOMPARE(refusal(made, Verb::Force), u"A command is under way: Drain and stop."_s);
}

void ActionPolicyTest::saysWhyNot_data()
{
    QTest::addColumn<Condition>("condition");
    QTest::addColumn<bool>("hasStop");
    QTest::addColumn<Verb>("verb");
    QTest::addColumn<QString>("expected");

    const auto row = [](const char *name, Condition condition, bool hasStop, Verb verb,
                        const QString &expected) {
        QTest::newRow(name) << condition << hasStop << verb << expected;
    };
    row("resume while draining", Condition::Draining, true, Verb::Resume,
        u"Past the point of no return: it is draining."_s);
    row("quiesce while stopping", Condition::Stopping, true, Verb::Quiesce,
        u"Past the point of no return: it is stopping."_s);
    row("extend without a stop", Condition::Serving, false, Verb::Extend,
        u"No stop is under way."_s);
    row("extend while quiesced", Condition::Quiesced, false, Verb::Extend,
        u"No stop is under way."_s);
    row("extend while stopping", Condition::Stopping, true, Verb::Extend,
        u"Nothing is waited for any more: it is stopping."_s);
    row("stop twice", Condition::LameDuck, true, Verb::Stop, u"A stop is under way already."_s);
    row("quiesce in a stop", Condition::LameDuck, true, Verb::Quiesce,
        u"A stop is under way already."_s);
    row("quiesce twice", Condition::Quiesced, false, Verb::Quiesce, u"It is quiesced already."_s);
    row("resume what serves", Condition::Serving, false, Verb::Resume, u"It is serving already."_s);
    row("resume what starts", Condition::Starting, false, Verb::Resume, u"It is still starting."_s);
    row("cancel at the end", Condition::Stopping, true, Verb::CancelJob,
        u"Nothing is in flight any more."_s);
    row("crashed", Condition::Crashed, false, Verb::Force, u"It runs no more: Crashed."_s);
    row("unreachable", Condition::Unreachable, false, Verb::Stop,
        u"Not connected: Unreachable (Connection refused)."_s);
}

void ActionPolicyTest::saysWhyNot()
{
    QFETCH(const Condition, condition);
    QFETCH(const bool, hasStop);
    QFETCH(const Verb, verb);
    QFETCH(const QString, expected);
    Standing made = standing(condition, hasStop);
    made.linkReason = u"Connection refused"_s;
    QCOMPARE(refusal(made, verb), expected);
}

void ActionPolicyTest::readsTheStandingOfAnInstance()
{
    InstanceSpec spec = specNamed(u"a"_s);
    spec.isReadOnly = true;
    Instance instance(spec);
    QCOMPARE(Standing::of(instance).condition, Condition::Connecting);
    QCOMPARE(Standing::of(instance).lastKnown, Condition::Connecting);
    QVERIFY(Standing::of(instance).isReadOnly);

    instance.takeRole(Role::Reader);
    show(instance, statsIn(LifecycleState::Draining), stopWith(3s));
    QCOMPARE(Standing::of(instance).role, Role::Reader);
    QVERIFY(Standing::of(instance).hasStop);
    QVERIFY(!Standing::of(instance).isPastDeadline);

    show(instance, statsIn(LifecycleState::Draining), stopWith(0s));
    QVERIFY(Standing::of(instance).isPastDeadline);
    Standing past = Standing::of(instance);
    past.isReadOnly = false;
    past.role = Role::Operator;
    QCOMPARE(refusal(past, Verb::Extend),
             u"The deadline has passed: what is left is being cancelled."_s);

    setLink(instance, LinkState::Stale, u"silent"_s);
    QCOMPARE(Standing::of(instance, Verb::Force).condition, Condition::Stale);
    QCOMPARE(Standing::of(instance, Verb::Force).lastKnown, Condition::Draining);
    QCOMPARE(Standing::of(instance, Verb::Force).pending, Verb::Force);
}

void ActionPolicyTest::dividesASelectionInItsOrder()
{
    const auto first = serving(u"first"_s);
    const auto second = serving(u"second"_s);
    const auto third = serving(u"third"_s);
    setLink(*second, LinkState::Crashed);
    const auto division =
        ActionPolicy::divide({ third.get(), second.get(), first.get() }, [](const Instance &i) {
            return ActionPolicy::judge(Standing::of(i), Verb::Stop);
        });
    QCOMPARE(division.granted, (QList<Instance *>{ third.get(), first.get() }));
    QCOMPARE(division.refused.size(), 1);
    QCOMPARE(division.refused.first().instance, second.get());
    QCOMPARE(division.refused.first().why, u"It runs no more: Crashed."_s);
}

void ActionPolicyTest::everyVerbHasAName()
{
    QSet<QString> names;
    for (const Verb verb : kVerbs)
        names.insert(ActionPolicy::verbText(verb));
    QCOMPARE(names.size(), qsizetype(kVerbs.size()));
    QVERIFY(!names.contains(QString()));
}

QTEST_GUILESS_MAIN(ActionPolicyTest)
#include "tst_actionpolicy.moc"
