// SPDX-License-Identifier: GPL-3.0-only
// TlsContext: a listener's certificate and key, and what it asks of its clients.
#pragma once

#include "common/result.h"
#include "service/http/tls/opensslptr.h"

#include <QDateTime>
#include <memory>

namespace quiesce {

struct TlsFiles
{
    QString certificate; ///< PEM: the server's own, then those that lead to its root
    QString key; ///< PEM, not encrypted; nobody else may read it
    QString clientAuthority; ///< PEM; empty: clients need no certificate
};

struct TlsFault
{
    enum class File : unsigned char { Certificate, Key, ClientAuthority };
    File file;
    QString reason; ///< begins with the file's path; never with what is in it
};

/// What every TLS connection of a listener begins from. Immutable: a rotated certificate is a new
/// context for new connections, while live ones go on with theirs.
///
/// TLS 1.2 or later, OpenSSL's ciphers of security level 2, ALPN http/1.1, no renegotiation, no
/// compression. Sessions are resumed by tickets; where clients need a certificate they are not, so
/// that each connection is checked anew. One answers one key: a new context knows no old tickets.
///
/// Thread:  event loop. Limits: kMaxFileBytes a file.
/// Blocks:  load(), for reading up to three files.
class TlsContext final
{
public:
    static constexpr qint64 kMaxFileBytes = qint64{ 1'024 } * 1'024;

    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>, TlsFault>
    load(const TlsFiles &files);

    /// A server's side of a connection; null when out of memory.
    [[nodiscard]] SslPtr makeSession() const { return SslPtr(SSL_new(m_context.get())); }

    [[nodiscard]] const QString &subject() const { return m_subject; } ///< its common name
    [[nodiscard]] const QDateTime &expiresAt() const { return m_expiresAt; }
    /// What clients will object to though it can be used: it has expired, or is not valid yet.
    [[nodiscard]] const QString &warning() const { return m_warning; }

private:
    TlsContext() = default;

    SslContextPtr m_context;
    QString m_subject;
    QDateTime m_expiresAt;
    QString m_warning;
};

/// The common name in a certificate's subject; empty when it has none.
[[nodiscard]] QString commonNameOf(const X509 &certificate);

} // namespace quiesce
