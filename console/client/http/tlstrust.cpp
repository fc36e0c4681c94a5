// SPDX-License-Identifier: GPL-3.0-only
// TlsTrust: see the header.
#include "console/client/http/tlstrust.h"

#include "common/printable.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QSslCertificate>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::TlsTrust)
};

QByteArray digestOf(const QSslCertificate &certificate)
{
    return certificate.digest(QCryptographicHash::Sha256);
}

QString hex(const QByteArray &digest)
{
    return QString::fromLatin1(digest.toHex(':')).toUpper();
}

Result<QList<QSslCertificate>, QString> readAuthorities(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return Failure{
            Text::tr("The CA file %1 cannot be read: %2").arg(path, file.errorString())
        };
    }
    const QByteArray content = file.read(TlsTrust::kMaxFileBytes);
    QList<QSslCertificate> authorities = QSslCertificate::fromData(content, QSsl::Pem);
    if (authorities.isEmpty()) {
        return Failure{ Text::tr("The CA file %1 holds no certificate in PEM").arg(path) };
    }
    return authorities;
}

QSslConfiguration baseConfiguration()
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    configuration.setSslOption(QSsl::SslOptionDisableSessionSharing, true);
    return configuration;
}

QString nameOf(const QSslCertificate &certificate)
{
    return printable(certificate.subjectDisplayName().left(200));
}

/// Who has signed it is what matters, then what else is wrong; Qt names them in no such order.
bool isOfTheIssuer(const QSslError &error)
{
    switch (error.error()) {
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return true;
    default:
        return false;
    }
}

} // namespace

Result<TlsTrust, QString> TlsTrust::from(const InstanceSpec &spec)
{
    TlsTrust trust;
    trust.m_configuration = baseConfiguration();
    if (!spec.pinnedSha256.isEmpty()) {
        if (spec.pinnedSha256.size() != kDigestBytes)
            return Failure{ Text::tr("The pinned fingerprint is not a SHA-256") };
        trust.m_pin = spec.pinnedSha256;
        trust.m_configuration.setCaCertificates({});
    } else if (!spec.caFile.isEmpty()) {
        const Result<QList<QSslCertificate>, QString> authorities = readAuthorities(spec.caFile);
        if (!authorities)
            return Failure{ authorities.error() };
        trust.m_caFile = spec.caFile;
        trust.m_configuration.setCaCertificates(authorities.value());
    }
    return trust;
}

bool TlsTrust::isPinned(const QSslCertificate &certificate) const
{
    return !m_pin.isEmpty() && !certificate.isNull() && digestOf(certificate) == m_pin;
}

QString TlsTrust::explain(const QSslCertificate &certificate, const QList<QSslError> &errors) const
{
    if (!m_pin.isEmpty()) {
        return Text::tr("The server's certificate (%1) is not the pinned one: its "
                        "SHA-256 is %2")
            .arg(nameOf(certificate), hex(digestOf(certificate)));
    }
    const auto ofTheIssuer = std::find_if(errors.begin(), errors.end(), isOfTheIssuer);
    if (ofTheIssuer != errors.end() && !m_caFile.isEmpty()) {
        return Text::tr("The server's certificate (%1) is not signed by an authority "
                        "of %2")
            .arg(nameOf(certificate), m_caFile);
    }
    const QSslError error =
        ofTheIssuer != errors.end() ? *ofTheIssuer : errors.value(0, QSslError());
    return Text::tr("The server's certificate (%1) is not trusted: %2")
        .arg(nameOf(certificate), error.errorString());
}

} // namespace quiesce
