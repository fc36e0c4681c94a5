// SPDX-License-Identifier: GPL-3.0-only
// TlsContext: reads the files into an SSL_CTX. From top to bottom: files, PEM, what holds for every
// connection, certificates.
#include "service/http/tls/tlscontext.h"

#include "common/utc.h"
#include "service/core/secretfile.h"

#include <QFile>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace quiesce {

using namespace Qt::StringLiterals;
using File = TlsFault::File;

namespace {

Failure<TlsFault> fault(File file, const QString &path, const QString &reason)
{
    return Failure{ TlsFault{ file, path + ": "_L1 + reason } };
}

/// A file's content, wiped from memory when it goes.
struct Secret
{
    Secret() = default;
    Secret(Secret &&) noexcept = default;
    Secret &operator=(Secret &&) noexcept = default;
    ~Secret() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
    std::vector<char> bytes;
};

struct Descriptor
{
    explicit Descriptor(int opened)
        : number(opened)
    { }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor() { number >= 0 ? ::close(number) : 0; }
    const int number;
};

Result<Secret, QString> readAll(int descriptor, const struct stat &info)
{
    Secret content;
    content.bytes.resize(static_cast<size_t>(info.st_size));
    size_t size = 0;
    while (size < content.bytes.size()) {
        const ssize_t count =
            ::read(descriptor, content.bytes.data() + size, content.bytes.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return Failure{ QString::fromLocal8Bit(std::strerror(errno)) };
        if (count == 0)
            break;
        size += static_cast<size_t>(count);
    }
    content.bytes.resize(size);
    return content;
}

/// Mode and content are of the same open file, whatever its name comes to mean meanwhile.
Result<Secret, TlsFault> readFile(File file, const QString &path)
{
    // O_NONBLOCK: opening a pipe that somebody put there must not wait for its writer.
    const Descriptor opened(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info = {};
    if (opened.number < 0 || ::fstat(opened.number, &info) != 0)
        return fault(file, path, QString::fromLocal8Bit(std::strerror(errno)));
    if (!S_ISREG(info.st_mode))
        return fault(file, path, u"is not a regular file"_s);
    if (info.st_size > TlsContext::kMaxFileBytes)
        return fault(file, path, u"is larger than 1MiB"_s);
    const auto exposed = file == File::Key ? secretFileFault(info) : std::nullopt;
    if (exposed)
        return fault(file, path, *exposed);
    auto content = readAll(opened.number, info);
    if (!content)
        return fault(file, path, content.error());
    return content.takeValue();
}

BioPtr memoryOf(const Secret &content)
{
    return BioPtr(BIO_new_mem_buf(content.bytes.data(), static_cast<int>(content.bytes.size())));
}

/// In place of OpenSSL's own, which would ask on the terminal and wait for the answer.
int noPassphrase(char *, int, int, void *)
{
    return -1;
}

Result<std::vector<X509Ptr>, TlsFault> readCertificates(File file, const QString &path)
{
    const auto content = readFile(file, path);
    if (!content)
        return Failure{ content.error() };
    const BioPtr memory = memoryOf(content.value());
    std::vector<X509Ptr> certificates;
    ERR_clear_error();
    while (X509 *next = PEM_read_bio_X509(memory.get(), nullptr, noPassphrase, nullptr))
        certificates.emplace_back(next);
    const bool isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const QString reason = takeOpenSslError();
    if (!isAtEnd)
        return fault(file, path, u"cannot be read as PEM: %1"_s.arg(reason));
    if (certificates.empty())
        return fault(file, path, u"holds no certificate in PEM"_s);
    return certificates;
}

Result<KeyPtr, TlsFault> readKey(const QString &path)
{
    const auto content = readFile(File::Key, path);
    if (!content)
        return Failure{ content.error() };
    const BioPtr memory = memoryOf(content.value());
    ERR_clear_error();
    KeyPtr key(PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassphrase, nullptr));
    if (key)
        return key;
    const int why = ERR_GET_REASON(ERR_peek_last_error());
    const QString reason = takeOpenSslError();
    if (why == PEM_R_BAD_PASSWORD_READ)
        return fault(File::Key, path, u"is encrypted, and there is nobody to ask"_s);
    return fault(File::Key, path, u"holds no private key in PEM: %1"_s.arg(reason));
}

/// The client's protocols come as length-prefixed names; it must offer ours when it offers any
/// (RFC 7301 section 3.2).
int chooseProtocol(SSL *, const unsigned char **out, unsigned char *outSize,
                   const unsigned char *offered, unsigned int offeredSize, void *)
{
    static constexpr std::array<unsigned char, 9> kHttp11{
        8, 'h', 't', 't', 'p', '/', '1', '.', '1'
    };
    unsigned char *chosen = nullptr;
    const int result = SSL_select_next_proto(&chosen, outSize, kHttp11.data(), kHttp11.size(),
                                             offered, offeredSize);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void setRules(SSL_CTX *context)
{
    constexpr int kLevel = 2; // 112 bits: RSA and DH from 2048, no SHA-1 signatures
    SSL_CTX_set_security_level(context, kLevel);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // A bare FIN ends the stream like a close_notify: HTTP's framing tells what is truncated.
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // A client that sends nothing but key updates must not keep one SSL_read() busy.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_read_ahead(context, 1); // one recv() a record instead of two
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); // it would hold 20,480 of them
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_alpn_select_cb(context, chooseProtocol, nullptr);
}

Result<Done, TlsFault> useCertificate(SSL_CTX *context, const std::vector<X509Ptr> &chain,
                                      const QString &path)
{
    ERR_clear_error();
    bool isUsable = SSL_CTX_use_certificate(context, chain.front().get()) == 1;
    for (size_t i = 1; isUsable && i < chain.size(); ++i)
        isUsable = SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
    if (!isUsable)
        return fault(File::Certificate, path, u"cannot be used: %1"_s.arg(takeOpenSslError()));
    return Done{};
}

Result<Done, TlsFault> useKey(SSL_CTX *context, EVP_PKEY *key, const TlsFiles &files)
{
    ERR_clear_error();
    if (X509_check_private_key(SSL_CTX_get0_certificate(context), key) != 1) {
        ERR_clear_error();
        return fault(File::Key, files.key,
                     u"does not belong to the certificate in %1"_s.arg(files.certificate));
    }
    if (SSL_CTX_use_PrivateKey(context, key) != 1)
        return fault(File::Key, files.key, u"cannot be used: %1"_s.arg(takeOpenSslError()));
    return Done{};
}

/// Any certificate in the file is trusted as it is, also one that is not its own root.
Result<Done, TlsFault> askForCertificates(SSL_CTX *context, const QString &path)
{
    const auto authorities = readCertificates(File::ClientAuthority, path);
    if (!authorities)
        return Failure{ authorities.error() };
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    for (const X509Ptr &authority : authorities.value()) {
        if (X509_STORE_add_cert(store, authority.get()) != 1
            || SSL_CTX_add_client_CA(context, authority.get()) != 1)
            return fault(File::ClientAuthority, path,
                         u"cannot be used: %1"_s.arg(takeOpenSslError()));
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
    return Done{};
}

QDateTime toDateTime(const ASN1_TIME *time)
{
    std::tm broken = {};
    if (ASN1_TIME_to_tm(time, &broken) != 1)
        return {};
    return utcFromMs(::timegm(&broken) * 1'000);
}

QString warningOf(const X509 *certificate)
{
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return u"the certificate has expired"_s;
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        return u"the certificate is not valid yet"_s;
    return {};
}

} // namespace

QString commonNameOf(const X509 &certificate)
{
    const X509_NAME *subject = X509_get_subject_name(&certificate);
    const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (index < 0)
        return {};
    unsigned char *utf8 = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
    const QString name =
        size > 0 ? QString::fromUtf8(reinterpret_cast<const char *>(utf8), size) : QString();
    OPENSSL_free(utf8);
    return name;
}

Result<std::shared_ptr<const TlsContext>, TlsFault> TlsContext::load(const TlsFiles &files)
{
    const auto chain = readCertificates(File::Certificate, files.certificate);
    if (!chain)
        return Failure{ chain.error() };
    const auto key = readKey(files.key);
    if (!key)
        return Failure{ key.error() };

    std::shared_ptr<TlsContext> made(new TlsContext);
    made->m_context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX *context = made->m_context.get();
    if (!context)
        return fault(File::Certificate, files.certificate, takeOpenSslError());
    setRules(context);
    auto outcome = useCertificate(context, chain.value(), files.certificate);
    if (outcome)
        outcome = useKey(context, key.value().get(), files);
    if (outcome && !files.clientAuthority.isEmpty())
        outcome = askForCertificates(context, files.clientAuthority);
    if (!outcome)
        return Failure{ outcome.error() };

    const X509 *certificate = chain.value().front().get();
    made->m_subject = commonNameOf(*certificate);
    made->m_expiresAt = toDateTime(X509_get0_notAfter(certificate));
    made->m_warning = warningOf(certificate);
    return std::shared_ptr<const TlsContext>(std::move(made));
}

} // namespace quiesce
