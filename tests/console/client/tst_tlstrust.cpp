// SPDX-License-Identifier: GPL-3.0-only
// Trust: what a CA file, a pin and neither let through, and how it says what is wrong.
#include "console/client/http/tlstrust.h"
#include "tests/console/support/fakeservice.h"
#include "tests/console/support/linkwatcher.h"
#include "tests/support/certificates.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslKey>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QSslCertificate toQt(const Certificate &certificate)
{
    return QSslCertificate::fromData(certificate.pem()).value(0);
}

QSslConfiguration serverSide(const Certificate &certificate)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setLocalCertificate(toQt(certificate));
    configuration.setPrivateKey(QSslKey(certificate.keyPem(), QSsl::Ec));
    return configuration;
}

QByteArray pinOf(const Certificate &certificate)
{
    return toQt(certificate).digest(QCryptographicHash::Sha256);
}

} // namespace

class TlsTrustTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trustsWhoIsSignedByTheCaFile();
    void refusesWhoIsNot_data();
    void refusesWhoIsNot();
    void trustsThePinnedOneWhateverIsWrongWithIt();
    void trustsNoneButThePinnedOne();
    void trustsNobodyUnknownWithoutEither();
    void keepsTheTokenFromWhoIsNotTrusted();
    void namesFilesItCannotUse();
    void seesTheCertificateOnEachConnection();

private:
    [[nodiscard]] QString refusalOf(FakeService &service, const InstanceSpec &spec);

    CertificateFolder m_folder;
    Certificate m_authority{ { .name = "our authority", .kind = Certificate::Kind::Authority } };
};

/// Empty when it goes live. Nothing but a handshake may have come to the service otherwise.
QString TlsTrustTest::refusalOf(FakeService &service, const InstanceSpec &spec)
{
    LinkTiming timing = shortTiming();
    timing.longestRetry = 1h;
    LinkWatcher watcher(spec, timing);
    watcher.start(FakeService::token());
    const auto isDecided = [&watcher] {
        const LinkState state = watcher.client.link().state;
        return state == LinkState::Live || state == LinkState::Unreachable;
    };
    if (!QTest::qWaitFor(isDecided, 60'000))
        return u"undecided"_s;
    if (watcher.client.link().state == LinkState::Live)
        return {};
    return service.requests().isEmpty() ? watcher.client.link().reason : u"it was asked"_s;
}

void TlsTrustTest::trustsWhoIsSignedByTheCaFile()
{
    const Certificate server({ .name = "localhost" }, &m_authority);
    FakeService service(serverSide(server));
    InstanceSpec spec = service.spec();
    spec.caFile = m_folder.write(u"ca.pem"_s, m_authority.pem());
    QCOMPARE(refusalOf(service, spec), QString());
    QVERIFY(service.countRequests("/admin/v1/events") == 1);
}

void TlsTrustTest::refusesWhoIsNot_data()
{
    QTest::addColumn<bool>("isOfTheAuthority");
    QTest::addColumn<bool>("isExpired");
    QTest::addColumn<QString>("reason");
    QTest::newRow("self-signed") << false << false << u"is not signed by an authority of"_s;
    QTest::newRow("expired") << true << true << u"expired"_s;
}

void TlsTrustTest::refusesWhoIsNot()
{
    QFETCH(const bool, isOfTheAuthority);
    QFETCH(const bool, isExpired);
    QFETCH(const QString, reason);
    Certificate::Facts facts{ .name = "the wrong one" };
    if (isExpired) {
        facts.begins = -2h;
        facts.ends = -1h;
    }
    const Certificate server(facts, isOfTheAuthority ? &m_authority : nullptr);
    FakeService service(serverSide(server));
    InstanceSpec spec = service.spec();
    spec.caFile = m_folder.write(u"ca.pem"_s, m_authority.pem());
    const QString refusal = refusalOf(service, spec);
    QVERIFY2(refusal.contains(reason), qPrintable(refusal));
    QVERIFY2(refusal.contains(u"the wrong one"_s), qPrintable(refusal));
}

void TlsTrustTest::trustsThePinnedOneWhateverIsWrongWithIt()
{
    const Certificate server({ .name = "expired long ago", .begins = -2h, .ends = -1h });
    FakeService service(serverSide(server));
    InstanceSpec spec = service.spec();
    spec.pinnedSha256 = pinOf(server);
    QCOMPARE(refusalOf(service, spec), QString());
}

void TlsTrustTest::trustsNoneButThePinnedOne()
{
    const Certificate server({ .name = "good" }, &m_authority);
    const Certificate another({ .name = "good" }, &m_authority);
    FakeService service(serverSide(server));
    InstanceSpec spec = service.spec();
    spec.caFile = m_folder.write(u"ca.pem"_s, m_authority.pem()); // its authority is of no use
    spec.pinnedSha256 = pinOf(another);
    const QString refusal = refusalOf(service, spec);
    QVERIFY2(refusal.contains(u"is not the pinned one"_s), qPrintable(refusal));
    QVERIFY(refusal.contains(QString::fromLatin1(pinOf(server).toHex(':')).toUpper()));
}

void TlsTrustTest::trustsNobodyUnknownWithoutEither()
{
    const Certificate server({ .name = "unknown" });
    FakeService service(serverSide(server));
    const QString refusal = refusalOf(service, service.spec());
    QVERIFY2(refusal.contains(u"is not trusted"_s), qPrintable(refusal));
}

/// Calls too: the connection of a call is another than the stream's.
void TlsTrustTest::keepsTheTokenFromWhoIsNotTrusted()
{
    const Certificate server({ .name = "unknown" });
    FakeService service(serverSide(server));
    LinkWatcher watcher(service.spec());
    watcher.start(FakeService::token());
    QVERIFY(watcher.reaches(LinkState::Unreachable));
    QList<CommandOutcome> outcomes;
    connect(watcher.client.send({ .verb = Verb::Stop }), &Command::finished, this,
            [&](const CommandOutcome &outcome) { outcomes.append(outcome); });
    QTRY_COMPARE(outcomes.size(), 1);
    QVERIFY(outcomes.first().kind == CommandOutcome::Kind::Failed);
    QVERIFY(outcomes.first().detail.contains(u"is not trusted"_s));
    QCOMPARE(service.requests().size(), 0);
}

void TlsTrustTest::namesFilesItCannotUse()
{
    InstanceSpec spec;
    spec.caFile = m_folder.path(u"none.pem"_s);
    QVERIFY(TlsTrust::from(spec).error().contains(spec.caFile));
    spec.caFile = m_folder.write(u"garbage.pem"_s, "garbage");
    QVERIFY(TlsTrust::from(spec).error().contains(u"holds no certificate"_s));
    spec.caFile.clear();
    spec.pinnedSha256 = "short";
    QVERIFY(TlsTrust::from(spec).error().contains(u"SHA-256"_s));
}

/// A resumed session would not show it, and be believed for what an earlier one was.
void TlsTrustTest::seesTheCertificateOnEachConnection()
{
    const Certificate server({ .name = "pinned" });
    FakeService service(serverSide(server));
    InstanceSpec spec = service.spec();
    spec.pinnedSha256 = pinOf(server);
    LinkWatcher watcher(spec);
    watcher.start(FakeService::token());
    QVERIFY(watcher.hears(u"role operator"_s));
    for (int i = 2; i <= 4; ++i) {
        service.cutStreams();
        QVERIFY(watcher.hears(u"link Live"_s, i));
    }
}

QTEST_GUILESS_MAIN(TlsTrustTest)
#include "tst_tlstrust.moc"
