// SPDX-License-Identifier: GPL-3.0-only
// The engines that instances share, started for the bench as the tests start them: commanded by
// standard input, for each line in one line of JSON out. It ends, and they do, when its input does.
//
//     postgresql    a new and empty database           {"url": …}
//     rabbitmq      the server                         {"url": …, "password": …}
//     kafka         librdkafka's mock, in memory       {"url": …}
//
// An engine is started when it is asked for first. What cannot be had: {"fault": why}.
#include "tests/support/postgresserver.h"
#ifdef QUIESCE_HAS_RABBITMQ
#include "tests/support/rabbitserver.h"
#endif
#ifdef QUIESCE_HAS_KAFKA
#include "tests/support/kafkacluster.h"
#endif

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <iostream>
#include <string>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

QJsonObject fault(const QString &why)
{
    return { { u"fault"_s, why } };
}

QJsonObject newDatabase()
{
    static PostgresServer server;
    if (!server.fault().isEmpty())
        return fault(server.fault());
    return { { u"url"_s, server.url(server.makeDatabase()) } };
}

QJsonObject rabbit()
{
#ifdef QUIESCE_HAS_RABBITMQ
    static RabbitServer server;
    static const bool isThere = server.start();
    if (!isThere)
        return fault(QString::fromUtf8(server.output()));
    return { { u"url"_s, u"amqp://guest@127.0.0.1:%1"_s.arg(server.port()) },
             { u"password"_s, u"guest"_s } };
#else
    return fault(u"built without RabbitMQ"_s);
#endif
}

QJsonObject kafka()
{
#ifdef QUIESCE_HAS_KAFKA
    static const KafkaCluster cluster;
    return { { u"url"_s, cluster.brokers().join(u',') } };
#else
    return fault(u"built without Kafka"_s);
#endif
}

QJsonObject obey(const std::string &engine)
{
    if (engine == "postgresql")
        return newDatabase();
    if (engine == "rabbitmq")
        return rabbit();
    return engine == "kafka" ? kafka() : fault(u"there is no such engine"_s);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    std::string engine;
    while (std::getline(std::cin, engine))
        std::cout << QJsonDocument(obey(engine)).toJson(QJsonDocument::Compact).constData()
                  << std::endl;
    return 0;
}
