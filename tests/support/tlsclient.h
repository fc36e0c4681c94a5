// SPDX-License-Identifier: GPL-3.0-only
// TlsClient: RawClient's counterpart over TLS, for servers in the test's own event loop or process.
#pragma once

#include "tests/support/certificates.h"
#include "tests/support/rawclient.h"

namespace quiesce::test {

/// A loopback TLS connection whose every byte the test can see, hold back or spoil: OpenSSL works
/// on memory, and this class moves what it makes to the socket and back.
///
/// Thread: that of the server when it lives in the test; waiting runs the event loop, bounded as
///         eventually().
class TlsClient final
{
public:
    struct Options
    {
        const Certificate *certificate = nullptr; ///< to show when asked
        int maxVersion = 0; ///< TLS1_1_VERSION, …; 0: the newest
        QByteArray protocols = {}; ///< ALPN, as on the wire: "\x08http/1.1"
        int receiveBuffer = 0;
        int descriptor = -1; ///< a connected socket to take instead of a port
    };

    explicit TlsClient(quint16 port)
        : TlsClient(port, Options{})
    { }
    TlsClient(quint16 port, const Options &options);
    ~TlsClient();
    TlsClient(const TlsClient &) = delete;
    TlsClient &operator=(const TlsClient &) = delete;

    [[nodiscard]] bool isConnected() const { return m_descriptor >= 0; }
    /// Completes the handshake; false when it fails or the connection ends.
    [[nodiscard]] bool shakeHands();
    /// The first flight only.
    void sendHello();
    [[nodiscard]] bool isEstablished() const { return SSL_is_init_finished(m_ssl.get()) == 1; }
    /// Why it failed, as OpenSSL says: "tlsv1 alert …"; empty when it did not.
    [[nodiscard]] QString fault() const { return m_fault; }

    /// Sends all of it, after a handshake when there was none.
    bool send(const QByteArray &bytes);
    /// Encrypts and sends as much as the socket takes now.
    void sendSome(const QByteArray &bytes);
    /// What encrypts these bytes, instead of sending it.
    [[nodiscard]] QByteArray encrypt(const QByteArray &bytes);
    /// Bytes that are not encrypted.
    void sendRaw(const QByteArray &bytes);
    void closeNotify();
    void halfClose(); ///< a FIN
    void reset();

    [[nodiscard]] std::optional<RawAnswer> answer();
    [[nodiscard]] std::optional<RawAnswer> exchange(const QByteArray &request);
    [[nodiscard]] const QByteArray &pending() const { return m_received; }
    void stopReading() { m_isReading = false; }
    void startReading() { m_isReading = true; }
    /// How the stream ended, after waiting for it: "close_notify" and then its FIN, "end" (a bare
    /// FIN), "reset", or "open" when it did not.
    [[nodiscard]] QByteArray ending();
    [[nodiscard]] bool hasEnded() const { return !m_ending.isEmpty(); }

    /// Moves whatever can be moved; the event loop is not run.
    void pump();
    [[nodiscard]] SSL *ssl() const { return m_ssl.get(); }
    [[nodiscard]] QString serverName() const; ///< the common name of its certificate

private:
    void pull();
    void push();
    void decrypt();
    void close();

    int m_descriptor = -1;
    SslContextPtr m_context;
    SslPtr m_ssl;
    BIO *m_in = nullptr; ///< both are m_ssl's
    BIO *m_out = nullptr;
    std::unique_ptr<QSocketNotifier> m_notifier; ///< wakes the event loop
    QByteArray m_received;
    QByteArray m_unsent;
    QByteArray m_ending;
    QString m_fault;
    bool m_isReading = true;
};

} // namespace quiesce::test
