// SPDX-License-Identifier: GPL-3.0-only
// A service on the test's own event loop, and a trial of it with a request at each moment.
#include "tests/kit/hostedservice.h"
#include "tests/kit/jobsclient.h"
#include "tests/kit/stopchecks.h"

#include <QPromise>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

constexpr qsizetype kLarge = 8 * 1024 * 1024; ///< more than the kernel holds for a connection

/// Answers /slow when the stop has begun, so that it is in its handler until then.
void addRoutes(Service &service)
{
    service.route(u"/hello"_s, [] { return QStringLiteral("hello"); });
    service.route(u"/echo"_s, Service::Method::Post,
                  [](const QHttpServerRequest &request) { return request.body(); });
    service.route(u"/large"_s, [] { return QByteArray(kLarge, 'x'); });
    service.route(u"/slow"_s, [&service] {
        auto promise = std::make_shared<QPromise<QString>>();
        promise->start();
        QObject::connect(&service.lifecycle(), &Lifecycle::drainBegan, &service, [promise] {
            promise->addResult(u"at last"_s);
            promise->finish();
        });
        return promise->future();
    });
}

Settings patient()
{
    Settings settings;
    settings.stop.grace = 10min;
    return settings;
}

} // namespace

class HostedServiceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void losesNothingAtAnyMoment_data();
    void losesNothingAtAnyMoment();
    void isStoppedByItsAdminApi();
    void isExtended();
    void isForced();
    void requeuesAJob();
    void saysWhyItDidNotStart();
    void twoAreTwo();
};

void HostedServiceTest::losesNothingAtAnyMoment_data()
{
    QTest::addColumn<Moment>("moment");
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("connected") << Moment::Connected << QByteArray();
    QTest::newRow("idle") << Moment::Idle << get("/hello");
    QTest::newRow("half a head") << Moment::HalfHead << get("/hello");
    QTest::newRow("its body missing") << Moment::HeadSent << post("/echo", "it comes back");
    QTest::newRow("half a body") << Moment::HalfBody << post("/echo", "it comes back");
    QTest::newRow("in its handler") << Moment::InHandler << get("/slow");
    QTest::newRow("pipelined") << Moment::Pipelined << get("/slow");
    QTest::newRow("half read") << Moment::HalfRead << get("/large");
}

void HostedServiceTest::losesNothingAtAnyMoment()
{
    QFETCH(Moment, moment);
    QFETCH(QByteArray, request);
    QStringList done;
    HostedService hosted(
        [&](Service &service) {
            addRoutes(service);
            service.onStop(u"flush"_s, [&done] { done << u"flushed"_s; });
        },
        patient());
    QVERIFY2(hosted.start(), qPrintable(hosted.whyNot()));
    StopTrial trial(hosted);
    QVERIFY(trial.put(moment, request));
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .hooks = QStringList{ u"flush ok"_s } });
    QCOMPARE(done, QStringList{ u"flushed"_s });
    QCOMPARE(trial.finish().requests.size(), 1);
    const Answer &answer = trial.finish().requests.first().answer;
    const bool isSilent = moment == Moment::Connected || moment == Moment::Idle;
    QCOMPARE(answer.status, isSilent ? 0 : 200);
    if (moment == Moment::HalfRead)
        QCOMPARE(answer.body.size(), kLarge);
}

void HostedServiceTest::isStoppedByItsAdminApi()
{
    HostedService hosted(addRoutes, patient());
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    QVERIFY(trial.put(Moment::InHandler, get("/slow")));
    QCOMPARE(trial.stopByApi({ { u"actor"_s, u"ada"_s } }).status, 202);
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QCOMPARE(hosted.report()["cause"_L1]["actor"_L1].toString(), u"ada"_s);
}

void HostedServiceTest::isExtended()
{
    Settings settings;
    settings.stop.lameDuck = 10min;
    settings.stop.grace = 0ms;
    HostedService hosted(addRoutes, settings);
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    trial.stop();
    QCOMPARE(trial.extend(10s).status, 200);
    QCOMPARE(AdminClient(hosted).get("/state").body["stop"_L1]["extendedMs"_L1].toInt(), 10'000);
    QCOMPARE(trial.force().status, 202);
    QVERIFY(hosted.waitForExit() != 0);
}

void HostedServiceTest::isForced()
{
    HostedService hosted(addRoutes, patient());
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    QVERIFY(trial.put(Moment::HalfBody, post("/echo", "it never comes"), Fate::Cut));
    QCOMPARE(trial.force().status, 202);
    QUIESCE_VERIFY_STOP(trial,
                        { .outcome = StopOutcome::Forced,
                          .exitCode = 75,
                          .states = { u"serving"_s, u"stopping"_s, u"stopped"_s } });
}

void HostedServiceTest::requeuesAJob()
{
    HostedService hosted(
        [](Service &service) {
            service.job(u"long"_s, [](const JobContext &job) {
                while (!job.isStopping())
                    QThread::msleep(1);
                return JobOutcome::interrupted();
            });
        },
        patient());
    QVERIFY(hosted.start());
    StopTrial trial(hosted);
    QVERIFY(!trial.submitJob("long").isEmpty());
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .hooks = QStringList{ u"jobs ok"_s } });
    QCOMPARE(hosted.report()["jobs"_L1]["requeued"_L1].toInt(), 1);
}

void HostedServiceTest::saysWhyItDidNotStart()
{
    Settings settings;
    settings.tls.trafficCertificate = u"/nowhere/at/all.pem"_s;
    settings.tls.trafficKey = u"/nowhere/at/all.key"_s;
    HostedService hosted(addRoutes, settings);
    QVERIFY(!hosted.start());
    QVERIFY2(hosted.whyNot().contains("/nowhere/at/all.pem"_L1), qPrintable(hosted.whyNot()));
}

void HostedServiceTest::twoAreTwo()
{
    HostedService one(addRoutes);
    HostedService other(addRoutes);
    QVERIFY(one.start());
    QVERIFY(other.start());
    StopTrial trial(one);
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    QVERIFY(other.isRunning());
    QCOMPARE(other.askTraffic(get("/hello")).body, QByteArray("hello"));
    StopTrial last(other);
    QUIESCE_VERIFY_CLEAN_STOP(last);
}

QTEST_GUILESS_MAIN(HostedServiceTest)
#include "tst_hostedservice.moc"
