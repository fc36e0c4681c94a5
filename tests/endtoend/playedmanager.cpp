// SPDX-License-Identifier: GPL-3.0-only
// By bare sockets: see the header.
#include "tests/endtoend/playedmanager.h"

#include <QDeadlineTimer>
#include <QFile>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kFirstPassed = 3; // SD_LISTEN_FDS_START

int listenOnLoopback(quint16 *port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr *>(&address), length) != 0 || ::listen(fd, 4096) != 0
        || ::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        qFatal("cannot listen on loopback");
    *port = ntohs(address.sin_port);
    return fd;
}

} // namespace

PlayedManager::PlayedManager()
    : m_notify(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, QFile::encodeName(m_directory.filePath(u"notify"_s)).constData(),
             sizeof address.sun_path);
    if (::bind(m_notify, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        qFatal("cannot bind the notify socket");
    for (int i = 0; i < 2; ++i) {
        quint16 port = 0;
        m_listening.append(listenOnLoopback(&port));
        m_ports.append(port);
    }
    QFile script(activatable());
    if (!script.open(QIODevice::WriteOnly)
        || script.write("#!/bin/sh\nLISTEN_PID=$$ exec " QUIESCED_PROGRAM " \"$@\"\n") < 0
        || !script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        qFatal("cannot write %s", qUtf8Printable(script.fileName()));
}

PlayedManager::~PlayedManager()
{
    for (const int fd : m_listening)
        ::close(fd);
    ::close(m_notify);
}

QString PlayedManager::activatable() const
{
    return m_directory.filePath(u"activated"_s);
}

void PlayedManager::watch(ServiceProcess &service) const
{
    service.setEnvironment(u"NOTIFY_SOCKET"_s, m_directory.filePath(u"notify"_s));
}

void PlayedManager::pass(ServiceProcess &service, const QStringList &names)
{
    service.setEnvironment(u"LISTEN_FDS"_s, QString::number(names.size()));
    service.setEnvironment(u"LISTEN_FDNAMES"_s, names.join(u':'));
    service.setBeforeExec([listening = m_listening.first(names.size())] {
        std::array<int, 8> copies{}; // out of the way of the targets
        for (qsizetype i = 0; i < listening.size(); ++i)
            copies.at(static_cast<size_t>(i)) = ::fcntl(listening[i], F_DUPFD, 64);
        for (qsizetype i = 0; i < listening.size(); ++i) {
            ::dup2(copies.at(static_cast<size_t>(i)), kFirstPassed + int(i));
            ::close(copies.at(static_cast<size_t>(i)));
        }
    });
}

QString PlayedManager::receive(std::chrono::milliseconds longest)
{
    const QDeadlineTimer deadline(longest);
    pollfd waiting{ .fd = m_notify, .events = POLLIN, .revents = 0 };
    int ready = 0;
    do
        ready = ::poll(&waiting, 1, int(deadline.remainingTime()));
    while (ready < 0 && errno == EINTR); // a process of the test has ended
    if (ready != 1)
        return {};
    std::array<char, 4096> message{};
    const ssize_t count = ::recv(m_notify, message.data(), message.size(), 0);
    return QString::fromUtf8(message.data(), std::max<ssize_t>(count, 0));
}

QString PlayedManager::next()
{
    return receive(kLongestWait);
}

QStringList PlayedManager::takeAll()
{
    QStringList all;
    for (QString message = receive({}); !message.isEmpty(); message = receive({}))
        all.append(message);
    return all;
}

QStringList PlayedManager::takeUntil(const QString &beginning)
{
    QStringList all;
    do {
        all.append(next());
    } while (!all.constLast().isEmpty() && !all.constLast().startsWith(beginning));
    return all;
}

bool PlayedManager::isSilentFor(std::chrono::milliseconds time)
{
    return receive(time).isEmpty();
}

} // namespace quiesce::test
