// SPDX-License-Identifier: GPL-3.0-only
// Endpoints: what is read, what is refused and why, and that writing gives back what was read.
#include "common/endpoint.h"

#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::Endpoint;

class EndpointTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAnAddressAndAPort_data();
    void readsAnAddressAndAPort();
    void refuses_data();
    void refuses();
    void writesAUrl();
};

void EndpointTest::readsAnAddressAndAPort_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("port");
    QTest::newRow("IPv4") << u"127.0.0.1:8080"_s << u"127.0.0.1"_s << 8080;
    QTest::newRow("every address") << u"0.0.0.0:80"_s << u"0.0.0.0"_s << 80;
    QTest::newRow("IPv6") << u"[::1]:9090"_s << u"::1"_s << 9090;
    QTest::newRow("IPv6 with scope") << u"[fe80::1%eth0]:1"_s << u"fe80::1%eth0"_s << 1;
    QTest::newRow("free port") << u"127.0.0.1:0"_s << u"127.0.0.1"_s << 0;
    QTest::newRow("largest port") << u"127.0.0.1:65535"_s << u"127.0.0.1"_s << 65535;
}

void EndpointTest::readsAnAddressAndAPort()
{
    QFETCH(const QString, text);
    const auto endpoint = quiesce::parseEndpoint(text);
    QVERIFY2(endpoint.isOk(), qPrintable(text));
    QTEST(endpoint.value().address, "address");
    QTEST(int(endpoint.value().port), "port");
    QCOMPARE(quiesce::formatEndpoint(endpoint.value()), text);
}

void EndpointTest::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    const auto noPort = [](const char *port) {
        return u"\"%1\" is not a port from 0 to 65535"_s.arg(QString::fromLatin1(port));
    };
    const QString brackets = u"an IPv6 address is written in brackets, like [::1]:8080"_s;
    QTest::newRow("empty") << u""_s << u"the port is missing"_s;
    QTest::newRow("address alone") << u"127.0.0.1"_s << u"the port is missing"_s;
    QTest::newRow("IPv6 alone") << u"[::1]"_s << u"the port is missing"_s;
    QTest::newRow("port alone") << u"8080"_s << u"the port is missing"_s;
    QTest::newRow("no address") << u":8080"_s
                                << u"the address is missing; 0.0.0.0 means every one"_s;
    QTest::newRow("empty port") << u"127.0.0.1:"_s << noPort("");
    QTest::newRow("port too large") << u"127.0.0.1:65536"_s << noPort("65536");
    QTest::newRow("negative port") << u"127.0.0.1:-1"_s << noPort("-1");
    QTest::newRow("port with plus") << u"127.0.0.1:+80"_s << noPort("+80");
    QTest::newRow("port with space") << u"127.0.0.1: 80"_s << noPort(" 80");
    QTest::newRow("port as word") << u"127.0.0.1:http"_s << noPort("http");
    QTest::newRow("host name") << u"example.org:80"_s
                               << u"\"example.org\" is not an address; a host name is not "
                                  u"accepted"_s;
    QTest::newRow("IPv6 without brackets") << u"::1:80"_s << brackets;
    QTest::newRow("open bracket") << u"[::1:80"_s << brackets;
    QTest::newRow("URL") << u"http://127.0.0.1:80"_s << brackets;
}

void EndpointTest::refuses()
{
    QFETCH(const QString, text);
    const auto endpoint = quiesce::parseEndpoint(text);
    QVERIFY(!endpoint.isOk());
    QTEST(endpoint.error(), "reason");
}

void EndpointTest::writesAUrl()
{
    QCOMPARE(quiesce::parseEndpoint(u"localhost:80").value(), (Endpoint{ u"127.0.0.1"_s, 80 }));
    QCOMPARE(quiesce::httpUrl({ u"::1"_s, 8080 }), u"http://[::1]:8080"_s);
    QCOMPARE(quiesce::httpUrl({ u"::1"_s, 8443 }, quiesce::Scheme::Https), u"https://[::1]:8443"_s);
}

QTEST_APPLESS_MAIN(EndpointTest)
#include "tst_endpoint.moc"
