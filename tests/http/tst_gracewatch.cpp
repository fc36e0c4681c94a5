// SPDX-License-Identifier: GPL-3.0-only
// Warning of a grace period that is shorter than requests take: when, of what, and until when.
#include "service/http/metrics/gracewatch.h"
#include "service/http/metrics/httpmeter.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

class GraceWatchTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhichRouteAndHowMuch();
    void waitsForEnoughAnswers();
    void fastRoutesAreNoneOfItsBusiness();
    void endsWhenTheSlowOnesAreForgotten();
    void doesNothingWhileNothingIsSlow();
    void aGraceOfZeroIsMeantSo();
};

namespace {

struct Stage
{
    explicit Stage(std::chrono::milliseconds grace = 1s)
        : watch(clock, meter, grace)
    { }
    void answer(int count, SteadyTime::duration took)
    {
        for (int i = 0; i < count; ++i)
            meter.answered(route, 200, took, clock.now());
    }

    LogRecorder log{ "quiesce.grace" };
    ManualClock clock;
    HttpMeter meter;
    RouteStats &route = meter.addRoute(QStringLiteral("/slow"));
    GraceWatch watch;
};

} // namespace

void GraceWatchTest::saysWhichRouteAndHowMuch()
{
    Stage on;
    on.answer(100, 1'500ms);
    QCOMPARE(on.watch.shortfalls().size(), 0); // not in the middle of an answer
    on.clock.advance(GraceWatch::kLookAfter);
    QCOMPARE(on.watch.shortfalls().size(), 1);
    const GraceWatch::Shortfall &found = on.watch.shortfalls().first();
    QCOMPARE(found.route, QStringLiteral("/slow"));
    QVERIFY(found.needed >= 1'500ms && found.needed <= 1'875ms);
    QCOMPARE(found.missing, found.needed - 1s);
    QCOMPARE(on.watch.notes().size(), 1);
    QVERIFY(on.watch.notes().first().startsWith(QStringLiteral("requests of /slow take up to 1")));
    QCOMPARE(on.log.lines(QLatin1StringView("warning")).size(), 1);
    on.answer(100, 1'500ms);
    on.clock.advance(GraceWatch::kLookAfter);
    QCOMPARE(on.log.lines().size(), 1); // said once
}

void GraceWatchTest::waitsForEnoughAnswers()
{
    Stage on;
    on.answer(GraceWatch::kLeastSamples - 1, 2s);
    on.clock.advance(GraceWatch::kLookAfter);
    QCOMPARE(on.watch.shortfalls().size(), 0);
    on.answer(1, 2s);
    on.clock.advance(GraceWatch::kLookAfter);
    QCOMPARE(on.watch.shortfalls().size(), 1);
}

void GraceWatchTest::fastRoutesAreNoneOfItsBusiness()
{
    Stage on;
    on.answer(1'000, 10ms);
    on.answer(5, 2s); // within the slowest hundredth
    on.clock.advance(GraceWatch::kLookAfter);
    QCOMPARE(on.watch.shortfalls().size(), 0);
    QCOMPARE(on.log.lines().size(), 0);
}

void GraceWatchTest::endsWhenTheSlowOnesAreForgotten()
{
    Stage on;
    on.answer(50, 2s);
    on.clock.advance(GraceWatch::kLookAfter);
    QCOMPARE(on.watch.notes().size(), 1);
    on.clock.advance(2 * LatencyHistogram::kWindow + 1s);
    QCOMPARE(on.watch.notes().size(), 0);
    QCOMPARE(on.log.lines(QLatin1StringView("info")).size(), 1);
    QCOMPARE(on.clock.alarmsSet(), 0);
}

void GraceWatchTest::doesNothingWhileNothingIsSlow()
{
    Stage on;
    on.answer(1'000, 999ms);
    QCOMPARE(on.clock.alarmsSet(), 0);
}

void GraceWatchTest::aGraceOfZeroIsMeantSo()
{
    Stage on(0ms);
    on.answer(100, 1s);
    QCOMPARE(on.clock.alarmsSet(), 0);
}

QTEST_GUILESS_MAIN(GraceWatchTest)
#include "tst_gracewatch.moc"
