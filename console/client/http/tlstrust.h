// SPDX-License-Identifier: GPL-3.0-only
// TlsTrust: which server certificates are believed, and in plain words why one is not.
#pragma once

#include "common/result.h"
#include "console/client/instancespec.h"

#include <QList>
#include <QSslConfiguration>
#include <QSslError>

namespace quiesce {

/// The system's authorities; or only those of a file; or only one certificate, by its digest, which
/// may then be self-signed, expired or made out to another name. Nothing is ever ignored otherwise.
///
/// A pinned certificate is the exception that is let through one by one: the configuration trusts
/// no authority at all, so that each handshake comes to isPinned(), and is refused without it.
///
/// Thread:  any one. Limits: a CA file of kMaxFileBytes.
class TlsTrust final
{
public:
    static constexpr qint64 kMaxFileBytes = 1024 * 1024;
    static constexpr qsizetype kDigestBytes = 32;

    /// @error a sentence for people: the CA file cannot be read or holds no certificate, or the pin
    ///        is no SHA-256.
    [[nodiscard]] static Result<TlsTrust, QString> from(const InstanceSpec &spec);

    /// Without session resumption: each connection shows its certificate.
    [[nodiscard]] const QSslConfiguration &configuration() const { return m_configuration; }
    /// Whether this certificate is to be believed whatever is wrong with it.
    [[nodiscard]] bool isPinned(const QSslCertificate &certificate) const;
    /// What is wrong with it: one sentence with the certificate's name and what it would take.
    [[nodiscard]] QString explain(const QSslCertificate &certificate,
                                  const QList<QSslError> &errors) const;

private:
    TlsTrust() = default;

    QSslConfiguration m_configuration;
    QByteArray m_pin;
    QString m_caFile;
};

} // namespace quiesce
