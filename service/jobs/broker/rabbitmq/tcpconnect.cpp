// SPDX-License-Identifier: GPL-3.0-only
// A TCP connection: see the header.
#include "service/jobs/broker/rabbitmq/tcpconnect.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

QString systemError(int error)
{
    return QString::fromLocal8Bit(
        std::strerror(error)); // NOLINT(concurrency-mt-unsafe): glibc's is
}

/// 0: it is connected; otherwise why not.
int waitConnected(int fd, const TcpTarget &target, steady_clock::time_point deadline)
{
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
        pollfd watched[] = { { fd, POLLOUT, 0 }, { target.wakeDescriptor, POLLIN, 0 } };
        const int ready = ::poll(watched, 2, static_cast<int>(std::max<long>(left, 0)));
        if (ready == 0)
            return ETIMEDOUT;
        if (watched[1].revents != 0 && !target.goesOn())
            return ECANCELED;
        if (ready > 0 && watched[0].revents != 0)
            break;
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

/// 0, or why not.
int connectOne(const addrinfo &address, const TcpTarget &target, steady_clock::time_point deadline,
               FileDescriptor *connected)
{
    FileDescriptor fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.isOpen())
        return errno;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int error = ::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS)
        error = waitConnected(fd.get(), target, deadline);
    if (error == 0)
        *connected = std::move(fd);
    return error;
}

} // namespace

Result<FileDescriptor, QString> connectTcp(const TcpTarget &target)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo *found = nullptr;
    const int failure = ::getaddrinfo(target.host.toUtf8().constData(),
                                      QByteArray::number(target.port).constData(), &hints, &found);
    if (failure != 0)
        return Failure{ QString::fromLocal8Bit(::gai_strerror(failure)) };
    const Addresses addresses(found, &::freeaddrinfo);
    const auto deadline = steady_clock::now() + target.timeout;
    int error = ENOENT;
    for (const addrinfo *each = found; each && error != 0 && error != ECANCELED;
         each = each->ai_next) {
        FileDescriptor connected;
        error = connectOne(*each, target, deadline, &connected);
        if (error == 0)
            return connected;
    }
    return Failure{ systemError(error) };
}

} // namespace quiesce
