// SPDX-License-Identifier: GPL-3.0-only
// TlsClient: see the header.
#include "tests/support/tlsclient.h"

#include "service/http/tls/tlscontext.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

namespace quiesce::test {

namespace {

constexpr size_t kChunk = 64 * size_t{ 1'024 };

int connectTo(quint16 port, int receiveBuffer)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receiveBuffer > 0)
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

SslContextPtr contextFor(const TlsClient::Options &options)
{
    SslContextPtr context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_security_level(context.get(), 0); // so that it can offer what is to be refused
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    if (options.maxVersion > 0)
        SSL_CTX_set_max_proto_version(context.get(), options.maxVersion);
    if (options.certificate) {
        SSL_CTX_use_certificate(context.get(), options.certificate->x509());
        SSL_CTX_use_PrivateKey(context.get(), options.certificate->key());
    }
    if (!options.protocols.isEmpty())
        SSL_CTX_set_alpn_protos(
            context.get(), reinterpret_cast<const unsigned char *>(options.protocols.constData()),
            static_cast<unsigned>(options.protocols.size()));
    return context;
}

} // namespace

TlsClient::TlsClient(quint16 port, const Options &options)
    : m_descriptor(options.descriptor >= 0 ? options.descriptor
                                           : connectTo(port, options.receiveBuffer))
    , m_context(contextFor(options))
    , m_ssl(SSL_new(m_context.get()))
    , m_in(BIO_new(BIO_s_mem()))
    , m_out(BIO_new(BIO_s_mem()))
{
    SSL_set_bio(m_ssl.get(), m_in, m_out);
    SSL_set_connect_state(m_ssl.get());
    if (m_descriptor < 0)
        return;
    ::fcntl(m_descriptor, F_SETFL, O_NONBLOCK);
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] {
        if (m_isReading)
            pump();
        else
            m_notifier->setEnabled(false);
    });
}

TlsClient::~TlsClient()
{
    close();
}

void TlsClient::close()
{
    m_notifier.reset();
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

bool TlsClient::shakeHands()
{
    static_cast<void>(eventually([this] {
        pump();
        return isEstablished() || hasEnded() || !m_fault.isEmpty();
    }));
    return isEstablished() && m_fault.isEmpty();
}

void TlsClient::sendHello()
{
    SSL_do_handshake(m_ssl.get());
    push();
}

void TlsClient::pump()
{
    if (m_isReading)
        pull();
    decrypt();
    push();
}

void TlsClient::pull()
{
    std::array<char, kChunk> buffer{};
    while (m_descriptor >= 0 && m_ending.isEmpty()) {
        const ssize_t count = ::recv(m_descriptor, buffer.data(), buffer.size(), 0);
        if (count > 0) {
            BIO_write(m_in, buffer.data(), static_cast<int>(count));
            continue;
        }
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        decrypt();
        const bool wasTold =
            m_fault.isEmpty() && (SSL_get_shutdown(m_ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
        m_ending = count < 0 ? "reset" : wasTold ? "close_notify" : "end";
        if (m_notifier)
            m_notifier->setEnabled(false);
    }
}

void TlsClient::decrypt()
{
    std::array<char, kChunk> buffer{};
    for (;;) {
        ERR_clear_error();
        const int count = SSL_read(m_ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (count > 0) {
            m_received.append(buffer.data(), count);
            continue;
        }
        const int error = SSL_get_error(m_ssl.get(), count);
        if (error == SSL_ERROR_SSL && m_fault.isEmpty())
            m_fault = takeOpenSslError();
        return;
    }
}

void TlsClient::push()
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(m_out, &data);
    m_unsent.append(data, size);
    static_cast<void>(BIO_reset(m_out));
    const ssize_t count = ::send(m_descriptor, m_unsent.constData(),
                                 static_cast<size_t>(m_unsent.size()), MSG_NOSIGNAL);
    if (count > 0)
        m_unsent.remove(0, count);
    else if (count < 0 && errno != EAGAIN)
        m_unsent.clear(); // the other end takes no more; how it ended is read
}

bool TlsClient::send(const QByteArray &bytes)
{
    if (!isEstablished() && !shakeHands())
        return false;
    sendSome(bytes);
    return eventually([this] {
        pump();
        return m_unsent.isEmpty() || hasEnded();
    });
}

void TlsClient::sendSome(const QByteArray &bytes)
{
    if (!bytes.isEmpty())
        SSL_write(m_ssl.get(), bytes.constData(), static_cast<int>(bytes.size()));
    push();
}

QByteArray TlsClient::encrypt(const QByteArray &bytes)
{
    push();
    SSL_write(m_ssl.get(), bytes.constData(), static_cast<int>(bytes.size()));
    char *data = nullptr;
    const long size = BIO_get_mem_data(m_out, &data);
    const QByteArray encrypted(data, size);
    static_cast<void>(BIO_reset(m_out));
    return encrypted;
}

void TlsClient::sendRaw(const QByteArray &bytes)
{
    m_unsent += bytes;
    static_cast<void>(eventually([this] {
        push();
        return m_unsent.isEmpty();
    }));
}

void TlsClient::closeNotify()
{
    SSL_shutdown(m_ssl.get());
    push();
}

void TlsClient::halfClose()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void TlsClient::reset()
{
    const linger now{ .l_onoff = 1, .l_linger = 0 };
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

std::optional<RawAnswer> TlsClient::answer()
{
    startReading();
    std::optional<RawAnswer> taken;
    static_cast<void>(eventually([&] {
        pump();
        taken = takeAnswer(&m_received, AnswerBody::Expected);
        return taken || hasEnded();
    }));
    return taken;
}

std::optional<RawAnswer> TlsClient::exchange(const QByteArray &request)
{
    static_cast<void>(send(request)); // an early refusal may come before all of it is out
    return answer();
}

QByteArray TlsClient::ending()
{
    startReading();
    const bool hasCome = eventually([this] {
        pump();
        return hasEnded();
    });
    return hasCome ? m_ending : QByteArray("open");
}

QString TlsClient::serverName() const
{
    const X509 *certificate = SSL_get0_peer_certificate(m_ssl.get());
    return certificate ? commonNameOf(*certificate) : QString();
}

} // namespace quiesce::test
