// SPDX-License-Identifier: GPL-3.0-only
// Transport: the bytes below an HttpConnection: a plain socket, or TLS (tls/tlstransport.h).
#pragma once

#include "service/http/poller.h"

#include <QHostAddress>
#include <memory>
#include <sys/types.h>

namespace quiesce {

/// Told by a Transport that something can be done. Each call may destroy the transport.
class TransportObserver
{
public:
    virtual void readable() = 0;
    /// Also: what tryShutdownWrite() could not do at once is done.
    virtual void writable() = 0;
    /// The other end has reset, or both directions are shut.
    virtual void broken() = 0;
    /// The handshake is over; only of a transport that was not established from the start.
    virtual void established() { }

protected:
    ~TransportObserver() = default;
};

/// A connected, non-blocking byte stream. Thread: event loop only.
class Transport
{
public:
    static constexpr ssize_t kAgain = -1; ///< nothing now; the observer will be told
    static constexpr ssize_t kBroken = -2;

    Transport() = default;
    virtual ~Transport() = default;
    Transport(const Transport &) = delete;
    Transport &operator=(const Transport &) = delete;

    /// No handshake is under way: before that nothing can be read or written.
    [[nodiscard]] virtual bool isEstablished() const { return true; }
    /// Bytes moved, 0 at the end of the stream (read only), kAgain or kBroken.
    virtual ssize_t read(char *data, size_t size) = 0;
    virtual ssize_t write(const char *data, size_t size) = 0;
    /// What to be told of; broken() always comes.
    virtual void setInterest(bool reading, bool writing) = 0;
    /// Has this poller watch it from now on; when the kernel will not, the one before goes on.
    virtual void moveTo(Poller &poller) = 0;
    /// No more bytes from us; what was written still arrives. False while it has to wait for the
    /// other end to take some of it; the observer is told writable() when it is done.
    virtual bool tryShutdownWrite() = 0;
    /// Have close send a reset instead of an orderly end, so that the client learns it was cut.
    virtual void abortOnClose() = 0;
    /// Has the kernel keep no more than about this of what the client has not taken; it would
    /// otherwise grow to megabytes.
    virtual void limitSendBuffer(int bytes) = 0;
    [[nodiscard]] virtual QHostAddress peerAddress() const = 0;
    [[nodiscard]] virtual quint16 peerPort() const = 0;
    /// Who the client has proved to be; empty when it was not asked.
    [[nodiscard]] virtual QString peerIdentity() const { return {}; }
};

/// address:port, an IPv6 address in brackets.
[[nodiscard]] QString peerName(const Transport &transport);

/// A TCP socket on a Poller. Owns its descriptor.
class SocketTransport final : public Transport, private PollHandler
{
public:
    /// Takes the descriptor, which must be non-blocking; null when the kernel cannot watch it.
    static std::unique_ptr<SocketTransport> tryMake(Poller &poller, int descriptor,
                                                    TransportObserver &observer);
    ~SocketTransport() override;

    ssize_t read(char *data, size_t size) override;
    ssize_t write(const char *data, size_t size) override;
    void setInterest(bool reading, bool writing) override;
    void moveTo(Poller &poller) override;
    bool tryShutdownWrite() override;
    void abortOnClose() override;
    void limitSendBuffer(int bytes) override;
    [[nodiscard]] QHostAddress peerAddress() const override;
    [[nodiscard]] quint16 peerPort() const override;

private:
    SocketTransport(Poller &poller, int descriptor, TransportObserver &observer);
    void polled(std::uint32_t events) override;

    Poller *m_poller; ///< whose set it is in
    TransportObserver &m_observer;
    int m_descriptor;
    std::uint32_t m_interest = EPOLLIN;
};

} // namespace quiesce
