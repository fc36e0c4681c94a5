// SPDX-License-Identifier: GPL-3.0-only
// Reading what a service says: all of it, the least of it, garbage, and what a newer one adds.
#include "common/utc.h"
#include "console/client/snapshot.h"
#include "tests/console/support/fakeservice.h"

#include <QJsonArray>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QDateTime kAt = QDateTime::fromString(u"2026-11-25T12:00:00.000Z"_s, Qt::ISODateWithMs);

QJsonObject with(QJsonObject json, QLatin1StringView key, const QJsonValue &value)
{
    json.insert(key, value);
    return json;
}

QJsonObject without(QJsonObject json, QLatin1StringView key)
{
    json.remove(key);
    return json;
}

} // namespace

class SnapshotTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAWholeSnapshot();
    void readsAStopUnderWay();
    void countsAtLeastTheBlockersThatItNames();
    void readsTheLeastThereIs();
    void isNoSnapshotWithoutWhatMustBeThere_data();
    void isNoSnapshotWithoutWhatMustBeThere();
    void passesOverWhatItDoesNotKnow();
    void takesWrongTypesForNothing();
    void readsStatsWithAndWithoutAStop();
    void readsWhatEnginesAreUsed_data();
    void readsWhatEnginesAreUsed();
    void readsAStateEventWithItsCause();
    void readsNoEventFromNothing();
    void readsAJob();
    void readsAReport();
    void readsWhenTheLastEndedWhereTheReportSaysSo();
    void isNoReportWithoutAnOutcomeItKnows();
    void readsAnAuditEntry();
};

void SnapshotTest::readsAWholeSnapshot()
{
    const auto snapshot = snapshotFromJson(fakeSnapshot());
    QVERIFY(snapshot);
    QCOMPARE(snapshot->name, u"fake"_s);
    QCOMPARE(snapshot->version, u"0.1.0"_s);
    QCOMPARE(snapshot->instanceId, u"fake-1"_s);
    QCOMPARE(snapshot->pid, 4711);
    QCOMPARE(snapshot->host, u"fakehost"_s);
    QCOMPARE(snapshot->startedAt, kAt);
    QCOMPARE(snapshot->stateSinceAt, kAt.addSecs(1));
    QVERIFY(!snapshot->stateCause);
    QVERIFY(!snapshot->stop);
    QVERIFY(snapshot->stats.state == LifecycleState::Serving);
    QVERIFY(snapshot->stats.uptime == 61s);
    QVERIFY(snapshot->stats.oldestInFlight == 40ms);
    QCOMPARE(snapshot->stats.connectionsOpen, 3);
    QCOMPARE(snapshot->stats.requestsTotal, 100);
    QCOMPARE(snapshot->stats.jobs.of(JobState::Running), 2);
    QVERIFY(snapshot->stats.predictedDrain == 250ms);
}

void SnapshotTest::readsAStopUnderWay()
{
    const auto snapshot = snapshotFromJson(fakeStopSnapshot(3));
    QVERIFY(snapshot && snapshot->stop);
    QCOMPARE(snapshot->stop->cause.actor, u"ann"_s);
    QVERIFY(snapshot->stop->cause.kind == StopCause::Kind::Api);
    QVERIFY(snapshot->stop->remaining == 20s);
    QVERIFY(snapshot->stats.remaining == 20s);
    QCOMPARE(snapshot->stop->deadlineAt, kAt.addSecs(85));
    QCOMPARE(snapshot->stop->waitingOn.size(), 3);
    QCOMPARE(snapshot->stop->waitingOn.first().label, u"GET /work"_s);
    QVERIFY(snapshot->stop->waitingOn.first().age == 1s);
}

void SnapshotTest::countsAtLeastTheBlockersThatItNames()
{
    QJsonObject json = fakeStopSnapshot(3);
    const QJsonObject stop = json["stop"_L1].toObject();
    json.insert("stop"_L1, with(stop, "waitingOnTotal"_L1, 500));
    QCOMPARE(snapshotFromJson(json)->stop->waitingOnTotal, 500);
    json.insert("stop"_L1, without(stop, "waitingOnTotal"_L1));
    QCOMPARE(snapshotFromJson(json)->stop->waitingOnTotal, 3);
}

void SnapshotTest::readsTheLeastThereIs()
{
    const auto snapshot = snapshotFromJson({ { u"instanceId"_s, u"i"_s },
                                             { u"state"_s, u"starting"_s },
                                             { u"inFlight"_s, QJsonObject() } });
    QVERIFY(snapshot);
    QCOMPARE(snapshot->pid, 0);
    QVERIFY(!snapshot->startedAt.isValid());
    QVERIFY(!snapshot->stop);
    QVERIFY(!snapshot->stats.latencyP50Ms);
}

void SnapshotTest::isNoSnapshotWithoutWhatMustBeThere_data()
{
    QTest::addColumn<QJsonObject>("json");
    QTest::newRow("nothing") << QJsonObject();
    QTest::newRow("no id") << without(fakeSnapshot(), "instanceId"_L1);
    QTest::newRow("an id that is a number") << with(fakeSnapshot(), "instanceId"_L1, 7);
    QTest::newRow("no state") << without(fakeSnapshot(), "state"_L1);
    QTest::newRow("a state nobody knows") << with(fakeSnapshot(), "state"_L1, u"dreaming"_s);
    QTest::newRow("in flight is a number") << with(fakeSnapshot(), "inFlight"_L1, 3);
}

void SnapshotTest::isNoSnapshotWithoutWhatMustBeThere()
{
    QFETCH(const QJsonObject, json);
    QVERIFY(!snapshotFromJson(json));
}

void SnapshotTest::passesOverWhatItDoesNotKnow()
{
    QJsonObject json = with(fakeStopSnapshot(1), "weather"_L1, QJsonArray{ 1, 2 });
    QJsonObject stop = json["stop"_L1].toObject();
    QJsonArray waitingOn = stop["waitingOn"_L1].toArray();
    waitingOn.append(QJsonObject{ { u"kind"_s, u"dream"_s }, { u"depth"_s, 3 } });
    waitingOn.append(17);
    stop.insert("waitingOn"_L1, waitingOn);
    json.insert("stop"_L1, stop);
    const auto snapshot = snapshotFromJson(json);
    QVERIFY(snapshot && snapshot->stop);
    QCOMPARE(snapshot->stop->waitingOn.size(), 2); // a kind of later is shown, a number is not
    QCOMPARE(snapshot->stop->waitingOn.last().kind, u"dream"_s);
}

void SnapshotTest::takesWrongTypesForNothing()
{
    QJsonObject json = fakeSnapshot();
    json.insert("pid"_L1, u"many"_s);
    json.insert("name"_L1, QJsonArray());
    json.insert("uptimeMs"_L1, -5);
    json.insert("startedAt"_L1, u"yesterday"_s);
    json.insert("connections"_L1, 3);
    json.insert("jobs"_L1, QJsonValue());
    json.insert("latency"_L1, u"low"_s);
    json.insert("stop"_L1, u"soon"_s);
    json.insert("stateCause"_L1, 1);
    const auto snapshot = snapshotFromJson(json);
    QVERIFY(snapshot);
    QCOMPARE(snapshot->pid, 0);
    QVERIFY(snapshot->name.isEmpty());
    QVERIFY(snapshot->stats.uptime == 0ms);
    QVERIFY(!snapshot->startedAt.isValid());
    QCOMPARE(snapshot->stats.connectionsOpen, 0);
    QCOMPARE(snapshot->stats.jobs, JobCounts());
    QVERIFY(!snapshot->stop && !snapshot->stateCause && !snapshot->stats.latencyP99Ms);
}

void SnapshotTest::readsStatsWithAndWithoutAStop()
{
    QJsonObject json = fakeStats(u"draining"_s, 7);
    QVERIFY(!statsFromJson(json)->remaining);
    json.insert("remainingMs"_L1, 0);
    json.insert("latency"_L1, QJsonObject{ { u"p50Ms"_s, 1.5 }, { u"p99Ms"_s, QJsonValue() } });
    const auto stats = statsFromJson(json);
    QCOMPARE(stats->inFlight, 7);
    QVERIFY(stats->remaining == 0ms);
    QCOMPARE(stats->latencyP50Ms.value_or(0), 1.5);
    QVERIFY(!stats->latencyP99Ms);
}

void SnapshotTest::readsWhatEnginesAreUsed_data()
{
    QTest::addColumn<JobEngine>("engine");
    QTest::newRow("not open yet") << JobEngine();
    QTest::newRow("a store that fails")
        << JobEngine{ .store = u"sqlite"_s, .storeFault = u"disk full"_s, .broker = {} };
    JobEngine::Broker broker{ .name = u"rabbitmq"_s,
                              .fault = {},
                              .sinceAt = QDateTime::fromString(u"2026-11-25T12:00:00.250Z"_s,
                                                               Qt::ISODateWithMs),
                              .depth = 12,
                              .lag = {},
                              .held = 3 };
    QTest::newRow("a broker") << JobEngine{ .store = u"postgresql"_s,
                                            .storeFault = {},
                                            .broker = broker };
    broker = {
        .name = u"kafka"_s, .fault = u"refused"_s, .sinceAt = {}, .depth = {}, .lag = 0, .held = 0
    };
    QTest::newRow("a broker that fails")
        << JobEngine{ .store = u"postgresql"_s, .storeFault = {}, .broker = broker };
}

/// As the service writes it.
void SnapshotTest::readsWhatEnginesAreUsed()
{
    QFETCH(JobEngine, engine);
    QJsonObject json = fakeStats();
    QVERIFY(!statsFromJson(json)->engine); // an older service
    json.insert("engine"_L1, toJson(engine));
    const auto stats = statsFromJson(json);
    QVERIFY(stats && stats->engine);
    QCOMPARE(*stats->engine, engine);
}

void SnapshotTest::readsAStateEventWithItsCause()
{
    QJsonObject json = fakeState(u"serving"_s, u"lame-duck"_s);
    QVERIFY(!stateEventFromJson(json)->cause);
    json.insert("cause"_L1,
                QJsonObject{ { u"kind"_s, u"signal"_s },
                             { u"signal"_s, u"SIGTERM"_s },
                             { u"senderPid"_s, 0 },
                             { u"senderUid"_s, QJsonValue() } });
    const auto event = stateEventFromJson(json);
    QVERIFY(event->to == LifecycleState::LameDuck && event->cause);
    QCOMPARE(event->cause->signal, u"SIGTERM"_s);
    QCOMPARE(event->cause->senderPid.value_or(-1), 0); // said, and zero
    QVERIFY(!event->cause->senderUid);
    QVERIFY(!stateEventFromJson(with(json, "to"_L1, u"dreaming"_s)));
}

void SnapshotTest::readsNoEventFromNothing()
{
    QVERIFY(!statsFromJson({}));
    QVERIFY(!stateEventFromJson({}));
    QVERIFY(!requestEventFromJson({}));
    QVERIFY(!logEventFromJson({}));
    QVERIFY(!auditEventFromJson({}));
    QVERIFY(!blockerFromJson({}));
    QVERIFY(!jobFromJson({}));
    QVERIFY(!stopReportFromJson({}));
}

void SnapshotTest::readsAJob()
{
    Job job;
    job.id = u"j1"_s;
    job.kind = u"sleep"_s;
    job.state = JobState::Running;
    job.progress = 0.25;
    job.attempt = 2;
    job.createdAt = kAt;
    job.checkpoint = QJsonObject{ { u"at"_s, 3 } };
    job.requeues = { { .at = kAt, .reason = RequeueReason::Stop } };
    const auto read = jobFromJson(toJson(job));
    QVERIFY(read);
    QCOMPARE(toJson(*read), toJson(job));
    QVERIFY(!jobFromJson(with(toJson(job), "state"_L1, u"dreaming"_s)));
}

void SnapshotTest::readsAReport()
{
    QJsonObject json = fakeReport(u"forced"_s);
    json.insert("phases"_L1,
                QJsonArray{ QJsonObject{ { u"name"_s, u"draining"_s }, { u"durationMs"_s, 5 } } });
    json.insert("requests"_L1, QJsonObject{ { u"drained"_s, 9 } });
    const auto report = stopReportFromJson(json);
    QVERIFY(report && report->outcome == StopOutcome::Forced);
    QCOMPARE(report->exitCode, 75);
    QCOMPARE(report->phases.size(), 1);
    QVERIFY(report->phases.first().duration == 5ms);
    QCOMPARE(report->requests.drained, 9);
    QCOMPARE(report->jobs.requeued, 0);
}

void SnapshotTest::readsWhenTheLastEndedWhereTheReportSaysSo()
{
    QJsonObject slow{ { u"label"_s, u"GET /work"_s }, { u"ageMs"_s, 7 } };
    QJsonObject json = fakeReport(u"clean"_s);
    json.insert("slowest"_L1,
                QJsonArray{ slow, with(slow, "endedAt"_L1, QJsonValue()),
                            with(slow, "endedAt"_L1, u"2026-01-02T03:04:05.006Z"_s) });
    const auto report = stopReportFromJson(json);
    QVERIFY(report && report->slowest.size() == 3);
    QVERIFY(!report->slowest[0].endedAt.isValid());
    QCOMPARE(report->slowest[0].age.count(), 7);
    QVERIFY(!report->slowest[1].endedAt.isValid());
    QCOMPARE(report->slowest[2].endedAt, quiesce::utcAt(QDate(2026, 1, 2), QTime(3, 4, 5, 6)));
}

void SnapshotTest::isNoReportWithoutAnOutcomeItKnows()
{
    QVERIFY(!stopReportFromJson(fakeReport(u"glorious"_s)));
    QVERIFY(!stopReportFromJson(without(fakeReport(), "reportVersion"_L1)));
}

void SnapshotTest::readsAnAuditEntry()
{
    const auto entry = auditEventFromJson({ { u"id"_s, u"3"_s },
                                            { u"action"_s, u"stop"_s },
                                            { u"result"_s, u"refused"_s },
                                            { u"code"_s, u"past-budget"_s },
                                            { u"actor"_s, u"ann"_s } });
    QVERIFY(entry);
    QCOMPARE(entry->code, u"past-budget"_s);
    QCOMPARE(entry->cause.actor, u"ann"_s);
}

QTEST_GUILESS_MAIN(SnapshotTest)
#include "tst_snapshot.moc"
