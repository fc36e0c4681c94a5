// SPDX-License-Identifier: GPL-3.0-only
// Durations counted in buckets: as exact as promised, and forgotten in time.
#include "service/core/latencyhistogram.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using quiesce::LatencyHistogram;
using quiesce::SteadyTime;
using std::chrono::microseconds;

namespace {

const SteadyTime kStart{ 1'000h };

/// By nearest rank: what a LatencyHistogram approximates.
qint64 exactQuantile(std::vector<qint64> values, double share)
{
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::max<size_t>(rank, 1) - 1];
}

qint64 micros(const std::optional<microseconds> &duration)
{
    return duration ? duration->count() : -1;
}

/// Never below the exact one, at most a quarter (and what rounding up adds) above it.
bool isAbout(qint64 given, qint64 exact)
{
    return given >= exact && given <= exact + exact / 4 + 1;
}

} // namespace

class LatencyHistogramTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyAtFirst();
    void eachDurationIsGivenAtMostAQuarterTooLong();
    void quantilesAreNeverTooShort_data();
    void quantilesAreNeverTooShort();
    void knowsWhatIsLeftAtAnAge();
    void whatLiesOutsideCountsAsTheNearest();
    void forgetsAfterOneToTwoWindows();
    void keepsNothingLongerThanTwoWindows();
    void forgetsSoonerWithAShorterWindow();
};

void LatencyHistogramTest::isEmptyAtFirst()
{
    const LatencyHistogram histogram;
    QCOMPARE(histogram.count(kStart), 0U);
    QVERIFY(!histogram.quantile(0.5, kStart));
    QVERIFY(!histogram.left(0us, 0.5, kStart));
}

void LatencyHistogramTest::eachDurationIsGivenAtMostAQuarterTooLong()
{
    for (qint64 value = 1; value < (qint64{ 1 } << 32); value += std::max<qint64>(1, value / 97)) {
        LatencyHistogram histogram;
        histogram.add(microseconds(value), kStart);
        const qint64 given = micros(histogram.quantile(1.0, kStart));
        QVERIFY2(isAbout(given, value), qPrintable(QStringLiteral("%1 %2").arg(value).arg(given)));
    }
}

void LatencyHistogramTest::quantilesAreNeverTooShort_data()
{
    QTest::addColumn<double>("median");
    QTest::addColumn<double>("spread");
    QTest::newRow("microseconds") << 40.0 << 0.5;
    QTest::newRow("milliseconds") << 3'000.0 << 1.0;
    QTest::newRow("seconds, wide") << 1'000'000.0 << 1.5;
}

void LatencyHistogramTest::quantilesAreNeverTooShort()
{
    QFETCH(const double, median);
    QFETCH(const double, spread);
    std::mt19937 random(7);
    std::lognormal_distribution<double> distribution(std::log(median), spread);
    LatencyHistogram histogram;
    std::vector<qint64> values;
    for (int i = 0; i < 20'000; ++i) {
        values.push_back(1 + static_cast<qint64>(distribution(random)));
        histogram.add(microseconds(values.back()), kStart);
    }
    QCOMPARE(histogram.count(kStart), values.size());
    for (const double share : { 0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0 }) {
        const qint64 given = micros(histogram.quantile(share, kStart));
        const qint64 exact = exactQuantile(values, share);
        QVERIFY2(isAbout(given, exact),
                 qPrintable(QStringLiteral("%1: %2 %3").arg(share).arg(given).arg(exact)));
    }
}

void LatencyHistogramTest::knowsWhatIsLeftAtAnAge()
{
    LatencyHistogram histogram;
    for (int i = 0; i < 90; ++i)
        histogram.add(10ms, kStart);
    for (int i = 0; i < 10; ++i)
        histogram.add(1s, kStart);
    QVERIFY(isAbout(micros(histogram.left(0us, 0.5, kStart)), 10'000));
    QVERIFY(isAbout(micros(histogram.left(0us, 0.99, kStart)), 1'000'000));
    // Whoever has lasted 100 ms is one of the slow ones.
    const qint64 left = micros(histogram.left(100ms, 0.5, kStart));
    QVERIFY(isAbout(left + 100'000, 1'000'000));
    QVERIFY(!histogram.left(5s, 0.5, kStart));
    QVERIFY(micros(histogram.left(1s, 0.5, kStart)) >= 0);
}

void LatencyHistogramTest::whatLiesOutsideCountsAsTheNearest()
{
    LatencyHistogram histogram;
    histogram.add(-1us, kStart);
    histogram.add(0us, kStart);
    QVERIFY(micros(histogram.quantile(1.0, kStart)) <= 2);
    histogram.add(100h, kStart);
    QVERIFY(micros(histogram.quantile(1.0, kStart)) >= (qint64{ 1 } << 32) - 1);
    QCOMPARE(histogram.count(kStart), 3U);
}

void LatencyHistogramTest::forgetsAfterOneToTwoWindows()
{
    LatencyHistogram histogram;
    histogram.add(1s, kStart); // begins a window
    histogram.add(1s, kStart + 4min);
    QCOMPARE(histogram.count(kStart + 4min), 2U);
    histogram.add(1s, kStart + 6min); // the next
    QCOMPARE(histogram.count(kStart + 6min), 3U);
    QCOMPARE(histogram.count(kStart + 11min), 1U); // also when nothing is added
    histogram.add(1s, kStart + 12min);
    QCOMPARE(histogram.count(kStart + 12min), 2U);
    QCOMPARE(histogram.count(kStart + 23min), 0U);
    histogram.add(1s, kStart + 60min);
    QCOMPARE(histogram.count(kStart + 60min), 1U);
}

void LatencyHistogramTest::keepsNothingLongerThanTwoWindows()
{
    LatencyHistogram histogram;
    histogram.add(1s, kStart); // begins a window
    histogram.add(1s, kStart + 9min); // late in the next
    QCOMPARE(histogram.count(kStart + 10min - 1us), 2U);
    QCOMPARE(histogram.count(kStart + 10min), 1U);
    QCOMPARE(histogram.count(kStart + 15min), 0U);
}

void LatencyHistogramTest::forgetsSoonerWithAShorterWindow()
{
    LatencyHistogram histogram(5s);
    histogram.add(10ms, kStart);
    histogram.add(1s, kStart + 6s);
    QVERIFY(isAbout(micros(histogram.quantile(0.5, kStart + 9s)), 10'000));
    QVERIFY(isAbout(micros(histogram.quantile(0.5, kStart + 10s)), 1'000'000));
    QVERIFY(!histogram.quantile(0.5, kStart + 15s));
}

QTEST_APPLESS_MAIN(LatencyHistogramTest)
#include "tst_latencyhistogram.moc"
