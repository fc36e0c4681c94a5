// SPDX-License-Identifier: GPL-3.0-only
// How long a kept-alive connection counts as in use.
#include "service/http/rhythm.h"

#include <QTest>

using namespace std::chrono_literals;
using quiesce::Rhythm;
using quiesce::SteadyTime;

class RhythmTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aConnectionNeverUsedHasTheLeast();
    void aFastRhythmHasTheLeast();
    void aSlowRhythmHasFourOfItsGaps();
    void lingerIsTheMost();
    void aLongerGapCountsAtOnceAndShorterOnesSlowly();
    void theTimeOfAnAnswerIsNoGap();
};

namespace {

constexpr SteadyTime kStart{ 1h };
constexpr auto kLinger = 10s;

/// Requests that are answered at once, each so long after the answer before it.
SteadyTime useWithGaps(Rhythm &rhythm, SteadyTime now,
                       std::initializer_list<std::chrono::milliseconds> gaps)
{
    rhythm.requestBegan(now);
    rhythm.answered(now);
    for (const std::chrono::milliseconds gap : gaps) {
        now += gap;
        rhythm.requestBegan(now);
        rhythm.answered(now);
    }
    return now;
}

} // namespace

void RhythmTest::aConnectionNeverUsedHasTheLeast()
{
    QCOMPARE(Rhythm(kStart).inUseUntil(kLinger) - kStart, 400ms);
}

void RhythmTest::aFastRhythmHasTheLeast()
{
    Rhythm rhythm(kStart);
    const SteadyTime last = useWithGaps(rhythm, kStart, { 2ms, 2ms, 99ms });
    QCOMPARE(rhythm.inUseUntil(kLinger) - last, 400ms);
}

void RhythmTest::aSlowRhythmHasFourOfItsGaps()
{
    Rhythm rhythm(kStart);
    const SteadyTime last = useWithGaps(rhythm, kStart, { 500ms, 500ms });
    QCOMPARE(rhythm.inUseUntil(kLinger) - last, 2s);
}

void RhythmTest::lingerIsTheMost()
{
    Rhythm rhythm(kStart);
    const SteadyTime last = useWithGaps(rhythm, kStart, { 5s });
    QCOMPARE(rhythm.inUseUntil(1s) - last, 1s);
    QCOMPARE(rhythm.inUseUntil(100ms) - last, 100ms);
    QCOMPARE(rhythm.inUseUntil(0ms) - last, 0ms);
}

void RhythmTest::aLongerGapCountsAtOnceAndShorterOnesSlowly()
{
    Rhythm rhythm(kStart);
    SteadyTime last = useWithGaps(rhythm, kStart, { 100ms, 800ms });
    QCOMPARE(rhythm.inUseUntil(kLinger) - last, 3'200ms);
    last += 400ms;
    rhythm.requestBegan(last);
    rhythm.answered(last);
    QCOMPARE(rhythm.inUseUntil(kLinger) - last, 4 * 700ms);
}

void RhythmTest::theTimeOfAnAnswerIsNoGap()
{
    Rhythm rhythm(kStart);
    rhythm.requestBegan(kStart + 5s); // how long it took to its first request is no rhythm
    rhythm.answered(kStart + 60s);
    QCOMPARE(rhythm.inUseUntil(kLinger) - (kStart + 60s), 400ms);
    rhythm.requestBegan(kStart + 60s + 1ms);
    rhythm.answered(kStart + 90s);
    QCOMPARE(rhythm.inUseUntil(kLinger) - (kStart + 90s), 400ms);
}

QTEST_APPLESS_MAIN(RhythmTest)
#include "tst_rhythm.moc"
