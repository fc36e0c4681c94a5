// SPDX-License-Identifier: GPL-3.0-only
// What an operator may write as RabbitMQ's URL, and what each mistake is called.
#include "service/jobs/broker/rabbitmq/rabbitoptions.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

class RabbitOptionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
};

void RabbitOptionsTest::reads_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("read"); // user@address virtual host
    QTest::newRow("host") << u"amqp://mq"_s << u"guest@mq:5672 /"_s;
    QTest::newRow("TLS") << u"amqps://mq"_s << u"guest@mq:5671 / TLS"_s;
    QTest::newRow("all") << u"amqps://jobs@mq.example:5673/prod"_s
                         << u"jobs@mq.example:5673 prod TLS"_s;
    QTest::newRow("no name") << u"amqp://mq/"_s << u"guest@mq:5672 "_s;
    QTest::newRow("escapes") << u"amqp://a%40b@mq/%2Fx%C3%A4"_s << u"a@b@mq:5672 /xä"_s;
    QTest::newRow("IPv4") << u"amqp://127.0.0.1:1"_s << u"guest@127.0.0.1:1 /"_s;
    QTest::newRow("IPv6") << u"amqp://[::1]"_s << u"guest@[::1]:5672 /"_s;
    QTest::newRow("IPv6 and port") << u"amqp://u@[::1]:65535/v"_s << u"u@[::1]:65535 v"_s;
}

void RabbitOptionsTest::reads()
{
    QFETCH(const QString, url);
    const Result<RabbitOptions, QString> options = parseAmqpUrl(url);
    QVERIFY2(options.isOk(), options ? "" : qUtf8Printable(options.error()));
    const RabbitOptions &read = options.value();
    QTEST(u"%1@%2 %3%4"_s.arg(read.user, addressOf(read), read.virtualHost,
                              read.tls.isEnabled ? u" TLS"_s : QString()),
          "read");
    QVERIFY(read.password.isEmpty());
}

void RabbitOptionsTest::refuses_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("why");
    QTest::newRow("nothing") << QString() << u"it does not begin with amqp:// or amqps://"_s;
    QTest::newRow("scheme") << u"http://mq"_s << u"it does not begin with amqp:// or amqps://"_s;
    QTest::newRow("password")
        << u"amqp://u:secret@mq"_s
        << u"a password does not belong here; use jobs.rabbitmq_password_file"_s;
    QTest::newRow("empty password")
        << u"amqp://u:@mq"_s
        << u"a password does not belong here; use jobs.rabbitmq_password_file"_s;
    QTest::newRow("no user") << u"amqp://@mq"_s << u"there is no user before its \"@\""_s;
    QTest::newRow("no host") << u"amqp://"_s << u"it has no host"_s;
    QTest::newRow("host") << u"amqp://m q"_s << u"\"m q\" is not a host"_s;
    QTest::newRow("two hosts") << u"amqp://a,b"_s << u"\"a,b\" is not a host"_s;
    QTest::newRow("port") << u"amqp://mq:x"_s
                          << u"its port \"x\" is not a number from 1 to 65535"_s;
    QTest::newRow("port 0") << u"amqp://mq:0"_s
                            << u"its port \"0\" is not a number from 1 to 65535"_s;
    QTest::newRow("high port") << u"amqp://mq:65536"_s
                               << u"its port \"65536\" is not a number from 1 to 65535"_s;
    QTest::newRow("no port") << u"amqp://mq:"_s
                             << u"its port \"\" is not a number from 1 to 65535"_s;
    QTest::newRow("bracket") << u"amqp://[::1"_s << u"its address has a \"[\" without \"]\""_s;
    QTest::newRow("no IPv6") << u"amqp://[mq]"_s << u"\"[mq]\" is not an address"_s;
    QTest::newRow("after it") << u"amqp://[::1]x"_s << u"\"[::1]x\" is not an address"_s;
    QTest::newRow("slash") << u"amqp://mq/a/b"_s
                           << u"its virtual host has a \"/\", which is written %2F"_s;
    QTest::newRow("escape") << u"amqp://mq/%2"_s << u"\"%2\" is not an escape"_s;
    QTest::newRow("parameters") << u"amqp://mq?heartbeat=1"_s
                                << u"it has a \"?\" or \"#\", and there are no parameters"_s;
}

void RabbitOptionsTest::refuses()
{
    QFETCH(const QString, url);
    const Result<RabbitOptions, QString> options = parseAmqpUrl(url);
    QVERIFY(!options);
    QTEST(options.error(), "why");
}

QTEST_GUILESS_MAIN(RabbitOptionsTest)
#include "tst_rabbitoptions.moc"
