// SPDX-License-Identifier: GPL-3.0-only
// Certificates by libcrypto.
#include "tests/support/certificates.h"

#include <QFile>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace quiesce::test {

namespace {

QByteArray textOf(BIO *memory)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return QByteArray(data, size);
}

void addExtension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

} // namespace

Certificate::Certificate(const Facts &facts, const Certificate *issuer)
    : m_key(facts.rsaBits > 0 ? EVP_RSA_gen(static_cast<unsigned>(facts.rsaBits))
                              : EVP_EC_gen("P-256"))
    , m_x509(X509_new())
{
    X509 *made = m_x509.get();
    X509_set_version(made, X509_VERSION_3);
    long serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char *>(&serial), 4);
    ASN1_INTEGER_set(X509_get_serialNumber(made), serial);
    X509_gmtime_adj(X509_getm_notBefore(made), facts.begins.count());
    X509_gmtime_adj(X509_getm_notAfter(made), facts.ends.count());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(facts.name.constData()), -1,
                               -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(issuer ? issuer->x509() : made));
    X509_set_pubkey(made, key());
    addExtension(made, NID_basic_constraints,
                 facts.kind == Kind::Authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    addExtension(made, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    if (X509_sign(made, issuer ? issuer->key() : key(), EVP_sha256()) == 0)
        qFatal("cannot sign: %s", qUtf8Printable(takeOpenSslError()));
}

QByteArray Certificate::pem() const
{
    const BioPtr memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), x509());
    return textOf(memory.get());
}

QByteArray Certificate::keyPem(const QByteArray &passphrase) const
{
    const BioPtr memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(memory.get(), key(),
                             passphrase.isEmpty() ? nullptr : EVP_aes_128_cbc(),
                             reinterpret_cast<const unsigned char *>(passphrase.constData()),
                             static_cast<int>(passphrase.size()), nullptr, nullptr);
    return textOf(memory.get());
}

QString CertificateFolder::write(const QString &name, const QByteArray &content) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly)
        || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || file.write(content) != content.size())
        qFatal("cannot write %s", qUtf8Printable(file.fileName()));
    return file.fileName();
}

} // namespace quiesce::test
