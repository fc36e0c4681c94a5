// SPDX-License-Identifier: GPL-3.0-only
// What is read from librdkafka's statistics.
#include "service/jobs/broker/kafka/kafkastats.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

class KafkaStatsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStatistics();
    void readsNothingFromNothing();
};

void KafkaStatsTest::readsStatistics()
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

void KafkaStatsTest::readsNothingFromNothing()
{
    for (const char *json : { "", "[]", "{", R"({"brokers":{"x":{"state":"TRY_CONNECT"}}})" }) {
        const KafkaStats stats = parseKafkaStats(json);
        QVERIFY(!stats.isConnected);
        QVERIFY(stats.partitions.isEmpty());
        QCOMPARE(stats.lag, std::nullopt);
    }
}

QTEST_GUILESS_MAIN(KafkaStatsTest)
#include "tst_kafkastats.moc"
