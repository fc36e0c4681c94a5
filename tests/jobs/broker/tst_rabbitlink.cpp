// SPDX-License-Identifier: GPL-3.0-only
// RabbitLink with a real RabbitMQ: what it keeps, whom it tells, and what it says when the broker
// is gone, mute, or will not have it.
#include "service/jobs/broker/jobmessage.h"
#include "service/jobs/broker/rabbitmq/rabbitlink.h"
#include "service/jobs/jobstore.h"
#include "tests/jobs/broker/rawrabbit.h"
#include "tests/support/cuttingproxy.h"
#include "tests/support/rabbitserver.h"
#include "tests/support/rawclient.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

using Answer = BrokerLink::Answer;

QString newId()
{
    return newJobId(QDateTime::currentDateTimeUtc());
}

/// On a busy machine. What hangs would do so for a minute and more.
constexpr std::chrono::milliseconds kSlack = 5s;

std::chrono::milliseconds elapsed(const QElapsedTimer &timer)
{
    return std::chrono::milliseconds(timer.elapsed());
}

/// A link and all that it has told.
struct Subject
{
    explicit Subject(RabbitOptions options, const QStringList &kinds = { u"a"_s })
        : link(clock, std::move(options))
    {
        QObject::connect(&link, &BrokerLink::delivered, &link,
                         [this](const Delivery &delivery) { deliveries << delivery; });
        QObject::connect(&link, &BrokerLink::garbled, &link, [this] { ++garbled; });
        QObject::connect(&link, &BrokerLink::dropped, &link, [this] { ++dropped; });
        link.start(kinds);
    }
    [[nodiscard]] bool isReady()
    {
        return eventually([this] { return link.facts().fault.isEmpty(); });
    }
    [[nodiscard]] bool saysSoon(const QString &part)
    {
        return eventually([&] { return link.facts().fault.contains(part); });
    }
    /// Publishes so many; their ids. What was confirmed is in `confirmed`.
    QStringList publish(int count, const QString &kind = u"a"_s)
    {
        QStringList ids;
        for (int i = 0; i < count; ++i) {
            ids << newId();
            link.publish({ ids.last(), kind }, [this](bool isKept) { confirmed << isKept; });
        }
        return ids;
    }
    [[nodiscard]] bool hasDelivered(int count)
    {
        return eventually([&] { return deliveries.size() >= count; });
    }
    [[nodiscard]] bool hasConfirmed(int count)
    {
        return eventually([&] { return confirmed.size() >= count; });
    }
    QStringList delivered() const
    {
        QStringList ids;
        for (const Delivery &delivery : deliveries)
            ids << delivery.message.jobId;
        ids.sort();
        return ids;
    }
    bool halt(const QList<quint64> &kept = {})
    {
        bool hasHalted = false;
        link.halt(kept, [&] { hasHalted = true; });
        return eventually([&] { return hasHalted; });
    }
    bool close()
    {
        bool hasClosed = false;
        link.close([&] { hasClosed = true; });
        return eventually([&] { return hasClosed; });
    }

    SystemClock clock;
    RabbitLink link;
    QList<Delivery> deliveries;
    QList<bool> confirmed;
    int garbled = 0;
    int dropped = 0;
};

} // namespace

class RabbitLinkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_server->thaw(); }
    void publishesConfirmsAndConsumes();
    void delivers();
    void consumesOnlyWhatIsWanted();
    void respectsThePrefetch();
    void sharesBetweenTwo();
    void givesBackForAnother();
    void redeliversWhatALostConnectionHeld();
    void connectsAgainAfterTheNetworkWasCut();
    void haltGivesBackAtOnce();
    void beginsAnewAfterAHalt();
    void confirmsWhatWasPublishedBeforeTheClose();
    void closesWithoutABroker();
    void putsAsideWhatCannotBeRead();
    void saysWhenAQueueHasOtherArguments();
    void makesADeletedQueueAgain();
    void tellsHowManyWait();
    void refusesBeyondItsLimit();
    void saysWhenNobodyIsThere();
    void saysWhenTheLoginIsRefused();
    void saysWhenThereIsNoSuchVirtualHost();
    void trustsWhoTheRightAuthoritySigned();
    void trustsNobodyElse();
    void saysWhenTheBrokerTakesNoMessages();
    void givesUpOnAFrozenBroker();
    void keepsItsHeartbeatsWhileNothingHappens();
    void losesABrokerThatGivesNoSignOfLife();
    void closesWithAFrozenBroker();
    void keepsMessagesOverARestart();

private:
    RabbitOptions options();
    RabbitOptions tlsOptions(const QString &caFile);
    QString queue(const QString &kind) const { return m_prefix + u'.' + kind; }

    std::unique_ptr<RabbitServer> m_server;
    QString m_prefix;
    int m_tests = 0;
};

void RabbitLinkTest::initTestCase()
{
    if (!RabbitServer::isInstalled())
        QSKIP("there is no rabbitmq-server here");
    m_server = std::make_unique<RabbitServer>();
    QVERIFY2(m_server->start(), m_server->output());
}

/// Each test has queues of its own.
void RabbitLinkTest::init()
{
    m_prefix = u"test%1"_s.arg(++m_tests);
}

RabbitOptions RabbitLinkTest::options()
{
    RabbitOptions options;
    options.host = u"127.0.0.1"_s;
    options.port = m_server->port();
    options.password = Secret(QByteArrayView("guest"));
    options.prefix = m_prefix;
    return options;
}

RabbitOptions RabbitLinkTest::tlsOptions(const QString &caFile)
{
    RabbitOptions tls = options();
    tls.host = u"localhost"_s;
    tls.port = m_server->tlsPort();
    tls.tls = { .isEnabled = true, .caFile = caFile };
    return tls;
}

/// Of more than 32 answers right before the close a quorum queue loses some (3.10): these are given
/// to others again, which the store tells them.
void RabbitLinkTest::publishesConfirmsAndConsumes()
{
    Subject subject(options());
    QVERIFY(subject.isReady());
    const QStringList ids = subject.publish(30);
    QCOMPARE(subject.confirmed.size(), 0); // never inside the call
    QVERIFY(subject.hasConfirmed(30));
    QVERIFY(!subject.confirmed.contains(false));
    subject.link.want({ { u"a"_s, 200 } });
    QVERIFY(subject.hasDelivered(30));
    QCOMPARE(subject.delivered(), ids);
    QCOMPARE(subject.link.facts().held, 30);
    for (const Delivery &delivery : subject.deliveries)
        subject.link.answer(delivery.tag, Answer::Done);
    QCOMPARE(subject.link.facts().held, 0);
    QVERIFY(subject.close());
    QCOMPARE(RawRabbit(m_server->port()).depth(queue(u"a"_s)), 0);
}

/// How long a message takes: the median of some, in a quiet moment.
void RabbitLinkTest::delivers()
{
    Subject subject(options());
    subject.link.want({ { u"a"_s, 8 } });
    QVERIFY(subject.isReady());
    QList<qint64> times;
    for (int i = 1; i <= 51; ++i) {
        QElapsedTimer timer;
        timer.start();
        subject.publish(1);
        QVERIFY(subject.hasDelivered(i));
        times << timer.nsecsElapsed() / 1'000;
        subject.link.answer(subject.deliveries.last().tag, Answer::Done);
    }
    std::sort(times.begin(), times.end());
    qInfo() << "publish to delivery, microseconds: median" << times.at(25) << "longest"
            << times.last();
}

void RabbitLinkTest::consumesOnlyWhatIsWanted()
{
    Subject subject(options(), { u"a"_s, u"b"_s });
    QVERIFY(subject.isReady());
    subject.publish(2, u"a"_s);
    subject.publish(2, u"b"_s);
    QVERIFY(subject.hasConfirmed(4));
    subject.link.want({ { u"b"_s, 8 } });
    QVERIFY(subject.hasDelivered(2));
    QCOMPARE(subject.deliveries.at(0).message.kind, u"b"_s);
    QCOMPARE(subject.deliveries.at(1).message.kind, u"b"_s);
    subject.link.want({ { u"a"_s, 8 }, { u"b"_s, 8 } });
    QVERIFY(subject.hasDelivered(4));
}

void RabbitLinkTest::respectsThePrefetch()
{
    Subject subject(options());
    subject.link.want({ { u"a"_s, 3 } });
    QVERIFY(subject.isReady());
    subject.publish(10);
    QVERIFY(subject.hasConfirmed(10));
    QVERIFY(subject.hasDelivered(3));
    for (int answered = 0; answered < 7; ++answered) {
        QCOMPARE(subject.link.facts().held, 3);
        subject.link.answer(subject.deliveries.at(answered).tag, Answer::Done);
        QVERIFY(subject.hasDelivered(answered + 4));
        QCOMPARE(subject.deliveries.size(), answered + 4);
    }
}

void RabbitLinkTest::sharesBetweenTwo()
{
    Subject first(options());
    Subject second(options());
    first.link.want({ { u"a"_s, 5 } });
    second.link.want({ { u"a"_s, 5 } });
    QVERIFY(first.isReady());
    QVERIFY(second.isReady());
    QStringList ids = first.publish(10);
    QVERIFY(first.hasDelivered(5));
    QVERIFY(second.hasDelivered(5));
    QStringList delivered = first.delivered() + second.delivered();
    delivered.sort();
    QCOMPARE(delivered, ids);
}

void RabbitLinkTest::givesBackForAnother()
{
    Subject first(options());
    first.link.want({ { u"a"_s, 1 } });
    QVERIFY(first.isReady());
    const QStringList ids = first.publish(1);
    QVERIFY(first.hasDelivered(1));
    Subject second(options());
    second.link.want({ { u"a"_s, 1 } });
    QVERIFY(second.isReady());
    first.link.want({});
    first.link.answer(first.deliveries.first().tag, Answer::Back);
    QVERIFY(second.hasDelivered(1));
    QCOMPARE(second.delivered(), ids);
}

void RabbitLinkTest::redeliversWhatALostConnectionHeld()
{
    CuttingProxy relay(m_server->port());
    RabbitOptions way = options();
    way.port = relay.port();
    Subject subject(std::move(way));
    subject.link.want({ { u"a"_s, 8 } });
    QVERIFY(subject.isReady());
    const QStringList ids = subject.publish(2);
    QVERIFY(subject.hasDelivered(2));
    QVERIFY(subject.hasConfirmed(2));
    relay.cut();
    QVERIFY(eventually([&] { return subject.dropped == 1; }));
    QCOMPARE(subject.link.facts().held, 0);
    const quint64 before = std::max(subject.deliveries[0].tag, subject.deliveries[1].tag);
    for (const Delivery &delivery : std::exchange(subject.deliveries, {}))
        subject.link.answer(delivery.tag, Answer::Done); // it is the broker's again: does nothing
    QVERIFY(subject.hasDelivered(2));
    QCOMPARE(subject.delivered(), ids);
    QVERIFY(subject.deliveries.first().tag > before);
    QCOMPARE(subject.dropped, 1);
}

void RabbitLinkTest::connectsAgainAfterTheNetworkWasCut()
{
    auto relay = std::make_unique<CuttingProxy>(m_server->port());
    RabbitOptions way = options();
    way.port = relay->port();
    Subject subject(std::move(way));
    QVERIFY(subject.isReady());
    subject.publish(1);
    relay->cut(); // perhaps before the message has gone, perhaps before its confirmation
    QVERIFY(subject.hasConfirmed(1));
    QVERIFY(eventually([&] { return subject.dropped == 1; }));
    QVERIFY(!subject.link.facts().fault.isEmpty());
    QVERIFY(subject.isReady());
    subject.publish(1);
    QVERIFY(subject.hasConfirmed(2));
    QVERIFY(subject.confirmed.last());
}

void RabbitLinkTest::haltGivesBackAtOnce()
{
    Subject first(options());
    first.link.want({ { u"a"_s, 5 } });
    QVERIFY(first.isReady());
    first.publish(5);
    QVERIFY(first.hasDelivered(5));
    Subject second(options());
    second.link.want({ { u"a"_s, 8 } });
    QVERIFY(second.isReady());
    const quint64 kept = first.deliveries.at(2).tag;
    QVERIFY(first.halt({ kept }));
    QCOMPARE(first.link.facts().held, 1);
    QVERIFY(second.hasDelivered(4));
    QVERIFY(!second.delivered().contains(first.deliveries.at(2).message.jobId));
    second.publish(1); // and the first gets nothing more
    QVERIFY(second.hasDelivered(5));
    QCOMPARE(first.deliveries.size(), 5);
    first.link.answer(kept, Answer::Done);
    QVERIFY(first.close());
    QCOMPARE(second.deliveries.size(), 5); // the one that was kept was not given to it
}

void RabbitLinkTest::beginsAnewAfterAHalt()
{
    Subject subject(options());
    subject.link.want({ { u"a"_s, 5 } });
    QVERIFY(subject.isReady());
    subject.publish(3);
    QVERIFY(subject.hasDelivered(3));
    bool hasHalted = false;
    subject.link.halt({}, [&] { hasHalted = true; });
    subject.deliveries.clear();
    subject.link.want({ { u"a"_s, 5 } }); // at once, as when a stop is taken back
    QVERIFY(subject.hasDelivered(3));
    QVERIFY(hasHalted);
    QCOMPARE(subject.link.facts().held, 3);
}

void RabbitLinkTest::confirmsWhatWasPublishedBeforeTheClose()
{
    Subject subject(options());
    QVERIFY(subject.isReady());
    subject.publish(50);
    QVERIFY(subject.close());
    QVERIFY(subject.hasConfirmed(50));
    QVERIFY(!subject.confirmed.contains(false));
    QCOMPARE(RawRabbit(m_server->port()).depth(queue(u"a"_s)), 50);
    subject.publish(1);
    QVERIFY(subject.hasConfirmed(51));
    QVERIFY(!subject.confirmed.last());
}

void RabbitLinkTest::closesWithoutABroker()
{
    RabbitOptions nowhere = options();
    nowhere.port = 1;
    Subject subject(std::move(nowhere));
    QVERIFY(subject.saysSoon(u"cannot be reached"_s));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(subject.halt());
    QVERIFY(subject.close());
    QVERIFY(elapsed(timer) < BrokerLink::kCloseWait);
}

void RabbitLinkTest::putsAsideWhatCannotBeRead()
{
    Subject subject(options());
    subject.link.want({ { u"a"_s, 5 } });
    QVERIFY(subject.isReady());
    RawRabbit raw(m_server->port());
    raw.publish(queue(u"a"_s), "hello");
    raw.publish(queue(u"a"_s), QByteArray(1'000'000, 'x'));
    raw.publish(queue(u"a"_s), {});
    raw.publish(queue(u"a"_s), toBytes({ newId(), u"b"_s }));
    QVERIFY(eventually([&] { return subject.garbled == 4; }));
    subject.publish(1); // and one that nobody knows what to do with
    QVERIFY(subject.hasDelivered(1));
    subject.link.answer(subject.deliveries.first().tag, Answer::Poison);
    QVERIFY(eventually([&] { return raw.depth(m_prefix + u"-dead"_s) == 5; }));
    QCOMPARE(raw.take(m_prefix + u"-dead"_s), "hello"_ba);
    QCOMPARE(subject.deliveries.size(), 1);
}

void RabbitLinkTest::saysWhenAQueueHasOtherArguments()
{
    RawRabbit raw(m_server->port());
    raw.declareClassic(queue(u"a"_s));
    Subject subject(options());
    QVERIFY(subject.saysSoon(u"queue \"%1\" exists with other arguments"_s.arg(queue(u"a"_s))));
    QCOMPARE(subject.dropped, 0);
    raw.remove(queue(u"a"_s));
    QVERIFY(subject.isReady());
}

void RabbitLinkTest::makesADeletedQueueAgain()
{
    Subject subject(options());
    QVERIFY(subject.isReady());
    RawRabbit(m_server->port()).remove(queue(u"a"_s));
    subject.publish(1);
    QVERIFY(subject.hasConfirmed(1));
    QVERIFY(!subject.confirmed.first()); // it went nowhere
    QVERIFY(eventually([&] { return subject.dropped == 1; }));
    QVERIFY(subject.isReady());
    subject.link.want({ { u"a"_s, 1 } });
    subject.publish(1);
    QVERIFY(subject.hasDelivered(1));
    RawRabbit(m_server->port()).remove(queue(u"a"_s)); // under its consumer
    QVERIFY(eventually([&] { return subject.dropped == 2; }));
    QVERIFY(subject.isReady());
    subject.publish(1);
    QVERIFY(subject.hasDelivered(2));
}

void RabbitLinkTest::tellsHowManyWait()
{
    Subject subject(options(), { u"a"_s, u"b"_s });
    QVERIFY(subject.isReady());
    subject.publish(2, u"a"_s);
    subject.publish(3, u"b"_s);
    QVERIFY(eventually([&] { return subject.link.facts().depth == 5; }));
}

void RabbitLinkTest::refusesBeyondItsLimit()
{
    Subject subject(options());
    QVERIFY(subject.isReady());
    subject.publish(BrokerLink::kMaxUnconfirmed);
    std::optional<bool> isKept;
    subject.link.publish({ newId(), u"a"_s }, [&](bool kept) { isKept = kept; });
    QVERIFY(subject.hasConfirmed(BrokerLink::kMaxUnconfirmed));
    QVERIFY(isKept); // long ago, but the first confirmations may have been quicker
    QVERIFY(!*isKept);
    subject.publish(1);
    QVERIFY(subject.hasConfirmed(BrokerLink::kMaxUnconfirmed + 1)); // there is room again
}

void RabbitLinkTest::saysWhenNobodyIsThere()
{
    RabbitOptions nowhere = options();
    nowhere.port = 1;
    Subject subject(std::move(nowhere));
    subject.publish(1);
    QVERIFY(subject.hasConfirmed(1));
    QVERIFY(!subject.confirmed.first());
    QVERIFY(eventually([&] {
        return subject.link.facts().fault
            == u"RabbitMQ at 127.0.0.1:1: it cannot be reached: Connection refused"_s;
    }));
    QVERIFY(subject.link.facts().changedAt.isValid());
}

void RabbitLinkTest::saysWhenTheLoginIsRefused()
{
    RabbitOptions wrong = options();
    wrong.password = Secret(QByteArrayView("wrong-password"));
    Subject subject(std::move(wrong));
    QVERIFY(subject.saysSoon(u"it refused the login of user \"guest\""_s));
    QVERIFY(!subject.link.facts().fault.contains(u"wrong-password"_s));
}

void RabbitLinkTest::saysWhenThereIsNoSuchVirtualHost()
{
    RabbitOptions wrong = options();
    wrong.virtualHost = u"nowhere"_s;
    Subject subject(std::move(wrong));
    QVERIFY(subject.saysSoon(u"user \"guest\" cannot use virtual host \"nowhere\""_s));
}

void RabbitLinkTest::trustsWhoTheRightAuthoritySigned()
{
    Subject subject(tlsOptions(m_server->authorityFile()));
    subject.link.want({ { u"a"_s, 50 } });
    QVERIFY2(subject.isReady(), qUtf8Printable(subject.link.facts().fault));
    const QStringList ids = subject.publish(50);
    QVERIFY(subject.hasDelivered(50));
    QCOMPARE(subject.delivered(), ids);
    QVERIFY(subject.close());
}

void RabbitLinkTest::trustsNobodyElse()
{
    Subject stranger(tlsOptions(m_server->strangerFile()));
    Subject system(tlsOptions({}));
    Subject unreadable(tlsOptions(u"/nowhere.pem"_s));
    RabbitOptions plain = options();
    plain.port = m_server->tlsPort();
    Subject unspoken(std::move(plain));
    QVERIFY2(stranger.saysSoon(u"certificate is not trusted"_s),
             qUtf8Printable(stranger.link.facts().fault));
    QVERIFY(system.saysSoon(u"certificate is not trusted"_s));
    QVERIFY(unreadable.saysSoon(u"the certificates in \"/nowhere.pem\" cannot be read"_s));
    QVERIFY2(unspoken.saysSoon(u"no login"_s), qUtf8Printable(unspoken.link.facts().fault));
}

void RabbitLinkTest::saysWhenTheBrokerTakesNoMessages()
{
    Subject subject(options());
    QVERIFY(subject.isReady());
    QVERIFY2(m_server->control({ u"set_vm_memory_high_watermark"_s, u"0.00001"_s }),
             m_server->output());
    subject.publish(1);
    const bool said = subject.saysSoon(u"takes no messages"_s);
    QVERIFY(m_server->control({ u"set_vm_memory_high_watermark"_s, u"0.4"_s }));
    QVERIFY(said);
    QVERIFY(subject.isReady());
    QCOMPARE(subject.dropped, 0);
}

void RabbitLinkTest::givesUpOnAFrozenBroker()
{
    Subject subject(options());
    QVERIFY(subject.isReady());
    m_server->freeze();
    QElapsedTimer timer;
    timer.start();
    subject.publish(1);
    QVERIFY(elapsed(timer) < kSlack);
    QVERIFY(subject.hasConfirmed(1));
    QVERIFY(!subject.confirmed.first());
    QVERIFY(elapsed(timer) >= BrokerLink::kConfirmWait);
    QVERIFY(subject.saysSoon(u"has not confirmed a message within 2 s"_s));
    subject.publish(1);
    QVERIFY(subject.hasConfirmed(2)); // at once now
    QVERIFY(!subject.confirmed.last());
    QVERIFY(subject.halt());
    m_server->thaw();
    QVERIFY(subject.isReady());
    subject.publish(1);
    QVERIFY(subject.hasConfirmed(3));
    QVERIFY(subject.confirmed.last());
}

void RabbitLinkTest::keepsItsHeartbeatsWhileNothingHappens()
{
    RabbitOptions often = options();
    often.heartbeat = 1s;
    Subject subject(std::move(often));
    QVERIFY(subject.isReady());
    QVERIFY(!QTest::qWaitFor([&] { return subject.dropped > 0; }, 4'000)); // the limit is at two
}

void RabbitLinkTest::losesABrokerThatGivesNoSignOfLife()
{
    RabbitOptions often = options();
    often.heartbeat = 1s;
    Subject subject(std::move(often));
    QVERIFY(subject.isReady());
    m_server->freeze();
    const bool isLost = eventually([&] { return subject.dropped == 1; });
    m_server->thaw();
    QVERIFY(isLost);
    QVERIFY(subject.isReady());
}

void RabbitLinkTest::closesWithAFrozenBroker()
{
    auto subject = std::make_unique<Subject>(options());
    subject->link.want({ { u"a"_s, 1 } });
    QVERIFY(subject->isReady());
    m_server->freeze();
    QElapsedTimer timer;
    timer.start();
    QVERIFY(subject->halt());
    QVERIFY(elapsed(timer) < BrokerLink::kHaltWait + kSlack);
    timer.restart();
    QVERIFY(subject->close());
    QVERIFY(elapsed(timer) < BrokerLink::kCloseWait + kSlack);
    timer.restart();
    subject.reset();
    const std::chrono::milliseconds took = elapsed(timer);
    m_server->thaw();
    QVERIFY2(took < kSlack, QByteArray::number(qint64(took.count())));
}

void RabbitLinkTest::keepsMessagesOverARestart()
{
    Subject subject(options());
    QVERIFY(subject.isReady());
    const QStringList ids = subject.publish(20);
    QVERIFY(subject.hasConfirmed(20));
    m_server->stop();
    QVERIFY(eventually([&] { return subject.dropped == 1; }));
    QVERIFY(!subject.link.facts().fault.isEmpty());
    subject.link.want({ { u"a"_s, 50 } });
    QVERIFY2(m_server->start(), m_server->output());
    QVERIFY(subject.isReady());
    QVERIFY(subject.hasDelivered(20));
    QCOMPARE(subject.delivered(), ids);
}

QTEST_GUILESS_MAIN(RabbitLinkTest)
#include "tst_rabbitlink.moc"
