// SPDX-License-Identifier: GPL-3.0-only
// Changes are sent once, and what becomes of them is told once, by what the instance then is.
#include "console/model/acting/operations.h"
#include "tests/console/actingstage.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

StateEvent stateEvent(LifecycleState from, LifecycleState to)
{
    return {
        .from = from, .to = to, .at = QDateTime::currentDateTimeUtc(), .cause = {}, .deadlineAt = {}
    };
}

struct Desk
{
    FakeSender sender;
    Operations operations{ sender.send() };
    QSignalSpy started{ &operations, &Operations::started };
    QSignalSpy changed{ &operations, &Operations::changed };
    QSignalSpy finished{ &operations, &Operations::finished };

    const Operation &latest() { return operations.log().at(0); }
};

} // namespace

class OperationsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsOnceHoweverOftenItIsClicked();
    void refusesWhatThePolicyRefuses();
    void cancelsGoBesideEachOther();
    void tellsAWholeStop();
    void tellsAStopThatIsTakenBack();
    void theStreamMayBeFasterThanTheAnswer();
    void tellsWhatHappensToTheOthers_data();
    void tellsWhatHappensToTheOthers();
    void quiesceAndResumeEndWhenSeen();
    void tellsTheNewDeadline();
    void explainsEachRefusal_data();
    void explainsEachRefusal();
    void withoutAnAnswerNothingIsKnown();
    void aSenderThatHasNothingToSendWithHasFailed();
    void anInstanceMayGoMeanwhile();
    void anInstanceThatGoesTakesItsCommandsAlong();
    void gathersStats();
    void keepsTheLastOnes();
    void theLogIsAModel();
};

void OperationsTest::sendsOnceHoweverOftenItIsClicked()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    QVERIFY(desk.operations.send(*api, { .verb = Verb::Stop }));
    QVERIFY(!desk.operations.send(*api, { .verb = Verb::Stop }));
    QVERIFY(!desk.operations.send(*api, { .verb = Verb::Force }));
    QCOMPARE(desk.sender.sent.size(), 1);
    QCOMPARE(desk.operations.pending(*api), Verb::Stop);
    QCOMPARE(desk.started.count(), 1);

    desk.sender.refuse(0, 409, u"already-stopping"_s);
    desk.sender.refuse(0, 500, u"again"_s); // a command finishes once
    QCOMPARE(desk.operations.pending(*api), std::nullopt);
    QCOMPARE(desk.finished.count(), 1);
    QVERIFY(desk.operations.send(*api, { .verb = Verb::Force }));
    QCOMPARE(desk.sender.sent.size(), 2);
}

void OperationsTest::refusesWhatThePolicyRefuses()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    api->takeRole(Role::Reader);
    QVERIFY(!desk.operations.send(*api, { .verb = Verb::Stop }));
    QCOMPARE(desk.operations.permission(*api, Verb::Stop).refusal, u"This token may only read."_s);
    QVERIFY(desk.sender.sent.isEmpty());
    QCOMPARE(desk.started.count(), 0);
    QCOMPARE(desk.operations.log().rowCount(), 0);
}

void OperationsTest::cancelsGoBesideEachOther()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    QVERIFY(desk.operations.send(*api, { .verb = Verb::Stop }));
    QVERIFY(desk.operations.send(*api, { .verb = Verb::CancelRequest, .target = u"1"_s }));
    QVERIFY(desk.operations.send(*api, { .verb = Verb::CancelRequest, .target = u"2"_s }));
    QVERIFY(!desk.operations.send(*api, { .verb = Verb::CancelRequest, .target = u"1"_s }));
    QCOMPARE(desk.sender.sent.size(), 3);
    desk.sender.accept(1);
    QCOMPARE(desk.operations.pending(*api), Verb::Stop);
    QCOMPARE(desk.finished.count(), 1);
    QVERIFY(desk.operations.send(*api, { .verb = Verb::CancelRequest, .target = u"1"_s }));
}

void OperationsTest::tellsAWholeStop()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Stop, .actor = u"ada"_s });
    QCOMPARE(desk.latest().status, u"Asked; no answer yet."_s);
    desk.sender.accept(0);
    QCOMPARE(desk.latest().status, u"Accepted."_s);

    show(*api, statsIn(LifecycleState::LameDuck, 3, 1), stopWith(30s));
    QCOMPARE(desk.latest().status, u"Lame duck: 3 requests in flight and 1 job running."_s);
    show(*api, statsIn(LifecycleState::Draining, 1, 0), stopWith(12s));
    QCOMPARE(desk.latest().status,
             u"Draining, 12 s left: 1 request in flight and 0 jobs running."_s);
    api->takeState(stateEvent(LifecycleState::Draining, LifecycleState::Stopping));
    QCOMPARE(desk.latest().status, u"Stopping: nothing is in flight any more."_s);
    QCOMPARE(desk.finished.count(), 0);

    StopReport report;
    report.instanceId = u"process-1"_s;
    report.requestedAt = QDateTime::fromMSecsSinceEpoch(1'000);
    report.stoppedAt = QDateTime::fromMSecsSinceEpoch(5'200);
    report.requests.drained = 4;
    report.requests.cancelled = 1;
    api->takeReport(report);
    setLink(*api, LinkState::Stopped, {}, StopOutcome::Clean);
    QCOMPARE(desk.latest().status,
             u"Stopped cleanly in 4.2 s; drained: 4, cancelled: 1, cut: 0."_s);
    QCOMPARE(desk.latest().tone, Tone::Good);
    QCOMPARE(desk.finished.count(), 1);
    QCOMPARE(
        OperationCourse::line(desk.latest()),
        u"api · Drain and stop · Stopped cleanly in 4.2 s; drained: 4, cancelled: 1, cut: 0."_s);

    setLink(*api, LinkState::Unreachable); // it is over: nothing more is told of it
    QCOMPARE(desk.finished.count(), 1);
    QCOMPARE(desk.latest().tone, Tone::Good);
}

void OperationsTest::tellsAStopThatIsTakenBack()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Stop });
    desk.sender.accept(0);
    show(*api, statsIn(LifecycleState::Serving)); // the stream is behind the answer
    QCOMPARE(desk.latest().status, u"Accepted."_s);
    show(*api, statsIn(LifecycleState::LameDuck), stopWith(30s));
    show(*api, statsIn(LifecycleState::Serving));
    QCOMPARE(desk.latest().status, u"Taken back: it serves again."_s);
    QCOMPARE(desk.finished.count(), 1);
}

void OperationsTest::theStreamMayBeFasterThanTheAnswer()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Force });
    setLink(*api, LinkState::Stopped, {}, StopOutcome::Forced);
    QCOMPARE(desk.latest().status, u"Forced to stop."_s);
    QCOMPARE(desk.finished.count(), 1);
    desk.sender.accept(0);
    QCOMPARE(desk.latest().status, u"Forced to stop."_s);
    QCOMPARE(desk.finished.count(), 1);
    QCOMPARE(desk.operations.pending(*api), std::nullopt);
}

void OperationsTest::tellsWhatHappensToTheOthers_data()
{
    QTest::addColumn<LinkState>("link");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<int>("finished");
    QTest::newRow("crash") << LinkState::Crashed << u"Gone without a report."_s << 1;
    QTest::newRow("lost") << LinkState::Unreachable
                          << u"Accepted, but not connected now: Unreachable."_s << 0;
    QTest::newRow("silent") << LinkState::Stale << u"Accepted, but not connected now: Stale."_s
                            << 0;
}

void OperationsTest::tellsWhatHappensToTheOthers()
{
    QFETCH(const LinkState, link);
    QFETCH(const QString, expected);
    QFETCH(const int, finished);
    Desk desk;
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Stop });
    desk.sender.accept(0);
    show(*api, statsIn(LifecycleState::Draining), stopWith(12s));
    setLink(*api, link);
    QCOMPARE(desk.latest().status, expected);
    QCOMPARE(desk.finished.count(), finished);

    setLink(*api, LinkState::Live);
    Snapshot other = *api->snapshot();
    other.instanceId = u"process-2"_s;
    other.stop.reset();
    other.stats = statsIn(LifecycleState::Serving);
    api->takeSnapshot(other, true);
    QCOMPARE(desk.finished.count(), 1);
}

void OperationsTest::quiesceAndResumeEndWhenSeen()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Quiesce });
    desk.sender.accept(0);
    QCOMPARE(desk.finished.count(), 0);
    show(*api, statsIn(LifecycleState::LameDuck));
    QCOMPARE(desk.latest().status, u"Quiesced: out of rotation."_s);
    QCOMPARE(desk.finished.count(), 1);

    desk.operations.send(*api, { .verb = Verb::Resume });
    desk.sender.accept(1);
    QCOMPARE(desk.finished.count(), 1);
    show(*api, statsIn(LifecycleState::Draining), stopWith(5s)); // by somebody else
    QCOMPARE(desk.latest().status, u"Overtaken by a stop."_s);
    QCOMPARE(desk.finished.count(), 2);
}

void OperationsTest::tellsTheNewDeadline()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    show(*api, statsIn(LifecycleState::Draining), stopWith(12s));
    desk.operations.send(*api, { .verb = Verb::Extend, .by = 10s });
    Snapshot answer = *api->snapshot();
    answer.stop = stopWith(22s);
    desk.sender.accept(0, answer);
    QCOMPARE(desk.latest().status, u"The deadline is now 14:02:30, 22 s from now."_s);
    QCOMPARE(desk.finished.count(), 1);
}

void OperationsTest::explainsEachRefusal_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("expected");
    const auto row = [](int status, const char *code, const QString &expected,
                        const QString &detail = {}) {
        QTest::addRow("%d %s", status, code)
            << status << QString::fromLatin1(code) << detail << expected;
    };
    row(409, "past-no-return",
        u"Refused (409 past-no-return): the deadline has passed, or nothing is waited for any "
        "more."_s);
    row(409, "not-stopping", u"Refused (409 not-stopping): no stop is under way."_s);
    row(422, "past-budget",
        u"Refused (422 past-budget): the whole stop must fit the budget that the orchestrator "
        "grants (stop.budget). Ask for less; a Kubernetes pod cannot be granted more while it "
        "runs."_s);
    row(401, "",
        u"Refused (401): the token is missing or wrong. Give this connection another one."_s);
    row(403, "read-only",
        u"Refused (403 read-only): this token may only read. Use an operator's token."_s);
    row(418, "teapot", u"Refused (418 teapot): Short and stout 100 %1."_s,
        u"Short and stout 100 %1."_s);
    row(500, "", u"Refused (500 )."_s);
}

void OperationsTest::explainsEachRefusal()
{
    QFETCH(const int, status);
    QFETCH(const QString, code);
    QFETCH(const QString, detail);
    QFETCH(const QString, expected);
    Desk desk;
    const auto api = serving(u"api"_s);
    show(*api, statsIn(LifecycleState::Draining), stopWith(12s));
    desk.operations.send(*api, { .verb = Verb::Extend, .by = 10s });
    desk.sender.refuse(0, status, code, detail);
    QCOMPARE(desk.latest().status, expected);
    QCOMPARE(desk.latest().tone, Tone::Warning);
    QCOMPARE(desk.finished.count(), 1);
}

void OperationsTest::withoutAnAnswerNothingIsKnown()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Stop });
    CommandOutcome outcome;
    outcome.detail = u"Operation timed out"_s;
    desk.sender.sent.first().command->finish(outcome);
    QCOMPARE(desk.latest().status,
             u"No answer: it is not known whether it arrived (Operation timed out). Look at its "
             "state before asking again."_s);
    QCOMPARE(desk.latest().tone, Tone::Bad);
    QCOMPARE(desk.finished.count(), 1);
}

void OperationsTest::aSenderThatHasNothingToSendWithHasFailed()
{
    Operations operations; // an instance without a client
    const auto api = serving(u"api"_s);
    QSignalSpy finished(&operations, &Operations::finished);
    QVERIFY(!operations.send(*api, { .verb = Verb::Stop }));
    QCOMPARE(finished.count(), 1);
    QCOMPARE(operations.pending(*api), std::nullopt);
}

void OperationsTest::anInstanceMayGoMeanwhile()
{
    Desk desk;
    auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Stop });
    api.reset();
    QCOMPARE(desk.latest().status, u"No longer watched: how it ended was not seen."_s);
    QCOMPARE(desk.finished.count(), 1);
    desk.sender.accept(0);
    QCOMPARE(desk.finished.count(), 1);
    QCOMPARE(desk.latest().instanceName, u"api"_s);
}

void OperationsTest::anInstanceThatGoesTakesItsCommandsAlong()
{
    Operations operations([](Instance &instance, const CommandRequest &request) {
        return new Command(request, &instance);
    });
    auto api = serving(u"api"_s);
    QSignalSpy finished(&operations, &Operations::finished);
    operations.send(*api, { .verb = Verb::Stop });
    api.reset();
    QCOMPARE(finished.count(), 1);
}

void OperationsTest::gathersStats()
{
    Desk desk;
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Stop });
    desk.sender.accept(0);
    show(*api, statsIn(LifecycleState::Draining, 1'000), stopWith(12s));
    const qsizetype before = desk.changed.count();
    for (int i = 999; i > 0; --i)
        api->takeStats(statsIn(LifecycleState::Draining, i));
    QCOMPARE(desk.changed.count(), before);
    QTRY_COMPARE(desk.changed.count(), before + 1);
    QVERIFY2(desk.latest().status.contains(u"1 request in flight"_s),
             qPrintable(desk.latest().status));
}

void OperationsTest::keepsTheLastOnes()
{
    Desk desk;
    QAbstractItemModelTester tester(&desk.operations.log());
    const auto api = serving(u"api"_s);
    for (int i = 0; i < OperationLog::kKept + 50; ++i) {
        const QString target = QString::number(i);
        desk.operations.send(*api, { .verb = Verb::CancelRequest, .target = target });
    }
    QCOMPARE(desk.operations.log().rowCount(), OperationLog::kKept);
    QCOMPARE(desk.latest().request.target, QString::number(OperationLog::kKept + 49));
    desk.sender.accept(0); // no longer in the log
    QCOMPARE(desk.finished.count(), 0);
    desk.sender.accept(60);
    QCOMPARE(desk.finished.count(), 1);
    QCOMPARE(desk.operations.log().unfinished(), OperationLog::kKept - 1);
}

void OperationsTest::theLogIsAModel()
{
    Desk desk;
    OperationLog &log = desk.operations.log();
    QAbstractItemModelTester tester(&log);
    QSignalSpy reset(&log, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&log, &QAbstractItemModel::dataChanged);
    const auto api = serving(u"api"_s);
    desk.operations.send(*api, { .verb = Verb::Quiesce, .actor = u"ada"_s });
    desk.sender.accept(0);
    const auto text = [&log](int column) { return log.index(0, column).data().toString(); };
    QCOMPARE(text(OperationLog::Target), u"api"_s);
    QCOMPARE(text(OperationLog::Action), u"Quiesce"_s);
    QCOMPARE(text(OperationLog::Actor), u"ada"_s);
    QCOMPARE(text(OperationLog::Outcome), u"Accepted."_s);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(reset.count(), 0);
}

QTEST_GUILESS_MAIN(OperationsTest)
#include "tst_operations.moc"
