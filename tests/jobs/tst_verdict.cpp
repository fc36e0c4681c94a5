// SPDX-License-Identifier: GPL-3.0-only
// What becomes of an attempt: every way of ending against every reason to give up; back-off.
#include "common/readyfuture.h"
#include "common/utc.h"
#include "service/jobs/verdict.h"

#include <QPromise>
#include <QTest>
#include <stdexcept>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;

namespace {

const QDateTime kRetryAt = quiesce::utcAt(QDate(2026, 1, 2), QTime(3, 4, 5));

AttemptFacts facts(GiveUp told, bool mayPutDown)
{
    return { .told = told, .mayPutDown = mayPutDown, .timeout = 1500ms, .retryAt = [] {
                return kRetryAt;
            } };
}

QString textOf(const AttemptEnd &end)
{
    if (std::holds_alternative<AttemptEnd::Succeeded>(end.how))
        return u"succeeded"_s;
    if (std::holds_alternative<AttemptEnd::Cancelled>(end.how))
        return u"cancelled"_s;
    if (const auto *failed = std::get_if<AttemptEnd::Failed>(&end.how))
        return (failed->retryAt ? u"again: "_s : u"failed: "_s) + failed->error;
    const auto &requeued = std::get<AttemptEnd::Requeued>(end.how);
    return u"requeued: "_s + toWire(requeued.reason);
}

JobOutcome outcomeNamed(const QString &name)
{
    if (name == u"success"_s)
        return JobOutcome::success();
    if (name == u"failure"_s)
        return JobOutcome::failure(u"broken"_s);
    if (name == u"final failure"_s)
        return JobOutcome::finalFailure(u"broken for good"_s);
    return JobOutcome::interrupted();
}

QFuture<JobOutcome> emptyFuture()
{
    QPromise<JobOutcome> promise;
    promise.start();
    promise.finish();
    return promise.future();
}

QFuture<JobOutcome> thrown(const std::exception_ptr &exception)
{
    return QtFuture::makeExceptionalFuture<JobOutcome>(exception);
}

} // namespace

Q_DECLARE_METATYPE(quiesce::GiveUp)

class VerdictTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decides_data();
    void decides();
    void decidesOnWhatWasCut_data();
    void decidesOnWhatWasCut();
    void readsEveryFuture_data();
    void readsEveryFuture();
    void backsOffWithFullJitter_data();
    void backsOffWithFullJitter();
};

void VerdictTest::decides_data()
{
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<GiveUp>("told");
    QTest::addColumn<bool>("isStopping");
    QTest::addColumn<QString>("end");
    const auto row = [](const char *name, const char *outcome, GiveUp told, bool isStopping,
                        const QString &end) {
        QTest::newRow(name) << QString::fromLatin1(outcome) << told << isStopping << end;
    };
    const QString late = u"again: timed out after 1500 ms"_s;
    row("success", "success", GiveUp::No, false, u"succeeded"_s);
    row("failure", "failure", GiveUp::No, false, u"again: broken"_s);
    row("final failure", "final failure", GiveUp::No, false, u"failed: broken for good"_s);
    row("failure while stopping is a failure", "failure", GiveUp::No, true, u"again: broken"_s);
    row("put down for a stop", "interrupted", GiveUp::No, true, u"requeued: stop"_s);
    row("put down for nothing", "interrupted", GiveUp::No, false,
        u"again: interrupted, though no stop had begun"_s);
    row("success after the deadline", "success", GiveUp::Stop, true, u"succeeded"_s);
    row("failure after the deadline", "failure", GiveUp::Stop, true, u"requeued: stop"_s);
    row("final failure after the deadline", "final failure", GiveUp::Stop, true,
        u"failed: broken for good"_s);
    row("put down after the deadline", "interrupted", GiveUp::Stop, true, u"requeued: stop"_s);
    row("success after its time-out", "success", GiveUp::TimedOut, false, u"succeeded"_s);
    row("failure after its time-out", "failure", GiveUp::TimedOut, true, late);
    row("put down after its time-out", "interrupted", GiveUp::TimedOut, true, late);
    row("final failure after its time-out", "final failure", GiveUp::TimedOut, false,
        u"failed: broken for good"_s);
    row("success after a cancel", "success", GiveUp::Cancelled, false, u"cancelled"_s);
    row("failure after a cancel", "failure", GiveUp::Cancelled, true, u"cancelled"_s);
    row("put down after a cancel", "interrupted", GiveUp::Cancelled, true, u"cancelled"_s);
}

void VerdictTest::decides()
{
    QFETCH(const QString, outcome);
    QFETCH(const GiveUp, told);
    QFETCH(const bool, isStopping);
    QTEST(textOf(verdictOn(outcomeNamed(outcome), facts(told, isStopping))), "end");
}

void VerdictTest::decidesOnWhatWasCut_data()
{
    QTest::addColumn<GiveUp>("told");
    QTest::addColumn<QString>("end");
    QTest::newRow("forced") << GiveUp::No << u"requeued: stop"_s;
    QTest::newRow("after the deadline") << GiveUp::Stop << u"requeued: stop"_s;
    QTest::newRow("after its time-out") << GiveUp::TimedOut << u"again: timed out after 1500 ms"_s;
    QTest::newRow("after a cancel") << GiveUp::Cancelled << u"cancelled"_s;
}

void VerdictTest::decidesOnWhatWasCut()
{
    QFETCH(const GiveUp, told);
    QTEST(textOf(verdictOnCut(facts(told, true))), "end");
}

void VerdictTest::readsEveryFuture_data()
{
    QTest::addColumn<QFuture<JobOutcome>>("future");
    QTest::addColumn<QString>("end");
    QTest::newRow("of a success") << quiesce::readyFuture(JobOutcome::success()) << u"succeeded"_s;
    QTest::newRow("of an exception")
        << thrown(std::make_exception_ptr(std::runtime_error("no disk"))) << u"again: no disk"_s;
    QTest::newRow("of what is no exception")
        << thrown(std::make_exception_ptr(42)) << u"again: unknown exception"_s;
    QTest::newRow("of nothing") << emptyFuture() << u"again: its handler gave no outcome"_s;
    QTest::newRow("made by nobody")
        << QFuture<JobOutcome>() << u"again: its handler was cancelled"_s;
}

void VerdictTest::readsEveryFuture()
{
    QFETCH(const QFuture<JobOutcome>, future);
    QTEST(textOf(verdictOn(outcomeOf(future), facts(GiveUp::No, false))), "end");
}

void VerdictTest::backsOffWithFullJitter_data()
{
    QTest::addColumn<int>("attempt");
    QTest::addColumn<double>("random");
    QTest::addColumn<qint64>("delayMs");
    QTest::newRow("at once by luck") << 1 << 0.0 << qint64{ 0 };
    QTest::newRow("first") << 1 << 1.0 << qint64{ 1'000 };
    QTest::newRow("second, half way") << 2 << 0.5 << qint64{ 1'000 };
    QTest::newRow("third") << 3 << 1.0 << qint64{ 4'000 };
    QTest::newRow("at the cap") << 10 << 1.0 << qint64{ 300'000 };
    QTest::newRow("far beyond it") << 2'000'000'000 << 0.5 << qint64{ 150'000 };
}

void VerdictTest::backsOffWithFullJitter()
{
    QFETCH(const int, attempt);
    QFETCH(const double, random);
    QTEST(qint64{ retryDelay(attempt, 1s, 5min, random).count() }, "delayMs");
}

QTEST_GUILESS_MAIN(VerdictTest)
#include "tst_verdict.moc"
