// SPDX-License-Identifier: GPL-3.0-only
// Bearer tokens: see the header.
#include "service/http/admin/bearertoken.h"

#include <algorithm>

namespace quiesce {

namespace {

Refusal unauthorized(const char *challenge, const char *detail)
{
    return { .status = 401,
             .code = "unauthorized",
             .detail = QString::fromLatin1(detail),
             .challenge = challenge };
}

} // namespace

std::optional<QByteArrayView> bearerToken(QByteArrayView authorization)
{
    constexpr QByteArrayView kScheme("bearer");
    if (authorization.first(std::min(kScheme.size(), authorization.size()))
            .compare(kScheme, Qt::CaseInsensitive)
        != 0)
        return {};
    const QByteArrayView rest = authorization.sliced(kScheme.size());
    if (!rest.isEmpty() && !rest.startsWith(' '))
        return {}; // another scheme, whose name begins alike
    return rest.trimmed();
}

Refusal tokenMissing()
{
    return unauthorized("Bearer realm=\"quiesce\"", "This wants a bearer token.");
}

Refusal tokenWrong()
{
    return unauthorized("Bearer realm=\"quiesce\", error=\"invalid_token\"",
                        "The bearer token is not the right one.");
}

} // namespace quiesce
