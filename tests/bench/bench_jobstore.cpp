// SPDX-License-Identifier: GPL-3.0-only
// What the SQLite store does in a second, and what it costs when a million jobs are stored.
//
//     bench_jobstore [--seconds S] [--stored N] [--folder DIR]
//
// Prints one line a measure: name, value, unit. "cpu" is what the whole process used, which a disk
// or a neighbour does not disturb.
#include "service/core/clock.h"
#include "service/jobs/sqlite/schema.h"
#include "service/jobs/sqlite/sqlitejobstore.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QUuid>
#include <QVariant>
#include <cstdio>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

const QString kOwner = u"bench"_s;
constexpr int kSubmitters = 64;

void print(const QString &name, double value, const char *unit)
{
    std::printf("%-58s %12.1f %s\n", qPrintable(name), value, unit);
    std::fflush(stdout);
}

/// Microseconds of CPU that this process has used.
double cpuUs()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto us = [](const timeval &time) {
        return double(time.tv_sec) * 1e6 + double(time.tv_usec);
    };
    return us(usage.ru_utime) + us(usage.ru_stime);
}

/// A store that is opened, asked by closed loops, and closed. Each call runs the event loop, which
/// nothing else does in this program, until the last reply has come.
class Bench final : public QObject
{
public:
    explicit Bench(const QString &path)
        : m_store(path, m_clock)
    { }

    /// Milliseconds until it is open.
    double open()
    {
        QElapsedTimer timer;
        timer.start();
        m_store.open(kOwner, [this](const Result<int, StoreError> &opened) {
            if (!opened)
                qFatal("%s", qPrintable(opened.error().reason));
            m_rescued = opened.value();
            m_loop.quit();
        });
        m_loop.exec();
        return double(timer.nsecsElapsed()) / 1e6;
    }
    [[nodiscard]] int rescued() const { return m_rescued; }

    void close()
    {
        m_store.close([this](const auto &) { m_loop.quit(); });
        m_loop.exec();
    }

    /// So many, by 64 that each wait for their answer; microseconds for one.
    double submit(int count, bool hasKeys = false)
    {
        m_left = count;
        m_due = count;
        m_hasKeys = hasKeys;
        return timed(count, [this] {
            for (int i = 0; i < kSubmitters; ++i)
                submitOne();
        });
    }

    /// Runs so many that are queued, each trivial; microseconds for one. Whoever `frees early`
    /// takes the next job as soon as the work is done, while its end is still being written.
    double run(int count, int places, bool freesEarly)
    {
        m_left = count;
        m_due = count;
        m_free = places;
        m_freesEarly = freesEarly;
        return timed(count, [this] { claim(); });
    }
    [[nodiscard]] double cpuOfLast() const { return m_cpu; }

private:
    template <typename Work>
    double timed(int count, Work work)
    {
        QElapsedTimer timer;
        timer.start();
        const double before = cpuUs();
        work();
        m_loop.exec();
        m_cpu = (cpuUs() - before) / count;
        return double(timer.nsecsElapsed()) / 1e3 / count;
    }

    void submitOne()
    {
        if (m_due == 0)
            return;
        --m_due;
        NewJob job;
        job.id = newJobId(m_clock.utcNow());
        job.kind = u"sleep"_s;
        job.payload = { { u"ms"_s, 1 } };
        if (m_hasKeys) {
            job.idempotencyKey = QUuid::createUuid().toRfc4122();
            job.fingerprint = job.idempotencyKey;
        }
        m_store.submit(job, [this](const Result<Submitted, StoreError> &submitted) {
            if (!submitted)
                qFatal("%s", qPrintable(submitted.error().reason));
            submitOne();
            finishOne();
        });
    }

    void finishOne()
    {
        if (--m_left == 0)
            m_loop.quit();
    }

    void claim()
    {
        const int wanted = std::min(m_free, m_due);
        if (m_isClaiming || wanted == 0)
            return;
        m_isClaiming = true;
        ClaimRequest request;
        request.owner = kOwner;
        request.places = { { u"sleep"_s, wanted } };
        request.limit = wanted;
        m_store.claim(request, [this](const Result<QList<Job>, StoreError> &jobs) {
            m_isClaiming = false;
            for (const Job &job : jobs.value())
                runOne(job);
            if (m_freesEarly)
                claim();
        });
    }

    void runOne(const Job &job)
    {
        --m_due;
        m_free -= m_freesEarly ? 0 : 1;
        m_store.endAttempt({ job.id, kOwner, job.attempt }, { AttemptEnd::Succeeded{ 1 }, {} },
                           [this](const Result<Job, StoreError> &ended) {
                               if (!ended)
                                   qFatal("%s", qPrintable(ended.error().reason));
                               finishOne();
                               if (m_freesEarly)
                                   return;
                               ++m_free;
                               // After all ends of this commit, so that one claim is for all.
                               QMetaObject::invokeMethod(
                                   this, [this] { claim(); }, Qt::QueuedConnection);
                           });
    }

    SystemClock m_clock;
    SqliteJobStore m_store;
    QEventLoop m_loop;
    int m_rescued = 0;
    int m_left = 0; ///< to be answered
    int m_due = 0; ///< to be asked
    int m_free = 0;
    bool m_hasKeys = false;
    bool m_freesEarly = false;
    bool m_isClaiming = false;
    double m_cpu = 0;
};

/// Puts jobs of one state into a closed store's file, oldest ids first.
void fill(const QString &path, int count, JobState state)
{
    const QString name = u"fill"_s;
    {
        auto database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setDatabaseName(path);
        database.open();
        database.transaction();
        QSqlQuery insert(database);
        insert.prepare(u"INSERT INTO jobs (id, kind, state, attempt, max_attempts, created_at,"
                       " run_at, started_at, finished_at, owner, payload)"
                       " VALUES (?, 'sleep', ?, 1, 3, ?, ?, ?, ?, ?, '{\"ms\":1}')"_s);
        const QDateTime then = QDateTime::currentDateTimeUtc().addSecs(-86'400);
        for (int i = 0; i < count; ++i) {
            const QDateTime at = then.addMSecs(i / 64);
            insert.addBindValue(QUuid(newJobId(at)).toRfc4122());
            insert.addBindValue(int(state));
            for (int column = 0; column < 3; ++column)
                insert.addBindValue(at.toMSecsSinceEpoch());
            insert.addBindValue(hasEnded(state) ? QVariant(at.toMSecsSinceEpoch()) : QVariant());
            insert.addBindValue(state == JobState::Running ? QVariant(u"dead"_s) : QVariant());
            if (!insert.exec())
                qFatal("cannot fill");
        }
        database.commit();
        database.close();
    }
    QSqlDatabase::removeDatabase(name);
}

QString newStore(const QTemporaryDir &folder, const QString &name)
{
    const QString path = folder.filePath(name);
    Bench bench(path);
    bench.open();
    bench.close();
    return path;
}

void measureRates(const QTemporaryDir &folder, double seconds)
{
    Bench bench(newStore(folder, u"rates.db"_s));
    bench.open();
    const int sample = 4'096;
    bench.submit(sample); // the log has its size from here on
    const int count = int(seconds * 1e6 / bench.submit(sample));
    print(u"durable submissions, 64 clients"_s, 1e6 / bench.submit(count), "/s");
    print(u"  of them cpu"_s, bench.cpuOfLast(), "us each");
    print(u"the same with idempotency keys"_s, 1e6 / bench.submit(count, true), "/s");
    for (const int places : { 8, 64 }) {
        for (const bool freesEarly : { false, true }) {
            const double us = bench.run(places * 50, places, freesEarly);
            const int runs = std::min(int(seconds * 1e6 / us), count / 2);
            const QString how = freesEarly ? u"its place free early"_s : u"one after the other"_s;
            print(u"jobs claimed and ended, %1 places, %2"_s.arg(places).arg(how),
                  1e6 / bench.run(runs, places, freesEarly), "/s");
            print(u"  of them cpu"_s, bench.cpuOfLast(), "us each");
        }
    }
    bench.close();
}

struct Costs
{
    double submit;
    double submitCpu;
    double run;
    double runCpu;
};

Costs costsAt(const QTemporaryDir &folder, int stored, JobState state)
{
    const QString path = newStore(folder, u"stored-%1-%2.db"_s.arg(stored).arg(int(state)));
    fill(path, stored, state);
    Bench bench(path);
    print(u"open with %1 %2"_s.arg(stored).arg(toWire(state)), bench.open(), "ms");
    bench.submit(8'192); // the same warmth for all
    bench.run(2'048, 64, true);
    Costs costs{};
    costs.submit = bench.submit(16'384);
    costs.submitCpu = bench.cpuOfLast();
    costs.run = bench.run(8'192, 64, true);
    costs.runCpu = bench.cpuOfLast();
    bench.close();
    QFile::remove(path);
    return costs;
}

void measureScale(const QTemporaryDir &folder, int stored)
{
    for (const JobState state : { JobState::Succeeded, JobState::Queued }) {
        const Costs few = costsAt(folder, 1'000, state);
        const Costs many = costsAt(folder, stored, state);
        const QString of = u", %1 %2 : 1000"_s.arg(stored).arg(toWire(state));
        print(u"submit cpu"_s + of, many.submitCpu / few.submitCpu, "x");
        print(u"submit time"_s + of, many.submit / few.submit, "x");
        print(u"claim and end cpu"_s + of, many.runCpu / few.runCpu, "x");
        print(u"claim and end time"_s + of, many.run / few.run, "x");
    }
}

void measureStart(const QTemporaryDir &folder)
{
    const QString path = newStore(folder, u"start.db"_s);
    fill(path, 100'000, JobState::Queued);
    fill(path, 1'000, JobState::Running);
    Bench bench(path);
    print(u"open with 100000 queued and 1000 interrupted"_s, bench.open(), "ms");
    print(u"  of them rescued"_s, bench.rescued(), "jobs");
    bench.close();
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({
        { u"seconds"_s, u"How long each rate is measured."_s, u"S"_s, u"3"_s },
        { u"stored"_s, u"How many jobs are many."_s, u"N"_s, u"1000000"_s },
        { u"folder"_s, u"Where, on the disk to be measured."_s, u"DIR"_s, u"."_s },
    });
    parser.process(app);
    const QTemporaryDir folder(parser.value(u"folder"_s) + u"/bench_jobstore-XXXXXX"_s);
    if (!folder.isValid())
        qFatal("%s", qPrintable(folder.errorString()));
    measureRates(folder, parser.value(u"seconds"_s).toDouble());
    measureStart(folder);
    measureScale(folder, parser.value(u"stored"_s).toInt());
    return 0;
}
