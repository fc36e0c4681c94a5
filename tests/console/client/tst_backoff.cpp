// SPDX-License-Identifier: GPL-3.0-only
// Backoff: its ceiling doubles up to the longest, and chance picks what lies below.
#include "console/client/link/backoff.h"

#include <QTest>

using namespace quiesce;
using namespace std::chrono_literals;

class BackoffTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doublesUpToTheLongest();
    void beginsAnewWhenReset();
    void isAnythingFromZeroOn();
    void staysBelowItsCeilingHoweverOftenItIsAsked();
};

void BackoffTest::doublesUpToTheLongest()
{
    Backoff backoff(500ms, 3'000ms, [] { return 1.0; });
    QList<int> delays;
    for (int i = 0; i < 6; ++i)
        delays.append(static_cast<int>(backoff.next().count()));
    QCOMPARE(delays, QList({ 500, 1'000, 2'000, 3'000, 3'000, 3'000 }));
}

void BackoffTest::beginsAnewWhenReset()
{
    Backoff backoff(500ms, 30'000ms, [] { return 0.5; });
    QCOMPARE(backoff.next().count(), 250);
    QCOMPARE(backoff.next().count(), 500);
    backoff.reset();
    QCOMPARE(backoff.next().count(), 250);
}

void BackoffTest::isAnythingFromZeroOn()
{
    Backoff backoff(500ms, 500ms, [] { return 0.0; });
    QCOMPARE(backoff.next().count(), 0);
}

void BackoffTest::staysBelowItsCeilingHoweverOftenItIsAsked()
{
    Backoff backoff(1ms, 30'000ms);
    QSet<qint64> seen;
    for (int i = 0; i < 1'000; ++i) {
        const qint64 delay = backoff.next().count();
        QVERIFY(delay >= 0 && delay <= 30'000);
        seen.insert(delay);
    }
    QVERIFY(seen.size() > 100); // not in step with anybody
}

QTEST_GUILESS_MAIN(BackoffTest)
#include "tst_backoff.moc"
