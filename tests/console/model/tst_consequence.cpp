// SPDX-License-Identifier: GPL-3.0-only
// What a change would do, in numbers, and what is said where a number is not known.
#include "console/model/acting/consequence.h"
#include "tests/console/actingstage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

std::unique_ptr<Instance> busy(qint64 inFlight, qint64 jobs, std::chrono::milliseconds oldest,
                               std::chrono::milliseconds predicted = 4s)
{
    auto instance = std::make_unique<Instance>(specNamed(u"api"_s));
    Stats stats = statsIn(LifecycleState::Serving, inFlight, jobs);
    stats.oldestInFlight = oldest;
    stats.predictedDrain = predicted;
    show(*instance, stats);
    return instance;
}

QString told(const CommandRequest &request, const QList<Instance *> &instances)
{
    return Consequence::of(request, instances).join(u'\n');
}

} // namespace

class ConsequenceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofAStop();
    void ofAStopTheServicesOwnTimesAreNotKnown_data();
    void ofAStopTheServicesOwnTimesAreNotKnown();
    void ofAForce();
    void ofAForceOnWhatIsIdle();
    void namesWhatAForceLoses();
    void namesTheOldestRequest();
    void ofAnExtension();
    void ofAnExtensionWithinABudget_data();
    void ofAnExtensionWithinABudget();
    void ofAnExtensionOfMany();
    void ofAnExtensionOfWhatIsNotKnown();
    void ofAQuiesce();
    void ofAResume();
    void ofACancel();
    void addsUpMany();
    void saysWhatIsNotKnown();
    void saysThatNumbersMayBeOld();
    void ofNothingIsNothing();
};

void ConsequenceTest::ofAStop()
{
    const auto api = busy(3, 2, 1s);
    QCOMPARE(told({ .verb = Verb::Stop, .lameDuck = 5s, .grace = 25s }, { api.get() }),
             u"3 requests in flight and 2 jobs running.\n"
             "Lame duck 5 s, then up to 25 s to finish.\n"
             "What is in flight should take about 4 s, by what is seen now.\n"
             "Jobs that do not finish are queued again."_s);
}

void ConsequenceTest::ofAStopTheServicesOwnTimesAreNotKnown_data()
{
    using Duration = std::optional<std::chrono::milliseconds>;
    QTest::addColumn<Duration>("lameDuck");
    QTest::addColumn<Duration>("grace");
    QTest::addColumn<QString>("expected");
    QTest::newRow("neither") << Duration() << Duration()
                             << u"Lame duck and grace are the service's own (not known here)."_s;
    QTest::newRow("lame duck")
        << Duration(0s) << Duration()
        << u"Lame duck 0 s, then the service's own grace to finish (not known here)."_s;
    QTest::newRow("grace")
        << Duration() << Duration(90s)
        << u"The service's own lame duck (not known here), then up to 1 min 30 s to finish."_s;
}

void ConsequenceTest::ofAStopTheServicesOwnTimesAreNotKnown()
{
    QFETCH(const std::optional<std::chrono::milliseconds>, lameDuck);
    QFETCH(const std::optional<std::chrono::milliseconds>, grace);
    const auto api = busy(0, 0, 0s);
    const QStringList lines = Consequence::of(
        { .verb = Verb::Stop, .lameDuck = lameDuck, .grace = grace }, { api.get() });
    QCOMPARE(lines.size(), 3);
    QTEST(lines[1], "expected");
}

void ConsequenceTest::ofAForce()
{
    const auto api = busy(12, 2, 3'200ms);
    QCOMPARE(told({ .verb = Verb::Force }, { api.get() }),
             u"Cuts 12 requests now (the oldest 3.2 s).\n"
             "2 jobs go back to the queue and lose what came after their last checkpoint.\n"
             "Stop hooks that have not run are skipped. This cannot be undone."_s);
}

void ConsequenceTest::ofAForceOnWhatIsIdle()
{
    const auto api = busy(0, 0, 0s);
    const QStringList lines = Consequence::of({ .verb = Verb::Force }, { api.get() });
    QCOMPARE(lines.value(0), u"No request is in flight now."_s);
    QCOMPARE(lines.value(1), u"No job is running now."_s);
}

void ConsequenceTest::namesWhatAForceLoses()
{
    const auto api = busy(11, 0, 3'200ms);
    StopView stop = stopWith(12s);
    for (int i = 0; i < 10; ++i) {
        Blocker request;
        request.kind = u"request"_s;
        request.label = u"GET /work/%1"_s.arg(i);
        request.age = std::chrono::seconds(20 - i);
        stop.waitingOn.append(request);
    }
    stop.waitingOnTotal = 11;
    show(*api, statsIn(LifecycleState::Draining, 11), stop);
    const QStringList lines = Consequence::of({ .verb = Verb::Force }, { api.get() });
    QCOMPARE(lines.size(), 3 + 8 + 1);
    QCOMPARE(lines[3], u"• GET /work/0, 20 s"_s);
    QCOMPARE(lines[10], u"• GET /work/7, 13 s"_s);
    QCOMPARE(lines[11], u"• and 3 more"_s);
    const auto other = busy(1, 0, 1s);
    QCOMPARE(Consequence::of({ .verb = Verb::Force }, { api.get(), other.get() }).size(), 3);
}

void ConsequenceTest::namesTheOldestRequest()
{
    const auto api = busy(1, 1, 3'200ms);
    StopView stop = stopWith(12s);
    Blocker job;
    job.kind = u"job"_s;
    job.label = u"digest"_s;
    Blocker request;
    request.kind = u"request"_s;
    request.method = u"POST"_s;
    request.route = u"/work"_s;
    stop.waitingOn = { job, request };
    Stats stats = api->snapshot()->stats;
    stats.state = LifecycleState::Draining;
    show(*api, stats, stop);
    const QStringList lines = Consequence::of({ .verb = Verb::Force }, { api.get() });
    QCOMPARE(lines.value(0), u"Cuts 1 request now (the oldest 3.2 s, POST /work)."_s);
    QCOMPARE(lines.value(1),
             u"1 job goes back to the queue and loses what came after its last checkpoint."_s);
}

void ConsequenceTest::ofAnExtension()
{
    const auto api = busy(1, 0, 1s);
    show(*api, statsIn(LifecycleState::Draining, 1), stopWith(12s));
    QCOMPARE(told({ .verb = Verb::Extend, .by = 10s }, { api.get() }),
             u"The deadline moves from 14:02:30 to 14:02:40 (remaining 12 s → 22 s)."_s);
}

void ConsequenceTest::ofAnExtensionWithinABudget_data()
{
    QTest::addColumn<QTime>("latest");
    QTest::addColumn<QString>("expected");
    QTest::newRow("room") << QTime(14, 3, 0)
                          << u"The service's budget allows until 14:03:00, 30 s more at most."_s;
    QTest::newRow("just") << QTime(14, 2, 40)
                          << u"The service's budget allows until 14:02:40, 10 s more at most."_s;
    QTest::newRow("too much") << QTime(
        14, 2,
        39) << u"The service will refuse so much: its budget ends at 14:02:39, 9 s more at most."_s;
    QTest::newRow("no room") << QTime(
        14, 2,
        30) << u"The service will refuse: its stop already lasts as long as its budget allows."_s;
}

void ConsequenceTest::ofAnExtensionWithinABudget()
{
    QFETCH(const QTime, latest);
    const auto api = busy(1, 0, 1s);
    StopView stop = stopWith(12s);
    stop.latestDeadlineAt = QDateTime(stop.deadlineAt.date(), latest);
    show(*api, statsIn(LifecycleState::Draining, 1), stop);
    const QStringList lines = Consequence::of({ .verb = Verb::Extend, .by = 10s }, { api.get() });
    QCOMPARE(lines.size(), 2);
    QTEST(lines.last(), "expected");
}

void ConsequenceTest::ofAnExtensionOfMany()
{
    const auto first = busy(1, 0, 1s);
    const auto second = busy(1, 0, 1s);
    show(*first, statsIn(LifecycleState::Draining, 1), stopWith(12s));
    show(*second, statsIn(LifecycleState::Draining, 1), stopWith(7s));
    QCOMPARE(told({ .verb = Verb::Extend, .by = 30s }, { first.get(), second.get() }),
             u"2 deadlines move by 30 s.\nThe nearest: remaining 7 s → 37 s."_s);
}

void ConsequenceTest::ofAnExtensionOfWhatIsNotKnown()
{
    const auto api = busy(1, 0, 1s);
    QCOMPARE(told({ .verb = Verb::Extend, .by = 10s }, { api.get() }),
             u"The deadline moves by 10 s; where it stands now is not known."_s);
}

void ConsequenceTest::ofAQuiesce()
{
    const auto api = busy(1, 1, 1s);
    QCOMPARE(told({ .verb = Verb::Quiesce }, { api.get() }),
             u"Out of rotation until resumed; nothing is stopped, no new job is started.\n"
             "What is in progress goes on: 1 request in flight and 1 job running."_s);
}

void ConsequenceTest::ofAResume()
{
    const auto api = busy(1, 1, 1s);
    QCOMPARE(Consequence::of({ .verb = Verb::Resume }, { api.get() }).size(), 1);
    show(*api, statsIn(LifecycleState::LameDuck), stopWith(7s));
    QCOMPARE(Consequence::of({ .verb = Verb::Resume }, { api.get() }).value(1),
             u"The stop under way is taken back."_s);
}

void ConsequenceTest::ofACancel()
{
    const auto api = busy(1, 1, 1s);
    StopView stop = stopWith(7s);
    Blocker request;
    request.kind = u"request"_s;
    request.id = u"42"_s;
    request.label = u"POST /work %1"_s;
    request.age = 3'200ms;
    stop.waitingOn = { request };
    show(*api, statsIn(LifecycleState::Draining), stop);
    QCOMPARE(told({ .verb = Verb::CancelRequest, .target = u"42"_s }, { api.get() }),
             u"The request POST /work %1 (3.2 s) is told to give up; its client gets an error."_s);
    QCOMPARE(told({ .verb = Verb::CancelRequest, .target = u"43"_s }, { api.get() }),
             u"The request 43 is told to give up; its client gets an error."_s);
}

void ConsequenceTest::addsUpMany()
{
    const auto first = busy(3, 2, 1s, 4s);
    const auto second = busy(9, 0, 6s, 9s);
    const WorkInProgress work = WorkInProgress::of({ first.get(), second.get() });
    QCOMPARE(work.known, 2);
    QCOMPARE(work.requests, 12);
    QCOMPARE(work.jobs, 2);
    QCOMPARE(work.oldest, 6s);
    QCOMPARE(work.predicted, 9s);
}

void ConsequenceTest::saysWhatIsNotKnown()
{
    Instance unheard(specNamed(u"unheard"_s));
    QCOMPARE(told({ .verb = Verb::Force }, { &unheard }),
             u"How many requests it cuts is not known.\nHow many jobs it cuts is not known.\n"
             "Stop hooks that have not run are skipped. This cannot be undone.\n"
             "1 instance has not been heard of yet: what it is doing is unknown."_s);
    QCOMPARE(Consequence::of({ .verb = Verb::Stop }, { &unheard }).value(0),
             u"What is in progress is not known."_s);
}

void ConsequenceTest::saysThatNumbersMayBeOld()
{
    const auto api = busy(1, 1, 1s);
    setLink(*api, LinkState::Stale);
    QCOMPARE(Consequence::of({ .verb = Verb::Force }, { api.get() }).last(),
             u"1 instance is silent: its numbers may be old."_s);
}

void ConsequenceTest::ofNothingIsNothing()
{
    QVERIFY(Consequence::of({ .verb = Verb::Stop }, {}).isEmpty());
}

QTEST_GUILESS_MAIN(ConsequenceTest)
#include "tst_consequence.moc"
