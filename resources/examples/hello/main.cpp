// SPDX-License-Identifier: GPL-3.0-only
// hello: a service of one's own in some thirty lines. It answers, counts in the background, does
// jobs that outlive it, and on SIGTERM or Ctrl-C finishes every request before it says goodbye.
#include <QTextStream>
#include <QThread>
#include <Quiesce/Program>
#include <atomic>
#include <condition_variable>
#include <mutex>

namespace {

/// Counts to "to", a tenth of a second each, also across a stop or a crash of the service.
quiesce::JobOutcome count(const quiesce::JobContext &job)
{
    const QString kCounted = QStringLiteral("counted");
    int counted = job.lastCheckpoint() ? job.lastCheckpoint()->value(kCounted).toInt() : 0;
    for (const int to = job.payload().value(QStringLiteral("to")).toInt(); counted < to;) {
        if (job.isStopping() || job.stopToken().stop_requested()) // a stop has begun, or a cancel
            return quiesce::JobOutcome::interrupted();
        QThread::msleep(100);
        job.checkpoint({ { kCounted, ++counted } }); // on the disk when it returns
    }
    return quiesce::JobOutcome::success(counted);
}

} // namespace

int main(int argc, char *argv[])
{
    quiesce::Program program(argc, argv,
                             { .name = QStringLiteral("hello"), .version = QStringLiteral("1.0") });
    quiesce::Service &service = program.service();
    std::atomic<int> greeted = 0;

    service.route(QStringLiteral("/hello/<arg>"), [&](const QString &who) {
        ++greeted;
        return QStringLiteral("Hello, %1!").arg(who);
    });
    service.route(QStringLiteral("/slow"), [&](const quiesce::RequestContext &request) {
        return service.onPool([&greeted, request] { // may block; should look at its stop token
            const std::stop_token gaveUp = request.stopToken();
            for (int i = 0; i < 10 && !gaveUp.stop_requested(); ++i)
                QThread::msleep(100);
            ++greeted;
            return gaveUp.stop_requested() ? QStringLiteral("gave up")
                                           : QStringLiteral("Hello at last!");
        });
    });
    // POST /v1/jobs {"kind":"count","payload":{"to":50}}
    service.job(QStringLiteral("count"), &count);
    service.background(QStringLiteral("heartbeat"), [](const std::stop_token &stop) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any wakeUp;
        while (!wakeUp.wait_for(lock, stop, std::chrono::seconds(10), [] { return false; })
               && !stop.stop_requested())
            qInfo("still here");
    });
    service.onStop(QStringLiteral("goodbye"), [&] {
        QTextStream(stdout) << "greeted " << greeted << " times, goodbye" << Qt::endl;
    });
    return program.run();
}
