// SPDX-License-Identifier: GPL-3.0-only
// RollingStop: one at a time, no more after a failure, and one end.
#include "console/model/acting/rollingstop.h"
#include "tests/console/model/instances.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;
using RowState = RollingStop::RowState;
using Outcome = RollingStop::Outcome;

class RollingStopTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void stopsOneAfterTheOther();
    void sendsWhatItWasGiven();
    void waitsForAnotherProcessThatIsReady();
    void goesOnAfterAPauseWithoutASuccessor();
    void failsWithoutASuccessorInTime();
    void failsWhenOneDoesNotStopInTime();
    void stopsAtTheFirstFailure_data();
    void stopsAtTheFirstFailure();
    void failsAtAnEndThatIsNotClean_data();
    void failsAtAnEndThatIsNotClean();
    void failsWhenTheRequestFails_data();
    void failsWhenTheRequestFails();
    void failsWhenNothingCanBeSent();
    void failsForOneThatIsNotLive();
    void failsWhenAnInstanceGoes();
    void believesTheEndOfTheLineWithoutAReport();
    void doesNotMindAShortSilence();
    void heedsNoReportOfAnEarlierRun();
    void leavesWhatIsUnderWayWhenAborted_data();
    void leavesWhatIsUnderWayWhenAborted();
    void mayBeAbortedBeforeItBegins();
    void endsAtOnceWithoutInstances();
    void heedsNothingAfterItsEnd();

private:
    void make(RollingStop::Plan plan = {});
    void start() { m_rolling->start(); }
    [[nodiscard]] QList<RowState> states() const;
    [[nodiscard]] Outcome outcome() const;
    void accept(int command);

    std::vector<std::unique_ptr<Instance>> m_instances;
    std::unique_ptr<RollingStop> m_rolling;
    std::unique_ptr<QSignalSpy> m_finished;
    QList<QPointer<Command>> m_commands;
    QList<Instance *> m_asked;
};

void RollingStopTest::init()
{
    for (int i = 0; i < 3; ++i) {
        m_instances.push_back(std::make_unique<Instance>(specAt(i, QString(QChar(u'a' + i)))));
        serve(*m_instances.back(), u"first"_s);
    }
    make();
}

void RollingStopTest::cleanup()
{
    QVERIFY(m_finished->size() <= 1);
    m_rolling.reset();
    m_instances.clear();
    qDeleteAll(m_commands);
    m_commands.clear();
    m_asked.clear();
}

void RollingStopTest::make(RollingStop::Plan plan)
{
    for (const auto &instance : m_instances)
        plan.instances.append(instance.get());
    const auto send = [this](Instance *instance, const CommandRequest &request) {
        m_asked.append(instance);
        m_commands.append(new Command(request));
        return m_commands.last().data();
    };
    m_rolling = std::make_unique<RollingStop>(plan, send);
    m_finished = std::make_unique<QSignalSpy>(m_rolling.get(), &RollingStop::finished);
}

QList<RowState> RollingStopTest::states() const
{
    QList<RowState> all;
    for (const RollingStop::Row &row : m_rolling->rows())
        all.append(row.state);
    return all;
}

Outcome RollingStopTest::outcome() const
{
    return m_finished->at(0).at(0).value<Outcome>();
}

void RollingStopTest::accept(int command)
{
    m_commands[command]->finish({ .kind = CommandOutcome::Kind::Accepted,
                                  .status = 202,
                                  .code = {},
                                  .detail = {},
                                  .snapshot = {} });
}

void RollingStopTest::stopsOneAfterTheOther()
{
    start();
    start(); // twice does no harm
    for (int i = 0; i < 3; ++i) {
        QTRY_COMPARE(m_asked.size(), i + 1);
        QCOMPARE(m_asked.last(), m_instances[i].get());
        QCOMPARE(states()[i], RowState::Stopping);
        accept(i);
        endWith(*m_instances[i], StopOutcome::Clean);
        QCOMPARE(states()[i], RowState::AwaitingSuccessor);
        QCOMPARE(m_finished->size(), 0);
        serve(*m_instances[i], u"second"_s);
        QCOMPARE(states()[i], RowState::Done);
    }
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(outcome(), Outcome::Done);
    QCOMPARE(states(), QList<RowState>(3, RowState::Done));
    QVERIFY(!m_rolling->isRunning());
}

void RollingStopTest::sendsWhatItWasGiven()
{
    RollingStop::Plan plan;
    plan.request.verb = Verb::Stop;
    plan.request.reason = u"kernel"_s;
    plan.request.grace = 5s;
    make(plan);
    start();
    QTRY_COMPARE(m_commands.size(), 1);
    QCOMPARE(m_commands[0]->request().reason, u"kernel"_s);
    QCOMPARE(m_commands[0]->request().grace, std::optional(std::chrono::milliseconds(5s)));
}

void RollingStopTest::waitsForAnotherProcessThatIsReady()
{
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    Instance &instance = *m_instances[0];
    endWith(instance, StopOutcome::Clean);
    setLink(instance, LinkState::Unreachable); // as is to be expected here
    serve(instance, u"first"_s); // the same process: a late snapshot
    QCOMPARE(states()[0], RowState::AwaitingSuccessor);
    instance.takeSnapshot(snapshotOf(u"second"_s, LifecycleState::Starting), false);
    QCOMPARE(states()[0], RowState::AwaitingSuccessor);
    Stats stats;
    stats.state = LifecycleState::Serving;
    instance.takeStats(stats);
    QCOMPARE(states()[0], RowState::Done);
    QTRY_COMPARE(m_asked.size(), 2);
}

void RollingStopTest::goesOnAfterAPauseWithoutASuccessor()
{
    make({ .pace = RollingStop::Pace::Pause, .wait = 30ms });
    start();
    for (int i = 0; i < 3; ++i) {
        QTRY_COMPARE(m_asked.size(), i + 1);
        endWith(*m_instances[i], StopOutcome::Clean);
        QCOMPARE(states()[i], RowState::AwaitingSuccessor);
    }
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(outcome(), Outcome::Done);
}

void RollingStopTest::failsWithoutASuccessorInTime()
{
    make({ .wait = 30ms });
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    endWith(*m_instances[0], StopOutcome::Clean);
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(outcome(), Outcome::Failed);
    QCOMPARE(states(), QList({ RowState::Failed, RowState::Skipped, RowState::Skipped }));
    QCOMPARE(m_asked.size(), 1);
}

void RollingStopTest::failsWhenOneDoesNotStopInTime()
{
    make({ .stopTimeout = 30ms });
    start();
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(outcome(), Outcome::Failed);
    QCOMPARE(states(), QList({ RowState::Failed, RowState::Skipped, RowState::Skipped }));
}

void RollingStopTest::stopsAtTheFirstFailure_data()
{
    QTest::addColumn<LinkState>("link");
    QTest::newRow("crashed") << LinkState::Crashed;
    QTest::newRow("unreachable") << LinkState::Unreachable;
    QTest::newRow("not authorised") << LinkState::NotAuthorised;
    QTest::newRow("incompatible") << LinkState::Incompatible;
}

void RollingStopTest::stopsAtTheFirstFailure()
{
    QFETCH(LinkState, link);
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    endWith(*m_instances[0], StopOutcome::Clean);
    serve(*m_instances[0], u"second"_s);
    QTRY_COMPARE(m_asked.size(), 2);
    setLink(*m_instances[1], link);
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(outcome(), Outcome::Failed);
    QCOMPARE(states(), QList({ RowState::Done, RowState::Failed, RowState::Skipped }));
    QVERIFY(!m_rolling->rows()[1].reason.isEmpty());
    QVERIFY(!m_rolling->rows()[2].reason.isEmpty());
    QCOMPARE(m_asked.size(), 2);
}

void RollingStopTest::failsAtAnEndThatIsNotClean_data()
{
    QTest::addColumn<StopOutcome>("outcome");
    QTest::newRow("incomplete") << StopOutcome::Incomplete;
    QTest::newRow("forced") << StopOutcome::Forced;
    QTest::newRow("failed") << StopOutcome::Failed;
}

void RollingStopTest::failsAtAnEndThatIsNotClean()
{
    QFETCH(StopOutcome, outcome);
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    accept(0);
    endWith(*m_instances[0], outcome);
    QCOMPARE(states(), QList({ RowState::Failed, RowState::Skipped, RowState::Skipped }));
    QTRY_COMPARE(m_finished->size(), 1);
}

void RollingStopTest::failsWhenTheRequestFails_data()
{
    QTest::addColumn<CommandOutcome>("answer");
    CommandOutcome refused;
    refused.kind = CommandOutcome::Kind::Refused;
    refused.detail = u"a stop is under way"_s;
    QTest::newRow("refused") << refused;
    CommandOutcome lost;
    lost.kind = CommandOutcome::Kind::Failed;
    lost.detail = u"a stop is under way, or not"_s;
    QTest::newRow("lost") << lost;
}

void RollingStopTest::failsWhenTheRequestFails()
{
    QFETCH(CommandOutcome, answer);
    start();
    QTRY_COMPARE(m_commands.size(), 1);
    m_commands[0]->finish(answer);
    QCOMPARE(states(), QList({ RowState::Failed, RowState::Skipped, RowState::Skipped }));
    QVERIFY(m_rolling->rows()[0].reason.contains("a stop is under way"_L1));
    QTRY_COMPARE(m_finished->size(), 1);
}

void RollingStopTest::failsWhenNothingCanBeSent()
{
    RollingStop rolling({ .instances = { m_instances[0].get() } },
                        [](Instance *, const CommandRequest &) -> Command * { return nullptr; });
    QSignalSpy finished(&rolling, &RollingStop::finished);
    rolling.start();
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(rolling.rows()[0].state, RowState::Failed);
}

void RollingStopTest::failsForOneThatIsNotLive()
{
    endWith(*m_instances[0], StopOutcome::Clean);
    start();
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(states(), QList({ RowState::Failed, RowState::Skipped, RowState::Skipped }));
    QCOMPARE(m_asked.size(), 0);
}

void RollingStopTest::failsWhenAnInstanceGoes()
{
    m_instances[2].reset();
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    m_instances[0].reset();
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(states(), QList({ RowState::Failed, RowState::Skipped, RowState::Skipped }));
    QCOMPARE(m_rolling->rows()[0].name, u"a"_s);
}

void RollingStopTest::believesTheEndOfTheLineWithoutAReport()
{
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    LinkStatus link;
    link.state = LinkState::Stopped;
    link.outcome = StopOutcome::Clean;
    m_instances[0]->takeLink(link);
    QCOMPARE(states()[0], RowState::AwaitingSuccessor);
}

void RollingStopTest::doesNotMindAShortSilence()
{
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    setLink(*m_instances[0], LinkState::Stale);
    setLink(*m_instances[0], LinkState::Connecting);
    setLink(*m_instances[0], LinkState::Live);
    QCOMPARE(states()[0], RowState::Stopping);
}

void RollingStopTest::heedsNoReportOfAnEarlierRun()
{
    endWith(*m_instances[0], StopOutcome::Clean);
    serve(*m_instances[0], u"second"_s);
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    serve(*m_instances[0], u"second"_s);
    QCOMPARE(states()[0], RowState::Stopping);
}

void RollingStopTest::leavesWhatIsUnderWayWhenAborted_data()
{
    QTest::addColumn<bool>("hasStopped");
    QTest::newRow("stopping") << false;
    QTest::newRow("stopped") << true;
}

void RollingStopTest::leavesWhatIsUnderWayWhenAborted()
{
    QFETCH(bool, hasStopped);
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    if (hasStopped)
        endWith(*m_instances[0], StopOutcome::Clean);
    m_rolling->abort();
    m_rolling->abort();
    QCOMPARE(m_finished->size(), 0); // never within the call
    QCOMPARE(states(), QList({ RowState::Left, RowState::Skipped, RowState::Skipped }));
    QVERIFY(!m_rolling->rows()[0].reason.isEmpty());
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(outcome(), Outcome::Aborted);
}

void RollingStopTest::mayBeAbortedBeforeItBegins()
{
    start();
    m_rolling->abort();
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(states(), QList<RowState>(3, RowState::Skipped));
    QCOMPARE(m_asked.size(), 0);
}

void RollingStopTest::endsAtOnceWithoutInstances()
{
    m_instances.clear();
    make();
    start();
    QCOMPARE(m_finished->size(), 0);
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(outcome(), Outcome::Done);
}

void RollingStopTest::heedsNothingAfterItsEnd()
{
    start();
    QTRY_COMPARE(m_asked.size(), 1);
    m_rolling->abort();
    QSignalSpy changed(m_rolling.get(), &RollingStop::rowChanged);
    endWith(*m_instances[0], StopOutcome::Forced);
    serve(*m_instances[0], u"second"_s);
    m_commands[0]->finish({});
    start();
    QTRY_COMPARE(m_finished->size(), 1);
    QCOMPARE(changed.size(), 0);
    QCOMPARE(m_asked.size(), 1);
}

QTEST_GUILESS_MAIN(RollingStopTest)
#include "tst_rollingstop.moc"
