// SPDX-License-Identifier: GPL-3.0-only
// Tests of the words for durations, ages and moments.
#include "console/model/words/wording.h"

#include <QTest>

using namespace quiesce;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

class WordingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesLengthsInTwoUnitsAtMost_data();
    void namesLengthsInTwoUnitsAtMost();
    void namesAgesInOneUnit_data();
    void namesAgesInOneUnit();
    void addsUtcToALocalMoment();
};

void WordingTest::namesLengthsInTwoUnitsAtMost_data()
{
    QTest::addColumn<milliseconds>("length");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << milliseconds(0) << u"0 s"_s;
    QTest::newRow("negative") << milliseconds(-5'000) << u"0 s"_s;
    QTest::newRow("a part of a second") << milliseconds(999) << u"999 ms"_s;
    QTest::newRow("a second") << milliseconds(1'000) << u"1 s"_s;
    QTest::newRow("tenths") << milliseconds(3'290) << u"3.2 s"_s;
    QTest::newRow("never rounded up") << milliseconds(9'999) << u"9.9 s"_s;
    QTest::newRow("whole seconds") << milliseconds(12'900) << u"12 s"_s;
    QTest::newRow("whole minutes") << milliseconds(60'000) << u"1 min"_s;
    QTest::newRow("whole hours") << milliseconds(3'600'000) << u"1 h"_s;
    QTest::newRow("minutes") << milliseconds(4min + 12s) << u"4 min 12 s"_s;
    QTest::newRow("hours") << milliseconds(2h + 5min + 9s) << u"2 h 5 min"_s;
    QTest::newRow("days") << milliseconds(76h) << u"3 d 4 h"_s;
}

void WordingTest::namesLengthsInTwoUnitsAtMost()
{
    QFETCH(const milliseconds, length);
    QTEST(lengthText(length), "text");
}

void WordingTest::namesAgesInOneUnit_data()
{
    QTest::addColumn<milliseconds>("age");
    QTest::addColumn<QString>("text");
    QTest::newRow("still to come") << milliseconds(-9'000) << u"just now"_s;
    QTest::newRow("now") << milliseconds(1'999) << u"just now"_s;
    QTest::newRow("seconds") << milliseconds(59'999) << u"59 s ago"_s;
    QTest::newRow("minutes") << milliseconds(1h) - 1ms << u"59 min ago"_s;
    QTest::newRow("hours") << milliseconds(24h) - 1ms << u"23 h ago"_s;
    QTest::newRow("days") << milliseconds(49h) << u"2 d ago"_s;
}

void WordingTest::namesAgesInOneUnit()
{
    QFETCH(const milliseconds, age);
    QTEST(ageText(age), "text");
}

void WordingTest::addsUtcToALocalMoment()
{
    QCOMPARE(momentText({}), QString());
    const QDateTime at = QDateTime::fromString(u"2025-03-01T12:00:00Z"_s, Qt::ISODate);
    QVERIFY(momentText(at).endsWith(u"(2025-03-01T12:00:00Z)"_s));
}

QTEST_GUILESS_MAIN(WordingTest)
#include "tst_wording.moc"
