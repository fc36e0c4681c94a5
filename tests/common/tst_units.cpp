// SPDX-License-Identifier: GPL-3.0-only
// Durations and sizes: what people write is read exactly or refused with its reason.
#include "common/units.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class UnitsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsADuration_data();
    void readsADuration();
    void refusesADuration_data();
    void refusesADuration();
    void writesADurationInItsLargestExactUnit_data();
    void writesADurationInItsLargestExactUnit();
    void readsASize_data();
    void readsASize();
    void refusesASize_data();
    void refusesASize();
    void writesASizeInItsLargestExactUnit_data();
    void writesASizeInItsLargestExactUnit();
};

void UnitsTest::readsADuration_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms");
    QTest::newRow("milliseconds") << u"250ms"_s << qint64(250);
    QTest::newRow("seconds") << u"25s"_s << qint64(25'000);
    QTest::newRow("minutes") << u"2m"_s << qint64(120'000);
    QTest::newRow("hours") << u"24h"_s << qint64(86'400'000);
    QTest::newRow("zero") << u"0s"_s << qint64(0);
    QTest::newRow("largest") << u"9223372036854775807ms"_s << qint64(9223372036854775807);
}

void UnitsTest::readsADuration()
{
    QFETCH(const QString, text);
    const auto duration = quiesce::parseDuration(text);
    QVERIFY(duration.isOk());
    QTEST(qint64(duration.value().count()), "ms");
}

void UnitsTest::refusesADuration_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    const QString form = u"ms, s, m or h"_s;
    QTest::newRow("empty") << u""_s << u"it is empty"_s;
    QTest::newRow("no unit") << u"25"_s << u"the unit is missing: "_s + form;
    QTest::newRow("zero without unit") << u"0"_s << u"the unit is missing: "_s + form;
    QTest::newRow("no number") << u"s"_s << u"it does not begin with an integer"_s;
    QTest::newRow("negative") << u"-1s"_s << u"it must not be negative"_s;
    QTest::newRow("plus") << u"+1s"_s << u"it does not begin with an integer"_s;
    QTest::newRow("fraction") << u"1.5s"_s << u"\".5s\" is not a unit: "_s + form;
    QTest::newRow("space") << u"1 s"_s << u"\" s\" is not a unit: "_s + form;
    QTest::newRow("upper case") << u"1S"_s << u"\"S\" is not a unit: "_s + form;
    QTest::newRow("days") << u"1d"_s << u"\"d\" is not a unit: "_s + form;
    QTest::newRow("two parts") << u"1m30s"_s << u"\"m30s\" is not a unit: "_s + form;
    QTest::newRow("other digits") << u"٣s"_s << u"it does not begin with an integer"_s;
    QTest::newRow("number too large") << u"9223372036854775808ms"_s << u"it is too large"_s;
    QTest::newRow("product too large") << u"9223372036854775807s"_s << u"it is too large"_s;
}

void UnitsTest::refusesADuration()
{
    QFETCH(const QString, text);
    const auto duration = quiesce::parseDuration(text);
    QVERIFY(!duration.isOk());
    QTEST(duration.error(), "reason");
}

void UnitsTest::writesADurationInItsLargestExactUnit_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64(0) << u"0s"_s;
    QTest::newRow("milliseconds") << qint64(1'500) << u"1500ms"_s;
    QTest::newRow("seconds") << qint64(90'000) << u"90s"_s;
    QTest::newRow("minutes") << qint64(120'000) << u"2m"_s;
    QTest::newRow("hours") << qint64(86'400'000) << u"24h"_s;
}

void UnitsTest::writesADurationInItsLargestExactUnit()
{
    QFETCH(const qint64, ms);
    const QString text = quiesce::formatDuration(std::chrono::milliseconds(ms));
    QTEST(text, "text");
    QCOMPARE(qint64(quiesce::parseDuration(text).value().count()), ms);
}

void UnitsTest::readsASize_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("bytes") << u"512B"_s << qint64(512);
    QTest::newRow("KiB") << u"8KiB"_s << qint64(8'192);
    QTest::newRow("MiB") << u"8MiB"_s << qint64(8'388'608);
    QTest::newRow("GiB") << u"2GiB"_s << qint64(2'147'483'648);
    QTest::newRow("zero") << u"0B"_s << qint64(0);
}

void UnitsTest::readsASize()
{
    QFETCH(const QString, text);
    const auto size = quiesce::parseSize(text);
    QVERIFY(size.isOk());
    QTEST(size.value(), "bytes");
}

void UnitsTest::refusesASize_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    const QString form = u"B, KiB, MiB or GiB"_s;
    QTest::newRow("empty") << u""_s << u"it is empty"_s;
    QTest::newRow("no unit") << u"8192"_s << u"the unit is missing: "_s + form;
    QTest::newRow("negative") << u"-8KiB"_s << u"it must not be negative"_s;
    QTest::newRow("decimal unit") << u"8KB"_s << u"\"KB\" is not a unit: "_s + form;
    QTest::newRow("too large") << u"9223372036854775807GiB"_s << u"it is too large"_s;
}

void UnitsTest::refusesASize()
{
    QFETCH(const QString, text);
    const auto size = quiesce::parseSize(text);
    QVERIFY(!size.isOk());
    QTEST(size.error(), "reason");
}

void UnitsTest::writesASizeInItsLargestExactUnit_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64(0) << u"0B"_s;
    QTest::newRow("bytes") << qint64(1'025) << u"1025B"_s;
    QTest::newRow("KiB") << qint64(16'384) << u"16KiB"_s;
    QTest::newRow("MiB") << qint64(8'388'608) << u"8MiB"_s;
    QTest::newRow("GiB") << qint64(1'073'741'824) << u"1GiB"_s;
}

void UnitsTest::writesASizeInItsLargestExactUnit()
{
    QFETCH(const qint64, bytes);
    const QString text = quiesce::formatSize(bytes);
    QTEST(text, "text");
    QCOMPARE(quiesce::parseSize(text).value(), bytes);
}

QTEST_APPLESS_MAIN(UnitsTest)
#include "tst_units.moc"
