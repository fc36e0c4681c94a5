// SPDX-License-Identifier: GPL-3.0-only
// TlsTransport: see the header. From top to bottom: OpenSSL's way to the socket, the handshake,
// bytes, the end.
#include "service/http/tls/tlstransport.h"

#include "common/logline.h"

#include <QLoggingCategory>
#include <array>
#include <openssl/err.h>

namespace quiesce {

Q_LOGGING_CATEGORY(lcTls, "quiesce.tls")

/// Goes through SocketTransport, which sends without SIGPIPE; OpenSSL's own BIO writes with it.
struct TlsTransport::Wire
{
    static TlsTransport &ownerOf(BIO *bio)
    {
        return *static_cast<TlsTransport *>(BIO_get_data(bio));
    }

    static int read(BIO *bio, char *data, size_t size, size_t *count)
    {
        TlsTransport &owner = ownerOf(bio);
        const ssize_t got = owner.m_socket->read(data, size);
        BIO_clear_retry_flags(bio);
        owner.m_isSocketDry = got == kAgain;
        owner.m_isSocketAtEnd = got == 0;
        if (got == kAgain)
            BIO_set_retry_read(bio);
        *count = static_cast<size_t>(std::max<ssize_t>(got, 0));
        return got > 0 ? 1 : 0;
    }

    static int write(BIO *bio, const char *data, size_t size, size_t *count)
    {
        const ssize_t sent = ownerOf(bio).m_socket->write(data, size);
        BIO_clear_retry_flags(bio);
        if (sent == kAgain)
            BIO_set_retry_write(bio);
        *count = static_cast<size_t>(std::max<ssize_t>(sent, 0));
        return sent > 0 ? 1 : 0;
    }

    static long control(BIO *bio, int command, long, void *)
    {
        if (command == BIO_CTRL_EOF)
            return ownerOf(bio).m_isSocketAtEnd ? 1 : 0;
        return command == BIO_CTRL_FLUSH ? 1 : 0; // nothing is kept back
    }

    /// Made once and kept for the life of the process, as OpenSSL's own are.
    static const BIO_METHOD *method()
    {
        static const BIO_METHOD *const kMethod = [] {
            BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiesce");
            BIO_meth_set_read_ex(made, read);
            BIO_meth_set_write_ex(made, write);
            BIO_meth_set_ctrl(made, control);
            return made;
        }();
        return kMethod;
    }

    static SslPtr connect(TlsTransport &owner)
    {
        SslPtr ssl = owner.m_context->makeSession();
        BIO *bio = ssl ? BIO_new(method()) : nullptr;
        if (!bio)
            return {};
        BIO_set_data(bio, &owner);
        BIO_set_init(bio, 1);
        SSL_set_bio(ssl.get(), bio, bio); // takes it
        SSL_set_accept_state(ssl.get());
        return ssl;
    }
};

std::unique_ptr<TlsTransport> TlsTransport::tryMake(Poller &poller, int descriptor,
                                                    std::shared_ptr<const TlsContext> context,
                                                    TlsTurns &turns, TransportObserver &observer)
{
    std::unique_ptr<TlsTransport> transport(new TlsTransport(std::move(context), turns, observer));
    transport->m_socket = SocketTransport::tryMake(poller, descriptor, *transport);
    return transport->m_socket ? std::move(transport) : nullptr;
}

TlsTransport::TlsTransport(std::shared_ptr<const TlsContext> context, TlsTurns &turns,
                           TransportObserver &observer)
    : m_context(std::move(context))
    , m_turns(turns)
    , m_observer(observer)
{ }

TlsTransport::~TlsTransport()
{
    leaveQueue();
    if (m_state == State::Established && m_shutdown != Shutdown::Sent && !m_isAborted)
        sendCloseNotify(); // as much of an orderly end as there can be without waiting
}

// What the socket and the turns tell.

void TlsTransport::readable()
{
    if (m_state == State::Handshake) {
        m_socket->setInterest(false, false); // until its turn: the poller would tell over and over
        return m_turns.handshakes.add(*this);
    }
    if (std::exchange(m_writeWantsRead, false)) {
        watch();
        return m_observer.writable();
    }
    m_observer.readable();
}

void TlsTransport::writable()
{
    if (m_state == State::Handshake)
        return readable();
    if (m_shutdown == Shutdown::Pending) {
        sendCloseNotify();
        if (m_state == State::Broken)
            return m_observer.broken();
        if (m_shutdown == Shutdown::Sent)
            return m_observer.writable();
        return;
    }
    if (std::exchange(m_readWantsWrite, false)) {
        watch();
        return m_observer.readable();
    }
    m_observer.writable();
}

void TlsTransport::broken()
{
    m_state = State::Broken;
    m_observer.broken();
}

void TlsTransport::takeTurn()
{
    if (m_state == State::Handshake)
        return shakeHands();
    if (mayRead() && m_hasMore)
        m_observer.readable();
}

// The handshake.

void TlsTransport::shakeHands()
{
    if (!m_ssl)
        m_ssl = Wire::connect(*this);
    m_context.reset(); // OpenSSL keeps its own
    if (!m_ssl)
        return handshakeFailed();
    ERR_clear_error();
    const int result = SSL_do_handshake(m_ssl.get());
    if (result == 1) {
        m_state = State::Established;
        m_hasMore = SSL_has_pending(m_ssl.get()) == 1;
        watch();
        tellAgain();
        return m_observer.established();
    }
    switch (SSL_get_error(m_ssl.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return m_socket->setInterest(true, false);
    case SSL_ERROR_WANT_WRITE:
        return m_socket->setInterest(false, true);
    default:
        return handshakeFailed();
    }
}

void TlsTransport::handshakeFailed()
{
    m_state = State::Broken;
    const QString reason =
        m_isSocketAtEnd ? QStringLiteral("the client has left") : takeOpenSslError();
    ERR_clear_error();
    qCDebug(lcTls).noquote() << LogLine("handshake failed")
                                    .with("peer", peerAddress().toString())
                                    .with("reason", reason)
                                    .toString();
    // An alert is on its way. Closing over unread bytes would send a reset, which may overtake it.
    std::array<char, 4'096> unread{};
    for (int i = 0; i < kRefusedReads && m_socket->read(unread.data(), unread.size()) > 0; ++i) { }
    m_observer.broken();
}

// Bytes.

/// What became of a call that moved nothing.
ssize_t TlsTransport::outcomeOf(int result)
{
    switch (SSL_get_error(m_ssl.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return kAgain;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        ERR_clear_error();
        m_state = State::Broken; // nothing may be asked of OpenSSL any more
        return kBroken;
    }
}

ssize_t TlsTransport::readRecords(char *data, size_t size, size_t *total)
{
    for (int record = 0; record < kRecordsPerRead && *total < size; ++record) {
        size_t count = 0;
        ERR_clear_error();
        const int result = SSL_read_ex(m_ssl.get(), data + *total, size - *total, &count);
        if (result != 1) {
            const ssize_t outcome = outcomeOf(result);
            m_readWantsWrite = outcome == kAgain && SSL_want_write(m_ssl.get());
            // A record without data for us was taken, or there is an end to tell behind the data.
            m_hasMore = outcome == kAgain ? !m_isSocketDry && !m_readWantsWrite : *total > 0;
            return outcome;
        }
        *total += count;
        m_hasMore = SSL_has_pending(m_ssl.get()) == 1;
        if (!m_hasMore)
            break;
    }
    return kAgain;
}

ssize_t TlsTransport::read(char *data, size_t size)
{
    if (m_state != State::Established)
        return m_state == State::Broken ? kBroken : kAgain;
    if (m_isWriteBlocked)
        return kAgain;
    m_hasMore = false;
    m_isSocketDry = false;
    size_t total = 0;
    const ssize_t outcome = readRecords(data, size, &total);
    watch();
    tellAgain();
    return total > 0 ? static_cast<ssize_t>(total) : outcome;
}

ssize_t TlsTransport::write(const char *data, size_t size)
{
    if (m_state != State::Established)
        return m_state == State::Broken ? kBroken : kAgain;
    size_t count = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(m_ssl.get(), data, size, &count);
    const ssize_t outcome = result == 1 ? static_cast<ssize_t>(count) : outcomeOf(result);
    m_writeWantsRead = outcome == kAgain && SSL_want_read(m_ssl.get());
    if (std::exchange(m_isWriteBlocked, outcome == kAgain) != m_isWriteBlocked) {
        watch();
        tellAgain();
    }
    return outcome == 0 ? kBroken : outcome;
}

bool TlsTransport::mayRead() const
{
    return m_isReading && !m_isWriteBlocked;
}

void TlsTransport::setInterest(bool reading, bool writing)
{
    m_isReading = reading;
    m_isWriting = writing;
    watch();
    tellAgain();
}

/// Asks the poller for what OpenSSL needs to do what the observer wants.
void TlsTransport::watch()
{
    if (m_state != State::Established)
        return;
    const bool wantsRead = mayRead() && !m_readWantsWrite;
    const bool wantsWrite = m_isWriting && !m_writeWantsRead;
    m_socket->setInterest(wantsRead || m_writeWantsRead,
                          wantsWrite || m_readWantsWrite || m_shutdown == Shutdown::Pending);
}

void TlsTransport::tellAgain()
{
    if (m_hasMore && mayRead())
        m_turns.reads.add(*this);
}

QString TlsTransport::peerIdentity() const
{
    if (m_state != State::Established || SSL_get_verify_result(m_ssl.get()) != X509_V_OK)
        return {};
    const X509 *certificate = SSL_get0_peer_certificate(m_ssl.get());
    return certificate ? commonNameOf(*certificate) : QString();
}

// The end.

bool TlsTransport::tryShutdownWrite()
{
    if (m_state == State::Established)
        sendCloseNotify();
    else
        m_socket->tryShutdownWrite();
    return m_shutdown != Shutdown::Pending;
}

void TlsTransport::sendCloseNotify()
{
    ERR_clear_error();
    // Never again once it has succeeded: a second call would wait for the client's.
    const int result = SSL_shutdown(m_ssl.get());
    const bool isBlocked = result < 0 && outcomeOf(result) == kAgain;
    m_shutdown = isBlocked ? Shutdown::Pending : Shutdown::Sent;
    watch();
    if (!isBlocked)
        m_socket->tryShutdownWrite();
}

void TlsTransport::abortOnClose()
{
    m_isAborted = true;
    m_socket->abortOnClose();
}

} // namespace quiesce
