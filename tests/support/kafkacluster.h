// SPDX-License-Identifier: GPL-3.0-only
// KafkaCluster: a Kafka for a test, librdkafka's mock in a process of its own (see mockkafka.cpp).
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <optional>

namespace quiesce::test {

/// Starts it, commands it, and looks into it from outside.
///
/// Owns:   its process, which ends with it.
/// Blocks: each call, until it is done; a test is failed by what does not succeed.
class KafkaCluster final
{
public:
    explicit KafkaCluster(int brokers = 1);
    ~KafkaCluster();
    KafkaCluster(const KafkaCluster &) = delete;
    KafkaCluster &operator=(const KafkaCluster &) = delete;

    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    [[nodiscard]] QStringList brokers() const { return m_brokers; }

    void addTopic(const QString &name, int partitions);
    /// All brokers: connections are cut and refused.
    void down();
    void up();
    /// All brokers: connections stay, nothing is answered.
    void freeze();
    void thaw();
    /// The next requests of that API key fail with that code of Kafka's.
    void failNext(int api, int count, int code);

    struct Record
    {
        QByteArray key;
        QByteArray value;
        QByteArray reason; ///< the header that says why it is there
    };
    /// What a topic holds.
    [[nodiscard]] QList<Record> records(const QString &topic, int partitions) const;
    /// What the group has committed; none: nothing.
    [[nodiscard]] std::optional<qint64> committed(const QString &group, const QString &topic,
                                                  int partition) const;
    /// Puts bytes into a topic, as somebody else would.
    void write(const QString &topic, const QByteArray &key, const QByteArray &value) const;

private:
    void command(const QString &line);

    QProcess m_process;
    QStringList m_brokers;
};

} // namespace quiesce::test
