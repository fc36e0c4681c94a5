// SPDX-License-Identifier: GPL-3.0-only
// Datagrams to journald: see the header.
#include "service/host/logging/journal.h"

#include <QCoreApplication>
#include <QtEndian>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace quiesce {

using namespace Qt::StringLiterals;
using Level = LogSettings::Level;

namespace {

/// As syslog(3) numbers them.
int priorityOf(Level level)
{
    switch (level) {
    case Level::Debug:
        return 7;
    case Level::Info:
        return 6;
    case Level::Warning:
        return 4;
    case Level::Error:
        break;
    }
    return 3;
}

/// `exitCode` → `QUIESCE_EXIT_CODE`: only A-Z, 0-9 and _ are let in, at most 64 of them.
QByteArray fieldName(const QString &key)
{
    constexpr qsizetype kLongest = 64;
    QByteArray name = "QUIESCE_";
    for (const QChar letter : key) {
        if (letter.isUpper())
            name += '_';
        const char upper = letter.toUpper().toLatin1();
        name += (upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9') ? upper : '_';
    }
    return name.left(kLongest);
}

void append(QByteArray &entry, const QByteArray &name, const QByteArray &value)
{
    entry += name;
    if (value.contains('\n')) { // then with its length in front
        const quint64 length = qToLittleEndian(static_cast<quint64>(value.size()));
        entry += '\n';
        entry.append(reinterpret_cast<const char *>(&length), sizeof length);
    } else {
        entry += '=';
    }
    entry += value;
    entry += '\n';
}

} // namespace

QByteArray toJournalEntry(const LogRecord &record, const QString &identifier)
{
    QByteArray entry;
    append(entry, "MESSAGE", record.text.toUtf8());
    append(entry, "PRIORITY", QByteArray::number(priorityOf(record.level)));
    append(entry, "SYSLOG_IDENTIFIER", identifier.toUtf8());
    append(entry, "QUIESCE_CATEGORY", record.category.toUtf8());
    for (const LogField &field : record.fields)
        append(entry, fieldName(field.key), field.value.toVariant().toString().toUtf8());
    return entry;
}

std::optional<Journal> Journal::behind(int fd, const QString &stream, const char *socket)
{
    struct stat info
    { };
    if (stream.isEmpty() || ::fstat(fd, &info) != 0
        || stream != u"%1:%2"_s.arg(info.st_dev).arg(info.st_ino))
        return {};
    return Journal(socket);
}

Journal::Journal(QByteArray socket)
    : m_socketPath(std::move(socket))
{ }

/// Again when it has been restarted.
bool Journal::isConnected()
{
    if (m_socket.isOpen())
        return true;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (static_cast<size_t>(m_socketPath.size()) >= sizeof address.sun_path)
        return false;
    std::memcpy(address.sun_path, m_socketPath.constData(),
                static_cast<size_t>(m_socketPath.size()));
    FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.isOpen()
        || ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address)
            != 0)
        return false;
    m_socket = std::move(socket);
    return true;
}

Journal::Written Journal::tryWrite(const LogRecord &record)
{
    if (!isConnected())
        return Written::Gone;
    const QByteArray entry = toJournalEntry(record, QCoreApplication::applicationName());
    ssize_t sent = -1;
    do {
        sent = ::send(m_socket.get(), entry.constData(), static_cast<size_t>(entry.size()),
                      MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return Written::Taken;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
        return Written::Full;
    m_socket.close();
    return Written::Gone;
}

} // namespace quiesce
