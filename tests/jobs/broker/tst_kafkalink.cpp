// SPDX-License-Identifier: GPL-3.0-only
// Messages by way of Kafka while nothing is broken: kept, shared, answered, given back.
#include "tests/jobs/broker/kafkamember.h"

#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QSet>
#include <QSignalSpy>
#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

using Answer = BrokerLink::Answer;

constexpr int kPatienceMs = 20'000; // a new group of the mock waits 3 s, a sanitizer doubles it

} // namespace

class KafkaLinkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void bringsWhatWasPublished();
    void deliversUpToThePlacesAndGoesOn();
    void keepsItsPartitionsWhileJobsTakeLong();
    void commitsNoFurtherThanTheFirstUnanswered();
    void bringsWhatWasNotAnsweredAfterACrash();
    void bringsBackToAnother();
    void sharesItsPartitions();
    void putsAsideWhatIsGarbled();
    void putsAsidePoison();
    void leavesAtOnceWhenHalted();
    void beginsAnewAfterAHalt();
    void sendsWhatWaitsBeforeItCloses();
    void tellsHowFarItIsBehind();
    void bringsSoonWhatComesWhileItIsIdle();

private:
    KafkaCluster m_cluster{ 3 };
};

void KafkaLinkTest::initTestCase()
{
    QLoggingCategory::setFilterRules(u"quiesce.broker.info=false"_s); // librdkafka's are many
    QVERIFY(m_cluster.isRunning());
}

void KafkaLinkTest::bringsWhatWasPublished()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.publish(u"j-1"_s);
    QCOMPARE(member.kept + member.refused, 0); // never inside the call
    QTRY_COMPARE(member.kept, 1);
    member.want(1);
    QTRY_COMPARE_WITH_TIMEOUT(member.jobs(), QStringList{ u"j-1"_s }, kPatienceMs);
    QCOMPARE(member.got[0].message.kind, u"a"_s);
    QVERIFY(member.got[0].tag != 0);
    QCOMPARE(member.link->facts().held, 1);
    QCOMPARE(member.link->facts().fault, QString());
    member.answer(0);
    QCOMPARE(member.link->facts().held, 0);
    const auto records = m_cluster.records(stage.topic(), 1);
    QCOMPARE(records.size(), 1);
    QCOMPARE(records[0].key, QByteArray("j-1"));
    QTRY_COMPARE_WITH_TIMEOUT(m_cluster.committed(stage.name, stage.topic(), 0),
                              std::optional<qint64>(1), kPatienceMs);
}

void KafkaLinkTest::deliversUpToThePlacesAndGoesOn()
{
    constexpr int kJobs = 300; // more than are held ahead
    const KafkaStage stage(m_cluster, 3);
    KafkaMember member(stage);
    member.publish(0, kJobs);
    QTRY_COMPARE(member.kept, kJobs);
    member.want(2);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 2, kPatienceMs);
    QCOMPARE(member.link->facts().held, 2);
    member.answer(0);
    QTRY_COMPARE(member.got.size(), 3);
    QCOMPARE(member.link->facts().held, 2);
    member.isAnswering = true;
    member.answer(1);
    member.answer(2);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), kJobs, kPatienceMs);
    const QStringList jobs = member.jobs();
    QCOMPARE(QSet<QString>(jobs.begin(), jobs.end()).size(), kJobs); // none twice
    QCOMPARE(member.link->facts().held, 0);
}

void KafkaLinkTest::keepsItsPartitionsWhileJobsTakeLong()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.publish(0, 2);
    member.want(1);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 1, kPatienceMs);
    QSignalSpy dropped(member.link.get(), &BrokerLink::dropped);
    QVERIFY(!dropped.wait(static_cast<int>(2 * stage.options().maxPollInterval.count())));
    QCOMPARE(member.got.size(), 1); // not again
    member.answer(0);
    QTRY_COMPARE(member.got.size(), 2); // at once: it is still this member's
    member.answer(1);
    QTRY_COMPARE_WITH_TIMEOUT(m_cluster.committed(stage.name, stage.topic(), 0),
                              std::optional<qint64>(2), kPatienceMs);
}

void KafkaLinkTest::commitsNoFurtherThanTheFirstUnanswered()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.publish(0, 6);
    member.want(6);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 6, kPatienceMs);
    member.answer(0);
    member.answer(1);
    member.answer(4);
    QTRY_COMPARE_WITH_TIMEOUT(m_cluster.committed(stage.name, stage.topic(), 0),
                              std::optional<qint64>(2), kPatienceMs);
    member.answer(3);
    member.answer(2);
    QTRY_COMPARE_WITH_TIMEOUT(m_cluster.committed(stage.name, stage.topic(), 0),
                              std::optional<qint64>(5), kPatienceMs);
}

void KafkaLinkTest::bringsWhatWasNotAnsweredAfterACrash()
{
    const KafkaStage stage(m_cluster);
    {
        KafkaMember member(stage);
        member.publish(0, 5);
        member.want(5);
        QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 5, kPatienceMs);
        for (qsizetype i = 0; i < 3; ++i)
            member.answer(i);
        QTRY_COMPARE_WITH_TIMEOUT(m_cluster.committed(stage.name, stage.topic(), 0),
                                  std::optional<qint64>(3), kPatienceMs);
    } // without a word
    KafkaMember heir(stage);
    heir.want(5);
    QTRY_COMPARE_WITH_TIMEOUT(heir.jobs(), QStringList({ u"3"_s, u"4"_s }), kPatienceMs);
}

void KafkaLinkTest::bringsBackToAnother()
{
    const KafkaStage stage(m_cluster, 2);
    KafkaMember one(stage);
    KafkaMember other(stage);
    one.want(1);
    other.want(1);
    QTRY_VERIFY_WITH_TIMEOUT(
        (one.publish(QString::number(one.kept)), !one.got.isEmpty() && !other.got.isEmpty()),
        kPatienceMs); // both have a partition, and hold one
    other.isAnswering = true;
    other.answer(0);
    const QString back = one.jobs().constFirst();
    one.answer(0, Answer::Back);
    QTRY_VERIFY_WITH_TIMEOUT(other.jobs().contains(back), kPatienceMs);
}

void KafkaLinkTest::sharesItsPartitions()
{
    constexpr int kJobs = 120;
    const KafkaStage stage(m_cluster, 6);
    KafkaMember one(stage);
    one.want(kJobs);
    one.publish(0, kJobs);
    QTRY_COMPARE_WITH_TIMEOUT(one.got.size(), kJobs, kPatienceMs);
    KafkaMember other(stage);
    other.want(kJobs);
    // What one has not answered comes to the other with the partitions.
    QTRY_VERIFY_WITH_TIMEOUT(!other.got.isEmpty(), kPatienceMs);
    QCOMPARE(one.drops, 0);
    QCOMPARE(one.link->facts().held, kJobs); // their jobs run
    for (qsizetype i = 0; i < one.got.size(); ++i)
        one.answer(i);
    one.isAnswering = true;
    other.isAnswering = true;
    for (qsizetype i = 0; i < other.got.size(); ++i)
        other.answer(i);
    one.publish(kJobs, 2 * kJobs);
    const auto distinct = [&] {
        const QStringList jobs = one.jobs() + other.jobs();
        return QSet<QString>(jobs.begin(), jobs.end()).size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(distinct(), 2 * kJobs, kPatienceMs);
    QVERIFY(one.got.size() > kJobs);
}

void KafkaLinkTest::putsAsideWhatIsGarbled()
{
    const KafkaStage stage(m_cluster);
    m_cluster.write(stage.topic(), "k", "\x1b[31mno JSON");
    KafkaMember member(stage);
    member.publish(u"j-1"_s);
    member.want(1);
    QTRY_COMPARE_WITH_TIMEOUT(member.jobs(), QStringList{ u"j-1"_s }, kPatienceMs);
    QTRY_COMPARE(member.garbled.size(), 1);
    QVERIFY(member.garbled[0].startsWith(stage.topic() + u", offset 0: it is no JSON object"_s));
    member.answer(0);
    QTRY_COMPARE_WITH_TIMEOUT(m_cluster.committed(stage.name, stage.topic(), 0),
                              std::optional<qint64>(2), kPatienceMs);
    const auto dead = m_cluster.records(stage.dead(), 1);
    QCOMPARE(dead.size(), 1);
    QCOMPARE(dead[0].key, QByteArray("k"));
    QCOMPARE(dead[0].value, QByteArray("\x1b[31mno JSON"));
    QCOMPARE(dead[0].reason, member.garbled[0].toUtf8());
}

void KafkaLinkTest::putsAsidePoison()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.publish(u"j-1"_s);
    member.want(1);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 1, kPatienceMs);
    member.answer(0, Answer::Poison);
    QTRY_COMPARE_WITH_TIMEOUT(m_cluster.committed(stage.name, stage.topic(), 0),
                              std::optional<qint64>(1), kPatienceMs);
    const auto dead = m_cluster.records(stage.dead(), 1);
    QCOMPARE(dead.size(), 1);
    QCOMPARE(dead[0].key, QByteArray("j-1"));
    QVERIFY(dead[0].reason.contains(stage.topic().toUtf8()));
    QCOMPARE(member.garbled, QStringList());
}

void KafkaLinkTest::leavesAtOnceWhenHalted()
{
    const KafkaStage stage(m_cluster, 2);
    KafkaMember one(stage);
    KafkaMember other(stage);
    one.want(1);
    other.want(100);
    QTRY_VERIFY_WITH_TIMEOUT(
        (one.publish(QString::number(one.kept)), !one.got.isEmpty() && !other.got.isEmpty()),
        kPatienceMs);
    QElapsedTimer timer;
    timer.start();
    const auto took = one.halt({ one.got[0].tag });
    QVERIFY2(took >= 0ms && took <= BrokerLink::kHaltWait, QByteArray::number(took.count()));
    QCOMPARE(one.link->facts().held, 1); // the one that is kept
    QTRY_VERIFY_WITH_TIMEOUT(other.jobs().contains(one.jobs().constFirst()), kPatienceMs);
    // A group of the mock waits its session time-out, less 1 s, for its members to come again. Of
    // one that has gone without a word it would first have waited for the whole of it.
    QVERIFY2(timer.elapsed() < (2 * stage.options().sessionTimeout - 2s).count(),
             QByteArray::number(timer.elapsed()));
    one.answer(0); // frees its place, and nothing else
    QCOMPARE(one.link->facts().held, 0);
    QCOMPARE(one.got.size(), 1);
}

void KafkaLinkTest::beginsAnewAfterAHalt()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.isAnswering = true;
    member.publish(u"1"_s);
    member.want(1);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 1, kPatienceMs);
    QVERIFY(member.halt() >= 0ms);
    member.publish(u"2"_s);
    QTRY_COMPARE(member.kept, 2);
    QCOMPARE(member.got.size(), 1);
    member.want(1);
    QTRY_COMPARE_WITH_TIMEOUT(member.jobs(), QStringList({ u"1"_s, u"2"_s }), kPatienceMs);
    QVERIFY(member.close() >= 0ms);
    QCOMPARE(m_cluster.committed(stage.name, stage.topic(), 0), std::optional<qint64>(2));
}

void KafkaLinkTest::sendsWhatWaitsBeforeItCloses()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.publish(0, 100);
    const auto took = member.close();
    QVERIFY2(took >= 0ms && took <= BrokerLink::kCloseWait, QByteArray::number(took.count()));
    QCOMPARE(member.kept, 100);
    QCOMPARE(m_cluster.records(stage.topic(), 1).size(), 100);
    member.publish(u"late"_s);
    QTRY_COMPARE(member.refused, 1);
}

void KafkaLinkTest::tellsHowFarItIsBehind()
{
    const KafkaStage stage(m_cluster);
    KafkaMember member(stage);
    member.publish(0, 10);
    member.want(4);
    QTRY_COMPARE_WITH_TIMEOUT(member.link->facts().lag, std::optional<qint64>(10), kPatienceMs);
    for (qsizetype i = 0; i < 4; ++i)
        member.answer(i);
    QTRY_COMPARE_WITH_TIMEOUT(member.link->facts().lag, std::optional<qint64>(6), kPatienceMs);
}

void KafkaLinkTest::bringsSoonWhatComesWhileItIsIdle()
{
    constexpr int kJobs = 100;
    const KafkaStage stage(m_cluster, 3);
    KafkaOptions options = stage.options();
    options.fetchWait = 5ms; // the mock does not wake a fetch
    KafkaMember member(std::move(options));
    member.isAnswering = true;
    member.want(1);
    member.publish(u"first"_s);
    QTRY_COMPARE_WITH_TIMEOUT(member.got.size(), 1, kPatienceMs);
    QSignalSpy delivered(member.link.get(), &BrokerLink::delivered);
    QList<qint64> tookUs;
    for (int i = 0; i < kJobs; ++i) {
        QElapsedTimer timer;
        timer.start();
        member.publish(QString::number(i));
        QVERIFY(delivered.wait());
        tookUs.append(timer.nsecsElapsed() / 1'000);
    }
    std::sort(tookUs.begin(), tookUs.end());
    qInfo("published to delivered: p50 %lld us, p99 %lld us",
          static_cast<long long>(tookUs[kJobs / 2]), static_cast<long long>(tookUs[kJobs - 2]));
    QVERIFY(tookUs[kJobs / 2] < 100'000);
}

QTEST_GUILESS_MAIN(KafkaLinkTest)
#include "tst_kafkalink.moc"
