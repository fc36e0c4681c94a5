// SPDX-License-Identifier: GPL-3.0-only
// lastingPort: see the header.
#include "tests/kit/lastingport.h"

#include <QRandomGenerator>
#include <QtEndian>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace quiesce::test {

namespace {

bool isFree(quint16 port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = qToBigEndian<quint32>(INADDR_LOOPBACK);
    address.sin_port = qToBigEndian(port);
    const bool isBound =
        ::bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    ::close(descriptor);
    return isBound;
}

} // namespace

quint16 lastingPort()
{
    constexpr int kFirst = 20'000;
    constexpr int kEnd = 32'000;
    constexpr int kTries = 100;
    for (int i = 0; i < kTries; ++i) {
        const auto port = static_cast<quint16>(QRandomGenerator::system()->bounded(kFirst, kEnd));
        if (isFree(port))
            return port;
    }
    qFatal("no port is free");
}

} // namespace quiesce::test
