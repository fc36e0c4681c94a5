// SPDX-License-Identifier: GPL-3.0-only
// How long wrong tokens wait, who is counted as one, and what is remembered at most.
#include "service/http/admin/failurethrottle.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::FailureThrottle;
using quiesce::networkOf;
using quiesce::test::LogRecorder;
using quiesce::test::ManualClock;
using std::chrono::milliseconds;

namespace {

const QHostAddress kSomebody(u"192.0.2.1"_s);

QList<milliseconds> fail(FailureThrottle &throttle, int times, const QHostAddress &peer = kSomebody)
{
    QList<milliseconds> delays;
    for (int i = 0; i < times; ++i)
        delays.append(throttle.failed(peer));
    return delays;
}

QHostAddress numbered(quint32 number)
{
    return QHostAddress(0x0a000000U + number);
}

} // namespace

class FailureThrottleTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doublesFromTheSixthFailureOn();
    void forgivesOneAtATime();
    void forgivesAllInTheEnd();
    void countsAnAddressByItself();
    void countsAnIPv6NetworkAsOne_data();
    void countsAnIPv6NetworkAsOne();
    void forgetsTheLeastRecentBeyondItsBound();
    void saysOnceAMinuteHowManyThereWere();
    void saysOnlySoMuchAboutManyAddresses();
};

void FailureThrottleTest::doublesFromTheSixthFailureOn()
{
    ManualClock clock;
    FailureThrottle throttle(clock);
    QCOMPARE(fail(throttle, 14),
             (QList<milliseconds>{ 0ms, 0ms, 0ms, 0ms, 0ms, 100ms, 200ms, 400ms, 800ms, 1'600ms,
                                   3'200ms, 5'000ms, 5'000ms, 5'000ms }));
}

void FailureThrottleTest::forgivesOneAtATime()
{
    ManualClock clock;
    FailureThrottle throttle(clock);
    fail(throttle, 7);
    clock.advance(FailureThrottle::kForgiveEvery - 1ms);
    QCOMPARE(throttle.failed(kSomebody), 400ms); // the 8th
    clock.advance(1ms); // now the first is forgiven, not a period after the last failure
    QCOMPARE(throttle.failed(kSomebody), 400ms);
    clock.advance(3 * FailureThrottle::kForgiveEvery);
    QCOMPARE(throttle.failed(kSomebody), 100ms);
}

void FailureThrottleTest::forgivesAllInTheEnd()
{
    ManualClock clock;
    FailureThrottle throttle(clock);
    fail(throttle, 100'000);
    clock.advance(12 * FailureThrottle::kForgiveEvery);
    QCOMPARE(fail(throttle, 6), (QList<milliseconds>{ 0ms, 0ms, 0ms, 0ms, 0ms, 100ms }));
}

void FailureThrottleTest::countsAnAddressByItself()
{
    ManualClock clock;
    FailureThrottle throttle(clock);
    fail(throttle, 20);
    QCOMPARE(throttle.failed(QHostAddress(u"192.0.2.2"_s)), 0ms);
    QCOMPARE(throttle.failed(QHostAddress(u"::ffff:192.0.2.1"_s)), 5'000ms); // the same one
    QCOMPARE(throttle.addressCount(), std::size_t(2));
}

void FailureThrottleTest::countsAnIPv6NetworkAsOne_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QByteArray>("network");
    QTest::newRow("host") << u"2001:db8:1:2:3:4:5:6"_s << QByteArray("2001:db8:1:2::/64");
    QTest::newRow("its neighbour") << u"2001:db8:1:2:ffff::1"_s << QByteArray("2001:db8:1:2::/64");
    QTest::newRow("next network") << u"2001:db8:1:3:3:4:5:6"_s << QByteArray("2001:db8:1:3::/64");
    QTest::newRow("loopback") << u"::1"_s << QByteArray("::/64");
    QTest::newRow("IPv4") << u"192.0.2.1"_s << QByteArray("192.0.2.1");
    QTest::newRow("mapped IPv4") << u"::ffff:192.0.2.1"_s << QByteArray("192.0.2.1");
}

void FailureThrottleTest::countsAnIPv6NetworkAsOne()
{
    QFETCH(const QString, address);
    QFETCH(const QByteArray, network);
    QCOMPARE(networkOf(QHostAddress(address)), network);
}

void FailureThrottleTest::forgetsTheLeastRecentBeyondItsBound()
{
    ManualClock clock;
    FailureThrottle throttle(clock);
    constexpr auto kMost = static_cast<quint32>(FailureThrottle::kMaxAddresses);
    fail(throttle, 5, numbered(0));
    fail(throttle, 5, numbered(1));
    for (quint32 i = 2; i < kMost; ++i)
        static_cast<void>(throttle.failed(numbered(i)));
    QCOMPARE(throttle.addressCount(), FailureThrottle::kMaxAddresses);
    QCOMPARE(throttle.failed(numbered(0)), 100ms); // and now the most recent
    static_cast<void>(throttle.failed(numbered(kMost)));
    QCOMPARE(throttle.addressCount(), FailureThrottle::kMaxAddresses);
    QCOMPARE(throttle.failed(numbered(0)), 200ms);
    QCOMPARE(throttle.failed(numbered(1)), 0ms); // forgotten in its stead
    for (quint32 i = 0; i < 3 * kMost; ++i)
        static_cast<void>(throttle.failed(numbered(i)));
    QCOMPARE(throttle.addressCount(), FailureThrottle::kMaxAddresses);
}

void FailureThrottleTest::saysOnceAMinuteHowManyThereWere()
{
    ManualClock clock;
    LogRecorder log("quiesce.admission");
    FailureThrottle throttle(clock);
    fail(throttle, 5);
    QCOMPARE(log.lines(), QStringList());
    fail(throttle, 100);
    const QString begun =
        u"warning: wrong tokens, answers held back address=192.0.2.1 failures=6"_s;
    QCOMPARE(log.lines(), QStringList{ begun });
    clock.advance(FailureThrottle::kLogEvery - 1ms);
    fail(throttle, 1);
    QCOMPARE(log.lines().size(), 1);
    clock.advance(1ms);
    fail(throttle, 2);
    QCOMPARE(
        log.lines(),
        (QStringList{
            begun, u"warning: wrong tokens, answers held back address=192.0.2.1 failures=101"_s }));
}

void FailureThrottleTest::saysOnlySoMuchAboutManyAddresses()
{
    ManualClock clock;
    LogRecorder log("quiesce.admission");
    FailureThrottle throttle(clock);
    for (quint32 i = 0; i < 1'000; ++i)
        fail(throttle, 6, numbered(i));
    QCOMPARE(log.lines().size(), FailureThrottle::kLogLines);
    clock.advance(FailureThrottle::kLogEvery);
    fail(throttle, 20, numbered(5'000));
    QCOMPARE(log.lines().size(), FailureThrottle::kLogLines + 1);
}

QTEST_APPLESS_MAIN(FailureThrottleTest)
#include "tst_failurethrottle.moc"
