// SPDX-License-Identifier: GPL-3.0-only
// LoopbackClient by plain sockets: what the kernel says of a connection's end is what is tested.
#include "tests/kit/loopbackclient.h"

#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QTimer>
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace quiesce::test {

namespace {

constexpr int kChunk = 64 * 1024;

int openSocket(const LoopbackClient::Options &options)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (options.receiveBuffer > 0)
        ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &options.receiveBuffer,
                     sizeof options.receiveBuffer);
    return socket;
}

/// The service goes on meanwhile, on this very thread.
bool turnUntilReady(int socket, short events, const QDeadlineTimer &deadline)
{
    QEventLoop loop;
    QSocketNotifier notifier(socket,
                             events == POLLIN ? QSocketNotifier::Read : QSocketNotifier::Write);
    QObject::connect(&notifier, &QSocketNotifier::activated, &loop, [&] {
        notifier.setEnabled(false);
        loop.exit(1);
    });
    QTimer::singleShot(std::chrono::milliseconds(deadline.remainingTime()), &loop,
                       [&loop] { loop.exit(0); });
    return loop.exec() == 1;
}

bool waitForSocket(int socket, short events, Waiting waiting, const QDeadlineTimer &deadline)
{
    if (waiting == Waiting::WithEvents)
        return turnUntilReady(socket, events, deadline);
    pollfd watched{ .fd = socket, .events = events, .revents = 0 };
    int ready = 0;
    do
        ready = ::poll(&watched, 1, static_cast<int>(deadline.remainingTime()));
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/// 0, or the errno of why there is no connection.
int connectTo(int socket, quint16 port, Waiting waiting = Waiting::Alone)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    if (!waitForSocket(socket, POLLOUT, waiting, QDeadlineTimer(kLongestWait)))
        return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

QMap<QByteArray, QByteArray> fieldsOf(const QByteArrayList &lines)
{
    QMap<QByteArray, QByteArray> fields;
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        fields.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    return fields;
}

} // namespace

QByteArray Answer::code() const
{
    if (fields.value("content-type") != "application/problem+json")
        return {};
    return QJsonDocument::fromJson(body)
        .object()
        .value(QLatin1StringView("code"))
        .toString()
        .toUtf8();
}

LoopbackClient::LoopbackClient(quint16 port, Options options)
    : m_socket(openSocket(options))
    , m_waiting(options.waiting)
{
    if (connectTo(m_socket, port, m_waiting) != 0)
        close();
}

LoopbackClient::LoopbackClient(LoopbackClient &&other) noexcept
    : m_socket(std::exchange(other.m_socket, -1))
    , m_waiting(other.m_waiting)
    , m_deadline(other.m_deadline)
    , m_input(std::move(other.m_input))
    , m_end(other.m_end)
{ }

bool LoopbackClient::waitFor(short events) const
{
    return m_socket >= 0 && !m_deadline.hasExpired()
        && waitForSocket(m_socket, events, m_waiting, m_deadline);
}

bool LoopbackClient::send(QByteArrayView bytes)
{
    beginWait();
    while (!bytes.isEmpty() && waitFor(POLLOUT)) {
        const ssize_t sent =
            ::send(m_socket, bytes.data(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        bytes = bytes.sliced(std::max<ssize_t>(sent, 0));
    }
    return bytes.isEmpty();
}

qsizetype LoopbackClient::sendSome(QByteArrayView bytes) const
{
    const ssize_t sent =
        ::send(m_socket, bytes.data(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL);
    return std::max<ssize_t>(sent, 0);
}

/// False when the connection has ended or nothing came for too long.
bool LoopbackClient::readMore()
{
    if (m_end != End::Open || !waitFor(POLLIN))
        return false;
    const qsizetype before = m_input.size();
    m_input.resize(before + kChunk);
    const ssize_t count = ::recv(m_socket, m_input.data() + before, kChunk, 0);
    m_input.resize(before + std::max<ssize_t>(count, 0));
    if (count == 0)
        m_end = End::Closed;
    else if (count < 0 && errno != EAGAIN && errno != EINTR)
        m_end = End::Reset;
    return m_end == End::Open;
}

bool LoopbackClient::waitForBytes(qsizetype count)
{
    beginWait();
    return readUntil(count);
}

bool LoopbackClient::readUntil(qsizetype count)
{
    while (m_input.size() < count && readMore()) { }
    return m_input.size() >= count;
}

std::optional<Answer> LoopbackClient::takeHead()
{
    qsizetype end = -1;
    while ((end = m_input.indexOf("\r\n\r\n")) < 0) {
        if (!readMore())
            return std::nullopt;
    }
    const QByteArrayList lines = m_input.left(end).replace("\r\n", "\n").split('\n');
    m_input.remove(0, end + 4);
    return Answer{ .status = lines.first().mid(9, 3).toInt(),
                   .fields = fieldsOf(lines),
                   .body = {},
                   .isComplete = false };
}

bool LoopbackClient::readInterim()
{
    beginWait();
    const std::optional<Answer> head = takeHead();
    return head && head->status == 100;
}

Answer LoopbackClient::readAnswer()
{
    beginWait();
    std::optional<Answer> answer;
    do
        answer = takeHead();
    while (answer && answer->status / 100 == 1);
    if (!answer)
        return {};
    if (answer->fields.value("transfer-encoding") == "chunked") {
        readChunks(*answer);
        return *answer;
    }
    bool hasLength = false;
    const qsizetype length = answer->fields.value("content-length").toLongLong(&hasLength);
    answer->isComplete = hasLength && readUntil(length);
    answer->body = m_input.left(length);
    m_input.remove(0, answer->body.size());
    return *answer;
}

void LoopbackClient::readChunks(Answer &answer)
{
    while (true) {
        qsizetype line = -1;
        while ((line = m_input.indexOf("\r\n")) < 0) {
            if (!readMore())
                return;
        }
        bool isNumber = false;
        const qsizetype size = m_input.left(line).toLongLong(&isNumber, 16);
        if (!isNumber || size < 0 || !readUntil(line + 2 + size + 2))
            return;
        answer.body += m_input.mid(line + 2, size);
        m_input.remove(0, line + 2 + size + 2);
        if (size == 0) {
            answer.isComplete = true;
            return;
        }
    }
}

LoopbackClient::End LoopbackClient::waitForEnd()
{
    beginWait();
    while (m_input.isEmpty() && readMore()) { }
    return m_input.isEmpty() ? m_end : End::Open;
}

QByteArray LoopbackClient::readToEnd()
{
    beginWait();
    while (readMore()) { }
    return std::exchange(m_input, {});
}

bool LoopbackClient::isSilent() const
{
    pollfd watched{ .fd = m_socket, .events = POLLIN, .revents = 0 };
    return m_input.isEmpty() && m_end == End::Open && ::poll(&watched, 1, 0) == 0;
}

void LoopbackClient::finishSending() const
{
    ::shutdown(m_socket, SHUT_WR);
}

void LoopbackClient::close()
{
    if (m_socket >= 0)
        ::close(std::exchange(m_socket, -1));
}

void LoopbackClient::reset()
{
    const linger now{ .l_onoff = 1, .l_linger = 0 };
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

QByteArray get(QByteArrayView target)
{
    return "GET " + target.toByteArray() + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

QByteArray post(QByteArrayView target, const QByteArray &body)
{
    return "POST " + target.toByteArray() + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

Answer ask(LoopbackClient &client, const QByteArray &request)
{
    return client.send(request) ? client.readAnswer() : Answer{};
}

Answer askAfresh(quint16 port, const QByteArray &request, Waiting waiting)
{
    LoopbackClient client(port, { .waiting = waiting });
    return ask(client, request);
}

bool isRefused(quint16 port)
{
    const int socket = openSocket({});
    const int error = connectTo(socket, port);
    ::close(socket);
    return error == ECONNREFUSED;
}

} // namespace quiesce::test
