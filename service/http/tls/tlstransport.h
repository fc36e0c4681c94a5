// SPDX-License-Identifier: GPL-3.0-only
// TlsTransport: a Transport that speaks TLS over a SocketTransport.
#pragma once

#include "service/http/tls/tlscontext.h"
#include "service/http/tls/turnqueue.h"
#include "service/http/transport.h"

namespace quiesce {

/// The turns of one listener's TLS connections. Handshakes are apart, so that a flood of them does
/// not hold up those who are through.
struct TlsTurns
{
    TurnQueue handshakes;
    TurnQueue reads; ///< of what OpenSSL has read ahead, which wakes no poller
};

/// OpenSSL's state machine between a socket and an HttpConnection.
///
/// The observer hears nothing of the handshake but its end: established() once, or broken(). After
/// it, a close_notify and a bare FIN are both the end of the stream.
///
/// Thread:  event loop. Owns: its socket, and OpenSSL's state from the client's first byte on.
/// Order:   tryShutdownWrite() sends a close_notify behind what was written, then the FIN; going
///          without it tries to, unless abortOnClose() was called.
///          Nothing is read while a write waits for the client to take it: OpenSSL cannot answer a
///          key update in the middle of another record, and would give up the connection.
/// Limits:  kRecordsPerRead records a read(), handshakes and read-ahead as TurnQueue allows.
/// Why:     not QSslSocket: it does not tell when the last byte is in the kernel, and it costs
///          tens of kilobytes a connection.
class TlsTransport final : public Transport, private TransportObserver, private TurnTaker
{
public:
    static constexpr int kRecordsPerRead = 8;
    static constexpr int kRefusedReads = 4; ///< of what came behind a failed handshake

    /// Takes the descriptor, which must be non-blocking; null when the kernel cannot watch it.
    static std::unique_ptr<TlsTransport> tryMake(Poller &poller, int descriptor,
                                                 std::shared_ptr<const TlsContext> context,
                                                 TlsTurns &turns, TransportObserver &observer);
    ~TlsTransport() override;

    [[nodiscard]] bool isEstablished() const override { return m_state == State::Established; }
    ssize_t read(char *data, size_t size) override;
    ssize_t write(const char *data, size_t size) override;
    void setInterest(bool reading, bool writing) override;
    void moveTo(Poller &poller) override { m_socket->moveTo(poller); }
    bool tryShutdownWrite() override;
    void abortOnClose() override;
    void limitSendBuffer(int bytes) override { m_socket->limitSendBuffer(bytes); }
    [[nodiscard]] QHostAddress peerAddress() const override { return m_socket->peerAddress(); }
    [[nodiscard]] quint16 peerPort() const override { return m_socket->peerPort(); }
    /// The common name of the certificate that the client has proved to hold.
    [[nodiscard]] QString peerIdentity() const override;

private:
    enum class State : unsigned char { Handshake, Established, Broken };
    enum class Shutdown : unsigned char { None, Pending, Sent };
    struct Wire; ///< OpenSSL's BIO over m_socket

    TlsTransport(std::shared_ptr<const TlsContext> context, TlsTurns &turns,
                 TransportObserver &observer);
    void readable() override;
    void writable() override;
    void broken() override;
    void takeTurn() override;

    void shakeHands();
    void handshakeFailed();
    [[nodiscard]] ssize_t readRecords(char *data, size_t size, size_t *total);
    [[nodiscard]] ssize_t outcomeOf(int result);
    [[nodiscard]] bool mayRead() const;
    void sendCloseNotify();
    void watch();
    void tellAgain();

    std::unique_ptr<SocketTransport> m_socket;
    std::shared_ptr<const TlsContext> m_context; ///< until the handshake begins
    SslPtr m_ssl;
    TlsTurns &m_turns;
    TransportObserver &m_observer;
    State m_state = State::Handshake;
    Shutdown m_shutdown = Shutdown::None;
    bool m_isReading = true; ///< what the observer wants to be told of
    bool m_isWriting = false;
    bool m_readWantsWrite = false; ///< OpenSSL must write before it can read on, or the reverse
    bool m_writeWantsRead = false;
    bool m_isWriteBlocked = false; ///< by a record that is partly out
    bool m_hasMore = false; ///< read() has more to tell though the socket may stay silent
    bool m_isSocketDry = false; ///< its last recv() gave nothing
    bool m_isSocketAtEnd = false;
    bool m_isAborted = false;
};

} // namespace quiesce
