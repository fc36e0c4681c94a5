// SPDX-License-Identifier: GPL-3.0-only
// Certificates: keys and certificates made while a test runs, in files that go with it.
#pragma once

#include "service/http/tls/opensslptr.h"

#include <QByteArray>
#include <QTemporaryDir>
#include <chrono>

namespace quiesce::test {

/// A key and its certificate, signed by an authority or by itself.
class Certificate final
{
public:
    enum class Kind : unsigned char { Authority, EndEntity };
    struct Facts
    {
        QByteArray name = "localhost"; ///< the common name; also good for 127.0.0.1
        Kind kind = Kind::EndEntity;
        std::chrono::seconds begins = -std::chrono::hours(1); ///< from now
        std::chrono::seconds ends = std::chrono::hours(24);
        int rsaBits = 0; ///< 0: an elliptic curve's key, which is made at once
    };

    explicit Certificate(const Facts &facts, const Certificate *issuer = nullptr);

    [[nodiscard]] EVP_PKEY *key() const { return m_key.get(); }
    [[nodiscard]] X509 *x509() const { return m_x509.get(); }
    [[nodiscard]] QByteArray pem() const;
    /// Encrypted when there is a passphrase.
    [[nodiscard]] QByteArray keyPem(const QByteArray &passphrase = {}) const;

private:
    KeyPtr m_key;
    X509Ptr m_x509;
};

/// A folder with PEM files of mode 0600.
class CertificateFolder final
{
public:
    /// The file's path.
    [[nodiscard]] QString write(const QString &name, const QByteArray &content) const;
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

} // namespace quiesce::test
