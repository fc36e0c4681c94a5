// SPDX-License-Identifier: GPL-3.0-only
// The stop report as it goes to disk and over the wire, and as a person reads it.
#include "common/lifecycle/stopreport.h"
#include "common/utc.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::StopCause;
using quiesce::StopOutcome;
using quiesce::StopReport;

namespace {

QDateTime at(int seconds)
{
    return quiesce::utcAt(QDate(2026, 1, 2), QTime(3, 4, 5, 6)).addSecs(seconds);
}

StopReport cleanReport()
{
    StopReport report;
    report.name = u"quiesced"_s;
    report.instanceId = u"i-1"_s;
    report.version = u"0.1.0"_s;
    report.cause.kind = StopCause::Kind::Signal;
    report.cause.signal = u"SIGINT"_s;
    report.requestedAt = at(0);
    report.stoppedAt = at(3);
    report.phases = { { u"lame-duck"_s, at(0), 1'000ms },
                      { u"draining"_s, at(1), 1'980ms },
                      { u"stopping"_s, at(3), 20ms } };
    report.requests = { .inFlightAtStop = 2, .drained = 3, .acceptedDuringStop = 1 };
    report.hooks = { { u"flush"_s, 20ms, u"ok"_s } };
    report.slowest = {
        { u"request"_s, u"r7"_s, u"GET /work"_s, u"drained"_s, 2'950ms, at(2), {}, {} }
    };
    return report;
}

} // namespace

class StopReportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jsonHasExactlyTheKeysOfTheContract();
    void jsonCarriesEveryValue();
    void timesAreUtcWithMilliseconds();
    void unknownTimesAreNull();
    void summaryOfACleanStop();
    void summaryOfAnIncompleteStop();
    void summaryOfAForcedStopWithNothingInFlight();
    void summaryHidesControlCharacters();
};

void StopReportTest::jsonHasExactlyTheKeysOfTheContract()
{
    const QStringList expected{ u"cause"_s,       u"exitCode"_s, u"hooks"_s,
                                u"instanceId"_s,  u"jobs"_s,     u"name"_s,
                                u"outcome"_s,     u"phases"_s,   u"reportVersion"_s,
                                u"requestedAt"_s, u"requests"_s, u"slowest"_s,
                                u"stoppedAt"_s,   u"version"_s };
    QCOMPARE(toJson(StopReport{}).keys(), expected);
}

void StopReportTest::jsonCarriesEveryValue()
{
    StopReport report = cleanReport();
    report.outcome = StopOutcome::Incomplete;
    report.exitCode = 75;
    report.requests.cancelled = 4;
    report.requests.aborted = 5;
    report.jobs = { .runningAtStop = 6, .finished = 1, .requeued = 2, .abandoned = 3 };
    QJsonObject json = toJson(report);
    QCOMPARE(json.take("cause"_L1).toObject(), toJson(report.cause));
    const QByteArray expected = R"({
        "reportVersion": 1, "name": "quiesced", "instanceId": "i-1", "version": "0.1.0",
        "outcome": "incomplete", "exitCode": 75,
        "requestedAt": "2026-01-02T03:04:05.006Z", "stoppedAt": "2026-01-02T03:04:08.006Z",
        "phases": [
            { "name": "lame-duck", "startedAt": "2026-01-02T03:04:05.006Z", "durationMs": 1000 },
            { "name": "draining", "startedAt": "2026-01-02T03:04:06.006Z", "durationMs": 1980 },
            { "name": "stopping", "startedAt": "2026-01-02T03:04:08.006Z", "durationMs": 20 } ],
        "requests": { "inFlightAtStop": 2, "drained": 3, "cancelled": 4, "aborted": 5,
                      "acceptedDuringStop": 1 },
        "jobs": { "runningAtStop": 6, "finished": 1, "requeued": 2, "abandoned": 3 },
        "hooks": [ { "name": "flush", "durationMs": 20, "result": "ok" } ],
        "slowest": [ { "kind": "request", "id": "r7", "label": "GET /work", "outcome": "drained",
                       "ageMs": 2950, "endedAt": "2026-01-02T03:04:07.006Z" } ] })";
    QCOMPARE(QJsonDocument(json).toJson(), QJsonDocument::fromJson(expected).toJson());
}

void StopReportTest::timesAreUtcWithMilliseconds()
{
    StopReport report;
    report.stoppedAt = QDateTime(QDate(2026, 7, 1), QTime(12, 0), QTimeZone(2 * 3'600));
    QCOMPARE(toJson(report).value("stoppedAt"_L1).toString(), u"2026-07-01T10:00:00.000Z"_s);
}

void StopReportTest::unknownTimesAreNull()
{
    QVERIFY(toJson(StopReport{}).value("requestedAt"_L1).isNull());
    QVERIFY(toJson(StopReport{}).value("stoppedAt"_L1).isNull());
}

void StopReportTest::summaryOfACleanStop()
{
    QCOMPARE(summarize(cleanReport()),
             u"quiesced stopped cleanly in 3.00 s (exit code 0)\n"
             "  asked by   SIGINT from an unknown sender\n"
             "  requests   3 answered (2 in flight at the stop, 1 accepted during it)\n"
             "  last done  GET /work (2.95 s, drained)\n"
             "  hooks      flush ok (20 ms)\n"
             "  time       lame-duck 1.00 s, draining 1.98 s, stopping 20 ms"_s);
}

void StopReportTest::summaryOfAnIncompleteStop()
{
    StopReport report = cleanReport();
    report.outcome = StopOutcome::Incomplete;
    report.exitCode = 75;
    report.requests = {
        .inFlightAtStop = 5, .drained = 1, .cancelled = 2, .aborted = 3, .acceptedDuringStop = 1
    };
    report.jobs = { .runningAtStop = 3, .finished = 1, .requeued = 2 };
    report.hooks = { { u"flush"_s, 2'000ms, u"timed-out"_s }, { u"close"_s, 1ms, u"failed"_s } };
    report.slowest.clear();
    report.phases = { { u"draining"_s, at(0), 61'500ms } };
    QCOMPARE(summarize(report),
             u"quiesced stopped, but not everything was finished in 1 min 1 s (exit code 75)\n"
             "  asked by   SIGINT from an unknown sender\n"
             "  requests   1 answered, 2 cancelled at the deadline, 3 broken off "
             "(5 in flight at the stop, 1 accepted during it)\n"
             "  jobs       3 running: 1 finished, 2 queued again, 0 abandoned\n"
             "  hooks      flush timed-out (2.00 s), close failed (1 ms)\n"
             "  time       draining 1 min 1 s"_s);
}

void StopReportTest::summaryOfAForcedStopWithNothingInFlight()
{
    StopReport report;
    report.name = u"quiesced"_s;
    report.outcome = StopOutcome::Forced;
    report.exitCode = 143;
    report.phases = { { u"stopping"_s, at(0), 0ms } };
    QCOMPARE(summarize(report),
             u"quiesced was forced to stop in 0 ms (exit code 143)\n"
             "  asked by   the service itself\n"
             "  requests   none were in flight\n"
             "  time       stopping 0 ms"_s);
}

void StopReportTest::summaryHidesControlCharacters()
{
    StopReport report = cleanReport();
    report.slowest[0].label = u"GET /\x1b[2J%1"_s;
    report.hooks[0].name = u"fl\nush"_s;
    const QStringList lines = summarize(report).split(u'\n');
    QCOMPARE(lines.size(), 6);
    QCOMPARE(lines[3], u"  last done  GET /\\u001b[2J%1 (2.95 s, drained)"_s);
    QCOMPARE(lines[4], u"  hooks      fl\\nush ok (20 ms)"_s);
}

QTEST_GUILESS_MAIN(StopReportTest)
#include "tst_stopreport.moc"
