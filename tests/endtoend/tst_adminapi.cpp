// SPDX-License-Identifier: GPL-3.0-only
// The admin API as an operator's script uses it: it tells the truth, and what it is asked happens.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

const QStringList kPatient{ u"--grace"_s, u"10m"_s, u"--linger"_s, u"10m"_s };
const QByteArray kTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Starts a request that is at work until somebody ends it.
LoopbackClient askForLongWork(const ServiceProcess &service, const QByteArray &fields = {})
{
    LoopbackClient client(service.trafficPort());
    client.send("GET /work?ms=600000 HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n");
    [[maybe_unused]] const bool isThere = service.hasCaughtUp();
    return client;
}

/// Without the accept queue, which a drain may just be serving.
QStringList labelsOf(const QJsonArray &rows)
{
    QStringList labels;
    for (const QJsonValue row : rows) {
        if (row["kind"_L1] != "listener"_L1)
            labels.append(row["kind"_L1].toString() + u' ' + row["label"_L1].toString());
    }
    return labels;
}

QStringList idsOf(const QJsonObject &page)
{
    QStringList ids;
    for (const QJsonValue item : page["items"_L1].toArray())
        ids.append(item["id"_L1].toString());
    return ids;
}

} // namespace

class AdminApiTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_service.reset(); } // its log is told of the test that failed

    void theSnapshotHasEveryKeyOfTheContract();
    void saysHowLongAnswersTakeLately();
    void listsRequestsInFlightOldestFirstAPageAtATime();
    void cancelsOneRequestAndNoOther();
    void quiescesAndResumes();
    void stopsAndSaysWhatItWaitsFor();
    void resumesAStopInItsLameDuck();
    void extendsTheDeadlineWithinTheBudget();
    void forcesAStop();
    void refusesWhatCannotBeNow();
    void takesTimesOfTheRequestForTheStop();
    void showsReportsOfEarlierRuns();
    void keepsTheAuditOverARestart();
    void auditsSignals();
    void closesLastAndHoldsNoDrain();
    void documentsEveryRouteAndAnswersEveryDocumentedOne();
    void saysMethodsThatAreWrong();

private:
    [[nodiscard]] QJsonObject waitFor(const QString &state) const;

    std::unique_ptr<ServiceProcess> m_service;
};

void AdminApiTest::init()
{
    m_service = std::make_unique<ServiceProcess>();
}

QJsonObject AdminApiTest::waitFor(const QString &state) const
{
    return m_service->waitForState(state) ? AdminClient(*m_service).get("/state").body
                                          : QJsonObject();
}

void AdminApiTest::theSnapshotHasEveryKeyOfTheContract()
{
    QVERIFY(m_service->start());
    const AdminAnswer answer = AdminClient(*m_service).get("/state");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.fields.value("content-type"), QByteArray("application/json"));
    QCOMPARE(answer.fields.value("cache-control"), QByteArray("no-store"));
    QCOMPARE(answer.body.keys(),
             (QStringList{ u"connections"_s, u"engine"_s, u"host"_s, u"inFlight"_s, u"instanceId"_s,
                           u"jobs"_s, u"latency"_s, u"name"_s, u"pid"_s, u"predictedDrainMs"_s,
                           u"requests"_s, u"startedAt"_s, u"state"_s, u"stateCause"_s,
                           u"stateSinceAt"_s, u"stop"_s, u"uptimeMs"_s, u"version"_s }));
    QCOMPARE(
        answer.body["engine"_L1].toObject(),
        (QJsonObject{
            { u"store"_s, QJsonObject{ { u"name"_s, u"sqlite"_s }, { u"fault"_s, QJsonValue() } } },
            { u"broker"_s, QJsonValue() } }));
    QCOMPARE(answer.body["state"_L1].toString(), u"serving"_s);
    QCOMPARE(answer.body["pid"_L1].toInteger(), m_service->pid());
    QVERIFY(answer.body["stop"_L1].isNull());
    QCOMPARE(answer.body["inFlight"_L1].toObject(),
             (QJsonObject{ { u"count"_s, 0 }, { u"oldestMs"_s, 0 } }));
    QCOMPARE(answer.body["jobs"_L1].toObject().keys(),
             (QStringList{ u"cancelled"_s, u"failed"_s, u"queued"_s, u"running"_s, u"scheduled"_s,
                           u"succeeded"_s }));
    for (const auto &key : { "startedAt"_L1, "stateSinceAt"_L1 }) {
        static const QRegularExpression instant(
            u"^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"_s);
        QVERIFY(instant.match(answer.body[key].toString()).hasMatch());
    }
}

void AdminApiTest::saysHowLongAnswersTakeLately()
{
    QVERIFY(m_service->start());
    const AdminClient admin(*m_service);
    QCOMPARE(askAfresh(m_service->trafficPort(), get("/readyz")).status, 200); // is no request
    const QJsonObject none{ { u"p50Ms"_s, QJsonValue() }, { u"p99Ms"_s, QJsonValue() } };
    QCOMPARE(admin.get("/state").body["latency"_L1].toObject(), none);
    QCOMPARE(askAfresh(m_service->trafficPort(), get("/work?ms=300")).status, 200);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(askAfresh(m_service->trafficPort(), get("/hello")).status, 200);
    const QJsonValue latency = admin.get("/state").body["latency"_L1];
    QVERIFY(latency["p50Ms"_L1].toDouble() > 0);
    QVERIFY(latency["p50Ms"_L1].toDouble() < 300);
    QVERIFY(latency["p99Ms"_L1].toDouble() >= 300);
}

void AdminApiTest::listsRequestsInFlightOldestFirstAPageAtATime()
{
    QVERIFY(m_service->start(kPatient));
    std::vector<LoopbackClient> clients;
    for (int i = 0; i < 3; ++i)
        clients.push_back(
            askForLongWork(*m_service, "traceparent: 00-" + kTraceId + "-00f067aa0ba902b7-01\r\n"));
    const AdminClient admin(*m_service);
    const QJsonObject all = admin.get("/requests").body;
    const QJsonArray items = all["items"_L1].toArray();
    QCOMPARE(labelsOf(items), QStringList(3, u"request GET /work"_s));
    QVERIFY(all["next"_L1].isNull());
    for (int i = 0; i < 3; ++i) {
        const QJsonObject item = items[i].toObject();
        QCOMPARE(item["method"_L1].toString(), u"GET"_s);
        QCOMPARE(item["route"_L1].toString(), u"/work"_s);
        QCOMPARE(item["traceId"_L1].toString(), QString::fromLatin1(kTraceId));
        QVERIFY(item["peer"_L1].toString().startsWith(u"127.0.0.1:"_s));
        QVERIFY(i == 0
                || items[i - 1].toObject()["ageMs"_L1].toInteger() >= item["ageMs"_L1].toInteger());
    }
    const QJsonObject first = admin.get("/requests?limit=2").body;
    QCOMPARE(idsOf(first), idsOf(all).first(2));
    const QJsonObject rest =
        admin.get("/requests?after=" + first["next"_L1].toString().toLatin1()).body;
    QCOMPARE(idsOf(rest), idsOf(all).last(1));
    QCOMPARE(admin.get("/requests?limit=nonsense").code(), u"bad-parameter"_s);
}

void AdminApiTest::cancelsOneRequestAndNoOther()
{
    QVERIFY(m_service->start(kPatient));
    LoopbackClient first = askForLongWork(*m_service);
    LoopbackClient second = askForLongWork(*m_service);
    const AdminClient admin(*m_service);
    const QStringList ids = idsOf(admin.get("/requests").body);
    QCOMPARE(ids.size(), 2);
    QCOMPARE(admin.remove("/requests/" + ids[0].toLatin1()).status, 202);
    const Answer answer = first.readAnswer();
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.code(), QByteArray("cancelled"));
    QCOMPARE(idsOf(admin.get("/requests").body), ids.last(1));
    QVERIFY(second.isSilent());
    QCOMPARE(admin.remove("/requests/" + ids[0].toLatin1()).code(), u"no-such-request"_s);
    QCOMPARE(admin.remove("/requests/nonsense").status, 404);
}

void AdminApiTest::quiescesAndResumes()
{
    QVERIFY(m_service->start());
    const AdminClient admin(*m_service);
    const AdminAnswer quiesced =
        admin.post("/quiesce", { { u"actor"_s, u"ada"_s }, { u"reason"_s, u"upgrade"_s } });
    QCOMPARE(quiesced.status, 202);
    QCOMPARE(quiesced.body["state"_L1].toString(), u"lame-duck"_s);
    QVERIFY(quiesced.body["stop"_L1].isNull());
    QCOMPARE(quiesced.body["stateCause"_L1]["actor"_L1].toString(), u"ada"_s);
    QCOMPARE(quiesced.body["stateCause"_L1]["reason"_L1].toString(), u"upgrade"_s);
    QCOMPARE(askAfresh(m_service->adminPort(), get("/readyz")).status, 503);
    QCOMPARE(askAfresh(m_service->trafficPort(), get("/hello")).status, 200);
    QCOMPARE(admin.post("/quiesce").status, 202); // asked again it changes nothing
    const AdminAnswer resumed = admin.post("/resume");
    QCOMPARE(resumed.status, 200);
    QCOMPARE(resumed.body["state"_L1].toString(), u"serving"_s);
    QCOMPARE(askAfresh(m_service->adminPort(), get("/readyz")).status, 200);
    QVERIFY(m_service->waitForLog(u"state changed"_s,
                                  { { u"from"_s, u"lame-duck"_s }, { u"to"_s, u"serving"_s } }));
    QCOMPARE(
        m_service->transitions(),
        (QStringList{ u"starting serving"_s, u"serving lame-duck"_s, u"lame-duck serving"_s }));
}

void AdminApiTest::stopsAndSaysWhatItWaitsFor()
{
    QVERIFY(m_service->start(kPatient));
    LoopbackClient client = askForLongWork(*m_service);
    const AdminClient admin(*m_service);
    const AdminAnswer stopping =
        admin.post("/stop", { { u"actor"_s, u"ada"_s }, { u"reason"_s, u"new version"_s } });
    QCOMPARE(stopping.status, 202);
    const QJsonObject stop = waitFor(u"draining"_s)["stop"_L1].toObject();
    QCOMPARE(labelsOf(stop["waitingOn"_L1].toArray()), QStringList{ u"request GET /work"_s });
    QCOMPARE(stop["waitingOnTotal"_L1].toInt(), stop["waitingOn"_L1].toArray().size());
    QCOMPARE(stop["cause"_L1]["kind"_L1].toString(), u"api"_s);
    QCOMPARE(stop["cause"_L1]["actor"_L1].toString(), u"ada"_s);
    QCOMPARE(stop["cause"_L1]["remoteAddress"_L1].toString(), u"127.0.0.1"_s);
    QVERIFY(stop["remainingMs"_L1].toInteger() > 500'000);
    QCOMPARE(
        admin.remove("/requests/" + stop["waitingOn"_L1][0]["id"_L1].toString().toLatin1()).status,
        202);
    QCOMPARE(client.readAnswer().status, 503);
    QCOMPARE(m_service->waitForExit(), 75); // its work was cancelled
    QCOMPARE(m_service->report()["cause"_L1]["actor"_L1].toString(), u"ada"_s);
    QCOMPARE(m_service->report()["cause"_L1]["reason"_L1].toString(), u"new version"_s);
}

void AdminApiTest::resumesAStopInItsLameDuck()
{
    QVERIFY(m_service->start(kPatient));
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/stop", { { u"lameDuckMs"_s, 600'000 } }).status, 202);
    const AdminAnswer resumed = admin.post("/resume", { { u"actor"_s, u"ada"_s } });
    QCOMPARE(resumed.status, 200);
    QCOMPARE(resumed.body["state"_L1].toString(), u"serving"_s);
    QVERIFY(resumed.body["stop"_L1].isNull());
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0);
}

void AdminApiTest::extendsTheDeadlineWithinTheBudget()
{
    QVERIFY(m_service->start({ u"--grace"_s, u"20s"_s, u"--budget"_s, u"60s"_s }));
    const LoopbackClient client = askForLongWork(*m_service);
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/extend", { { u"byMs"_s, 1'000 } }).code(), u"not-stopping"_s);
    QCOMPARE(admin.post("/stop").status, 202);
    const AdminAnswer extended = admin.post("/extend", { { u"byMs"_s, 10'000 } });
    QCOMPARE(extended.status, 200);
    QCOMPARE(extended.body["stop"_L1]["extendedMs"_L1].toInt(), 10'000);
    QVERIFY(extended.body["stop"_L1]["remainingMs"_L1].toInt() > 20'000);
    const auto at = [&extended](QLatin1StringView key) {
        return QDateTime::fromString(extended.body["stop"_L1][key].toString(), Qt::ISODateWithMs);
    };
    const qint64 most = at("deadlineAt"_L1).msecsTo(at("latestDeadlineAt"_L1));
    QVERIFY(most > 0);
    constexpr qint64 kTremor = 100; // both are worked out anew for each answer
    QCOMPARE(admin.post("/extend", { { u"byMs"_s, most + kTremor } }).code(), u"past-budget"_s);
    QCOMPARE(admin.post("/extend", { { u"byMs"_s, most - kTremor } }).status, 200);
    const AdminAnswer tooMuch = admin.post("/extend", { { u"byMs"_s, 50'000 } });
    QCOMPARE(tooMuch.status, 422);
    QCOMPARE(tooMuch.code(), u"past-budget"_s);
    QCOMPARE(admin.post("/extend").code(), u"bad-field"_s);
    QCOMPARE(admin.post("/force").status, 202);
    QCOMPARE(m_service->waitForExit(), 75);
}

void AdminApiTest::forcesAStop()
{
    QVERIFY(m_service->start(kPatient));
    LoopbackClient client = askForLongWork(*m_service);
    const AdminAnswer forced = AdminClient(*m_service).post("/force", { { u"actor"_s, u"ada"_s } });
    QCOMPARE(forced.status, 202);
    QCOMPARE(client.waitForEnd(), LoopbackClient::End::Reset);
    QCOMPARE(m_service->waitForExit(), 75);
    QCOMPARE(m_service->report()["outcome"_L1].toString(), u"forced"_s);
}

void AdminApiTest::refusesWhatCannotBeNow()
{
    QVERIFY(m_service->start(kPatient));
    const LoopbackClient client = askForLongWork(*m_service);
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/stop").status, 202);
    for (const QByteArray &path : { QByteArray("/stop"), QByteArray("/quiesce") }) {
        const AdminAnswer answer = admin.post(path);
        QCOMPARE(answer.status, 409);
        QCOMPARE(answer.code(), u"already-stopping"_s);
        QCOMPARE(answer.fields.value("content-type"), QByteArray("application/problem+json"));
    }
    const AdminAnswer resumed = admin.post("/resume");
    QCOMPARE(resumed.status, 409);
    QCOMPARE(resumed.code(), u"past-no-return"_s);
}

void AdminApiTest::takesTimesOfTheRequestForTheStop()
{
    QVERIFY(m_service->start(kPatient));
    LoopbackClient client = askForLongWork(*m_service);
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/stop", { { u"graceMs"_s, -1 } }).code(), u"bad-field"_s);
    QCOMPARE(admin.post("/stop", { { u"grace"_s, 1 } }).code(), u"unknown-field"_s);
    QCOMPARE(admin.get("/state").body["state"_L1].toString(), u"serving"_s);
    QCOMPARE(admin.post("/stop", { { u"lameDuckMs"_s, 1 }, { u"graceMs"_s, 1 } }).status, 202);
    QCOMPARE(client.readAnswer().status, 503);
    QCOMPARE(m_service->waitForExit(), 75);
}

void AdminApiTest::showsReportsOfEarlierRuns()
{
    QVERIFY(m_service->start());
    QCOMPARE(AdminClient(*m_service).get("/reports/latest").code(), u"no-report"_s);
    QStringList instances;
    for (int run = 0; run < 3; ++run) {
        instances.prepend(AdminClient(*m_service).get("/state").body["instanceId"_L1].toString());
        m_service->signal(SIGTERM);
        QCOMPARE(m_service->waitForExit(), 0);
        QVERIFY(m_service->start());
    }
    const AdminClient admin(*m_service);
    QCOMPARE(admin.get("/reports/latest").body["instanceId"_L1].toString(), instances[0]);
    const QJsonObject page = admin.get("/reports?limit=2").body;
    QCOMPARE(page["items"_L1][1]["instanceId"_L1].toString(), instances[1]);
    QCOMPARE(page["next"_L1].toString(), instances[1]);
    const QJsonObject rest = admin.get("/reports?after=" + instances[1].toLatin1()).body;
    QCOMPARE(rest["items"_L1].toArray().size(), 1);
    QCOMPARE(rest["items"_L1][0]["outcome"_L1].toString(), u"clean"_s);
}

void AdminApiTest::keepsTheAuditOverARestart()
{
    QVERIFY(m_service->start());
    const AdminClient before(*m_service);
    QCOMPARE(before.post("/quiesce", { { u"actor"_s, u"ada"_s }, { u"reason"_s, u"r"_s } }).status,
             202);
    QCOMPARE(before.post("/extend", { { u"byMs"_s, 5 } }).status, 409);
    m_service->signal(SIGKILL);
    QCOMPARE(m_service->waitForExit(), -1);
    QVERIFY(m_service->start());
    const QJsonArray items = AdminClient(*m_service).get("/audit").body["items"_L1].toArray();
    QCOMPARE(items.size(), 2);
    QCOMPARE(items[0]["action"_L1].toString(), u"extend"_s);
    QCOMPARE(items[0]["result"_L1].toString(), u"refused"_s);
    QCOMPARE(items[0]["code"_L1].toString(), u"not-stopping"_s);
    QCOMPARE(items[0]["target"_L1].toString(), u"5 ms"_s);
    QCOMPARE(items[1]["action"_L1].toString(), u"quiesce"_s);
    QCOMPARE(items[1]["result"_L1].toString(), u"accepted"_s);
    QCOMPARE(items[1]["actor"_L1].toString(), u"ada"_s);
    QCOMPARE(items[1]["reason"_L1].toString(), u"r"_s);
    QCOMPARE(items[1]["role"_L1].toString(), u"operator"_s);
    QCOMPARE(items[1]["remoteAddress"_L1].toString(), u"127.0.0.1"_s);
}

void AdminApiTest::auditsSignals()
{
    QVERIFY(m_service->start());
    m_service->signal(SIGHUP);
    QVERIFY(m_service->waitForLog(u"change asked for"_s, { { u"action"_s, u"reload"_s } }));
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0);
    QVERIFY(m_service->start());
    const QJsonArray items = AdminClient(*m_service).get("/audit").body["items"_L1].toArray();
    QCOMPARE(items.size(), 2);
    QCOMPARE(items[0]["action"_L1].toString(), u"stop"_s);
    QCOMPARE(items[0]["signal"_L1].toString(), u"SIGTERM"_s);
    QCOMPARE(items[0]["senderPid"_L1].toInteger(), QCoreApplication::applicationPid());
    QCOMPARE(items[1]["action"_L1].toString(), u"reload"_s);
    QCOMPARE(items[1]["signal"_L1].toString(), u"SIGHUP"_s);
}

void AdminApiTest::closesLastAndHoldsNoDrain()
{
    QVERIFY(m_service->start(kPatient));
    LoopbackClient work = askForLongWork(*m_service);
    LoopbackClient idle(m_service->adminPort());
    QCOMPARE(ask(idle, get("/livez")).status, 200);
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/stop").status, 202);
    QVERIFY(m_service->waitForState(u"draining"_s));
    QVERIFY(isRefused(m_service->trafficPort()));
    const QJsonObject state = admin.get("/state").body;
    QCOMPARE(labelsOf(state["stop"_L1]["waitingOn"_L1].toArray()),
             QStringList{ u"request GET /work"_s });
    admin.remove("/requests/" + state["stop"_L1]["waitingOn"_L1][0]["id"_L1].toString().toLatin1());
    QCOMPARE(work.readAnswer().status, 503);
    QCOMPARE(m_service->waitForExit(), 75);
    QCOMPARE(idle.waitForEnd(), LoopbackClient::End::Closed);
}

void AdminApiTest::documentsEveryRouteAndAnswersEveryDocumentedOne()
{
    QVERIFY(m_service->start(kPatient));
    const AdminClient admin(*m_service);
    const QJsonObject served = admin.get("/openapi.json").body;
    QFile kept(QStringLiteral(QUIESCE_SOURCE_DIR "/resources/openapi.json"));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    const QJsonObject document = QJsonDocument::fromJson(kept.readAll()).object();
    QCOMPARE(served["openapi"_L1].toString(), u"3.1.0"_s);
    // What the program has is what is documented, no more and no less.
    const QJsonObject paths = served["paths"_L1].toObject();
    QCOMPARE(paths.keys(), document["paths"_L1].toObject().keys());
    for (const QString &path : paths.keys()) {
        const QJsonObject item = paths[path].toObject();
        QJsonObject known = document["paths"_L1][path].toObject();
        known["servers"_L1] = item["servers"_L1];
        QCOMPARE(item, known);
        const bool isTraffic = item["servers"_L1][0]["url"_L1].toString().endsWith(
            QString::number(m_service->trafficPort()));
        for (const QString &verb : { u"get"_s, u"post"_s, u"delete"_s }) {
            if (!item.contains(verb) || path.endsWith(u"/events"_s)) // a stream: tst_eventstream
                continue;
            const QByteArray target = QString(path).replace(u"{id}"_s, u"0"_s).toLatin1();
            QByteArray request = verb.toUpper().toLatin1() + ' ' + target
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + admin.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n[";
            const Answer answer =
                askAfresh(isTraffic ? m_service->trafficPort() : m_service->adminPort(), request);
            const QString status = QString::number(answer.status);
            QVERIFY2(item[verb]["responses"_L1].toObject().contains(status),
                     qPrintable(verb + u' ' + path + u" answers "_s + status));
            QVERIFY2(answer.status != 404 || !answer.code().startsWith("not-found"),
                     qPrintable(path));
        }
    }
    QCOMPARE(admin.get("/state").body["state"_L1].toString(), u"serving"_s);
}

void AdminApiTest::saysMethodsThatAreWrong()
{
    QVERIFY(m_service->start());
    const AdminClient admin(*m_service);
    const AdminAnswer wrong = admin.get("/stop");
    QCOMPARE(wrong.status, 405);
    QCOMPARE(wrong.fields.value("allow"), QByteArray("POST"));
    QCOMPARE(admin.get("/nothing").status, 404);
    QCOMPARE(admin.ask("HEAD", "/state").status, 200);
}

QTEST_GUILESS_MAIN(AdminApiTest)
#include "tst_adminapi.moc"
