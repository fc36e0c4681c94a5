// SPDX-License-Identifier: GPL-3.0-only
// The shop's shutdown tests, in process and as a process.
#include "shop.h"

#include <QSignalSpy>
#include <Quiesce/Test>
#include <csignal>

using namespace quiesce::test;
using namespace std::chrono_literals;

class ShopTest : public QObject
{
    Q_OBJECT

private slots:
    void finishesWhatWasBought();
    void losesNothingAsAProcess();
    void isForcedByASecondSignal();
};

void ShopTest::finishesWhatWasBought()
{
    Shop shop;
    QSignalSpy sold(&shop, &Shop::sold);
    HostedService hosted([&](quiesce::Service &service) { shop.openIn(service); });
    QVERIFY2(hosted.start(), qPrintable(hosted.whyNot()));
    StopTrial trial(hosted);
    QVERIFY(trial.put(Moment::InHandler, get("/buy/tea")));
    QVERIFY(!trial.submitJob("deliver").isEmpty());
    QCOMPARE(sold.count(), 1);
    QUIESCE_VERIFY_CLEAN_STOP(trial,
                              { .within = 20s, .hooks = QStringList{ "flush ok", "jobs ok" } });
    QCOMPARE(trial.finish().requests.first().answer.body, QByteArray("sold: tea"));
    QVERIFY(shop.isFlushed());
}

void ShopTest::losesNothingAsAProcess()
{
    ProgramUnderTest service(SHOP_PROGRAM);
    QVERIFY(service.start());
    StopTrial trial(service);
    for (const Moment moment : { Moment::Idle, Moment::HalfHead })
        QVERIFY(trial.put(moment, get("/hello")));
    QVERIFY(trial.put(Moment::InHandler, get("/buy/tea")));
    const QByteArray job = trial.submitJob("deliver");
    QVERIFY(!job.isEmpty());
    QUIESCE_VERIFY_CLEAN_STOP(trial, { .within = 20s });

    QVERIFY(service.start()); // and the job is there again, with no attempt spent
    QUIESCE_VERIFY_JOB_REQUEUED(service, job);
    QCOMPARE(JobsClient(service).get(job).body["attempt"].toInt(), 1);
}

void ShopTest::isForcedByASecondSignal()
{
    ProgramUnderTest service(SHOP_PROGRAM);
    QVERIFY(service.start({ "--grace", "10m", "--lame-duck", "10m" }));
    StopTrial trial(service);
    trial.stop();
    QVERIFY(service.waitForState("lame-duck"));
    // A second signal forces, but not within 200 ms of the first; one more could meet a process
    // that has left, but for its last breath, and kill that.
    const auto isForced = [&service] {
        const QList<StateSeen> states = service.states();
        return !states.isEmpty() && states.last().to != "lame-duck";
    };
    QTRY_VERIFY_WITH_TIMEOUT(isForced() || (service.signal(SIGTERM), false),
                             int(kLongestWait.count()));
    QUIESCE_VERIFY_STOP(trial,
                        { .outcome = quiesce::StopOutcome::Forced,
                          .exitCode = 128 + SIGTERM,
                          .states = { "serving", "lame-duck", "stopping", "stopped" } });
}

QTEST_GUILESS_MAIN(ShopTest)
#include "tst_shop.moc"
