// SPDX-License-Identifier: GPL-3.0-only
// Shutdown tests that fail, as a stranger's would: tst_stopchecks compares what they print.
#include "tests/kit/test.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce::test;

class FailingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aProcessThatDropsARequest();
    void aHostedServiceThatIsTooLate();
    void anAnswerThatWasNotCancelled();
};

void FailingTest::aProcessThatDropsARequest()
{
    ProgramUnderTest service(QStringLiteral(LIAR_PROGRAM));
    service.setEnvironment(u"LIAR_FAULT"_s, u"drops"_s);
    QVERIFY(service.start());
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/slow")));
    QUIESCE_VERIFY_CLEAN_STOP(trial);
}

void FailingTest::aHostedServiceThatIsTooLate()
{
    HostedService hosted(
        [](quiesce::Service &service) { service.onStop(u"slow"_s, [] { QThread::sleep(1); }); });
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .within = 200ms });
}

void FailingTest::anAnswerThatWasNotCancelled()
{
    const Answer answer{ .status = 200, .fields = {}, .body = "done", .isComplete = true };
    QUIESCE_VERIFY_CANCELLED(answer);
}

QTEST_GUILESS_MAIN(FailingTest)
#include "failingtest.moc"
