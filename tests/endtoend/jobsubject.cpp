// SPDX-License-Identifier: GPL-3.0-only
// A service with kinds of jobs as good and as bad as a stranger's may be. SUBJECT_RUNS names the
// file in which `once` leaves a line for each run.
#include "service/program.h"

#include <QFile>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <unistd.h>

using namespace Qt::StringLiterals;
using quiesce::JobContext;
using quiesce::JobOutcome;

namespace {

void waitForEither(const std::stop_token &first, const std::stop_token &second)
{
    std::mutex mutex;
    std::condition_variable_any told;
    const std::stop_callback wake(second, [&] {
        const std::scoped_lock lock(mutex);
        told.notify_all();
    });
    std::unique_lock lock(mutex);
    told.wait(lock, first, [&] { return second.stop_requested(); });
}

/// Does its first half, and the other one only when it has been interrupted between them.
JobOutcome half(const JobContext &job)
{
    if (job.lastCheckpoint())
        return JobOutcome::success(QJsonObject{ { u"resumed"_s, *job.lastCheckpoint() } });
    if (!job.checkpoint({ { u"half"_s, job.payload()["name"_L1] } }))
        return JobOutcome::failure(u"the checkpoint was not kept"_s);
    job.setProgress(0.5);
    waitForEither(job.stopNotice(), job.stopToken());
    return JobOutcome::interrupted();
}

/// Hears of a stop and goes on, until its deadline.
JobOutcome stubborn(const JobContext &job)
{
    job.setProgress(0.5);
    waitForEither(job.stopToken(), job.stopToken());
    return JobOutcome::interrupted();
}

JobOutcome once(const JobContext &job)
{
    QFile runs(qEnvironmentVariable("SUBJECT_RUNS"));
    if (!runs.open(QIODevice::Append | QIODevice::Unbuffered))
        return JobOutcome::failure(runs.errorString());
    runs.write(job.id().toLatin1() + '\n');
    return JobOutcome::success(job.attempt());
}

void addKinds(quiesce::Service &service)
{
    service.job(u"echo"_s, [](const JobContext &job) { return job.payload(); });
    service.job(u"twice"_s, [](const JobContext &job) {
        QJsonObject result = job.payload();
        result.insert(u"again"_s, result["text"_L1]);
        return result;
    });
    service.job(u"half"_s, &half);
    service.job(u"stubborn"_s, &stubborn);
    service.job(u"once"_s, &once);
    service.job(u"fail"_s, [](const JobContext &) {
        return JobOutcome::finalFailure(u"it cannot be done"_s);
    });
    service.job(u"die"_s, [](const JobContext &) { ::kill(::getpid(), SIGKILL); });
    service.job(u"write"_s, [](const JobContext &job) {
        job.appendOutput(QByteArray(job.payload()["bytes"_L1].toInt(), 'x') + "end");
    });
    service.job({ .name = u"picky"_s,
                  .handler = service.onJobPool([](const JobContext &) {}),
                  .check = [](const QJsonObject &payload) {
                      return payload["ok"_L1].toBool() ? QString() : u"ok must be true"_s;
                  } });
}

} // namespace

int main(int argc, char *argv[])
{
    quiesce::Program program(argc, argv, { .name = u"jobsubject"_s, .version = u"1.0"_s });
    quiesce::Service &service = program.service();
    service.route(u"/hello"_s, [] { return QByteArrayLiteral("Hello"); });
    addKinds(service);
    return program.run();
}
