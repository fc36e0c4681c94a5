// SPDX-License-Identifier: GPL-3.0-only
// Each check of Quiesce::Test fails when it should, and says what a person needs to know. The
// services are one that lies (liar.cpp) and hosted ones that misbehave.
#include "tests/kit/hostedservice.h"
#include "tests/kit/jobsclient.h"
#include "tests/kit/programundertest.h"
#include "tests/kit/stopchecks.h"

#include <QProcess>
#include <QPromise>
#include <QRegularExpression>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

/// Times of a run as "T", so that texts can be compared.
QString timeless(QString text)
{
    static const QRegularExpression time(uR"(\b\d+(\.\d+)? m?s\b)"_s);
    return text.replace(time, u"T"_s);
}

/// The faults without the heading and the end of the log.
QStringList faultsOf(const QString &verdict)
{
    QStringList lines = verdict.section(u"\nits log ended:"_s, 0, 0).split(u'\n').mid(1);
    for (QString &line : lines)
        line = line.trimmed();
    return lines;
}

/// A handler that answers only when it is told to give up.
void addNever(Service &service)
{
    service.route(u"/never"_s, [&service] {
        auto promise = std::make_shared<QPromise<QString>>();
        promise->start();
        QObject::connect(&service.lifecycle(), &Lifecycle::deadlineReached, &service,
                         [promise] { promise->finish(); });
        return promise->future();
    });
}

Settings impatient()
{
    Settings settings;
    settings.stop.grace = 50ms;
    settings.stop.cancelGrace = 10min;
    return settings;
}

} // namespace

class StopChecksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesAStopThatIsClean();
    void namesWhatWasNotAsItShouldBe_data();
    void namesWhatWasNotAsItShouldBe();
    void showsTheEndOfTheLog();
    void namesAHookOfAnotherResult();
    void namesARequestThatWasCancelled();
    void takesACancelledRequestThatWasToBe();
    void namesARequestThatWasNotInFlight();
    void saysHowARequestMissedItsFate_data();
    void saysHowARequestMissedItsFate();
    void saysWhatAnExitCodeMeans();
    void saysWhyAJobWasNotRequeued();
    void failsTheTestWithTheWholeMessage_data();
    void failsTheTestWithTheWholeMessage();
};

void StopChecksTest::passesAStopThatIsClean()
{
    ProgramUnderTest service(QStringLiteral(LIAR_PROGRAM));
    QVERIFY(service.start());
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/slow")));
    QCOMPARE(faultOf(trial), QString());
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .hooks = QStringList{ u"flush ok"_s } });
}

void StopChecksTest::namesWhatWasNotAsItShouldBe_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QStringList>("said");
    QTest::newRow("a request dropped")
        << u"drops"_s
        << QStringList{
               u"lost: GET /slow (in its handler): its connection was closed without an answer, T after the stop"_s
           };
    QTest::newRow("a phase skipped")
        << u"skips"_s
        << QStringList{
               u"order: it went serving → lame-duck (+T) → stopping (+T) → stopped (+T)"_s,
               u"instead of serving → lame-duck → draining → stopping → stopped"_s,
               u"report: phases is lame-duck, stopping instead of lame-duck, draining, stopping"_s
           };
    QTest::newRow("too late")
        << u"late"_s
        << QStringList{
               u"time: T from the stop to the exit, more than T: lame-duck T, draining T, stopping T"_s
           };
    QTest::newRow("counts that do not add up")
        << u"report"_s
        << QStringList{ u"report: its requests do not add up: 1 begun, 0 ended"_s,
                        u"report: 0 drained, though 1 were to be answered"_s };
    QTest::newRow("no report")
        << u"mute"_s
        << QStringList{ u"report: phases is empty instead of lame-duck, draining, stopping"_s,
                        u"report: there is none, or more than one"_s };
    QTest::newRow("another exit code")
        << u"code"_s
        << QStringList{
               u"exit code: 75 (stopped, but work was cancelled or cut, or a hook failed) instead of 0 (clean)"_s
           };
}

void StopChecksTest::namesWhatWasNotAsItShouldBe()
{
    QFETCH(QString, fault);
    QFETCH(QStringList, said);
    ProgramUnderTest service(QStringLiteral(LIAR_PROGRAM));
    service.setEnvironment(u"LIAR_FAULT"_s, fault);
    QVERIFY(service.start());
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/slow")));
    const auto within = fault == "late"_L1 ? 500ms : 30s;
    QCOMPARE(faultsOf(timeless(faultOf(trial, CleanStop{ .within = within }))), said);
}

void StopChecksTest::showsTheEndOfTheLog()
{
    ProgramUnderTest service(QStringLiteral(LIAR_PROGRAM));
    service.setEnvironment(u"LIAR_FAULT"_s, u"code"_s);
    QVERIFY(service.start());
    StopTrial trial(service);
    const QString log = faultOf(trial).section(u"\nits log ended:\n"_s, 1);
    QCOMPARE(log.count(u'\n') + 1, 5); // all that it has said
    QVERIFY2(log.contains(uR"("to":"stopped")"_s), qPrintable(log));
}

void StopChecksTest::namesAHookOfAnotherResult()
{
    ProgramUnderTest service(QStringLiteral(LIAR_PROGRAM));
    service.setEnvironment(u"LIAR_FAULT"_s, u"hook"_s);
    QVERIFY(service.start());
    StopTrial trial(service);
    QCOMPARE(faultsOf(faultOf(trial, CleanStop{ .hooks = QStringList{ u"flush ok"_s } })),
             QStringList{ u"report: hooks is flush failed instead of flush ok"_s });
}

void StopChecksTest::namesARequestThatWasCancelled()
{
    HostedService hosted(addNever, impatient());
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    QVERIFY(trial.put(Moment::InHandler, get("/never")));
    QCOMPARE(
        faultsOf(timeless(faultOf(trial))),
        (QStringList{
            u"lost: GET /never (in its handler): it was answered 503 (cancelled), T after the stop"_s,
            u"report: outcome is incomplete instead of clean"_s,
            u"report: exitCode is 75 instead of 0"_s,
            u"report: 0 drained, though 1 were to be answered"_s,
            u"report: cancelled is 1 instead of 0"_s,
            u"exit code: 75 (stopped, but work was cancelled or cut, or a hook failed) instead of 0 (clean)"_s }));
}

void StopChecksTest::takesACancelledRequestThatWasToBe()
{
    HostedService hosted(addNever, impatient());
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    QVERIFY(trial.put(Moment::InHandler, get("/never"), Fate::Cancelled));
    QUIESCE_VERIFY_STOP(trial, { .outcome = StopOutcome::Incomplete, .exitCode = 75 });
    QUIESCE_VERIFY_CANCELLED(trial.finish().requests.first().answer);
}

void StopChecksTest::namesARequestThatWasNotInFlight()
{
    HostedService hosted([](Service &service) {
        service.route(u"/hello"_s, [] { return QStringLiteral("hello"); });
    });
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    QVERIFY(trial.put(Moment::InHandler, get("/hello")));
    QCOMPARE(
        faultsOf(faultOf(trial)).value(0),
        u"too early: GET /hello (in its handler) was answered before the stop: its handler must take longer"_s);
}

void StopChecksTest::saysHowARequestMissedItsFate_data()
{
    using End = LoopbackClient::End;
    QTest::addColumn<RequestEnd>("request");
    QTest::addColumn<QString>("said");
    const Answer half{ .status = 200, .fields = {}, .body = "half", .isComplete = false };
    const Answer whole{ .status = 200, .fields = {}, .body = "whole", .isComplete = true };
    const auto row = [](const char *name, const RequestEnd &request, const QString &said) {
        QTest::newRow(name) << request << said;
    };
    row("half an answer",
        { .moment = Moment::HalfRead, .name = "GET /big", .answer = half, .end = End::Reset },
        u"lost: GET /big (its answer half read): its connection was reset after 4 bytes of the body of its answer 200, T after the stop"_s);
    row("half a head, closed", { .moment = Moment::HalfHead, .name = "GET /", .end = End::Closed },
        u"lost: GET / (half its head sent): its connection was closed without an answer, T after the stop"_s);
    row("an idle one reset", { .moment = Moment::Idle, .name = "GET /", .end = End::Reset },
        u"should have been closed in order: GET / (kept alive, idle): its connection was reset, T after the stop"_s);
    row("answered, not cancelled",
        { .fate = Fate::Cancelled, .name = "GET /", .answer = whole, .end = End::Closed },
        u"should have been cancelled: GET / (in its handler): it was answered 200, T after the stop"_s);
    row("answered, not cut",
        { .fate = Fate::Cut, .name = "GET /", .answer = whole, .end = End::Closed },
        u"should have been cut: GET / (in its handler): it was answered 200, T after the stop"_s);
}

void StopChecksTest::saysHowARequestMissedItsFate()
{
    QFETCH(RequestEnd, request);
    QFETCH(QString, said);
    QCOMPARE(timeless(faultOf(request)), said);
}

void StopChecksTest::saysWhatAnExitCodeMeans()
{
    ProgramUnderTest service(QStringLiteral(LIAR_PROGRAM));
    QVERIFY(service.start());
    service.requestStop();
    QUIESCE_VERIFY_EXIT_CODE(service, 0);
    QCOMPARE(exitFaultOf(service, 128 + SIGTERM),
             u"exit code: 0 (clean) instead of 143 (forced by signal 15)"_s);
    QVERIFY(service.start());
    service.signal(SIGKILL);
    QCOMPARE(
        exitFaultOf(service, 0),
        u"exit code: -1 (killed by a signal, or still running after 60 s) instead of 0 (clean)"_s);
}

void StopChecksTest::saysWhyAJobWasNotRequeued()
{
    HostedService hosted(
        [](Service &service) { service.job(u"short"_s, [](const JobContext &) {}); });
    QVERIFY(hosted.start());
    const JobsClient jobs(hosted);
    const QByteArray id = jobs.submit("short").id();
    QCOMPARE(jobs.await(id).state(), u"succeeded"_s);
    QCOMPARE(
        requeueFaultOf(hosted, id),
        u"job %1 was not queued again by a stop: it is succeeded, and was never queued again"_s.arg(
            QString::fromLatin1(id)));
    const QByteArray unknown = "018f0000-0000-7000-8000-000000000000";
    QCOMPARE(requeueFaultOf(hosted, unknown),
             u"job %1 is lost: asked for it, the service answers 404"_s.arg(
                 QString::fromLatin1(unknown)));
}

void StopChecksTest::failsTheTestWithTheWholeMessage_data()
{
    QTest::addColumn<QString>("function");
    QTest::addColumn<QStringList>("lines");
    QTest::newRow("of a process")
        << u"aProcessThatDropsARequest"_s
        << QStringList{
               u"FAIL!  : FailingTest::aProcessThatDropsARequest() the stop was not as it should be:"_s,
               u"  lost: GET /slow (in its handler): its connection was closed without an answer, T after the stop"_s,
               u"its log ended:"_s
           };
    QTest::newRow("of a hosted service")
        << u"aHostedServiceThatIsTooLate"_s
        << QStringList{
               u"FAIL!  : FailingTest::aHostedServiceThatIsTooLate() the stop was not as it should be:"_s,
               u"  time: T from the stop to the exit, more than T: lame-duck T, draining T, stopping T"_s,
               u"its log ended:"_s
           };
    QTest::newRow("of an answer") << u"anAnswerThatWasNotCancelled"_s
                                  << QStringList{ u"   Actual   (quiesceAnswer.status): 200"_s,
                                                  u"   Expected (503)                 : 503"_s };
}

void StopChecksTest::failsTheTestWithTheWholeMessage()
{
    QFETCH(QString, function);
    QFETCH(QStringList, lines);
    QProcess test;
    test.start(QStringLiteral(FAILING_PROGRAM), { function });
    QVERIFY(test.waitForFinished(int(kLongestWait.count())));
    QCOMPARE(test.exitCode(), 1); // one test has failed
    const QString output = timeless(QString::fromUtf8(test.readAllStandardOutput()));
    for (const QString &line : lines)
        QVERIFY2(output.contains(line + u'\n'), qPrintable(line + u"\nis not in\n"_s + output));
    QVERIFY2(output.contains("failingtest.cpp("_L1), qPrintable(output)); // and where it failed
}

QTEST_GUILESS_MAIN(StopChecksTest)
#include "tst_stopchecks.moc"
