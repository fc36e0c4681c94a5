// SPDX-License-Identifier: GPL-3.0-only
// fakefleet: many services in one process that only talk, for the console's bench to watch. Prints
// an address a line and `ready`; lives until its standard input ends.
#include "tests/console/support/fakeservice.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonArray>
#include <QSocketNotifier>
#include <QTimer>
#include <cstdio>
#include <memory>
#include <unistd.h>
#include <vector>

namespace {

using namespace Qt::StringLiterals;
using quiesce::test::FakeService;

constexpr int kStatsEveryMs = 250;
constexpr int kSnapshotEveryMs = 5'000;
constexpr qint64 kFloodBytes = qint64{ 1 } << 40;

struct Wanted
{
    int count = 100;
    int inFlight = 200;
    int draining = 0; ///< of the count: stopping, and waiting for what is in flight
    int flooding = 0; ///< beside the count
    int stalled = 0;
    int dead = 0;
};

/// Serves, or stops and never comes to an end.
class Talker final
{
public:
    Talker(int number, const Wanted &wanted)
        : m_isDraining(number < wanted.draining)
        , m_inFlight(wanted.inFlight)
    {
        QJsonObject snapshot = m_isDraining ? quiesce::test::fakeStopSnapshot(wanted.inFlight)
                                            : quiesce::test::fakeSnapshot();
        snapshot["name"_L1] = u"service-%1"_s.arg(number, 3, 10, QChar(u'0'));
        snapshot["instanceId"_L1] = u"fake-%1"_s.arg(number);
        service.setSnapshot(snapshot);
    }

    void tell(int tick)
    {
        QJsonObject stats = quiesce::test::fakeStats(m_isDraining ? u"draining"_s : u"serving"_s,
                                                     m_inFlight + tick % 7);
        m_requests += 50 + tick % 11;
        QJsonObject requests = stats["requests"_L1].toObject();
        requests["total"_L1] = m_requests;
        stats["requests"_L1] = requests;
        stats["latency"_L1] = QJsonObject{ { u"p50Ms"_s, 2 + tick % 5 }, { u"p99Ms"_s, 20 } };
        service.push("stats", stats);
        if (tick % (kSnapshotEveryMs / kStatsEveryMs) == 0)
            service.pushSnapshot();
    }

    FakeService service;

private:
    bool m_isDraining;
    int m_inFlight;
    qint64 m_requests = 0;
};

Wanted readArguments()
{
    QCommandLineParser parser;
    const QList<QCommandLineOption> options{
        { u"count"_s, u"services"_s, u"N"_s, u"100"_s },
        { u"in-flight"_s, u"requests that each has"_s, u"N"_s, u"200"_s },
        { u"draining"_s, u"of them stopping"_s, u"N"_s, u"0"_s },
        { u"flooding"_s, u"more that send as fast as they can"_s, u"N"_s, u"0"_s },
        { u"stalled"_s, u"more that accept and say nothing"_s, u"N"_s, u"0"_s },
        { u"dead"_s, u"more that nobody listens at"_s, u"N"_s, u"0"_s },
    };
    parser.addOptions(options);
    parser.addHelpOption();
    parser.process(*QCoreApplication::instance());
    const auto number = [&parser](const QString &name) { return parser.value(name).toInt(); };
    return { .count = number(u"count"_s),
             .inFlight = number(u"in-flight"_s),
             .draining = number(u"draining"_s),
             .flooding = number(u"flooding"_s),
             .stalled = number(u"stalled"_s),
             .dead = number(u"dead"_s) };
}

void print(const FakeService &service)
{
    std::puts(qPrintable(service.spec().adminUrl.toString()));
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const Wanted wanted = readArguments();
    std::vector<std::unique_ptr<Talker>> talkers;
    for (int i = 0; i < wanted.count; ++i) {
        talkers.push_back(std::make_unique<Talker>(i, wanted));
        print(talkers.back()->service);
    }
    std::vector<std::unique_ptr<FakeService>> others;
    const auto add = [&others]() -> FakeService & {
        others.push_back(std::make_unique<FakeService>());
        print(*others.back());
        return *others.back();
    };
    std::vector<FakeService *> flooding;
    for (int i = 0; i < wanted.flooding; ++i)
        flooding.push_back(&add());
    for (int i = 0; i < wanted.stalled; ++i)
        add().playDead();
    for (int i = 0; i < wanted.dead; ++i)
        add().goAway();
    std::puts("ready");
    std::fflush(stdout);

    QTimer clock;
    int tick = 0;
    // Each in its own part of the quarter second, as services that know nothing of each other.
    constexpr int kSlices = 25;
    QObject::connect(&clock, &QTimer::timeout, &clock, [&] {
        const size_t slice = static_cast<size_t>(tick % kSlices);
        for (size_t i = slice; i < talkers.size(); i += kSlices)
            talkers[i]->tell(tick / kSlices);
        if (slice == 0) {
            for (FakeService *service : flooding) {
                if (service->streamCount() > 0)
                    service->flood(": what nobody asked for\n\n", kFloodBytes);
            }
        }
        ++tick;
    });
    clock.setTimerType(Qt::PreciseTimer);
    clock.start(kStatsEveryMs / kSlices);

    const QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &application, [] {
        char byte = 0;
        if (::read(STDIN_FILENO, &byte, 1) <= 0)
            QCoreApplication::quit();
    });
    return QCoreApplication::exec();
}
