// SPDX-License-Identifier: GPL-3.0-only
// A stop at each moment of a request's life: what its client gets, and what the report says of it.
//
// Where a request must be in flight until the test says so, it is one whose body is only half
// there.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/stopchecks.h"

#include <QElapsedTimer>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;
using namespace std::chrono_literals;
using End = LoopbackClient::End;
using quiesce::StopOutcome;

namespace {

constexpr qint64 kWithoutWaiting = 30'000; ///< ms; far below the waits that must not be used up
const QStringList kPatient{ u"--grace"_s, u"10m"_s, u"--linger"_s, u"10m"_s };
const QByteArray kHalfHead = "GET /hello HTTP/1.1\r\nHost: te";
const QByteArray kHalfBody = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf";
constexpr qsizetype kLargeBody = 8 * 1024 * 1024; ///< more than a socket's two buffers may hold

void setImpatient(ServiceProcess &service)
{
    service.setEnvironment(u"QUIESCE_STOP_GRACE"_s, u"300ms"_s);
    service.setEnvironment(u"QUIESCE_STOP_CANCEL_GRACE"_s, u"300ms"_s);
}

/// What became of the one request of a trial.
const Answer &answerOf(StopTrial &trial)
{
    return trial.finish().requests.first().answer;
}

const StopExpectation kIncomplete{ .outcome = StopOutcome::Incomplete, .exitCode = 75 };

/// Told to stop, and come so far that nothing new is taken.
bool isDraining(ServiceProcess &service)
{
    service.signal(SIGTERM);
    return service.waitForState(u"draining"_s)
        && askAfresh(service.adminPort(), get("/livez")).status == 200;
}

} // namespace

class RequestMomentsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whileConnecting();
    void whenNothingWasSentYet();
    void withHalfAHeadWhoseRestComes();
    void withHalfAHeadWhoseRestNeverComes();
    void withHalfABodyWhoseRestComes();
    void withHalfABodyWhoseRestNeverComes();
    void whileTheHandlerRuns_data();
    void whileTheHandlerRuns();
    void whileAHandlerRunsThatHeedsCancellation_data();
    void whileAHandlerRunsThatHeedsCancellation();
    void whileAHandlerRunsThatHeedsNothing();
    void whileAHandlerRunsThatAnswersLate();
    void whileTheAnswerIsHalfRead();
    void whileTheAnswerIsNotReadAtAll();
    void whenTheClientHasGone_data();
    void whenTheClientHasGone();
    void whenTheClientGoesDuringTheStop_data();
    void whenTheClientGoesDuringTheStop();
    void whenTheClientHasOnlyFinishedSending();
    void whenTheNextRequestIsPipelined();
    void atManyMomentsAtOnce();
};

void RequestMomentsTest::whileConnecting()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    service.freeze(); // the kernel connects, nobody accepts
    std::vector<LoopbackClient> clients;
    for (int i = 0; i < 50; ++i) {
        clients.emplace_back(service.trafficPort());
        QVERIFY(clients.back().send(get("/hello")));
    }
    service.signal(SIGTERM);
    service.thaw();
    for (LoopbackClient &client : clients) {
        const Answer answer = client.readAnswer();
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.isComplete);
        QCOMPARE(client.waitForEnd(), End::Closed);
    }
    QCOMPARE(service.waitForExit(), 0);
    const QJsonObject requests = service.report()["requests"_L1].toObject();
    QCOMPARE(requests["drained"_L1].toInteger(-1),
             requests["inFlightAtStop"_L1].toInteger()
                 + requests["acceptedDuringStop"_L1].toInteger());
}

void RequestMomentsTest::whenNothingWasSentYet()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::Connected));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(service.tally(), u"0+0 = 0+0+0"_s);
}

void RequestMomentsTest::withHalfAHeadWhoseRestComes()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::HalfHead, get("/hello")));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(answerOf(trial).body, QByteArray("Hello, World!"));
    QVERIFY(answerOf(trial).saysClose());
    QCOMPARE(service.tally(), u"0+1 = 1+0+0"_s);
}

void RequestMomentsTest::withHalfAHeadWhoseRestNeverComes()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--grace"_s, u"10m"_s, u"--linger"_s, u"500ms"_s }));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::HalfHead, get("/hello"), Fate::Cancelled));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QVERIFY(trial.finish().took >= 500ms);
    QCOMPARE(answerOf(trial).code(), QByteArray("head-timeout"));
    QVERIFY(answerOf(trial).saysClose());
    QCOMPARE(service.tally(), u"0+0 = 0+0+0"_s); // it never was a request
}

void RequestMomentsTest::withHalfABodyWhoseRestComes()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::HalfBody, post("/echo", "halfhalf")));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(answerOf(trial).status, 200);
    QCOMPARE(answerOf(trial).body, QByteArray("halfhalf"));
    QVERIFY(answerOf(trial).saysClose());
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void RequestMomentsTest::withHalfABodyWhoseRestNeverComes()
{
    ServiceProcess service;
    setImpatient(service);
    QVERIFY(service.start());
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::HalfBody, post("/echo", "halfhalf"), Fate::Cancelled));
    QUIESCE_VERIFY_STOP(trial, kIncomplete);
    QVERIFY(trial.finish().requests.first().after >= 300ms); // not before the deadline
    QUIESCE_VERIFY_CANCELLED(answerOf(trial));
    QCOMPARE(service.tally(), u"1+0 = 0+1+0"_s);
}

void RequestMomentsTest::whileTheHandlerRuns_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("without a thread") << QByteArray();
    QTest::newRow("on a thread") << QByteArray("&mode=cpu");
    QTest::newRow("on a thread, not listening") << QByteArray("&mode=stubborn");
}

void RequestMomentsTest::whileTheHandlerRuns()
{
    QFETCH(QByteArray, mode);
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    StopTrial trial(service);
    QElapsedTimer elapsed;
    elapsed.start();
    QVERIFY(trial.put(Moment::InHandler, get("/work?ms=1000" + mode)));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QVERIFY(elapsed.elapsed() >= 1000); // waited for, not hurried
    QCOMPARE(answerOf(trial).status, 200);
    QCOMPARE(answerOf(trial).body, QByteArray("done"));
    QVERIFY(answerOf(trial).saysClose());
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void RequestMomentsTest::whileAHandlerRunsThatHeedsCancellation_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("without a thread") << QByteArray();
    QTest::newRow("on a thread") << QByteArray("&mode=cpu");
}

void RequestMomentsTest::whileAHandlerRunsThatHeedsCancellation()
{
    QFETCH(QByteArray, mode);
    ServiceProcess service;
    service.setEnvironment(u"QUIESCE_STOP_CANCEL_GRACE"_s, u"10m"_s);
    QVERIFY(service.start({ u"--grace"_s, u"300ms"_s }));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/work?ms=600000" + mode), Fate::Cancelled));
    QUIESCE_VERIFY_STOP(trial, kIncomplete);
    QVERIFY(trial.finish().requests.first().after >= 300ms);
    QUIESCE_VERIFY_CANCELLED(answerOf(trial));
    QCOMPARE(service.tally(), u"1+0 = 0+1+0"_s);
}

void RequestMomentsTest::whileAHandlerRunsThatHeedsNothing()
{
    ServiceProcess service;
    setImpatient(service);
    QVERIFY(service.start());
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/work?ms=600000&mode=stubborn"), Fate::Cut));
    QUIESCE_VERIFY_STOP(trial, kIncomplete); // though its thread still runs
    const RequestEnd &end = trial.finish().requests.first();
    QCOMPARE(end.end, End::Reset); // so that its client knows that it was cut
    QVERIFY(end.after >= 600ms); // grace, then cancel grace
    QCOMPARE(service.tally(), u"1+0 = 0+0+1"_s);
    QVERIFY(!QFile::exists(service.runtimeFile()));
}

void RequestMomentsTest::whileAHandlerRunsThatAnswersLate()
{
    ServiceProcess service;
    service.setEnvironment(u"QUIESCE_STOP_CANCEL_GRACE"_s, u"10m"_s);
    QVERIFY(service.start({ u"--grace"_s, u"0s"_s }));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/work?ms=1000&mode=stubborn")));
    QUIESCE_VERIFY_CLEAN_STOP(trial); // everything was answered
    QCOMPARE(answerOf(trial).body, QByteArray("done"));
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
    QCOMPARE(service.countLog(u"deadline reached"_s), 1);
}

void RequestMomentsTest::whileTheAnswerIsHalfRead()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    const QByteArray body(kLargeBody, 'b');
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::HalfRead, post("/echo", body)));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QVERIFY(answerOf(trial).body == body);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void RequestMomentsTest::whileTheAnswerIsNotReadAtAll()
{
    ServiceProcess service;
    setImpatient(service);
    QVERIFY(service.start());
    LoopbackClient client(service.trafficPort(), { .receiveBuffer = 4'096 });
    QVERIFY(client.send(post("/echo", QByteArray(kLargeBody, 'b'))));
    QVERIFY(client.waitForBytes(1));
    QElapsedTimer elapsed;
    elapsed.start();
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 75);
    QVERIFY(elapsed.elapsed() >= 600);
    QVERIFY(elapsed.elapsed() < kWithoutWaiting);
    QVERIFY(!client.readAnswer().isComplete);
    QCOMPARE(service.tally(), u"1+0 = 0+0+1"_s);
}

void RequestMomentsTest::whenTheClientHasGone_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<bool>("isReset");
    QTest::newRow("closed, no thread") << get("/work?ms=600000") << false;
    QTest::newRow("reset, no thread") << get("/work?ms=600000") << true;
    QTest::newRow("closed, on a thread") << get("/work?ms=600000&mode=cpu") << false;
    QTest::newRow("reset, on a thread") << get("/work?ms=600000&mode=cpu") << true;
    QTest::newRow("closed, half a body") << kHalfBody << false;
    QTest::newRow("reset, half a body") << kHalfBody << true;
    QTest::newRow("closed, half a head") << kHalfHead << false;
    QTest::newRow("reset, half a head") << kHalfHead << true;
}

void RequestMomentsTest::whenTheClientHasGone()
{
    QFETCH(QByteArray, request);
    QFETCH(bool, isReset);
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(request));
    QVERIFY(service.hasCaughtUp());
    isReset ? client.reset() : client.close();
    QVERIFY(service.hasCaughtUp());
    QVERIFY(service.hasCaughtUp()); // once more: a close is told from a half-close by an answer
    QElapsedTimer elapsed;
    elapsed.start();
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(elapsed.elapsed() < kWithoutWaiting); // it holds nothing
    QCOMPARE(service.tally(), u"0+0 = 0+0+0"_s);
}

void RequestMomentsTest::whenTheClientGoesDuringTheStop_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<bool>("isReset");
    QTest::newRow("closed, no thread") << get("/work?ms=600000") << false;
    QTest::newRow("reset, no thread") << get("/work?ms=600000") << true;
    QTest::newRow("closed, on a thread") << get("/work?ms=600000&mode=cpu") << false;
    QTest::newRow("reset, on a thread") << get("/work?ms=600000&mode=cpu") << true;
    QTest::newRow("closed, half a body") << kHalfBody << false;
    QTest::newRow("reset, half a body") << kHalfBody << true;
}

void RequestMomentsTest::whenTheClientGoesDuringTheStop()
{
    QFETCH(QByteArray, request);
    QFETCH(bool, isReset);
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(request));
    QVERIFY(service.hasCaughtUp());
    QVERIFY(isDraining(service));
    QVERIFY(service.isRunning());
    isReset ? client.reset() : client.close();
    QElapsedTimer elapsed;
    elapsed.start();
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(elapsed.elapsed() < kWithoutWaiting);
    QCOMPARE(service.tally(), u"1+0 = 0+0+1"_s);
}

void RequestMomentsTest::whenTheClientHasOnlyFinishedSending()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send(get("/work?ms=1000")));
    client.finishSending();
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QCOMPARE(client.readAnswer().body, QByteArray("done"));
    QCOMPARE(client.waitForEnd(), End::Closed);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void RequestMomentsTest::whenTheNextRequestIsPipelined()
{
    ServiceProcess service;
    QVERIFY(service.start(kPatient));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::Pipelined, get("/work?ms=1000")));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(answerOf(trial).body, QByteArray("done"));
    QVERIFY(answerOf(trial).saysClose()); // so its client knows that the next one was not begun
    QCOMPARE(trial.finish().requests.first().end, End::Closed);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void RequestMomentsTest::atManyMomentsAtOnce()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--grace"_s, u"10m"_s, u"--linger"_s, u"1s"_s }));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::HalfBody, post("/echo", "halfhalf"), Fate::Answered, 16));
    QVERIFY(trial.put(Moment::Connected, {}, Fate::Answered, 16));
    for (int i = 0; i < 4; ++i) {
        const QByteArray work = get("/work?ms=" + QByteArray::number(2000 + 200 * i));
        QVERIFY(trial.put(Moment::InHandler, work, Fate::Answered, 16));
    }
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(service.tally(), u"80+0 = 80+0+0"_s);
}

QTEST_GUILESS_MAIN(RequestMomentsTest)
#include "tst_requestmoments.moc"
