// SPDX-License-Identifier: GPL-3.0-only
// What the guide resources/doxygen/from-go.md shows: each of its C++ blocks stands here, line for
// line (a test compares them), so that it compiles. The program itself is run by a test, too.
#include <QCoreApplication>
#include <QThread>
#include <QtConcurrentRun>
#include <Quiesce/InFlight>
#include <Quiesce/Program>
#include <condition_variable>
#include <mutex>
#include <tuple>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString rowOf(int number)
{
    QThread::msleep(20);
    return QString::number(number);
}

/// A program that has a main() of its own already: the parts without Program.
[[maybe_unused]] int embedded(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    quiesce::UnixSignals signals; // first: threads made later inherit what it blocks
    quiesce::Service service({}, { .name = u"shop"_s, .version = u"1.0"_s });
    service.route(u"/hello"_s, [] { return QStringLiteral("hello"); });

    QObject::connect(&signals, &quiesce::UnixSignals::received, &service,
                     [&](quiesce::SignalIntent intent, const quiesce::StopCause &cause) {
                         if (intent == quiesce::SignalIntent::Force)
                             service.lifecycle().force(cause);
                         else if (intent == quiesce::SignalIntent::Stop)
                             std::ignore = service.lifecycle().tryStop(
                                 { .cause = cause, .lameDuck = {}, .grace = 10s });
                     });
    QObject::connect(
        &service, &quiesce::Service::stopped, &app,
        [](const quiesce::StopReport &report) { QCoreApplication::exit(report.exitCode); });

    if (const auto started = service.start(); !started)
        qFatal("%s", qUtf8Printable(started.error()));
    return QCoreApplication::exec();
}

/// Waits for work of one's own, apart from any service.
[[maybe_unused]] void waitForAll(QObject *context, const std::function<void()> &whenDone)
{
    static quiesce::SystemClock clock;
    auto *work = new quiesce::InFlight(clock, context);

    for (int i = 0; i < 3; ++i)
        work->track(QtConcurrent::run([i] { return rowOf(i); }), quiesce::WorkKind::Task, u"row"_s);
    QObject::connect(work, &quiesce::InFlight::drained, context, whenDone);
    work->beginDrain(); // drained() comes once, when the last has finished
}

void addRequests(quiesce::Service &service)
{
    service.route(u"/report"_s, [&service](const quiesce::RequestContext &request) {
        return service.onPool([request] {
            QString rows;
            for (int i = 0; i < 10 && !request.stopToken().stop_requested(); ++i)
                rows += rowOf(i);
            return rows;
        });
    });

    service.route(u"/forecast"_s, [&service](const quiesce::RequestContext &request) {
        return service.onPool([request] {
            const QDeadlineTimer mine(2s);
            const QDeadlineTimer deadline = std::min(mine, request.deadline());
            qsizetype rows = 0;
            while (rows < 10 && !deadline.hasExpired() && !request.stopToken().stop_requested())
                rows += rowOf(1).size();
            return QString::number(rows);
        });
    });

    service.route(u"/watch"_s, [&service](const quiesce::RequestContext &request) {
        return service.onPool([request] {
            for (int i = 0; i < 500 && !request.isStopping(); ++i)
                QThread::msleep(10);
            return request.isStopping() ? u"a stop has begun"_s : u"nothing has happened"_s;
        });
    });

    service.route(u"/parts"_s, [&service] {
        const auto failed = std::make_shared<std::stop_source>();
        QList<QFuture<QString>> parts;
        for (int part = 0; part < 3; ++part) {
            parts << service.onPool([failed, part]() -> QString {
                if (failed->stop_requested())
                    return {};
                try {
                    return rowOf(part);
                } catch (...) {
                    failed->request_stop(); // the others need not go on
                    throw; // and the first error is what whoever asked gets: 500
                }
            });
        }
        return QtFuture::whenAll(parts.begin(), parts.end())
            .then([](const QList<QFuture<QString>> &all) {
                QString whole;
                for (const QFuture<QString> &part : all)
                    whole += part.result(); // throws what the part threw
                return whole;
            });
    });
}

void addWork(quiesce::Service &service)
{
    service.onStop(u"flush"_s, [] { rowOf(0); });
    service.onStop(
        u"unregister"_s, [] { rowOf(1); }, 5s);

    service.background(u"refresh"_s, [](const std::stop_token &stop) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any wakeUp;
        while (!stop.stop_requested()) {
            rowOf(1);
            wakeUp.wait_for(lock, stop, 30s, [] { return false; });
        }
    });
}

} // namespace

int main(int argc, char *argv[])
{
    quiesce::Program program(argc, argv, { .name = u"shop"_s, .version = u"1.0"_s });
    addRequests(program.service());
    addWork(program.service());
    return program.run();
}
