// SPDX-License-Identifier: GPL-3.0-only
// KafkaMember: a KafkaLink on a test's cluster, and what it has told.
#pragma once

#include "service/jobs/broker/kafka/kafkalink.h"
#include "tests/support/kafkacluster.h"

#include <QElapsedTimer>
#include <QTest>

namespace quiesce::test {

/// One topic of a cluster, and the group that reads it: each test has its own.
struct KafkaStage
{
    explicit KafkaStage(KafkaCluster &kafka, int partitionCount = 1)
        : cluster(kafka)
        , name(QString::fromLatin1(QTest::currentTestFunction()) + u'.'
               + QString::fromLatin1(QTest::currentDataTag()))
        , partitions(partitionCount)
    {
        cluster.addTopic(topic(), partitions);
        cluster.addTopic(dead(), 1);
    }
    [[nodiscard]] QString topic() const { return name + QStringLiteral(".a"); }
    [[nodiscard]] QString dead() const { return name + QStringLiteral(".dead"); }
    [[nodiscard]] KafkaOptions options() const
    {
        KafkaOptions options;
        options.brokers = cluster.brokers();
        options.group = name;
        options.prefix = name;
        options.sessionTimeout = std::chrono::seconds(4); // more than the mock has a new group wait
        options.maxPollInterval = std::chrono::seconds(4);
        return options;
    }

    KafkaCluster &cluster;
    QString name;
    int partitions;
};

struct KafkaMember
{
    explicit KafkaMember(KafkaOptions options)
        : link(std::make_unique<KafkaLink>(std::move(options)))
    {
        QObject::connect(link.get(), &BrokerLink::delivered, link.get(),
                         [this](const Delivery &one) {
                             got.append(one);
                             if (isAnswering)
                                 link->answer(one.tag, BrokerLink::Answer::Done);
                         });
        QObject::connect(link.get(), &BrokerLink::garbled, link.get(),
                         [this](const QString &what) { garbled.append(what); });
        QObject::connect(link.get(), &BrokerLink::dropped, link.get(), [this] { ++drops; });
        link->start({ QStringLiteral("a") });
    }
    explicit KafkaMember(const KafkaStage &stage)
        : KafkaMember(stage.options())
    { }

    void want(int places) { link->want({ { QStringLiteral("a"), places } }); }
    void publish(const QString &jobId)
    {
        link->publish({ .jobId = jobId, .kind = QStringLiteral("a") },
                      [this](bool isKept) { ++(isKept ? kept : refused); });
    }
    void publish(int from, int to)
    {
        for (int i = from; i < to; ++i)
            publish(QString::number(i));
    }
    void answer(qsizetype index, BrokerLink::Answer answer = BrokerLink::Answer::Done)
    {
        link->answer(got.at(index).tag, answer);
    }
    [[nodiscard]] QStringList jobs() const
    {
        QStringList ids;
        for (const Delivery &one : got)
            ids << one.message.jobId;
        return ids;
    }
    /// How long it takes; -1: longer than 10 s.
    std::chrono::milliseconds halt(const QList<quint64> &keptTags = {})
    {
        return timed([&](auto done) { link->halt(keptTags, done); });
    }
    std::chrono::milliseconds close()
    {
        return timed([&](auto done) { link->close(done); });
    }

    QList<Delivery> got;
    QStringList garbled;
    int kept = 0;
    int refused = 0;
    int drops = 0;
    bool isAnswering = false; ///< Done, at once
    std::unique_ptr<KafkaLink> link; ///< the first to go

private:
    template <typename Begin>
    static std::chrono::milliseconds timed(Begin begin)
    {
        QElapsedTimer timer;
        timer.start();
        const auto calls = std::make_shared<int>(0);
        begin([calls] { ++*calls; });
        const bool isInside = *calls > 0; // which it must not be
        if (isInside || !QTest::qWaitFor([&] { return *calls == 1; }, 10'000))
            return std::chrono::milliseconds(-1);
        return std::chrono::milliseconds(timer.elapsed());
    }
};

} // namespace quiesce::test
