// SPDX-License-Identifier: GPL-3.0-only
// SocketTransport: see the header.
#include "service/http/transport.h"

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace quiesce {

namespace {

ssize_t moved(ssize_t result)
{
    if (result >= 0)
        return result;
    return errno == EAGAIN || errno == EINTR ? Transport::kAgain : Transport::kBroken;
}

sockaddr_storage peerOf(int descriptor)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        address.ss_family = AF_UNSPEC;
    return address;
}

} // namespace

QString peerName(const Transport &transport)
{
    const QHostAddress address = transport.peerAddress();
    const bool isV6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (isV6 ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2"))
        .arg(address.toString())
        .arg(transport.peerPort());
}

std::unique_ptr<SocketTransport> SocketTransport::tryMake(Poller &poller, int descriptor,
                                                          TransportObserver &observer)
{
    std::unique_ptr<SocketTransport> transport(new SocketTransport(poller, descriptor, observer));
    if (!poller.tryAdd(descriptor, transport->m_interest, transport.get()))
        return {};
    return transport;
}

SocketTransport::SocketTransport(Poller &poller, int descriptor, TransportObserver &observer)
    : m_poller(&poller)
    , m_observer(observer)
    , m_descriptor(descriptor)
{ }

SocketTransport::~SocketTransport()
{
    m_poller->remove(m_descriptor, this);
    ::close(m_descriptor);
}

ssize_t SocketTransport::read(char *data, size_t size)
{
    return moved(::recv(m_descriptor, data, size, 0));
}

ssize_t SocketTransport::write(const char *data, size_t size)
{
    return moved(::send(m_descriptor, data, size, MSG_NOSIGNAL));
}

void SocketTransport::setInterest(bool reading, bool writing)
{
    const std::uint32_t interest = (reading ? EPOLLIN : 0U) | (writing ? EPOLLOUT : 0U);
    if (interest == m_interest)
        return;
    m_interest = interest;
    m_poller->modify(m_descriptor, interest, this);
}

void SocketTransport::moveTo(Poller &poller)
{
    if (&poller == m_poller || !poller.tryAdd(m_descriptor, m_interest, this))
        return;
    m_poller->remove(m_descriptor, this);
    m_poller = &poller;
}

bool SocketTransport::tryShutdownWrite()
{
    ::shutdown(m_descriptor, SHUT_WR);
    return true;
}

void SocketTransport::abortOnClose()
{
    const linger reset{ .l_onoff = 1, .l_linger = 0 };
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

void SocketTransport::limitSendBuffer(int bytes)
{
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

QHostAddress SocketTransport::peerAddress() const
{
    const sockaddr_storage address = peerOf(m_descriptor);
    if (address.ss_family == AF_UNSPEC)
        return {};
    QHostAddress host(reinterpret_cast<const sockaddr *>(&address));
    bool isMappedV4 = false;
    const quint32 v4 = host.toIPv4Address(&isMappedV4);
    return isMappedV4 ? QHostAddress(v4) : host;
}

quint16 SocketTransport::peerPort() const
{
    const sockaddr_storage address = peerOf(m_descriptor);
    if (address.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in *>(&address)->sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6 *>(&address)->sin6_port);
    return 0;
}

void SocketTransport::polled(std::uint32_t events)
{
    if (events & (EPOLLERR | EPOLLHUP)) {
        // What still lies in the receive queue is of no use: the other end takes no answer.
        m_observer.broken();
        return;
    }
    if (events & EPOLLOUT) {
        m_observer.writable(); // may destroy this; what is readable is told again next turn
        return;
    }
    if (events & EPOLLIN)
        m_observer.readable();
}

} // namespace quiesce
