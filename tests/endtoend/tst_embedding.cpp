// SPDX-License-Identifier: GPL-3.0-only
// Services of a stranger's own: the example, and one whose hooks and handlers misbehave.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"
#include "tests/kit/stopchecks.h"

#include <QElapsedTimer>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

const QString kHello = QStringLiteral(HELLO_PROGRAM);
const QString kFromGo = QStringLiteral(FROMGO_PROGRAM);
const QString kSubject = QStringLiteral(SUBJECT_PROGRAM);

/// "name result" of each hook in the report, in the order in which they ran.
QStringList hooksOf(const QJsonObject &report)
{
    QStringList hooks;
    for (const QJsonValue hook : report["hooks"_L1].toArray())
        hooks.append(hook["name"_L1].toString() + u' ' + hook["result"_L1].toString());
    return hooks;
}

} // namespace

class EmbeddingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theExampleAnswersWithItsArgument();
    void theExampleFinishesEverythingAndSaysGoodbye();
    void theExampleGivesUpWhenTheDeadlineHasPassed();
    void theExampleGoesOnWithAJobAfterARestart();
    void theGuidesExampleStopsAsItSays();
    void hooksRunInReverseOrder();
    void aHookThatFailsMakesTheStopIncomplete_data();
    void aHookThatFailsMakesTheStopIncomplete();
    void aSignalAfterMainChangesNoExitCode_data();
    void aSignalAfterMainChangesNoExitCode();
    void theAdminListenerOutlivesTheHooks();
    void aHandlerThatThrowsHarmsNothingElse();
    void aServiceMayStopItself();
};

void EmbeddingTest::theExampleAnswersWithItsArgument()
{
    ServiceProcess service(kHello);
    QVERIFY(service.start());
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello/Ada")).body, QByteArray("Hello, Ada!"));
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 404);
    const Answer wrong = askAfresh(service.trafficPort(), post("/hello/Ada", "x"));
    QCOMPARE(wrong.status, 405);
    QVERIFY(wrong.fields.value("allow").contains("GET"));
}

void EmbeddingTest::theExampleFinishesEverythingAndSaysGoodbye()
{
    ServiceProcess service(kHello);
    QVERIFY(service.start({ u"--grace"_s, u"10m"_s }));
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello/Ada")).status, 200);
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/slow")));
    // Its background task has ended too, or it would be held.
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .hooks = QStringList{ u"goodbye ok"_s, u"jobs ok"_s } });
    const Answer answer = trial.finish().requests.first().answer;
    QCOMPARE(answer.body, QByteArray("Hello at last!"));
    QVERIFY(answer.saysClose());
    QVERIFY2(service.output().endsWith("greeted 2 times, goodbye\n"), service.output().constData());
    QCOMPARE(service.report()["name"_L1].toString(), u"hello"_s);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void EmbeddingTest::theExampleGivesUpWhenTheDeadlineHasPassed()
{
    ServiceProcess service(kHello);
    service.setEnvironment(u"QUIESCE_STOP_CANCEL_GRACE"_s, u"10m"_s);
    QVERIFY(service.start({ u"--grace"_s, u"0s"_s }));
    LoopbackClient slow(service.trafficPort());
    QVERIFY(slow.send(get("/slow")));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QCOMPARE(slow.readAnswer().body, QByteArray("gave up"));
    // Late, but answered by its own handler. The exit code is not looked at: without any grace the
    // heartbeat, which has ended well, may count as cancelled.
    QVERIFY(service.waitForExit() >= 0);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void EmbeddingTest::theExampleGoesOnWithAJobAfterARestart()
{
    ServiceProcess service(kHello);
    QVERIFY(service.start());
    const QByteArray id = JobsClient(service).submit("count", R"({"to":5})").id();
    QTRY_VERIFY(JobsClient(service).get(id).body["checkpoint"_L1].isObject());
    service.signal(SIGTERM);
    QUIESCE_VERIFY_EXIT_CODE(service, 0);
    QVERIFY(service.start());
    QUIESCE_VERIFY_JOB_REQUEUED(service, id);
    const JobAnswer ended = JobsClient(service).await(id);
    QCOMPARE(ended.state(), u"succeeded"_s);
    QCOMPARE(ended.body["result"_L1].toInt(), 5);
    QCOMPARE(ended.body["attempt"_L1].toInt(), 1); // the stop has spent none
    QCOMPARE(ended.body["requeues"_L1].toArray().size(), 1);
}

void EmbeddingTest::theGuidesExampleStopsAsItSays()
{
    ServiceProcess service(kFromGo);
    QVERIFY(service.start({ u"--grace"_s, u"10m"_s }));
    QCOMPARE(service.askTraffic(get("/report")).body, QByteArray("0123456789"));
    QCOMPARE(service.askTraffic(get("/forecast")).body, QByteArray("10"));
    QCOMPARE(service.askTraffic(get("/parts")).body, QByteArray("012"));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/watch")));
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .hooks = QStringList{ u"unregister ok"_s, u"flush ok"_s } });
    QCOMPARE(trial.finish().requests.first().answer.body, QByteArray("a stop has begun"));
}

void EmbeddingTest::hooksRunInReverseOrder()
{
    ServiceProcess service(kSubject);
    service.setEnvironment(u"SUBJECT_HOOKS"_s, u"close-store,flush-cache,say-goodbye"_s);
    QVERIFY(service.start());
    StopTrial trial(service);
    const QStringList hooks{ u"say-goodbye ok"_s, u"flush-cache ok"_s, u"close-store ok"_s };
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .hooks = hooks });
    QVERIFY2(service.output().endsWith("\nsay-goodbye\nflush-cache\nclose-store\n"),
             service.output().constData());
}

void EmbeddingTest::aHookThatFailsMakesTheStopIncomplete_data()
{
    QTest::addColumn<QString>("hook");
    QTest::addColumn<QString>("result");
    QTest::newRow("throws") << u"throws"_s << u"failed"_s;
    QTest::newRow("hangs") << u"hangs"_s << u"timed-out"_s;
}

void EmbeddingTest::aHookThatFailsMakesTheStopIncomplete()
{
    QFETCH(QString, hook);
    QFETCH(QString, result);
    ServiceProcess service(kSubject);
    service.setEnvironment(u"SUBJECT_HOOKS"_s, u"first,"_s + hook + u",last"_s);
    QVERIFY(service.start());
    StopTrial trial(service);
    const QStringList hooks{ u"last ok"_s, hook + u' ' + result, u"first ok"_s }; // blocks no other
    QUIESCE_VERIFY_STOP(
        trial, { .outcome = quiesce::StopOutcome::Incomplete, .exitCode = 75, .hooks = hooks });
}

void EmbeddingTest::aSignalAfterMainChangesNoExitCode_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGHUP") << SIGHUP;
    QTest::newRow("SIGUSR2") << SIGUSR2;
}

void EmbeddingTest::aSignalAfterMainChangesNoExitCode()
{
    QFETCH(int, signal);
    ServiceProcess service(kSubject);
    service.setEnvironment(u"SUBJECT_LATE_SIGNAL"_s, QString::number(signal));
    QVERIFY(service.start());
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY2(service.output().endsWith("\nlate\n"), service.output().constData());
}

void EmbeddingTest::theAdminListenerOutlivesTheHooks()
{
    ServiceProcess service(kSubject);
    service.setEnvironment(u"SUBJECT_HOOKS"_s, u"asks"_s);
    QVERIFY(service.start());
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"stopping"_s));
    QVERIFY(isRefused(service.trafficPort()));
    QCOMPARE(askAfresh(service.adminPort(), get("/livez")).status, 200);
    const Answer ready = askAfresh(service.adminPort(), get("/readyz"));
    QCOMPARE(ready.status, 503);
    QCOMPARE(ready.body, QByteArray("stopping\n"));
    const QJsonArray rows =
        AdminClient(service).get("/state").body["stop"_L1]["waitingOn"_L1].toArray();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0]["kind"_L1].toString(), u"hook"_s);
    QCOMPARE(rows[0]["id"_L1].toString(), u"asks"_s);
    QCOMPARE(rows[0]["label"_L1].toString(), u"asks"_s);
    QVERIFY(service.isRunning());
    service.say("go on");
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(hooksOf(service.report()), QStringList{ u"asks ok"_s });
}

void EmbeddingTest::aHandlerThatThrowsHarmsNothingElse()
{
    ServiceProcess service(kSubject);
    QVERIFY(service.start());
    LoopbackClient client(service.trafficPort());
    const Answer answer = ask(client, get("/throws"));
    QCOMPARE(answer.status, 500);
    QCOMPARE(answer.code(), QByteArray("handler-threw"));
    QVERIFY(!answer.body.contains("own fault")); // what a handler says is for the log
    QVERIFY(service.waitForLog(u"handler threw"_s, { { u"what"_s, u"a handler's own fault"_s } }));
    QCOMPARE(ask(client, get("/livez")).status, 200); // the connection lives too
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
}

void EmbeddingTest::aServiceMayStopItself()
{
    ServiceProcess service(kSubject);
    QVERIFY(service.start());
    const Answer answer = askAfresh(service.trafficPort(), get("/stop"));
    QCOMPARE(answer.body, QByteArray("stopping"));
    QCOMPARE(service.waitForExit(), 0);
    const QJsonObject cause = service.report()["cause"_L1].toObject();
    QCOMPARE(cause["kind"_L1].toString(), u"internal"_s);
    QCOMPARE(cause["reason"_L1].toString(), u"asked by a handler"_s);
    QVERIFY(cause["signal"_L1].isNull());
    QVERIFY(cause["senderPid"_L1].isNull());
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

QTEST_GUILESS_MAIN(EmbeddingTest)
#include "tst_embedding.moc"
