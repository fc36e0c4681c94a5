// SPDX-License-Identifier: GPL-3.0-only
// Hosts in one spelling, and the many that are none.
#include "common/authority.h"

#include <QTest>

using quiesce::Authority;
using quiesce::canonicalHost;
using quiesce::parseAuthority;

class AuthorityTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spellsEachHostInOneWay_data();
    void spellsEachHostInOneWay();
    void refusesWhatOnlyLooksLikeAHost_data();
    void refusesWhatOnlyLooksLikeAHost();
    void splitsHostAndPort_data();
    void splitsHostAndPort();
    void refusesWhatIsNoAuthority_data();
    void refusesWhatIsNoAuthority();
};

void AuthorityTest::spellsEachHostInOneWay_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("spelled");
    const auto row = [](const char *written, const char *spelled) {
        QTest::newRow(written) << QByteArray(written) << QByteArray(spelled);
    };
    row("localhost", "localhost");
    row("LocalHost", "localhost");
    row("Admin.Example.ORG", "admin.example.org");
    row("a_b-c.d0", "a_b-c.d0");
    row("127.0.0.1", "127.0.0.1");
    row("::1", "::1");
    row("0:0:0:0:0:0:0:1", "::1");
    row("2001:DB8::00aB", "2001:db8::ab");
    row("::ffff:10.1.2.3", "10.1.2.3");
    row("::ffff:0a01:0203", "10.1.2.3");
}

void AuthorityTest::spellsEachHostInOneWay()
{
    QFETCH(const QByteArray, written);
    QFETCH(const QByteArray, spelled);
    QVERIFY(canonicalHost(written));
    QCOMPARE(*canonicalHost(written), spelled);
    QCOMPARE(*canonicalHost(spelled), spelled);
}

void AuthorityTest::refusesWhatOnlyLooksLikeAHost_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a trailing dot") << QByteArray("localhost.");
    QTest::newRow("an address with a trailing dot") << QByteArray("127.0.0.1.");
    QTest::newRow("a leading dot") << QByteArray(".localhost");
    QTest::newRow("two dots") << QByteArray("a..b");
    QTest::newRow("a short address") << QByteArray("127.1");
    QTest::newRow("a number") << QByteArray("2130706433");
    QTest::newRow("a hexadecimal number") << QByteArray("0x7f000001");
    QTest::newRow("a hexadecimal part") << QByteArray("127.0.0.0x1");
    QTest::newRow("an octal part") << QByteArray("0177.0.0.01");
    QTest::newRow("an address of five") << QByteArray("127.0.0.1.1");
    QTest::newRow("a part too large") << QByteArray("127.0.0.256");
    QTest::newRow("a name ending in a number") << QByteArray("localhost.1");
    QTest::newRow("a zone") << QByteArray("fe80::1%eth0");
    QTest::newRow("an escaped zone") << QByteArray("fe80::1%25eth0");
    QTest::newRow("brackets") << QByteArray("[::1]");
    QTest::newRow("an escape") << QByteArray("local%68ost");
    QTest::newRow("user information") << QByteArray("localhost@evil.example");
    QTest::newRow("a path") << QByteArray("localhost/x");
    QTest::newRow("a blank") << QByteArray("local host");
    QTest::newRow("a NUL") << QByteArray("localhost\0", 10);
    QTest::newRow("a NUL in an address") << QByteArray("::1\0", 4);
    QTest::newRow("a letter of another script") << QByteArray("l\xc3\xb6"
                                                              "calhost");
    QTest::newRow("a long label") << QByteArray(64, 'a');
    QTest::newRow("a long name") << QByteArray("a.").repeated(127) + "aa";
}

void AuthorityTest::refusesWhatOnlyLooksLikeAHost()
{
    QFETCH(const QByteArray, written);
    QVERIFY(!canonicalHost(written));
    QVERIFY(written.startsWith('[') || !parseAuthority(written));
}

void AuthorityTest::splitsHostAndPort_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port"); // -1: none
    QTest::newRow("name") << QByteArray("Localhost") << QByteArray("localhost") << -1;
    QTest::newRow("name and port") << QByteArray("a.b:0") << QByteArray("a.b") << 0;
    QTest::newRow("IPv4") << QByteArray("127.0.0.1:65535") << QByteArray("127.0.0.1") << 65'535;
    QTest::newRow("IPv6") << QByteArray("[::1]") << QByteArray("::1") << -1;
    QTest::newRow("IPv6 and port") << QByteArray("[0::1]:9090") << QByteArray("::1") << 9'090;
}

void AuthorityTest::splitsHostAndPort()
{
    QFETCH(const QByteArray, written);
    QFETCH(const QByteArray, host);
    QFETCH(const int, port);
    const std::optional<Authority> authority = parseAuthority(written);
    QVERIFY(authority);
    QCOMPARE(authority->host, host);
    QCOMPARE(authority->port ? int(*authority->port) : -1, port);
}

void AuthorityTest::refusesWhatIsNoAuthority_data()
{
    QTest::addColumn<QByteArray>("written");
    for (const char *written :
         { "",           ":",      ":80",       "a:",      "a:65536", "a:000080",    "a:8o",
           "a:-1",       "a:+1",   "a: 1",      "a:1:2",   "::1",     "[::1",        "::1]",
           "[]",         "[]:1",   "[::1]x",    "[::1]80", "[::1]:",  "[127.0.0.1]", "[localhost]",
           "[::1%25lo]", "user@a", "user:pw@a", "a@b:1",   "a,b" })
        QTest::newRow(*written ? written : "nothing") << QByteArray(written);
}

void AuthorityTest::refusesWhatIsNoAuthority()
{
    QFETCH(const QByteArray, written);
    QVERIFY(!parseAuthority(written));
}

QTEST_APPLESS_MAIN(AuthorityTest)
#include "tst_authority.moc"
