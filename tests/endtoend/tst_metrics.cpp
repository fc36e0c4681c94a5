// SPDX-License-Identifier: GPL-3.0-only
// What a scraper sees: the truth about known traffic, in a form that Prometheus' own tool accepts.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"

#include <QMap>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

/// Series with its labels → value.
QMap<QByteArray, double> scrape(const ServiceProcess &service, QByteArray *text = nullptr)
{
    const Answer answer = askAfresh(service.adminPort(), get("/metrics"));
    if (text)
        *text = answer.body;
    QMap<QByteArray, double> series;
    for (const QByteArray &line : answer.body.split('\n')) {
        const qsizetype end = line.lastIndexOf(' ');
        if (!line.startsWith('#') && end > 0)
            series.insert(line.left(end), line.mid(end + 1).toDouble());
    }
    return series;
}

} // namespace

class MetricsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_service = std::make_unique<ServiceProcess>(); }
    void cleanup() { m_service.reset(); } // its log is told of the test that failed

    void countsKnownTraffic();
    void promtoolFindsNothingWrong();
    void showsTheStateThroughoutAStop();
    void remembersTheLastStop();
    void warnsOfAGraceThatIsTooShort();
    void predictsTheDrain();

private:
    std::unique_ptr<ServiceProcess> m_service;
};

void MetricsTest::countsKnownTraffic()
{
    QVERIFY(m_service->start());
    for (int i = 0; i < 3; ++i)
        QCOMPARE(askAfresh(m_service->trafficPort(), get("/hello")).status, 200);
    QCOMPARE(askAfresh(m_service->trafficPort(), get("/secret/path")).status, 404);
    QCOMPARE(askAfresh(m_service->trafficPort(), "GET /\n\n").status, 400);
    QByteArray text;
    const auto series = scrape(*m_service, &text);
    QCOMPARE(series.value("quiesce_requests_total"), 4);
    QCOMPARE(series.value("http_server_request_duration_seconds_count{http_response_status_class="
                          "\"2xx\",http_route=\"/hello\"}"),
             3);
    QCOMPARE(series.value("http_server_request_duration_seconds_count{http_response_status_class="
                          "\"4xx\",http_route=\"(unmatched)\"}"),
             1);
    QCOMPARE(series.value("quiesce_lifecycle_state{state=\"serving\"}"), 1);
    QCOMPARE(series.value("quiesce_connections_accepted_total{listener=\"traffic\"}"), 5);
    QVERIFY(series.value("quiesce_sent_bytes_total{listener=\"traffic\"}") > 500);
    QCOMPARE(series.value("quiesce_request_body_bytes", -1), 0);
    QVERIFY(series.value("process_resident_memory_bytes") > 1e6);
    QVERIFY(series.value("process_open_fds") > 5);
    QVERIFY(text.contains("quiesce_requests_refused_total{reason="));
    QVERIFY(!text.contains("secret"));
    QVERIFY(!text.contains("last_stop"));
}

void MetricsTest::promtoolFindsNothingWrong()
{
    const QString promtool = QStandardPaths::findExecutable(u"promtool"_s);
    if (promtool.isEmpty() && !qEnvironmentVariableIsSet("CI"))
        QSKIP("there is no promtool; test.sh installs it");
    QVERIFY(!promtool.isEmpty());
    QVERIFY(m_service->start());
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 0);
    QVERIFY(m_service->start()); // with the metrics of the last stop
    QCOMPARE(askAfresh(m_service->trafficPort(), get("/hello")).status, 200);
    QCOMPARE(askAfresh(m_service->trafficPort(), "GET /\n\n").status, 400);
    QByteArray text;
    scrape(*m_service, &text);
    QVERIFY(text.contains("last_stop"));
    QProcess judge;
    judge.start(promtool, { u"check"_s, u"metrics"_s });
    judge.write(text);
    judge.closeWriteChannel();
    QVERIFY(judge.waitForFinished(60'000));
    QCOMPARE(judge.readAllStandardError(), QByteArray());
    QCOMPARE(judge.exitCode(), 0);
}

void MetricsTest::showsTheStateThroughoutAStop()
{
    QVERIFY(m_service->start({ u"--grace"_s, u"10m"_s }));
    LoopbackClient work(m_service->trafficPort());
    QVERIFY(work.send("GET /work?ms=600000 HTTP/1.1\r\nHost: t\r\n\r\n"));
    QVERIFY(m_service->hasCaughtUp());
    QCOMPARE(scrape(*m_service).value("quiesce_requests_in_flight"), 1);
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/quiesce").status, 202);
    QCOMPARE(scrape(*m_service).value("quiesce_lifecycle_state{state=\"lame-duck\"}"), 1);
    QCOMPARE(admin.post("/stop").status, 202);
    QVERIFY(m_service->waitForState(u"draining"_s));
    const auto series = scrape(*m_service);
    QCOMPARE(series.value("quiesce_lifecycle_state{state=\"draining\"}"), 1);
    QCOMPARE(series.value("quiesce_lifecycle_state{state=\"serving\"}"), 0);
    QVERIFY(series.value("quiesce_stop_drain_remaining_seconds") > 500);
    QCOMPARE(admin.post("/force").status, 202);
    QCOMPARE(m_service->waitForExit(), 75);
}

void MetricsTest::remembersTheLastStop()
{
    QVERIFY(m_service->start({ u"--grace"_s, u"0s"_s }));
    LoopbackClient work(m_service->trafficPort());
    QVERIFY(work.send("GET /work?ms=600000 HTTP/1.1\r\nHost: t\r\n\r\n"));
    QVERIFY(m_service->hasCaughtUp());
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->waitForExit(), 75);
    QVERIFY(m_service->start());
    const auto series = scrape(*m_service);
    QCOMPARE(series.value("quiesce_last_stop_outcome{outcome=\"incomplete\"}"), 1);
    QCOMPARE(series.value("quiesce_last_stop_outcome{outcome=\"clean\"}"), 0);
    QCOMPARE(series.value("quiesce_last_stop_exit_code"), 75);
    QCOMPARE(series.value("quiesce_last_stop_requests{outcome=\"cancelled\"}"), 1);
    QVERIFY(series.value("quiesce_last_stop_timestamp_seconds") > 1e9);
}

void MetricsTest::warnsOfAGraceThatIsTooShort()
{
    QVERIFY(m_service->start({ u"--grace"_s, u"1ms"_s }));
    LoopbackClient client(m_service->trafficPort());
    for (int i = 0; i < 20; ++i)
        QCOMPARE(ask(client, get("/work?ms=5")).status, 200);
    QVERIFY(m_service->waitForLog(u"grace is shorter than requests take"_s,
                                  { { u"route"_s, u"/work"_s } }));
    const Answer ready = askAfresh(m_service->adminPort(), get("/readyz?verbose"));
    QCOMPARE(ready.status, 200);
    QVERIFY2(ready.body.contains("[!] grace: requests of /work take up to "), ready.body);
    QVERIFY(scrape(*m_service).value("quiesce_grace_shortfall_seconds{http_route=\"/work\"}") > 0);
}

void MetricsTest::predictsTheDrain()
{
    QVERIFY(m_service->start({ u"--grace"_s, u"10m"_s, u"--lame-duck"_s, u"3s"_s }));
    const AdminClient admin(*m_service);
    const auto predicted = [&] {
        return admin.get("/state").body["predictedDrainMs"_L1].toInteger(-1);
    };
    QCOMPARE(predicted(), 3'000); // nothing is in flight
    LoopbackClient work(m_service->trafficPort());
    QVERIFY(work.send("GET /work?ms=600000 HTTP/1.1\r\nHost: t\r\n\r\n"));
    QVERIFY(m_service->hasCaughtUp());
    const qint64 untilItsTimeout = predicted(); // nothing is known of the route yet
    QVERIFY2(untilItsTimeout > 3'000 && untilItsTimeout <= 60'000,
             qPrintable(QString::number(untilItsTimeout)));
    work.close();
    QTRY_COMPARE(predicted(), 3'000);
}

QTEST_GUILESS_MAIN(MetricsTest)
#include "tst_metrics.moc"
