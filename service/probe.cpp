// SPDX-License-Identifier: GPL-3.0-only
// A client of one request, without an event loop. From top to bottom: whom to ask, the connection,
// TLS, the request and its answer.
#include "service/probe.h"

#include "common/endpoint.h"
#include "common/printable.h"
#include "common/units.h"
#include "service/core/exitcodes.h"
#include "service/host/runtimefile.h"
#include "service/http/tls/opensslptr.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QHostAddress>
#include <QUrl>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestAnswer = qsizetype{ 16 } * 1'024; ///< what is behind it does not matter
constexpr qsizetype kLongestReason = 200;
constexpr qint64 kLongestCertificate = qint64{ 1'024 } * 1'024;

QString timedOut()
{
    return u"no answer within %1"_s.arg(formatDuration(kProbeTimeout));
}

QString systemReason(int error)
{
    return qt_error_string(error);
}

Result<Endpoint, QString> runningEndpoint(const QString &runtimeDir)
{
    const QList<RuntimeInfo> living = RuntimeFile::living(runtimeDir);
    if (living.size() != 1) {
        return Failure{
            u"listen.admin has port 0, so the runtime files in %1 must tell which; %2 of them "
            "belong to a running instance, and it takes exactly one"_s.arg(printable(runtimeDir))
                .arg(living.size())
        };
    }
    const QUrl url(living.first().adminUrl);
    return Endpoint{ url.host(), static_cast<quint16>(url.port(0)) };
}

/// An address to connect to: what means every address of the machine is asked on loopback.
Endpoint reachable(Endpoint endpoint)
{
    const QHostAddress address(endpoint.address);
    if (address == QHostAddress(QHostAddress::AnyIPv4))
        endpoint.address = u"127.0.0.1"_s;
    else if (address == QHostAddress(QHostAddress::AnyIPv6))
        endpoint.address = u"::1"_s;
    return endpoint;
}

/// Never waits longer than until the deadline.
class Connection final
{
public:
    explicit Connection(const QDeadlineTimer &deadline)
        : m_deadline(deadline)
    { }

    [[nodiscard]] Result<Done, QString> open(const Endpoint &endpoint);
    /// @error also when the peer shows another certificate.
    [[nodiscard]] Result<Done, QString> secure(const X509 *expected);
    [[nodiscard]] Result<Done, QString> send(const QByteArray &bytes);
    /// Up to the peer's end of the stream, or kLongestAnswer.
    [[nodiscard]] Result<QByteArray, QString> receive();

private:
    [[nodiscard]] bool waitFor(short events) const;
    /// Bytes done, 0 at the end of the stream. `step` is a call of recv, send or OpenSSL.
    template <typename Step>
    [[nodiscard]] Result<qsizetype, QString> repeat(short plainEvents, Step step);
    [[nodiscard]] Result<short, QString> whatNext(qsizetype result, short plainEvents) const;

    QDeadlineTimer m_deadline;
    FileDescriptor m_socket;
    SslContextPtr m_context;
    SslPtr m_tls; ///< after the socket: goes before it
};

bool Connection::waitFor(short events) const
{
    pollfd socket{ .fd = m_socket.get(), .events = events, .revents = 0 };
    for (;;) {
        const int ready = ::poll(&socket, 1, static_cast<int>(m_deadline.remainingTime()));
        if (ready >= 0 || errno != EINTR)
            return ready > 0;
    }
}

Result<Done, QString> Connection::open(const Endpoint &endpoint)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    const QByteArray port = QByteArray::number(endpoint.port);
    if (const int failure =
            ::getaddrinfo(endpoint.address.toUtf8().constData(), port.constData(), &hints, &found);
        failure != 0)
        return Failure{ QString::fromUtf8(::gai_strerror(failure)) };
    const std::unique_ptr<addrinfo, void (*)(addrinfo *)> address(found, ::freeaddrinfo);
    m_socket =
        FileDescriptor(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!m_socket.isOpen())
        return Failure{ systemReason(errno) };
    if (::connect(m_socket.get(), address->ai_addr, address->ai_addrlen) == 0)
        return Done{};
    if (errno != EINPROGRESS)
        return Failure{ systemReason(errno) };
    if (!waitFor(POLLOUT))
        return Failure{ timedOut() };
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(m_socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        return Failure{ systemReason(error) };
    return Done{};
}

Result<short, QString> Connection::whatNext(qsizetype result, short plainEvents) const
{
    if (!m_tls) {
        if (errno == EAGAIN || errno == EINTR)
            return plainEvents;
        return Failure{ systemReason(errno) };
    }
    switch (SSL_get_error(m_tls.get(), static_cast<int>(result))) {
    case SSL_ERROR_WANT_READ:
        return short{ POLLIN };
    case SSL_ERROR_WANT_WRITE:
        return short{ POLLOUT };
    case SSL_ERROR_ZERO_RETURN:
        return short{ 0 };
    case SSL_ERROR_SYSCALL:
        return Failure{ errno == 0 ? u"the connection was closed"_s : systemReason(errno) };
    default:
        return Failure{ u"TLS: %1"_s.arg(takeOpenSslError()) };
    }
}

template <typename Step>
Result<qsizetype, QString> Connection::repeat(short plainEvents, Step step)
{
    for (;;) {
        errno = 0;
        ERR_clear_error();
        const auto result = qsizetype(step());
        if (result > 0 || (result == 0 && !m_tls))
            return result;
        const auto events = whatNext(result, plainEvents);
        if (!events)
            return Failure{ events.error() };
        if (events.value() == 0)
            return qsizetype{ 0 };
        if (!waitFor(events.value()))
            return Failure{ timedOut() };
    }
}

Result<Done, QString> Connection::secure(const X509 *expected)
{
    m_context.reset(SSL_CTX_new(TLS_client_method()));
    m_tls.reset(m_context ? SSL_new(m_context.get()) : nullptr);
    if (!m_tls || SSL_set_fd(m_tls.get(), m_socket.get()) != 1)
        return Failure{ u"TLS: %1"_s.arg(takeOpenSslError()) };
    // Judged below, and by more than any authority's word: the peer has the key of that one.
    SSL_set_verify(m_tls.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_options(m_context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_set_options(m_tls.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    const auto shaken = repeat(POLLIN, [this] { return SSL_connect(m_tls.get()); });
    if (!shaken)
        return Failure{ shaken.error() };
    if (shaken.value() == 0)
        return Failure{ u"the connection was closed"_s };
    const X509Ptr shown(SSL_get1_peer_certificate(m_tls.get()));
    if (!shown || X509_cmp(shown.get(), expected) != 0) {
        return Failure{ u"it shows another certificate than tls.admin_certificate holds; one that "
                        "was renewed is in use after a SIGHUP"_s };
    }
    return Done{};
}

Result<Done, QString> Connection::send(const QByteArray &bytes)
{
    for (qsizetype sent = 0; sent < bytes.size();) {
        const char *const from = bytes.constData() + sent;
        const auto size = static_cast<int>(bytes.size() - sent);
        const auto more = repeat(POLLOUT, [&] {
            return m_tls ? qsizetype(SSL_write(m_tls.get(), from, size))
                         : qsizetype(::send(m_socket.get(), from, size_t(size), MSG_NOSIGNAL));
        });
        if (!more)
            return Failure{ more.error() };
        sent += more.value();
    }
    return Done{};
}

Result<QByteArray, QString> Connection::receive()
{
    QByteArray bytes;
    std::array<char, 4'096> buffer{};
    while (bytes.size() < kLongestAnswer) {
        const auto more = repeat(POLLIN, [&] {
            return m_tls
                ? qsizetype(SSL_read(m_tls.get(), buffer.data(), static_cast<int>(buffer.size())))
                : qsizetype(::recv(m_socket.get(), buffer.data(), buffer.size(), 0));
        });
        if (!more)
            return Failure{ more.error() };
        if (more.value() == 0)
            break;
        bytes.append(buffer.data(), more.value());
    }
    return bytes;
}

Result<X509Ptr, QString> readCertificate(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Failure{ u"%1: %2"_s.arg(path, file.errorString()) };
    const QByteArray pem = file.read(kLongestCertificate);
    const BioPtr memory(BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())));
    X509Ptr certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
    if (!certificate)
        return Failure{ u"%1: holds no certificate in PEM"_s.arg(path) };
    return certificate;
}

/// No text: 200. Otherwise what the answer says.
QString judge(const QByteArray &answer)
{
    const qsizetype headEnd = answer.indexOf("\r\n\r\n");
    const QByteArray status = answer.left(answer.indexOf("\r\n"));
    if (headEnd < 0 || !status.startsWith("HTTP/1."))
        return u"what answers is no HTTP server"_s;
    const QByteArray code = status.mid(status.indexOf(' ') + 1, 3);
    if (code == "200")
        return {};
    const QByteArray body = answer.mid(headEnd + 4, kLongestReason).trimmed();
    const QString reason = printable(QString::fromUtf8(body));
    const QString what = printable(QString::fromLatin1(code));
    return reason.isEmpty() ? what : what + u' ' + reason;
}

QByteArray requestOf(const Endpoint &endpoint, const QString &check)
{
    return "GET /" + check.toUtf8() + " HTTP/1.1\r\nHost: " + formatEndpoint(endpoint).toUtf8()
        + "\r\nUser-Agent: quiesce-probe\r\nConnection: close\r\n\r\n";
}

/// No text: it is well.
QString ask(const Endpoint &endpoint, const X509 *expected, const QString &check)
{
    Connection connection{ QDeadlineTimer(kProbeTimeout) };
    Result<Done, QString> outcome = connection.open(endpoint);
    if (outcome && expected)
        outcome = connection.secure(expected);
    if (outcome)
        outcome = connection.send(requestOf(endpoint, check));
    if (!outcome)
        return outcome.error();
    const auto answer = connection.receive();
    return answer ? judge(answer.value()) : answer.error();
}

EarlyExit failed(const QString &check, const QString &where, const QString &reason)
{
    return { kExitProbeFailed, u"%1%2: %3\n"_s.arg(check, where, reason) };
}

} // namespace

EarlyExit probe(const Settings &settings, const QString &check)
{
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    X509Ptr certificate;
    if (!settings.tls.adminCertificate.isEmpty()) {
        auto read = readCertificate(settings.tls.adminCertificate);
        if (!read)
            return { kExitConfiguration, u"tls.admin_certificate: %1\n"_s.arg(read.error()) };
        certificate = read.takeValue();
    }
    if (!settings.tls.adminClientCa.isEmpty()) {
        return failed(check, {},
                      u"tls.admin_client_ca asks clients of the admin listener for a certificate, "
                      "and a probe has none to show"_s);
    }
    Result<Endpoint, QString> endpoint = settings.listen.admin.port == 0
        ? runningEndpoint(settings.service.runtimeDir)
        : Result<Endpoint, QString>(settings.listen.admin);
    if (!endpoint)
        return failed(check, {}, endpoint.error());
    const Endpoint asked = reachable(endpoint.value());
    const QString reason = ask(asked, certificate.get(), check);
    if (reason.isEmpty())
        return { kExitOk, {} };
    return failed(check, " of "_L1 + httpUrl(asked, certificate ? Scheme::Https : Scheme::Http),
                  reason);
}

} // namespace quiesce
