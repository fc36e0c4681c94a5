// SPDX-License-Identifier: GPL-3.0-only
// A service with kinds of jobs as good and as bad as a stranger's may be. SUBJECT_RUNS names the
// file in which `once` leaves a line for each run.
#include "service/program.h"

#include <QFile>
#include <QPromise>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <unistd.h>

using namespace Qt::StringLiterals;
using quiesce::JobContext;
using quiesce::JobOutcome;

namespace {

QFuture<JobOutcome> ready(const JobOutcome &outcome)
{
    return QtFuture::makeReadyFuture(outcome);
}

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
    service.job({ .name = u"echo"_s, .handler = [](const JobContext &job) {
                     return ready(JobOutcome::success(job.payload()));
                 } });
    service.job({ .name = u"half"_s, .handler = [&service](const JobContext &job) {
                     return service.onJobPool([job] { return half(job); });
                 } });
    service.job({ .name = u"stubborn"_s, .handler = [&service](const JobContext &job) {
                     return service.onJobPool([job] { return stubborn(job); });
                 } });
    service.job(
        { .name = u"once"_s, .handler = [](const JobContext &job) { return ready(once(job)); } });
    service.job({ .name = u"fail"_s, .handler = [](const JobContext &) {
                     return ready(JobOutcome::finalFailure(u"it cannot be done"_s));
                 } });
    service.job({ .name = u"die"_s, .handler = [](const JobContext &) {
                     ::kill(::getpid(), SIGKILL);
                     return ready(JobOutcome::success());
                 } });
    service.job({ .name = u"write"_s, .handler = [](const JobContext &job) {
                     job.appendOutput(QByteArray(job.payload()["bytes"_L1].toInt(), 'x') + "end");
                     return ready(JobOutcome::success());
                 } });
    service.job({ .name = u"picky"_s,
                  .handler = [](const JobContext &) { return ready(JobOutcome::success()); },
                  .check =
                      [](const QJsonObject &payload) {
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
