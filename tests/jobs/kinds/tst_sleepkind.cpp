// SPDX-License-Identifier: GPL-3.0-only
// The kind sleep: its steps, its checkpoints, and what it does when told to stop.
#include "service/jobs/kinds/sleepkind.h"
#include "tests/jobs/kinds/jobstage.h"

#include <QElapsedTimer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::sleepKind;
using quiesce::test::JobStage;

class SleepKindTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesPayloads_data();
    void judgesPayloads();
    void sleepsInStepsEachWithACheckpoint();
    void neverSleepsForNothing();
    void resumesWhereItWas();
    void mistrustsAStrangeCheckpoint();
    void givesUpAtTheStopToken();
    void givesUpWhenItWasToldBefore();
    void goesOnWhenItWillBeDoneInTime();
    void keepsWhereItIsWhenItCannotBeDoneInTime();
    void doesNotWaitForTheStoreAtTheStopToken();
    void goesOnWhileItsCheckpointIsUnderWay();
    void cancelsItsFutureWithTheKind();
};

void SleepKindTest::judgesPayloads_data()
{
    QTest::addColumn<QJsonObject>("payload");
    QTest::addColumn<QString>("fault");
    const auto row = [](const char *name, const QJsonObject &payload, const QString &fault) {
        QTest::newRow(name) << payload << fault;
    };
    row("least", { { u"ms"_s, 0 } }, {});
    row("most", { { u"ms"_s, 86'400'000 }, { u"stepMs"_s, 3'600'000 } }, {});
    row("nothing", {}, u"ms: it is missing"_s);
    row("too long", { { u"ms"_s, 86'400'001 } },
        u"ms: expected an integer from 0 to 86400000, found 86400001"_s);
    row("negative", { { u"ms"_s, -1 } }, u"ms: expected an integer from 0 to 86400000, found -1"_s);
    row("fraction", { { u"ms"_s, 1.5 } },
        u"ms: expected an integer from 0 to 86400000, found 1.5"_s);
    row("huge", { { u"ms"_s, 1e300 } },
        u"ms: expected an integer from 0 to 86400000, found 1.0000000000000001e+300"_s);
    row("text", { { u"ms"_s, u"5"_s } },
        u"ms: expected an integer from 0 to 86400000, found a string"_s);
    row("short step", { { u"ms"_s, 1 }, { u"stepMs"_s, 9 } },
        u"stepMs: expected an integer from 10 to 3600000, found 9"_s);
    row("null step", { { u"ms"_s, 1 }, { u"stepMs"_s, QJsonValue::Null } },
        u"stepMs: expected an integer from 10 to 3600000, found null"_s);
    row("unknown", { { u"ms"_s, 1 }, { u"step"_s, 10 } }, u"\"step\": unknown field"_s);
}

void SleepKindTest::judgesPayloads()
{
    QFETCH(const QJsonObject, payload);
    QTEST(sleepKind().check(payload), "fault");
}

void SleepKindTest::sleepsInStepsEachWithACheckpoint()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 200 }, { u"stepMs"_s, 50 } });
    QElapsedTimer clock;
    clock.start();
    QVERIFY(stage.finish());
    QVERIFY(clock.elapsed() >= 200);
    QVERIFY(stage.isSuccess());
    QCOMPARE(stage.result(), (QJsonObject{ { u"sleptMs"_s, 200 } }));
    QVERIFY(!stage.attempt->kept().isEmpty() && stage.attempt->kept().size() <= 3);
    QVERIFY(stage.attempt->kept().first()["sleptMs"_L1].toInteger() >= 50);
    QCOMPARE(stage.attempt->progress().last(), 1.0);
}

void SleepKindTest::neverSleepsForNothing()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 0 } });
    QVERIFY(stage.finish());
    QVERIFY(stage.isSuccess());
    QCOMPARE(stage.attempt->kept().size(), 0);
}

void SleepKindTest::resumesWhereItWas()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 3'600'000 } },
                   QJsonObject{ { u"sleptMs"_s, 3'599'990 } });
    QVERIFY(stage.finish());
    QCOMPARE(stage.result(), (QJsonObject{ { u"sleptMs"_s, 3'600'000 } }));
}

void SleepKindTest::mistrustsAStrangeCheckpoint()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 20 } }, QJsonObject{ { u"sleptMs"_s, -5'000'000 } });
    QVERIFY(stage.finish());
    QVERIFY(stage.isSuccess());
}

void SleepKindTest::givesUpAtTheStopToken()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 3'600'000 } });
    stage.begin();
    QVERIFY(!stage.future.isFinished());
    stage.stop();
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isInterrupted());
}

void SleepKindTest::givesUpWhenItWasToldBefore()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 3'600'000 } });
    stage.stop();
    QVERIFY(stage.finish());
    QVERIFY(stage.isInterrupted());
}

void SleepKindTest::goesOnWhenItWillBeDoneInTime()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 100 } });
    stage.begin();
    stage.announceStop(1h);
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isSuccess());
}

void SleepKindTest::keepsWhereItIsWhenItCannotBeDoneInTime()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 3'600'000 } },
                   QJsonObject{ { u"sleptMs"_s, 1'000'000 } });
    stage.attempt->hold();
    stage.begin();
    stage.announceStop(10s);
    QTRY_COMPARE(stage.attempt->kept().size(), 1);
    QVERIFY(stage.attempt->kept().first()["sleptMs"_L1].toInteger() >= 1'000'000);
    QCoreApplication::processEvents();
    QVERIFY(!stage.future.isFinished()); // not before that is on stable storage
    stage.attempt->release();
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isInterrupted());
}

void SleepKindTest::doesNotWaitForTheStoreAtTheStopToken()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 3'600'000 } });
    stage.attempt->hold();
    stage.begin();
    stage.announceStop(10s);
    QTRY_COMPARE(stage.attempt->kept().size(), 1);
    stage.stop();
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isInterrupted());
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    stage.attempt->release(); // the answer comes when nobody is there for it any more
}

void SleepKindTest::goesOnWhileItsCheckpointIsUnderWay()
{
    JobStage stage(sleepKind(), { { u"ms"_s, 100 }, { u"stepMs"_s, 10 } });
    stage.attempt->hold();
    QVERIFY(stage.finish());
    QVERIFY(stage.isSuccess());
    QCOMPARE(stage.attempt->kept().size(), 1);
}

void SleepKindTest::cancelsItsFutureWithTheKind()
{
    QFuture<quiesce::JobOutcome> future;
    {
        JobStage stage(sleepKind(), { { u"ms"_s, 3'600'000 } });
        stage.begin();
        future = stage.future;
    }
    QVERIFY(future.isCanceled());
    QCOMPARE(future.resultCount(), 0);
}

QTEST_GUILESS_MAIN(SleepKindTest)
#include "tst_sleepkind.moc"
