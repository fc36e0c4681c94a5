// SPDX-License-Identifier: GPL-3.0-only
// What an operator may set for Kafka, and what is said of what he may not.
#include "service/jobs/broker/kafka/kafkaoptions.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

using Change = std::function<void(KafkaOptions &)>;

KafkaOptions good()
{
    KafkaOptions options;
    options.brokers = { u"k:9092"_s };
    return options;
}

void setSasl(KafkaOptions &options)
{
    options.security = KafkaOptions::Security::SaslSsl;
    options.mechanism = u"SCRAM-SHA-512"_s;
    options.user = u"u"_s;
    options.password = Secret("p");
}

} // namespace

class KafkaOptionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsBrokers_data();
    void readsBrokers();
    void refusesBrokers_data();
    void refusesBrokers();
    void readsSecurityAsItWritesIt();
    void findsFaults_data();
    void findsFaults();
};

void KafkaOptionsTest::readsBrokers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("brokers");
    QTest::newRow("one") << u"kafka:9092"_s << QStringList{ u"kafka:9092"_s };
    QTest::newRow("several") << u"a:1, b.example:65535"_s
                             << QStringList{ u"a:1"_s, u"b.example:65535"_s };
    QTest::newRow("addresses") << u"127.0.0.1:9092,[::1]:9092"_s
                               << QStringList{ u"127.0.0.1:9092"_s, u"[::1]:9092"_s };
    QTest::newRow("capitals") << u"KAFKA:9092"_s << QStringList{ u"kafka:9092"_s };
}

void KafkaOptionsTest::readsBrokers()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, brokers);
    const auto parsed = parseKafkaBrokers(text);
    QVERIFY2(parsed.isOk(), parsed ? "" : qPrintable(parsed.error()));
    QCOMPARE(parsed.value(), brokers);
}

void KafkaOptionsTest::refusesBrokers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("nothing") << u""_s << u"broker 1 of 1: it is empty"_s;
    QTest::newRow("an empty one") << u"a:1,,b:2"_s << u"broker 2 of 3: it is empty"_s;
    QTest::newRow("no port") << u"a:1,b"_s << u"broker 2 of 2: \"b\" names no port"_s;
    QTest::newRow("port 0") << u"a:0"_s << u"broker 1 of 1: \"a:0\" names no port"_s;
    QTest::newRow("port too high")
        << u"a:65536"_s << u"broker 1 of 1: \"a:65536\" is no host:port"_s;
    QTest::newRow("a scheme") << u"kafka://a:1"_s
                              << u"broker 1 of 1: \"kafka://a:1\" is no host:port"_s;
    QTest::newRow("spaces") << u"a b:1"_s << u"broker 1 of 1: \"a b:1\" is no host:port"_s;
    QTest::newRow("twice") << u"a:1,A:1"_s << u"broker 2 of 2: \"a:1\" is named twice"_s;
    QTest::newRow("too many") << QStringList(33, u"a:1"_s).join(u',')
                              << u"33 brokers are more than 32"_s;
}

void KafkaOptionsTest::refusesBrokers()
{
    QFETCH(const QString, text);
    QFETCH(const QString, reason);
    const auto parsed = parseKafkaBrokers(text);
    QVERIFY(!parsed.isOk());
    QCOMPARE(parsed.error(), reason);
}

void KafkaOptionsTest::readsSecurityAsItWritesIt()
{
    using Security = KafkaOptions::Security;
    for (const Security security :
         { Security::Plaintext, Security::Ssl, Security::SaslPlaintext, Security::SaslSsl })
        QCOMPARE(parseKafkaSecurity(kafkaSecurityText(security)), std::optional(security));
    QCOMPARE(parseKafkaSecurity(u"SSL"), std::nullopt);
    QCOMPARE(parseKafkaSecurity(u""), std::nullopt);
}

void KafkaOptionsTest::findsFaults_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("begins");
    const auto row = [](const char *name, Change change, const QString &begins) {
        QTest::newRow(name) << std::move(change) << begins;
    };
    row("none", [](auto &) {}, {});
    row("none with SASL", setSasl, {});
    row(
        "no brokers", [](auto &o) { o.brokers.clear(); }, u"brokers: "_s);
    row(
        "no group", [](auto &o) { o.group.clear(); }, u"group: "_s);
    row(
        "prefix", [](auto &o) { o.prefix = u"my jobs"_s; }, u"prefix: \"my jobs\" "_s);
    row(
        "no mechanism", [](auto &o) { setSasl(o), o.mechanism.clear(); }, u"mechanism: \"\" "_s);
    row(
        "no password", [](auto &o) { setSasl(o), o.password = {}; }, u"user: sasl_ssl "_s);
    row(
        "user without SASL", [](auto &o) { o.user = u"u"_s; }, u"user: plaintext "_s);
    row(
        "CA without TLS", [](auto &o) { o.caFile = u"/ca"_s; }, u"caFile: plaintext "_s);
    row(
        "no key", [](auto &o) { o.certFile = u"/c"_s; }, u"certFile: "_s);
    row(
        "no partitions", [](auto &o) { o.partitions = 0; }, u"partitions: "_s);
    row(
        "no replica", [](auto &o) { o.replication = 0; }, u"replication: "_s);
}

void KafkaOptionsTest::findsFaults()
{
    QFETCH(const Change, change);
    QFETCH(const QString, begins);
    KafkaOptions options = good();
    change(options);
    const auto fault = kafkaOptionsFault(options);
    QCOMPARE(fault.has_value(), !begins.isEmpty());
    QVERIFY2(!fault || fault->startsWith(begins), qPrintable(fault.value_or(QString())));
}

QTEST_GUILESS_MAIN(KafkaOptionsTest)
#include "tst_kafkaoptions.moc"
