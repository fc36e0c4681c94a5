// SPDX-License-Identifier: GPL-3.0-only
// Asks the kernel: see the header.
#include "service/core/listeningendpoint.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace quiesce {

namespace {

int optionOf(int descriptor, int option)
{
    int value = 0;
    socklen_t length = sizeof value;
    return ::getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

} // namespace

Result<Endpoint, QString> listeningEndpoint(int descriptor)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        return Failure{ QString::fromLocal8Bit(std::strerror(errno)) };
    const bool isIp = address.ss_family == AF_INET || address.ss_family == AF_INET6;
    if (!isIp || optionOf(descriptor, SO_TYPE) != SOCK_STREAM
        || optionOf(descriptor, SO_ACCEPTCONN) != 1)
        return Failure{ QStringLiteral("not a listening TCP socket") };
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void *host = nullptr;
    quint16 port = 0;
    if (address.ss_family == AF_INET) {
        const auto *v4 = reinterpret_cast<const sockaddr_in *>(&address);
        host = &v4->sin_addr;
        port = ntohs(v4->sin_port);
    } else {
        const auto *v6 = reinterpret_cast<const sockaddr_in6 *>(&address);
        host = &v6->sin6_addr;
        port = ntohs(v6->sin6_port);
    }
    ::inet_ntop(address.ss_family, host, text.data(), text.size());
    return Endpoint{ QString::fromLatin1(text.data()), port };
}

} // namespace quiesce
