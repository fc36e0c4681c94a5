// SPDX-License-Identifier: GPL-3.0-only
// What is written into records and read from them, and from librdkafka's statistics.
#include "service/jobs/broker/kafka/kafkamessage.h"
#include "service/jobs/broker/kafka/kafkastats.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

class KafkaMessageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatItWrites();
    void passesOverWhatIsNew();
    void refusesWhatIsNone_data();
    void refusesWhatIsNone();
    void readsStatistics();
    void readsNothingFromNothing();
};

void KafkaMessageTest::readsWhatItWrites()
{
    const QByteArray value = kafkaValue({ .jobId = u"j-1"_s, .kind = u"a"_s });
    QCOMPARE(value, QByteArray(R"({"jobId":"j-1","kind":"a"})"));
    const auto message = parseKafkaValue(value, u"a"_s);
    QVERIFY(message.isOk());
    QCOMPARE(message.value().jobId, u"j-1"_s);
    QCOMPARE(message.value().kind, u"a"_s);
}

void KafkaMessageTest::passesOverWhatIsNew()
{
    QVERIFY(parseKafkaValue(R"({"jobId":"j","kind":"a","urgent":true})", u"a"_s).isOk());
}

void KafkaMessageTest::refusesWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("begins");
    QTest::newRow("nothing") << QByteArray() << u"it is no JSON object: "_s;
    QTest::newRow("bytes") << QByteArray("\x00\xff\x1b[31m", 7) << u"it is no JSON object: "_s;
    QTest::newRow("a list") << QByteArray("[]") << u"it is no JSON object: "_s;
    QTest::newRow("no job") << QByteArray(R"({"kind":"a"})") << u"it names no jobId"_s;
    QTest::newRow("a number") << QByteArray(R"({"jobId":1,"kind":"a"})") << u"it names no jobId"_s;
    QTest::newRow("another kind") << QByteArray(R"({"jobId":"j","kind":"b"})")
                                  << u"it is of kind \"b\" in the topic of \"a\""_s;
    QTest::newRow("too long") << QByteArray(kMaxKafkaValue + 1, ' ') << u"it has 4097 bytes"_s;
}

void KafkaMessageTest::refusesWhatIsNone()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QString, begins);
    const auto message = parseKafkaValue(value, u"a"_s);
    QVERIFY(!message.isOk());
    QVERIFY2(message.error().startsWith(begins), qPrintable(message.error()));
}

void KafkaMessageTest::readsStatistics()
{
    const KafkaStats stats = parseKafkaStats(R"({
        "brokers": { "x": { "state": "DOWN" }, "y": { "state": "UP" } },
        "topics": { "q.a": { "partitions": {
            "0": { "fetch_state": "active", "lo_offset": 0, "hi_offset": 10, "stored_offset": 4,
                   "committed_offset": 2 },
            "1": { "fetch_state": "active", "lo_offset": 3, "hi_offset": 5, "stored_offset": -1001,
                   "committed_offset": -1001 },
            "2": { "fetch_state": "active", "lo_offset": -1001, "hi_offset": -1001,
                   "stored_offset": -1001, "committed_offset": 7 },
            "3": { "fetch_state": "none", "lo_offset": 0, "hi_offset": 99, "stored_offset": 0 },
            "-1": { "fetch_state": "none", "hi_offset": -1001 } } } } })");
    QVERIFY(stats.isConnected);
    QCOMPARE(stats.partitions, (QHash<QString, int>{ { u"q.a"_s, 4 } }));
    QCOMPARE(stats.lag, std::optional<qint64>(6 + 2));
}

void KafkaMessageTest::readsNothingFromNothing()
{
    for (const char *json : { "", "[]", "{", R"({"brokers":{"x":{"state":"TRY_CONNECT"}}})" }) {
        const KafkaStats stats = parseKafkaStats(json);
        QVERIFY(!stats.isConnected);
        QVERIFY(stats.partitions.isEmpty());
        QCOMPARE(stats.lag, std::nullopt);
    }
}

QTEST_GUILESS_MAIN(KafkaMessageTest)
#include "tst_kafkamessage.moc"
