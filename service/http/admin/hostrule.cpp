// SPDX-License-Identifier: GPL-3.0-only
// HostRule: see the header.
#include "service/http/admin/hostrule.h"

#include "common/authority.h"

namespace quiesce {

HostRule::HostRule(const QStringList &allowed)
{
    for (const QString &entry : allowed) {
        if (const std::optional<QByteArray> host = canonicalHost(entry.toUtf8()))
            m_allowed.append(*host);
    }
}

bool HostRule::allows(QByteArrayView host, const Endpoint &local) const
{
    const std::optional<Authority> asked = parseAuthority(host);
    if (!asked)
        return false;
    if (m_allowed.contains(asked->host))
        return true;
    if (asked->port.value_or(local.port) != local.port)
        return false;
    return asked->host == "localhost" || asked->host == canonicalHost(local.address.toLatin1());
}

} // namespace quiesce
