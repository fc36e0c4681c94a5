// SPDX-License-Identifier: GPL-3.0-only
// What OpenSSL allocates, in std::unique_ptr; and what its error queue says, for people.
#pragma once

#include <QString>
#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace quiesce {

template <auto Free>
struct OpenSslDeleter
{
    template <typename T>
    void operator()(T *object) const
    {
        Free(object);
    }
};

using BioPtr = std::unique_ptr<BIO, OpenSslDeleter<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDeleter<EVP_PKEY_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, OpenSslDeleter<SSL_free>>;
using X509Ptr = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;

/// OpenSSL's reason for what has just failed on this thread, without its file names and numbers.
/// Empties the error queue.
[[nodiscard]] QString takeOpenSslError();

} // namespace quiesce
