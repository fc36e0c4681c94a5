// SPDX-License-Identifier: GPL-3.0-only
// ListeningSocket: see the header.
#include "service/http/listeningsocket.h"

#include "common/logline.h"
#include "service/core/listeningendpoint.h"

#include <QLoggingCategory>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace quiesce {

Q_LOGGING_CATEGORY(lcListener, "quiesce.listener")

namespace {

struct SocketAddress
{
    sockaddr_storage storage{};
    socklen_t length = 0;

    sockaddr *get() { return reinterpret_cast<sockaddr *>(&storage); }
};

SocketAddress toSocketAddress(const QHostAddress &host, quint16 port)
{
    SocketAddress address;
    if (host.protocol() == QAbstractSocket::IPv4Protocol) {
        auto *v4 = reinterpret_cast<sockaddr_in *>(&address.storage);
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        v4->sin_addr.s_addr = htonl(host.toIPv4Address());
        address.length = sizeof *v4;
    } else {
        auto *v6 = reinterpret_cast<sockaddr_in6 *>(&address.storage);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        const Q_IPV6ADDR bytes = host.toIPv6Address();
        std::memcpy(&v6->sin6_addr, &bytes, sizeof bytes);
        address.length = sizeof *v6;
    }
    return address;
}

/// Lets everything pass but a segment whose only flags of SYN and ACK are SYN. On a listening
/// socket the filter sees the TCP header first; its flags are the byte at offset 13 (RFC 9293
/// section 3.1).
void dropBareSyns(int descriptor)
{
    constexpr unsigned kFlagsOffset = 13;
    constexpr unsigned kSynAndAck = 0x12;
    constexpr unsigned kSyn = 0x02;
    std::array program{
        sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlagsOffset),
        sock_filter BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kSynAndAck),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSyn, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, 0),
        sock_filter BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    const sock_fprog filter{ .len = program.size(), .filter = program.data() };
    if (::setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0) {
        qCWarning(lcListener).noquote() << LogLine("cannot filter while closing")
                                               .with("reason", QByteArrayView(std::strerror(errno)))
                                               .toString();
    }
}

} // namespace

ListeningSocket::ListeningSocket(Clock &clock, Poller &poller, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_poller(poller)
    , m_closeAlarm(clock.makeAlarm([this] { sweepAndClose(); }))
    , m_pauseAlarm(clock.makeAlarm([this] { watch(); }))
{ }

ListeningSocket::~ListeningSocket()
{
    close();
}

Result<Done, QString> ListeningSocket::tryListen(const Endpoint &endpoint)
{
    const QHostAddress host(endpoint.address);
    const auto failed = [&](const QString &reason) {
        close();
        return Failure{ QStringLiteral("cannot listen on %1 port %2: %3")
                            .arg(endpoint.address)
                            .arg(endpoint.port)
                            .arg(reason) };
    };
    if (host.isNull())
        return failed(QStringLiteral("not an IP address"));
    SocketAddress address = toSocketAddress(host, endpoint.port);
    m_descriptor =
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (m_descriptor < 0
        || ::setsockopt(m_descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0
        || ::bind(m_descriptor, address.get(), address.length) != 0
        || ::listen(m_descriptor, kBacklog) != 0)
        return failed(QString::fromLocal8Bit(std::strerror(errno)));
    const Result<Endpoint, QString> bound = listeningEndpoint(m_descriptor);
    if (!bound)
        return failed(bound.error());
    m_endpoint = bound.value();
    m_use = Use::Alone;
    watch();
    return Done{};
}

Result<Done, QString> ListeningSocket::tryAdopt(FileDescriptor descriptor)
{
    const Result<Endpoint, QString> endpoint = listeningEndpoint(descriptor.get());
    if (!endpoint)
        return Failure{ endpoint.error() };
    const int on = 1;
    const int flags = ::fcntl(descriptor.get(), F_GETFL);
    if (flags < 0 || ::fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK) != 0
        || ::fcntl(descriptor.get(), F_SETFD, FD_CLOEXEC) != 0
        || ::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        return Failure{ QString::fromLocal8Bit(std::strerror(errno)) };
    close();
    m_descriptor = descriptor.take();
    m_endpoint = endpoint.value();
    m_use = Use::Shared;
    watch();
    return Done{};
}

void ListeningSocket::watch()
{
    if (m_descriptor < 0 || m_isWatched || m_isPaused)
        return;
    m_isWatched = m_poller.tryAdd(m_descriptor, EPOLLIN, this);
}

void ListeningSocket::pause()
{
    m_isPaused = true;
    if (std::exchange(m_isWatched, false))
        m_poller.remove(m_descriptor, this);
}

void ListeningSocket::resume()
{
    m_isPaused = false;
    if (!m_pauseAlarm->isSet())
        watch();
}

void ListeningSocket::polled(std::uint32_t)
{
    for (int i = 0; i < kBurst && !m_isPaused; ++i) {
        if (!acceptOne())
            return;
    }
}

bool ListeningSocket::acceptOne()
{
    // Accepted sockets inherit TCP_NODELAY from the listening one.
    const int descriptor = ::accept4(m_descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
        Q_EMIT accepted(descriptor);
        return m_descriptor >= 0;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        outOfDescriptors();
        return false;
    }
    return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
}

void ListeningSocket::outOfDescriptors()
{
    if (m_pauseAlarm->isSet())
        return;
    const SteadyTime now = m_clock.now();
    if (!m_warnedAt || now - *m_warnedAt >= kWarnPeriod) {
        m_warnedAt = now;
        qCWarning(lcListener).noquote() << LogLine("cannot accept for now")
                                               .with("reason", QByteArrayView(std::strerror(errno)))
                                               .with("retryMs", qint64(kPause.count()))
                                               .toString();
    }
    if (std::exchange(m_isWatched, false))
        m_poller.remove(m_descriptor, this);
    m_pauseAlarm->setAt(now + kPause);
}

void ListeningSocket::beginClose()
{
    if (m_descriptor < 0 || m_closeAlarm->isSet())
        return;
    if (m_use == Use::Shared) { // a filter would be the other's as well
        m_closeAlarm->setAt(m_clock.now());
        return;
    }
    dropBareSyns(m_descriptor);
    m_closeAlarm->setAt(m_clock.now() + kSettle);
}

void ListeningSocket::sweepAndClose()
{
    m_pauseAlarm->clear();
    // Of a shared one what waited at this moment, or a busy queue would never be empty.
    for (int i = 0; (m_use == Use::Alone || i < kBurst) && acceptOne(); ++i) { }
    if (m_pauseAlarm->isSet()) { // the drain gives descriptors back: what waits is not lost yet
        m_closeAlarm->setAt(m_clock.now() + kPause);
        return;
    }
    close();
    Q_EMIT closed();
}

void ListeningSocket::abort()
{
    m_closeAlarm->clear();
    close();
}

void ListeningSocket::close()
{
    m_pauseAlarm->clear();
    if (m_descriptor >= 0) {
        if (std::exchange(m_isWatched, false))
            m_poller.remove(m_descriptor, this);
        ::close(std::exchange(m_descriptor, -1));
    }
}

} // namespace quiesce
