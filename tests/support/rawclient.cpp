// SPDX-License-Identifier: GPL-3.0-only
// RawClient: see the header.
#include "tests/support/rawclient.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace quiesce::test {

using namespace std::chrono_literals;

bool eventually(const std::function<bool()> &holds)
{
    const QDeadlineTimer deadline(30s);
    QTimer tick; // what another thread brings about may come without an event for this one
    tick.start(2ms);
    while (!holds()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // only exec() does
    }
    return true;
}

QByteArray RawAnswer::field(const QByteArray &name) const
{
    const QByteArrayList lines = head.split('\n');
    for (const QByteArray &line : lines) {
        if (line.first(std::min(name.size() + 1, line.size())).toLower() == name.toLower() + ':')
            return line.sliced(name.size() + 1).trimmed();
    }
    return {};
}

QByteArray RawAnswer::code() const
{
    return QJsonDocument::fromJson(body)
        .object()
        .value(QStringLiteral("code"))
        .toString()
        .toLatin1();
}

std::optional<RawAnswer> takeAnswer(QByteArray *received, AnswerBody expected)
{
    const qsizetype end = received->indexOf("\r\n\r\n");
    if (end < 0)
        return {};
    RawAnswer answer;
    answer.head = received->first(end);
    answer.status = answer.head.startsWith("HTTP/1.1 ") ? answer.head.sliced(9, 3).toInt() : 0;
    const bool mayHaveBody = expected == AnswerBody::Expected && answer.status >= 200
        && answer.status != 204 && answer.status != 304;
    const qsizetype size = mayHaveBody ? answer.field("Content-Length").toLongLong() : 0;
    if (received->size() < end + 4 + size)
        return {};
    answer.body = received->sliced(end + 4, size);
    received->remove(0, end + 4 + size);
    return answer;
}

RawClient::RawClient(quint16 port, int receiveBuffer)
    : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (receiveBuffer > 0)
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    const int on = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        ::close(std::exchange(m_descriptor, -1));
    watch();
}

RawClient::RawClient(Taken taken)
    : m_descriptor(taken.descriptor)
{
    watch();
}

RawClient::~RawClient()
{
    close();
}

void RawClient::watch()
{
    if (m_descriptor < 0)
        return;
    ::fcntl(m_descriptor, F_SETFL, O_NONBLOCK);
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] {
        if (m_isReading)
            pull();
        else
            m_notifier->setEnabled(false);
    });
}

bool RawClient::send(const QByteArray &bytes)
{
    qsizetype sent = 0;
    return eventually([&] {
               const ssize_t count = ::send(m_descriptor, bytes.constData() + sent,
                                            static_cast<size_t>(bytes.size() - sent), MSG_NOSIGNAL);
               if (count < 0 && errno != EAGAIN)
                   return true;
               sent += std::max<ssize_t>(count, 0);
               return sent == bytes.size();
           })
        && sent == bytes.size();
}

bool RawClient::sendSome(const QByteArray &bytes, qsizetype *sent)
{
    constexpr auto kStandstill = 200ms;
    QDeadlineTimer standstill(kStandstill);
    static_cast<void>(eventually([&] {
        const ssize_t count = ::send(m_descriptor, bytes.constData() + *sent,
                                     static_cast<size_t>(bytes.size() - *sent), MSG_NOSIGNAL);
        if (count > 0) {
            *sent += count;
            standstill.setRemainingTime(kStandstill);
        }
        return *sent == bytes.size() || standstill.hasExpired();
    }));
    return *sent == bytes.size();
}

void RawClient::halfClose()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void RawClient::reset()
{
    const linger now{ .l_onoff = 1, .l_linger = 0 };
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

void RawClient::close()
{
    m_notifier.reset();
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

void RawClient::pull()
{
    std::array<char, 64 * 1024> buffer{};
    while (m_descriptor >= 0 && m_ending.isEmpty()) {
        const ssize_t count = ::recv(m_descriptor, buffer.data(), buffer.size(), 0);
        if (count > 0) {
            m_received.append(buffer.data(), count);
            continue;
        }
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        m_ending = count == 0 ? "end" : "reset";
        m_notifier->setEnabled(false);
    }
}

std::optional<RawAnswer> RawClient::answer(const QByteArray &method)
{
    startReading();
    std::optional<RawAnswer> taken;
    static_cast<void>(eventually([&] {
        pull();
        taken = takeAnswer(&m_received, method == "HEAD" ? AnswerBody::None : AnswerBody::Expected);
        return taken || hasEnded();
    }));
    return taken;
}

std::optional<RawAnswer> RawClient::exchange(const QByteArray &request)
{
    static_cast<void>(send(request)); // an early refusal may come before all of it is out
    return answer(request.first(std::max<qsizetype>(request.indexOf(' '), 0)));
}

QByteArray RawClient::ending()
{
    startReading();
    const bool hasCome = eventually([this] {
        pull();
        return hasEnded();
    });
    return hasCome ? m_ending : QByteArray("open");
}

} // namespace quiesce::test
