// SPDX-License-Identifier: GPL-3.0-only
// Reads OpenSSL's error queue.
#include "service/http/tls/opensslptr.h"

#include <openssl/err.h>

namespace quiesce {

QString takeOpenSslError()
{
    // The last one is the outermost; the first is what went wrong.
    const unsigned long error = ERR_get_error();
    ERR_clear_error();
    const char *reason = ERR_reason_error_string(error);
    return reason ? QString::fromLatin1(reason) : QStringLiteral("unknown error");
}

} // namespace quiesce
