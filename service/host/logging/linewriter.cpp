// SPDX-License-Identifier: GPL-3.0-only
// The ways of writing without waiting, chosen by what the descriptor is.
#include "service/host/logging/linewriter.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// How much of it went out; 0 when none did, for whatever reason.
template <typename Write>
qsizetype retryInterrupted(Write write)
{
    ssize_t count = -1;
    do {
        count = write();
    } while (count < 0 && errno == EINTR);
    return std::max<ssize_t>(count, 0);
}

qsizetype writeTo(int fd, QByteArrayView bytes)
{
    return retryInterrupted(
        [=] { return ::write(fd, bytes.data(), static_cast<size_t>(bytes.size())); });
}

qsizetype sendTo(int fd, QByteArrayView bytes)
{
    return retryInterrupted([=] {
        return ::send(fd, bytes.data(), static_cast<size_t>(bytes.size()),
                      MSG_DONTWAIT | MSG_NOSIGNAL);
    });
}

} // namespace

LineWriter::LineWriter(int fd)
    : m_fd(fd)
{
    struct stat info = {};
    if (::fstat(fd, &info) != 0 || S_ISREG(info.st_mode))
        return;
    if (S_ISSOCK(info.st_mode)) {
        m_way = Way::Socket;
        return;
    }
    m_own = openFile(u"/proc/self/fd/%1"_s.arg(fd), O_WRONLY | O_NONBLOCK | O_NOCTTY);
    if (m_own.isOpen())
        m_fd = m_own.get();
    else
        m_way = Way::Polled;
}

bool LineWriter::tryWrite(const QByteArray &line)
{
    if (!m_rest.isEmpty()) {
        m_rest.remove(0, writeSome(m_rest));
        if (!m_rest.isEmpty())
            return false;
    }
    const qsizetype taken = writeSome(line);
    if (taken == 0)
        return false;
    m_rest = line.sliced(taken);
    return true;
}

qsizetype LineWriter::writeSome(QByteArrayView bytes) const
{
    switch (m_way) {
    case Way::Socket:
        return sendTo(m_fd, bytes);
    case Way::Polled:
        return writePolled(bytes);
    case Way::Plain:
        break;
    }
    return writeTo(m_fd, bytes);
}

qsizetype LineWriter::writePolled(QByteArrayView bytes) const
{
    qsizetype taken = 0;
    while (taken < bytes.size()) {
        pollfd state{ m_fd, POLLOUT, 0 };
        if (::poll(&state, 1, 0) != 1 || !(state.revents & POLLOUT))
            break;
        const qsizetype count =
            writeTo(m_fd, bytes.sliced(taken, std::min<qsizetype>(PIPE_BUF, bytes.size() - taken)));
        if (count == 0)
            break;
        taken += count;
    }
    return taken;
}

} // namespace quiesce
