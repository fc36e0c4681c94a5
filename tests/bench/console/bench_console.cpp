// SPDX-License-Identifier: GPL-3.0-only
// bench_console: what the console costs and how quick it is, in a window that nobody sees: paint
// latency, a fleet of 100, long lists, its start, and bad neighbours.
#include "console/client/discovery/bookmarkfile.h"
#include "console/console.h"
#include "console/model/instance/instancemodels.h"
#include "console/view/fleet/fleetpage.h"
#include "tests/bench/console/loopwatch.h"
#include "tests/console/support/fakeservice.h"
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <sys/resource.h>
#include <unistd.h>

namespace quiesce::bench {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kLongestWait = 60s;

void say(const QString &line)
{
    std::puts(qPrintable(line));
    std::fflush(stdout);
}

void turnFor(milliseconds time)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}

bool turnUntil(const std::function<bool()> &isDone, milliseconds atMost = kLongestWait)
{
    QElapsedTimer waited;
    waited.start();
    while (!isDone()) {
        if (waited.elapsed() > atMost.count())
            return false;
        turnFor(5ms);
    }
    return true;
}

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentMb()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').at(1).toDouble() * static_cast<double>(sysconf(_SC_PAGESIZE))
        / 1e6;
}

/// The real console, with connections to these addresses and a folder of its own.
class Subject final
{
public:
    explicit Subject(const QStringList &urls)
    {
        writeFile(u"token"_s, test::FakeService::token());
        QList<InstanceSpec> specs;
        for (const QString &url : urls) {
            InstanceSpec spec;
            spec.id = u"id-%1"_s.arg(specs.size());
            spec.adminUrl = QUrl(url);
            spec.tokenSource = TokenSource::File;
            spec.tokenFile = m_folder.filePath(u"token"_s);
            specs.append(spec);
        }
        writeFile(u"connections.json"_s, bookmarksToJson(specs));
        m_console = std::make_unique<Console>(ConsoleOptions{}, m_folder.path());
        m_console->start();
        m_console->window().resize(1'400, 900);
    }

    Console &console() { return *m_console; }
    [[nodiscard]] qsizetype liveCount() const
    {
        const QList<Instance *> all = m_console->fleet().instances();
        return std::count_if(all.cbegin(), all.cend(), [](const Instance *instance) {
            return instance->link().state == LinkState::Live;
        });
    }

private:
    void writeFile(const QString &name, const QByteArray &content) const
    {
        QFile file(m_folder.filePath(name));
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Console> m_console;
};

/// The process that plays the services.
class FakeFleet final
{
public:
    explicit FakeFleet(const QStringList &arguments)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(FAKEFLEET_PROGRAM), arguments);
        QByteArray output;
        while (!output.contains("ready\n") && m_process.waitForReadyRead(30'000))
            output += m_process.readAllStandardOutput();
        for (const QByteArray &line : output.split('\n')) {
            if (line.startsWith("http"))
                m_urls.append(QString::fromLatin1(line));
        }
    }
    ~FakeFleet()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }
    FakeFleet(const FakeFleet &) = delete;
    FakeFleet &operator=(const FakeFleet &) = delete;

    [[nodiscard]] const QStringList &urls() const { return m_urls; }

private:
    QProcess m_process;
    QStringList m_urls;
};

/// Calls back when anything in the window has been painted.
class PaintWatch final : public QObject
{
public:
    using QObject::QObject;
    std::function<void()> painted;

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::UpdateRequest && painted) {
            watched->removeEventFilter(this);
            watched->event(event); // what is to be painted is, now
            watched->installEventFilter(this);
            painted();
            return true;
        }
        return false;
    }
};

/// From the moment the service says it changed its state to the end of the paint that shows it.
bool measurePaintLatency(int rounds)
{
    test::ServiceProcess service;
    if (!service.start())
        return false;
    Subject subject({});
    Console &console = subject.console();
    const QUrl url(u"http://127.0.0.1:%1"_s.arg(service.adminPort()));
    InstanceSpec spec;
    spec.id = u"subject"_s;
    spec.adminUrl = url;
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = service.dataDir() + "/admin-token"_L1;
    console.fleet().addBookmark(spec);
    Instance *instance = console.fleet().find(spec.id);
    if (!turnUntil([&] { return instance->condition() == Condition::Serving; }))
        return false;
    console.window().fleetPage()->choose(instance);
    turnFor(1s);

    std::optional<qint64> changedAt;
    std::vector<double> latencies;
    QObject::connect(instance, &Instance::stateEntered, &console,
                     [&](const StateEvent &event) { changedAt = event.at.toMSecsSinceEpoch(); });
    PaintWatch watch;
    watch.painted = [&] {
        if (changedAt)
            latencies.push_back(
                static_cast<double>(QDateTime::currentMSecsSinceEpoch() - *changedAt));
        changedAt.reset();
    };
    console.window().installEventFilter(&watch);
    for (int round = 0; round < rounds; ++round) {
        const Verb verb = round % 2 == 0 ? Verb::Quiesce : Verb::Resume;
        const auto wanted = round % 2 == 0 ? Condition::Quiesced : Condition::Serving;
        const size_t before = latencies.size();
        instance->client()->send({ .verb = verb, .actor = u"bench"_s });
        if (!turnUntil(
                [&] { return instance->condition() == wanted && latencies.size() > before; }))
            return false;
        turnFor(milliseconds(17 + round % 13)); // out of step with the stats
    }
    const double worst = *std::max_element(latencies.begin(), latencies.end());
    say(u"paint      median %1 ms, longest %2 ms, of %3 changes   (to reach: median 50)"_s
            .arg(median(latencies))
            .arg(worst)
            .arg(latencies.size()));
    service.signal(SIGTERM);
    return service.waitForExit() == 0;
}

/// `draining` of the 100 are stopping and tell in each snapshot of all 200 that they wait for.
bool measureFleet(std::chrono::seconds time, int draining)
{
    const FakeFleet fleet({ u"--count"_s, u"100"_s, u"--in-flight"_s, u"200"_s, u"--draining"_s,
                            QString::number(draining) });
    Subject subject(fleet.urls());
    if (!turnUntil([&] { return subject.liveCount() == 100; }))
        return false;
    subject.console().window().fleetPage()->choose(
        subject.console().fleet().instances().constFirst());
    turnFor(5s);
    LoopWatch watch;
    const double cpuBefore = cpuSeconds();
    QElapsedTimer elapsed;
    elapsed.start();
    const double early = residentMb();
    turnFor(time);
    const double cpu =
        (cpuSeconds() - cpuBefore) / (static_cast<double>(elapsed.elapsed()) / 1'000) * 100;
    say(u"fleet      100 instances, %7 draining, %1 s: stall p99 %2 ms, longest %3 ms; CPU %4 % of "
        u"one core; "
        "memory %5 MB at the beginning, %6 MB at the end   (to reach: 16, -, 30, 200 and flat)"_s
            .arg(time.count())
            .arg(watch.quantile(0.99), 0, 'f', 1)
            .arg(watch.quantile(1), 0, 'f', 1)
            .arg(cpu, 0, 'f', 1)
            .arg(early, 0, 'f', 1)
            .arg(residentMb(), 0, 'f', 1)
            .arg(draining));
    return subject.liveCount() == 100;
}

/// Scrolls from end to end, a page a turn of the event loop; ms of the longest turn.
double scroll(QTableView &view)
{
    QScrollBar *bar = view.verticalScrollBar();
    LoopWatch watch;
    constexpr int kSteps = 200;
    for (int step = 0; step <= kSteps; ++step) {
        bar->setValue(static_cast<int>(qint64{ bar->maximum() } * step / kSteps));
        QEventLoop loop;
        QTimer::singleShot(0, &loop, &QEventLoop::quit);
        loop.exec();
        turnFor(1ms);
    }
    return watch.quantile(1);
}

QTableView *tableOf(QWidget &window, const QAbstractItemModel *source)
{
    for (QTableView *view : window.findChildren<QTableView *>()) {
        const QAbstractItemModel *model = view->model();
        while (const auto *proxy = qobject_cast<const QAbstractProxyModel *>(model))
            model = proxy->sourceModel();
        if (model == source)
            return view;
    }
    return nullptr;
}

QByteArray stopOf(int blockers)
{
    return QJsonDocument(test::fakeStopSnapshot(blockers)).toJson(QJsonDocument::Compact);
}

LinkStatus live()
{
    LinkStatus link;
    link.state = LinkState::Live;
    return link;
}

bool measureLists()
{
    Subject subject({ u"http://127.0.0.1:1"_s });
    Console &console = subject.console();
    Instance *instance = console.fleet().instances().constFirst();
    console.window().fleetPage()->choose(instance);
    InstanceModels *models = InstanceModels::of(instance);
    instance->takeLink(live());
    turnFor(200ms);
    constexpr int kBlockers = 10'000;
    constexpr int kEvents = 100'000;
    QList<QByteArray> snapshots;
    for (int i = 0; i < 10; ++i)
        snapshots.append(stopOf(kBlockers - 100 * i));
    LoopWatch watch;
    for (const QByteArray &snapshot : std::as_const(snapshots)) { // as they come by the stream
        instance->takeSnapshot(*snapshotFromJson(QJsonDocument::fromJson(snapshot).object()),
                               false);
        turnFor(200ms);
    }
    const double update = watch.quantile(1);
    QTableView *blockers = tableOf(console.window(), models->blockers());
    if (!blockers)
        return false;
    const double blockerScroll = scroll(*blockers);

    models->timeline()->setCapacity(kEvents);
    for (int i = 0; i < kEvents; ++i) {
        instance->logged({ .at = QDateTime::currentDateTimeUtc(),
                           .level = u"warning"_s,
                           .category = u"quiesce.http"_s,
                           .message = u"request refused"_s,
                           .fields = { { u"n"_s, i } } });
        if (i % 5'000 == 0)
            turnFor(1ms);
    }
    turnFor(500ms);
    QTableView *timeline = tableOf(console.window(), models->timeline());
    if (!timeline)
        return false;
    for (QWidget *page = timeline; page; page = page->parentWidget()) {
        if (auto *tabs = qobject_cast<QTabWidget *>(
                page->parentWidget() ? page->parentWidget()->parentWidget() : nullptr))
            tabs->setCurrentWidget(page);
    }
    turnFor(200ms);
    const double timelineScroll = scroll(*timeline);
    say(u"lists      %1 blockers: update %2 ms, scrolling %3 ms; %4 timeline rows: scrolling %5 ms "
        u"  "
        "(to reach: 50; the longest turns of the event loop)"_s.arg(models->blockers()->rowCount())
            .arg(update, 0, 'f', 1)
            .arg(blockerScroll, 0, 'f', 1)
            .arg(models->timeline()->rowCount())
            .arg(timelineScroll, 0, 'f', 1));
    return true;
}

qint64 monotonicMs()
{
    return std::chrono::duration_cast<milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// In the child: how long after its parent began it the window is there and nothing is left to do.
int runStartChild(qint64 startedAtMs)
{
    Subject subject({});
    QTimer::singleShot(0, &subject.console(), [&subject, startedAtMs] {
        // The first turn after the paint: from here on a click is answered.
        QTimer::singleShot(0, &subject.console(), [startedAtMs] {
            say(QString::number(monotonicMs() - startedAtMs));
            QCoreApplication::quit();
        });
    });
    return QApplication::exec();
}

bool measureStart(int rounds)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
                    { u"--start-child"_s, QString::number(monotonicMs()) });
        if (!child.waitForFinished(30'000) || child.exitCode() != 0)
            return false;
        times.push_back(child.readAllStandardOutput().trimmed().toDouble());
    }
    say(u"start      median %1 ms, longest %2 ms, of %3 starts   (to reach: 500)"_s
            .arg(median(times))
            .arg(*std::max_element(times.begin(), times.end()))
            .arg(times.size()));
    return true;
}

bool measureNeighbours(std::chrono::seconds time)
{
    const FakeFleet fleet({ u"--count"_s, u"17"_s, u"--flooding"_s, u"1"_s, u"--stalled"_s, u"1"_s,
                            u"--dead"_s, u"1"_s });
    Subject subject(fleet.urls());
    const auto areLive = [&subject] { return subject.liveCount() >= 17; };
    if (!turnUntil(areLive))
        return false;
    turnFor(2s);
    std::map<const Instance *, qint64> last;
    qint64 longest = 0;
    const auto now = [] { return monotonicMs(); };
    for (Instance *instance : subject.console().fleet().instances()) {
        if (instance->link().state != LinkState::Live
            || instance->displayName().startsWith("service-"_L1) == false)
            continue;
        last[instance] = now();
        QObject::connect(instance, &Instance::statsChanged, &subject.console(),
                         [&last, &longest, instance, now] {
                             longest = std::max(longest, now() - last[instance]);
                             last[instance] = now();
                         });
    }
    int notLive = 0;
    for (Instance *instance : subject.console().fleet().instances()) {
        QObject::connect(
            instance, &Instance::conditionChanged, &subject.console(), [&notLive, &last, instance] {
                if (last.contains(instance) && instance->link().state != LinkState::Live)
                    ++notLive;
            });
    }
    LoopWatch watch;
    turnFor(time);
    say(u"neighbours one dead, one stalled, one flooding, 17 others for %1 s: of these %2 were not "
        "live at some time, the longest gap between their stats %3 ms; stall p99 %4 ms, longest "
        "%5 ms   (to reach: 0)"_s.arg(time.count())
            .arg(notLive)
            .arg(longest)
            .arg(watch.quantile(0.99), 0, 'f', 1)
            .arg(watch.quantile(1), 0, 'f', 1));
    return last.size() == 17 && notLive == 0;
}

int run(QApplication &application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Measures the console offscreen. Names of measures: start "
                                     u"paint lists neighbours fleet draining; "
                                     "default: all."_s);
    parser.addHelpOption();
    parser.addOptions({
        { u"seconds"_s, u"of the fleet and of the neighbours"_s, u"N"_s, u"60"_s },
        { u"rounds"_s, u"of paint; a tenth of it of start"_s, u"N"_s, u"100"_s },
        { u"start-child"_s, u"used by the measure of the start itself"_s, u"ms"_s },
    });
    parser.process(application);
    if (parser.isSet(u"start-child"_s))
        return runStartChild(parser.value(u"start-child"_s).toLongLong());
    const std::chrono::seconds time(parser.value(u"seconds"_s).toInt());
    const int rounds = std::max(parser.value(u"rounds"_s).toInt(), 10);
    const QStringList only = parser.positionalArguments();
    bool areAllFine = true;
    const auto measure = [&](const QString &name, const std::function<bool()> &work) {
        if (!only.isEmpty() && !only.contains(name))
            return;
        if (!work()) {
            std::fprintf(stderr, "%s: could not be measured, or is not as it must be\n",
                         qPrintable(name));
            areAllFine = false;
        }
    };
    measure(u"start"_s, [rounds] { return measureStart(std::max(rounds / 10, 5)); });
    measure(u"paint"_s, [rounds] { return measurePaintLatency(rounds); });
    measure(u"lists"_s, [] { return measureLists(); });
    measure(u"neighbours"_s, [time] { return measureNeighbours(time); });
    measure(u"fleet"_s, [time] { return measureFleet(time, 0); });
    measure(u"draining"_s, [time] { return measureFleet(time, 100); });
    return areAllFine ? 0 : 1;
}

} // namespace

} // namespace quiesce::bench

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    // Nothing of this desktop's own is to be found or changed.
    const QTemporaryDir nowhere;
    for (const char *variable : { "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME" })
        qputenv(variable, QFile::encodeName(nowhere.path()));
    return quiesce::bench::run(application);
}
