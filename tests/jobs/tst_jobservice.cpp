// SPDX-License-Identifier: GPL-3.0-only
// Jobs in a whole service, as an embedding program has them: threads, a file, a stop, a restart.
#include "common/readyfuture.h"
#include "service/service.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <stdexcept>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;

namespace {

Settings settingsIn(const QString &dataDir)
{
    Settings settings;
    settings.listen.traffic.port = 0;
    settings.listen.admin.port = 0;
    settings.service.dataDir = dataDir;
    settings.stop.grace = 0s;
    settings.stop.cancelGrace = 10s;
    settings.jobs.retryBase = 1ms;
    return settings;
}

/// A service that serves, and the last job it told of.
struct Running
{
    explicit Running(Service &hosted)
        : service(hosted)
    {
        QObject::connect(&service.jobs(), &JobQueue::jobChanged, &service,
                         [this](const Job &job) { last = job; });
        QVERIFY(service.start());
        QTRY_COMPARE(service.lifecycle().state(), LifecycleState::Serving);
    }
    void submit(const QString &kind)
    {
        service.jobs().submit({ .kind = kind, .payload = { { u"n"_s, 7 } } },
                              [](const Result<Submitted, JobError> &reply) { QVERIFY(reply); });
    }
    [[nodiscard]] StopReport stop()
    {
        QSignalSpy stopped(&service, &Service::stopped);
        service.stop(u"test"_s);
        const bool hasStopped = stopped.wait(30'000);
        return hasStopped ? stopped.first().first().value<StopReport>() : StopReport{};
    }
    Service &service;
    Job last;
};

} // namespace

class JobServiceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsBlockingWorkOnAThread();
    void takesAFutureAndNothing();
    void anExceptionOnAThreadFailsTheAttempt();
    void resumesFromItsCheckpointAfterARestart();
    void saysSoWhenTheStoreCannotBeOpened();
};

void JobServiceTest::runsBlockingWorkOnAThread()
{
    Service service(settingsIn({}), { .name = u"t"_s, .version = u"1"_s });
    service.job(u"resize"_s, [](const JobContext &context) {
        const bool isElsewhere = QThread::currentThread() != QCoreApplication::instance()->thread();
        const bool isKept = context.checkpoint({ { u"at"_s, 1 } });
        return QJsonObject{ { u"n"_s, context.payload()["n"_L1] },
                            { u"isElsewhere"_s, isElsewhere },
                            { u"isKept"_s, isKept } };
    });
    Running running(service);
    running.submit(u"resize"_s);
    QTRY_COMPARE(running.last.state, JobState::Succeeded);
    QCOMPARE(running.last.result.toObject(),
             (QJsonObject{ { u"n"_s, 7 }, { u"isElsewhere"_s, true }, { u"isKept"_s, true } }));
    const StopReport report = running.stop();
    QCOMPARE(report.exitCode, 0);
    QCOMPARE(report.hooks.value(0).name, u"jobs"_s);
    QVERIFY(!service.hasRunningThreads());
}

void JobServiceTest::takesAFutureAndNothing()
{
    Service service(settingsIn({}), { .name = u"t"_s, .version = u"1"_s });
    service.job(u"later"_s, [](const JobContext &) {
        return quiesce::readyFuture(JobOutcome::success(u"later"_s));
    });
    service.job(u"nothing"_s, [](const JobContext &) {});
    Running running(service);
    running.submit(u"later"_s);
    QTRY_COMPARE(running.last.result, QJsonValue(u"later"_s));
    running.submit(u"nothing"_s);
    QTRY_COMPARE(service.jobs().counts().of(JobState::Succeeded), 2);
    QCOMPARE(running.stop().exitCode, 0);
}

void JobServiceTest::anExceptionOnAThreadFailsTheAttempt()
{
    Service service(settingsIn({}), { .name = u"t"_s, .version = u"1"_s });
    service.job(u"throws"_s, [](const JobContext &context) -> JobOutcome {
        throw std::runtime_error("attempt " + std::to_string(context.attempt()));
    });
    Running running(service);
    running.submit(u"throws"_s);
    QTRY_COMPARE(running.last.state, JobState::Failed);
    QCOMPARE(running.last.error, u"attempt 3"_s);
    QCOMPARE(running.stop().exitCode, 0);
}

void JobServiceTest::resumesFromItsCheckpointAfterARestart()
{
    const QTemporaryDir dataDir;
    {
        std::atomic<bool> hasBegun = false;
        Service service(settingsIn(dataDir.path()), { .name = u"t"_s, .version = u"1"_s });
        service.job(u"long"_s, [&](const JobContext &context) {
            context.checkpoint({ { u"at"_s, 3 } });
            hasBegun = true;
            std::atomic<bool> isTold = false;
            const std::stop_callback told(context.stopToken(), [&] {
                isTold = true;
                isTold.notify_all();
            });
            isTold.wait(false);
            return JobOutcome::interrupted();
        });
        Running running(service);
        running.submit(u"long"_s);
        QTRY_VERIFY(hasBegun);
        const StopReport report = running.stop();
        QCOMPARE(report.exitCode, 0);
        QCOMPARE(report.jobs.runningAtStop, 1);
        QCOMPARE(report.jobs.requeued, 1);
    }
    Service service(settingsIn(dataDir.path()), { .name = u"t"_s, .version = u"1"_s });
    service.job(u"long"_s, [](const JobContext &context) {
        return JobOutcome::success(context.lastCheckpoint().value_or(QJsonObject()));
    });
    Running running(service);
    QTRY_COMPARE(running.last.state, JobState::Succeeded);
    QCOMPARE(running.last.result.toObject(), (QJsonObject{ { u"at"_s, 3 } }));
    QCOMPARE(running.last.attempt, 1);
    QCOMPARE(running.last.requeues.size(), 1);
    QCOMPARE(running.stop().exitCode, 0);
}

void JobServiceTest::saysSoWhenTheStoreCannotBeOpened()
{
    const QTemporaryDir dataDir;
    QVERIFY(QDir(dataDir.path()).mkpath(u"jobs.db"_s)); // a folder where the file should be
    Service service(settingsIn(dataDir.path()), { .name = u"t"_s, .version = u"1"_s });
    service.job(u"nothing"_s, [](const JobContext &) {});
    QSignalSpy failed(&service, &Service::startFailed);
    QVERIFY(service.start());
    QVERIFY(failed.wait(10'000));
    QCOMPARE(service.lifecycle().state(), LifecycleState::Starting);
}

QTEST_GUILESS_MAIN(JobServiceTest)
#include "tst_jobservice.moc"
