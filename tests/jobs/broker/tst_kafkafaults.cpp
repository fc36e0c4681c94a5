// SPDX-License-Identifier: GPL-3.0-only
// What a KafkaLink does when Kafka is away, silent, or against it.
#include "tests/jobs/broker/kafkamember.h"
#include "tests/support/logrecorder.h"

#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QThread>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

constexpr int kPatienceMs = 20'000;
// API keys and error codes of Kafka's protocol.
constexpr int kInitProducerId = 22;
constexpr int kClusterAuthorizationFailed = 31;

/// The longest that the event loop has kept a timer of 5 ms waiting.
class Pulse final
{
public:
    Pulse()
    {
        m_since.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                         [this] { m_longest = std::max(m_longest, m_since.restart()); });
        m_timer.start(5ms);
    }
    [[nodiscard]] qint64 longestMs() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

constexpr qint64 kLongestGapMs = 1'000; // of a loaded machine; what blocks here would take seconds

} // namespace

class KafkaFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesInTimeWhileBrokersAreAway_data();
    void refusesInTimeWhileBrokersAreAway();
    void refusesAtOnceWhatIsTooMuch();
    void leavesInTimeWhileBrokersAreAway_data();
    void leavesInTimeWhileBrokersAreAway();
    void leavesWhileItJoins();
    void tellsWhenAllPartitionsWereLost();
    void makesANewProducerAfterAFatalError();
    void tellsOfSettingsThatAreNotAccepted();
    void tellsOfAServerThatSpeaksNoTls();

private:
    void takeAway(const QString &how);
    void bringBack();

    KafkaCluster m_cluster{ 2 };
};

void KafkaFaultsTest::initTestCase()
{
    QLoggingCategory::setFilterRules(u"quiesce.broker.info=false"_s); // librdkafka's are many
    QVERIFY(m_cluster.isRunning());
}

void KafkaFaultsTest::takeAway(const QString &how)
{
    if (how == u"refused"_s)
        m_cluster.down();
    else
        m_cluster.freeze();
}

void KafkaFaultsTest::bringBack()
{
    m_cluster.thaw();
    m_cluster.up();
}

void KafkaFaultsTest::refusesInTimeWhileBrokersAreAway_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("refused") << u"refused"_s;
    QTest::newRow("silent") << u"silent"_s;
}

void KafkaFaultsTest::refusesInTimeWhileBrokersAreAway()
{
    QFETCH(const QString, how);
    const KafkaStage stage(m_cluster, 2);
    KafkaMember member(stage);
    member.isAnswering = true;
    member.want(1);
    member.publish(u"1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 1, kPatienceMs);
    QCOMPARE(member.link->facts().fault, QString());

    const auto repair = qScopeGuard([this] { bringBack(); });
    const Pulse pulse;
    takeAway(how);
    QElapsedTimer timer;
    timer.start();
    member.publish(2, 12);
    QTRY_COMPARE(member.refused, 10);
    QVERIFY2(timer.elapsed() <= BrokerLink::kConfirmWait.count() + kLongestGapMs,
             QByteArray::number(timer.elapsed()));
    QTRY_VERIFY_WITH_TIMEOUT(!member.link->facts().fault.isEmpty(), kPatienceMs);
    QVERIFY(member.link->facts().changedAt.isValid());

    bringBack();
    QTRY_COMPARE_WITH_TIMEOUT(member.link->facts().fault, QString(), kPatienceMs);
    member.kept = 0;
    member.publish(u"12"_s);
    QTRY_COMPARE_WITH_TIMEOUT(member.kept + member.refused, 11, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(member.jobs().contains(u"12"_s), kPatienceMs);
    qInfo("the event loop's longest gap: %lld ms", static_cast<long long>(pulse.longestMs()));
    QVERIFY2(pulse.longestMs() <= kLongestGapMs, QByteArray::number(pulse.longestMs()));
}

void KafkaFaultsTest::refusesAtOnceWhatIsTooMuch()
{
    constexpr int kTooMany = 10;
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    m_cluster.down();
    member.publish(0, BrokerLink::kMaxUnconfirmed + kTooMany);
    QTRY_COMPARE_WITH_TIMEOUT(member.refused, kTooMany, 1'000);
    QTRY_COMPARE(member.refused, BrokerLink::kMaxUnconfirmed + kTooMany);
    QCOMPARE(member.kept, 0);
    m_cluster.up();
    QTRY_VERIFY_WITH_TIMEOUT((member.publish(u"x"_s), member.kept > 0), kPatienceMs);
}

void KafkaFaultsTest::leavesInTimeWhileBrokersAreAway_data()
{
    refusesInTimeWhileBrokersAreAway_data();
}

void KafkaFaultsTest::leavesInTimeWhileBrokersAreAway()
{
    QFETCH(const QString, how);
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.want(2);
    member.publish(0, 2);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 2, kPatienceMs);
    const auto repair = qScopeGuard([this] { bringBack(); });
    const Pulse pulse;
    takeAway(how);
    member.answer(0);
    const auto halted = member.halt({ member.got[1].tag });
    member.publish(u"2"_s);
    const auto closed = member.close();
    member.link.reset();
    bringBack();
    QVERIFY2(halted >= 0ms && halted <= BrokerLink::kHaltWait, QByteArray::number(halted.count()));
    QVERIFY2(closed >= 0ms && closed <= BrokerLink::kCloseWait, QByteArray::number(closed.count()));
    QCOMPARE(member.refused, 1);
    qInfo("halted in %lld ms, closed in %lld ms, the event loop's longest gap: %lld ms",
          static_cast<long long>(halted.count()), static_cast<long long>(closed.count()),
          static_cast<long long>(pulse.longestMs()));
}

void KafkaFaultsTest::leavesWhileItJoins()
{
    const KafkaStage stage(m_cluster);
    for (int i = 0; i < 3; ++i) {
        KafkaMember member(stage);
        member.want(1);
        member.publish(u"1"_s);
        QTRY_COMPARE(member.kept, 1); // and the group still waits for more members
        const auto halted = member.halt();
        QVERIFY2(halted >= 0ms && halted <= BrokerLink::kHaltWait,
                 QByteArray::number(halted.count()));
        member.want(1);
        const auto closed = member.close();
        QVERIFY2(closed >= 0ms && closed <= BrokerLink::kCloseWait,
                 QByteArray::number(closed.count()));
    }
}

void KafkaFaultsTest::tellsWhenAllPartitionsWereLost()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.want(1);
    member.publish(u"1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 1, kPatienceMs);
    QThread::msleep(2 * stage.options().maxPollInterval.count()); // an event loop that stands still
    QTRY_COMPARE_WITH_TIMEOUT(member.drops, 1, kPatienceMs);
    QCOMPARE(member.link->facts().held, 0);
    member.answer(0); // does nothing
    QTRY_COMPARE_WITH_TIMEOUT(member.jobs(), QStringList({ u"1"_s, u"1"_s }), kPatienceMs);
    QVERIFY(member.got[0].tag != member.got[1].tag);
}

void KafkaFaultsTest::makesANewProducerAfterAFatalError()
{
    const LogRecorder log("quiesce.broker");
    const KafkaStage stage(m_cluster);
    m_cluster.failNext(kInitProducerId, 1, kClusterAuthorizationFailed);
    KafkaMember member(stage);
    member.publish(u"1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(member.refused, 1, kPatienceMs);
    QVERIFY(member.link->facts().fault.startsWith(u"the producer failed: "_s));
    QTRY_COMPARE_WITH_TIMEOUT(member.link->facts().fault, QString(), kPatienceMs);
    member.publish(u"2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(member.kept, 1, kPatienceMs);
    QCOMPARE(log.lines("warning"_L1).filter(u"producer failed, beginning anew"_s).size(), 1);
}

void KafkaFaultsTest::tellsOfSettingsThatAreNotAccepted()
{
    const LogRecorder log("quiesce.broker");
    const KafkaStage stage(m_cluster);
    KafkaOptions options = stage.options();
    options.security = KafkaOptions::Security::SaslSsl;
    options.mechanism = u"PLAIN"_s;
    options.user = u"someone"_s;
    options.password = Secret("hush-hush");
    options.caFile = u"/nowhere/ca.pem"_s;
    KafkaMember member(std::move(options));
    member.want(1);
    QVERIFY(member.link->facts().fault.contains(u"/nowhere/ca.pem"_s)
            || member.link->facts().fault.contains(u"ca.location"_s));
    member.publish(u"1"_s);
    QTRY_COMPARE(member.refused, 1);
    QVERIFY(member.halt() >= 0ms);
    QVERIFY(member.close() >= 0ms);
    QVERIFY(!log.lines().isEmpty());
    QVERIFY(log.lines().filter(u"hush-hush"_s).isEmpty());
}

void KafkaFaultsTest::tellsOfAServerThatSpeaksNoTls()
{
    const KafkaStage stage(m_cluster);
    KafkaOptions options = stage.options();
    options.security = KafkaOptions::Security::Ssl;
    KafkaMember member(std::move(options));
    member.publish(u"1"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!member.link->facts().fault.isEmpty(), kPatienceMs);
    QTRY_COMPARE(member.refused, 1);
}

QTEST_GUILESS_MAIN(KafkaFaultsTest)
#include "tst_kafkafaults.moc"
