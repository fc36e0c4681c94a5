// SPDX-License-Identifier: GPL-3.0-only
// TlsContext: which files it takes, and what it says of those it does not.
#include "service/http/tls/listenertls.h"
#include "tests/support/certificates.h"

#include <QFile>
#include <QTest>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::TlsContext;
using quiesce::TlsFault;
using quiesce::test::Certificate;
using quiesce::test::CertificateFolder;
using File = TlsFault::File;

Q_DECLARE_METATYPE(File)

class TlsContextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void loadsAChainAndItsKey();
    void saysWhatIsWrongWithAFile_data();
    void saysWhatIsWrongWithAFile();
    void refusesAKeyThatOthersMayRead_data();
    void refusesAKeyThatOthersMayRead();
    void lendsRootsKeyToAGroup();
    void doesNotWaitForAPipe();
    void warnsOfDates_data();
    void warnsOfDates();
    void namesTheSettingToBlame();
    void loadsNothingWithoutCertificates();

private:
    [[nodiscard]] quiesce::TlsFiles files() const
    {
        return { m_folder.path(u"good.crt"_s), m_folder.path(u"good.key"_s), {} };
    }

    CertificateFolder m_folder;
    Certificate m_authority{ { .name = "authority", .kind = Certificate::Kind::Authority } };
    Certificate m_good{ { .name = "t\xc3\xa9st" }, &m_authority };
};

void TlsContextTest::initTestCase()
{
    const auto write = [this](const QString &name, const QByteArray &content) {
        static_cast<void>(m_folder.write(name, content));
    };
    const Certificate weak({ .rsaBits = 1024 });
    write(u"good.crt"_s, m_good.pem() + m_authority.pem());
    write(u"good.key"_s, m_good.keyPem());
    write(u"other.key"_s, m_authority.keyPem());
    write(u"locked.key"_s, m_good.keyPem("secret"));
    write(u"weak.crt"_s, weak.pem());
    write(u"empty"_s, {});
    write(u"broken.crt"_s, m_good.pem().replace(80, 4, "!!!!"));
    write(u"cut.crt"_s, m_good.pem().chopped(40));
    write(u"large"_s, QByteArray(TlsContext::kMaxFileBytes + 1, 'x'));
}

void TlsContextTest::loadsAChainAndItsKey()
{
    const auto loaded = TlsContext::load(files());
    QVERIFY(loaded.isOk());
    const TlsContext &context = *loaded.value();
    QCOMPARE(context.subject(), u"tést"_s);
    QCOMPARE(context.warning(), QString());
    QVERIFY(std::abs(QDateTime::currentDateTimeUtc().secsTo(context.expiresAt()) - 86'400) < 60);
    QVERIFY(context.makeSession());
}

void TlsContextTest::saysWhatIsWrongWithAFile_data()
{
    QTest::addColumn<File>("file");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *title, File file, const QString &name, const QString &reason) {
        QTest::newRow(title) << file << name << reason;
    };
    row("no certificate file", File::Certificate, u"none"_s, u"No such file or directory"_s);
    row("a folder", File::Certificate, u"."_s, u"is not a regular file"_s);
    row("an empty file", File::Certificate, u"empty"_s, u"holds no certificate in PEM"_s);
    row("a key for a certificate", File::Certificate, u"good.key"_s,
        u"holds no certificate in PEM"_s);
    row("a spoilt certificate", File::Certificate, u"broken.crt"_s, u"cannot be read as PEM: "_s);
    row("half a certificate", File::Certificate, u"cut.crt"_s, u"cannot be read as PEM: "_s);
    row("a weak certificate", File::Certificate, u"weak.crt"_s,
        u"cannot be used: ee key too small"_s);
    row("a large file", File::Certificate, u"large"_s, u"is larger than 1MiB"_s);
    row("no key file", File::Key, u"none"_s, u"No such file or directory"_s);
    row("a certificate for a key", File::Key, u"good.crt"_s, u"holds no private key in PEM: "_s);
    row("another's key", File::Key, u"other.key"_s, u"does not belong to the certificate in "_s);
    row("an encrypted key", File::Key, u"locked.key"_s,
        u"is encrypted, and there is nobody to ask"_s);
    row("no client CA", File::ClientAuthority, u"none"_s, u"No such file or directory"_s);
    row("an empty client CA", File::ClientAuthority, u"empty"_s, u"holds no certificate in PEM"_s);
}

void TlsContextTest::saysWhatIsWrongWithAFile()
{
    QFETCH(const File, file);
    QFETCH(const QString, name);
    QFETCH(const QString, reason);
    quiesce::TlsFiles wrong = files();
    QString *const places[] = { &wrong.certificate, &wrong.key, &wrong.clientAuthority };
    *places[static_cast<size_t>(file)] = m_folder.path(name);
    const auto loaded = TlsContext::load(wrong);
    QVERIFY(!loaded.isOk());
    QCOMPARE(loaded.error().file, file);
    const QString expected = m_folder.path(name) + u": "_s + reason;
    QVERIFY2(loaded.error().reason.startsWith(expected), qPrintable(loaded.error().reason));
    QVERIFY(!loaded.error().reason.contains(u"PRIVATE KEY"_s));
}

void TlsContextTest::refusesAKeyThatOthersMayRead_data()
{
    QTest::addColumn<int>("mode");
    for (const int mode : { 0644, 0604, 0660, 0602, 0777 })
        QTest::addRow("%o", mode) << mode;
}

void TlsContextTest::refusesAKeyThatOthersMayRead()
{
    QFETCH(const int, mode);
    const quiesce::TlsFiles exposed{ files().certificate,
                                     m_folder.write(u"exposed.key"_s, m_good.keyPem()),
                                     {} };
    ::chmod(QFile::encodeName(exposed.key).constData(), static_cast<mode_t>(mode));
    const auto loaded = TlsContext::load(exposed);
    QVERIFY(!loaded.isOk());
    QCOMPARE(loaded.error().file, File::Key);
    QVERIFY(loaded.error().reason.contains(u"is open to others (mode 0%1)"_s.arg(mode, 0, 8)));
}

void TlsContextTest::lendsRootsKeyToAGroup()
{
    const quiesce::TlsFiles lent{ files().certificate,
                                  m_folder.write(u"lent.key"_s, m_good.keyPem()),
                                  {} };
    ::chmod(QFile::encodeName(lent.key).constData(), 0640);
    QCOMPARE(TlsContext::load(lent).isOk(), ::geteuid() == 0);
}

void TlsContextTest::doesNotWaitForAPipe()
{
    const QString pipe = m_folder.path(u"pipe"_s);
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    const auto loaded = TlsContext::load({ pipe, files().key, {} });
    QVERIFY(!loaded.isOk());
    QCOMPARE(loaded.error().reason, pipe + u": is not a regular file"_s);
}

void TlsContextTest::warnsOfDates_data()
{
    QTest::addColumn<std::chrono::seconds>("begins");
    QTest::addColumn<std::chrono::seconds>("ends");
    QTest::addColumn<QString>("warning");
    QTest::newRow("expired") << std::chrono::seconds(-2h) << std::chrono::seconds(-1h)
                             << u"the certificate has expired"_s;
    QTest::newRow("early") << std::chrono::seconds(1h) << std::chrono::seconds(2h)
                           << u"the certificate is not valid yet"_s;
}

void TlsContextTest::warnsOfDates()
{
    QFETCH(const std::chrono::seconds, begins);
    QFETCH(const std::chrono::seconds, ends);
    const Certificate dated({ .begins = begins, .ends = ends });
    const auto loaded = TlsContext::load({ m_folder.write(u"dated.crt"_s, dated.pem()),
                                           m_folder.write(u"dated.key"_s, dated.keyPem()),
                                           {} });
    QVERIFY(loaded.isOk());
    QTEST(loaded.value()->warning(), "warning");
}

void TlsContextTest::namesTheSettingToBlame()
{
    const auto loaded = quiesce::loadListenerTls({ .trafficCertificate = m_folder.path(u"none"_s),
                                                   .trafficKey = files().key,
                                                   .adminCertificate = files().certificate,
                                                   .adminKey = files().key,
                                                   .adminClientCa = m_folder.path(u"empty"_s) });
    QVERIFY(!loaded.isOk());
    QCOMPARE(loaded.error().size(), 2);
    QCOMPARE(loaded.error()[0].key, u"tls.traffic_certificate"_s);
    QCOMPARE(loaded.error()[0].reason, m_folder.path(u"none"_s) + u": No such file or directory"_s);
    QCOMPARE(loaded.error()[1].key, u"tls.admin_client_ca"_s);
}

void TlsContextTest::loadsNothingWithoutCertificates()
{
    const auto loaded = quiesce::loadListenerTls({});
    QVERIFY(loaded.isOk());
    QVERIFY(!loaded.value().traffic);
    QVERIFY(!loaded.value().admin);
}

QTEST_APPLESS_MAIN(TlsContextTest)
#include "tst_tlscontext.moc"
