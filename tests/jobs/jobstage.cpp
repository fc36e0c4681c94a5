// SPDX-License-Identifier: GPL-3.0-only
// JobStage: see the header.
#include "tests/jobs/jobstage.h"

#include "common/readyfuture.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace quiesce::test {

QString nameOf(const QJsonObject &payload)
{
    return payload["name"_L1].toString();
}

JobStage::JobStage(const JobSettings &settings)
    : lifecycle(clock, inFlight, hooks, *notice, {},
                { .name = u"quiesced"_s, .instanceId = u"i-1"_s, .version = u"0.1.0"_s })
    , queue({ clock, inFlight, lifecycle, notice }, settings)
{
    hooks.addLast(u"jobs"_s, [this] {
        const auto promise = std::make_shared<QPromise<void>>();
        promise->start();
        queue.close([promise] { promise->finish(); });
        return promise->future();
    });
    lifecycle.setJobs(&queue);
    const auto slow = [this](const JobContext &context) { return beginSlow(context); };
    addKind(u"quick"_s,
            [](const JobContext &) { return quiesce::readyFuture(JobOutcome::success()); });
    addKind(u"slow"_s, slow);
    QVERIFY(queue.tryAddKind({ .name = u"single"_s, .handler = slow, .maxRunning = 1 }));
    listen();
}

JobStage::~JobStage()
{
    m_callbacks.clear();
    for (auto &[name, promise] : m_promises)
        promise.finish();
}

void JobStage::listen()
{
    connect(&queue, &JobQueue::jobChanged, this, [this](const Job &job) {
        note(u"%1 %2 %3/%4"_s.arg(nameOf(job.payload), QString(toWire(job.state)))
                 .arg(job.attempt)
                 .arg(job.maxAttempts));
    });
    connect(&queue, &JobQueue::jobProgressed, this, [this](const Job &job) {
        note(u"%1 at %2"_s.arg(nameOf(job.payload)).arg(job.progress.value_or(-1)));
    });
    connect(&lifecycle, &Lifecycle::stateChanged, this,
            [this](const StateChange &change) { note(u"= "_s + toWire(change.to)); });
    connect(&lifecycle, &Lifecycle::stopped, this, [this](const StopReport &made) {
        report = made;
        note(u"exit %1"_s.arg(made.exitCode));
    });
}

void JobStage::note(const QString &event)
{
    m_events << u"+%1 %2"_s.arg((clock.now() - m_start) / 1ms).arg(event);
}

void JobStage::addKind(const QString &name, JobKind::Handler handler)
{
    JobKind kind;
    kind.name = name;
    kind.handler = std::move(handler);
    QVERIFY(queue.tryAddKind(std::move(kind)));
}

void JobStage::serve()
{
    auto made = std::make_unique<FakeJobStore>(clock);
    store = made.get();
    queue.open(std::move(made), u"i-1"_s, [this](const Result<int, StoreError> &opened) {
        QVERIFY(opened);
        lifecycle.serve();
    });
    queue.setRandom([] { return 0.5; });
    settle();
    QCOMPARE(takeEvents(), QStringList{ u"+0 = serving"_s });
    store->takeCalls();
}

QString JobStage::submit(const QString &kind, const QString &name, JobRequest request)
{
    request.kind = kind;
    request.payload.insert(u"name"_s, name);
    queue.submit(request, [this, name](const Result<Submitted, JobError> &submitted) {
        if (submitted)
            m_ids.insert(name, submitted.value().job.id);
        else
            note(name + u" refused: "_s + toWire(submitted.error().kind));
    });
    settle();
    return id(name);
}

QFuture<JobOutcome> JobStage::beginSlow(const JobContext &context)
{
    const QString name = nameOf(context.payload());
    QString event = name + u" begins"_s;
    if (context.lastCheckpoint())
        event += u' '
            + QString::fromUtf8(
                     QJsonDocument(*context.lastCheckpoint()).toJson(QJsonDocument::Compact));
    note(event);
    m_callbacks.push_back(std::make_unique<std::stop_callback<std::function<void()>>>(
        context.stopToken(), [this, name] { note(name + u" told"_s); }));
    m_contexts.insert_or_assign(name, context);
    QPromise<JobOutcome> &promise = m_promises[name] = QPromise<JobOutcome>();
    promise.start();
    return promise.future();
}

void JobStage::finish(const QString &name, const JobOutcome &outcome)
{
    m_promises.at(name).addResult(outcome);
    m_promises.at(name).finish();
    settle();
}

void JobStage::stop(std::chrono::milliseconds lameDuck)
{
    const StopRequest request{ .cause = {}, .lameDuck = lameDuck, .grace = 25s };
    QVERIFY(lifecycle.tryStop(request));
    settle();
}

void JobStage::force()
{
    lifecycle.force({});
    settle();
}

QString JobStage::reported() const
{
    if (!report)
        return u"no report"_s;
    const StopReport::Jobs &jobs = report->jobs;
    return u"%1 %2 %3 %4"_s.arg(jobs.runningAtStop)
        .arg(jobs.finished)
        .arg(jobs.requeued)
        .arg(jobs.abandoned);
}

} // namespace quiesce::test
